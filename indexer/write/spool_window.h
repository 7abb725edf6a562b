/*
 * A window on the bytes of a spool, for records that are read one after the
 * other: what is wanted next is made to stand in memory in one piece.
 *
 * One thread at a time for a window; several windows may be on one spool once
 * it is settled.
 */
#ifndef PARASOL_INDEXER_WRITE_SPOOL_WINDOW_H
#define PARASOL_INDEXER_WRITE_SPOOL_WINDOW_H

#include <stdbool.h>

#include "indexer/write/spool.h"

typedef struct pi_spool_window {
    const pi_spool *spool;
    uint64_t at;  /* of the spool: behind what stands in the window */
    uint64_t end; /* of the spool: nothing is read from here on */
    size_t piece; /* bytes that are read together, at least */
    pc_buf bytes;
    size_t used; /* bytes of the window that were read */
} pi_spool_window;

/* A window on bytes [at, end) of a spool, which is borrowed until release.
   Nothing is read yet. */
void pi_spool_window_init(pi_spool_window *w, const pi_spool *spool,
                          uint64_t at, uint64_t end, size_t piece,
                          const pc_mem *mem);
void pi_spool_window_release(pi_spool_window *w);

/* Makes `want` bytes stand in the window behind those that were read, or as
   many as there are: what stands there moves. Errors: NOMEM, IO. */
int pi_spool_window_load(pi_spool_window *w, size_t want,
                         parasol_error *err) PC_MUST_USE;

/* Goes over n bytes, which are in the spool whether they stand in the window
   or not. */
void pi_spool_window_skip(pi_spool_window *w, uint64_t n);

/* The bytes that stand in the window and were not read, until the next load;
   and how many they are. */
static inline const uint8_t *pi_spool_window_ptr(const pi_spool_window *w)
{
    return w->used > 0 ? w->bytes.ptr + w->used : w->bytes.ptr;
}

static inline size_t pi_spool_window_len(const pi_spool_window *w)
{
    return w->bytes.len - w->used;
}

/* Whether nothing is left, in the window or behind it. */
static inline bool pi_spool_window_over(const pi_spool_window *w)
{
    return pi_spool_window_len(w) == 0 && w->at == w->end;
}

#endif
