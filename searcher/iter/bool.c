/*
 * Iterators that combine others: and, or, not, optional.
 */
#include "common/base/ints.h"
#include "searcher/iter/iter.h"

typedef struct many_iter {
    ps_iter base;
    ps_iter **child;
    bool *hit; /* or: the children that match at `doc` */
    uint32_t n;
} many_iter;

static many_iter *make_many(ps_ctx *ctx, const ps_iter_ops *ops,
                            ps_iter **children, uint32_t n)
{
    many_iter *m = pc_arena_zalloc(ctx->arena, 1, sizeof *m);
    if (!m)
        return NULL;
    m->base.ops = ops;
    m->child = pc_arena_zalloc(ctx->arena, n, sizeof *m->child);
    m->hit = pc_arena_zalloc(ctx->arena, n, sizeof *m->hit);
    if (!m->child || !m->hit)
        return NULL;
    memcpy(m->child, children, n * sizeof *m->child);
    m->n = n;
    return m;
}

/* ---- and ---------------------------------------------------------------- */

static uint32_t and_seek(ps_iter *it, uint32_t target)
{
    many_iter *m = (many_iter *)it;
    uint32_t doc = m->child[0]->ops->seek(m->child[0], target);
    for (uint32_t i = 1; i < m->n && doc != PS_END;) {
        uint32_t there = m->child[i]->ops->seek(m->child[i], doc);
        if (there == doc) {
            i++;
            continue;
        }
        doc = m->child[0]->ops->seek(m->child[0], there);
        i = 1;
    }
    return it->doc = doc;
}

static bool and_matches(ps_iter *it)
{
    many_iter *m = (many_iter *)it;
    for (uint32_t i = 0; i < m->n; i++) {
        if (!m->child[i]->ops->matches(m->child[i]))
            return false;
    }
    return true;
}

static uint32_t and_score(ps_iter *it)
{
    many_iter *m = (many_iter *)it;
    uint32_t s = 0;
    for (uint32_t i = 0; i < m->n; i++)
        s += m->child[i]->ops->score(m->child[i]);
    return s;
}

static uint32_t and_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    many_iter *m = (many_iter *)it;
    uint32_t s = 0;
    for (uint32_t i = 0; i < m->n; i++) {
        uint32_t one = m->child[i]->ops->bound(m->child[i], from, to);
        if (one == 0)
            return 0;
        s = pc_add_capped(s, one);
    }
    return s;
}

static uint32_t and_block_end(const ps_iter *it, uint32_t from)
{
    const many_iter *m = (const many_iter *)it;
    return m->child[0]->ops->block_end(m->child[0], from);
}

/* Stable insertion sort, cheapest first: there are few children. */
static void sort_by_cost(ps_iter **v, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        ps_iter *x = v[i];
        uint32_t j = i;
        for (; j > 0 && v[j - 1]->cost > x->cost; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
}

ps_iter *ps_iter_and(ps_ctx *ctx, ps_iter **children, uint32_t n)
{
    static const ps_iter_ops ops = {and_seek, and_matches, and_score, and_bound,
                                    and_block_end};
    many_iter *m = make_many(ctx, &ops, children, n);
    if (!m)
        return NULL;
    sort_by_cost(m->child, n);
    m->base.cost = m->child[0]->cost;
    (void)and_seek(&m->base, 0);
    return &m->base;
}

/* ---- or ----------------------------------------------------------------- */

static uint32_t or_seek(ps_iter *it, uint32_t target)
{
    many_iter *m = (many_iter *)it;
    uint32_t doc = PS_END;
    for (uint32_t i = 0; i < m->n; i++) {
        ps_iter *c = m->child[i];
        uint32_t there = c->doc < target ? c->ops->seek(c, target) : c->doc;
        if (there < doc)
            doc = there;
    }
    return it->doc = doc;
}

static bool or_matches(ps_iter *it)
{
    many_iter *m = (many_iter *)it;
    bool any = false;
    for (uint32_t i = 0; i < m->n; i++) {
        ps_iter *c = m->child[i];
        m->hit[i] = c->doc == it->doc && c->ops->matches(c);
        any |= m->hit[i];
    }
    return any;
}

static uint32_t or_score(ps_iter *it)
{
    many_iter *m = (many_iter *)it;
    uint32_t s = 0;
    for (uint32_t i = 0; i < m->n; i++) {
        if (m->hit[i])
            s += m->child[i]->ops->score(m->child[i]);
    }
    return s;
}

static uint32_t or_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    many_iter *m = (many_iter *)it;
    uint32_t s = 0;
    for (uint32_t i = 0; i < m->n; i++)
        s = pc_add_capped(s, m->child[i]->ops->bound(m->child[i], from, to));
    return s;
}

static uint32_t or_block_end(const ps_iter *it, uint32_t from)
{
    const many_iter *m = (const many_iter *)it;
    uint32_t end = PS_END - 1;
    for (uint32_t i = 0; i < m->n; i++) {
        uint32_t one = m->child[i]->ops->block_end(m->child[i], from);
        if (one < end)
            end = one;
    }
    return end;
}

ps_iter *ps_iter_or(ps_ctx *ctx, ps_iter **children, uint32_t n)
{
    static const ps_iter_ops ops = {or_seek, or_matches, or_score, or_bound,
                                    or_block_end};
    many_iter *m = make_many(ctx, &ops, children, n);
    if (!m)
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        m->base.cost += m->child[i]->cost;
    (void)or_seek(&m->base, 0);
    return &m->base;
}

/* ---- not, optional ------------------------------------------------------ */

typedef struct pair_iter {
    ps_iter base;
    ps_iter *req;
    ps_iter *other;
    bool hit;
} pair_iter;

static uint32_t pair_seek(ps_iter *it, uint32_t target)
{
    pair_iter *p = (pair_iter *)it;
    return it->doc = p->req->ops->seek(p->req, target);
}

/* Does the other side match the current document? */
static bool other_matches(const pair_iter *p)
{
    ps_iter *o = p->other;
    return o->ops->seek(o, p->base.doc) == p->base.doc && o->ops->matches(o);
}

static bool not_matches(ps_iter *it)
{
    pair_iter *p = (pair_iter *)it;
    return p->req->ops->matches(p->req) && !other_matches(p);
}

static uint32_t not_score(ps_iter *it)
{
    pair_iter *p = (pair_iter *)it;
    return p->req->ops->score(p->req);
}

static uint32_t not_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    pair_iter *p = (pair_iter *)it;
    return p->req->ops->bound(p->req, from, to);
}

static uint32_t pair_block_end(const ps_iter *it, uint32_t from)
{
    const pair_iter *p = (const pair_iter *)it;
    return p->req->ops->block_end(p->req, from);
}

static bool opt_matches(ps_iter *it)
{
    pair_iter *p = (pair_iter *)it;
    if (!p->req->ops->matches(p->req))
        return false;
    p->hit = other_matches(p);
    return true;
}

static uint32_t opt_score(ps_iter *it)
{
    pair_iter *p = (pair_iter *)it;
    uint32_t s = p->req->ops->score(p->req);
    return p->hit ? s + p->other->ops->score(p->other) : s;
}

static uint32_t opt_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    pair_iter *p = (pair_iter *)it;
    uint32_t s = p->req->ops->bound(p->req, from, to);
    if (s == 0)
        return 0;
    uint32_t at = p->other->doc > from ? p->other->doc : from;
    return at > to ? s
                   : pc_add_capped(s, p->other->ops->bound(p->other, at, to));
}

static ps_iter *make_pair(ps_ctx *ctx, const ps_iter_ops *ops, ps_iter *req,
                          ps_iter *other)
{
    pair_iter *p = pc_arena_zalloc(ctx->arena, 1, sizeof *p);
    if (!p)
        return NULL;
    p->base = (ps_iter){ops, req->doc, req->cost};
    p->req = req;
    p->other = other;
    return &p->base;
}

ps_iter *ps_iter_not(ps_ctx *ctx, ps_iter *req, ps_iter *excl)
{
    static const ps_iter_ops ops = {pair_seek, not_matches, not_score,
                                    not_bound, pair_block_end};
    return make_pair(ctx, &ops, req, excl);
}

ps_iter *ps_iter_opt(ps_ctx *ctx, ps_iter *req, ps_iter *opt)
{
    static const ps_iter_ops ops = {pair_seek, opt_matches, opt_score,
                                    opt_bound, pair_block_end};
    return make_pair(ctx, &ops, req, opt);
}
