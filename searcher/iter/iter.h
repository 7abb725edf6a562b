/*
 * Iterators: the general way to evaluate any query, one document at a time.
 *
 * Contract: `doc` is the current candidate, PS_END at the end. seek(target)
 * moves to the first candidate not before target (never back) and returns it.
 * A candidate is a match if matches() says so, asked once per candidate and
 * before score(). bound(from, to) is no less than the score of any match in
 * [from, to], 0 only when there is none, `from` not before `doc`; block_end
 * proposes a `to` up to which a bound is worth asking for.
 *
 * On damage the context's status is set and everything ends.
 */
#ifndef PARASOL_SEARCHER_ITER_ITER_H
#define PARASOL_SEARCHER_ITER_ITER_H

#include "searcher/iter/phrase.h"

typedef struct ps_iter ps_iter;

typedef struct ps_iter_ops {
    uint32_t (*seek)(ps_iter *it, uint32_t target);
    bool (*matches)(ps_iter *it);
    uint32_t (*score)(ps_iter *it);
    uint32_t (*bound)(ps_iter *it, uint32_t from, uint32_t to);
    uint32_t (*block_end)(const ps_iter *it, uint32_t from);
} ps_iter_ops;

struct ps_iter {
    const ps_iter_ops *ops;
    uint32_t doc;
    uint64_t cost; /* about how many candidates there are */
};

/* Each returns NULL when out of memory; the arena owns the iterator, which
   borrows its children. They stand at their first candidate. */
ps_iter *ps_iter_term(ps_ctx *ctx, ps_cursor *c);
ps_iter *ps_iter_phrase(ps_ctx *ctx, ps_phrase *p);
ps_iter *ps_iter_all(ps_ctx *ctx); /* documents that are alive */
ps_iter *ps_iter_none(ps_ctx *ctx);
/* n >= 1 children; the array is copied. */
ps_iter *ps_iter_and(ps_ctx *ctx, ps_iter **children, uint32_t n);
ps_iter *ps_iter_or(ps_ctx *ctx, ps_iter **children, uint32_t n);
/* Matches of `req` that `excl` does not match. */
ps_iter *ps_iter_not(ps_ctx *ctx, ps_iter *req, ps_iter *excl);
/* Matches of `req`; those that `opt` matches score more. */
ps_iter *ps_iter_opt(ps_ctx *ctx, ps_iter *req, ps_iter *opt);

#endif
