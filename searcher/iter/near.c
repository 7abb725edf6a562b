/*
 * NEAR and ADJ over spans.
 */
#include "searcher/iter/near.h"

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "searcher/iter/spans.h"

/* ---- spans -------------------------------------------------------------- */

static bool push(ps_ctx *ctx, ps_spot *p, ps_span s)
{
    if (p->n_spans == p->cap) {
        size_t cap = p->cap ? 2 * p->cap : 32;
        ps_span *more = pc_arena_alloc(ctx->arena, cap * sizeof *more);
        if (!more) {
            ctx->status = pc_fail_nomem(ctx->err);
            return false;
        }
        if (p->n_spans)
            memcpy(more, p->spans, p->n_spans * sizeof *more);
        p->spans = more;
        p->cap = cap;
    }
    p->spans[p->n_spans++] = s;
    return true;
}

/* Appends a span; spans come by ascending ends. Those before it that hold it
   go, and it is left out if it holds the one before it. */
static bool push_inner(ps_ctx *ctx, ps_spot *p, ps_span s)
{
    if (p->n_spans > 0 && p->spans[p->n_spans - 1].start >= s.start)
        return true;
    while (p->n_spans > 0 && p->spans[p->n_spans - 1].end >= s.end)
        p->n_spans--;
    return push(ctx, p, s);
}

uint32_t ps_spans_apart(const ps_span *s, size_t n)
{
    uint32_t found = 0, end = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i].start < end)
            continue;
        found++;
        end = s[i].end;
    }
    return found;
}

static void read_spans(ps_ctx *ctx, ps_spot *p, uint32_t doc);

static void phrase_spans(ps_ctx *ctx, ps_spot *p, uint32_t doc)
{
    ps_phrase *f = p->phrase;
    uint32_t len = 0;
    if (ps_phrase_take_places(f) == 0)
        return;
    if (f->distance > 0) {
        const ps_span *windows;
        size_t n;
        ps_phrase_windows(f, &windows, &n);
        for (size_t i = 0; i < n && push(ctx, p, windows[i]);)
            i++;
        return;
    }
    for (uint32_t i = 0; i < f->n_slots; i++)
        if (f->slots[i].offset >= len)
            len = f->slots[i].offset + 1;
    uint32_t n = ps_phrase_starts(f, doc);
    for (uint32_t i = 0; i < n; i++)
        if (!push(ctx, p, (ps_span){f->starts[i], f->starts[i] + len}))
            return;
}

/* All ways to write count, also those inside others, since how long one is may
   not be known: the joined word stands beside the first part of a compound, an
   identifier beside its number. */
static void slots_spans(ps_ctx *ctx, ps_spot *p)
{
    ps_span s;
    for (size_t i = 0; ps_iter_spans_next(p->it, i, &s.start, &s.end); i++)
        if (!push(ctx, p, s))
            return;
}

/* Merges the operands' spans by their ends; the shorter first where ends are
   equal. */
static void any_spans(ps_ctx *ctx, ps_spot *p, uint32_t doc)
{
    for (uint32_t i = 0; i < p->n; i++)
        read_spans(ctx, p->of[i], doc);
    for (;;) {
        ps_spot *best = NULL;
        for (uint32_t i = 0; i < p->n; i++) {
            ps_spot *o = p->of[i];
            if (o->taken == o->n_spans)
                continue;
            const ps_span *a = &o->spans[o->taken];
            const ps_span *b = best ? &best->spans[best->taken] : NULL;
            if (!b || a->end < b->end ||
                (a->end == b->end && a->start > b->start))
                best = o;
        }
        if (!best || !push(ctx, p, best->spans[best->taken++]))
            return;
    }
}

/* The hull of b's span `y` and a span of `a` before it, if they are near: the
   shortest; *x goes on with y. */
static bool hull(const ps_spot *p, const ps_spot *a, const ps_spot *b, size_t y,
                 size_t *x, ps_span *out)
{
    const ps_span *s = &b->spans[y];
    bool found = false;
    while (*x > 0 && a->spans[*x - 1].end > s->start)
        --*x; /* where spans of b are in one another */
    while (*x < a->n_spans && a->spans[*x].end <= s->start)
        ++*x;
    for (size_t i = *x; i-- > 0 && s->start - a->spans[i].end <= p->distance;) {
        if (!found || a->spans[i].start > out->start)
            *out = (ps_span){a->spans[i].start, s->end};
        found = true;
        if (a->kind != PS_SPOT_SLOTS && a->kind != PS_SPOT_ANY)
            break; /* the last begins last */
    }
    return found;
}

static void near_spans(ps_ctx *ctx, ps_spot *p, uint32_t doc)
{
    ps_spot *a = p->of[0], *b = p->of[1];
    size_t in_a = 0, in_b = 0, i = 0, k = 0;
    read_spans(ctx, a, doc);
    if (a->n_spans > 0)
        read_spans(ctx, b, doc);
    /* Pairs that end with a span of b, and with one of a, by their ends. */
    while (a->n_spans > 0 &&
           (k < b->n_spans || (!p->ordered && i < a->n_spans))) {
        ps_span s;
        bool with_b = p->ordered || i == a->n_spans ||
                      (k < b->n_spans && b->spans[k].end <= a->spans[i].end);
        bool found =
            with_b ? hull(p, a, b, k, &in_a, &s) : hull(p, b, a, i, &in_b, &s);
        k += with_b;
        i += !with_b;
        if (found && !push_inner(ctx, p, s))
            return;
    }
}

/* Fills p->spans for the document; none where it has no candidate. */
static void read_spans(ps_ctx *ctx, ps_spot *p, uint32_t doc)
{
    p->n_spans = p->taken = 0;
    if (p->it->doc != doc || ctx->status)
        return;
    switch ((enum ps_spot_kind)p->kind) {
    case PS_SPOT_PHRASE: phrase_spans(ctx, p, doc); break;
    case PS_SPOT_SLOTS: slots_spans(ctx, p); break;
    case PS_SPOT_ANY: any_spans(ctx, p, doc); break;
    case PS_SPOT_NEAR: near_spans(ctx, p, doc); break;
    }
    if (ctx->status)
        p->n_spans = 0;
}

/* ---- spots -------------------------------------------------------------- */

static ps_spot *make(ps_ctx *ctx, enum ps_spot_kind kind, ps_spot **of,
                     uint32_t n)
{
    ps_spot *p = pc_arena_zalloc(ctx->arena, 1, sizeof *p);
    ps_iter **its = pc_arena_zalloc(ctx->arena, n, sizeof(ps_iter *));
    if (!p || !its)
        return NULL;
    p->kind = (uint8_t)kind;
    p->n = n;
    p->of = pc_arena_zalloc(ctx->arena, n, sizeof(ps_spot *));
    if (!p->of)
        return NULL;
    for (uint32_t i = 0; i < n; i++) {
        p->of[i] = of[i];
        its[i] = of[i]->it;
    }
    if (n > 0)
        p->it = kind == PS_SPOT_ANY ? ps_iter_or(ctx, its, n)
                                    : ps_iter_and(ctx, its, n);
    return n == 0 || p->it ? p : NULL;
}

ps_spot *ps_spot_phrase(ps_ctx *ctx, ps_phrase *phrase)
{
    ps_spot *p = make(ctx, PS_SPOT_PHRASE, NULL, 0);
    if (!p)
        return NULL;
    p->phrase = phrase;
    p->it = ps_iter_phrase(ctx, phrase);
    return p->it ? p : NULL;
}

ps_spot *ps_spot_slots(ps_ctx *ctx, ps_iter *spans)
{
    ps_spot *p = make(ctx, PS_SPOT_SLOTS, NULL, 0);
    if (p)
        p->it = spans;
    return p;
}

ps_spot *ps_spot_any(ps_ctx *ctx, ps_spot **of, uint32_t n)
{
    return n == 1 ? of[0] : make(ctx, PS_SPOT_ANY, of, n);
}

ps_spot *ps_spot_near(ps_ctx *ctx, ps_spot *a, ps_spot *b, uint32_t distance,
                      bool ordered)
{
    ps_spot *of[2] = {a, b};
    ps_spot *p = make(ctx, PS_SPOT_NEAR, of, 2);
    if (p) {
        p->distance = distance;
        p->ordered = ordered;
    }
    return p;
}

/* ---- documents ---------------------------------------------------------- */

typedef struct spot_iter {
    ps_iter base;
    ps_ctx *ctx;
    ps_spot *spot;
    float weight;
    uint32_t freq; /* in `doc`, after matches() */
} spot_iter;

static uint32_t spot_seek(ps_iter *it, uint32_t target)
{
    ps_iter *of = ((spot_iter *)it)->spot->it;
    return it->doc = of->ops->seek(of, target);
}

static bool spot_matches(ps_iter *it)
{
    spot_iter *t = (spot_iter *)it;
    read_spans(t->ctx, t->spot, it->doc);
    t->freq = ps_spans_apart(t->spot->spans, t->spot->n_spans);
    return t->freq > 0;
}

static uint32_t spot_score(ps_iter *it)
{
    spot_iter *t = (spot_iter *)it;
    const ps_ctx *ctx = t->ctx;
    return ps_score_one(t->weight, t->freq, ctx->damp[ctx->norms[it->doc]]);
}

/* What a spot can score: it is not more frequent than either of two that are
   near, nor than all of several together. */
static uint32_t bound_of(ps_spot *p, uint32_t from, uint32_t to)
{
    uint32_t best = p->kind == PS_SPOT_NEAR ? UINT32_MAX : 0;
    if (p->it->doc > to)
        return 0;
    if (p->kind == PS_SPOT_PHRASE || p->kind == PS_SPOT_SLOTS) {
        uint32_t at = p->it->doc > from ? p->it->doc : from;
        return p->it->ops->bound(p->it, at, to);
    }
    for (uint32_t i = 0; i < p->n; i++) {
        uint32_t one = bound_of(p->of[i], from, to);
        if (p->kind == PS_SPOT_NEAR)
            best = one < best ? one : best;
        else
            best = pc_add_capped(best, one);
    }
    return best;
}

static uint32_t spot_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    return bound_of(((spot_iter *)it)->spot, from, to);
}

static uint32_t spot_block_end(const ps_iter *it, uint32_t from)
{
    const ps_iter *of = ((const spot_iter *)it)->spot->it;
    return of->ops->block_end(of, from);
}

ps_iter *ps_iter_spot(ps_ctx *ctx, ps_spot *p, float weight)
{
    static const ps_iter_ops ops = {spot_seek, spot_matches, spot_score,
                                    spot_bound, spot_block_end};
    spot_iter *t = pc_arena_zalloc(ctx->arena, 1, sizeof *t);
    if (!t)
        return NULL;
    t->base = (ps_iter){&ops, p->it->doc, p->it->cost};
    t->ctx = ctx;
    t->spot = p;
    t->weight = weight;
    return &t->base;
}
