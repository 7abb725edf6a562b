/*
 * Planning of patterns: prefixes, wildcards, fuzzy words, regular expressions
 * become the disjunction of the words of the index that they match.
 */
#ifndef PARASOL_SEARCHER_PLAN_EXPAND_H
#define PARASOL_SEARCHER_PLAN_EXPAND_H

#include "searcher/plan/plan.h"

/* What planning a pattern needs; all borrowed. */
typedef struct ps_expander {
    const ps_snapshot *snap;
    pc_arena *arena;
    ps_plan *plan; /* gets notes */
    double k1;
    double *sum; /* of the weights of scoring leaves: grows */
    parasol_error *err;
} ps_expander;

/*
 * Plans a PREFIX, WILDCARD, FUZZY or REGEX node. *out becomes a PS_PLAN_LEAF, a
 * PS_PLAN_BOOL of PS_SHOULD leaves (`expanded`), or PS_PLAN_NONE.
 *
 * Each stem is weighted by its own idf. A fuzzy word counts half of that for
 * each edit, and where the index has the word itself, no neighbour counts as
 * rarer than it: a rare misspelling would else outrank what was asked for.
 *
 * What a limit left out, and what is wrong with an expression, becomes a note.
 * Errors: NOMEM, CORRUPT.
 */
int ps_plan_pattern(ps_expander *x, const ps_node *node, double boost,
                    bool scoring, ps_plan_node *out) PC_MUST_USE;

#endif
