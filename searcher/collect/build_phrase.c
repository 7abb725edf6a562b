/*
 * Terms and phrases of a plan -> cursors of one segment.
 */
#include "searcher/collect/build_phrase.h"

#include "common/base/fail.h"

static int nomem(ps_ctx *ctx)
{
    return pc_fail_nomem(ctx->err);
}

bool ps_leaf_is_here(const ps_plan_leaf *leaf, uint32_t seg)
{
    for (uint32_t i = 0; i < leaf->n; i++) {
        if (!leaf->terms[i]->entries[seg].flags)
            return false;
    }
    return leaf->n > 0;
}

ps_ctx *ps_field_ctx(ps_ctx *ctx, const ps_plan_leaf *leaf)
{
    return leaf->field == PC_FIELD_TITLE ? ctx->title : ctx;
}

/* The list of a term; `forms` NULL: of all its forms. */
static int open_list(ps_ctx *ctx, const ps_plan_term *t, uint32_t seg,
                     float weight, const ps_form_set *forms, ps_cursor **out)
{
    ps_cursor *c = pc_arena_alloc(ctx->arena, sizeof *c);
    if (!c)
        return nomem(ctx);
    *out = c;
    return ps_cursor_init_forms(c, ctx, &t->entries[seg], weight, forms);
}

static const ps_form_set *forms_of(const ps_plan_term *t, uint32_t seg)
{
    return t->sets ? t->sets[seg] : NULL;
}

int ps_build_cursor(ps_ctx *ctx, const ps_plan_term *t, uint32_t seg,
                    float weight, ps_cursor **out)
{
    return open_list(ctx, t, seg, weight, forms_of(t, seg), out);
}

/* The cursor of a term, shared by the slots that ask for the same list. */
static int phrase_cursor(ps_phrase *p, const ps_plan_leaf *leaf, uint32_t i,
                         uint32_t seg)
{
    const ps_plan_term *t = leaf->terms[i];
    for (uint32_t k = 0; k < i; k++) {
        if (pc_str_eq(leaf->terms[k]->stem, t->stem)) {
            p->slots[i].cursor = p->slots[k].cursor;
            return PARASOL_OK;
        }
    }
    p->slots[i].cursor = p->n_cursors;
    /* Which forms are meant, the slots look at. */
    return open_list(p->ctx, t, seg, p->weight, NULL,
                     &p->cursors[p->n_cursors++]);
}

/* Orders the cursors by df, the rarest first, and the slots' references. */
static void sort_cursors(ps_phrase *p)
{
    for (uint32_t i = 1; i < p->n_cursors; i++) {
        for (uint32_t j = i;
             j > 0 && p->cursors[j - 1]->list.df > p->cursors[j]->list.df;
             j--) {
            ps_cursor *x = p->cursors[j];
            p->cursors[j] = p->cursors[j - 1];
            p->cursors[j - 1] = x;
            for (uint32_t k = 0; k < p->n_slots; k++) {
                if (p->slots[k].cursor == j)
                    p->slots[k].cursor = j - 1;
                else if (p->slots[k].cursor == j - 1)
                    p->slots[k].cursor = j;
            }
        }
    }
}

int ps_build_phrase(ps_ctx *ctx, const ps_plan_leaf *leaf, uint32_t seg,
                    float weight, ps_phrase **out)
{
    ps_phrase *p = *out = pc_arena_zalloc(ctx->arena, 1, sizeof *p);
    if (!p)
        return nomem(ctx);
    p->ctx = ctx;
    p->weight = weight;
    p->distance = leaf->distance;
    p->n_slots = leaf->n;
    p->slots = pc_arena_zalloc(ctx->arena, leaf->n, sizeof *p->slots);
    p->cursors = pc_arena_zalloc(ctx->arena, leaf->n, sizeof *p->cursors);
    p->readers = pc_arena_zalloc(ctx->arena, leaf->n, sizeof *p->readers);
    p->opened = pc_arena_alloc(ctx->arena, leaf->n * sizeof *p->opened);
    p->places = pc_arena_zalloc(ctx->arena, leaf->n, sizeof *p->places);
    if (!p->slots || !p->cursors || !p->readers || !p->opened || !p->places)
        return nomem(ctx);
    for (uint32_t i = 0; i < leaf->n; i++) {
        const ps_plan_term *t = leaf->terms[i];
        int rc = phrase_cursor(p, leaf, i, seg);
        if (rc)
            return rc;
        p->slots[i].offset = leaf->offsets[i];
        p->slots[i].exact = t->exact;
        p->slots[i].variant = t->exact ? t->variants[seg] : 0;
        p->slots[i].forms = forms_of(t, seg);
    }
    sort_cursors(p);
    for (uint32_t i = 0; i < p->n_cursors; i++) {
        p->opened[i].block = UINT32_MAX;
        pc_pos_reader_init(&p->readers[i], &p->cursors[i]->list);
    }
    p->early = p->n_cursors;
    *out = p;
    return PARASOL_OK;
}
