/*
 * Results for programs: one JSON object a line (JSON Lines, UTF-8). The
 * fields, which only ever become more:
 *
 * hit      v, type "hit", rank, score, path, title, date ("" if unknown),
 *          meta {name: [values]}, snippet {text, spans [[start, end]] in
 *          bytes of the text, before, after: whether text was left out}
 * summary  v, type "summary", query (canonical), total, exact, from,
 *          returned, index, commit, documents, not_searchable, elapsed_us,
 *          warnings, notes [{start, end, message}] in bytes of the query as
 *          given; total_all where the query is a list of two or more: how
 *          many hold all; understood with --show-query; suggestion: a query
 *          that was probably meant, or null
 */
#ifndef PARASOL_SEARCHER_CLI_OUT_JSON_H
#define PARASOL_SEARCHER_CLI_OUT_JSON_H

#include <stdbool.h>
#include <stdio.h>

#include <parasol/searcher.h>

/* Hit `i` of `r`, as its rank from 1. Errors of the stored metadata are
   returned; the line is complete all the same. */
int ps_json_hit(FILE *out, parasol_result *r, size_t i, uint64_t rank,
                const parasol_hit *hit, const parasol_snippet *snippet,
                parasol_error *err);

typedef struct ps_json_summary_in {
    const parasol_query *query;
    parasol_result *result;
    const parasol_searcher_info *info;
    const char *index;
    uint64_t from;
    uint64_t elapsed_us;
    bool show_query;
    parasol_str suggestion; /* empty: none */
} ps_json_summary_in;

/* The last line. */
void ps_json_summary(FILE *out, const ps_json_summary_in *in);

#endif
