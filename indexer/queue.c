/*
 * Batches on their way to the pool and back.
 */
#include "common/base/fail.h"
#include "indexer/indexer_internal.h"

/* Memory that a batch keeps when it is used again. */
#define KEEP_BYTES ((size_t)4 << 20)

static void run_batch(pc_job *job, unsigned worker)
{
    pi_batch *b = (pi_batch *)job; /* its first member */
    parasol_indexer *w = b->w;
    if (!atomic_load(&w->stop))
        b->status = b->work(&w->workers[worker], b, &b->error);
}

static void clear_inputs(pi_batch *b)
{
    for (size_t i = 0; i < b->n_inputs; i++)
        pc_buf_release(&b->inputs[i].bytes);
    b->n_inputs = 0;
}

void pi_batch_free(pi_batch *b)
{
    if (!b)
        return;
    const pc_mem *mem = b->w->mem;
    clear_inputs(b);
    pc_arena_release(&b->arena);
    pc_buf_release(&b->lines);
    pc_free(mem, b->inputs);
    pc_free(mem, b->items);
    pc_free(mem, b);
}

int pi_pipe_batch(parasol_indexer *w, pi_batch **out, parasol_error *err)
{
    pi_batch *b = w->spare;
    if (b) {
        w->spare = b->next;
        w->n_spare--;
    } else {
        b = pc_zalloc(w->mem, 1, sizeof *b);
        if (!b)
            return pc_fail_nomem(err);
        b->w = w;
        b->job.run = run_batch;
        pc_arena_init(&b->arena, w->mem, 0);
        pc_buf_init(&b->lines, w->mem);
    }
    *out = b;
    return PARASOL_OK;
}

/* Keeps an empty batch for later, unless it has become large. */
static void recycle(parasol_indexer *w, pi_batch *b)
{
    clear_inputs(b);
    pc_arena_clear(&b->arena);
    if (w->n_spare > w->budget.batches || b->lines.cap > KEEP_BYTES ||
        b->arena.total > KEEP_BYTES) {
        pi_batch_free(b);
        return;
    }
    pc_buf_clear(&b->lines);
    b->n_items = 0;
    b->n_docs = 0;
    b->size = 0;
    b->status = PARASOL_OK;
    b->source = NULL;
    b->next = w->spare;
    w->spare = b;
    w->n_spare++;
}

pi_input *pi_batch_input(pi_batch *b)
{
    if (pc_grow(b->w->mem, (void **)&b->inputs, &b->inputs_cap, b->n_inputs + 1,
                sizeof *b->inputs))
        return NULL;
    pi_input *in = &b->inputs[b->n_inputs++];
    *in = (pi_input){.detail = ""};
    pc_buf_init(&in->bytes, b->w->mem);
    return in;
}

/* ---- back --------------------------------------------------------------- */

static int keep_id(parasol_indexer *w, pc_str id, parasol_error *err)
{
    if (!w->with_ids || pi_id_add(&w->id_writer, id) == PARASOL_OK)
        return PARASOL_OK;
    int rc = pi_spool_status(&w->id_writer.coded, err);
    return rc ? rc : pc_fail_nomem(err);
}

static int number_document(parasol_indexer *w, const pi_item *item,
                           parasol_error *err)
{
    if (w->n_docs >= PC_DOCS_MAX)
        return pc_fail(err, PARASOL_FULL, "an index holds at most %u documents",
                       PC_DOCS_MAX);
    pi_spool_put(&w->inverted, &item->inverted, sizeof item->inverted);
    pi_spool_put(&w->hashes, item->hash, sizeof item->hash);
    int rc = pi_spool_status(&w->inverted, err);
    if (!rc)
        rc = pi_spool_status(&w->hashes, err);
    if (rc)
        return rc;
    w->n_docs++;
    if (pi_column_add(&w->columns, item->stored.fields, item->stored.n_fields))
        return pc_fail_nomem(err);
    rc = keep_id(w, item->stored.fields[0].value, err);
    if (rc)
        return rc;
    if (pi_store_add(&w->store, &item->stored) == PARASOL_OK)
        return PARASOL_OK;
    if (err)
        *err = w->store.error;
    return w->store.error.code;
}

static int take_item(parasol_indexer *w, const pi_batch *b, const pi_item *item,
                     parasol_error *err)
{
    int rc = PARASOL_OK;
    bool found;
    if (item->removal)
        rc = pi_indexer_bury(w, item->path, &found, err);
    else if (item->skip == PARASOL_SKIP_NONE && !item->same && !w->dry)
        rc = number_document(w, item, err);
    if (!rc && b->source)
        rc = b->source->done(b->source, item, err);
    return rc;
}

uint64_t pi_pipe_held(const parasol_indexer *w)
{
    return (uint64_t)w->n_slots * sizeof *w->slots +
           (uint64_t)w->n_buried * sizeof *w->buried +
           pi_column_memory(&w->columns);
}

/* What grows with the documents takes its room from the inverters. */
static void share_out(parasol_indexer *w)
{
    atomic_store(&w->share, pi_budget_share(&w->budget, pi_pipe_held(w)));
}

static int take_items(parasol_indexer *w, const pi_batch *b, parasol_error *err)
{
    int rc = PARASOL_OK;
    if (pc_grow(w->mem, (void **)&w->bases, &w->bases_cap,
                (size_t)b->number + 1, sizeof *w->bases))
        return pc_fail_nomem(err);
    w->bases[b->number] = w->n_docs;
    for (size_t i = 0; !rc && i < b->n_items; i++)
        rc = take_item(w, b, &b->items[i], err);
    share_out(w);
    if (!rc && b->status) {
        rc = b->status;
        if (err)
            *err = b->error;
    }
    return rc;
}

static int take_first(parasol_indexer *w, parasol_error *err)
{
    pi_batch *b = w->first;
    pc_pool_wait(w->pool, &b->job);
    w->first = b->next;
    if (!w->first)
        w->last = NULL;
    w->in_flight--;
    int rc = take_items(w, b, err);
    recycle(w, b);
    return rc;
}

/* ---- there -------------------------------------------------------------- */

int pi_pipe_put(parasol_indexer *w, pi_batch *b, parasol_error *err)
{
    int rc = PARASOL_OK;
    if (w->n_batches == UINT32_MAX)
        rc = pc_fail(err, PARASOL_FULL, "too many batches of documents");
    while (!rc && w->in_flight >= w->budget.batches)
        rc = take_first(w, err);
    if (rc) {
        pi_batch_free(b);
        return rc;
    }
    b->number = w->n_batches++;
    b->next = NULL;
    if (w->last)
        w->last->next = b;
    else
        w->first = b;
    w->last = b;
    w->in_flight++;
    pc_pool_put(w->pool, &b->job, false);
    while (!rc && w->first && pc_pool_is_done(w->pool, &w->first->job))
        rc = take_first(w, err);
    return rc;
}

int pi_pipe_drain(parasol_indexer *w, parasol_error *err)
{
    int rc = PARASOL_OK;
    while (!rc && w->first)
        rc = take_first(w, err);
    return rc;
}

void pi_pipe_abandon(parasol_indexer *w)
{
    atomic_store(&w->stop, true);
    while (w->first) {
        pi_batch *b = w->first;
        pc_pool_wait(w->pool, &b->job);
        w->first = b->next;
        pi_batch_free(b);
    }
    w->last = NULL;
    w->in_flight = 0;
    while (w->spare) {
        pi_batch *b = w->spare;
        w->spare = b->next;
        pi_batch_free(b);
    }
    w->n_spare = 0;
}
