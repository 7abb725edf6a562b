/*
 * Conjunction: the rarest list leads, block by block.
 *
 * A block of the leader is skipped when the bounds of all lists over its
 * range do not reach what the heap needs; else its documents are a batch
 * that the other lists thin out, the rarest first.
 */
#include "common/base/ints.h"
#include "searcher/collect/flat.h"

typedef struct and_run {
    ps_flat *q;
    ps_topk *top;
    ps_batch batch;
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

static void take_block(and_run *r, ps_cursor *lead)
{
    ps_batch *b = &r->batch;
    b->docs = r->docs;
    b->scores = r->scores;
    b->n = lead->n - lead->at;
    memcpy(b->docs, lead->ids + lead->at, b->n * sizeof *b->docs);
    memcpy(b->scores, lead->scores + lead->at, b->n * sizeof *b->scores);
}

/* Takes a list into the batch; `rest` bounds it and all lists after it.
   Returns the bound of those after it. */
static uint32_t thin_out(and_run *r, ps_cursor *c, bool required, uint32_t from,
                         uint32_t to, uint32_t rest)
{
    uint32_t need = r->top->need;
    ps_batch_prune(&r->batch, c->ctx->kernels, rest, need);
    rest -= ps_cursor_bound(c, from, to);
    ps_batch_probe(&r->batch, c, required, need > rest ? need - rest : 0);
    return rest;
}

/* The leader's block b, which is in [from, to]. */
static void run_block(and_run *r, uint32_t b, uint32_t from, uint32_t to)
{
    ps_flat *q = r->q;
    ps_cursor *lead = q->must[0];
    ps_batch *batch = &r->batch;
    uint32_t rest = range_bound(q, from, to);
    if (rest == 0 || rest < r->top->need)
        return;
    rest -= ps_cursor_bound(lead, from, to);
    if ((lead->block != b && !ps_cursor_load(lead, b)) ||
        !ps_cursor_scores(lead))
        return;
    take_block(r, lead);
    for (uint32_t i = 1; i < q->n_must && batch->n > 0; i++)
        rest = thin_out(r, q->must[i], true, from, to, rest);
    for (uint32_t i = 0; i < q->n_should && batch->n > 0; i++)
        rest = thin_out(r, q->should[i], false, from, to, rest);
    for (uint32_t i = 0; i < batch->n; i++)
        ps_flat_offer(q, r->top, batch->docs[i], batch->scores[i]);
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

void ps_flat_and(ps_flat *q, ps_topk *top)
{
    and_run r = {.q = q, .top = top};
    ps_cursor *lead = q->must[0];
    uint32_t others = others_bound(q), from = 0;
    for (uint32_t b = 0; b < lead->list.blocks && !q->ctx->status; b++) {
        uint32_t to = pc_list_last(&lead->list, b);
        uint32_t best = ps_cursor_block_bound(lead, b);
        if (pc_add_capped(best, others) >= top->need) {
            lead->near = b;
            run_block(&r, b, from, to);
        }
        from = to + 1;
    }
}
