/*
 * Walk over a folder: every file, in the byte order of its path relative to
 * the root, whatever order the system lists it in. Folders are held open and
 * names are opened relative to them, never through a symbolic link, so that
 * the walk cannot leave the root even when names are exchanged under it.
 *
 * Left out without a word: folders named .git, the folder to exclude, and
 * folders named .parasol that hold a manifest. Hidden files are walked.
 * What cannot be walked is an entry with its reason, and the rest goes on.
 *
 * One thread at a time may use a walk.
 * Memory: the names of one folder for each level; one open folder a level.
 */
#ifndef PARASOL_INDEXER_SOURCE_WALK_H
#define PARASOL_INDEXER_SOURCE_WALK_H

#include <stdbool.h>

#include <parasol/indexer.h>

#include "common/base/buf.h"

/* Folders below folders; a deeper one is an entry with UNREADABLE. */
#define PI_WALK_DEPTH 256

typedef struct pi_walk pi_walk;

typedef struct pi_entry {
    pc_str path;    /* relative, UTF-8, zero-terminated; bad bytes of a
                       name are shown as U+FFFD */
    int skip;       /* PARASOL_SKIP_NONE: a regular file, as far as seen */
    uint64_t bytes; /* its size; 0 where not known */
    int64_t mtime;  /* as in pc_node, as the folder was listed or, after
                       pi_walk_read, as the file was opened; 0 where not
                       known */
    int64_t ctime;
    const char *detail; /* more about the skip, or "" */
} pi_entry;

/*
 * Opens the folder `root`, itself perhaps through a link. `exclude` is a
 * folder to leave out, or NULL; it need not exist. *out is owned by the caller
 * (pi_walk_free). Errors: NOTFOUND, IO (also: not a folder), NOMEM.
 */
int pi_walk_open(pi_walk **out, const char *root, const char *exclude,
                 const pc_mem *mem, parasol_error *err) PC_MUST_USE;

/* Accepts NULL. */
void pi_walk_free(pi_walk *w);

/* The next entry, borrowed until the next call; *more is false at the end.
   Errors: NOMEM. */
int pi_walk_next(pi_walk *w, pi_entry *entry, bool *more,
                 parasol_error *err) PC_MUST_USE;

/*
 * Reads the file of the entry that pi_walk_next gave last into *out, which is
 * cleared first. When it cannot be read, or is larger than `limit` bytes,
 * entry->skip and entry->detail say why and *out is empty; entry->bytes is
 * set to what was read or found. Errors: NOMEM.
 */
int pi_walk_read(pi_walk *w, pi_entry *entry, pc_buf *out, uint64_t limit,
                 parasol_error *err) PC_MUST_USE;

#endif
