/*
 * Words of a query (searcher/plan/word.h) to what is evaluated: a plain leaf
 * where there is one way to write them, slots with alternatives else.
 */
#ifndef PARASOL_SEARCHER_PLAN_SLOTS_H
#define PARASOL_SEARCHER_PLAN_SLOTS_H

#include "searcher/plan/plan.h"
#include "searcher/plan/word.h"

/* How the planner has a term looked up; `term` is copied. */
typedef struct ps_term_source {
    int (*get)(void *user, const pc_term *term, bool exact, ps_plan_term **out);
    void *user;
} ps_term_source;

/*
 * Makes `out` a leaf, spans, or a node that matches nothing, of `text`.
 * *idf gets what its weight is to be multiplied from. *ignored is set when
 * analysis leaves nothing. Everything lives in `arena`. Errors: NOMEM,
 * CORRUPT, those of the source.
 */
int ps_plan_words(ps_plan_node *out, pc_str text, bool exact,
                  const ps_snapshot *snap, pc_analyzer *analyzer,
                  const ps_synonyms *synonyms, const ps_term_source *source,
                  pc_arena *arena, double *idf, bool *ignored,
                  parasol_error *err) PC_MUST_USE;

#endif
