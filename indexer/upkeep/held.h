/*
 * A commit whose files are held open, so that they can be read to the end
 * although a writer replaces the commit and removes them.
 *
 * Takes no lock and writes nothing. One thread at a time.
 */
#ifndef PARASOL_INDEXER_UPKEEP_HELD_H
#define PARASOL_INDEXER_UPKEEP_HELD_H

#include "common/format/home.h"

typedef struct pi_held {
    const pc_mem *mem;
    pc_arena arena;
    pc_home home;
    pc_manifest manifest;
    pc_buf manifest_bytes; /* as they are in the file */
    pc_commit_file *files; /* of pc_commit_files */
    pc_extent *parts;      /* of each file; fd below 0: not held */
    size_t n;
} pi_held;

/*
 * Opens the newest commit of the index `path`, which is borrowed as is `mem`.
 * The lengths of its files are those that the manifest says. *h is initialised
 * also on error; released by pi_held_close in any case.
 * Errors: NOTFOUND, CORRUPT, VERSION, IO (also: too many open files), NOMEM.
 */
int pi_held_open(pi_held *h, const char *path, const pc_mem *mem,
                 parasol_error *err) PC_MUST_USE;

/* Opens file i of the commit; see pc_home_commit_file. Owned by the caller. */
int pi_held_sealed(pi_held *h, size_t i, pc_sealed **out,
                   parasol_error *err) PC_MUST_USE;

void pi_held_close(pi_held *h);

#endif
