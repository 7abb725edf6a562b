/*
 * Which lines of a thesaurus can matter to a query, told by the first letters
 * of words: so that a program that answers one query reads a few lines instead
 * of a thousand.
 */
#ifndef PARASOL_SEARCHER_PLAN_SYNONYM_FILTER_H
#define PARASOL_SEARCHER_PLAN_SYNONYM_FILTER_H

#include <stdbool.h>

#include "common/base/str.h"

#define PS_FILTER_SIGNS 38u /* letters, digits, %, all else */

typedef struct ps_synonym_filter {
    bool all; /* keeps every line */
    bool begins[PS_FILTER_SIGNS][PS_FILTER_SIGNS];
} ps_synonym_filter;

/* For the words of `query`. Cost: linear. */
void ps_synonym_filter_init(ps_synonym_filter *f, pc_str query);

/* False when no word of the line begins as one of the query does, with both
   of its first letters, where it has two of ASCII. A line that is left out
   has no side that the query could hold. Cost: linear. */
bool ps_synonym_filter_keeps(const ps_synonym_filter *f, pc_str line);

#endif
