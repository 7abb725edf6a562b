/*
 * Bitmaps of documents.
 */
#include "searcher/collect/docset.h"

#include "common/base/fail.h"

int ps_docset_init(ps_docset *s, ps_ctx *ctx)
{
    /* A word more than is used: bitmaps are added by whole words. */
    s->n = (size_t)ctx->seg->docs / 64 + 2;
    s->words = pc_arena_zalloc(ctx->arena, s->n, sizeof *s->words);
    return s->words ? PARASOL_OK : pc_fail_nomem(ctx->err);
}

void ps_docset_clear(ps_docset *s)
{
    memset(s->words, 0, s->n * sizeof *s->words);
}

/* Adds blocks from b on that are bitmaps; returns the first that is none, or
   the end after damage. */
static uint32_t add_bitmaps(ps_docset *s, ps_cursor *c, uint32_t b)
{
    const ps_kernels *kernels = c->ctx->kernels;
    for (; b < c->list.blocks && ps_cursor_is_bitmap(c, b); b++) {
        pc_block k;
        int rc = pc_list_bits(&c->list, b, &k, c->ctx->err);
        if (!rc &&
            kernels->mark_set(s->words, k.ids, k.range, k.base + 1) != k.n)
            rc = pc_list_damaged(&c->list, c->ctx->err);
        if (rc) {
            (void)ps_cursor_fail(c, rc);
            return c->list.blocks;
        }
    }
    return b;
}

void ps_docset_add(ps_docset *s, ps_cursor *c)
{
    while (c->doc != PS_END) {
        c->ctx->kernels->mark(s->words, c->ids, c->n);
        (void)ps_cursor_load(c, add_bitmaps(s, c, c->block + 1));
    }
}

void ps_docset_keep(ps_docset *s, const ps_docset *t)
{
    for (size_t i = 0; i < s->n; i++)
        s->words[i] &= t->words[i];
}

void ps_docset_drop(ps_docset *s, const ps_docset *t)
{
    for (size_t i = 0; i < s->n; i++)
        s->words[i] &= ~t->words[i];
}

void ps_docset_keep_alive(ps_docset *s, const ps_ctx *ctx)
{
    /* Both have words to spare behind the last document. */
    for (size_t i = 0; ctx->alive && i < s->n; i++)
        s->words[i] &= ctx->alive[i];
}

uint64_t ps_docset_count(const ps_docset *s, const ps_ctx *ctx)
{
    return ctx->kernels->count(s->words, s->n);
}

uint64_t ps_docset_cost(const ps_cursor *c)
{
    /* Lists of this density are bitmaps, as a rule. */
    bool dense = (uint64_t)c->list.df * 8 >= c->list.in->docs;
    return (uint64_t)c->list.blocks * (dense ? 8 : 110);
}
