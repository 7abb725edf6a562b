/*
 * Batches of candidates against a list, a block of the list at a time.
 */
#include "searcher/collect/flat.h"

/* Where a list's block meets a batch. */
typedef struct meeting {
    uint32_t sel[PC_BLOCK_ROOM]; /* candidates found, from the first asked */
    uint32_t at[PC_BLOCK_ROOM];  /* their places in the block */
    uint32_t n;
} meeting;

void ps_batch_prune(ps_batch *b, const ps_kernels *kernels, uint32_t rest,
                    uint32_t need)
{
    if (rest < need)
        b->n = kernels->filter(b->docs, b->scores, b->docs, b->scores, b->n,
                               need - rest);
}

/* Moves n candidates from `from` down to `to`, without those below `least`.
   Returns how many are left. */
static uint32_t move(ps_batch *b, const ps_kernels *kernels, uint32_t to,
                     uint32_t from, uint32_t n, uint32_t least)
{
    if (least > 0)
        return kernels->filter(b->docs + to, b->scores + to, b->docs + from,
                               b->scores + from, n, least);
    if (to != from) {
        memmove(b->docs + to, b->docs + from, n * sizeof *b->docs);
        memmove(b->scores + to, b->scores + from, n * sizeof *b->scores);
    }
    return n;
}

/* Finds n candidates in the block that the cursor has decoded. */
static void meet_ids(meeting *m, ps_cursor *c, const uint32_t *docs, uint32_t n)
{
    const ps_kernels *kernels = c->ctx->kernels;
    m->n = 0;
    if (n > 2) {
        m->n = kernels->match(m->sel, m->at, docs, n, c->ids);
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = kernels->lower_bound(c->ids, 0, c->n, docs[i]);
        m->sel[m->n] = i;
        m->at[m->n] = at;
        m->n += c->ids[at] == docs[i];
    }
}

/* The frequencies at the places met, of a block that may not be decoded. */
static bool freqs_at(ps_cursor *c, uint32_t blk, const meeting *m,
                     uint32_t *tfs)
{
    uint32_t all[PC_BLOCK_ROOM];
    const uint32_t *from = c->tfs;
    pc_block k;
    if (blk == c->block && (c->has_tfs || c->list.is_inline)) {
        if (!ps_cursor_tfs(c))
            return false;
    } else {
        int rc = pc_list_block(&c->list, blk, &k, c->ctx->err);
        if (rc)
            return ps_cursor_fail(c, rc);
        if (m->n < PC_BLOCK / 8) {
            for (uint32_t i = 0; i < m->n; i++)
                tfs[i] = pc_bitpack_at(k.tfs, m->at[i], k.widths.tf_bits) + 1;
            return true;
        }
        from = blk == c->block ? c->tfs : all;
        if (blk == c->block && !ps_cursor_tfs(c))
            return false;
        if (blk != c->block)
            pc_docblock_freqs(all, k.tfs, k.n, k.widths.tf_bits);
    }
    for (uint32_t i = 0; i < m->n; i++)
        tfs[i] = from[m->at[i]];
    return true;
}

/* The scores at the places met. */
static bool scores_at(ps_cursor *c, uint32_t blk, const meeting *m,
                      const uint32_t *docs, uint32_t *scores)
{
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
    if (blk == c->block && c->has_scores) {
        for (uint32_t i = 0; i < m->n; i++)
            scores[i] = c->scores[m->at[i]];
        return true;
    }
    if (!freqs_at(c, blk, m, tfs))
        return false;
    for (uint32_t i = 0; i < m->n; i++)
        ids[i] = docs[m->sel[i]];
    c->ctx->kernels->score(scores, ids, tfs, m->n, c->ctx->norms, c->ctx->damp,
                           c->weight);
    return true;
}

/* Finds n candidates, all of which would be in block `blk` if they are in the
   list at all. A bitmap is not decoded for it. */
static bool meet(meeting *m, ps_cursor *c, uint32_t blk, const uint32_t *docs,
                 uint32_t n)
{
    if (blk != c->block && ps_cursor_is_bitmap(c, blk)) {
        pc_block k;
        int rc = pc_list_block(&c->list, blk, &k, c->ctx->err);
        if (rc)
            return ps_cursor_fail(c, rc);
        m->n = c->ctx->kernels->match_set(m->sel, m->at, docs, n, k.ids,
                                          k.range, k.base);
        return true;
    }
    m->n = 0;
    if (blk != c->block && !ps_cursor_load(c, blk))
        return !c->ctx->status; /* nothing is left of a list of forms */
    meet_ids(m, c, docs, n);
    return true;
}

/* Candidates [at, at + n) of the batch against block `blk`. Returns how many
   stay. */
static uint32_t probe_block(ps_batch *b, ps_cursor *c, uint32_t blk,
                            uint32_t at, uint32_t n, bool required)
{
    uint32_t *docs = b->docs + at, *scores = b->scores + at;
    uint32_t more[PC_BLOCK_ROOM];
    meeting m;
    if (!meet(&m, c, blk, docs, n) ||
        (m.n > 0 && !scores_at(c, blk, &m, docs, more)))
        return 0;
    if (!required) {
        for (uint32_t i = 0; i < m.n; i++)
            scores[m.sel[i]] += more[i];
        return n;
    }
    for (uint32_t i = 0; i < m.n; i++) {
        docs[i] = docs[m.sel[i]];
        scores[i] = scores[m.sel[i]] + more[i];
    }
    return m.n;
}

void ps_batch_probe(ps_batch *b, ps_cursor *c, bool required, uint32_t least)
{
    const ps_kernels *kernels = c->ctx->kernels;
    uint32_t kept = 0, i = 0, blocks = c->list.blocks;
    while (i < b->n && c->doc != PS_END) {
        uint32_t blk = pc_list_seek(&c->list, c->near, b->docs[i]);
        if (blk == blocks)
            break;
        c->near = blk;
        uint32_t last = pc_list_last(&c->list, blk);
        uint32_t end = kernels->lower_bound(b->docs, i, b->n, last + 1);
        uint32_t best = ps_cursor_block_bound(c, blk);
        uint32_t n =
            move(b, kernels, kept, i, end - i, least > best ? least - best : 0);
        if (n > 0)
            kept += probe_block(b, c, blk, kept, n, required);
        i = end;
    }
    /* Behind the end of the list. */
    if (!required)
        kept += move(b, kernels, kept, i, b->n - i, least);
    b->n = kept;
}

/* Of n documents keeps those met, or the others. Returns how many. */
static uint32_t keep_met(const meeting *m, uint32_t *to, const uint32_t *docs,
                         uint32_t n, bool without)
{
    uint32_t kept = 0;
    if (!without) {
        for (uint32_t i = 0; i < m->n; i++)
            to[i] = docs[m->sel[i]];
        return m->n;
    }
    for (uint32_t i = 0, k = 0; i < n; i++) {
        bool met = k < m->n && m->sel[k] == i;
        to[kept] = docs[i];
        kept += !met;
        k += met;
    }
    return kept;
}

uint32_t ps_docs_filter(uint32_t *docs, uint32_t n, ps_cursor *c, bool without)
{
    const ps_kernels *kernels = c->ctx->kernels;
    uint32_t kept = 0, i = 0;
    meeting m;
    while (i < n && c->doc != PS_END) {
        uint32_t blk = pc_list_seek(&c->list, c->near, docs[i]);
        if (blk == c->list.blocks)
            break;
        c->near = blk;
        uint32_t last = pc_list_last(&c->list, blk);
        uint32_t end = kernels->lower_bound(docs, i, n, last + 1);
        if (!meet(&m, c, blk, docs + i, end - i))
            return 0;
        kept += keep_met(&m, docs + kept, docs + i, end - i, without);
        i = end;
    }
    if (!without)
        return kept;
    memmove(docs + kept, docs + i, (n - i) * sizeof *docs);
    return kept + n - i;
}

bool ps_flat_excludes(ps_flat *q, uint32_t doc)
{
    for (uint32_t i = 0; i < q->n_drop; i++) {
        if (ps_cursor_seek(q->drop[i], doc) == doc)
            return true;
    }
    for (uint32_t i = 0; i < q->n_excl; i++) {
        ps_iter *x = q->excl[i];
        uint32_t at = x->doc < doc ? x->ops->seek(x, doc) : x->doc;
        if (at == doc && x->ops->matches(x))
            return true;
    }
    return false;
}

void ps_flat_offer(ps_flat *q, ps_topk *top, uint32_t doc, uint32_t score)
{
    if (score >= top->need && !ps_flat_excludes(q, doc))
        ps_topk_offer(top, doc, score);
}
