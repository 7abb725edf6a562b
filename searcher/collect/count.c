/*
 * Counting: a term by its df, a flat disjunction by a bitmap, anything else
 * by its iterator.
 */
#include "searcher/collect/count.h"

#include "common/base/fail.h"
#include "common/base/ints.h"

/* Sets the bits of all documents of the list. */
static void mark(ps_cursor *c, uint64_t *bits)
{
    while (c->doc != PS_END) {
        for (uint32_t i = 0; i < c->n; i++)
            bits[c->ids[i] / 64] |= UINT64_C(1) << (c->ids[i] % 64);
        (void)ps_cursor_load(c, c->block + 1);
    }
}

static int count_union(const ps_flat *flat, uint64_t *out)
{
    ps_ctx *ctx = flat->ctx;
    size_t words = (size_t)ctx->seg->docs / 64 + 1;
    uint64_t *bits = pc_arena_zalloc(ctx->arena, words, sizeof *bits);
    if (!bits)
        return pc_fail_nomem(ctx->err);
    for (uint32_t i = 0; i < flat->n_should; i++)
        mark(flat->should[i], bits);
    uint64_t n = 0;
    for (size_t i = 0; i < words; i++)
        n += pc_popcount64(bits[i]);
    *out = n;
    return ctx->status;
}

static int count_iter(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                      uint64_t *out)
{
    ps_iter *it;
    uint64_t n = 0;
    int rc = ps_build_iter(ctx, node, seg, &it);
    if (rc)
        return rc;
    for (uint32_t doc = it->doc; doc != PS_END;
         doc = it->ops->seek(it, doc + 1))
        n += it->ops->matches(it);
    *out = n;
    return ctx->status;
}

/*
 * Optional clauses change no count where another is required: *out becomes
 * the node without them, its only required clause, or the node itself.
 */
static int without_optional(ps_ctx *ctx, const ps_plan_node *node,
                            const ps_plan_node **out, ps_plan_node *copy)
{
    size_t must = 0, should = 0, kept = 0;
    for (size_t i = 0; i < node->n; i++) {
        must += node->clauses[i].occur == PS_MUST;
        should += node->clauses[i].occur == PS_SHOULD;
    }
    *out = node;
    if (must == 0 || (should == 0 && node->n > 1))
        return PARASOL_OK;
    *copy = *node;
    copy->clauses = pc_arena_zalloc(ctx->arena, node->n, sizeof *copy->clauses);
    if (!copy->clauses)
        return pc_fail_nomem(ctx->err);
    for (size_t i = 0; i < node->n; i++) {
        if (node->clauses[i].occur != PS_SHOULD)
            copy->clauses[kept++] = node->clauses[i];
    }
    copy->n = kept;
    *out = kept == 1 ? copy->clauses[0].node : copy;
    return PARASOL_OK;
}

int ps_count(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg, uint64_t *out)
{
    ps_flat flat;
    ps_plan_node copy;
    bool is_flat, empty;
    int rc = without_optional(ctx, node, &node, &copy);
    if (rc)
        return rc;
    if (node->kind == PS_PLAN_LEAF && ps_leaf_is_plain(&node->leaf)) {
        const pc_entry *e = &node->leaf.terms[0]->entries[seg];
        *out = e->flags ? e->df : 0;
        return PARASOL_OK;
    }
    rc = ps_build_flat(ctx, node, seg, &flat, &is_flat, &empty);
    if (rc)
        return rc;
    if (is_flat && empty) {
        *out = 0;
        return PARASOL_OK;
    }
    if (is_flat && flat.n_must == 0 && flat.n_excl == 0)
        return count_union(&flat, out);
    return count_iter(ctx, node, seg, out);
}
