/*
 * Results for people: a terminal, or a pipe to read later. Nothing that comes
 * from a document or a query reaches a terminal as more than visible text.
 */
#ifndef PARASOL_SEARCHER_CLI_OUT_TEXT_H
#define PARASOL_SEARCHER_CLI_OUT_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include <parasol/searcher.h>

/* Hit `rank` (from 1). With `color`, the title and the matches stand out. */
void ps_text_hit(FILE *out, uint64_t rank, const parasol_hit *hit,
                 const parasol_snippet *snippet, bool color);

/* The path of a hit on a line of its own. Raw bytes, for other programs,
   unless `safe`. */
void ps_text_path(FILE *out, const parasol_hit *hit, bool safe);

/* "label: message", the query, and a caret under the bytes from `start` to
   `end`. */
void ps_text_caret(FILE *out, const char *label, const char *message,
                   const char *query, size_t len, size_t start, size_t end);

/* The last line: how many there are and how long it took. */
void ps_text_summary(FILE *out, const parasol_result *r, double ms,
                     uint64_t not_searchable);

#endif
