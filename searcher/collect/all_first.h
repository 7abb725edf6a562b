/*
 * Documents that hold all that a list wants: how many there are, and a ranking
 * that puts them first.
 */
#ifndef PARASOL_SEARCHER_COLLECT_ALL_FIRST_H
#define PARASOL_SEARCHER_COLLECT_ALL_FIRST_H

#include "searcher/collect/run.h"

/*
 * Counts the documents that match every wanted clause of the plan's root, as
 * if all were required. *out is UINT64_MAX if it has fewer than two, or when
 * the deadline (0: none) came first. Errors: NOMEM, CORRUPT.
 */
int ps_run_all(uint64_t *out, const ps_plan *plan, const ps_snapshot *snap,
               uint64_t deadline, pc_arena *arena,
               parasol_error *err) PC_MUST_USE;

/* Whether the root is a list of two or three wanted words, and perhaps filters
   and exclusions. */
bool ps_plan_is_short(const ps_plan *plan);

/*
 * As ps_run, for a short plan, but all documents that match every wanted word
 * rank before those that do not; each part by its scores. Cost: a
 * conjunction, and the disjunction only where that does not fill the k
 * places or the matches are counted.
 */
int ps_run_all_first(ps_run_result *out, const ps_plan *plan,
                     const ps_snapshot *snap, ps_run_params params,
                     pc_arena *arena, parasol_error *err) PC_MUST_USE;

#endif
