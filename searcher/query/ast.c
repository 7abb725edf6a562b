/*
 * Questions about trees. Recursion is bounded by their height.
 */
#include "searcher/query/ast.h"

bool ps_node_is_filter(const ps_node *node)
{
    if (node->constant || node->kind == PS_NODE_NONE)
        return false;
    if (node->kind == PS_NODE_FILTER)
        return true;
    if (node->kind != PS_NODE_BOOL)
        return false;
    bool filters = false;
    for (size_t i = 0; i < node->n; i++) {
        if (!ps_node_is_filter(node->clauses[i].node))
            return false;
        /* Exclusions alone are no filter: "-ext:pdf" asks for documents. */
        filters |= node->clauses[i].occur != PS_NOT;
    }
    return filters;
}

static bool filter_equal(const ps_filter *a, const ps_filter *b)
{
    if (!a || !b)
        return a == b;
    if (a->op != b->op || a->n != b->n || !pc_str_eq(a->name, b->name) ||
        a->without_low != b->without_low || a->without_high != b->without_high)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->values[i].form != b->values[i].form ||
            !pc_str_eq(a->values[i].text, b->values[i].text))
            return false;
    return true;
}

static bool same_flags(const ps_node *a, const ps_node *b)
{
    return a->kind == b->kind && a->field == b->field && a->exact == b->exact &&
           a->either == b->either && a->ordered == b->ordered &&
           a->constant == b->constant && a->height == b->height &&
           a->boost == b->boost && a->distance == b->distance &&
           a->least == b->least && a->n == b->n;
}

bool ps_node_equal(const ps_node *a, const ps_node *b)
{
    if (!same_flags(a, b) || !pc_str_eq(a->text, b->text) ||
        !filter_equal(a->filter, b->filter))
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->clauses[i].occur != b->clauses[i].occur ||
            !ps_node_equal(a->clauses[i].node, b->clauses[i].node))
            return false;
    return true;
}
