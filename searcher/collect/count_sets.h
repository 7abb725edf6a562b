/*
 * Counting lists by bitmaps of documents, or by what two sets have in common.
 */
#ifndef PARASOL_SEARCHER_COLLECT_COUNT_SETS_H
#define PARASOL_SEARCHER_COLLECT_COUNT_SETS_H

#include "searcher/collect/flat.h"

/* Is a flat query without phrases counted by bitmaps of whole lists? Else
   ps_flat_and does it as well. */
bool ps_count_needs_sets(const ps_flat *flat);

/*
 * The documents of a flat query without phrases. Of a disjunction without
 * conditions the longest list may be counted by its df; then only what the
 * others hold besides is looked for. Moves the cursors. Errors: NOMEM, CORRUPT.
 */
int ps_count_by_sets(const ps_flat *flat, uint64_t *out) PC_MUST_USE;

#endif
