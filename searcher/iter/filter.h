/*
 * Iterators that do not come from posting lists: documents by a column, and
 * others with the score that a query gives them, or with so many clauses.
 */
#ifndef PARASOL_SEARCHER_ITER_FILTER_H
#define PARASOL_SEARCHER_ITER_FILTER_H

#include "searcher/iter/iter.h"
#include "searcher/iter/predicate.h"

/*
 * Documents with a value that the predicate means; scores 0. The predicate is
 * asked of every distinct value of the column, once in each segment. *out
 * lives in the context's arena. Errors: NOMEM, CORRUPT.
 */
int ps_iter_filter(ps_ctx *ctx, ps_predicate *p, ps_iter **out) PC_MUST_USE;

/* Matches of `it`, each with this score; NULL: out of memory. */
ps_iter *ps_iter_constant(ps_ctx *ctx, ps_iter *it, uint32_t score);

/* Documents that at least `least` (2 or more) of n children match; scores the
   sum of those. The array is copied. NULL: out of memory. */
ps_iter *ps_iter_least(ps_ctx *ctx, ps_iter **children, uint32_t n,
                       uint32_t least);

#endif
