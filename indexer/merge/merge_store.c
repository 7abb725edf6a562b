/*
 * Stored documents: read through a cache of inflated blocks, written again.
 */
#include "indexer/merge/merge_store.h"

#include "common/base/fail.h"
#include "common/codec/varint.h"

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
    cache *caches; /* fields and text of each source */
    pc_buf record, text;
    pc_field *fields;
    size_t fields_cap;
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

static const uint8_t *get_string(const uint8_t *p, const uint8_t *end,
                                 pc_str *out)
{
    uint32_t len;
    p = pc_varint_get32(p, end, &len);
    if (!p || len > (size_t)(end - p))
        return NULL;
    *out = (pc_str){(const char *)p, len};
    return p + len;
}

/* Splits the record into m->fields; *n of them. */
static int split_record(merger *m, const pc_store *s, size_t *n,
                        parasol_error *err)
{
    const uint8_t *p = m->record.ptr, *end = p + m->record.len;
    uint32_t count;
    p = pc_varint_get32(p, end, &count);
    /* Two bytes for the lengths of a field at least. */
    if (!p || count < PC_STORE_FIELDS_MIN || count > (size_t)(end - p) / 2)
        return damaged(s, err);
    if (pc_grow(m->mem, (void **)&m->fields, &m->fields_cap, count,
                sizeof *m->fields))
        return pc_fail_nomem(err);
    for (uint32_t i = 0; p && i < count; i++) {
        p = get_string(p, end, &m->fields[i].name);
        if (p)
            p = get_string(p, end, &m->fields[i].value);
    }
    *n = count;
    return p == end ? PARASOL_OK : damaged(s, err);
}

static int add_document(merger *m, size_t source, uint32_t doc,
                        pi_store_writer *w, parasol_error *err)
{
    const pc_store *s = &m->docs->segs[source]->store;
    pc_store_place place;
    size_t n = 0;
    pc_buf_clear(&m->record);
    pc_buf_clear(&m->text);
    int rc = pc_store_find(s, doc, &place, err);
    if (!rc)
        rc = read_cached(s, &m->caches[2 * source], place.fields_off,
                         place.fields_len, &m->record, err);
    if (!rc)
        rc = split_record(m, s, &n, err);
    if (!rc)
        rc = read_cached(s, &m->caches[2 * source + 1], place.text_off,
                         place.text_len, &m->text, err);
    if (rc)
        return rc;
    pi_stored_doc stored = {m->fields, n, pc_buf_str(&m->text)};
    rc = pi_store_add(w, &stored);
    if (rc == PARASOL_ARG)
        return damaged(s, err);
    if (rc && err)
        *err = w->error;
    return rc;
}

int pi_merge_store(const pi_docs *docs, size_t memory, pi_store_writer *w,
                   parasol_error *err)
{
    merger m = {.docs = docs, .mem = docs->mem};
    pc_buf_init(&m.record, m.mem);
    pc_buf_init(&m.text, m.mem);
    int rc = open_caches(&m, memory) ? pc_fail_nomem(err) : PARASOL_OK;
    for (uint32_t i = 0; !rc && i < docs->docs; i++) {
        uint32_t doc;
        size_t source = pi_docs_origin(docs, i, &doc);
        rc = add_document(&m, source, doc, w, err);
    }
    for (size_t i = 0; m.caches && i < 2 * docs->n; i++) {
        pc_free(m.mem, m.caches[i].bytes);
        pc_free(m.mem, m.caches[i].holds);
    }
    pc_free(m.mem, m.caches);
    pc_free(m.mem, m.fields);
    pc_buf_release(&m.record);
    pc_buf_release(&m.text);
    return rc;
}
