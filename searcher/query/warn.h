/*
 * Warnings of a parse: what was not understood, and where. Their number is
 * bounded; the last one says how many more there were.
 */
#ifndef PARASOL_SEARCHER_QUERY_WARN_H
#define PARASOL_SEARCHER_QUERY_WARN_H

#include <parasol/searcher.h>

#include "common/base/arena.h"

#define PS_MAX_WARNINGS 64u

typedef struct ps_warnings {
    pc_arena *arena;
    parasol_warning *items; /* borrowed from the arena */
    size_t n;
    size_t n_more; /* that are not among `items` but for the last of these */
    char *more;    /* which says how many; in the arena */
    int status;    /* PARASOL_OK, or PARASOL_NOMEM for ever */
} ps_warnings;

/* No warnings. They will live as long as `arena`. */
void ps_warnings_init(ps_warnings *w, pc_arena *arena);

/* Adds a warning about the bytes from `start` to `end`. `message` is a
   sentence without a final dot that lives as long as the arena. */
void ps_warn(ps_warnings *w, size_t start, size_t end, const char *message);

/* Puts the warnings in order of their start; equal ones keep their order. */
void ps_warnings_sort(ps_warnings *w);

#endif
