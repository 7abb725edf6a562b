/*
 * What is one word although it has spaces in it: "U. S.", and 1 000 000 with
 * the spaces that do not break a line; and the percent sign that a space may
 * part from its number. For the words of a text (common/text/words.h) and its
 * identifiers only.
 */
#ifndef PARASOL_COMMON_TEXT_SPACED_H
#define PARASOL_COMMON_TEXT_SPACED_H

#include <stdbool.h>

#include "common/base/str.h"

/*
 * The end of the row of capitals, each with a full stop behind it and one
 * space between two, that begins at `at`, where a single letter is a word:
 * behind its last letter. 0: there are less than two.
 */
size_t pc_spaced_acronym(pc_str text, size_t at);

/*
 * The same for rows that are an acronym which people write so; of others, such
 * as the initials of names, each letter is a word. The longest counts.
 */
size_t pc_spaced_known(pc_str text, size_t at);

/* The beginning of a row of any letters whose last one is at
   `at`, or `at`; not before `least`. */
size_t pc_spaced_acronym_begin(const char *text, size_t at, size_t least);

/*
 * The end of the number that begins at `at` with one to three digits and goes
 * on in groups of three behind a space that does not break a line (U+00A0,
 * U+202F, U+2009). 0: there is no such group.
 */
size_t pc_spaced_number(pc_str text, size_t at);

/*
 * The end of the percent sign behind a number that ends at `at`, with or
 * without one space between, and *start where it begins; 0: there is none, or
 * it is a sign of something else (a%20b, %5d).
 */
size_t pc_percent_behind(pc_str text, size_t at, size_t *start);

/*
 * Four numbers of a host with a full stop in brackets between two or more, so
 * that nobody follows it by mistake (192.0.2[.]17): where the last ends, 0 when
 * there are none at `at`.
 */
size_t pc_spaced_host(pc_str text, size_t at);

/* Where the decade ends that is written with an apostrophe and begins at `at`:
   1990's; 0: there is none. */
size_t pc_spaced_decade(pc_str text, size_t at);

/* Where the s ends of a possessive 's at `at`, behind which the word ends, 0
   when there is none. */
size_t pc_spaced_possessive(pc_str text, size_t at);

#endif
