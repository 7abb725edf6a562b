/*
 * Batches of candidates against a list, a block of the list at a time.
 */
#include "searcher/collect/flat.h"
#include "searcher/collect/group.h"
#include "searcher/collect/meet.h"
#include "searcher/iter/alive.h"

void ps_batch_prune(ps_batch *b, const ps_kernels *kernels, uint32_t rest,
                    uint32_t need)
{
    if (rest < need)
        b->n = kernels->filter(b->docs, b->scores, b->docs, b->scores, b->n,
                               need - rest);
}

uint32_t ps_batch_move(ps_batch *b, const ps_kernels *kernels, uint32_t to,
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

/* Candidates [at, at + n) of the batch against block `blk`. Returns how many
   stay. */
static uint32_t probe_block(ps_batch *b, ps_cursor *c, uint32_t blk,
                            uint32_t at, uint32_t n, bool required)
{
    uint32_t *docs = b->docs + at, *scores = b->scores + at;
    uint32_t more[PC_BLOCK_ROOM];
    ps_meeting m;
    if (!ps_meet(&m, c, blk, docs, n) ||
        (m.n > 0 && !ps_meet_scores(&m, c, blk, docs, more)))
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
    uint32_t kept = 0, i = 0, blk;
    while (i < b->n && c->doc != PS_END) {
        uint32_t here = ps_meet_next(c, b->docs + i, b->n - i, &blk);
        if (here == 0)
            break;
        uint32_t best = least ? ps_cursor_block_bound(c, blk) : 0;
        uint32_t n =
            ps_batch_move(b, kernels, kept, i, here, ps_least(least, best));
        if (n > 0)
            kept += probe_block(b, c, blk, kept, n, required);
        i += here;
    }
    /* Behind the end of the list. */
    if (!required)
        kept += ps_batch_move(b, kernels, kept, i, b->n - i, least);
    b->n = kept;
}

void ps_batch_ask(ps_batch *b, ps_iter *it, bool required, uint32_t least)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < b->n; i++) {
        uint32_t doc = b->docs[i], score = b->scores[i];
        uint32_t at = it->doc < doc ? it->ops->seek(it, doc) : it->doc;
        bool met = at == doc && it->ops->matches(it);
        if (met)
            score += it->ops->score(it);
        b->docs[kept] = doc;
        b->scores[kept] = score;
        kept += (met || !required) && score >= least;
    }
    b->n = kept;
}

/* Moves n documents down, or leaves them where they are. */
static uint32_t move_docs(uint32_t *to, const uint32_t *from, uint32_t n)
{
    if (to != from)
        memmove(to, from, n * sizeof *to);
    return n;
}

/* Of n documents keeps those met, or the others. Returns how many. */
static uint32_t keep_met(const ps_meeting *m, uint32_t *to,
                         const uint32_t *docs, uint32_t n, bool without)
{
    uint32_t kept = 0, at = 0;
    if (!without) {
        for (uint32_t i = 0; i < m->n; i++)
            to[i] = docs[m->sel[i]];
        return m->n;
    }
    for (uint32_t i = 0; i < m->n; i++) {
        kept += move_docs(to + kept, docs + at, m->sel[i] - at);
        at = m->sel[i] + 1;
    }
    return kept + move_docs(to + kept, docs + at, n - at);
}

uint32_t ps_docs_filter(uint32_t *docs, uint32_t n, ps_cursor *c, bool without)
{
    uint32_t kept = 0, i = 0, blk;
    ps_meeting m;
    while (i < n && c->doc != PS_END) {
        uint32_t here = ps_meet_next(c, docs + i, n - i, &blk);
        if (here == 0)
            break;
        if (!ps_meet(&m, c, blk, docs + i, here))
            return 0;
        kept += keep_met(&m, docs + kept, docs + i, here, without);
        i += here;
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
    for (uint32_t i = 0; i < q->n_only; i++) {
        ps_iter *x = q->only[i];
        if (x->ops->seek(x, doc) != doc || !x->ops->matches(x))
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

uint32_t ps_flat_filter(ps_flat *q, uint32_t *docs, uint32_t n)
{
    uint32_t kept = 0;
    bool group = ps_flat_group_leads(q);
    for (uint32_t i = group ? 0 : 1; i < q->n_must && n > 0; i++)
        n = ps_docs_filter(docs, n, q->must[i], false);
    for (uint32_t i = group ? 1 : 0; i < q->n_groups && n > 0; i++)
        n = ps_docs_filter_group(docs, n, &q->groups[i]);
    for (uint32_t i = 0; i < q->n_drop && n > 0; i++)
        n = ps_docs_filter(docs, n, q->drop[i], true);
    if (q->n_excl + q->n_only == 0)
        return n;
    const uint64_t *alive = q->ctx->alive;
    if (alive) {
        for (uint32_t i = 0; i < n; i++) {
            docs[kept] = docs[i];
            kept += ps_is_alive(alive, docs[i]);
        }
        n = kept;
        kept = 0;
        if (q->n_excl + q->n_only == 1)
            return n;
    }
    for (uint32_t i = 0; i < n; i++) {
        docs[kept] = docs[i];
        kept += !ps_flat_excludes(q, docs[i]);
    }
    return kept;
}

void ps_flat_offer(ps_flat *q, ps_topk *top, uint32_t doc, uint32_t score)
{
    if (score >= top->need && !ps_flat_excludes(q, doc))
        ps_topk_offer(top, doc, score);
}
