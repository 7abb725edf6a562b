/*
 * Sorting: radix sort by a 64-bit key, merge sort by a comparison. Both are
 * stable, so that equal input gives equal output everywhere.
 */
#ifndef PARASOL_COMMON_BASE_SORT_H
#define PARASOL_COMMON_BASE_SORT_H

#include "common/base/mem.h"

typedef struct pc_sort_item {
    uint64_t key;
    uint32_t value; /* carried along */
} pc_sort_item;

/* Sorts n items by key; equal keys keep their order. Time grows with n and
   with the number of key bytes that differ at all; `mem` lends n items.
   PARASOL_NOMEM leaves v as it was. */
int pc_sort_keys(pc_sort_item *v, size_t n, const pc_mem *mem) PC_MUST_USE;

/* Negative, 0 or positive, as a sorts before, with or behind b. */
typedef int pc_sort_cmp(uint32_t a, uint32_t b, void *ctx);

/* Sorts n numbers by `cmp`; equal ones keep their order. At most n log2 n
   calls, n - 1 when already sorted; `mem` lends n numbers. PARASOL_NOMEM
   leaves v as it was. */
int pc_sort_u32(uint32_t *v, size_t n, pc_sort_cmp *cmp, void *ctx,
                const pc_mem *mem) PC_MUST_USE;

#endif
