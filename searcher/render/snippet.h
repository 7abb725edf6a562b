/*
 * The passage of a text that shows best why it matched.
 */
#ifndef PARASOL_SEARCHER_RENDER_SNIPPET_H
#define PARASOL_SEARCHER_RENDER_SNIPPET_H

#include <parasol/searcher.h>

#include "common/base/arena.h"
#include "common/base/str.h"
#include "common/text/analyzer.h"

/* Bytes of a text that are searched for matches. */
#define PS_SNIPPET_SCAN (1u << 20)

/* Of these, bytes searched beyond the first match of the leaf found last. */
#define PS_SNIPPET_PATIENCE (1u << 16)

/* A term of the query, as the analyzer made it. */
typedef struct ps_match_term {
    pc_str stem;
    pc_str form;
    bool exact;   /* a token must have this form, not just this stem */
    uint32_t gap; /* positions between the term before and this one */
} ps_match_term;

/* A word (n is 1) or a phrase, whose terms must stand in a row. */
typedef struct ps_highlight_leaf {
    const ps_match_term *terms;
    size_t n;
    float weight; /* its share of the score, e.g. its idf; >= 0 */
    bool again;   /* another way to write the leaf before; never the first */
} ps_highlight_leaf;

/* A query for highlighting: its leaves that are not excluded. All borrowed;
   read-only, so threads may share it. */
typedef struct ps_highlighter {
    const ps_highlight_leaf *leaves;
    size_t n;
} ps_highlighter;

typedef struct ps_snippet {
    pc_str text; /* zero-terminated, valid UTF-8; ptr is never NULL */
    const parasol_span *spans; /* in order, not overlapping, not empty */
    size_t span_count;
    bool starts_inside; /* text was left out before it */
    bool ends_inside;   /* text was left out after it */
} ps_snippet;

/*
 * Picks at most `max_bytes` of `text`: where most leaves of `h` match, the
 * heaviest ones, early, from the start of a sentence if there is one near.
 * Without a match: the beginning. White space is folded to single spaces, bad
 * UTF-8 replaced, cuts fall between words where there are any. A phrase that
 * matches is one span; its words alone are none.
 *
 * `an` is the analyzer of the index, used by this call only. *out lives in
 * `arena`, which also takes the memory for the work.
 * Errors: NOMEM.
 * Cost: linear in the text up to PS_SNIPPET_SCAN, but ends early when all
 * leaves are found together, or no other one for PS_SNIPPET_PATIENCE bytes.
 */
int ps_snippet_make(const ps_highlighter *h, pc_analyzer *an, pc_str text,
                    size_t max_bytes, pc_arena *arena,
                    ps_snippet *out) PC_MUST_USE;

#endif
