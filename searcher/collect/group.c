/*
 * Required clauses that are several lists, in windows of documents.
 */
#include "searcher/collect/group.h"

#include "common/base/ints.h"
#include "searcher/collect/meet.h"

uint32_t ps_group_bound(const ps_group *g, uint32_t from, uint32_t to)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < g->n; i++)
        sum = pc_add_capped(sum, ps_cursor_bound(g->lists[i], from, to));
    return sum;
}

uint32_t ps_group_window(const ps_group *g, uint32_t from, uint32_t docs)
{
    uint32_t end = docs - 1;
    for (uint32_t i = 0; i < g->n; i++) {
        uint32_t e = ps_cursor_block_end(g->lists[i], from);
        end = e < end ? e : end;
    }
    return end;
}

/* ---- what leads --------------------------------------------------------- */

/* Puts n ascending documents between those of the batch; what is in both
   scores both. */
static void merge(ps_batch *b, const uint32_t *docs, const uint32_t *scores,
                  uint32_t n)
{
    uint32_t i = b->n, j = n, at = b->n + n, all = at;
    if (i == 0) {
        memcpy(b->docs, docs, n * sizeof *docs);
        if (scores)
            memcpy(b->scores, scores, n * sizeof *scores);
        else
            memset(b->scores, 0, n * sizeof *b->scores);
        b->n = n;
        return;
    }
    while (j > 0) {
        if (i > 0 && b->docs[i - 1] > docs[j - 1]) {
            b->docs[--at] = b->docs[--i];
            b->scores[at] = b->scores[i];
            continue;
        }
        uint32_t doc = docs[--j], score = scores ? scores[j] : 0;
        if (i > 0 && b->docs[i - 1] == doc)
            score += b->scores[--i];
        b->docs[--at] = doc;
        b->scores[at] = score;
    }
    /* Documents in both have left a gap. */
    memmove(b->docs + i, b->docs + at, (all - at) * sizeof *b->docs);
    memmove(b->scores + i, b->scores + at, (all - at) * sizeof *b->scores);
    b->n = i + all - at;
}

/* What the list has in [from, to]. */
static void take_list(ps_cursor *c, uint32_t from, uint32_t to, bool scored,
                      ps_batch *b)
{
    const ps_kernels *kernels = c->ctx->kernels;
    if (c->doc == PS_END)
        return;
    uint32_t blk = pc_list_seek(&c->list, c->near, from);
    if (blk == c->list.blocks)
        return;
    c->near = blk;
    if (c->block != blk && !ps_cursor_load(c, blk))
        return;
    /* A list of some forms may have nothing in this block. */
    if (c->block != blk)
        return;
    uint32_t first = kernels->lower_bound(c->ids, 0, c->n, from);
    uint32_t behind = kernels->lower_bound(c->ids, first, c->n, to + 1);
    if (first < behind && (!scored || ps_cursor_scores(c)))
        merge(b, c->ids + first, scored ? c->scores + first : NULL,
              behind - first);
}

void ps_group_take(ps_group *g, uint32_t from, uint32_t to, bool scored,
                   ps_batch *b)
{
    b->n = 0;
    for (uint32_t i = 0; i < g->n; i++)
        take_list(g->lists[i], from, to, scored && !g->it, b);
}

/* ---- candidates --------------------------------------------------------- */

/* Notes which candidates the list holds; with `scores` adds what they score
   there. */
static void meet_list(ps_cursor *c, const uint32_t *docs, uint32_t n,
                      uint32_t *scores, uint8_t *hit)
{
    uint32_t more[PC_BLOCK_ROOM], blk, here;
    ps_meeting m;
    for (uint32_t i = 0; i < n && c->doc != PS_END; i += here) {
        here = ps_meet_next(c, docs + i, n - i, &blk);
        if (here == 0 || !ps_meet(&m, c, blk, docs + i, here))
            return;
        if (scores && m.n > 0 && !ps_meet_scores(&m, c, blk, docs + i, more))
            return;
        for (uint32_t k = 0; k < m.n; k++) {
            hit[i + m.sel[k]] = 1;
            if (scores)
                scores[i + m.sel[k]] += more[k];
        }
    }
}

void ps_batch_meet_group(ps_batch *b, ps_group *g, uint32_t least)
{
    uint8_t hit[PS_GROUP_BATCH];
    uint32_t kept = 0;
    memset(hit, 0, b->n);
    for (uint32_t i = 0; i < g->n; i++)
        meet_list(g->lists[i], b->docs, b->n, g->it ? NULL : b->scores, hit);
    for (uint32_t i = 0; i < b->n; i++) {
        uint32_t score = b->scores[i];
        b->docs[kept] = b->docs[i];
        b->scores[kept] = score;
        kept += hit[i] && score >= least;
    }
    b->n = kept;
}

uint32_t ps_docs_filter_group(uint32_t *docs, uint32_t n, ps_group *g)
{
    uint8_t hit[PS_GROUP_BATCH];
    uint32_t kept = 0;
    memset(hit, 0, n);
    for (uint32_t i = 0; i < g->n; i++)
        meet_list(g->lists[i], docs, n, NULL, hit);
    for (uint32_t i = 0; i < n; i++) {
        docs[kept] = docs[i];
        kept += hit[i];
    }
    return kept;
}
