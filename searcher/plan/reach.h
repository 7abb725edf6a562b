/*
 * Can a query match documents without a word of it?
 */
#ifndef PARASOL_SEARCHER_PLAN_REACH_H
#define PARASOL_SEARCHER_PLAN_REACH_H

#include "searcher/plan/plan.h"

/* True when every match holds a word of the plan, and so is in the language
   in whose lists the word was found. Cost: the tree. */
bool ps_plan_needs_word(const ps_plan_node *node);

#endif
