/*
 * Walk over a folder: every file, in the byte order of its path relative to
 * the root, whatever order the system lists it in. Folders are held open and
 * names are opened relative to them, never through a symbolic link, so that
 * the walk cannot leave the root even when names are exchanged under it.
 *
 * Left out without a word: folders named .git, the folder to exclude, and
 * folders named .parasol that hold a manifest. Hidden files are walked. What
 * rules leave out (ignore_files.h) is counted, a folder as one; so are not the
 * files .parasolignore that they stand in. What cannot be walked is an entry
 * with its reason, and the rest goes on.
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

typedef struct pi_walk_options {
    const char *exclude; /* a folder to leave out, which need not exist, or
                            NULL */
    bool gitignore;      /* the rules of .gitignore, too */
    /* Called with each folder that is open, before its names are read, and its
       path, "" for the root; may be NULL. Not PARASOL_OK ends the walk with
       that. */
    int (*entering)(void *user, int fd, pc_str path, parasol_error *err);
    void *user;
} pi_walk_options;

/*
 * Opens the folder `root`, itself perhaps through a link. `options`, which may
 * be NULL, are copied. *out is owned by the caller (pi_walk_free).
 * Errors: NOTFOUND, IO (also: not a folder), NOMEM.
 */
int pi_walk_open(pi_walk **out, const char *root,
                 const pi_walk_options *options, const pc_mem *mem,
                 parasol_error *err) PC_MUST_USE;

/* Accepts NULL. */
void pi_walk_free(pi_walk *w);

/* The next entry, borrowed until the next call; *more is false at the end.
   Errors: NOMEM. */
int pi_walk_next(pi_walk *w, pi_entry *entry, bool *more,
                 parasol_error *err) PC_MUST_USE;

enum pi_found { PI_FOUND_NONE, PI_FOUND_FILE, PI_FOUND_FOLDER };

/*
 * Goes to one file or folder below the root, before the first pi_walk_next: a
 * path without empty parts. *found is FILE, and *entry tells of it, for what
 * the walk would have told of at that path; FOLDER, and pi_walk_next gives what
 * is below it and nothing else; or NONE, where the walk would not come by.
 * Errors: as pi_walk_next. Cost: lists all folders on the way.
 */
int pi_walk_seek(pi_walk *w, pc_str path, pi_entry *entry, enum pi_found *found,
                 parasol_error *err) PC_MUST_USE;

/* Files and folders that rules have left out so far. */
void pi_walk_ignored(const pi_walk *w, uint64_t *files, uint64_t *folders);

/*
 * Reads the file of the entry that pi_walk_next gave last into *out, which is
 * cleared first. When it cannot be read, or is larger than `limit` bytes,
 * entry->skip and entry->detail say why and *out is empty; entry->bytes is
 * set to what was read or found. Errors: NOMEM.
 */
int pi_walk_read(pi_walk *w, pi_entry *entry, pc_buf *out, uint64_t limit,
                 parasol_error *err) PC_MUST_USE;

#endif
