/*
 * The time that a search may take.
 */
#ifndef PARASOL_SEARCHER_ITER_TIMED_H
#define PARASOL_SEARCHER_ITER_TIMED_H

#include "searcher/iter/iter.h"

/* Whether the context's time is over; once it is, it stays so. Looks at the
   clock at every 256th call. */
bool ps_ctx_is_late(ps_ctx *ctx);

/* The same for loops over documents without an iterator, which have come to
   `doc`: for the context's `looked`. */
static inline bool ps_ctx_stops(ps_ctx *ctx, uint32_t doc)
{
    if (PC_LIKELY(ctx->deadline == 0) || !ps_ctx_is_late(ctx))
        return false;
    ctx->looked = doc;
    return true;
}

/* Matches of `it` until the context's time is over; `it` itself if there is no
   limit. NULL: out of memory. */
ps_iter *ps_iter_timed(ps_ctx *ctx, ps_iter *it);

#endif
