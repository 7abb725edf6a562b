/*
 * Documents by id.
 */
#include "common/segment/ids.h"

#include "common/base/fail.h"
#include "common/base/sort.h"
#include "common/codec/varint.h"

/* Bytes of a record that are read first: most ids are shorter. */
#define HEAD 128u

static int corrupt(const pc_ids *ids, const char *what, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "%s is damaged: %s; make the index again",
                   pc_sealed_path(ids->seg->file), what);
}

/* ---- one id ------------------------------------------------------------- */

static int get_block(pc_ids *ids, uint64_t i, const uint8_t **out,
                     parasol_error *err)
{
    const pc_store_stream *st = &ids->seg->store.fields;
    pc_ids_block *b = &ids->kept[i % PC_IDS_KEPT];
    if (!b->bytes)
        b->bytes = pc_alloc(ids->mem, 1, st->block);
    else if (b->number == i)
        goto out;
    if (!b->bytes)
        return pc_fail_nomem(err);
    b->number = UINT64_MAX;
    int rc = pc_store_block(&ids->seg->store, st, i, b->bytes, err);
    if (rc)
        return rc;
    b->number = i;
out:
    *out = b->bytes;
    return PARASOL_OK;
}

/* The first `len` bytes of a record, which lie in the stream. */
static int read_head(pc_ids *ids, uint64_t off, uint64_t len,
                     parasol_error *err)
{
    uint32_t size = ids->seg->store.fields.block;
    pc_buf_clear(&ids->record);
    while (len > 0) {
        const uint8_t *block = NULL;
        uint64_t skip = off % size;
        uint64_t some = size - skip < len ? size - skip : len;
        int rc = get_block(ids, off / size, &block, err);
        if (rc)
            return rc;
        pc_buf_put(&ids->record, block + skip, (size_t)some);
        off += some;
        len -= some;
    }
    return ids->record.status ? pc_fail_nomem(err) : PARASOL_OK;
}

/* The bytes of the record up to the end of its first value, the id, whose
   length is told; 0: it is not valid. */
static uint64_t find_id(const pc_buf *record, uint32_t *id_len)
{
    uint32_t others;
    if (record->len == 0)
        return 0;
    const uint8_t *end = record->ptr + record->len;
    const uint8_t *p = pc_varint_get32(record->ptr, end, &others);
    if (p)
        p = pc_varint_get32(p, end, id_len);
    return p ? (uint64_t)(p - record->ptr) + *id_len : 0;
}

int pc_ids_get(pc_ids *ids, uint32_t doc, pc_str *id, parasol_error *err)
{
    pc_doc_place place;
    uint32_t id_len = 0;
    uint64_t end = 0;
    int rc = pc_store_find(&ids->seg->store, doc, &place, err);
    if (!rc)
        rc = read_head(ids, place.fields_off,
                       place.fields_len < HEAD ? place.fields_len : HEAD, err);
    if (!rc) {
        end = find_id(&ids->record, &id_len);
        if (end == 0 || end > place.fields_len)
            rc = corrupt(ids, "the fields of a document are not valid", err);
    }
    if (!rc && end > ids->record.len)
        rc = read_head(ids, place.fields_off, end, err);
    if (!rc)
        *id = (pc_str){(const char *)ids->record.ptr + end - id_len, id_len};
    return rc;
}

/* ---- their order -------------------------------------------------------- */

typedef struct sorter {
    pc_buf bytes;
    uint64_t *ends;
} sorter;

static pc_str id_of(const sorter *s, uint32_t doc)
{
    uint64_t start = doc > 0 ? s->ends[doc - 1] : 0;
    return (pc_str){(const char *)s->bytes.ptr + start,
                    (size_t)(s->ends[doc] - start)};
}

static int compare(uint32_t a, uint32_t b, void *ctx)
{
    return pc_str_cmp(id_of(ctx, a), id_of(ctx, b));
}

static int gather(pc_ids *ids, sorter *s, bool *ascend, parasol_error *err)
{
    uint32_t n = ids->seg->docs;
    *ascend = true;
    for (uint32_t d = 0; d < n; d++) {
        pc_str id;
        int rc = pc_ids_get(ids, d, &id, err);
        if (rc)
            return rc;
        pc_buf_put_str(&s->bytes, id);
        s->ends[d] = s->bytes.len;
        if (s->bytes.status)
            return pc_fail_nomem(err);
        ids->order[d] = d;
        *ascend = *ascend && (d == 0 || compare(d - 1, d, s) <= 0);
    }
    return PARASOL_OK;
}

/* For a segment that was made without. */
static int make_order(pc_ids *ids, parasol_error *err)
{
    sorter s = {.ends = NULL};
    uint32_t n = ids->seg->docs;
    bool ascend = true;
    pc_buf_init(&s.bytes, ids->mem);
    ids->order = pc_alloc(ids->mem, n, sizeof *ids->order);
    s.ends = pc_alloc(ids->mem, n, sizeof *s.ends);
    int rc = ids->order && s.ends ? gather(ids, &s, &ascend, err)
                                  : pc_fail_nomem(err);
    if (!rc && !ascend && pc_sort_u32(ids->order, n, compare, &s, ids->mem))
        rc = pc_fail_nomem(err);
    if (!rc && ascend) {
        pc_free(ids->mem, ids->order);
        ids->order = NULL;
    }
    pc_buf_release(&s.bytes);
    pc_free(ids->mem, s.ends);
    return rc;
}

int pc_ids_open(pc_ids *out, const pc_seg *seg, const pc_mem *mem,
                parasol_error *err)
{
    pc_section s;
    *out = (pc_ids){.seg = seg, .mem = mem};
    pc_buf_init(&out->record, mem);
    if (!pc_sealed_has(seg->file, PC_SECTION_IDS, &s))
        return make_order(out, err);
    if (s.len == 0)
        return PARASOL_OK; /* ids ascend */
    out->width = pc_bits32(seg->docs > 0 ? seg->docs - 1 : 0);
    if (out->width == 0 || s.len != pc_bitpack_bytes(seg->docs, out->width))
        return corrupt(out, "the order of ids has the wrong size", err);
    out->packed = s.ptr;
    return PARASOL_OK;
}

void pc_ids_close(pc_ids *ids)
{
    for (size_t i = 0; i < PC_IDS_KEPT; i++)
        pc_free(ids->mem, ids->kept[i].bytes);
    pc_free(ids->mem, ids->order);
    pc_buf_release(&ids->record);
    *ids = (pc_ids){.mem = ids->mem};
}

/* ---- lookup ------------------------------------------------------------- */

/* The document that is number i in the order of ids. */
static int get_place(pc_ids *ids, uint32_t i, uint32_t *doc, parasol_error *err)
{
    *doc = i;
    if (ids->order)
        *doc = ids->order[i];
    if (!ids->packed)
        return PARASOL_OK;
    const uint8_t *at = ids->packed + (uint64_t)i * ids->width / 8;
    const uint8_t *last =
        ids->packed + (((uint64_t)i + 1) * ids->width - 1) / 8;
    int rc = pc_sealed_need(ids->seg->file, at, (size_t)(last - at) + 1, err);
    if (rc)
        return rc;
    *doc = pc_bitpack_at(ids->packed, i, ids->width);
    return *doc < ids->seg->docs
               ? PARASOL_OK
               : corrupt(ids, "the order of ids is impossible", err);
}

int pc_ids_find(pc_ids *ids, pc_str id, bool *found, uint32_t *doc,
                parasol_error *err)
{
    uint32_t lo = 0;
    uint32_t hi = ids->seg->docs;
    *found = false;
    while (lo < hi) {
        pc_str at;
        uint32_t mid = lo + (hi - lo) / 2;
        uint32_t d = 0;
        int rc = get_place(ids, mid, &d, err);
        if (!rc)
            rc = pc_ids_get(ids, d, &at, err);
        if (rc)
            return rc;
        int order = pc_str_cmp(at, id);
        if (order < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
            if (order == 0) {
                *found = true;
                *doc = d;
            }
        }
    }
    return PARASOL_OK;
}
