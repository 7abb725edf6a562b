/*
 * Words of a query (searcher/plan/word.h) to what is evaluated: a plain leaf
 * where there is one way to write them, slots with alternatives else.
 */
#ifndef PARASOL_SEARCHER_PLAN_SLOTS_H
#define PARASOL_SEARCHER_PLAN_SLOTS_H

#include "searcher/plan/term.h"
#include "searcher/plan/word.h"

/* What a leaf of the query is about; all borrowed. */
typedef struct ps_leaf_words {
    pc_str text;
    uint8_t field;     /* enum pc_field_id */
    bool exact;        /* as written */
    uint32_t distance; /* 0: in order; else with so many between them */
    pc_analyzer *analyzer;
    const ps_synonyms *synonyms; /* NULL: none */
} ps_leaf_words;

/*
 * Makes `out` a leaf, spans, or a node that matches nothing. With a distance it
 * is a leaf of the parts of all words, as written: what they are together has
 * no meaning where others may stand between them. *idf gets what its weight is
 * to be multiplied from. *ignored is set when analysis leaves nothing.
 * Everything lives in the arena of `terms`. Errors: NOMEM, CORRUPT.
 */
int ps_plan_words(ps_plan_node *out, const ps_leaf_words *words,
                  ps_terms *terms, double *idf, bool *ignored) PC_MUST_USE;

#endif
