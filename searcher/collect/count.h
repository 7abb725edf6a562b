/*
 * How many documents match, without scores.
 */
#ifndef PARASOL_SEARCHER_COLLECT_COUNT_H
#define PARASOL_SEARCHER_COLLECT_COUNT_H

#include "searcher/collect/build.h"

/* Documents of segment `seg` that match the node. Errors: NOMEM, CORRUPT. */
int ps_count(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
             uint64_t *out) PC_MUST_USE;

#endif
