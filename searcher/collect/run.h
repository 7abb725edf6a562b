/*
 * Running a plan over all segments of a snapshot.
 */
#ifndef PARASOL_SEARCHER_COLLECT_RUN_H
#define PARASOL_SEARCHER_COLLECT_RUN_H

#include "searcher/collect/topk.h"
#include "searcher/plan/plan.h"

typedef struct ps_run_params {
    size_t k;          /* best documents wanted; 0: count only */
    bool exact_total;  /* count every match */
    bool exhaustive;   /* no pruning and no fast path: the reference */
    uint64_t deadline; /* of pc_clock_now(); 0: none */
} ps_run_params;

typedef struct ps_run_result {
    ps_topk top; /* sorted; seg and doc of each */
    uint64_t total;
    bool total_exact; /* else at least `total` match */
    bool late;        /* the deadline came first; only `looked` documents were
                         looked at (dead ones do not count) */
    uint64_t looked;
} ps_run_result;

/* Everything lives in `arena`. Errors: NOMEM, CORRUPT. */
int ps_run(ps_run_result *out, const ps_plan *plan, const ps_snapshot *snap,
           ps_run_params params, pc_arena *arena,
           parasol_error *err) PC_MUST_USE;

#endif
