/*
 * Making an index small and fast: all its segments into one, and, if wanted,
 * documents that are alike next to each other. Searches find the same, in the
 * same order and with the same scores, before and after.
 */
#ifndef PARASOL_OPTIMIZE_H
#define PARASOL_OPTIMIZE_H

#include <stddef.h>
#include <stdint.h>

#include <parasol/alloc.h>
#include <parasol/status.h>
#include <parasol/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How documents are put in order inside the index. */
enum parasol_order {
    PARASOL_ORDER_BISECT = 0, /* alike ones together: the smallest index */
    PARASOL_ORDER_PATH = 1,   /* by the bytes of their paths */
    PARASOL_ORDER_NONE = 2    /* as they were added */
};

/* What is being done. */
enum parasol_optimize_phase {
    PARASOL_PHASE_COMPARING = 0, /* documents, for an order */
    PARASOL_PHASE_MERGING = 1    /* segments */
};

typedef struct parasol_optimize_options {
    size_t struct_size;
    const parasol_allocator *alloc; /* NULL: the C library's; called by the
                                       calling thread only */
    int order;                      /* enum parasol_order */
    unsigned jobs;   /* threads; 0: one for each processor. The bytes do not
                        depend on it */
    uint64_t memory; /* bytes to use, about; 0: half of the RAM */
    /* Called now and then, in the calling thread, with the share of a phase
       that is done, 0 to 1; may be NULL. Not 0 stops with PARASOL_ARG. */
    int (*progress)(int phase, double done, void *user);
    void *user;
} parasol_optimize_options;

#define PARASOL_OPTIMIZE_OPTIONS_INIT                                          \
    {                                                                          \
        sizeof(parasol_optimize_options), NULL, PARASOL_ORDER_BISECT, 0, 0,    \
            NULL, NULL                                                         \
    }

typedef struct parasol_optimize_info {
    size_t struct_size;
    uint64_t commit; /* the newest one now */
    uint64_t documents;
    uint64_t segments;     /* before; now there is one, or none */
    uint64_t bytes_before; /* of all files of the commit */
    uint64_t bytes;        /* now */
    int changed;           /* 0: the index was as it is to be */
} parasol_optimize_info;

#define PARASOL_OPTIMIZE_INFO_INIT                                             \
    {                                                                          \
        sizeof(parasol_optimize_info), 0, 0, 0, 0, 0, 0                        \
    }

/*
 * Replaces the newest commit of the index in `path` by one with the same
 * documents in one segment, atomically and durably; until then readers see
 * the commit before, and those that are open keep it. `options` and `info`
 * may be NULL.
 *
 * Memory: `memory`, plus up to 64 MiB for buffers, some 50 bytes for each
 * document, 40 for each distinct word that is not its own stem, and the packed
 * list of the most frequent word. To compare the documents
 * takes 4 bytes for each posting of a word that is neither rare nor in every
 * eighth document; where that is more than `memory`, NOMEM says how much it
 * is.
 *
 * Errors: NOTFOUND (no index), LOCKED (another writer), CORRUPT, VERSION, ARG
 * (stopped; no such order; it is a packed index), IO, FULL, NOMEM; the commit
 * before is then untouched.
 */
PARASOL_API int parasol_optimize(const char *path,
                                 const parasol_optimize_options *options,
                                 parasol_optimize_info *info,
                                 parasol_error *err) PARASOL_MUST_USE;

#ifdef __cplusplus
}
#endif
#endif
