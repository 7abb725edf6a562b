/*
 * Optional clauses that are no lists.
 */
#ifndef PARASOL_SEARCHER_COLLECT_BUILD_OPTIONAL_H
#define PARASOL_SEARCHER_COLLECT_BUILD_OPTIONAL_H

#include "searcher/collect/build.h"

/* How many places of flat->should and flat->any the alternatives of the clause
   take; 0: it is not known for its alternatives, and takes one. */
size_t ps_optional_room(const ps_plan_node *node);

/* Does each match of the node score 1 at least? */
bool ps_optional_scores(const ps_plan_node *node);

/*
 * Adds such a clause to flat->any. Words that can be written in several ways
 * match as if each way were a clause of its own, which is how they are added
 * when they are only counted. Errors: NOMEM, CORRUPT.
 */
int ps_build_optional(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                      ps_flat *flat) PC_MUST_USE;

#endif
