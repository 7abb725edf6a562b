/*
 * Collects the leaves of a plan.
 */
#include "searcher/render/highlight.h"

/* Of a leaf that means some forms of its stem: how many; 0: all. */
static uint32_t words_meant(const ps_plan_leaf *leaf)
{
    return leaf->n == 1 ? leaf->terms[0]->n_words : 0;
}

static size_t count_leaves(const ps_plan_node *node)
{
    size_t n = 0;
    if (node->kind == PS_PLAN_LEAF)
        n = words_meant(&node->leaf) ? words_meant(&node->leaf) : 1;
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

/* Each word that is meant is marked as written. */
static int add_words(ps_highlight_leaf *out, size_t *n,
                     const ps_plan_leaf *leaf, pc_arena *arena)
{
    const ps_plan_term *t = leaf->terms[0];
    ps_match_term *terms = pc_arena_zalloc(arena, t->n_words, sizeof *terms);
    if (!terms)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < t->n_words; i++) {
        terms[i] = (ps_match_term){t->stem, t->words[i], true};
        out[(*n)++] = (ps_highlight_leaf){&terms[i], 1, leaf->weight};
    }
    return PARASOL_OK;
}

static int add_leaves(ps_highlight_leaf *out, size_t *n,
                      const ps_plan_node *node, pc_arena *arena)
{
    if (node->kind == PS_PLAN_LEAF && words_meant(&node->leaf))
        return add_words(out, n, &node->leaf, arena);
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
