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

/* The block's bits, moved to where its documents are. */
static void add_bitmap(ps_docset *s, const pc_block *k)
{
    uint32_t first = k->base + 1;
    uint64_t *to = s->words + first / 64;
    unsigned shift = first % 64;
    for (uint32_t i = 0; 64 * i < k->range; i++) {
        uint64_t word = pc_bitmap_word(k->ids, i, k->range);
        to[i] |= word << shift;
        if (shift > 0)
            to[i + 1] |= word >> (64 - shift);
    }
}

void ps_docset_add(ps_docset *s, ps_cursor *c)
{
    while (c->doc != PS_END) {
        pc_block k;
        uint32_t b = c->block + 1;
        c->ctx->kernels->mark(s->words, c->ids, c->n);
        for (; b < c->list.blocks && ps_cursor_is_bitmap(c, b); b++) {
            int rc = pc_list_block(&c->list, b, &k, c->ctx->err);
            if (rc) {
                (void)ps_cursor_fail(c, rc);
                return;
            }
            add_bitmap(s, &k);
        }
        (void)ps_cursor_load(c, b);
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
    return (uint64_t)c->list.blocks * (dense ? 20 : 110);
}
