/*
 * The few characters the query language gives a meaning beyond ASCII: white
 * space and quotation marks; and what a backslash escapes.
 */
#ifndef PARASOL_SEARCHER_QUERY_UTF_H
#define PARASOL_SEARCHER_QUERY_UTF_H

#include "common/base/str.h"

/* Bytes of the white space or control character at `pos`; 0 if it is another
   one or the end. */
size_t ps_utf_space(pc_str s, size_t pos);

/* A quotation mark. Families: '"' typewriter, 'c' curly, 'g' guillemets. */
typedef struct ps_quote {
    size_t len; /* bytes, 0: not a quotation mark */
    char family;
} ps_quote;

ps_quote ps_utf_quote(pc_str s, size_t pos);

/* Typewriter quotes close themselves; curly ones close each other, whichever
   way they turn (languages differ), and so does a typewriter quote typed for
   one; guillemets close each other. */
bool ps_quote_closes(ps_quote open, ps_quote close);

/* Whether a backslash at `pos` escapes the next byte: in a word, any ASCII
   punctuation. */
bool ps_utf_escape(pc_str s, size_t pos);

/* The same in a phrase: a typewriter quote or a backslash. */
bool ps_utf_quote_escape(pc_str s, size_t pos);

#endif
