/*
 * The files of an index in the making that are not searchable: what this run
 * has met, and what the commit before had and still holds.
 */
#ifndef PARASOL_INDEXER_CATALOG_SKIP_LIST_H
#define PARASOL_INDEXER_CATALOG_SKIP_LIST_H

#include "common/segment/skips.h"
#include "indexer/catalog/catalog.h"

typedef struct pi_skip_list {
    const pc_mem *mem;
    pc_buf bytes;   /* records, one after the other */
    uint64_t *ends; /* where each ends in `bytes` */
    size_t n, cap;
    uint64_t counts[PC_MANIFEST_SKIPS]; /* by reason */
} pi_skip_list;

/* `mem` is borrowed until release. Cannot fail. */
void pi_skip_list_init(pi_skip_list *l, const pc_mem *mem);
void pi_skip_list_release(pi_skip_list *l);

/* Adds a record; strings are copied. NOMEM. */
int pi_skip_list_put(pi_skip_list *l, const pc_skip *skip,
                     parasol_error *err) PC_MUST_USE;

/*
 * Adds what the commit `now`, of the index that the catalog is of, has and what
 * is still so: records of files that stay as they are, and those of lines of
 * other inputs than `inputs` (names, as in FILE:LINE:COLUMN). Then all records
 * are sorted by path. *same tells whether they are exactly those of `now`.
 * Errors: as pc_skips_open and pi_catalog_stays.
 */
int pi_skip_list_carry(pi_skip_list *l, const pc_manifest *now, pi_catalog *c,
                       const pc_str *inputs, size_t n_inputs, bool *same,
                       parasol_error *err) PC_MUST_USE;

/* Writes the file k<number>.seg in `dir`, durable but for its name or, if not
   `synced`, not at all, and enters it and the counts in *next; without records
   there is no file, and the number is still free. Errors: IO, FULL, NOMEM. */
int pi_skip_list_write(const pi_skip_list *l, const char *dir, uint64_t number,
                       bool synced, pc_manifest *next,
                       parasol_error *err) PC_MUST_USE;

#endif
