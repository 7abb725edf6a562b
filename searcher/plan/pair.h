/*
 * Two words of a short list that are also written as one: who asks for
 * battle field wants texts with battlefield, too.
 */
#ifndef PARASOL_SEARCHER_PLAN_PAIR_H
#define PARASOL_SEARCHER_PLAN_PAIR_H

#include "searcher/plan/term.h"

#define PS_PAIR_CLAUSES 3u /* of a list that is looked at */
#define PS_PAIR_BYTES 40u  /* of the word that two make together */

/* Is the list one whose neighbours are looked at? */
bool ps_pairs_wanted(const ps_node *list);

/* The word that clauses i and i + 1 of such a list may make together, in small
   letters. Returns its length; 0: none. */
size_t ps_pair_word(const ps_node *list, size_t i, char word[PS_PAIR_BYTES]);

/* Whether the word that two make together, of which the first has `at` bytes,
   means the two: it is in `df` documents, and with a hyphen in `hyphened`. */
bool ps_pair_is_both(pc_str word, size_t at, uint64_t hyphened, uint64_t df);

/*
 * Adds to the clauses of `list`, made from `node`, the words that two of its
 * neighbours make together, as wanted clauses that nobody asked for as such
 * (ps_plan_is_extra), where the index has them; of two of which one is
 * required, as all are with `all`, only a word that means both
 * (ps_pair_is_both). There is room for PS_PAIR_CLAUSES more. k1 and *sum are
 * for weights. Everything lives in the arena of `terms`. Errors: NOMEM,
 * CORRUPT. Cost: a look-up for each pair that qualifies.
 */
int ps_plan_pairs(ps_plan_node *list, const ps_node *node, bool all,
                  ps_terms *terms, double k1, double *sum) PC_MUST_USE;

/*
 * Makes each required clause of a list for whose words something else may stand
 * (ps_plan_node.stands) a choice between the clause and that, which does not
 * score there. NOMEM. Cost: nothing where there is nothing of the kind.
 */
int ps_stand_ins_require(ps_plan_node *list, pc_arena *arena) PC_MUST_USE;

/* Puts what may stand for a clause in its place where the index has nothing of
   the clause. NOMEM. */
int ps_stand_ins_find(ps_plan_node *list, pc_arena *arena) PC_MUST_USE;

#endif
