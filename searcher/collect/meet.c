/*
 * Candidates against a block.
 */
#include "searcher/collect/meet.h"

uint32_t ps_meet_next(ps_cursor *c, const uint32_t *docs, uint32_t n,
                      uint32_t *blk)
{
    *blk = pc_list_seek(&c->list, c->near, docs[0]);
    if (*blk == c->list.blocks)
        return 0;
    c->near = *blk;
    return c->ctx->kernels->lower_bound(docs, 0, n,
                                        pc_list_last(&c->list, *blk) + 1);
}

/* In the block that the cursor has decoded. */
static void meet_ids(ps_meeting *m, ps_cursor *c, const uint32_t *docs,
                     uint32_t n)
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

static bool open_block(ps_meeting *m, ps_cursor *c, uint32_t blk)
{
    int rc = pc_list_block(&c->list, blk, &m->block, c->ctx->err);
    m->opened = rc == PARASOL_OK;
    return m->opened || ps_cursor_fail(c, rc);
}

bool ps_meet(ps_meeting *m, ps_cursor *c, uint32_t blk, const uint32_t *docs,
             uint32_t n)
{
    m->opened = false;
    if (blk != c->block && ps_cursor_is_bitmap(c, blk)) {
        if (!open_block(m, c, blk))
            return false;
        m->n = c->ctx->kernels->match_set(m->sel, m->at, docs, n, m->block.ids,
                                          m->block.range, m->block.base);
        return true;
    }
    m->n = 0;
    if (blk != c->block && !ps_cursor_load(c, blk))
        return !c->ctx->status; /* of a list of forms, nothing is left */
    meet_ids(m, c, docs, n);
    return true;
}

/* One by one, from the packed bits. */
static bool few_freqs(ps_meeting *m, ps_cursor *c, uint32_t blk, uint32_t *tfs)
{
    const pc_block *k = blk == c->block ? &c->opened : &m->block;
    if (blk != c->block && !m->opened && !open_block(m, c, blk))
        return false;
    pc_docblock_freqs_at(tfs, k->tfs, k->n, k->widths.tf_bits, m->at, m->n);
    return true;
}

bool ps_meet_freqs(ps_meeting *m, ps_cursor *c, uint32_t blk, uint32_t *tfs)
{
    uint32_t all[PC_BLOCK_ROOM];
    const uint32_t *from = c->tfs;
    bool decoded = blk == c->block && (c->has_tfs || c->list.is_inline);
    if (!decoded && m->n < PC_BLOCK / 8)
        return few_freqs(m, c, blk, tfs);
    if (blk == c->block) {
        if (!ps_cursor_tfs(c))
            return false;
    } else {
        if (!m->opened && !open_block(m, c, blk))
            return false;
        pc_block_freqs(&m->block, all);
        from = all;
    }
    for (uint32_t i = 0; i < m->n; i++)
        tfs[i] = from[m->at[i]];
    return true;
}

bool ps_meet_scores(ps_meeting *m, ps_cursor *c, uint32_t blk,
                    const uint32_t *docs, uint32_t *scores)
{
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
    if (blk == c->block && c->has_scores) {
        for (uint32_t i = 0; i < m->n; i++)
            scores[i] = c->scores[m->at[i]];
        return true;
    }
    if (!ps_meet_freqs(m, c, blk, tfs))
        return false;
    for (uint32_t i = 0; i < m->n; i++)
        ids[i] = docs[m->sel[i]];
    c->ctx->kernels->score(scores, ids, tfs, m->n, c->ctx->norms, c->ctx->damp,
                           c->weight);
    return true;
}
