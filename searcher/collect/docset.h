/*
 * Sets of documents of one segment as bitmaps, for counting.
 */
#ifndef PARASOL_SEARCHER_COLLECT_DOCSET_H
#define PARASOL_SEARCHER_COLLECT_DOCSET_H

#include "searcher/iter/cursor.h"

typedef struct ps_docset {
    uint64_t *words;
    size_t n; /* words */
} ps_docset;

/* An empty set from the context's arena. PARASOL_OK or _NOMEM. */
int ps_docset_init(ps_docset *s, ps_ctx *ctx) PC_MUST_USE;

void ps_docset_clear(ps_docset *s);

/* Adds all documents of a list, whose cursor ends at its end. Failures to
   decode are kept in the context. */
void ps_docset_add(ps_docset *s, ps_cursor *c);

/* s := s and t, s := s without t. */
void ps_docset_keep(ps_docset *s, const ps_docset *t);
void ps_docset_drop(ps_docset *s, const ps_docset *t);

/* Drops the dead documents of the context's segment. */
void ps_docset_keep_alive(ps_docset *s, const ps_ctx *ctx);

uint64_t ps_docset_count(const ps_docset *s, const ps_ctx *ctx);

/* About what ps_docset_add costs, in nanoseconds. */
uint64_t ps_docset_cost(const ps_cursor *c);

#endif
