/*
 * A plan made ready for one segment: lists opened, iterators built.
 */
#ifndef PARASOL_SEARCHER_COLLECT_BUILD_H
#define PARASOL_SEARCHER_COLLECT_BUILD_H

#include "searcher/collect/flat.h"
#include "searcher/plan/plan.h"

/* The iterator of a node in segment `seg` (its index in the snapshot). *out
   lives in the context's arena. Errors: NOMEM, CORRUPT. */
int ps_build_iter(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                  ps_iter **out) PC_MUST_USE;

/* The same for the whole of a plan: matches that are alive, until the
   context's time is over. */
int ps_build_root(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                  ps_iter **out) PC_MUST_USE;

/*
 * If the node is a flat list of terms, fills *flat and sets *is_flat. *empty
 * is set when nothing can match in this segment. Errors: NOMEM, CORRUPT.
 */
int ps_build_flat(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                  ps_flat *flat, bool *is_flat, bool *empty) PC_MUST_USE;

/* The same where matches are only counted, and need not score. */
int ps_build_any(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                 ps_flat *flat, bool *is_flat, bool *empty) PC_MUST_USE;

#endif
