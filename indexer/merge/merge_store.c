/*
 * Stored documents: read through a cache of inflated blocks, written again.
 */
#include "indexer/merge/merge_store.h"

#include "common/base/fail.h"
#include "common/base/sort.h"

#define NO_BLOCK UINT64_MAX

/* Inflated blocks of one of a store's streams, each at the place that its
   number gives. */
typedef struct cache {
    const pc_store_stream *stream;
    uint8_t *bytes;
    uint64_t *holds; /* number of the block in each place */
    uint64_t places;
} cache;

typedef struct merger {
    const pi_docs *docs;
    const pc_mem *mem;
    cache *caches;  /* fields and text of each source */
    pc_arena arena; /* of one record */
    pc_buf record, text;
} merger;

static int damaged(const pc_store *s, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "%s: the fields of a document are not valid",
                   pc_sealed_path(s->file));
}

/* ---- cache -------------------------------------------------------------- */

static int open_cache(merger *m, cache *c, const pc_store_stream *stream,
                      uint64_t places)
{
    if (places > stream->blocks)
        places = stream->blocks;
    *c = (cache){.stream = stream, .places = places};
    c->bytes = pc_alloc(m->mem, places, stream->block);
    c->holds = pc_alloc(m->mem, places, sizeof *c->holds);
    if (!c->bytes || !c->holds)
        return PARASOL_NOMEM;
    for (uint64_t i = 0; i < places; i++)
        c->holds[i] = NO_BLOCK;
    return PARASOL_OK;
}

/* Appends [off, off + len), which lies in the stream, to `out`. */
static int read_cached(const pc_store *s, cache *c, uint64_t off, uint64_t len,
                       pc_buf *out, parasol_error *err)
{
    uint32_t size = c->stream->block;
    while (len > 0) {
        uint64_t block = off / size, place = block % c->places;
        uint8_t *bytes = c->bytes + place * size;
        if (c->holds[place] != block) {
            c->holds[place] = NO_BLOCK;
            int rc = pc_store_block(s, c->stream, block, bytes, err);
            if (rc)
                return rc;
            c->holds[place] = block;
        }
        uint64_t skip = off % size, some = size - skip;
        some = some < len ? some : len;
        pc_buf_put(out, bytes + skip, (size_t)some);
        off += some;
        len -= some;
    }
    return out->status ? pc_fail_nomem(err) : PARASOL_OK;
}

/* Shares the memory among the streams as they are long. */
static int open_caches(merger *m, size_t memory)
{
    uint64_t total = 1;
    m->caches = pc_zalloc(m->mem, 2 * m->docs->n, sizeof *m->caches);
    if (!m->caches)
        return PARASOL_NOMEM;
    for (size_t s = 0; s < m->docs->n; s++)
        total += m->docs->segs[s]->store.fields.total +
                 m->docs->segs[s]->store.text.total;
    double share = m->docs->in_order ? 0 : (double)memory / (double)total;
    share = share > 1 ? 1 : share;
    for (size_t s = 0; s < 2 * m->docs->n; s++) {
        const pc_store *store = &m->docs->segs[s / 2]->store;
        const pc_store_stream *st = s % 2 ? &store->text : &store->fields;
        uint64_t places = (uint64_t)((double)st->blocks * share) + 1;
        if (open_cache(m, &m->caches[s], st, places))
            return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}

/* ---- documents ---------------------------------------------------------- */

/* Reads the record of a document; its fields live until the next one. */
static int read_record(merger *m, size_t source, const pc_doc_place *place,
                       pc_field **fields, size_t *n, parasol_error *err)
{
    const pc_store *s = &m->docs->segs[source]->store;
    pc_buf_clear(&m->record);
    pc_arena_clear(&m->arena);
    int rc = read_cached(s, &m->caches[2 * source], place->fields_off,
                         place->fields_len, &m->record, err);
    if (!rc && !pc_buf_reserve(&m->record, 1)) /* the spare byte */
        rc = pc_fail_nomem(err);
    return rc ? rc
              : pc_store_split(s, m->record.ptr, m->record.len, &m->arena,
                               fields, n, err);
}

static int add_document(merger *m, size_t source, uint32_t doc,
                        pi_store_writer *w, parasol_error *err)
{
    const pc_store *s = &m->docs->segs[source]->store;
    pc_doc_place place;
    pc_field *fields;
    size_t n = 0;
    pc_buf_clear(&m->text);
    int rc = pc_store_find(s, doc, &place, err);
    if (!rc)
        rc = read_record(m, source, &place, &fields, &n, err);
    if (!rc)
        rc = read_cached(s, &m->caches[2 * source + 1], place.text_off,
                         place.text_len, &m->text, err);
    if (rc)
        return rc;
    pi_stored_doc stored = {fields, n, pc_buf_str(&m->text)};
    rc = pi_store_add(w, &stored);
    if (rc == PARASOL_ARG)
        return damaged(s, err);
    if (rc && err)
        *err = w->error;
    return rc;
}

static int init(merger *m, const pi_docs *docs, size_t memory,
                parasol_error *err)
{
    *m = (merger){.docs = docs, .mem = docs->mem};
    pc_arena_init(&m->arena, m->mem, 0);
    pc_buf_init(&m->record, m->mem);
    pc_buf_init(&m->text, m->mem);
    return open_caches(m, memory) ? pc_fail_nomem(err) : PARASOL_OK;
}

static void release(merger *m)
{
    for (size_t i = 0; m->caches && i < 2 * m->docs->n; i++) {
        pc_free(m->mem, m->caches[i].bytes);
        pc_free(m->mem, m->caches[i].holds);
    }
    pc_free(m->mem, m->caches);
    pc_arena_release(&m->arena);
    pc_buf_release(&m->record);
    pc_buf_release(&m->text);
}

int pi_merge_store(const pi_docs *docs, size_t memory, pi_store_writer *w,
                   parasol_error *err)
{
    merger m;
    int rc = init(&m, docs, memory, err);
    for (uint32_t i = 0; !rc && i < docs->docs; i++) {
        uint32_t doc;
        size_t source = pi_docs_origin(docs, i, &doc);
        rc = add_document(&m, source, doc, w, err);
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
        if (!rc)
            rc = read_record(m, source, &place, &fields, &n, err);
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
    int rc = init(&m, docs, 0, err);
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
