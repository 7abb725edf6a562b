/*
 * A plan as text, for people: what the query was understood as.
 */
#ifndef PARASOL_SEARCHER_PLAN_SHOW_H
#define PARASOL_SEARCHER_PLAN_SHOW_H

#include "common/base/buf.h"
#include "searcher/plan/plan.h"

/* Appends a line for each node, indented by its depth; *b tells whether memory
   ran out. Cost: the plan. */
void ps_plan_show(pc_buf *b, const ps_plan *plan);

#endif
