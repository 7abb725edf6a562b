/*
 * Stored documents, reading side. Nothing from the file is used as a length
 * or an offset before it was held against the bounds it must keep.
 */
#include "common/segment/store.h"

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/codec/textblock.h"
#include "common/codec/varint.h"

static int corrupt(const pc_store *s, const char *what, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "%s is damaged: %s; make the index again",
                   pc_sealed_path(s->file), what);
}

static int open_stream(const pc_store *s, pc_store_stream *st, uint32_t data,
                       uint32_t index, uint32_t block, parasol_error *err)
{
    int rc = pc_sealed_section(s->file, data, &st->data, err);
    if (!rc)
        rc = pc_sealed_section(s->file, index, &st->index, err);
    if (rc)
        return rc;
    if (st->index.len < PC_STORE_INDEX_HEAD + 8)
        return corrupt(s, "an index of stored blocks is too short", err);
    rc = pc_sealed_need(s->file, st->index.ptr, PC_STORE_INDEX_HEAD, err);
    if (rc)
        return rc;
    st->total = pc_load64le(st->index.ptr);
    st->block = pc_load32le(st->index.ptr + 8);
    st->blocks = st->total / block + (st->total % block != 0);
    if (st->block != block || pc_load32le(st->index.ptr + 12) != 0 ||
        st->index.len % 8 != 0 ||
        st->blocks != (st->index.len - PC_STORE_INDEX_HEAD) / 8 - 1)
        return corrupt(s, "an index of stored blocks is not valid", err);
    return PARASOL_OK;
}

int pc_store_open(pc_store *out, pc_sealed *f, uint32_t docs, const pc_mem *mem,
                  parasol_error *err)
{
    *out = (pc_store){.file = f, .mem = mem, .docs = docs};
    int rc = pc_doc_table_open(&out->table, f, docs, err);
    if (!rc)
        rc = open_stream(out, &out->fields, PC_SECTION_DOC_FIELDS,
                         PC_SECTION_FIELDS_INDEX, PC_FIELDS_BLOCK, err);
    if (!rc)
        rc = open_stream(out, &out->text, PC_SECTION_TEXT,
                         PC_SECTION_TEXT_INDEX, PC_TEXT_BLOCK, err);
    return rc;
}

int pc_store_open_fields(pc_store *out, pc_sealed *f, uint32_t docs,
                         const pc_mem *mem, parasol_error *err)
{
    *out = (pc_store){.file = f, .mem = mem, .docs = docs};
    out->text.total = UINT64_MAX; /* every place is inside */
    int rc = pc_doc_table_open(&out->table, f, docs, err);
    return rc ? rc
              : open_stream(out, &out->fields, PC_SECTION_DOC_FIELDS,
                            PC_SECTION_FIELDS_INDEX, PC_FIELDS_BLOCK, err);
}

static bool is_inside(const pc_store_stream *st, uint64_t off, uint64_t len)
{
    return off <= st->total && len <= st->total - off;
}

static int get_entry(const pc_store *s, uint32_t doc, pc_doc_place *e,
                     parasol_error *err)
{
    if (doc >= s->docs)
        return pc_fail(err, PARASOL_ARG, "%s has no document %u",
                       pc_sealed_path(s->file), doc);
    int rc = pc_doc_table_get(&s->table, doc, e, err);
    if (rc)
        return rc;
    if (!is_inside(&s->fields, e->fields_off, e->fields_len) ||
        !is_inside(&s->text, e->text_off, e->text_len))
        return corrupt(s, "a document lies outside of its stream", err);
    return PARASOL_OK;
}

/* ---- streams ----------------------------------------------------------- */

/* Raw bytes in block `i`. */
static uint32_t raw_len(const pc_store_stream *st, uint64_t i)
{
    uint64_t left = st->total - i * st->block;
    return left < st->block ? (uint32_t)left : st->block;
}

/* The packed bytes of block `i`, verified. */
static int get_packed(const pc_store *s, const pc_store_stream *st, uint64_t i,
                      pc_str *packed, parasol_error *err)
{
    const uint8_t *p = st->index.ptr + PC_STORE_INDEX_HEAD + 8 * i;
    int rc = pc_sealed_need(s->file, p, 16, err);
    if (rc)
        return rc;
    uint64_t start = pc_load64le(p);
    uint64_t end = pc_load64le(p + 8);
    if (start > end || end > st->data.len)
        return corrupt(s, "a stored block lies outside of its section", err);
    *packed =
        (pc_str){(const char *)st->data.ptr + start, (size_t)(end - start)};
    return pc_sealed_need(s->file, st->data.ptr + start, packed->len, err);
}

/* Inflates the first `want` bytes of block `i` into `out`. */
static int get_block(const pc_store *s, const pc_store_stream *st, uint64_t i,
                     uint32_t want, uint8_t *out, parasol_error *err)
{
    pc_str packed;
    int rc = get_packed(s, st, i, &packed, err);
    if (rc)
        return rc;
    rc = pc_textblock_get_head(out, want, raw_len(st, i), packed, s->mem, err);
    if (rc == PARASOL_CORRUPT)
        rc = corrupt(s, "a stored block does not inflate", err);
    return rc;
}

/* Copies [off, off + len), which must be inside, to `out`. A block that is
   wanted whole is inflated in place. */
static int read_stream(const pc_store *s, const pc_store_stream *st,
                       uint64_t off, uint32_t len, uint8_t *out,
                       parasol_error *err)
{
    uint8_t *scratch = NULL;
    int rc = PARASOL_OK;
    while (len > 0 && !rc) {
        uint64_t i = off / st->block;
        uint32_t skip = (uint32_t)(off % st->block);
        uint32_t raw = raw_len(st, i);
        uint32_t some = raw - skip < len ? raw - skip : len;
        if (some == raw) {
            rc = get_block(s, st, i, raw, out, err);
        } else {
            if (!scratch)
                scratch = pc_alloc(s->mem, 1, st->block);
            rc = scratch ? get_block(s, st, i, skip + some, scratch, err)
                         : pc_fail_nomem(err);
            if (!rc)
                memcpy(out, scratch + skip, some);
        }
        out += some;
        off += some;
        len -= some;
    }
    pc_free(s->mem, scratch);
    return rc;
}

/* ---- fields ------------------------------------------------------------ */

/* A string of the record at p. Its first byte follows its length, so that the
   byte before it is free: the caller ends the string before it with a zero
   there, once that length was read. NULL when the record is not valid. */
static uint8_t *get_string(uint8_t *p, const uint8_t *end, pc_str *out)
{
    uint32_t len = 0;
    const uint8_t *after = pc_varint_get32(p, end, &len);
    if (!after || len > (size_t)(end - after))
        return NULL;
    uint8_t *body = p + (after - p);
    *p = 0; /* ends the string before */
    *out = (pc_str){(const char *)body, len};
    return body + len;
}

/* Splits a record of `len` bytes, followed by one spare byte, in place. The
   first three fields have names that are not stored. */
static bool split_record(uint8_t *p, size_t len, pc_arena *arena,
                         pc_field **out, size_t *n, bool *nomem)
{
    static const pc_str first[PC_STORE_FIELDS_MIN] = {
        {"path", 4}, {"title", 5}, {"date", 4}};
    const uint8_t *end = p + len;
    uint32_t others = 0;
    const uint8_t *after = pc_varint_get32(p, end, &others);
    *nomem = false;
    /* Two bytes for the lengths of a field at least: keeps a wrong count from
       becoming a large allocation. */
    if (!after || others > (size_t)(end - after) / 2)
        return false;
    size_t count = (size_t)others + PC_STORE_FIELDS_MIN;
    pc_field *fields = pc_arena_zalloc(arena, count, sizeof *fields);
    *nomem = !fields;
    p += after - p;
    for (size_t i = 0; fields && i < count; i++) {
        if (i < PC_STORE_FIELDS_MIN)
            fields[i].name = first[i];
        else
            p = get_string(p, end, &fields[i].name);
        if (p)
            p = get_string(p, end, &fields[i].value);
        if (!p)
            return false;
    }
    if (!fields || p != end)
        return false;
    *p = 0; /* the spare byte ends the last value */
    *out = fields;
    *n = count;
    return true;
}

int pc_store_fields(const pc_store *s, uint32_t doc, pc_arena *arena,
                    pc_field **out, size_t *n, parasol_error *err)
{
    pc_doc_place e;
    int rc = get_entry(s, doc, &e, err);
    if (rc)
        return rc;
    uint8_t *record = pc_arena_alloc(arena, (size_t)e.fields_len + 1);
    if (!record)
        return pc_fail_nomem(err);
    rc = read_stream(s, &s->fields, e.fields_off, e.fields_len, record, err);
    return rc ? rc
              : pc_store_split(s, record, e.fields_len, arena, out, n, err);
}

/* ---- text -------------------------------------------------------------- */

int pc_store_text_len(const pc_store *s, uint32_t doc, uint32_t *len,
                      parasol_error *err)
{
    pc_doc_place e;
    int rc = get_entry(s, doc, &e, err);
    if (!rc)
        *len = e.text_len;
    return rc;
}

int pc_store_text(const pc_store *s, uint32_t doc, uint32_t from, uint32_t len,
                  pc_buf *out, parasol_error *err)
{
    pc_doc_place e;
    int rc = get_entry(s, doc, &e, err);
    if (rc)
        return rc;
    if (from >= e.text_len)
        return PARASOL_OK;
    if (len > e.text_len - from)
        len = e.text_len - from;
    uint8_t *room = pc_buf_reserve(out, len);
    if (!room)
        return pc_fail_nomem(err);
    rc = read_stream(s, &s->text, e.text_off + from, len, room, err);
    if (!rc)
        out->len += len;
    return rc;
}

/* ---- for those who read all -------------------------------------------- */

int pc_store_find(const pc_store *s, uint32_t doc, pc_doc_place *out,
                  parasol_error *err)
{
    return get_entry(s, doc, out, err);
}

int pc_store_block(const pc_store *s, const pc_store_stream *stream, uint64_t i,
                   uint8_t *out, parasol_error *err)
{
    return get_block(s, stream, i, raw_len(stream, i), out, err);
}

int pc_store_split(const pc_store *s, uint8_t *record, size_t len,
                   pc_arena *arena, pc_field **out, size_t *n,
                   parasol_error *err)
{
    bool nomem = false;
    if (split_record(record, len, arena, out, n, &nomem))
        return PARASOL_OK;
    return nomem ? pc_fail_nomem(err)
                 : corrupt(s, "the fields of a document are not valid", err);
}

/* ---- verifying --------------------------------------------------------- */

static int verify_stream(const pc_store *s, const pc_store_stream *st,
                         parasol_error *err)
{
    uint64_t at = 0;
    const uint8_t *first = st->index.ptr + PC_STORE_INDEX_HEAD;
    const uint8_t *last = first + 8 * st->blocks;
    uint8_t *raw = pc_alloc(s->mem, 1, st->block);
    int rc = raw ? PARASOL_OK : pc_fail_nomem(err);
    for (uint64_t i = 0; i < st->blocks && !rc; i++) {
        rc = get_block(s, st, i, raw_len(st, i), raw, err);
        if (!rc && pc_load64le(first + 8 * i) != at)
            rc = corrupt(s, "stored blocks do not follow each other", err);
        at = pc_load64le(first + 8 * (i + 1));
    }
    if (!rc)
        rc = pc_sealed_need(s->file, last, 8, err);
    if (!rc && (pc_load64le(last) != st->data.len ||
                (st->blocks == 0 && st->data.len != 0)))
        rc = corrupt(s, "stored blocks do not fill their section", err);
    pc_free(s->mem, raw);
    return rc;
}

static int verify_docs(const pc_store *s, parasol_error *err)
{
    uint64_t fields_at = 0;
    uint64_t text_at = 0;
    pc_arena arena;
    int rc = PARASOL_OK;
    pc_arena_init(&arena, s->mem, 0);
    for (uint32_t doc = 0; doc < s->docs && !rc; doc++) {
        pc_doc_place e = {0};
        pc_field *fields;
        size_t n;
        pc_arena_clear(&arena);
        rc = get_entry(s, doc, &e, err);
        if (!rc && (e.fields_off != fields_at || e.text_off != text_at))
            rc = corrupt(s, "documents do not follow each other", err);
        if (!rc)
            rc = pc_store_fields(s, doc, &arena, &fields, &n, err);
        fields_at += e.fields_len;
        text_at += e.text_len;
    }
    if (!rc && (fields_at != s->fields.total || text_at != s->text.total))
        rc = corrupt(s, "documents do not fill their stream", err);
    pc_arena_release(&arena);
    return rc;
}

int pc_store_verify(const pc_store *s, parasol_error *err)
{
    int rc = verify_stream(s, &s->fields, err);
    if (!rc)
        rc = verify_stream(s, &s->text, err);
    if (!rc)
        rc = verify_docs(s, err);
    return rc;
}
