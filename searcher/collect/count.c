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

int ps_count(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg, uint64_t *out)
{
    ps_flat flat;
    bool is_flat, empty;
    if (node->kind == PS_PLAN_LEAF && ps_leaf_is_plain(&node->leaf)) {
        const pc_entry *e = &node->leaf.terms[0]->entries[seg];
        *out = e->flags ? e->df : 0;
        return PARASOL_OK;
    }
    int rc = ps_build_flat(ctx, node, seg, &flat, &is_flat, &empty);
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
