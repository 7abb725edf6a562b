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

void ps_batch_probe(ps_batch *b, ps_cursor *c, bool required)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < b->n; i++) {
        uint32_t doc = b->docs[i], score = b->scores[i];
        bool found = ps_cursor_seek(c, doc) == doc;
        if (found)
            score += ps_cursor_score(c);
        b->docs[kept] = doc;
        b->scores[kept] = score;
        kept += found || !required;
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
