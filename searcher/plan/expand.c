/*
 * Patterns -> disjunctions.
 */
#include "searcher/plan/expand.h"

#include <math.h>

#include "common/base/fail.h"
#include "searcher/expand/expansion.h"
#include "searcher/score/bm25.h"

/* ---- what the patterns of a query share ---------------------------------- */

/* Patterns below a node, those of a phrase included. Recursion is bounded by
   the height of the tree. */
static uint64_t count_patterns(const ps_node *node)
{
    uint64_t n = 0;
    switch ((enum ps_node_kind)node->kind) {
    case PS_NODE_PREFIX:
    case PS_NODE_WILDCARD:
    case PS_NODE_FUZZY:
    case PS_NODE_REGEX: return 1;
    case PS_NODE_PHRASE:
        for (size_t i = 0; i < node->text.len; i++)
            n += node->text.ptr[i] == '*';
        return n;
    case PS_NODE_BOOL:
    case PS_NODE_NEAR:
        for (size_t i = 0; i < node->n; i++)
            n += count_patterns(node->clauses[i].node);
        return n;
    case PS_NODE_WORD:
    case PS_NODE_FILTER:
    case PS_NODE_ALL:
    case PS_NODE_NONE: break;
    }
    return n;
}

/* The part of the next pattern. */
static ps_expand_params next_part(ps_expander *x, uint8_t field)
{
    if (!x->counted) {
        x->counted = true;
        x->patterns = count_patterns(x->root);
        x->work = PS_EXPAND_QUERY_WORK;
        x->stems = PS_EXPAND_QUERY_STEMS;
    }
    /* A pattern that is taken apart becomes several. */
    uint64_t left = x->patterns > 0 ? x->patterns-- : 1;
    uint64_t stems = x->stems / left, work = x->work / left;
    return (ps_expand_params){
        .field = field,
        .limit = stems < PS_EXPAND_LIMIT ? (uint32_t)stems : PS_EXPAND_LIMIT,
        .work = work < PS_EXPAND_WORK ? work + 1 : PS_EXPAND_WORK,
        .deadline = x->deadline};
}

static void take_part(ps_expander *x, const ps_expansion *e)
{
    x->stems -= e->n < x->stems ? e->n : x->stems;
    x->work -= e->work < x->work ? e->work : x->work;
}

static int note_limits(ps_expander *x, const ps_node *node,
                       const ps_expansion *e)
{
    unsigned long long words = e->words, kept = e->kept;
    const char *best =
        node->kind == PS_NODE_FUZZY ? "nearest" : "most frequent";
    ps_warnings *notes = &x->plan->notes;
    int rc = PARASOL_OK;
    if (e->unfinished)
        rc = ps_warn_format(notes, node->start, node->end,
                            "the pattern takes too long: the part of the index "
                            "that was looked at has %llu words that match, of "
                            "which the %llu %s are searched",
                            words, kept, best);
    else if (e->stopped)
        rc = ps_warn_format(notes, node->start, node->end,
                            "%llu words match: of the first %u stems, the %llu "
                            "%s words are searched",
                            words, PS_EXPAND_STEMS_MAX, kept, best);
    else if (kept < words)
        rc = ps_warn_format(notes, node->start, node->end,
                            "%llu words match: the %llu %s are searched", words,
                            kept, best);
    return rc ? pc_fail_nomem(x->err) : PARASOL_OK;
}

/* ---- leaves ------------------------------------------------------------- */

/* The idf of the word itself, if the index has it: no neighbour gets more. */
static double highest_idf(const ps_expander *x, const ps_expansion *e)
{
    double least = HUGE_VAL;
    for (uint32_t i = 0; i < e->n && e->items[i].distance == 0; i++) {
        double idf = ps_idf(x->snap->docs, e->items[i].df);
        least = idf < least ? idf : least;
    }
    return least;
}

static int plan_item(ps_expander *x, const ps_expanded *item, uint8_t field,
                     double idf, ps_plan_node *out)
{
    ps_plan_term *t = pc_arena_zalloc(x->arena, 1, sizeof *t);
    ps_plan_leaf *leaf = &out->leaf;
    leaf->terms = pc_arena_zalloc(x->arena, 1, sizeof(ps_plan_term *));
    leaf->offsets = pc_arena_zalloc(x->arena, 1, sizeof *leaf->offsets);
    if (!t || !leaf->terms || !leaf->offsets)
        return pc_fail_nomem(x->err);
    *t = (ps_plan_term){
        .stem = item->stem, .df = item->df, .entries = item->entries};
    if (item->some) {
        t->sets = item->sets;
        t->words = item->words;
        t->n_words = item->n_words;
    }
    leaf->terms[0] = t;
    leaf->n = 1;
    leaf->field = field;
    out->kind = PS_PLAN_LEAF;
    out->idf = idf;
    return PARASOL_OK;
}

static int plan_items(ps_expander *x, const ps_expansion *e,
                      const ps_node *node, double boost, bool scoring,
                      ps_plan_node *out)
{
    double most = highest_idf(x, e);
    ps_plan_node *leaves = pc_arena_zalloc(x->arena, e->n, sizeof *leaves);
    out->kind = PS_PLAN_BOOL;
    out->expanded = true;
    out->clauses = pc_arena_zalloc(x->arena, e->n, sizeof *out->clauses);
    if (!leaves || !out->clauses)
        return pc_fail_nomem(x->err);
    for (uint32_t i = 0; i < e->n; i++) {
        const ps_expanded *item = &e->items[i];
        if (item->df == 0)
            continue; /* of a damaged dictionary: forms without a stem */
        double idf = ps_idf(x->snap->docs, item->df);
        if (item->distance > 0 && idf > most)
            idf = most;
        double near = 1.0 / (double)(UINT32_C(1) << item->distance);
        ps_plan_node *leaf = &leaves[out->n];
        int rc = plan_item(x, item, node->field, boost * idf * near, leaf);
        if (rc)
            return rc;
        leaf->source = node;
        leaf->weight = scoring ? leaf->idf * (x->k1 + 1.0) : 0.0;
        *x->sum += leaf->weight;
        out->clauses[out->n] = (ps_plan_clause){PS_SHOULD, &leaves[out->n]};
        out->n++;
    }
    if (out->n == 0)
        *out = (ps_plan_node){.kind = PS_PLAN_NONE};
    else if (out->n == 1)
        *out = leaves[0];
    return PARASOL_OK;
}

static enum ps_pattern_kind kind_of(const ps_node *node)
{
    if (node->kind == PS_NODE_PREFIX)
        return PS_PATTERN_PREFIX;
    if (node->kind == PS_NODE_WILDCARD)
        return PS_PATTERN_WILDCARD;
    return node->kind == PS_NODE_FUZZY ? PS_PATTERN_FUZZY : PS_PATTERN_REGEX;
}

int ps_plan_pattern(ps_expander *x, const ps_node *node, double boost,
                    bool scoring, ps_plan_node *out)
{
    ps_pattern pattern = {.kind = (uint8_t)kind_of(node),
                          .distance = (uint8_t)node->distance,
                          .text = node->text};
    ps_expand_params params = next_part(x, node->field);
    parasol_error why = {0};
    ps_expansion e;
    *out = (ps_plan_node){.kind = PS_PLAN_NONE, .source = node};
    int rc = ps_expand(&e, x->snap, &pattern, params, x->arena, &why);
    if (rc == PARASOL_QUERY)
        return ps_warn_format(&x->plan->notes, node->start, node->end,
                              "%s; so it matches nothing", why.message)
                   ? pc_fail_nomem(x->err)
                   : PARASOL_OK;
    if (rc) {
        if (x->err)
            *x->err = why;
        return rc;
    }
    take_part(x, &e);
    rc = note_limits(x, node, &e);
    return rc ? rc : plan_items(x, &e, node, boost, scoring, out);
}
