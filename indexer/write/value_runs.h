/*
 * Strings that have no room in memory: runs in a temporary file, each the
 * sorted strings of some documents, and which document has which. When all are
 * there, the strings are merged, and each gets the rank that it has among all.
 *
 * One thread at a time. Memory: four bytes for each string of each run, and a
 * window of PI_RUN_WINDOW a run.
 */
#ifndef PARASOL_INDEXER_WRITE_VALUE_RUNS_H
#define PARASOL_INDEXER_WRITE_VALUE_RUNS_H

#include <stdbool.h>

#include "common/base/str.h"
#include "indexer/write/spool.h"

#define PI_RUN_WINDOW ((size_t)16 << 10)

/* Instead of the rank of a string that was not taken. */
#define PI_NO_RANK UINT32_MAX

typedef struct pi_value_run {
    uint64_t values_at; /* in the file: the length, 32 bits, and the bytes */
    uint64_t pairs_at;  /* in the file: document and number of the string */
    uint32_t values, pairs;
} pi_value_run;

typedef struct pi_value_runs {
    const pc_mem *mem;
    pi_spool *file; /* borrowed; several may share one */
    pi_value_run *list;
    size_t n, cap;
    uint32_t *ranks; /* after the merge: those of each run, one after another */
    size_t run, ranks_at; /* where pi_value_runs_next stands */
    uint32_t pair;
    uint8_t *buffer; /* of pairs */
    size_t have, at;
} pi_value_runs;

/* `file` and `mem` are borrowed until release. */
void pi_value_runs_init(pi_value_runs *r, pi_spool *file, const pc_mem *mem);
void pi_value_runs_release(pi_value_runs *r);

/*
 * Begins a run at the end of the file; first its strings are put, in their
 * order, then its pairs. What fails is told by the file, or is NOMEM.
 */
int pi_value_runs_begin(pi_value_runs *r) PC_MUST_USE;
void pi_value_runs_value(pi_value_runs *r, pc_str value);
void pi_value_runs_pair(pi_value_runs *r, uint32_t doc, uint32_t number);

/* Takes the strings, each once, in their order; false: it has no room for this
   one. */
typedef bool pi_value_take(void *to, pc_str value);

/*
 * Merges the strings of all runs, whose file is settled; *n is how many were
 * taken. Errors: NOMEM, IO.
 */
int pi_value_runs_merge(pi_value_runs *r, pi_value_take *take, void *to,
                        uint32_t *n, parasol_error *err) PC_MUST_USE;

/* After the merge: from the first pair on again. */
void pi_value_runs_rewind(pi_value_runs *r);

/* The next pair, in the order in which they were put, with the rank of the
   string or PI_NO_RANK; *more is false at the end. Errors: NOMEM, IO. */
int pi_value_runs_next(pi_value_runs *r, uint32_t *doc, uint32_t *rank,
                       bool *more, parasol_error *err) PC_MUST_USE;

#endif
