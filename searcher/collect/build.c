/*
 * Plan -> cursors and iterators of one segment.
 */
#include "searcher/collect/build.h"

#include "common/base/fail.h"
#include "searcher/iter/spans.h"

static int nomem(ps_ctx *ctx)
{
    return pc_fail_nomem(ctx->err);
}

static int open_cursor(ps_ctx *ctx, const ps_plan_term *t, uint32_t seg,
                       float weight, ps_cursor **out)
{
    ps_cursor *c = pc_arena_alloc(ctx->arena, sizeof *c);
    if (!c)
        return nomem(ctx);
    *out = c;
    return ps_cursor_init(c, ctx, &t->entries[seg], weight);
}

/* ---- phrases ------------------------------------------------------------ */

/* The cursor of a term, shared by the slots that ask for the same list. */
static int phrase_cursor(ps_phrase *p, const ps_plan_leaf *leaf, uint32_t i,
                         uint32_t seg, float weight)
{
    const ps_plan_term *t = leaf->terms[i];
    for (uint32_t k = 0; k < i; k++) {
        if (pc_str_eq(leaf->terms[k]->stem, t->stem)) {
            p->slots[i].cursor = p->slots[k].cursor;
            return PARASOL_OK;
        }
    }
    p->slots[i].cursor = p->n_cursors;
    return open_cursor(p->ctx, t, seg, weight, &p->cursors[p->n_cursors++]);
}

/* Orders the cursors by df, the rarest first, and the slots' references. */
static void sort_cursors(ps_phrase *p)
{
    for (uint32_t i = 1; i < p->n_cursors; i++) {
        for (uint32_t j = i;
             j > 0 && p->cursors[j - 1]->list.df > p->cursors[j]->list.df;
             j--) {
            ps_cursor *x = p->cursors[j];
            p->cursors[j] = p->cursors[j - 1];
            p->cursors[j - 1] = x;
            for (uint32_t k = 0; k < p->n_slots; k++) {
                if (p->slots[k].cursor == j)
                    p->slots[k].cursor = j - 1;
                else if (p->slots[k].cursor == j - 1)
                    p->slots[k].cursor = j;
            }
        }
    }
}

static int build_phrase(ps_ctx *ctx, const ps_plan_leaf *leaf, uint32_t seg,
                        float weight, ps_phrase **out)
{
    ps_phrase *p = *out = pc_arena_zalloc(ctx->arena, 1, sizeof *p);
    if (!p)
        return nomem(ctx);
    p->ctx = ctx;
    p->weight = weight;
    p->n_slots = leaf->n;
    p->slots = pc_arena_zalloc(ctx->arena, leaf->n, sizeof *p->slots);
    p->cursors = pc_arena_zalloc(ctx->arena, leaf->n, sizeof *p->cursors);
    p->readers = pc_arena_zalloc(ctx->arena, leaf->n, sizeof *p->readers);
    p->opened = pc_arena_alloc(ctx->arena, leaf->n * sizeof *p->opened);
    p->places = pc_arena_zalloc(ctx->arena, leaf->n, sizeof *p->places);
    if (!p->slots || !p->cursors || !p->readers || !p->opened || !p->places)
        return nomem(ctx);
    for (uint32_t i = 0; i < leaf->n; i++) {
        const ps_plan_term *t = leaf->terms[i];
        int rc = phrase_cursor(p, leaf, i, seg, weight);
        if (rc)
            return rc;
        p->slots[i].offset = leaf->offsets[i];
        p->slots[i].exact = t->exact;
        p->slots[i].variant = t->exact ? t->variants[seg] : 0;
    }
    sort_cursors(p);
    for (uint32_t i = 0; i < p->n_cursors; i++) {
        p->opened[i].block = UINT32_MAX;
        pc_pos_reader_init(&p->readers[i], &p->cursors[i]->list);
    }
    p->early = p->n_cursors;
    *out = p;
    return PARASOL_OK;
}

/* ---- leaves and trees --------------------------------------------------- */

static bool leaf_is_here(const ps_plan_leaf *leaf, uint32_t seg)
{
    for (uint32_t i = 0; i < leaf->n; i++) {
        if (!leaf->terms[i]->entries[seg].flags)
            return false;
    }
    return leaf->n > 0;
}

static int build_leaf(ps_ctx *ctx, const ps_plan_leaf *leaf, uint32_t seg,
                      ps_iter **out)
{
    if (!leaf_is_here(leaf, seg)) {
        *out = ps_iter_none(ctx);
    } else if (ps_leaf_is_plain(leaf)) {
        ps_cursor *c = NULL;
        int rc = open_cursor(ctx, leaf->terms[0], seg, leaf->weight, &c);
        if (rc)
            return rc;
        *out = ps_iter_term(ctx, c);
    } else {
        ps_phrase *p;
        int rc = build_phrase(ctx, leaf, seg, leaf->weight, &p);
        if (rc)
            return rc;
        *out = ps_iter_phrase(ctx, p);
    }
    return *out ? PARASOL_OK : nomem(ctx);
}

/* The alternatives of a slot that the segment has; to->n is 0 for none. */
static int build_slot(ps_ctx *ctx, const ps_plan_slot *slot, uint32_t seg,
                      float weight, ps_span_slot *to)
{
    to->alts = pc_arena_zalloc(ctx->arena, slot->n, sizeof *to->alts);
    if (!to->alts)
        return nomem(ctx);
    for (uint32_t i = 0; i < slot->n; i++) {
        const ps_plan_leaf *leaf = &slot->alts[i].leaf;
        ps_span_alt *alt = &to->alts[to->n];
        alt->len = slot->alts[i].len;
        if (leaf->n > 0 && !leaf_is_here(leaf, seg))
            continue;
        to->n++;
        int rc = leaf->n > 0
                     ? build_phrase(ctx, leaf, seg, weight, &alt->phrase)
                     : PARASOL_OK;
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

static int build_spans(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                       ps_iter **out)
{
    const ps_plan_spans *spans = &node->spans;
    ps_span_slot *slots = pc_arena_zalloc(ctx->arena, spans->n, sizeof *slots);
    *out = NULL;
    if (!slots)
        return nomem(ctx);
    for (uint32_t i = 0; i < spans->n; i++) {
        int rc = build_slot(ctx, &spans->slots[i], seg, node->leaf.weight,
                            &slots[i]);
        if (rc)
            return rc;
        if (slots[i].n == 0) {
            *out = ps_iter_none(ctx);
            return *out ? PARASOL_OK : nomem(ctx);
        }
    }
    *out = ps_iter_spans(ctx, slots, spans->n, node->leaf.weight);
    return *out ? PARASOL_OK : nomem(ctx);
}

/* The iterators of all clauses of one kind. */
static int build_clauses(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                         uint8_t occur, ps_iter ***out, uint32_t *n)
{
    *n = 0;
    *out = pc_arena_zalloc(ctx->arena, node->n, sizeof **out);
    if (!*out)
        return nomem(ctx);
    for (size_t i = 0; i < node->n; i++) {
        if (node->clauses[i].occur != occur)
            continue;
        int rc =
            ps_build_iter(ctx, node->clauses[i].node, seg, &(*out)[(*n)++]);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

static ps_iter *any_of(ps_ctx *ctx, ps_iter **v, uint32_t n)
{
    return n == 1 ? v[0] : ps_iter_or(ctx, v, n);
}

static int build_bool(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                      ps_iter **out)
{
    ps_iter **must, **should, **not, *it;
    uint32_t n_must, n_should, n_not;
    int rc = build_clauses(ctx, node, seg, PS_MUST, &must, &n_must);
    if (!rc)
        rc = build_clauses(ctx, node, seg, PS_SHOULD, &should, &n_should);
    if (!rc)
        rc = build_clauses(ctx, node, seg, PS_NOT, &not, &n_not);
    if (rc)
        return rc;
    if (n_must > 0)
        it = n_must == 1 ? must[0] : ps_iter_and(ctx, must, n_must);
    else
        it = n_should > 0 ? any_of(ctx, should, n_should) : ps_iter_all(ctx);
    if (it && n_must > 0 && n_should > 0) {
        ps_iter *opt = any_of(ctx, should, n_should);
        it = opt ? ps_iter_opt(ctx, it, opt) : NULL;
    }
    if (it && n_not > 0) {
        ps_iter *excl = any_of(ctx, not, n_not);
        it = excl ? ps_iter_not(ctx, it, excl) : NULL;
    }
    *out = it;
    return it ? PARASOL_OK : nomem(ctx);
}

int ps_build_iter(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                  ps_iter **out)
{
    switch ((enum ps_plan_kind)node->kind) {
    case PS_PLAN_LEAF: return build_leaf(ctx, &node->leaf, seg, out);
    case PS_PLAN_SPANS: return build_spans(ctx, node, seg, out);
    case PS_PLAN_BOOL: return build_bool(ctx, node, seg, out);
    case PS_PLAN_ALL: *out = ps_iter_all(ctx); break;
    case PS_PLAN_NONE: *out = ps_iter_none(ctx); break;
    }
    return *out ? PARASOL_OK : nomem(ctx);
}

/* ---- flat lists --------------------------------------------------------- */

static bool is_plain(const ps_plan_node *node)
{
    return node->kind == PS_PLAN_LEAF && ps_leaf_is_plain(&node->leaf);
}

static bool is_flat_bool(const ps_plan_node *node)
{
    size_t scoring = 0;
    if (node->kind != PS_PLAN_BOOL)
        return false;
    for (size_t i = 0; i < node->n; i++) {
        if (node->clauses[i].occur == PS_NOT)
            continue;
        if (!is_plain(node->clauses[i].node) &&
            (node->clauses[i].occur != PS_MUST ||
             node->clauses[i].node->kind != PS_PLAN_LEAF))
            return false;
        scoring++;
    }
    return scoring > 0;
}

static void sort_by_df(ps_cursor **v, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        ps_cursor *x = v[i];
        uint32_t j = i;
        for (; j > 0 && v[j - 1]->list.df > x->list.df; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
}

static int add_flat(ps_ctx *ctx, const ps_plan_clause *c, uint32_t seg,
                    ps_flat *flat, bool *missing)
{
    const ps_plan_leaf *leaf = &c->node->leaf;
    ps_cursor **slot;
    if (c->occur == PS_NOT && !is_plain(c->node))
        return ps_build_iter(ctx, c->node, seg, &flat->excl[flat->n_excl++]);
    if (!leaf_is_here(leaf, seg)) {
        *missing |= c->occur == PS_MUST;
        return PARASOL_OK;
    }
    if (!is_plain(c->node))
        return build_phrase(ctx, leaf, seg, leaf->weight,
                            &flat->phrases[flat->n_phrases++]);
    if (c->occur == PS_NOT)
        slot = &flat->drop[flat->n_drop++];
    else if (c->occur == PS_MUST)
        slot = &flat->must[flat->n_must++];
    else
        slot = &flat->should[flat->n_should++];
    return open_cursor(ctx, leaf->terms[0], seg, leaf->weight, slot);
}

int ps_build_flat(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                  ps_flat *flat, bool *is_flat, bool *empty)
{
    ps_plan_clause single = {PS_SHOULD, NULL};
    const ps_plan_clause *clauses = node->clauses;
    size_t n = node->n;
    *flat = (ps_flat){.ctx = ctx};
    *empty = false;
    *is_flat = node->kind == PS_PLAN_LEAF || is_flat_bool(node);
    if (!*is_flat)
        return PARASOL_OK;
    if (node->kind == PS_PLAN_LEAF) {
        /* The clause only points at the node for the time of this call. */
        single.node = (ps_plan_node *)(uintptr_t)node;
        if (!is_plain(node))
            single.occur = PS_MUST;
        clauses = &single;
        n = 1;
    }
    flat->must = pc_arena_zalloc(ctx->arena, n, sizeof *flat->must);
    flat->phrases = pc_arena_zalloc(ctx->arena, n, sizeof *flat->phrases);
    flat->should = pc_arena_zalloc(ctx->arena, n, sizeof *flat->should);
    flat->drop = pc_arena_zalloc(ctx->arena, n, sizeof *flat->drop);
    flat->excl = pc_arena_zalloc(ctx->arena, n, sizeof *flat->excl);
    if (!flat->must || !flat->phrases || !flat->should || !flat->drop ||
        !flat->excl)
        return nomem(ctx);
    bool missing = false;
    for (size_t i = 0; i < n && !missing; i++) {
        int rc = add_flat(ctx, &clauses[i], seg, flat, &missing);
        if (rc)
            return rc;
    }
    sort_by_df(flat->must, flat->n_must);
    *empty = missing || flat->n_must + flat->n_phrases + flat->n_should == 0;
    return PARASOL_OK;
}
