/*
 * Plan -> cursors and iterators of one segment.
 */
#include "searcher/collect/build.h"

#include "common/base/fail.h"
#include "searcher/collect/build_group.h"
#include "searcher/collect/build_optional.h"
#include "searcher/collect/build_phrase.h"
#include "searcher/iter/alive.h"
#include "searcher/iter/filter.h"
#include "searcher/iter/near.h"
#include "searcher/iter/spans.h"
#include "searcher/iter/timed.h"

static int nomem(ps_ctx *ctx)
{
    return pc_fail_nomem(ctx->err);
}

/* ---- leaves and trees --------------------------------------------------- */

static int build_leaf(ps_ctx *ctx, const ps_plan_leaf *leaf, uint32_t seg,
                      ps_iter **out)
{
    float weight = leaf->weight;
    ctx = ps_field_ctx(ctx, leaf);
    leaf = ps_leaf_lists(leaf, ctx->language);
    if (!ps_leaf_is_here(leaf, seg) || !ctx->norms) {
        *out = ps_iter_none(ctx);
    } else if (ps_leaf_is_plain(leaf)) {
        ps_cursor *c = NULL;
        int rc = ps_build_cursor(ctx, leaf->terms[0], seg, weight, &c);
        if (rc)
            return rc;
        *out = ps_iter_term(ctx, c);
    } else {
        ps_phrase *p;
        int rc = ps_build_phrase(ctx, leaf, seg, weight, &p);
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
        if (leaf->n > 0 && !ps_leaf_is_here(leaf, seg))
            continue;
        to->n++;
        int rc = leaf->n > 0
                     ? ps_build_phrase(ctx, leaf, seg, weight, &alt->phrase)
                     : PARASOL_OK;
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

/* The slots, filled for a segment; *out NULL where one of them cannot be. */
static int build_slots(ps_ctx *ctx, const ps_plan_spans *spans, uint32_t seg,
                       float weight, ps_span_slot **out)
{
    ps_span_slot *slots = pc_arena_zalloc(ctx->arena, spans->n, sizeof *slots);
    *out = NULL;
    if (!slots)
        return nomem(ctx);
    for (uint32_t i = 0; i < spans->n; i++) {
        int rc = build_slot(ctx, &spans->slots[i], seg, weight, &slots[i]);
        if (rc || slots[i].n == 0)
            return rc;
    }
    *out = slots;
    return PARASOL_OK;
}

static int build_spans(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                       ps_iter **out)
{
    float weight = node->leaf.weight;
    ps_span_slot *slots = NULL;
    ctx = ps_field_ctx(ctx, &node->leaf);
    int rc = ctx->norms ? build_slots(ctx, &node->spans, seg, weight, &slots)
                        : PARASOL_OK;
    if (rc)
        return rc;
    *out = slots ? ps_iter_spans(ctx, slots, node->spans.n, weight)
                 : ps_iter_none(ctx);
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

/* Wanted clauses: any of them, or as many as the list asks for. */
static ps_iter *enough_of(ps_ctx *ctx, ps_iter **v, uint32_t n, uint32_t least)
{
    return least > 1 ? ps_iter_least(ctx, v, n, least) : any_of(ctx, v, n);
}

/* What matches and scores: required and wanted clauses; NULL: no memory. */
static int build_scoring(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                         ps_iter **out)
{
    ps_iter **must, **should, *it = NULL;
    uint32_t n_must, n_should;
    int rc = build_clauses(ctx, node, seg, PS_MUST, &must, &n_must);
    if (!rc)
        rc = build_clauses(ctx, node, seg, PS_SHOULD, &should, &n_should);
    if (rc)
        return rc;
    if (n_must > 0)
        it = n_must == 1 ? must[0] : ps_iter_and(ctx, must, n_must);
    if (n_should > 0 && (n_must == 0 || it)) {
        ps_iter *some = enough_of(ctx, should, n_should, node->least);
        ps_iter *both[2] = {it, some};
        if (!some || n_must == 0)
            it = some;
        else
            it = node->least > 0 ? ps_iter_and(ctx, both, 2)
                                 : ps_iter_opt(ctx, it, some);
    }
    *out = it;
    return it || n_must + n_should == 0 ? PARASOL_OK : nomem(ctx);
}

static int build_bool(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                      ps_iter **out)
{
    ps_iter * * not, **filters, **all, *it;
    uint32_t n_not, n_filters, n = 0;
    int rc = build_scoring(ctx, node, seg, &it);
    if (!rc)
        rc = build_clauses(ctx, node, seg, PS_FILTER, &filters, &n_filters);
    if (!rc)
        rc = build_clauses(ctx, node, seg, PS_NOT, &not, &n_not);
    if (rc)
        return rc;
    all = pc_arena_zalloc(ctx->arena, (size_t)n_filters + 1, sizeof(ps_iter *));
    if (!all)
        return nomem(ctx);
    if (it)
        all[n++] = it;
    for (uint32_t i = 0; i < n_filters; i++)
        all[n++] = filters[i];
    if (n == 0)
        it = ps_iter_all(ctx);
    else
        it = n == 1 ? all[0] : ps_iter_and(ctx, all, n);
    if (it && n_not > 0) {
        ps_iter *excl = any_of(ctx, not, n_not);
        it = excl ? ps_iter_not(ctx, it, excl) : NULL;
    }
    *out = it;
    return it ? PARASOL_OK : nomem(ctx);
}

/* ---- near --------------------------------------------------------------- */

static int build_spot(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                      float weight, ps_spot **out);

/* The places of the clauses that are here. */
static int build_spots(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                       float weight, ps_spot **of, uint32_t *n)
{
    *n = 0;
    for (size_t i = 0; i < node->n; i++) {
        ps_spot *one = NULL;
        int rc = build_spot(ctx, node->clauses[i].node, seg, weight, &one);
        if (rc)
            return rc;
        if (one)
            of[(*n)++] = one;
    }
    return PARASOL_OK;
}

static int phrase_spot(ps_ctx *ctx, const ps_plan_leaf *leaf, uint32_t seg,
                       float weight, ps_spot **out)
{
    ps_phrase *p;
    int rc = ps_build_phrase(ctx, leaf, seg, weight, &p);
    if (rc)
        return rc;
    *out = ps_spot_phrase(ctx, p);
    return *out ? PARASOL_OK : nomem(ctx);
}

static int slots_spot(ps_ctx *ctx, const ps_plan_spans *spans, uint32_t seg,
                      float weight, ps_spot **out)
{
    ps_span_slot *slots;
    int rc = build_slots(ctx, spans, seg, weight, &slots);
    if (rc || !slots)
        return rc;
    ps_iter *it = ps_iter_spans(ctx, slots, spans->n, weight);
    *out = it ? ps_spot_slots(ctx, it) : NULL;
    return *out ? PARASOL_OK : nomem(ctx);
}

/* *out stays NULL where nothing can match in this segment. */
static int build_spot(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                      float weight, ps_spot **out)
{
    uint32_t n = 0;
    *out = NULL;
    if (!ctx->norms)
        return PARASOL_OK;
    if (node->kind == PS_PLAN_SPANS)
        return slots_spot(ctx, &node->spans, seg, weight, out);
    if (node->kind == PS_PLAN_LEAF)
        return ps_leaf_is_here(&node->leaf, seg)
                   ? phrase_spot(ctx, &node->leaf, seg, weight, out)
                   : PARASOL_OK;
    ps_spot **of = pc_arena_zalloc(ctx->arena, node->n, sizeof(ps_spot *));
    if (!of)
        return nomem(ctx);
    int rc = build_spots(ctx, node, seg, weight, of, &n);
    if (rc || n == 0 || (node->kind == PS_PLAN_NEAR && n < 2))
        return rc;
    *out = node->kind == PS_PLAN_NEAR
               ? ps_spot_near(ctx, of[0], of[1], node->distance, node->ordered)
               : ps_spot_any(ctx, of, n);
    return *out ? PARASOL_OK : nomem(ctx);
}

/* The first leaf, which tells the field of all. */
static const ps_plan_leaf *first_leaf(const ps_plan_node *node)
{
    while (node->n > 0)
        node = node->clauses[0].node;
    return &node->leaf;
}

static int build_near(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                      ps_iter **out)
{
    ps_spot *p;
    ctx = ps_field_ctx(ctx, first_leaf(node));
    int rc = build_spot(ctx, node, seg, node->leaf.weight, &p);
    if (rc)
        return rc;
    *out = p ? ps_iter_spot(ctx, p, node->leaf.weight) : ps_iter_none(ctx);
    return *out ? PARASOL_OK : nomem(ctx);
}

static int build_constant(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                          ps_iter **out)
{
    ps_iter *it;
    int rc = ps_build_iter(ctx, node->clauses[0].node, seg, &it);
    if (rc)
        return rc;
    *out = ps_iter_constant(ctx, it, (uint32_t)node->leaf.weight + 1);
    return *out ? PARASOL_OK : nomem(ctx);
}

int ps_build_iter(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                  ps_iter **out)
{
    switch ((enum ps_plan_kind)node->kind) {
    case PS_PLAN_LEAF: return build_leaf(ctx, &node->leaf, seg, out);
    case PS_PLAN_SPANS: return build_spans(ctx, node, seg, out);
    case PS_PLAN_BOOL: return build_bool(ctx, node, seg, out);
    case PS_PLAN_NEAR: return build_near(ctx, node, seg, out);
    case PS_PLAN_FILTER: return ps_iter_filter(ctx, node->filter, out);
    case PS_PLAN_CONSTANT: return build_constant(ctx, node, seg, out);
    case PS_PLAN_ALL: *out = ps_iter_all(ctx); break;
    case PS_PLAN_NONE: *out = ps_iter_none(ctx); break;
    }
    return *out ? PARASOL_OK : nomem(ctx);
}

int ps_build_root(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                  ps_iter **out)
{
    ps_iter *it;
    int rc = ps_build_iter(ctx, node, seg, &it);
    if (rc)
        return rc;
    it = ps_iter_only_alive(ctx, it);
    *out = it ? ps_iter_timed(ctx, it) : NULL;
    return *out ? PARASOL_OK : nomem(ctx);
}

/* ---- flat lists --------------------------------------------------------- */

/* A word or phrase that is looked for in title and text together. */
static bool is_text(const ps_plan_node *node)
{
    return node->kind == PS_PLAN_LEAF && node->leaf.field == PC_FIELD_TEXT;
}

static bool is_plain(const ps_ctx *ctx, const ps_plan_node *node)
{
    return is_text(node) &&
           ps_leaf_is_plain(ps_leaf_lists(&node->leaf, ctx->language));
}

/* The words of a pattern, which may stand in a list as if written there. */
static bool is_words(const ps_ctx *ctx, const ps_plan_clause *c)
{
    if (!c->node->expanded || c->occur != PS_SHOULD)
        return false;
    for (size_t i = 0; i < c->node->n; i++)
        if (!is_plain(ctx, c->node->clauses[i].node))
            return false;
    return true;
}

/* Whether required clauses need groups, since one is neither word nor
   phrase. */
static bool needs_groups(const ps_plan_node *node)
{
    for (size_t i = 0; i < node->n; i++)
        if (node->clauses[i].occur == PS_MUST &&
            !is_text(node->clauses[i].node))
            return true;
    return false;
}

/* Where nothing is required, optional clauses may be anything that has a
   score, or anything at all if they are only counted. Beside what is required
   they may be anything. */
static bool is_flat_bool(const ps_ctx *ctx, const ps_plan_node *node,
                         uint32_t seg, bool counted)
{
    size_t must = 0, should = 0;
    bool any = true;
    if (node->kind != PS_PLAN_BOOL || node->least > 0)
        return false;
    for (size_t i = 0; i < node->n; i++) {
        const ps_plan_node *c = node->clauses[i].node;
        must += node->clauses[i].occur == PS_MUST;
        should += node->clauses[i].occur == PS_SHOULD;
        if (node->clauses[i].occur == PS_MUST && !is_text(c) &&
            !ps_group_is_known(ctx, c, seg))
            return false;
        if (node->clauses[i].occur == PS_SHOULD && !is_plain(ctx, c) &&
            !is_words(ctx, &node->clauses[i]))
            any &= counted || ps_optional_scores(c);
    }
    return must > 0 || (should > 0 && any);
}

static void sort_groups(ps_group *v, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        ps_group x = v[i];
        uint32_t j = i;
        for (; j > 0 && v[j - 1].df > x.df; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
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
    const ps_plan_leaf *leaf = ps_leaf_lists(&c->node->leaf, ctx->language);
    float weight = c->node->leaf.weight;
    ps_cursor **slot;
    if (is_words(ctx, c)) {
        int rc = PARASOL_OK;
        for (size_t i = 0; i < c->node->n && !rc; i++)
            rc = add_flat(ctx, &c->node->clauses[i], seg, flat, missing);
        return rc;
    }
    if (c->occur == PS_FILTER)
        return ps_build_iter(ctx, c->node, seg, &flat->only[flat->n_only++]);
    if (c->occur == PS_NOT && !is_plain(ctx, c->node))
        return ps_build_iter(ctx, c->node, seg, &flat->excl[flat->n_excl++]);
    if (c->occur == PS_SHOULD && !is_plain(ctx, c->node))
        return ps_build_optional(ctx, c->node, seg, flat);
    if (c->node->kind == PS_PLAN_LEAF && !ps_leaf_is_here(leaf, seg)) {
        *missing |= c->occur == PS_MUST;
        return PARASOL_OK;
    }
    if (!is_plain(ctx, c->node) && flat->groups) {
        ps_group *g = &flat->groups[flat->n_groups++];
        int rc = ps_build_group(ctx, c->node, seg, g);
        *missing |= g->n == 0;
        return rc;
    }
    if (!is_plain(ctx, c->node))
        return ps_build_phrase(ctx, leaf, seg, weight,
                               &flat->phrases[flat->n_phrases++]);
    if (c->occur == PS_NOT)
        slot = &flat->drop[flat->n_drop++];
    else if (c->occur == PS_MUST)
        slot = &flat->must[flat->n_must++];
    else
        slot = &flat->should[flat->n_should++];
    return ps_build_cursor(ctx, leaf->terms[0], seg, weight, slot);
}

static int build_flat(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                      bool counted, ps_flat *flat, bool *is_flat, bool *empty)
{
    ps_plan_clause single = {PS_SHOULD, NULL};
    const ps_plan_clause *clauses = node->clauses;
    size_t n = node->n, room = n;
    *flat = (ps_flat){.ctx = ctx, .counted = counted};
    *empty = false;
    *is_flat = is_text(node) || is_flat_bool(ctx, node, seg, counted) ||
               (counted && ps_optional_room(node) > 0);
    if (!*is_flat)
        return PARASOL_OK;
    if (node->kind != PS_PLAN_BOOL) {
        /* The clause only points at the node for the time of this call. */
        single.node = (ps_plan_node *)(uintptr_t)node;
        if (is_text(node) && !is_plain(ctx, node))
            single.occur = PS_MUST;
        clauses = &single;
        n = room = 1;
    }
    for (size_t i = 0; i < n; i++)
        room += (is_words(ctx, &clauses[i]) ? clauses[i].node->n : 0) +
                ps_optional_room(clauses[i].node);
    flat->must = pc_arena_zalloc(ctx->arena, room, sizeof *flat->must);
    flat->phrases = pc_arena_zalloc(ctx->arena, room, sizeof *flat->phrases);
    flat->should = pc_arena_zalloc(ctx->arena, room, sizeof *flat->should);
    flat->any = pc_arena_zalloc(ctx->arena, room, sizeof *flat->any);
    flat->drop = pc_arena_zalloc(ctx->arena, room, sizeof *flat->drop);
    flat->excl = pc_arena_zalloc(ctx->arena, room, sizeof *flat->excl);
    flat->only = pc_arena_zalloc(ctx->arena, room + 1, sizeof *flat->only);
    if (needs_groups(node)) {
        flat->groups = pc_arena_zalloc(ctx->arena, room, sizeof *flat->groups);
        if (!flat->groups)
            return nomem(ctx);
    }
    if (!flat->must || !flat->phrases || !flat->should || !flat->any ||
        !flat->drop || !flat->excl || !flat->only)
        return nomem(ctx);
    bool missing = false;
    if (ctx->alive) {
        flat->only[flat->n_only++] = ps_iter_alive(ctx);
        if (!flat->only[0])
            return nomem(ctx);
    }
    for (size_t i = 0; i < n && !missing; i++) {
        int rc = add_flat(ctx, &clauses[i], seg, flat, &missing);
        if (rc)
            return rc;
    }
    sort_by_df(flat->must, flat->n_must);
    sort_groups(flat->groups, flat->n_groups);
    *empty = missing || flat->n_must + flat->n_groups + flat->n_phrases +
                                flat->n_should + flat->n_any ==
                            0;
    return PARASOL_OK;
}

int ps_build_flat(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                  ps_flat *flat, bool *is_flat, bool *empty)
{
    return build_flat(ctx, node, seg, false, flat, is_flat, empty);
}

int ps_build_any(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                 ps_flat *flat, bool *is_flat, bool *empty)
{
    return build_flat(ctx, node, seg, true, flat, is_flat, empty);
}
