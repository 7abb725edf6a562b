/*
 * Collects the leaves of a plan.
 */
#include "searcher/render/highlight.h"

/* Of a leaf that means some forms of its stem: how many; 0: all. */
static uint32_t words_meant(const ps_plan_leaf *leaf)
{
    return leaf->n == 1 ? leaf->terms[0]->n_words : 0;
}

/* Only what stands in the text can be shown there. */
static bool is_shown(const ps_plan_node *node)
{
    return node->kind == PS_PLAN_LEAF && node->leaf.field == PC_FIELD_TEXT;
}

static size_t count_leaves(const ps_plan_node *node)
{
    size_t n = 0;
    /* The words of a phrase that may be apart are marked one by one. */
    if (is_shown(node) && words_meant(&node->leaf))
        n = words_meant(&node->leaf);
    else if (is_shown(node))
        n = node->leaf.distance > 0 ? node->leaf.n : 1;
    for (size_t i = 0; i < node->n; i++) {
        if (node->clauses[i].occur != PS_NOT)
            n += count_leaves(node->clauses[i].node);
    }
    return n;
}

/* The n terms from `first` on as one leaf. */
static int add_leaf(ps_highlight_leaf *out, const ps_plan_leaf *leaf,
                    uint32_t first, uint32_t n, pc_arena *arena)
{
    ps_match_term *terms = pc_arena_zalloc(arena, n, sizeof *terms);
    if (!terms)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < n; i++) {
        const ps_plan_term *t = leaf->terms[first + i];
        terms[i] = (ps_match_term){t->stem, t->form, t->exact};
    }
    *out = (ps_highlight_leaf){terms, n, leaf->weight};
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
    const ps_plan_leaf *leaf = &node->leaf;
    if (is_shown(node) && words_meant(leaf))
        return add_words(out, n, leaf, arena);
    if (is_shown(node) && leaf->distance == 0)
        return add_leaf(&out[(*n)++], leaf, 0, leaf->n, arena);
    for (uint32_t i = 0; is_shown(node) && i < leaf->n; i++)
        if (add_leaf(&out[(*n)++], leaf, i, 1, arena))
            return PARASOL_NOMEM;
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
