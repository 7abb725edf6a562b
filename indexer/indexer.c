/*
 * parasol_indexer: documents in, a commit out.
 *
 * Documents go into an inverter and a store writer; when those have grown to
 * the memory allowed they become a segment. The commit names all segments.
 */
#include <unistd.h>

#include <parasol/indexer.h>

#include "common/base/fail.h"
#include "common/codec/varint.h"
#include "common/format/name.h"
#include "common/text/utf8.h"
#include "indexer/commit/commit.h"
#include "indexer/indexer_internal.h"
#include "indexer/invert/inverter.h"
#include "indexer/write/column_writer.h"
#include "indexer/write/store_writer.h"

#define MEMORY_MAX ((uint64_t)1 << 30)
#define MEMORY_MIN ((uint64_t)1 << 18)

struct parasol_indexer {
    pc_mem alloc; /* copy of the caller's; resize NULL: the C library's */
    const pc_mem *mem;
    char *dir;
    pc_lock lock;
    pc_manifest now;  /* the commit that is replaced */
    pc_manifest next; /* the one in the making */
    pc_analyzer *analyzer;
    pi_inverter inverter;
    pi_store_writer store;
    pi_column_writer columns;
    uint64_t memory;
    bool store_text;
    pc_buf skips; /* records for the SKIPS section */
    uint64_t n_skips;
    pc_buf title, text; /* repaired UTF-8 */
    pc_arena repaired;  /* of the other strings of a document */
    pc_field *fields;
    size_t fields_cap;
    int status; /* sticky: after a failure only close is allowed */
    bool done;
};

/* ---- opening and closing ------------------------------------------------ */

static uint64_t default_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    uint64_t quarter = MEMORY_MAX;
    if (pages > 0 && size > 0)
        quarter = (uint64_t)pages * (uint64_t)size / 4;
    return quarter < MEMORY_MAX ? quarter : MEMORY_MAX;
}

static parasol_indexer_options read_options(const parasol_indexer_options *o)
{
    parasol_indexer_options all = PARASOL_INDEXER_OPTIONS_INIT;
    if (o) {
        size_t n = o->struct_size < sizeof all ? o->struct_size : sizeof all;
        memcpy(&all, o, n);
    }
    return all;
}

static int open_parts(parasol_indexer *w, const char *path,
                      const parasol_indexer_options *o, parasol_error *err)
{
    size_t len = strlen(path);
    w->dir = pc_alloc(w->mem, len + 1, 1);
    if (!w->dir)
        return pc_fail_nomem(err);
    memcpy(w->dir, path, len + 1);
    int rc = pc_analyzer_open(
        &w->analyzer, o->language ? o->language : "english", w->mem, err);
    if (!rc)
        rc = pi_commit_prepare(w->dir, &w->lock, &w->now, w->mem, err);
    if (rc)
        return rc;
    w->next.commit = w->now.commit + 1;
    w->next.next_segment = w->now.next_segment;
    w->next.fingerprint = pc_analyzer_fingerprint(w->analyzer);
    rc = pc_manifest_set_spec(&w->next, pc_analyzer_spec(w->analyzer), err);
    if (!rc && pi_inverter_init(&w->inverter, w->analyzer, w->mem))
        rc = pc_fail_nomem(err);
    return rc;
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
    if (o.alloc)
        w->alloc = *o.alloc;
    w->mem = &w->alloc;
    w->memory = o.memory ? o.memory : default_memory();
    if (w->memory < MEMORY_MIN)
        w->memory = MEMORY_MIN;
    w->store_text = o.store_text != 0;
    pc_manifest_init(&w->now, w->mem);
    pc_manifest_init(&w->next, w->mem);
    pc_buf_init(&w->skips, w->mem);
    pc_buf_init(&w->title, w->mem);
    pc_buf_init(&w->text, w->mem);
    pc_arena_init(&w->repaired, w->mem, 0);
    w->inverter.mem = w->mem;
    pi_column_writer_init(&w->columns, w->mem);
    int rc = open_parts(w, path, &o, err);
    pi_store_writer_init(&w->store, w->dir, 0, w->mem);
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
    /* Segments of a commit that never came to be. Where the commit before is
       damaged, what is left of it stays. */
    bool sound_before = w->now.commit == 0 || w->now.analyzer_spec.len > 0;
    if (w->lock.fd_plus_1 && !w->done && w->next.n_segments > 0 && sound_before)
        pi_commit_collect(w->dir, &w->now, w->mem);
    pi_inverter_release(&w->inverter);
    pi_store_writer_release(&w->store);
    pi_column_writer_release(&w->columns);
    pc_analyzer_free(w->analyzer);
    pc_lock_drop(&w->lock);
    pc_manifest_release(&w->now);
    pc_manifest_release(&w->next);
    pc_buf_release(&w->skips);
    pc_buf_release(&w->title);
    pc_buf_release(&w->text);
    pc_arena_release(&w->repaired);
    pc_mem alloc = w->alloc;
    pc_free(&alloc, w->fields);
    pc_free(&alloc, w->dir);
    pc_free(&alloc, w);
}

const char *pi_indexer_dir(const parasol_indexer *w)
{
    return w->dir;
}

const pc_mem *pi_indexer_mem(const parasol_indexer *w)
{
    return w->mem;
}

/* ---- segments ----------------------------------------------------------- */

static int write_segment(parasol_indexer *w, const char *path,
                         parasol_error *err)
{
    pi_out *o;
    pc_manifest_segment entry = {.number = w->next.next_segment,
                                 .docs = (uint32_t)w->inverter.n_docs};
    int rc =
        pi_out_create(&o, path, PC_KIND_SEGMENT, entry.number, w->mem, err);
    if (rc)
        return rc;
    w->next.next_segment++;
    rc = pi_inverter_flush(&w->inverter, o, w->dir, (size_t)w->memory / 4, err);
    if (!rc)
        rc = pi_store_finish(&w->store, o, err);
    if (!rc)
        rc = pi_column_finish(&w->columns, o, err);
    if (rc) {
        pi_out_abort(o);
        return rc;
    }
    rc = pi_out_finish(o, &entry.file_bytes, &entry.trailer_crc, err);
    return rc ? rc : pc_manifest_add(&w->next, &entry, err);
}

/* What was added so far becomes a segment. */
static int flush(parasol_indexer *w, parasol_error *err)
{
    pc_buf path;
    if (w->inverter.n_docs == 0)
        return PARASOL_OK;
    pc_buf_init(&path, w->mem);
    const char *name = pc_name_path(&path, w->dir, PC_NAME_SEGMENT,
                                    w->next.next_segment, "", err);
    int rc = name ? write_segment(w, name, err) : PARASOL_NOMEM;
    pc_buf_release(&path);
    pi_inverter_release(&w->inverter);
    if (!rc && pi_inverter_init(&w->inverter, w->analyzer, w->mem))
        rc = pc_fail_nomem(err);
    return rc;
}

/* ---- documents ---------------------------------------------------------- */

/* The text itself if it is sound UTF-8, else a repaired copy in *copy. */
static int sound(pc_buf *copy, pc_str *text, parasol_error *err)
{
    size_t bad;
    if (pc_utf8_valid(*text) && !memchr(text->ptr, 0, text->len))
        return PARASOL_OK;
    pc_buf_clear(copy);
    if (pc_utf8_repair(copy, *text, &bad))
        return pc_fail_nomem(err);
    *text = pc_buf_str(copy);
    return PARASOL_OK;
}

/* The same for a short string, which may be NULL; it lives until the next
   document. */
static int sound_z(parasol_indexer *w, const char *z, pc_str *out,
                   parasol_error *err)
{
    pc_buf copy;
    *out = pc_str_of(z ? z : "");
    if (pc_utf8_valid(*out))
        return PARASOL_OK;
    pc_buf_init(&copy, w->mem);
    int rc = sound(&copy, out, err);
    if (!rc) {
        out->ptr = pc_arena_copy(&w->repaired, copy.ptr, copy.len);
        if (!out->ptr)
            rc = pc_fail_nomem(err);
    }
    pc_buf_release(&copy);
    return rc;
}

static int store_doc(parasol_indexer *w, const parasol_document *doc,
                     pc_str title, pc_str text, parasol_error *err)
{
    size_t n = doc->meta ? doc->meta_count : 0;
    if (pc_grow(w->mem, (void **)&w->fields, &w->fields_cap, n + 3,
                sizeof *w->fields))
        return pc_fail_nomem(err);
    pc_field *f = w->fields;
    pc_arena_clear(&w->repaired);
    f[0].name = PC_STR_LIT("path");
    f[1] = (pc_field){PC_STR_LIT("title"), title};
    f[2].name = PC_STR_LIT("date");
    int rc = sound_z(w, doc->id, &f[0].value, err);
    if (!rc)
        rc = sound_z(w, doc->date, &f[2].value, err);
    for (size_t i = 0; !rc && i < n; i++) {
        rc = sound_z(w, doc->meta[i].name, &f[i + 3].name, err);
        if (!rc)
            rc = sound_z(w, doc->meta[i].value, &f[i + 3].value, err);
    }
    if (rc)
        return rc;
    pi_stored_doc stored = {f, n + 3, w->store_text ? text : PC_STR_LIT("")};
    if (pi_column_add(&w->columns, f, n + 3))
        return pc_fail_nomem(err);
    if (pi_store_add(&w->store, &stored) == PARASOL_OK)
        return PARASOL_OK;
    if (err)
        *err = w->store.error;
    return w->store.error.code;
}

static int add(parasol_indexer *w, const parasol_document *doc,
               parasol_error *err)
{
    pc_str title = pc_str_of(doc->title ? doc->title : "");
    pc_str text = {doc->text ? doc->text : "", doc->text ? doc->text_len : 0};
    int rc = sound(&w->title, &title, err);
    if (!rc)
        rc = sound(&w->text, &text, err);
    if (!rc)
        rc = pi_inverter_add(&w->inverter, title, text, err);
    if (!rc)
        rc = store_doc(w, doc, title, text, err);
    if (!rc && pi_inverter_memory(&w->inverter) +
                       pi_inverter_flush_memory(&w->inverter) +
                       pi_column_memory(&w->columns) >
                   w->memory / 4 * 3)
        rc = flush(w, err);
    return rc;
}

static int usable(const parasol_indexer *w, parasol_error *err)
{
    if (w->status)
        return pc_fail(err, w->status,
                       "the indexer has failed before and can only be closed");
    if (w->done)
        return pc_fail(err, PARASOL_ARG, "the indexer has committed already");
    return PARASOL_OK;
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
    w->status = add(w, &all, err);
    return w->status;
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
    int rc = flush(w, err);
    if (!rc)
        rc = put_skips(w, err);
    w->next.files_seen += pc_manifest_docs(&w->next);
    if (!rc)
        rc = pi_commit_publish(w->dir, &w->next, w->mem, err);
    if (rc)
        return rc;
    w->done = true;
    pi_commit_collect(w->dir, &w->next, w->mem);
    if (info) {
        parasol_commit_info all = {sizeof all, w->next.commit,
                                   pc_manifest_docs(&w->next),
                                   pc_manifest_bytes(&w->next)};
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
