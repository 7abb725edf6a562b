/*
 * The time that a search may take.
 */
#include "searcher/iter/timed.h"

#include "common/os/clock.h"

#define LOOKS 256u /* candidates between two looks at the clock */

bool ps_ctx_is_late(ps_ctx *ctx)
{
    if (!ctx->late && ctx->deadline > 0 && ctx->looks++ % LOOKS == 0)
        ctx->late = pc_clock_now() >= ctx->deadline;
    return ctx->late;
}

typedef struct timed_iter {
    ps_iter base;
    ps_ctx *ctx;
    ps_iter *it;
} timed_iter;

static uint32_t timed_seek(ps_iter *it, uint32_t target)
{
    timed_iter *t = (timed_iter *)it;
    if (!ps_ctx_is_late(t->ctx))
        return it->doc = t->it->ops->seek(t->it, target);
    t->ctx->looked = it->doc == PS_END ? t->ctx->seg->docs : it->doc + 1;
    return it->doc = PS_END;
}

static bool timed_matches(ps_iter *it)
{
    timed_iter *t = (timed_iter *)it;
    return it->doc != PS_END && t->it->ops->matches(t->it);
}

static uint32_t timed_score(ps_iter *it)
{
    timed_iter *t = (timed_iter *)it;
    return t->it->ops->score(t->it);
}

static uint32_t timed_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    timed_iter *t = (timed_iter *)it;
    return it->doc == PS_END ? 0 : t->it->ops->bound(t->it, from, to);
}

static uint32_t timed_block_end(const ps_iter *it, uint32_t from)
{
    const timed_iter *t = (const timed_iter *)it;
    return t->it->ops->block_end(t->it, from);
}

ps_iter *ps_iter_timed(ps_ctx *ctx, ps_iter *it)
{
    static const ps_iter_ops ops = {timed_seek, timed_matches, timed_score,
                                    timed_bound, timed_block_end};
    if (ctx->deadline == 0)
        return it;
    timed_iter *t = pc_arena_zalloc(ctx->arena, 1, sizeof *t);
    if (!t)
        return NULL;
    t->base = (ps_iter){&ops, it->doc, it->cost};
    t->ctx = ctx;
    t->it = it;
    return &t->base;
}
