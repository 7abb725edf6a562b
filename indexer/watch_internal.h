/*
 * What the two files of parasol_watch share: watch.c takes events and tells of
 * them, watch_scan.c walks and knows which folders are followed.
 */
#ifndef PARASOL_INDEXER_WATCH_INTERNAL_H
#define PARASOL_INDEXER_WATCH_INTERNAL_H

#include <stdatomic.h>

#include <parasol/watch.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/os/notify.h"

/* A folder that was given. */
typedef struct pi_watch_root {
    char *dir;
} pi_watch_root;

/* A folder that is followed. */
typedef struct pi_followed {
    int id; /* ascending */
    size_t root;
    char *path; /* relative to the root; "": the root itself */
    uint64_t scan;
} pi_followed;

struct parasol_watch {
    pc_mem alloc; /* copy of the caller's; resize NULL: the C library's */
    const pc_mem *mem;
    parasol_watch_options options;
    char *index;
    pi_watch_root *roots;
    size_t n_roots;
    pc_notify *notify;
    pi_followed *folders;
    size_t n_folders, folders_cap;
    uint64_t scan;       /* number of the last one */
    size_t root;         /* the one that is scanned */
    char why[256];       /* it polls; "": it does not */
    uint64_t seen;       /* hash of what was there, when it polls */
    atomic_bool stopped; /* lock-free: set in signal handlers, too */
    /* Of the change that is being gathered: */
    pc_arena arena;
    pc_buf path; /* of an event */
    char **paths;
    size_t n_paths, paths_cap;
    bool everything;
    bool rescan; /* folders have to be walked again */
    bool changed;
    uint64_t first; /* when it began */
};

/* The folder with that number; NULL: it is not followed any more. */
const pi_followed *pi_watch_folder(const parasol_watch *w, int id);

/* Follows no folder any more. */
void pi_watch_forget(parasol_watch *w);

/*
 * Follows all folders that are there now; where the system does not follow so
 * many, polls. Errors: NOTFOUND or IO (a root), NOMEM.
 */
int pi_watch_rescan(parasol_watch *w, parasol_error *err) PC_MUST_USE;

/* Looks at all files, now and in time again and again; `why` is a sentence. */
int pi_watch_poll(parasol_watch *w, const char *why,
                  parasol_error *err) PC_MUST_USE;

/* Walks without following anything; *hash is of all that is there. */
int pi_watch_hash(parasol_watch *w, uint64_t *hash,
                  parasol_error *err) PC_MUST_USE;

/* A copy with a zero behind it, owned by the caller; NULL: out of memory. */
char *pi_watch_copy(const parasol_watch *w, const char *z, size_t n);

#endif
