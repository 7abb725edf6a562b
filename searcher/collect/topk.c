/*
 * The best documents: a heap for few, a pool for many.
 */
#include "searcher/collect/topk.h"

#include <stdbool.h>

/* More than so many go to a pool. */
#define HEAP_MAX 128u

int ps_topk_init(ps_topk *t, size_t k, pc_arena *arena)
{
    *t = (ps_topk){.k = k, .room = k > HEAP_MAX ? 2 * k : k};
    if (k == 0) {
        t->need = UINT32_MAX;
        return PARASOL_OK;
    }
    if (k > SIZE_MAX / 2 / sizeof *t->v)
        return PARASOL_NOMEM;
    t->v = pc_arena_alloc(arena, t->room * sizeof *t->v);
    return t->v ? PARASOL_OK : PARASOL_NOMEM;
}

/* ---- a heap ------------------------------------------------------------- */

static void sift_up(ps_scored *h, size_t i)
{
    ps_scored x = h[i];
    while (i > 0 && x.key < h[(i - 1) / 2].key) {
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
        if (child + 1 < n && h[child + 1].key < h[child].key)
            child++;
        if (h[child].key > x.key)
            break;
        h[i] = h[child];
        i = child;
    }
    h[i] = x;
}

/* ---- a pool ------------------------------------------------------------- */

/* The k-th largest key: its bytes from the top, by counting. */
static uint64_t kth_key(const ps_scored *v, size_t n, size_t k)
{
    uint64_t found = 0, known = 0;
    for (unsigned shift = 64; shift > 0;) {
        size_t counts[256] = {0}, byte = 255;
        shift -= 8;
        for (size_t i = 0; i < n; i++)
            counts[v[i].key >> shift & 255] +=
                ((v[i].key ^ found) & known) == 0;
        for (; counts[byte] < k; byte--)
            k -= counts[byte];
        found |= (uint64_t)byte << shift;
        known |= UINT64_C(255) << shift;
    }
    return found;
}

/* Keeps the best k, in the order in which they are. Keys differ; only where
   the ranks of a segment lie, which must do no harm, there can be more. */
static void keep_best(ps_topk *t)
{
    uint64_t least = kth_key(t->v, t->n, t->k);
    size_t kept = 0;
    for (size_t i = 0; i < t->n && kept < t->k; i++) {
        t->v[kept] = t->v[i];
        kept += t->v[i].key >= least;
    }
    t->n = kept;
}

/* ---- either ------------------------------------------------------------- */

static bool is_heap(const ps_topk *t)
{
    return t->room == t->k;
}

/* With k documents there: what enters is above the worst, or, where the order
   is not that of the ranks, may be equal to it. */
static void set_need(ps_topk *t, const ps_scored *worst)
{
    bool ties = t->reordered && worst->seg == t->seg;
    uint32_t need = ps_scored_score(worst) + (ties ? 0 : 1);
    if (need > t->need)
        t->need = need;
}

static const ps_scored *worst(const ps_topk *t)
{
    const ps_scored *w = &t->v[0];
    for (size_t i = 1; !is_heap(t) && i < t->n; i++)
        w = t->v[i].key < w->key ? &t->v[i] : w;
    return w;
}

void ps_topk_enter(ps_topk *t, uint32_t seg, uint32_t first, const pc_seg *s,
                   bool again)
{
    t->seg = seg;
    t->first = first;
    t->reordered = again || s->ranks.width > 0 ? s : NULL;
    if (t->k == 0 || t->n < t->k)
        return;
    if (t->n > t->k)
        keep_best(t);
    if (again)
        t->need = 0; /* ties count now */
    set_need(t, worst(t));
}

static void add_to_heap(ps_topk *t, const ps_scored *x)
{
    if (t->n < t->k) {
        t->v[t->n++] = *x;
        sift_up(t->v, t->n - 1);
    } else if (x->key > t->v[0].key) {
        t->v[0] = *x;
        sift_down(t->v, t->n);
    }
    if (t->n == t->k)
        set_need(t, &t->v[0]);
}

static void add_to_pool(ps_topk *t, const ps_scored *x)
{
    t->v[t->n++] = *x;
    if (t->n == t->room)
        keep_best(t);
    else if (t->n != t->k)
        return;
    set_need(t, worst(t));
}

void ps_topk_offer(ps_topk *t, uint32_t doc, uint32_t score)
{
    if (score < t->need || t->k == 0)
        return;
    uint32_t rank = t->reordered ? pc_seg_rank(t->reordered, doc) : doc;
    ps_scored x = {(uint64_t)score << 32 | (UINT32_MAX - t->first - rank),
                   t->seg, doc};
    if (is_heap(t))
        add_to_heap(t, &x);
    else
        add_to_pool(t, &x);
}

/* ---- sorting ------------------------------------------------------------ */

static void insertion_sort(ps_scored *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        ps_scored x = v[i];
        size_t j = i;
        for (; j > 0 && v[j - 1].key < x.key; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
}

/* Descending by the byte at `shift`, stable. */
static void sort_by_byte(ps_scored *to, const ps_scored *from, size_t n,
                         unsigned shift)
{
    size_t starts[256] = {0}, at = 0;
    for (size_t i = 0; i < n; i++)
        starts[from[i].key >> shift & 255]++;
    for (size_t byte = 256; byte-- > 0;) {
        size_t count = starts[byte];
        starts[byte] = at;
        at += count;
    }
    for (size_t i = 0; i < n; i++)
        to[starts[from[i].key >> shift & 255]++] = from[i];
}

/* By all bytes in which keys differ, the lowest first; with room for n more
   behind the last. */
static void radix_sort(ps_topk *t)
{
    ps_scored *v = t->v, *other = t->v + t->k;
    uint64_t differ = 0;
    for (size_t i = 1; i < t->n; i++)
        differ |= v[i].key ^ v[0].key;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if ((differ >> shift & 255) == 0)
            continue;
        ps_scored *sorted = other;
        sort_by_byte(sorted, v, t->n, shift);
        other = v;
        v = sorted;
    }
    t->v = v;
}

void ps_topk_sort(ps_topk *t)
{
    if (t->n > t->k)
        keep_best(t);
    if (t->n <= HEAP_MAX)
        insertion_sort(t->v, t->n);
    else
        radix_sort(t);
}
