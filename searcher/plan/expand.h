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
    const ps_node *root;
    uint64_t deadline; /* of pc_clock_now; 0: none */
    parasol_error *err;
    /* What all patterns of the query share; counted at the first of them. */
    bool counted;
    uint64_t patterns; /* that are still to come, this one included */
    uint64_t work;     /* that is left for them */
    uint32_t stems;
} ps_expander;

/*
 * Plans a PREFIX, WILDCARD, FUZZY or REGEX node. *out becomes a PS_PLAN_LEAF, a
 * PS_PLAN_BOOL of PS_SHOULD leaves (`expanded`), or PS_PLAN_NONE.
 *
 * Each stem is weighted by its own idf. A fuzzy word counts half of that for
 * each edit, and where the index has the word itself, no neighbour counts as
 * rarer than it: a rare misspelling would else outrank what was asked for.
 *
 * The patterns of a query share a number of stems and an amount of work: each
 * may have its part of what is left.
 *
 * What a limit left out, and what is wrong with an expression, becomes a note.
 * Errors: NOMEM, CORRUPT.
 */
int ps_plan_pattern(ps_expander *x, const ps_node *node, double boost,
                    bool scoring, ps_plan_node *out) PC_MUST_USE;

#endif
