/*
 * Acronyms that a text explains: "Ministry of Defence (MoD)" and "MoD
 * (Ministry of Defence)", found as A. Schwartz and M. Hearst describe in "A
 * simple algorithm for identifying abbreviation definitions in biomedical
 * text" (Pacific Symposium on Biocomputing, 2003): the letters of the acronym
 * are looked for in the words, from the last to the first, which has to begin
 * a word. Two more things are asked for here: two thirds of the letters begin
 * words (of two, both), and of the acronym's letters two are capitals.
 *
 * A definition is a word of the index, an identifier with the key
 * "acr:mod=ministry of defence".
 */
#ifndef PARASOL_COMMON_TEXT_ACRONYM_H
#define PARASOL_COMMON_TEXT_ACRONYM_H

#include <stdbool.h>

#include "common/base/str.h"

#define PC_ACRONYM_TYPE "acr:"
#define PC_ACRONYM_MAX 10u /* letters */

/* Whether the word [start, end) may be an acronym that is explained beside it:
   a quick look at it and at what is around. */
static inline bool pc_acronym_may(const char *text, size_t len, size_t start,
                                  size_t end)
{
    if (end - start > PC_ACRONYM_MAX + 1 || end >= len)
        return false;
    return text[end] == ')' ||
           (text[end] == ' ' && end + 1 < len && text[end + 1] == '(');
}

/*
 * The definition of the word [start, end) of the text, which is letters of
 * ASCII: from *from to *to, parentheses included. False when there is none.
 * Looks at PC_IDENT_MAX bytes before and behind at most.
 */
bool pc_acronym_find(pc_str text, size_t start, size_t end, size_t *from,
                     size_t *to);

/* The key of a definition, as pc_acronym_find gives it, in
   out[0..PC_IDENT_MAX); its length, 0 when it is none. */
size_t pc_acronym_key(pc_str raw, char *out);

#endif
