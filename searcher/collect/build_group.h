/*
 * Required clauses that are several lists.
 */
#ifndef PARASOL_SEARCHER_COLLECT_BUILD_GROUP_H
#define PARASOL_SEARCHER_COLLECT_BUILD_GROUP_H

#include "searcher/collect/build.h"

/* Is it known in which few lists all matches of the node are? */
bool ps_group_is_known(const ps_ctx *ctx, const ps_plan_node *node,
                       uint32_t seg);

/* Makes a group of such a node; without lists if nothing can match in the
   segment. Errors: NOMEM, CORRUPT. */
int ps_build_group(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                   ps_group *g) PC_MUST_USE;

#endif
