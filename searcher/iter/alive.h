/*
 * Documents that are alive, in a segment that has dead ones.
 */
#ifndef PARASOL_SEARCHER_ITER_ALIVE_H
#define PARASOL_SEARCHER_ITER_ALIVE_H

#include "searcher/iter/iter.h"

static inline bool ps_is_alive(const uint64_t *alive, uint32_t doc)
{
    return (alive[doc / 64] >> (doc % 64) & 1) != 0;
}

/* The documents of ctx->alive, which is not NULL; scores 0. NULL: out of
   memory. */
ps_iter *ps_iter_alive(ps_ctx *ctx);

/* Matches of `it` that are alive: `it` itself where all documents are. It
   leads, however many it has. NULL: out of memory. */
ps_iter *ps_iter_only_alive(ps_ctx *ctx, ps_iter *it);

#endif
