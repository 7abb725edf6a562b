/*
 * Stored documents: read block by block, written again.
 *
 * Documents that keep their order stream through. Others are gathered: as many
 * as fit into memory and follow each other in the new order, by one pass over
 * the blocks of all sources that hold one of them. A pass inflates a block
 * once, however many of its documents it wants, which is far less work than to
 * inflate a block for each document.
 */
#include "indexer/merge/merge_store.h"

#include "common/base/fail.h"
#include "common/base/sort.h"

#define NO_BLOCK UINT64_MAX

/* The block inflated last of one of a store's streams. */
typedef struct window {
    const pc_store_stream *stream;
    uint8_t *bytes;
    uint64_t block;
} window;

/* Where a gathered document is in `gathered`: its record, then its text. */
typedef struct spot {
    uint64_t at;
    uint32_t fields_len, text_len;
} spot;

typedef struct merger {
    const pi_docs *docs;
    const pc_mem *mem;
    window *windows; /* fields and text of each source */
    pc_arena arena;  /* of one record */
    pc_buf record, text;
    pc_buf gathered;
    size_t memory;
    uint64_t touched; /* bytes inflated since the sources were forgotten */
    spot *spots;      /* by number, from the first of the part on */
    size_t spots_cap;
    pi_column_writer *columns;
    pi_id_writer *ids; /* may be NULL */
} merger;

static int damaged(const pc_store *s, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "%s: the fields of a document are not valid",
                   pc_sealed_path(s->file));
}

/* ---- blocks ------------------------------------------------------------- */

/* What was inflated is in memory of our own. */
static void forget(merger *m)
{
    if (m->touched < m->memory / PI_FORGET_SHARE)
        return;
    pi_sources_forget(m->docs->sources, m->docs->n);
    m->touched = 0;
}

/* Appends [off, off + len), which lies in the stream, to `out`. */
static int read_stream(merger *m, const pc_store *s, window *w, uint64_t off,
                       uint64_t len, pc_buf *out, parasol_error *err)
{
    uint32_t size = w->stream->block;
    if (!w->bytes && len > 0) {
        w->bytes = pc_alloc(m->mem, 1, size);
        w->block = NO_BLOCK;
        if (!w->bytes)
            return pc_fail_nomem(err);
    }
    while (len > 0) {
        uint64_t block = off / size;
        forget(m);
        if (w->block != block) {
            w->block = NO_BLOCK;
            int rc = pc_store_block(s, w->stream, block, w->bytes, err);
            if (rc)
                return rc;
            w->block = block;
            m->touched += size;
        }
        uint64_t skip = off % size, some = size - skip;
        some = some < len ? some : len;
        pc_buf_put(out, w->bytes + skip, (size_t)some);
        off += some;
        len -= some;
    }
    return out->status ? pc_fail_nomem(err) : PARASOL_OK;
}

static int open_windows(merger *m)
{
    m->windows = pc_zalloc(m->mem, 2 * m->docs->n, sizeof *m->windows);
    if (!m->windows)
        return PARASOL_NOMEM;
    for (size_t s = 0; s < m->docs->n; s++) {
        const pc_store *store = &m->docs->segs[s]->store;
        m->windows[2 * s].stream = &store->fields;
        m->windows[2 * s + 1].stream = &store->text;
    }
    return PARASOL_OK;
}

static int read_fields(merger *m, size_t source, const pc_doc_place *place,
                       pc_buf *out, parasol_error *err)
{
    return read_stream(m, &m->docs->segs[source]->store,
                       &m->windows[2 * source], place->fields_off,
                       place->fields_len, out, err);
}

static int read_text(merger *m, size_t source, const pc_doc_place *place,
                     pc_buf *out, parasol_error *err)
{
    return read_stream(m, &m->docs->segs[source]->store,
                       &m->windows[2 * source + 1], place->text_off,
                       place->text_len, out, err);
}

/* ---- documents ---------------------------------------------------------- */

/* Splits m->record; the fields live until the next one. */
static int split_record(merger *m, size_t source, pc_field **fields, size_t *n,
                        parasol_error *err)
{
    pc_arena_clear(&m->arena);
    if (!pc_buf_reserve(&m->record, 1)) /* the spare byte */
        return pc_fail_nomem(err);
    return pc_store_split(&m->docs->segs[source]->store, m->record.ptr,
                          m->record.len, &m->arena, fields, n, err);
}

/* Adds the document of m->record. */
static int add_record(merger *m, size_t source, pc_str text, pi_store_writer *w,
                      parasol_error *err)
{
    pc_field *fields;
    size_t n = 0;
    int rc = split_record(m, source, &fields, &n, err);
    if (rc)
        return rc;
    pi_stored_doc stored = {fields, n, text};
    if (pi_column_add(m->columns, fields, n))
        return pc_fail_nomem(err);
    /* The first field, by the store's promise. */
    if (m->ids && pi_id_add(m->ids, fields[0].value))
        return pc_fail_nomem(err);
    rc = pi_store_add(w, &stored);
    if (rc == PARASOL_ARG)
        return damaged(&m->docs->segs[source]->store, err);
    if (rc && err)
        *err = w->error;
    return rc;
}

static int stream_document(merger *m, uint32_t number, pi_store_writer *w,
                           parasol_error *err)
{
    uint32_t doc;
    pc_doc_place place;
    size_t source = pi_docs_origin(m->docs, number, &doc);
    pc_buf_clear(&m->record);
    pc_buf_clear(&m->text);
    int rc = pc_store_find(&m->docs->segs[source]->store, doc, &place, err);
    if (!rc)
        rc = read_fields(m, source, &place, &m->record, err);
    if (!rc)
        rc = read_text(m, source, &place, &m->text, err);
    return rc ? rc : add_record(m, source, pc_buf_str(&m->text), w, err);
}

/* ---- documents moved ---------------------------------------------------- */

/* The end of the part that begins at `lo`: its documents, of *bytes, fit into
   memory. */
static int find_part(const merger *m, uint32_t lo, size_t memory, uint32_t *hi,
                     uint64_t *bytes, parasol_error *err)
{
    uint64_t spots = 0;
    *bytes = 0;
    for (*hi = lo; *hi < m->docs->docs; ++*hi) {
        uint32_t doc;
        pc_doc_place place;
        size_t source = pi_docs_origin(m->docs, *hi, &doc);
        int rc = pc_store_find(&m->docs->segs[source]->store, doc, &place, err);
        if (rc)
            return rc;
        uint64_t more = (uint64_t)place.fields_len + place.text_len;
        spots += sizeof(spot);
        if (*hi > lo && *bytes + more + spots > memory)
            break;
        *bytes += more;
    }
    return PARASOL_OK;
}

/* Reads the documents of a source that belong to [lo, hi). */
static int gather_source(merger *m, size_t source, uint32_t lo, uint32_t hi,
                         parasol_error *err)
{
    const pc_seg *seg = m->docs->segs[source];
    int rc = PARASOL_OK;
    for (uint32_t doc = 0; !rc && doc < seg->docs; doc++) {
        uint32_t number = pi_docs_number(m->docs, source, doc);
        pc_doc_place place;
        if (number < lo || number >= hi) /* also those that are dropped */
            continue;
        rc = pc_store_find(&seg->store, doc, &place, err);
        if (rc)
            break;
        m->spots[number - lo] =
            (spot){m->gathered.len, place.fields_len, place.text_len};
        rc = read_fields(m, source, &place, &m->gathered, err);
        if (!rc)
            rc = read_text(m, source, &place, &m->gathered, err);
    }
    return rc;
}

static int move_part(merger *m, uint32_t lo, uint32_t hi, uint64_t bytes,
                     pi_store_writer *w, parasol_error *err)
{
    int rc = PARASOL_OK;
    pc_buf_clear(&m->gathered);
    if (!pc_buf_reserve(&m->gathered, (size_t)bytes) ||
        pc_grow(m->mem, (void **)&m->spots, &m->spots_cap, hi - lo,
                sizeof *m->spots))
        return pc_fail_nomem(err);
    for (size_t s = 0; !rc && s < m->docs->n; s++)
        rc = gather_source(m, s, lo, hi, err);
    for (uint32_t i = lo; !rc && i < hi; i++) {
        uint32_t doc;
        const spot *p = &m->spots[i - lo];
        const char *from = (const char *)m->gathered.ptr + p->at;
        pc_buf_clear(&m->record);
        pc_buf_put(&m->record, from, p->fields_len);
        rc = add_record(m, pi_docs_origin(m->docs, i, &doc),
                        (pc_str){from + p->fields_len, p->text_len}, w, err);
    }
    return rc;
}

static int init(merger *m, const pi_docs *docs, parasol_error *err)
{
    *m = (merger){.docs = docs, .mem = docs->mem, .memory = (size_t)64 << 20};
    pc_arena_init(&m->arena, m->mem, 0);
    pc_buf_init(&m->record, m->mem);
    pc_buf_init(&m->text, m->mem);
    pc_buf_init(&m->gathered, m->mem);
    return open_windows(m) ? pc_fail_nomem(err) : PARASOL_OK;
}

static void release(merger *m)
{
    for (size_t i = 0; m->windows && i < 2 * m->docs->n; i++)
        pc_free(m->mem, m->windows[i].bytes);
    pc_free(m->mem, m->windows);
    pc_free(m->mem, m->spots);
    pc_arena_release(&m->arena);
    pc_buf_release(&m->record);
    pc_buf_release(&m->text);
    pc_buf_release(&m->gathered);
}

int pi_merge_store(const pi_docs *docs, size_t memory, pi_store_writer *w,
                   pi_column_writer *columns, pi_id_writer *ids,
                   parasol_error *err)
{
    merger m;
    uint32_t hi;
    uint64_t bytes;
    int rc = init(&m, docs, err);
    m.columns = columns;
    m.memory = memory;
    m.ids = ids;
    for (uint32_t lo = 0; !rc && lo < docs->docs; lo = hi) {
        hi = lo + 1;
        if (docs->in_order) {
            rc = stream_document(&m, lo, w, err);
            continue;
        }
        rc = find_part(&m, lo, memory, &hi, &bytes, err);
        if (!rc)
            rc = move_part(&m, lo, hi, bytes, w, err);
    }
    release(&m);
    return rc;
}

/* ---- by path ------------------------------------------------------------ */

static int compare_paths(uint32_t a, uint32_t b, void *ctx)
{
    const pc_str *paths = ctx;
    return pc_str_cmp(paths[a], paths[b]);
}

/* Reads all paths into the arena. */
static int read_paths(merger *m, pc_str *paths, pc_arena *arena,
                      parasol_error *err)
{
    int rc = PARASOL_OK;
    for (uint32_t i = 0; !rc && i < m->docs->docs; i++) {
        uint32_t doc;
        pc_doc_place place;
        pc_field *fields;
        size_t n;
        size_t source = pi_docs_origin(m->docs, i, &doc);
        rc = pc_store_find(&m->docs->segs[source]->store, doc, &place, err);
        pc_buf_clear(&m->record);
        if (!rc)
            rc = read_fields(m, source, &place, &m->record, err);
        if (!rc)
            rc = split_record(m, source, &fields, &n, err);
        if (rc)
            break;
        /* The first field, by the store's promise. */
        paths[i].len = fields[0].value.len;
        paths[i].ptr = pc_arena_copy(arena, fields[0].value.ptr, paths[i].len);
        rc = paths[i].ptr ? PARASOL_OK : pc_fail_nomem(err);
    }
    return rc;
}

int pi_path_order(const pi_docs *docs, uint32_t *order, parasol_error *err)
{
    merger m;
    pc_arena arena;
    pc_str *paths = pc_zalloc(docs->mem, docs->docs, sizeof *paths);
    pc_arena_init(&arena, docs->mem, 0);
    int rc = init(&m, docs, err);
    if (!rc && !paths)
        rc = pc_fail_nomem(err);
    if (!rc)
        rc = read_paths(&m, paths, &arena, err);
    for (uint32_t i = 0; i < docs->docs; i++)
        order[i] = i;
    if (!rc && pc_sort_u32(order, docs->docs, compare_paths, paths, docs->mem))
        rc = pc_fail_nomem(err);
    pc_arena_release(&arena);
    pc_free(docs->mem, paths);
    release(&m);
    return rc;
}
