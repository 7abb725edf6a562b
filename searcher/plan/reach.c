/*
 * What all matches have.
 */
#include "searcher/plan/reach.h"

static bool list_needs_word(const ps_plan_node *node)
{
    bool required = false, any = false, all = true;
    for (size_t i = 0; i < node->n; i++) {
        const ps_plan_clause *c = &node->clauses[i];
        if (c->occur == PS_NOT)
            continue;
        bool needs = ps_plan_needs_word(c->node);
        if (c->occur == PS_SHOULD) {
            any = true;
            all &= needs;
            continue;
        }
        if (needs)
            return true;
        required |= c->occur == PS_MUST;
    }
    /* Of what is wanted, something is there, unless something is required. */
    return any && all && (!required || node->least > 0);
}

bool ps_plan_needs_word(const ps_plan_node *node)
{
    switch ((enum ps_plan_kind)node->kind) {
    case PS_PLAN_NONE:
    case PS_PLAN_LEAF:
    case PS_PLAN_SPANS:
    case PS_PLAN_NEAR: return true;
    case PS_PLAN_ALL:
    case PS_PLAN_FILTER: return false;
    case PS_PLAN_CONSTANT: return ps_plan_needs_word(node->clauses[0].node);
    case PS_PLAN_BOOL: return list_needs_word(node);
    }
    return false;
}
