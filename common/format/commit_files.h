/*
 * The files of a commit, one by one, for those who treat all alike: copy,
 * verify, count.
 */
#ifndef PARASOL_COMMON_FORMAT_COMMIT_FILES_H
#define PARASOL_COMMON_FORMAT_COMMIT_FILES_H

#include "common/base/arena.h"
#include "common/format/manifest.h"
#include "common/format/name.h"

/* A sealed file that a manifest names. */
typedef struct pc_commit_file {
    enum pc_name kind;
    uint64_t number;
    uint64_t bytes;
    uint32_t crc; /* its trailer checksum */
} pc_commit_file;

/*
 * The sealed files of a commit: segments, skips, dead documents, catalog, each
 * kind in the order of the numbers. The array is borrowed from the arena; with
 * no files it is not NULL. Errors: NOMEM.
 */
int pc_commit_files(const pc_manifest *m, pc_commit_file **out, size_t *n,
                    pc_arena *arena, parasol_error *err) PC_MUST_USE;

/* The kind that a sealed file of that name has in its header; 0 for names that
   are not of sealed files. */
uint32_t pc_commit_file_kind(enum pc_name name);

#endif
