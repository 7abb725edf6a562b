/*
 * Patterns of several words: "cyber* attack", cyber-sec*, cyber-securty~1.
 */
#ifndef PARASOL_SEARCHER_PLAN_SPLIT_H
#define PARASOL_SEARCHER_PLAN_SPLIT_H

#include "common/base/arena.h"
#include "searcher/query/ast.h"

/*
 * What a leaf means as words and patterns next to one another: a tree of
 * PS_NODE_NEAR, ordered and without distance. A PREFIX or FUZZY that analysis
 * takes apart becomes its words, the last a prefix, or each of them fuzzy. A
 * PHRASE in whose words an asterisk stands at an end becomes its words and
 * those patterns. *out is NULL where the leaf is one thing as it is. Lives in
 * the arena; texts are borrowed from the node. NOMEM.
 */
int ps_split_leaf(ps_node **out, const ps_node *node,
                  pc_arena *arena) PC_MUST_USE;

#endif
