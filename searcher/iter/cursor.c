/*
 * Cursor over one posting list.
 */
#include "searcher/iter/cursor.h"

#include "common/base/fail.h"
#include "common/base/ints.h"

#define NONE UINT32_MAX

bool ps_cursor_fail(ps_cursor *c, int status)
{
    if (!c->ctx->status)
        c->ctx->status = status;
    c->block = c->list.blocks;
    c->doc = PS_END;
    return false;
}

static uint32_t peak_bound(const ps_cursor *c, uint32_t peak)
{
    return ps_score_bound(c->weight, pc_peak_most(peak, c->ctx->ratio));
}

int ps_cursor_init_forms(ps_cursor *c, ps_ctx *ctx, const pc_entry *e,
                         float weight, const ps_form_set *forms)
{
    c->ctx = ctx;
    c->weight = weight;
    c->bound_first = c->bound_last = NONE;
    c->forms = forms;
    int rc = pc_list_open(&c->list, &ctx->seg->lists, e, ctx->err);
    if (rc)
        return rc;
    if (forms) {
        c->reader = pc_arena_alloc(ctx->arena, sizeof *c->reader);
        if (!c->reader)
            return pc_fail_nomem(ctx->err);
        pc_pos_reader_init(c->reader, &c->list);
        /* What the best documents of all forms reach says nothing. */
        memset(c->list.hints, 0, sizeof c->list.hints);
    }
    c->bound = peak_bound(c, c->list.peak);
    (void)ps_cursor_load(c, 0);
    return ctx->status;
}

int ps_cursor_init(ps_cursor *c, ps_ctx *ctx, const pc_entry *e, float weight)
{
    return ps_cursor_init_forms(c, ctx, e, weight, NULL);
}

/* Decodes the ids of block b; c->n of them. */
static bool decode(ps_cursor *c, uint32_t b)
{
    c->block = c->near = b;
    c->n = pc_list_block_len(&c->list, b);
    c->at = 0;
    c->has_tfs = c->has_scores = false;
    int rc = pc_list_ids_of(&c->list, b, &c->opened, c->ids, c->ctx->err);
    return rc ? ps_cursor_fail(c, rc) : true;
}

bool ps_cursor_load(ps_cursor *c, uint32_t b)
{
    do {
        if (b >= c->list.blocks) {
            c->block = c->list.blocks;
            c->doc = PS_END;
            return false;
        }
        if (!decode(c, b++) || (c->forms && !ps_cursor_keep_forms(c)))
            return false;
    } while (c->n == 0);
    /* Whole vectors behind the last are compared, too. */
    for (uint32_t i = c->n; i < PC_BLOCK + 8; i++)
        c->ids[i] = PS_PAD_ID;
    c->doc = c->ids[0];
    return true;
}

uint32_t ps_cursor_seek(ps_cursor *c, uint32_t target)
{
    if (c->doc >= target)
        return c->doc;
    if (c->ids[c->n - 1] < target) {
        uint32_t b = pc_list_seek(&c->list, c->near, target);
        if (!ps_cursor_load(c, b))
            return PS_END;
        /* The last id of a list that is one small block, or thinned out, is
           not known before it is decoded. */
        if (c->ids[c->n - 1] < target)
            return ps_cursor_load(c, c->block + 1) ? c->doc : PS_END;
    }
    c->at = c->ctx->kernels->lower_bound(c->ids, c->at, c->n, target);
    c->doc = c->ids[c->at];
    return c->doc;
}

bool ps_cursor_tfs(ps_cursor *c)
{
    if (c->has_tfs)
        return true;
    if (c->list.is_inline) {
        int rc = pc_list_freqs(&c->list, c->block, c->tfs, c->ctx->err);
        if (rc)
            return ps_cursor_fail(c, rc);
    } else {
        pc_block_freqs(&c->opened, c->tfs);
    }
    c->has_tfs = true;
    return true;
}

bool ps_cursor_scores(ps_cursor *c)
{
    if (c->has_scores)
        return true;
    if (!ps_cursor_tfs(c))
        return false;
    c->ctx->kernels->score(c->scores, c->ids, c->tfs, c->n, c->ctx->norms,
                           c->ctx->damp, c->weight);
    c->has_scores = true;
    return true;
}

uint32_t ps_cursor_tf(ps_cursor *c)
{
    if (c->has_tfs)
        return c->tfs[c->at];
    if (c->list.is_inline)
        return c->list.inl.tfs[c->at];
    return pc_docblock_freq_at(c->opened.tfs, c->opened.n,
                               c->opened.widths.tf_bits, c->at);
}

uint32_t ps_cursor_score(ps_cursor *c)
{
    if (c->has_scores)
        return c->scores[c->at];
    uint32_t tf = ps_cursor_tf(c);
    if (tf == 0)
        return 0;
    return ps_score_one(c->weight, tf, c->ctx->damp[c->ctx->norms[c->doc]]);
}

/* The highest peak of blocks [first, last] of a list of several, by
   superblocks where they fit. */
static uint32_t highest_peak(const ps_cursor *c, uint32_t first, uint32_t last)
{
    uint32_t best = 0;
    for (uint32_t b = first; b <= last;) {
        const uint8_t *peaks = c->list.peaks + 2 * (size_t)b;
        uint32_t n, peak;
        if (b % PC_SUPER == 0 && last - b >= PC_SUPER - 1) {
            peaks = c->list.super_peaks + 2 * (size_t)(b / PC_SUPER);
            n = (last - b + 1) / PC_SUPER;
            b += n * PC_SUPER;
        } else {
            uint32_t next = (b / PC_SUPER + 1) * PC_SUPER;
            n = (next <= last ? next : last + 1) - b;
            b += n;
        }
        peak = c->ctx->kernels->max_u16(peaks, n);
        best = peak > best ? peak : best;
    }
    return best;
}

/* A list of one block has it decoded. */
static bool has_between(const ps_cursor *c, uint32_t from, uint32_t to)
{
    uint32_t at = c->ctx->kernels->lower_bound(c->ids, 0, c->n, from);
    return at < c->n && c->ids[at] <= to;
}

uint32_t ps_cursor_bound(ps_cursor *c, uint32_t from, uint32_t to)
{
    if (c->doc == PS_END || c->doc > to)
        return 0;
    if (c->list.blocks == 1)
        return has_between(c, from, to) ? c->bound : 0;
    uint32_t first = pc_list_seek(&c->list, c->near, from);
    if (first == c->list.blocks)
        return 0;
    uint32_t last = pc_list_seek(&c->list, first, to);
    if (last == c->list.blocks)
        last--;
    /* The last block may begin after `to`. */
    if (last > first && pc_list_last(&c->list, last - 1) >= to)
        last--;
    if (first == c->bound_first && last == c->bound_last)
        return c->bound_cached;
    c->bound_first = first;
    c->bound_last = last;
    c->bound_cached = peak_bound(c, highest_peak(c, first, last));
    return c->bound_cached;
}

uint32_t ps_cursor_block_bound(const ps_cursor *c, uint32_t b)
{
    if (!c->list.peaks)
        return c->bound;
    return peak_bound(c, pc_load16le(c->list.peaks + 2 * (size_t)b));
}

uint32_t ps_cursor_block_end(const ps_cursor *c, uint32_t from)
{
    if (c->doc == PS_END)
        return PS_END - 1;
    uint32_t b = pc_list_seek(&c->list, c->near, from);
    return b == c->list.blocks ? PS_END - 1 : pc_list_last(&c->list, b);
}
