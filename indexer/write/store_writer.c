/*
 * Stored documents, writing side.
 */
#include "indexer/write/store_writer.h"

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/codec/bitpack.h"
#include "common/codec/varint.h"

static void init_stream(pi_store_stream *st, const char *dir, uint32_t block,
                        unsigned kind, const pc_mem *mem)
{
    *st = (pi_store_stream){.block = block, .kind = kind};
    pc_buf_init(&st->raw, mem);
    pi_spool_init(&st->data, dir, 0, mem);
    pi_spool_init(&st->index, dir, 0, mem);
    for (size_t i = 0; i < PI_STORE_PENDING; i++) {
        pc_buf_init(&st->packs[i].raw, mem);
        pc_buf_init(&st->packs[i].packed, mem);
    }
}

static void release_stream(pi_store_writer *w, pi_store_stream *st)
{
    for (; st->n_packs > 0; st->n_packs--) {
        pc_pool_wait(w->pool, &st->packs[st->first_pack].job);
        st->first_pack = (st->first_pack + 1) % PI_STORE_PENDING;
    }
    for (size_t i = 0; i < PI_STORE_PENDING; i++) {
        pc_buf_release(&st->packs[i].raw);
        pc_buf_release(&st->packs[i].packed);
    }
    pc_buf_release(&st->raw);
    pi_spool_release(&st->data);
    pi_spool_release(&st->index);
    st->total = 0;
}

void pi_store_writer_init(pi_store_writer *w, const char *dir, int level,
                          const pc_mem *mem)
{
    *w = (pi_store_writer){.mem = mem};
    w->levels[PI_DEFLATE_FIELDS] = level ? level : PI_STORE_FIELDS_LEVEL;
    w->levels[PI_DEFLATE_TEXT] = level ? level : PI_STORE_TEXT_LEVEL;
    pc_buf_init(&w->scratch, mem);
    pi_spool_init(&w->table, dir, 0, mem);
    pi_spool_init(&w->lengths, dir, 0, mem);
    init_stream(&w->fields, dir, PC_FIELDS_BLOCK, PI_DEFLATE_FIELDS, mem);
    init_stream(&w->text, dir, PC_TEXT_BLOCK, PI_DEFLATE_TEXT, mem);
}

/* Forgets the segment. */
static void empty(pi_store_writer *w)
{
    pc_buf_release(&w->scratch);
    pi_spool_release(&w->table);
    pi_spool_release(&w->lengths);
    release_stream(w, &w->fields);
    release_stream(w, &w->text);
    w->docs = 0;
    w->error = (parasol_error){0};
}

static void close_deflaters(pi_deflaters *d)
{
    for (unsigned i = 0; i < PI_DEFLATE_KINDS; i++)
        pi_deflater_close(d->of[i]);
    *d = (pi_deflaters){{NULL}};
}

void pi_store_writer_release(pi_store_writer *w)
{
    empty(w);
    for (unsigned i = 0; i < w->n_deflaters; i++)
        close_deflaters(&w->deflaters[i]);
    pc_free(w->mem, w->deflaters);
    close_deflaters(&w->own);
    w->deflaters = NULL;
    w->n_deflaters = 0;
    w->pool = NULL;
}

int pi_store_writer_share(pi_store_writer *w, pc_pool *pool, size_t limit,
                          parasol_error *err)
{
    pi_spool *spools[] = {&w->table,        &w->lengths,   &w->fields.data,
                          &w->fields.index, &w->text.data, &w->text.index};
    for (size_t i = 0; i < PC_COUNTOF(spools); i++)
        spools[i]->limit = limit;
    unsigned n = pool ? pc_pool_workers(pool) : 1;
    pi_deflaters *more = pc_zalloc(w->mem, n, sizeof *more);
    if (!more)
        return pc_fail_nomem(err);
    w->pool = pool;
    w->deflaters = more;
    w->n_deflaters = n;
    return PARASOL_OK;
}

/* ---- streams ----------------------------------------------------------- */

/* Appends a compressed block to the stream. */
static void put_block(pi_store_writer *w, pi_store_stream *st, int status,
                      const pc_buf *packed)
{
    if (status && !w->error.code)
        (void)pc_fail(&w->error, status, "cannot compress stored text: %s",
                      parasol_status_str(status));
    if (w->error.code)
        return;
    pi_spool_put_u64(&st->index, pi_spool_at(&st->data));
    pi_spool_put(&st->data, packed->ptr, packed->len);
}

/* Compresses with the deflater of the thread. */
static int deflate_block(pi_store_writer *w, unsigned worker, unsigned kind,
                         pc_buf *out, pc_str raw)
{
    pi_deflaters *own = w->deflaters ? &w->deflaters[worker] : &w->own;
    pi_deflater **d = &own->of[kind];
    if (!*d)
        *d = pi_deflater_open(w->levels[kind]);
    return *d ? pi_deflate(*d, out, raw) : PARASOL_NOMEM;
}

static void pack(pc_job *job, unsigned worker)
{
    pi_pack *p = (pi_pack *)job; /* its first member */
    p->status = deflate_block(p->writer, worker, p->kind, &p->packed,
                              pc_buf_str(&p->raw));
}

/* Takes the oldest block back from the pool. */
static void take_pack(pi_store_writer *w, pi_store_stream *st)
{
    pi_pack *p = &st->packs[st->first_pack];
    pc_pool_wait(w->pool, &p->job);
    put_block(w, st, p->status, &p->packed);
    st->first_pack = (st->first_pack + 1) % PI_STORE_PENDING;
    st->n_packs--;
}

static void take_done(pi_store_writer *w, pi_store_stream *st)
{
    while (st->n_packs > 0 &&
           pc_pool_is_done(w->pool, &st->packs[st->first_pack].job))
        take_pack(w, st);
}

/* Gives the block that was filled to the pool. */
static void start_pack(pi_store_writer *w, pi_store_stream *st)
{
    if (st->n_packs == PI_STORE_PENDING)
        take_pack(w, st);
    pi_pack *p = &st->packs[(st->first_pack + st->n_packs) % PI_STORE_PENDING];
    pc_buf spare = p->raw;
    p->raw = st->raw;
    st->raw = spare;
    pc_buf_clear(&p->packed);
    p->job.run = pack;
    p->writer = w;
    p->kind = st->kind;
    st->n_packs++;
    pc_pool_put(w->pool, &p->job, true);
    take_done(w, st);
}

/* Compresses the block that was filled. */
static void flush_block(pi_store_writer *w, pi_store_stream *st)
{
    if (w->pool) {
        start_pack(w, st);
    } else {
        pc_buf_clear(&w->scratch);
        int rc =
            deflate_block(w, 0, st->kind, &w->scratch, pc_buf_str(&st->raw));
        put_block(w, st, rc, &w->scratch);
    }
    pc_buf_clear(&st->raw);
}

static void put(pi_store_writer *w, pi_store_stream *st, const void *bytes,
                size_t n)
{
    const uint8_t *from = bytes;
    while (n > 0 && !w->error.code) {
        size_t room = st->block - st->raw.len;
        size_t some = n < room ? n : room;
        pc_buf_put(&st->raw, from, some);
        if (st->raw.status) {
            (void)pc_fail_nomem(&w->error);
            return;
        }
        st->total += some;
        from += some;
        n -= some;
        if (st->raw.len == st->block)
            flush_block(w, st);
    }
}

static void put_varint(pi_store_writer *w, uint64_t v)
{
    uint8_t raw[PC_VARINT_MAX];
    put(w, &w->fields, raw, pc_varint_put(raw, v));
}

static void put_string(pi_store_writer *w, pc_str s)
{
    put_varint(w, s.len);
    put(w, &w->fields, s.ptr, s.len);
}

/* ---- documents --------------------------------------------------------- */

static bool has_first_fields(const pi_stored_doc *doc)
{
    return doc->n_fields >= PC_STORE_FIELDS_MIN &&
           pc_str_eq(doc->fields[0].name, PC_STR_LIT("path")) &&
           pc_str_eq(doc->fields[1].name, PC_STR_LIT("title")) &&
           pc_str_eq(doc->fields[2].name, PC_STR_LIT("date"));
}

/* Bytes of the record of fields, or UINT64_MAX if too many to count. */
static uint64_t record_len(const pi_stored_doc *doc)
{
    uint64_t len = pc_varint_size(doc->n_fields - PC_STORE_FIELDS_MIN);
    for (size_t i = 0; i < doc->n_fields; i++) {
        size_t a = doc->fields[i].name.len;
        size_t b = doc->fields[i].value.len;
        if (a > UINT32_MAX || b > UINT32_MAX || len > UINT32_MAX)
            return UINT64_MAX;
        if (i >= PC_STORE_FIELDS_MIN)
            len += pc_varint_size(a) + a;
        len += pc_varint_size(b) + b;
    }
    return len;
}

static int check_doc(pi_store_writer *w, const pi_stored_doc *doc)
{
    if (!has_first_fields(doc))
        return pc_fail(&w->error, PARASOL_ARG,
                       "a document to store must begin with the fields path, "
                       "title and date");
    if (w->docs >= PC_DOCS_MAX)
        return pc_fail(&w->error, PARASOL_FULL,
                       "a segment holds at most %u documents", PC_DOCS_MAX);
    if (doc->text.len > UINT32_MAX || record_len(doc) > UINT32_MAX)
        return pc_fail(&w->error, PARASOL_FULL,
                       "%.*s: the text or the fields of a document have 4 GiB "
                       "or more",
                       PC_STR_ARG(doc->fields[0].value));
    return PARASOL_OK;
}

/* What went wrong in a spool, if anything. */
static int spool_status(pi_store_writer *w)
{
    const pi_spool *spools[] = {&w->table,       &w->lengths,
                                &w->fields.data, &w->fields.index,
                                &w->text.data,   &w->text.index};
    for (size_t i = 0; i < PC_COUNTOF(spools) && !w->error.code; i++)
        (void)pi_spool_status(spools[i], &w->error);
    return w->error.code;
}

/* Packs n lengths; returns their width. */
static uint8_t put_lengths(pi_spool *to, const uint32_t *v, uint32_t n)
{
    uint8_t packed[4 * PC_DOC_GROUP];
    uint32_t all = 0;
    for (uint32_t i = 0; i < n; i++)
        all |= v[i];
    unsigned width = pc_bits32(all);
    pc_bitpack_put(packed, v, n, width);
    pi_spool_put(to, packed, pc_bitpack_bytes(n, width));
    return (uint8_t)width;
}

/* Ends the group with the last n documents. */
static void flush_group(pi_store_writer *w, uint32_t n)
{
    uint8_t place[8];
    pc_store64le(place, pi_spool_at(&w->lengths));
    place[6] = put_lengths(&w->lengths, w->fields_lens, n);
    place[7] = put_lengths(&w->lengths, w->text_lens, n);
    pi_spool_put(&w->table, place, sizeof place);
}

/* Starts the group of the next document, or ends it with that. */
static void put_place(pi_store_writer *w, uint32_t fields_len,
                      uint32_t text_len)
{
    uint32_t at = w->docs % PC_DOC_GROUP;
    if (at == 0) {
        pi_spool_put_u64(&w->table, w->fields.total);
        pi_spool_put_u64(&w->table, w->text.total);
    }
    w->fields_lens[at] = fields_len;
    w->text_lens[at] = text_len;
    if (at + 1 == PC_DOC_GROUP)
        flush_group(w, PC_DOC_GROUP);
}

int pi_store_add(pi_store_writer *w, const pi_stored_doc *doc)
{
    if (w->error.code || check_doc(w, doc))
        return w->error.code;
    put_place(w, (uint32_t)record_len(doc), (uint32_t)doc->text.len);
    put_varint(w, doc->n_fields - PC_STORE_FIELDS_MIN);
    for (size_t i = 0; i < doc->n_fields; i++) {
        if (i >= PC_STORE_FIELDS_MIN)
            put_string(w, doc->fields[i].name);
        put_string(w, doc->fields[i].value);
    }
    put(w, &w->text, doc->text.ptr, doc->text.len);
    w->docs++;
    return spool_status(w);
}

static void finish_stream(pi_store_writer *w, pi_store_stream *st, pi_out *out,
                          uint32_t data_id, uint32_t index_id)
{
    if (st->raw.len > 0)
        flush_block(w, st);
    while (st->n_packs > 0)
        take_pack(w, st);
    pi_spool_put_u64(&st->index, pi_spool_at(&st->data));
    pi_out_begin(out, data_id);
    (void)pi_spool_drain(&st->data, out);
    pi_out_begin(out, index_id);
    pi_out_put_u64(out, st->total);
    pi_out_put_u32(out, st->block);
    pi_out_put_u32(out, 0);
    (void)pi_spool_drain(&st->index, out);
}

int pi_store_finish(pi_store_writer *w, pi_out *out, parasol_error *err)
{
    if (!w->error.code) {
        if (w->docs % PC_DOC_GROUP)
            flush_group(w, w->docs % PC_DOC_GROUP);
        pi_out_begin(out, PC_SECTION_DOC_TABLE);
        (void)pi_spool_drain(&w->table, out);
        (void)pi_spool_drain(&w->lengths, out);
        finish_stream(w, &w->fields, out, PC_SECTION_DOC_FIELDS,
                      PC_SECTION_FIELDS_INDEX);
        finish_stream(w, &w->text, out, PC_SECTION_TEXT, PC_SECTION_TEXT_INDEX);
    }
    if (w->error.code)
        pi_out_fail(out, &w->error);
    empty(w);
    return pi_out_status(out, err);
}
