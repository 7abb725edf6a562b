/*
 * Living documents, from their bitmap.
 */
#include "searcher/iter/alive.h"

#include "common/base/ints.h"

typedef struct alive_iter {
    ps_iter base;
    const uint64_t *words;
    uint32_t docs;
} alive_iter;

/* There is no bit behind the last document. */
static uint32_t first_from(const alive_iter *a, uint32_t doc)
{
    while (doc < a->docs) {
        uint64_t word = a->words[doc / 64] >> (doc % 64);
        if (word)
            return doc + pc_ctz64(word);
        doc = (doc / 64 + 1) * 64;
    }
    return PS_END;
}

static uint32_t alive_seek(ps_iter *it, uint32_t target)
{
    if (it->doc < target)
        it->doc = first_from((const alive_iter *)it, target);
    return it->doc;
}

static bool alive_matches(ps_iter *it)
{
    return it->doc != PS_END;
}

static uint32_t alive_score(ps_iter *it)
{
    (void)it;
    return 0;
}

static uint32_t alive_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    (void)from;
    return it->doc > to ? 0 : 1;
}

static uint32_t alive_block_end(const ps_iter *it, uint32_t from)
{
    (void)it;
    (void)from;
    return PS_END - 1;
}

ps_iter *ps_iter_alive(ps_ctx *ctx)
{
    static const ps_iter_ops ops = {alive_seek, alive_matches, alive_score,
                                    alive_bound, alive_block_end};
    alive_iter *a = pc_arena_zalloc(ctx->arena, 1, sizeof *a);
    if (!a)
        return NULL;
    a->words = ctx->alive;
    a->docs = ctx->seg->docs;
    a->base = (ps_iter){&ops, first_from(a, 0), a->docs - ctx->dead};
    return &a->base;
}

ps_iter *ps_iter_only_alive(ps_ctx *ctx, ps_iter *it)
{
    ps_iter *both[2] = {it, NULL};
    if (!ctx->alive)
        return it;
    both[1] = ps_iter_alive(ctx);
    if (!both[1])
        return NULL;
    /* Whatever leads tells how far bounds reach, which this one does not
       know. */
    both[1]->cost = UINT64_MAX;
    return ps_iter_and(ctx, both, 2);
}
