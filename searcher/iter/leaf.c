/*
 * Iterators over one list, over a phrase, over everything, over nothing.
 */
#include "searcher/iter/alive.h"

/* ---- one list ----------------------------------------------------------- */

typedef struct term_iter {
    ps_iter base;
    ps_cursor *c;
} term_iter;

static uint32_t term_seek(ps_iter *it, uint32_t target)
{
    return it->doc = ps_cursor_seek(((term_iter *)it)->c, target);
}

static bool term_matches(ps_iter *it)
{
    return it->doc != PS_END;
}

static uint32_t term_score(ps_iter *it)
{
    return ps_cursor_score(((term_iter *)it)->c);
}

static uint32_t term_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    return ps_cursor_bound(((term_iter *)it)->c, from, to);
}

static uint32_t term_block_end(const ps_iter *it, uint32_t from)
{
    return ps_cursor_block_end(((const term_iter *)it)->c, from);
}

ps_iter *ps_iter_term(ps_ctx *ctx, ps_cursor *c)
{
    static const ps_iter_ops ops = {term_seek, term_matches, term_score,
                                    term_bound, term_block_end};
    term_iter *t = pc_arena_zalloc(ctx->arena, 1, sizeof *t);
    if (!t)
        return NULL;
    t->base = (ps_iter){&ops, c->doc, c->list.df};
    t->c = c;
    return &t->base;
}

/* ---- a phrase ----------------------------------------------------------- */

typedef struct phrase_iter {
    ps_iter base;
    ps_phrase *p;
    uint32_t freq; /* in `doc`, after matches() */
} phrase_iter;

static uint32_t phrase_seek(ps_iter *it, uint32_t target)
{
    ps_phrase *p = ((phrase_iter *)it)->p;
    uint32_t doc = ps_cursor_seek(p->cursors[0], target);
    for (uint32_t i = 1; i < p->n_cursors && doc != PS_END;) {
        uint32_t there = ps_cursor_seek(p->cursors[i], doc);
        if (there == doc) {
            i++;
            continue;
        }
        doc = ps_cursor_seek(p->cursors[0], there);
        i = 1;
    }
    return it->doc = doc;
}

static bool phrase_matches(ps_iter *it)
{
    phrase_iter *t = (phrase_iter *)it;
    t->freq =
        ps_phrase_take_places(t->p) > 0 ? ps_phrase_freq(t->p, it->doc) : 0;
    return t->freq > 0;
}

static uint32_t phrase_score(ps_iter *it)
{
    phrase_iter *t = (phrase_iter *)it;
    const ps_ctx *ctx = t->p->ctx;
    return ps_score_one(t->p->weight, t->freq, ctx->damp[ctx->norms[it->doc]]);
}

static uint32_t phrase_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    return ps_phrase_bound(((phrase_iter *)it)->p, from, to);
}

static uint32_t phrase_block_end(const ps_iter *it, uint32_t from)
{
    return ps_cursor_block_end(((const phrase_iter *)it)->p->cursors[0], from);
}

ps_iter *ps_iter_phrase(ps_ctx *ctx, ps_phrase *p)
{
    static const ps_iter_ops ops = {phrase_seek, phrase_matches, phrase_score,
                                    phrase_bound, phrase_block_end};
    phrase_iter *t = pc_arena_zalloc(ctx->arena, 1, sizeof *t);
    if (!t)
        return NULL;
    t->base = (ps_iter){&ops, 0, p->cursors[0]->list.df};
    t->p = p;
    (void)phrase_seek(&t->base, 0);
    return &t->base;
}

/* ---- everything, nothing ------------------------------------------------ */

typedef struct all_iter {
    ps_iter base;
    uint32_t docs;
} all_iter;

static uint32_t all_seek(ps_iter *it, uint32_t target)
{
    if (it->doc < target)
        it->doc = target < ((all_iter *)it)->docs ? target : PS_END;
    return it->doc;
}

static bool all_matches(ps_iter *it)
{
    return it->doc != PS_END;
}

static uint32_t all_score(ps_iter *it)
{
    (void)it;
    return 0;
}

static uint32_t all_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    (void)from;
    (void)to;
    return it->doc == PS_END ? 0 : 1;
}

static uint32_t all_block_end(const ps_iter *it, uint32_t from)
{
    (void)it;
    (void)from;
    return PS_END - 1;
}

static ps_iter *make_all(ps_ctx *ctx, uint32_t docs)
{
    static const ps_iter_ops ops = {all_seek, all_matches, all_score, all_bound,
                                    all_block_end};
    all_iter *t = pc_arena_zalloc(ctx->arena, 1, sizeof *t);
    if (!t)
        return NULL;
    t->base = (ps_iter){&ops, docs > 0 ? 0 : PS_END, docs};
    t->docs = docs;
    return &t->base;
}

ps_iter *ps_iter_all(ps_ctx *ctx)
{
    return ctx->alive ? ps_iter_alive(ctx) : make_all(ctx, ctx->seg->docs);
}

ps_iter *ps_iter_none(ps_ctx *ctx)
{
    return make_all(ctx, 0);
}
