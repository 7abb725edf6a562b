/*
 * What a check knows of itself, and how it says what it has found.
 */
#ifndef PARASOL_INDEXER_CHECK_FINDING_H
#define PARASOL_INDEXER_CHECK_FINDING_H

#include <stdbool.h>

#include <parasol/check.h>

#include "common/base/buf.h"
#include "common/base/sort.h"

/* Findings of a section of a file that are told one by one. */
#define PI_FINDINGS_TOLD 20u

typedef struct pi_check {
    const pc_mem *mem;
    const char *dir;
    parasol_check_options o;
    parasol_check_info info;
    uint64_t bytes_to_do; /* of all files, twice if the check is deep */
    uint64_t bytes_done;
    int stopped; /* PARASOL_OK, or why the check cannot go on */
    parasol_error error;
    pc_sort_item *ids; /* hashes of the ids of all documents that are alive */
    size_t n_ids, ids_cap;
    /* Private: the kind of finding that came last, and how many of it. */
    char last_file[64];
    char last_section[128];
    uint64_t told;
} pi_check;

/* A place in a file. */
typedef struct pi_place {
    const char *file;    /* a name in the directory */
    const char *section; /* "" for none */
    uint64_t offset;     /* PARASOL_NO_OFFSET: none */
    uint64_t length;
} pi_place;

/* Tells of damage, or of what is worth a note; `affects` may be "". */
void pi_damage(pi_check *c, pi_place at, const char *affects, const char *fmt,
               ...) PC_PRINTF(4, 5);
void pi_note(pi_check *c, const char *file, const char *fmt, ...)
    PC_PRINTF(3, 4);

/* Says how many findings of the last kind were not told. To be called when the
   last file is done; the others are seen to. */
void pi_findings_end(pi_check *c);

/* Remembers that the check cannot go on: out of memory, the system. */
void pi_check_stop(pi_check *c, int rc, const parasol_error *err);
void pi_check_nomem(pi_check *c);

/* Counts bytes that are done, and asks the caller whether to go on. */
void pi_check_progress(pi_check *c, uint64_t bytes);

#endif
