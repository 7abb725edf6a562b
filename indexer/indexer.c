/*
 * parasol_indexer: documents one by one, on their way to the pipeline
 * (batch.h).
 */
#include <parasol/indexer.h>

#include "common/base/fail.h"
#include "indexer/indexer_internal.h"

/* ---- documents ---------------------------------------------------------- */

int pi_indexer_usable(const parasol_indexer *w, parasol_error *err)
{
    if (w->status)
        return pc_fail(err, w->status,
                       "the indexer has failed before and can only be closed");
    if (w->done)
        return pc_fail(err, PARASOL_ARG, "the indexer has committed already");
    return PARASOL_OK;
}

int pi_indexer_end(parasol_indexer *w, int rc)
{
    w->status = rc;
    return rc;
}

/* In a thread: the documents of a batch as they are. */
static int work_documents(pi_worker *k, pi_batch *b, parasol_error *err)
{
    int rc = PARASOL_OK;
    for (size_t i = 0; !rc && i < b->n_inputs; i++)
        rc = pi_worker_document(k, b, &b->inputs[i].doc, err);
    return rc;
}

/* A copy of a string that may be NULL. */
static int put_string(pi_batch *b, pc_str *out, const char *z, size_t len)
{
    out->ptr = pc_arena_copy(&b->arena, z, z ? len : 0);
    out->len = z ? len : 0;
    b->size += len;
    return out->ptr ? PARASOL_OK : PARASOL_NOMEM;
}

static int put_z(pi_batch *b, pc_str *out, const char *z)
{
    return put_string(b, out, z, z ? strlen(z) : 0);
}

static int copy_document(pi_batch *b, const parasol_document *doc)
{
    pi_input *in = pi_batch_input(b);
    size_t n = doc->meta ? doc->meta_count : 0;
    pc_field *meta = pc_arena_zalloc(&b->arena, n, sizeof *meta);
    if (!in || !meta || put_z(b, &in->doc.id, doc->id) ||
        put_z(b, &in->doc.title, doc->title) ||
        put_z(b, &in->doc.date, doc->date) ||
        put_string(b, &in->doc.text, doc->text, doc->text_len))
        return PARASOL_NOMEM;
    for (size_t i = 0; i < n; i++) {
        if (put_z(b, &meta[i].name, doc->meta[i].name) ||
            put_z(b, &meta[i].value, doc->meta[i].value))
            return PARASOL_NOMEM;
    }
    in->doc.meta = meta;
    in->doc.n_meta = n;
    in->doc.bytes = doc->text_len;
    return PARASOL_OK;
}

int pi_indexer_put_open(parasol_indexer *w, parasol_error *err)
{
    pi_batch *b = w->open;
    w->open = NULL;
    return b ? pi_pipe_put(w, b, err) : PARASOL_OK;
}

static int add(parasol_indexer *w, const parasol_document *doc,
               parasol_error *err)
{
    if (!w->open) {
        int rc = pi_pipe_batch(w, &w->open, err);
        if (rc)
            return rc;
        w->open->work = work_documents;
    }
    if (copy_document(w->open, doc))
        return pc_fail_nomem(err);
    w->added++;
    if (w->segment_docs > 0 && w->added == w->segment_docs)
        return pi_indexer_put_segment(w, err);
    return w->open->size >= w->budget.batch ? pi_indexer_put_open(w, err)
                                            : PARASOL_OK;
}

int pi_indexer_begin(parasol_indexer *w, parasol_error *err)
{
    int rc = pi_indexer_usable(w, err);
    return rc ? rc : pi_indexer_end(w, pi_indexer_put_open(w, err));
}

int parasol_indexer_add(parasol_indexer *w, const parasol_document *doc,
                        parasol_error *err)
{
    parasol_document all = PARASOL_DOCUMENT_INIT;
    size_t n = doc->struct_size < sizeof all ? doc->struct_size : sizeof all;
    memcpy(&all, doc, n);
    int rc = pi_indexer_usable(w, err);
    if (rc)
        return rc;
    if (!all.id || !*all.id)
        return pc_fail(err, PARASOL_ARG, "a document needs an id");
    return pi_indexer_end(w, add(w, &all, err));
}
