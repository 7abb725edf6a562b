/*
 * parasol_indexer: documents in, a commit out. Documents go through the
 * pipeline (batch.h); the commit makes one segment of them.
 */
#include <parasol/indexer.h>

#include "common/base/fail.h"
#include "common/codec/varint.h"
#include "common/format/name.h"
#include "indexer/indexer_internal.h"

/* ---- opening and closing ------------------------------------------------ */

static parasol_indexer_options read_options(const parasol_indexer_options *o)
{
    parasol_indexer_options all = PARASOL_INDEXER_OPTIONS_INIT;
    if (o) {
        size_t n = o->struct_size < sizeof all ? o->struct_size : sizeof all;
        memcpy(&all, o, n);
    }
    return all;
}

static char *copy_of(const char *z, const pc_mem *mem)
{
    size_t len = strlen(z);
    char *copy = pc_alloc(mem, len + 1, 1);
    if (copy)
        memcpy(copy, z, len + 1);
    return copy;
}

static int open_workers(parasol_indexer *w, parasol_error *err)
{
    int rc = pc_pool_open(&w->pool, w->budget.jobs, w->mem, err);
    if (rc)
        return rc;
    unsigned n = pc_pool_workers(w->pool);
    w->workers = pc_zalloc(w->mem, n, sizeof *w->workers);
    if (!w->workers)
        return pc_fail_nomem(err);
    for (; !rc && w->n_workers < n; w->n_workers++)
        rc = pi_worker_init(&w->workers[w->n_workers], w, err);
    return rc;
}

static int open_parts(parasol_indexer *w, const char *path,
                      const char *language, parasol_error *err)
{
    w->dir = copy_of(path, w->mem);
    w->language = copy_of(language, w->mem);
    if (!w->dir || !w->language)
        return pc_fail_nomem(err);
    int rc = open_workers(w, err);
    if (!rc)
        rc = pi_commit_prepare(w->dir, &w->lock, &w->now, w->mem, err);
    if (rc)
        return rc;
    const pc_analyzer *a = w->workers[0].analyzer;
    if (pc_analyzer_is_auto(a)) {
        rc = pi_detector_open(&w->detector, pc_analyzer_language(a), w->mem,
                              err);
        if (rc)
            return rc;
    }
    w->next.commit = w->now.commit + 1;
    w->next.next_segment = w->now.next_segment;
    w->next.fingerprint = pc_analyzer_fingerprint(a);
    return pc_manifest_set_spec(&w->next, pc_analyzer_spec(a), err);
}

static void init_parts(parasol_indexer *w, const parasol_indexer_options *o)
{
    if (o->alloc)
        w->alloc = *o->alloc;
    w->mem = &w->alloc;
    w->store_text = o->store_text != 0;
    w->segment_docs = o->segment_docs;
    w->with_ids = o->ids != 0;
    w->merging = o->merging;
    w->user = o->user;
    pi_budget_make(&w->budget, o->memory, o->jobs);
    atomic_init(&w->stop, false);
    pc_manifest_init(&w->now, w->mem);
    pc_manifest_init(&w->next, w->mem);
    pc_buf_init(&w->skips, w->mem);
    pi_column_writer_init(&w->columns, w->mem);
    pi_id_writer_init(&w->id_writer, w->mem);
}

int parasol_indexer_open(parasol_indexer **out, const char *path,
                         const parasol_indexer_options *options,
                         parasol_error *err)
{
    parasol_indexer_options o = read_options(options);
    if (!path || !*path)
        return pc_fail(err, PARASOL_ARG, "no index directory was named");
    parasol_indexer *w = pc_zalloc(o.alloc, 1, sizeof *w);
    if (!w)
        return pc_fail_nomem(err);
    init_parts(w, &o);
    int rc = open_parts(w, path, o.language ? o.language : "english", err);
    pi_store_writer_init(&w->store, w->dir, 0, w->mem);
    if (!rc)
        rc = pi_store_writer_share(
            &w->store, pc_pool_workers(w->pool) > 1 ? w->pool : NULL,
            w->budget.spool, err);
    if (rc)
        parasol_indexer_close(w);
    else
        *out = w;
    return rc;
}

void parasol_indexer_close(parasol_indexer *w)
{
    if (!w)
        return;
    pi_pipe_abandon(w);
    pi_batch_free(w->open);
    pi_store_writer_release(&w->store); /* before its pool */
    /* Segments of a commit that never came to be. Where the commit before is
       damaged, what is left of it stays. */
    bool sound_before = w->now.commit == 0 || w->now.analyzer_spec.len > 0;
    if (w->lock.fd_plus_1 && !w->done && w->next.n_segments > 0 && sound_before)
        pi_commit_collect(w->dir, &w->now, w->mem);
    pc_pool_close(w->pool);
    for (unsigned i = 0; i < w->n_workers; i++)
        pi_worker_release(&w->workers[i]);
    pc_lock_drop(&w->lock);
    pi_detector_free(w->detector);
    pc_manifest_release(&w->now);
    pc_manifest_release(&w->next);
    pc_buf_release(&w->skips);
    pi_column_writer_release(&w->columns);
    pi_id_writer_release(&w->id_writer);
    pc_mem alloc = w->alloc;
    void *blocks[] = {w->workers, w->bases, w->docs,
                      w->ids,     w->dir,   w->language};
    for (size_t i = 0; i < PC_COUNTOF(blocks); i++)
        pc_free(&alloc, blocks[i]);
    pc_free(&alloc, w);
}

/* ---- documents ---------------------------------------------------------- */

static int usable(const parasol_indexer *w, parasol_error *err)
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

static int put_open(parasol_indexer *w, parasol_error *err)
{
    pi_batch *b = w->open;
    w->open = NULL;
    return b ? pi_pipe_put(w, b, err) : PARASOL_OK;
}

static int write_segment(parasol_indexer *w, const char *path,
                         parasol_error *err)
{
    pi_out *o;
    pc_manifest_segment entry = {.number = w->next.next_segment};
    int rc =
        pi_out_create(&o, path, PC_KIND_SEGMENT, entry.number, w->mem, err);
    if (rc)
        return rc;
    w->next.next_segment++;
    rc = pi_pipe_finish(w, o, &entry.docs, err);
    if (rc) {
        pi_out_abort(o);
        return rc;
    }
    rc = pi_out_finish(o, &entry.file_bytes, &entry.trailer_crc, err);
    return rc ? rc : pc_manifest_add(&w->next, &entry, err);
}

/* What was added becomes a segment. */
static int put_segment(parasol_indexer *w, parasol_error *err)
{
    pc_buf path;
    int rc = put_open(w, err);
    if (!rc)
        rc = pi_pipe_drain(w, err);
    if (rc || w->n_docs == 0)
        return rc;
    pc_buf_init(&path, w->mem);
    const char *name = pc_name_path(&path, w->dir, PC_NAME_SEGMENT,
                                    w->next.next_segment, "", err);
    rc = name ? write_segment(w, name, err) : PARASOL_NOMEM;
    pc_buf_release(&path);
    w->added = 0;
    return rc;
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
        return put_segment(w, err);
    return w->open->size >= w->budget.batch ? put_open(w, err) : PARASOL_OK;
}

int pi_indexer_begin(parasol_indexer *w, parasol_error *err)
{
    int rc = usable(w, err);
    return rc ? rc : pi_indexer_end(w, put_open(w, err));
}

int parasol_indexer_add(parasol_indexer *w, const parasol_document *doc,
                        parasol_error *err)
{
    parasol_document all = PARASOL_DOCUMENT_INIT;
    size_t n = doc->struct_size < sizeof all ? doc->struct_size : sizeof all;
    memcpy(&all, doc, n);
    int rc = usable(w, err);
    if (rc)
        return rc;
    if (!all.id || !*all.id)
        return pc_fail(err, PARASOL_ARG, "a document needs an id");
    return pi_indexer_end(w, add(w, &all, err));
}

/* ---- files that are not searchable -------------------------------------- */

int pi_indexer_note_skip(parasol_indexer *w, pc_str path, uint64_t bytes,
                         int skip, pc_str detail, parasol_error *err)
{
    pc_buf_put_u8(&w->skips, (uint8_t)skip);
    pc_varint_append(&w->skips, bytes);
    pc_varint_append(&w->skips, path.len);
    pc_buf_put_str(&w->skips, path);
    pc_varint_append(&w->skips, detail.len);
    pc_buf_put_str(&w->skips, detail);
    if (w->skips.status)
        return pc_fail_nomem(err);
    w->n_skips++;
    w->next.files_seen++;
    w->next.skipped[skip]++;
    return PARASOL_OK;
}

static int write_skips(parasol_indexer *w, const char *path, parasol_error *err)
{
    pi_out *o;
    uint64_t number = w->next.next_segment;
    int rc = pi_out_create(&o, path, PC_KIND_SKIPS, number, w->mem, err);
    if (rc)
        return rc;
    w->next.next_segment++;
    pi_out_begin(o, PC_SECTION_SKIPS);
    pi_out_put_u64(o, w->n_skips);
    pi_out_put(o, w->skips.ptr, w->skips.len);
    w->next.skips_number = number;
    return pi_out_finish(o, &w->next.skips_bytes, &w->next.skips_crc, err);
}

static int put_skips(parasol_indexer *w, parasol_error *err)
{
    pc_buf path;
    if (w->n_skips == 0)
        return PARASOL_OK;
    pc_buf_init(&path, w->mem);
    const char *name = pc_name_path(&path, w->dir, PC_NAME_SKIPS,
                                    w->next.next_segment, "", err);
    int rc = name ? write_skips(w, name, err) : PARASOL_NOMEM;
    pc_buf_release(&path);
    return rc;
}

/* ---- commit ------------------------------------------------------------- */

static int commit(parasol_indexer *w, parasol_commit_info *info,
                  parasol_error *err)
{
    int rc = put_segment(w, err);
    if (!rc)
        rc = put_skips(w, err);
    w->next.files_seen += pc_manifest_docs(&w->next) + w->replaced;
    if (!rc)
        rc = pi_commit_publish(w->dir, &w->next, w->mem, err);
    if (rc)
        return rc;
    w->done = true;
    pi_commit_collect(w->dir, &w->next, w->mem);
    if (info) {
        parasol_commit_info all = {sizeof all, w->next.commit,
                                   pc_manifest_docs(&w->next),
                                   pc_manifest_bytes(&w->next), w->replaced};
        size_t n = info->struct_size;
        all.struct_size = n;
        memcpy(info, &all, n < sizeof all ? n : sizeof all);
    }
    return PARASOL_OK;
}

int parasol_indexer_commit(parasol_indexer *w, parasol_commit_info *info,
                           parasol_error *err)
{
    int rc = usable(w, err);
    if (rc)
        return rc;
    w->status = commit(w, info, err);
    return w->status;
}
