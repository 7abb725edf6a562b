/*
 * From a plan to what its snippets mark.
 */
#ifndef PARASOL_SEARCHER_RENDER_HIGHLIGHT_H
#define PARASOL_SEARCHER_RENDER_HIGHLIGHT_H

#include "searcher/plan/plan.h"
#include "searcher/render/snippet.h"

/* The leaves of the plan that are not excluded, as they stand in a text of a
   language of the index. *out lives in `arena` and
   borrows from the plan. Errors: NOMEM. */
int ps_highlight_plan(ps_highlighter *out, const ps_plan *plan,
                      uint32_t language, pc_arena *arena) PC_MUST_USE;

#endif
