/*
 * Counting: a term by its df, a list of clauses by bitmaps or by looking up
 * the rarest list's documents, anything else by its iterator.
 */
#include "searcher/collect/count.h"

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "searcher/collect/build_phrase.h"
#include "searcher/collect/count_sets.h"
#include "searcher/collect/docset.h"
#include "searcher/iter/alive.h"

/* ---- flat lists --------------------------------------------------------- */

static int count_flat(ps_flat *flat, uint64_t *out)
{
    *out = 0;
    if (flat->n_phrases > 0)
        ps_flat_phrases(flat, NULL, out);
    else if (ps_count_needs_sets(flat))
        return ps_count_by_sets(flat, out);
    else
        ps_flat_and(flat, NULL, out);
    return flat->ctx->status;
}

/* ---- one list, some of whose documents are dead -------------------------- */

/* What looking up one of few documents in a long list costs, in
   nanoseconds. */
#define LOOKUP 60u

/* Of the list's documents, how many are dead: by looking up all that are. */
static uint64_t count_dead(ps_ctx *ctx, ps_cursor *c)
{
    uint32_t docs[PC_BLOCK_ROOM], n = 0;
    uint64_t found = 0;
    for (uint32_t base = 0; base < ctx->seg->docs; base += 64) {
        uint32_t left = ctx->seg->docs - base;
        uint64_t word = ~ctx->alive[base / 64];
        word &= left < 64 ? (UINT64_C(1) << left) - 1 : UINT64_MAX;
        for (; word; word &= word - 1) {
            docs[n++] = base + pc_ctz64(word);
            if (n < PC_BLOCK)
                continue;
            found += ps_docs_filter(docs, n, c, false);
            n = 0;
        }
    }
    return found + (n > 0 ? ps_docs_filter(docs, n, c, false) : 0);
}

/* The list's documents that are alive: by looking at each. */
static uint64_t count_each(const ps_ctx *ctx, ps_cursor *c)
{
    uint64_t n = 0;
    while (c->doc != PS_END) {
        for (uint32_t i = 0; i < c->n; i++)
            n += ps_is_alive(ctx->alive, c->ids[i]);
        (void)ps_cursor_load(c, c->block + 1);
    }
    return n;
}

/* The documents of the leaf's list that are alive; *out is its df. */
static int count_alive(ps_ctx *ctx, const ps_plan_leaf *leaf, uint32_t seg,
                       uint64_t *out)
{
    ps_cursor *c;
    ps_docset s;
    uint64_t words = ctx->seg->docs / 64;
    ctx = ps_field_ctx(ctx, leaf);
    int rc = ps_build_cursor(ctx, leaf->terms[0], seg, 0, &c);
    if (rc)
        return rc;
    if ((uint64_t)ctx->dead * LOOKUP < ps_docset_cost(c)) {
        *out -= count_dead(ctx, c);
    } else if (*out < words) {
        *out = count_each(ctx, c);
    } else {
        rc = ps_docset_init(&s, ctx);
        if (rc)
            return rc;
        ps_docset_add(&s, c);
        ps_docset_keep_alive(&s, ctx);
        *out = ps_docset_count(&s, ctx);
    }
    return ctx->status;
}

/* ---- anything ----------------------------------------------------------- */

static int count_iter(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                      uint64_t *out)
{
    ps_iter *it;
    uint64_t n = 0;
    int rc = ps_build_root(ctx, node, seg, &it);
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
    if (must == 0 || node->least > 0 || node->kind != PS_PLAN_BOOL ||
        (should == 0 && node->n > 1))
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
    const ps_plan_leaf *leaf = ps_leaf_lists(&node->leaf, ctx->language);
    if (node->kind == PS_PLAN_LEAF && ps_leaf_is_plain(leaf) &&
        !ps_leaf_forms(leaf, seg)) {
        const pc_entry *e = &leaf->terms[0]->entries[seg];
        *out = e->flags ? e->df : 0;
        return ctx->alive && e->flags ? count_alive(ctx, leaf, seg, out)
                                      : PARASOL_OK;
    }
    if (node->kind == PS_PLAN_ALL) {
        *out = ctx->seg->docs - ctx->dead;
        return PARASOL_OK;
    }
    rc = ps_build_any(ctx, node, seg, &flat, &is_flat, &empty);
    if (rc)
        return rc;
    if (is_flat && empty) {
        *out = 0;
        return PARASOL_OK;
    }
    if (is_flat)
        return count_flat(&flat, out);
    return count_iter(ctx, node, seg, out);
}
