/*
 * Ids, writing side.
 */
#include "indexer/write/id_writer.h"

#include "common/base/fail.h"
#include "common/base/sort.h"
#include "common/codec/bitpack.h"
#include "common/codec/varint.h"

void pi_id_writer_init(pi_id_writer *w, const pc_mem *mem)
{
    *w = (pi_id_writer){.mem = mem};
    pc_buf_init(&w->coded, mem);
    pc_buf_init(&w->last, mem);
}

void pi_id_writer_release(pi_id_writer *w)
{
    pc_buf_release(&w->coded);
    pc_buf_release(&w->last);
    pi_id_writer_init(w, w->mem);
}

int pi_id_add(pi_id_writer *w, pc_str id)
{
    pc_str last = pc_buf_str(&w->last);
    size_t shared = 0;
    while (shared < id.len && shared < last.len &&
           id.ptr[shared] == last.ptr[shared])
        shared++;
    w->falls = w->falls || (w->docs > 0 && pc_str_cmp(id, last) < 0);
    pc_varint_append(&w->coded, shared);
    pc_varint_append(&w->coded, id.len - shared);
    pc_buf_put(&w->coded, id.ptr + shared, id.len - shared);
    w->last.len = shared;
    pc_buf_put(&w->last, id.ptr + shared, id.len - shared);
    w->bytes += id.len;
    w->docs++;
    return w->coded.status ? w->coded.status : w->last.status;
}

/* All ids, one after the other. */
typedef struct decoded {
    char *bytes;
    uint64_t *ends;
} decoded;

static pc_str id_of(const decoded *d, uint32_t doc)
{
    uint64_t start = doc > 0 ? d->ends[doc - 1] : 0;
    return (pc_str){d->bytes + start, (size_t)(d->ends[doc] - start)};
}

static int compare(uint32_t a, uint32_t b, void *ctx)
{
    return pc_str_cmp(id_of(ctx, a), id_of(ctx, b));
}

static void decode(const pi_id_writer *w, decoded *d)
{
    const uint8_t *p = w->coded.ptr;
    const uint8_t *end = p + w->coded.len;
    uint64_t last = 0;
    uint64_t at = 0;
    for (uint32_t i = 0; i < w->docs && p; i++) {
        uint64_t shared = 0;
        uint64_t more = 0;
        p = pc_varint_get64(p, end, &shared);
        if (p)
            p = pc_varint_get64(p, end, &more);
        if (!p)
            break; /* cannot happen: these are our own bytes */
        memcpy(d->bytes + at, d->bytes + last, (size_t)shared);
        memcpy(d->bytes + at + shared, p, (size_t)more);
        p += more;
        last = at;
        at += shared + more;
        d->ends[i] = at;
    }
}

/* The documents by id; NULL: out of memory. */
static uint32_t *sort_docs(const pi_id_writer *w)
{
    decoded d = {pc_alloc(w->mem, (size_t)w->bytes + 1, 1),
                 pc_alloc(w->mem, w->docs, sizeof(uint64_t))};
    uint32_t *order = pc_alloc(w->mem, w->docs, sizeof *order);
    if (d.bytes && d.ends && order) {
        decode(w, &d);
        for (uint32_t i = 0; i < w->docs; i++)
            order[i] = i;
    }
    if (!d.bytes || !d.ends || !order ||
        pc_sort_u32(order, w->docs, compare, &d, w->mem)) {
        pc_free(w->mem, order);
        order = NULL;
    }
    pc_free(w->mem, d.bytes);
    pc_free(w->mem, d.ends);
    return order;
}

static int put_order(const pi_id_writer *w, pi_out *out)
{
    unsigned width = pc_bits32(w->docs - 1);
    size_t len = pc_bitpack_bytes(w->docs, width);
    uint32_t *order = sort_docs(w);
    uint8_t *packed = pc_alloc(w->mem, len + PC_PAD, 1);
    int rc = order && packed ? PARASOL_OK : PARASOL_NOMEM;
    if (!rc) {
        pc_bitpack_put(packed, order, w->docs, width);
        pi_out_put(out, packed, len);
    }
    pc_free(w->mem, order);
    pc_free(w->mem, packed);
    return rc;
}

int pi_id_finish(pi_id_writer *w, pi_out *out, parasol_error *err)
{
    int rc = w->coded.status ? w->coded.status : w->last.status;
    pi_out_begin(out, PC_SECTION_IDS);
    if (!rc && w->falls)
        rc = put_order(w, out);
    pi_id_writer_release(w);
    return rc ? pc_fail_nomem(err) : PARASOL_OK;
}
