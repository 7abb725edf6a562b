/*
 * Batches of candidates.
 */
#include "searcher/collect/flat.h"

void ps_batch_prune(ps_batch *b, const ps_kernels *kernels, uint32_t rest,
                    uint32_t need)
{
    if (rest < need)
        b->n = kernels->filter(b->docs, b->scores, b->docs, b->scores, b->n,
                               need - rest);
}

/* Brings the cursor to the block that holds `doc` or what follows it, unless a
   document there cannot score `least` with the list's help. */
static bool reach_block(ps_cursor *c, uint32_t *near, uint32_t doc,
                        uint32_t score, uint32_t least)
{
    uint32_t block = pc_list_seek(&c->list, *near, doc);
    *near = block;
    /* A list of one block knows its last document only by having decoded it,
       and it has. */
    if (block == c->list.blocks || block == c->block)
        return ps_cursor_load(c, c->list.blocks);
    if (score + ps_cursor_block_bound(c, block) < least)
        return false;
    return ps_cursor_load(c, block);
}

void ps_batch_probe(ps_batch *b, ps_cursor *c, bool required, uint32_t least)
{
    const ps_kernels *kernels = c->ctx->kernels;
    uint32_t kept = 0, near = c->block;
    for (uint32_t i = 0; i < b->n; i++) {
        uint32_t doc = b->docs[i], score = b->scores[i];
        bool found = false, hopeless = false;
        if (c->doc != PS_END && c->ids[c->n - 1] < doc)
            hopeless =
                !reach_block(c, &near, doc, score, least) && c->doc != PS_END;
        if (!hopeless && c->doc != PS_END && c->ids[c->n - 1] >= doc) {
            c->at = kernels->lower_bound(c->ids, c->at, c->n, doc);
            c->doc = c->ids[c->at];
            found = c->doc == doc;
        }
        if (found)
            score += ps_cursor_score(c);
        b->docs[kept] = doc;
        b->scores[kept] = score;
        kept += !hopeless && (found || !required);
    }
    b->n = kept;
}

void ps_flat_offer(ps_flat *q, ps_topk *top, uint32_t doc, uint32_t score)
{
    if (score < top->need)
        return;
    for (uint32_t i = 0; i < q->n_excl; i++) {
        ps_iter *x = q->excl[i];
        uint32_t at = x->doc < doc ? x->ops->seek(x, doc) : x->doc;
        if (at == doc && x->ops->matches(x))
            return;
    }
    ps_topk_offer(top, doc, score);
}
