/*
 * Where a text matches a query: the tokens of the text against the words and
 * phrases of the query, in one pass that can pause. Used by the snippet.
 */
#ifndef PARASOL_SEARCHER_RENDER_MATCH_H
#define PARASOL_SEARCHER_RENDER_MATCH_H

#include "common/base/arena.h"
#include "common/text/analyzer.h"
#include "common/text/words.h"
#include "searcher/render/snippet.h"

#define PS_MAX_MATCHES 16384u /* no more are kept for one text */

/* One word or whole phrase of the query, found in the text. */
typedef struct ps_match {
    uint32_t start; /* bytes in the text */
    uint32_t end;
    uint32_t leaf; /* index in the highlighter, of the first way to write it */
} ps_match;

typedef struct ps_matcher ps_matcher;

/*
 * Prepares to match `text`. *out and its matches live in `arena`; h, an and
 * text are borrowed as long as it is used. Errors: NOMEM.
 */
int ps_matcher_new(ps_matcher **out, const ps_highlighter *h, pc_analyzer *an,
                   pc_str text, pc_arena *arena) PC_MUST_USE;

/* What made ps_matcher_run return. */
enum ps_matcher_stop { PS_MATCH_END, PS_MATCH_COMPLETE };

/*
 * Goes on until all tokens that start before `until` are read, or, if
 * `within` is not 0, until every leaf has matched inside `within` bytes or
 * no other leaf has turned up for PS_SNIPPET_PATIENCE bytes.
 * *stop says which. Errors: NOMEM.
 */
int ps_matcher_run(ps_matcher *m, uint32_t until, uint32_t within,
                   enum ps_matcher_stop *stop) PC_MUST_USE;

/* The matches so far, by start and then end. Borrowed until the next run. */
const ps_match *ps_matcher_matches(ps_matcher *m, size_t *n);

#endif
