/*
 * Required clauses -> the lists that their matches are in.
 */
#include "searcher/collect/build_group.h"

#include "searcher/collect/build_phrase.h"

/* Deeper than that nothing is known. */
#define DEPTH_MAX 8u

/* Terms, one of which at least every match holds. */
typedef struct sieve {
    const ps_plan_term *terms[PS_GROUP_LISTS];
    uint32_t n;
    uint64_t df;
} sieve;

typedef struct where {
    const ps_ctx *ctx;
    uint32_t seg;
} where;

static bool add_term(sieve *s, const ps_plan_term *t, uint32_t seg)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (s->terms[i] == t)
            return true;
    if (s->n == PS_GROUP_LISTS)
        return false;
    s->terms[s->n++] = t;
    s->df += t->entries[seg].df;
    return true;
}

/* A leaf holds its rarest term. One that is not in the segment matches
   nothing there. */
static bool add_leaf(sieve *s, const where *w, const ps_plan_leaf *leaf)
{
    if (leaf->field != PC_FIELD_TEXT)
        return false;
    leaf = ps_leaf_lists(leaf, w->ctx->language);
    if (!ps_leaf_is_here(leaf, w->seg))
        return true;
    const ps_plan_term *rarest = leaf->terms[0];
    for (uint32_t i = 1; i < leaf->n; i++) {
        const ps_plan_term *t = leaf->terms[i];
        if (t->entries[w->seg].df < rarest->entries[w->seg].df)
            rarest = t;
    }
    return add_term(s, rarest, w->seg);
}

static bool add_all(sieve *s, const sieve *more, uint32_t seg)
{
    for (uint32_t i = 0; i < more->n; i++)
        if (!add_term(s, more->terms[i], seg))
            return false;
    return true;
}

/* Of several, each of which would do, the rarest known. */
static void take_rarer(sieve *best, bool *known, const sieve *other)
{
    if (!*known || other->df < best->df)
        *best = *other;
    *known = true;
}

static bool slot_sieve(sieve *s, const where *w, const ps_plan_slot *slot)
{
    *s = (sieve){.n = 0};
    for (uint32_t i = 0; i < slot->n; i++) {
        const ps_plan_leaf *leaf = &slot->alts[i].leaf;
        if (leaf->n == 0 || !add_leaf(s, w, leaf))
            return false;
    }
    return true;
}

static bool spans_sieve(sieve *s, const where *w, const ps_plan_node *node)
{
    bool known = false;
    sieve one;
    if (node->leaf.field != PC_FIELD_TEXT)
        return false;
    for (uint32_t i = 0; i < node->spans.n; i++)
        if (slot_sieve(&one, w, &node->spans.slots[i]))
            take_rarer(s, &known, &one);
    return known;
}

static bool find_sieve(sieve *s, const where *w, const ps_plan_node *node,
                       unsigned depth);

/* All clauses have to match: any of them will do. */
static bool every_sieve(sieve *s, const where *w, const ps_plan_node *node,
                        uint8_t occur, unsigned depth)
{
    bool known = false;
    sieve one;
    for (size_t i = 0; i < node->n; i++)
        if (node->clauses[i].occur == occur &&
            find_sieve(&one, w, node->clauses[i].node, depth))
            take_rarer(s, &known, &one);
    return known;
}

static bool bool_sieve(sieve *s, const where *w, const ps_plan_node *node,
                       unsigned depth)
{
    sieve one;
    size_t wanted = 0;
    if (every_sieve(s, w, node, PS_MUST, depth))
        return true;
    *s = (sieve){.n = 0};
    for (size_t i = 0; i < node->n; i++) {
        if (node->clauses[i].occur == PS_MUST)
            return false;
        if (node->clauses[i].occur != PS_SHOULD)
            continue;
        wanted++;
        if (!find_sieve(&one, w, node->clauses[i].node, depth) ||
            !add_all(s, &one, w->seg))
            return false;
    }
    return wanted > 0;
}

static bool find_sieve(sieve *s, const where *w, const ps_plan_node *node,
                       unsigned depth)
{
    *s = (sieve){.n = 0};
    if (depth == DEPTH_MAX)
        return false;
    switch ((enum ps_plan_kind)node->kind) {
    case PS_PLAN_NONE: return true;
    case PS_PLAN_LEAF: return add_leaf(s, w, &node->leaf);
    case PS_PLAN_SPANS: return spans_sieve(s, w, node);
    case PS_PLAN_BOOL: return bool_sieve(s, w, node, depth + 1);
    case PS_PLAN_NEAR:
        return every_sieve(s, w, node, node->clauses[0].occur, depth + 1);
    case PS_PLAN_CONSTANT:
        return find_sieve(s, w, node->clauses[0].node, depth + 1);
    case PS_PLAN_FILTER:
    case PS_PLAN_ALL: break;
    }
    return false;
}

bool ps_group_is_known(const ps_ctx *ctx, const ps_plan_node *node,
                       uint32_t seg)
{
    const where w = {ctx, seg};
    sieve s;
    return find_sieve(&s, &w, node, 0);
}

/* Any of a few words, which score what they score: no iterator is needed. */
static bool is_lists(const ps_ctx *ctx, const ps_plan_node *node)
{
    if (node->kind != PS_PLAN_BOOL || node->least > 1 ||
        node->n > PS_GROUP_LISTS)
        return false;
    for (size_t i = 0; i < node->n; i++) {
        const ps_plan_node *n = node->clauses[i].node;
        if (node->clauses[i].occur != PS_SHOULD || n->kind != PS_PLAN_LEAF ||
            n->leaf.field != PC_FIELD_TEXT ||
            !ps_leaf_is_plain(ps_leaf_lists(&n->leaf, ctx->language)))
            return false;
    }
    return true;
}

static int add_list(ps_ctx *ctx, const ps_plan_term *t, uint32_t seg,
                    float weight, ps_group *g)
{
    ps_cursor **c = &g->lists[g->n++];
    int rc = ps_build_cursor(ctx, t, seg, weight, c);
    if (!rc)
        g->df += (*c)->list.df;
    return rc;
}

static int build_lists(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                       ps_group *g)
{
    int rc = PARASOL_OK;
    for (size_t i = 0; i < node->n && !rc; i++) {
        const ps_plan_leaf *own = &node->clauses[i].node->leaf;
        const ps_plan_leaf *leaf = ps_leaf_lists(own, ctx->language);
        if (ps_leaf_is_here(leaf, seg))
            rc = add_list(ctx, leaf->terms[0], seg, own->weight, g);
    }
    return rc;
}

int ps_build_group(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                   ps_group *g)
{
    const where w = {ctx, seg};
    sieve s;
    *g = (ps_group){.n = 0};
    if (is_lists(ctx, node))
        return build_lists(ctx, node, seg, g);
    int rc = PARASOL_OK;
    (void)find_sieve(&s, &w, node, 0);
    for (uint32_t i = 0; i < s.n && !rc; i++)
        rc = add_list(ctx, s.terms[i], seg, 0, g);
    return rc || g->n == 0 ? rc : ps_build_iter(ctx, node, seg, &g->it);
}
