/*
 * Patterns for the oracle: whether a word matches, found out in the slowest
 * and most obvious way. Shares with the engine the folding of whole words and
 * the rule for how far a fuzzy word may be.
 */
#ifndef PARASOL_TESTS_SUPPORT_NAIVE_PATTERN_H
#define PARASOL_TESTS_SUPPORT_NAIVE_PATTERN_H

#include "searcher/expand/pattern.h"

/* Whether patterns look at such a word of the dictionary. Identifiers,
   compounds and pairs are found by their parts. */
bool naive_pattern_reads(pc_str word);

/* How far `word` is from the pattern, or -1. A regular expression has to be
   one that the engine takes. */
int naive_pattern_distance(const ps_pattern *p, pc_str word);

/* Edits between two words of code points, transpositions of neighbours
   included, by dynamic programming. */
uint32_t naive_edits(const uint32_t *a, uint32_t n, const uint32_t *b,
                     uint32_t m);

#endif
