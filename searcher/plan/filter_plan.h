/*
 * Filters against what the index has: which fields exist, and what to say
 * where one does not.
 */
#ifndef PARASOL_SEARCHER_PLAN_FILTER_PLAN_H
#define PARASOL_SEARCHER_PLAN_FILTER_PLAN_H

#include "searcher/plan/plan.h"

/*
 * Looks whether some document has the field of the filter `node`. Where none
 * has and the name is no usual one, *text is what was written, as text, in the
 * arena: "localhost:8080" asks for no metadata; NULL otherwise. Says so in
 * *notes, unless it is an identifier (cve:2014-0160), and also when values were
 * too long for the columns.
 * Errors: NOMEM, CORRUPT.
 */
int ps_filter_check(const ps_snapshot *snap, const ps_node *node,
                    ps_warnings *notes, pc_arena *arena, ps_node **text,
                    parasol_error *err) PC_MUST_USE;

/* Whether the filter asks for languages (lang:de) that the index tells apart;
   if so, *set gets a bit for each of the index that it means. */
bool ps_filter_languages(const ps_snapshot *snap, const ps_filter *f,
                         uint64_t *set);

#endif
