/*
 * What the parts of the lexer share: looking at bytes of the query without
 * taking them. Every function is total and looks at each byte a bounded
 * number of times.
 */
#ifndef PARASOL_SEARCHER_QUERY_SCAN_H
#define PARASOL_SEARCHER_QUERY_SCAN_H

#include "searcher/query/utf.h"

/* Longest name of a field, in bytes. */
#define PS_FIELD_NAME_MAX 32u

/* Whether byte `c` stands at `pos`. */
bool ps_scan_at(pc_str text, size_t pos, char c);

/* Whether a word ends at `pos` whatever stands before it: white space, a
   parenthesis, a quotation mark, the end. */
bool ps_scan_ends_word(pc_str text, size_t pos);

typedef struct ps_boost {
    size_t len; /* bytes read, 0: there is none */
    float value;
    bool constant; /* ^= */
    bool clamped;  /* it was beyond PS_MAX_BOOST */
} ps_boost;

/* Reads `^` or `^=` and a number, up to the end of a word. */
ps_boost ps_scan_boost(pc_str text, size_t pos);

/*
 * Reads digits at `pos` into *value, at most `max`; *clamped says that it
 * was more. Returns the bytes read, 0 if there are no digits.
 */
size_t ps_scan_number(pc_str text, size_t pos, uint32_t max, uint32_t *value,
                      bool *clamped);

typedef struct ps_quoted {
    pc_str raw; /* what is between the quotes, escapes left in */
    size_t end; /* behind the closing quote, or the end of the text */
    bool closed;
    bool empty; /* nothing but white space */
} ps_quoted;

/* Reads a phrase whose opening quote is at `pos`. */
ps_quoted ps_scan_quoted(pc_str text, size_t pos, ps_quote open);

/*
 * Bytes of a field's name with its colon at `pos`, 0 if there is none: an
 * ASCII letter, then letters, digits, _ or -, at least two bytes, and a colon.
 */
size_t ps_scan_name(pc_str text, size_t pos);

/*
 * The same if what follows can be a value: not the end of a word, another
 * colon, a boost, a backslash before text or two slashes. So "http://",
 * "std::" and "Re: x" name no field.
 */
size_t ps_scan_field(pc_str text, size_t pos);

#endif
