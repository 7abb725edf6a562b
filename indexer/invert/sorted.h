/*
 * The byte order of many strings.
 */
#ifndef PARASOL_INDEXER_INVERT_SORTED_H
#define PARASOL_INDEXER_INVERT_SORTED_H

#include "common/base/mem.h"
#include "common/base/str.h"

/* The i-th string of `of`. */
typedef pc_str pi_nth_string(const void *of, uint32_t i);

/* The numbers 0 to n - 1 in the byte order of their strings; equal ones keep
   their order. Owned by the caller (pc_free). NULL when out of memory.
   Memory: 36 bytes a string, 4 of which stay. */
uint32_t *pi_sorted(pi_nth_string *nth, const void *of, uint32_t n,
                    const pc_mem *mem);

/* The first eight bytes as a number that sorts like the string. */
uint64_t pi_prefix(pc_str s);

#endif
