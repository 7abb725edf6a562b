/*
 * Collects the leaves of a plan.
 */
#include "searcher/render/highlight.h"

static size_t count_leaves(const ps_plan_node *node)
{
    size_t n = node->kind == PS_PLAN_LEAF;
    for (size_t i = 0; i < node->n; i++) {
        if (node->clauses[i].occur != PS_NOT)
            n += count_leaves(node->clauses[i].node);
    }
    return n;
}

static int add_leaf(ps_highlight_leaf *out, const ps_plan_leaf *leaf,
                    pc_arena *arena)
{
    ps_match_term *terms = pc_arena_zalloc(arena, leaf->n, sizeof *terms);
    if (!terms)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < leaf->n; i++) {
        const ps_plan_term *t = leaf->terms[i];
        terms[i] = (ps_match_term){t->stem, t->form, t->exact};
    }
    *out = (ps_highlight_leaf){terms, leaf->n, leaf->weight};
    return PARASOL_OK;
}

static int add_leaves(ps_highlight_leaf *out, size_t *n,
                      const ps_plan_node *node, pc_arena *arena)
{
    if (node->kind == PS_PLAN_LEAF)
        return add_leaf(&out[(*n)++], &node->leaf, arena);
    for (size_t i = 0; i < node->n; i++) {
        if (node->clauses[i].occur == PS_NOT)
            continue;
        if (add_leaves(out, n, node->clauses[i].node, arena))
            return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}

int ps_highlight_plan(ps_highlighter *out, const ps_plan *plan, pc_arena *arena)
{
    size_t n = 0;
    ps_highlight_leaf *leaves =
        pc_arena_zalloc(arena, count_leaves(plan->root), sizeof *leaves);
    if (!leaves || add_leaves(leaves, &n, plan->root, arena))
        return PARASOL_NOMEM;
    *out = (ps_highlighter){leaves, n};
    return PARASOL_OK;
}
