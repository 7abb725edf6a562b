/*
 * Bounded heap of the best documents.
 */
#include "searcher/collect/topk.h"

#include <stdbool.h>
#include <stdlib.h>

int ps_topk_init(ps_topk *t, size_t k, pc_arena *arena)
{
    *t = (ps_topk){.k = k};
    if (k == 0) {
        t->need = UINT32_MAX;
        return PARASOL_OK;
    }
    t->heap = pc_arena_zalloc(arena, k, sizeof *t->heap);
    return t->heap ? PARASOL_OK : PARASOL_NOMEM;
}

/* Is a the worse of the two? Later documents are, among equals. */
static bool worse(const ps_scored *a, const ps_scored *b)
{
    if (a->score != b->score)
        return a->score < b->score;
    if (a->seg != b->seg)
        return a->seg > b->seg;
    return a->rank > b->rank;
}

static void sift_up(ps_scored *h, size_t i)
{
    ps_scored x = h[i];
    while (i > 0 && worse(&x, &h[(i - 1) / 2])) {
        h[i] = h[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    h[i] = x;
}

static void sift_down(ps_scored *h, size_t n)
{
    ps_scored x = h[0];
    size_t i = 0;
    for (size_t child = 1; child < n; child = 2 * i + 1) {
        if (child + 1 < n && worse(&h[child + 1], &h[child]))
            child++;
        if (!worse(&h[child], &x))
            break;
        h[i] = h[child];
        i = child;
    }
    h[i] = x;
}

/* With the heap full: what enters is above the worst, or equal to it and of a
   lower rank in its segment. */
static void set_need(ps_topk *t)
{
    bool ties = t->reordered && t->heap[0].seg == t->seg;
    t->need = t->heap[0].score + (ties ? 0 : 1);
}

void ps_topk_enter(ps_topk *t, uint32_t seg, const pc_seg *s)
{
    t->seg = seg;
    t->reordered = s->ranks.width > 0 ? s : NULL;
    if (t->n == t->k && t->k > 0)
        set_need(t);
}

void ps_topk_offer(ps_topk *t, uint32_t doc, uint32_t score)
{
    if (score < t->need)
        return;
    ps_scored x = {score, t->seg, doc, doc};
    if (t->reordered)
        x.rank = pc_seg_rank(t->reordered, doc);
    if (t->n < t->k) {
        t->heap[t->n++] = x;
        sift_up(t->heap, t->n - 1);
    } else if (t->k > 0 && worse(&t->heap[0], &x)) {
        t->heap[0] = x;
        sift_down(t->heap, t->n);
    }
    if (t->n == t->k && t->k > 0)
        set_need(t);
}

static int compare(const void *a, const void *b)
{
    const ps_scored *x = a, *y = b;
    return worse(x, y) ? 1 : worse(y, x) ? -1 : 0;
}

void ps_topk_sort(ps_topk *t)
{
    if (t->n > 1)
        qsort(t->heap, t->n, sizeof *t->heap, compare);
}
