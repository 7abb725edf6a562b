/*
 * What a query means beyond its letters.
 *
 * Words of a list that belong together though no quotes say so: identifiers
 * (10 U.S.C. § 2304), designators (F 16) and what a thesaurus has for several
 * words. Compounds (cyber security) are not gathered: as phrases they cost
 * nDCG@10 on all test collections, and unions their speed.
 *
 * Words with accents, which are also wanted exactly as they were typed.
 */
#ifndef PARASOL_SEARCHER_PLAN_GATHER_H
#define PARASOL_SEARCHER_PLAN_GATHER_H

#include "searcher/plan/word.h"
#include "searcher/query/ast.h"

/*
 * Replaces *root by a tree in which the words of an identifier or designator
 * are one word or phrase, and in which words that have synonyms together are
 * also wanted as a phrase (`extra`); only words of one field without a boost
 * that were just listed are looked at. Words with accents become +word
 * =word^0.1. Nodes are copied where they change; all in `arena`. `synonyms` may
 * be NULL. Errors: NOMEM. Cost: linear.
 */
int ps_gather(const ps_node **root, const ps_synonyms *synonyms,
              pc_analyzer *analyzer, pc_arena *arena,
              parasol_error *err) PC_MUST_USE;

#endif
