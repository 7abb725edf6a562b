/*
 * Radix and merge sort.
 */
#include "common/base/sort.h"

#include <stdbool.h>
#include <string.h>

#define DIGITS 8 /* bytes of a key */
#define FEW 32   /* below, insertion beats counting */
#define RUN 8    /* length of the runs that merging starts from */

typedef struct {
    size_t of[DIGITS][256];
} counts;

static void insert_items(pc_sort_item *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        pc_sort_item x = v[i];
        size_t j = i;
        for (; j > 0 && v[j - 1].key > x.key; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
}

static void count(counts *c, const pc_sort_item *v, size_t n)
{
    memset(c, 0, sizeof *c);
    for (size_t i = 0; i < n; i++) {
        for (unsigned d = 0; d < DIGITS; d++)
            c->of[d][(v[i].key >> (8 * d)) & 255]++;
    }
}

/* Moves `from` to `to` in the order of digit d. */
static void scatter(pc_sort_item *to, const pc_sort_item *from, size_t n,
                    size_t *start, unsigned d)
{
    size_t at = 0;
    for (unsigned b = 0; b < 256; b++) {
        size_t len = start[b];
        start[b] = at;
        at += len;
    }
    for (size_t i = 0; i < n; i++)
        to[start[(from[i].key >> (8 * d)) & 255]++] = from[i];
}

int pc_sort_keys(pc_sort_item *v, size_t n, const pc_mem *mem)
{
    if (n < FEW) {
        insert_items(v, n);
        return PARASOL_OK;
    }
    int rc = PARASOL_NOMEM;
    counts *c = pc_alloc(mem, 1, sizeof *c);
    pc_sort_item *spare = pc_alloc(mem, n, sizeof *spare);
    if (!c || !spare)
        goto out;
    count(c, v, n);
    pc_sort_item *from = v, *to = spare;
    for (unsigned d = 0; d < DIGITS; d++) {
        if (c->of[d][(v[0].key >> (8 * d)) & 255] == n)
            continue; /* every key has the same byte here */
        scatter(to, from, n, c->of[d], d);
        pc_sort_item *swap = from;
        from = to;
        to = swap;
    }
    if (from != v)
        memcpy(v, from, n * sizeof *v);
    rc = PARASOL_OK;
out:
    pc_free(mem, spare);
    pc_free(mem, c);
    return rc;
}

struct order {
    pc_sort_cmp *cmp;
    void *ctx;
};

static bool in_order(struct order o, uint32_t a, uint32_t b)
{
    return o.cmp(a, b, o.ctx) <= 0;
}

static void insert_numbers(uint32_t *v, size_t n, struct order o)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t x = v[i];
        size_t j = i;
        for (; j > 0 && !in_order(o, v[j - 1], x); j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
}

/* Merges the sorted v[0, mid) and v[mid, n) into `to`. */
static void merge(uint32_t *to, const uint32_t *v, size_t mid, size_t n,
                  struct order o)
{
    if (mid >= n || in_order(o, v[mid - 1], v[mid])) {
        memcpy(to, v, n * sizeof *to);
        return;
    }
    size_t a = 0, b = mid;
    while (a < mid && b < n)
        *to++ = in_order(o, v[a], v[b]) ? v[a++] : v[b++];
    if (a < mid)
        memcpy(to, v + a, (mid - a) * sizeof *to);
    else
        memcpy(to, v + b, (n - b) * sizeof *to);
}

int pc_sort_u32(uint32_t *v, size_t n, pc_sort_cmp *cmp, void *ctx,
                const pc_mem *mem)
{
    struct order o = {cmp, ctx};
    uint32_t *spare = NULL;
    if (n > RUN && !(spare = pc_alloc(mem, n, sizeof *spare)))
        return PARASOL_NOMEM;
    for (size_t i = 0; i < n; i += RUN)
        insert_numbers(v + i, n - i < RUN ? n - i : RUN, o);
    uint32_t *from = v, *to = spare;
    for (size_t run = RUN; run < n; run *= 2) {
        for (size_t i = 0; i < n; i += 2 * run)
            merge(to + i, from + i, run, n - i < 2 * run ? n - i : 2 * run, o);
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != v)
        memcpy(v, from, n * sizeof *v);
    pc_free(mem, spare);
    return PARASOL_OK;
}
