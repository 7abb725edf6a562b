/*
 * Warnings: what of a query was not understood, or is otherwise in this index,
 * and where it stands. Their number is bounded; the last one says how many
 * more there were.
 */
#ifndef PARASOL_SEARCHER_QUERY_WARN_H
#define PARASOL_SEARCHER_QUERY_WARN_H

#include <parasol/searcher.h>

#include "common/base/arena.h"

#define PS_MAX_WARNINGS 64u

typedef struct ps_warnings {
    pc_arena *arena;
    const char *noun, *where; /* as for ps_warnings_init */
    parasol_warning *items;   /* borrowed from the arena */
    size_t n;
    size_t n_more; /* that are not among `items` but for the last of these */
    char *more;    /* which says how many; in the arena */
    int status;    /* PARASOL_OK, or PARASOL_NOMEM for ever */
} ps_warnings;

/* No warnings. They will live as long as `arena`. The last one calls them
   `noun`, and says `where` they are, behind a space, or is ""; both are
   borrowed. */
void ps_warnings_init(ps_warnings *w, pc_arena *arena, const char *noun,
                      const char *where);

/* Adds a warning about the bytes from `start` to `end`. `message` is a
   sentence without a final dot that lives as long as the arena. */
void ps_warn(ps_warnings *w, size_t start, size_t end, const char *message);

/* The same with a message that is formatted as printf does, and copied: its
   first 255 bytes. Returns w->status. */
int ps_warn_format(ps_warnings *w, size_t start, size_t end, const char *fmt,
                   ...) PC_PRINTF(4, 5) PC_MUST_USE;

/* Puts the warnings in order of their start; equal ones keep their order. */
void ps_warnings_sort(ps_warnings *w);

#endif
