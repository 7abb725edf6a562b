/*
 * Iterators that change what others score or ask for several of them.
 */
#include "common/base/ints.h"
#include "searcher/iter/filter.h"

/* ---- a constant score --------------------------------------------------- */

typedef struct constant_iter {
    ps_iter base;
    ps_iter *it;
    uint32_t score;
} constant_iter;

static uint32_t constant_seek(ps_iter *it, uint32_t target)
{
    ps_iter *of = ((constant_iter *)it)->it;
    return it->doc = of->ops->seek(of, target);
}

static bool constant_matches(ps_iter *it)
{
    ps_iter *of = ((constant_iter *)it)->it;
    return of->ops->matches(of);
}

static uint32_t constant_score(ps_iter *it)
{
    return ((constant_iter *)it)->score;
}

static uint32_t constant_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    ps_iter *of = ((constant_iter *)it)->it;
    return of->ops->bound(of, from, to) ? ((constant_iter *)it)->score : 0;
}

static uint32_t constant_block_end(const ps_iter *it, uint32_t from)
{
    const ps_iter *of = ((const constant_iter *)it)->it;
    return of->ops->block_end(of, from);
}

ps_iter *ps_iter_constant(ps_ctx *ctx, ps_iter *it, uint32_t score)
{
    static const ps_iter_ops ops = {constant_seek, constant_matches,
                                    constant_score, constant_bound,
                                    constant_block_end};
    constant_iter *c = pc_arena_zalloc(ctx->arena, 1, sizeof *c);
    if (!c)
        return NULL;
    c->base = (ps_iter){&ops, it->doc, it->cost};
    c->it = it;
    c->score = score > 0 ? score : 1; /* a bound of 0 means no match */
    return &c->base;
}

/* ---- at least so many --------------------------------------------------- */

typedef struct least_iter {
    ps_iter base;
    ps_iter **child;
    bool *hit; /* the children that match at `doc` */
    uint32_t n, least;
} least_iter;

/* The first document that stands under enough children. */
static uint32_t least_seek(ps_iter *it, uint32_t target)
{
    least_iter *l = (least_iter *)it;
    for (;;) {
        uint32_t doc = PS_END, there = 0;
        for (uint32_t i = 0; i < l->n; i++) {
            ps_iter *c = l->child[i];
            uint32_t at = c->doc < target ? c->ops->seek(c, target) : c->doc;
            there = at == doc ? there + 1 : at < doc ? 1 : there;
            doc = at < doc ? at : doc;
        }
        if (doc == PS_END || there >= l->least)
            return it->doc = doc;
        target = doc + 1;
    }
}

static bool least_matches(ps_iter *it)
{
    least_iter *l = (least_iter *)it;
    uint32_t hits = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        ps_iter *c = l->child[i];
        l->hit[i] = c->doc == it->doc && c->ops->matches(c);
        hits += l->hit[i];
    }
    return hits >= l->least;
}

static uint32_t least_score(ps_iter *it)
{
    least_iter *l = (least_iter *)it;
    uint32_t s = 0;
    for (uint32_t i = 0; i < l->n; i++)
        if (l->hit[i])
            s += l->child[i]->ops->score(l->child[i]);
    return s;
}

static uint32_t least_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    least_iter *l = (least_iter *)it;
    uint32_t s = 0, there = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        ps_iter *c = l->child[i];
        uint32_t at = c->doc > from ? c->doc : from;
        uint32_t one = at > to ? 0 : c->ops->bound(c, at, to);
        there += one > 0;
        s = pc_add_capped(s, one);
    }
    return there >= l->least ? s : 0;
}

static uint32_t least_block_end(const ps_iter *it, uint32_t from)
{
    const least_iter *l = (const least_iter *)it;
    uint32_t end = PS_END - 1;
    for (uint32_t i = 0; i < l->n; i++) {
        uint32_t one = l->child[i]->ops->block_end(l->child[i], from);
        end = one < end ? one : end;
    }
    return end;
}

ps_iter *ps_iter_least(ps_ctx *ctx, ps_iter **children, uint32_t n,
                       uint32_t least)
{
    static const ps_iter_ops ops = {least_seek, least_matches, least_score,
                                    least_bound, least_block_end};
    least_iter *l = pc_arena_zalloc(ctx->arena, 1, sizeof *l);
    if (!l)
        return NULL;
    l->child = pc_arena_zalloc(ctx->arena, n, sizeof(ps_iter *));
    l->hit = pc_arena_zalloc(ctx->arena, n, sizeof *l->hit);
    if (!l->child || !l->hit)
        return NULL;
    memcpy(l->child, children, n * sizeof(ps_iter *));
    l->n = n;
    l->least = least;
    l->base.ops = &ops;
    for (uint32_t i = 0; i < n; i++)
        l->base.cost += children[i]->cost;
    (void)least_seek(&l->base, 0);
    return &l->base;
}
