/*
 * Conjunction: the rarest list leads, block by block.
 *
 * A block of the leader is skipped when the bounds of all lists over its
 * range do not reach what the heap needs; else its documents are a batch
 * that the other lists thin out, the rarest first.
 */
#include "common/base/fail.h"
#include "common/base/ints.h"
#include "searcher/collect/flat.h"
#include "searcher/iter/timed.h"

typedef struct and_run {
    ps_flat *q;
    ps_topk *top; /* NULL: nothing is scored */
    ps_batch batch;
    uint32_t *near; /* by required list: where its cursor was */
    uint32_t docs[PC_BLOCK_ROOM];
    uint32_t scores[PC_BLOCK_ROOM];
} and_run;

/* The bound of everything in [from, to]; 0 if a required list has nothing. */
static uint32_t range_bound(const ps_flat *q, uint32_t from, uint32_t to)
{
    uint32_t total = 0;
    for (uint32_t i = 0; i < q->n_must; i++) {
        uint32_t s = ps_cursor_bound(q->must[i], from, to);
        if (s == 0)
            return 0;
        total = pc_add_capped(total, s);
    }
    for (uint32_t i = 0; i < q->n_should; i++)
        total = pc_add_capped(total, ps_cursor_bound(q->should[i], from, to));
    return total;
}

/* Takes a list into the batch; `rest` bounds it and all lists after it.
   Returns the bound of those after it. */
static uint32_t thin_out(and_run *r, ps_cursor *c, bool required, uint32_t from,
                         uint32_t to, uint32_t rest)
{
    uint32_t need = r->top->need;
    ps_batch_prune(&r->batch, c->ctx->kernels, rest, need);
    rest -= ps_cursor_bound(c, from, to);
    ps_batch_probe(&r->batch, c, required, ps_least(need, rest));
    return rest;
}

/* Offers what of the batch can enter, from required list `first` on; `rest`
   bounds what those and the others add in [from, to]. With `first` 0 the batch
   went through ps_flat_filter: what is excluded is out, and may not be asked
   for again. */
static void score_batch(and_run *r, uint32_t first, uint32_t from, uint32_t to,
                        uint32_t rest)
{
    ps_flat *q = r->q;
    ps_batch *b = &r->batch;
    for (uint32_t i = first; i < q->n_must && b->n > 0; i++)
        rest = thin_out(r, q->must[i], true, from, to, rest);
    for (uint32_t i = 0; i < q->n_should && b->n > 0; i++)
        rest = thin_out(r, q->should[i], false, from, to, rest);
    for (uint32_t i = 0; i < b->n; i++) {
        if (first > 0)
            ps_flat_offer(q, r->top, b->docs[i], b->scores[i]);
        else
            ps_topk_offer(r->top, b->docs[i], b->scores[i]);
    }
}

/* The leader's block b, which is in [from, to]. */
static void run_block(and_run *r, uint32_t b, uint32_t from, uint32_t to)
{
    ps_cursor *lead = r->q->must[0];
    uint32_t rest = range_bound(r->q, from, to);
    if (rest == 0 || rest < r->top->need)
        return;
    rest -= ps_cursor_bound(lead, from, to);
    if (lead->block != b && !ps_cursor_load(lead, b))
        return;
    /* A list of some forms may have nothing in this block. */
    if (lead->block != b || !ps_cursor_scores(lead))
        return;
    r->batch.n = lead->n;
    memcpy(r->docs, lead->ids, lead->n * sizeof *r->docs);
    memcpy(r->scores, lead->scores, lead->n * sizeof *r->scores);
    score_batch(r, 1, from, to, rest);
}

/* The same, when all matches are counted, too: they are found first, and then
   those that can enter are scored. */
static void count_block(and_run *r, uint32_t b, uint32_t from, uint32_t to,
                        uint64_t *total)
{
    ps_flat *q = r->q;
    ps_cursor *lead = q->must[0];
    uint32_t rest = r->top ? range_bound(q, from, to) : 0;
    if (lead->block != b && (!ps_cursor_load(lead, b) || lead->block != b))
        return;
    for (uint32_t i = 0; i < q->n_must; i++)
        r->near[i] = q->must[i]->near;
    memcpy(r->docs, lead->ids, lead->n * sizeof *r->docs);
    uint32_t n = ps_flat_filter(q, r->docs, lead->n);
    *total += n;
    if (!r->top || n == 0 || rest == 0 || rest < r->top->need)
        return;
    for (uint32_t i = 0; i < q->n_must; i++)
        q->must[i]->near = r->near[i];
    r->batch.n = n;
    memset(r->scores, 0, n * sizeof *r->scores);
    score_batch(r, 0, from, to, rest);
}

/* What all lists but the leader score anywhere. */
static uint32_t others_bound(const ps_flat *q)
{
    uint32_t sum = 0;
    for (uint32_t i = 1; i < q->n_must; i++)
        sum = pc_add_capped(sum, q->must[i]->bound);
    for (uint32_t i = 0; i < q->n_should; i++)
        sum = pc_add_capped(sum, q->should[i]->bound);
    return sum;
}

void ps_flat_and(ps_flat *q, ps_topk *top, uint64_t *total)
{
    and_run r = {.q = q, .top = top};
    ps_cursor *lead = q->must[0];
    uint32_t others = others_bound(q), from = 0;
    r.batch = (ps_batch){r.docs, r.scores, 0};
    r.near = pc_arena_zalloc(q->ctx->arena, q->n_must, sizeof *r.near);
    if (!r.near) {
        q->ctx->status = pc_fail_nomem(q->ctx->err);
        return;
    }
    for (uint32_t b = 0; b < lead->list.blocks && !q->ctx->status; b++) {
        uint32_t to = pc_list_last(&lead->list, b);
        if (ps_ctx_stops(q->ctx, from))
            break;
        lead->near = b;
        if (total)
            count_block(&r, b, from, to, total);
        else if (pc_add_capped(ps_cursor_block_bound(lead, b), others) >=
                 top->need)
            run_block(&r, b, from, to);
        from = to + 1;
    }
}
