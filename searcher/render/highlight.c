/*
 * Collects the leaves of a plan.
 */
#include "searcher/render/highlight.h"

/* Ways to write a phrase that are looked for in a text. */
#define WAYS_MAX 64u

static size_t count_ways(const ps_plan_spans *spans)
{
    size_t n = 1;
    for (uint32_t i = 0; i < spans->n && n < WAYS_MAX; i++)
        n *= spans->slots[i].n;
    return n < WAYS_MAX ? n : WAYS_MAX;
}

static size_t count_leaves(const ps_plan_node *node)
{
    size_t n = node->kind == PS_PLAN_LEAF;
    if (node->kind == PS_PLAN_SPANS)
        n = count_ways(&node->spans);
    for (size_t i = 0; i < node->n; i++) {
        if (node->clauses[i].occur != PS_NOT)
            n += count_leaves(node->clauses[i].node);
    }
    return n;
}

static void add_terms(ps_match_term *to, size_t *n, const ps_plan_leaf *leaf)
{
    for (uint32_t i = 0; i < leaf->n; i++) {
        const ps_plan_term *t = leaf->terms[i];
        to[(*n)++] = (ps_match_term){t->stem, t->form, t->exact};
    }
}

static int add_leaf(ps_highlight_leaf *out, const ps_plan_leaf *leaf,
                    pc_arena *arena)
{
    ps_match_term *terms = pc_arena_zalloc(arena, leaf->n, sizeof *terms);
    size_t n = 0;
    if (!terms)
        return PARASOL_NOMEM;
    add_terms(terms, &n, leaf);
    *out = (ps_highlight_leaf){terms, n, leaf->weight, false};
    return PARASOL_OK;
}

/* Do the terms stand side by side, nothing before or behind them? */
static bool is_row(const ps_plan_alt *alt)
{
    if (alt->leaf.n != alt->len)
        return false;
    for (uint32_t i = 0; i < alt->leaf.n; i++)
        if (alt->leaf.offsets[i] != i)
            return false;
    return true;
}

/* The `way`-th way to fill the slots, counted with the first slot fastest. An
   identifier can be one alone, among other words its parts are. */
static int add_way(ps_highlight_leaf *out, size_t *n, const ps_plan_node *node,
                   size_t way, pc_arena *arena)
{
    const ps_plan_spans *spans = &node->spans;
    size_t terms = 0, used = 0;
    ps_match_term *all;
    for (uint32_t i = 0; i < spans->n; i++)
        for (uint32_t k = 0; k < spans->slots[i].n; k++)
            terms += spans->slots[i].alts[k].leaf.n;
    all = pc_arena_zalloc(arena, terms, sizeof *all);
    if (!all)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < spans->n; i++) {
        const ps_plan_slot *slot = &spans->slots[i];
        const ps_plan_alt *alt = &slot->alts[way % slot->n];
        way /= slot->n;
        if (spans->n > 1 && !is_row(alt))
            return PARASOL_OK;
        add_terms(all, &used, &alt->leaf);
    }
    out[(*n)++] = (ps_highlight_leaf){all, used, node->leaf.weight, true};
    return PARASOL_OK;
}

static int add_spans(ps_highlight_leaf *out, size_t *n,
                     const ps_plan_node *node, pc_arena *arena)
{
    size_t first = *n;
    for (size_t i = 0; i < count_ways(&node->spans); i++) {
        if (add_way(out, n, node, i, arena))
            return PARASOL_NOMEM;
    }
    if (*n > first)
        out[first].again = false;
    return PARASOL_OK;
}

static int add_leaves(ps_highlight_leaf *out, size_t *n,
                      const ps_plan_node *node, pc_arena *arena)
{
    if (node->kind == PS_PLAN_LEAF)
        return add_leaf(&out[(*n)++], &node->leaf, arena);
    if (node->kind == PS_PLAN_SPANS)
        return add_spans(out, n, node, arena);
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
