/*
 * Optional clauses that are no lists.
 */
#include "searcher/collect/build_optional.h"

#include "searcher/collect/build_phrase.h"

size_t ps_optional_room(const ps_plan_node *node)
{
    if (node->kind != PS_PLAN_SPANS || node->spans.n != 1 ||
        node->leaf.field != PC_FIELD_TEXT)
        return 0;
    return node->spans.slots[0].n;
}

bool ps_optional_scores(const ps_plan_node *node)
{
    size_t scoring = 0;
    switch ((enum ps_plan_kind)node->kind) {
    case PS_PLAN_LEAF:
    case PS_PLAN_SPANS:
    case PS_PLAN_NEAR:
    case PS_PLAN_CONSTANT: return true;
    case PS_PLAN_NONE:
    case PS_PLAN_ALL:
    case PS_PLAN_FILTER: return false;
    case PS_PLAN_BOOL: break;
    }
    for (size_t i = 0; i < node->n; i++) {
        uint8_t occur = node->clauses[i].occur;
        if (occur != PS_SHOULD && occur != PS_MUST)
            continue;
        if (!ps_optional_scores(node->clauses[i].node))
            return false;
        scoring++;
    }
    return scoring > 0;
}

int ps_build_optional(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                      ps_flat *flat)
{
    if (!flat->counted || ps_optional_room(node) == 0)
        return ps_build_iter(ctx, node, seg, &flat->any[flat->n_any++]);
    const ps_plan_slot *slot = &node->spans.slots[0];
    for (uint32_t i = 0; i < slot->n; i++) {
        const ps_plan_node way = {.kind = PS_PLAN_LEAF,
                                  .leaf = slot->alts[i].leaf};
        const ps_plan_leaf *leaf = ps_leaf_lists(&way.leaf, ctx->language);
        if (!ps_leaf_is_here(leaf, seg))
            continue;
        int rc = ps_leaf_is_plain(leaf)
                     ? ps_build_cursor(ctx, leaf->terms[0], seg, 0,
                                       &flat->should[flat->n_should++])
                     : ps_build_iter(ctx, &way, seg, &flat->any[flat->n_any++]);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}
