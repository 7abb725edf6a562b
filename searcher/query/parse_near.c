/*
 * Parser: what may stand beside NEAR and ADJ.
 */
#include "searcher/query/parser.h"

/* Whether positions make sense for the node, all in one field: *field is set
   by its first leaf. */
static bool has_places(const ps_node *node, int *field)
{
    if (node->constant)
        return false;
    switch ((enum ps_node_kind)node->kind) {
    case PS_NODE_WORD:
    case PS_NODE_PHRASE:
    case PS_NODE_PREFIX:
    case PS_NODE_WILDCARD:
    case PS_NODE_FUZZY:
    case PS_NODE_REGEX:
        if (*field < 0)
            *field = node->field;
        return *field == node->field;
    case PS_NODE_BOOL:
    case PS_NODE_NEAR: break;
    case PS_NODE_FILTER:
    case PS_NODE_ALL:
    case PS_NODE_NONE: return false;
    }
    if (node->least)
        return false;
    for (size_t i = 0; i < node->n; i++)
        if (node->clauses[i].occur != PS_SHOULD ||
            !has_places(node->clauses[i].node, field))
            return false;
    return true;
}

bool ps_nodes_can_be_near(const ps_node *a, const ps_node *b)
{
    int field = -1;
    return has_places(a, &field) && has_places(b, &field);
}
