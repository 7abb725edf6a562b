/*
 * Stored text through zlib, with our memory and without its file functions.
 */
#include "common/codec/textblock.h"

#include <stdbool.h>

#define ZLIB_CONST
#include <zlib.h>

#include "common/base/fail.h"

#define MAX_RAW ((size_t)1 << 30)

/* zlib hands a plain pointer back; the allocator behind it is const. */
struct lender {
    const pc_mem *mem;
};

static voidpf lend(voidpf opaque, uInt items, uInt size)
{
    const struct lender *l = opaque;
    return pc_alloc(l->mem, items, size);
}

static void take_back(voidpf opaque, voidpf block)
{
    const struct lender *l = opaque;
    pc_free(l->mem, block);
}

static z_stream stream_of(struct lender *l, const void *in, size_t n)
{
    return (z_stream){.zalloc = lend,
                      .zfree = take_back,
                      .opaque = l,
                      .next_in = in,
                      .avail_in = (uInt)n};
}

int pc_textblock_put(pc_buf *out, pc_str raw, int level, const pc_mem *mem)
{
    if (level < 1 || level > 9 || raw.len >= MAX_RAW)
        return PARASOL_ARG;
    struct lender l = {mem};
    z_stream z = stream_of(&l, raw.ptr, raw.len);
    if (deflateInit(&z, level) != Z_OK)
        return out->status = PARASOL_NOMEM;
    int rc = PARASOL_NOMEM;
    uLong bound = deflateBound(&z, (uLong)raw.len);
    uint8_t *room = pc_buf_reserve(out, bound);
    if (!room)
        goto out;
    z.next_out = room;
    z.avail_out = (uInt)bound;
    /* a single call is enough: the bound holds for it */
    rc = deflate(&z, Z_FINISH) == Z_STREAM_END ? PARASOL_OK : PARASOL_INTERNAL;
    if (rc == PARASOL_OK)
        out->len += (size_t)(z.next_out - room);
out:
    (void)deflateEnd(&z);
    return rc;
}

int pc_textblock_get_head(uint8_t *out, size_t want, size_t raw_len,
                          pc_str packed, const pc_mem *mem, parasol_error *err)
{
    if (raw_len >= MAX_RAW || packed.len > UINT32_MAX || want > raw_len)
        return pc_fail(err, PARASOL_CORRUPT,
                       "a text block of %zu bytes is too long", raw_len);
    struct lender l = {mem};
    z_stream z = stream_of(&l, packed.ptr, packed.len);
    if (inflateInit(&z) != Z_OK)
        return pc_fail_nomem(err);
    uint8_t none; /* zlib wants an address, also for no bytes */
    z.next_out = want ? out : &none;
    z.avail_out = (uInt)want;
    bool whole = want == raw_len;
    int end = inflate(&z, whole ? Z_FINISH : Z_SYNC_FLUSH);
    bool ended = end == Z_STREAM_END && z.avail_in == 0;
    int rc = PARASOL_OK;
    if (end == Z_MEM_ERROR)
        rc = pc_fail_nomem(err);
    else if (z.avail_out != 0 || (whole ? !ended : end != Z_OK))
        rc = pc_fail(err, PARASOL_CORRUPT, "a text block is damaged: %s",
                     z.msg                 ? z.msg
                     : end == Z_STREAM_END ? "its length differs"
                                           : "it is cut short or too long");
    (void)inflateEnd(&z);
    return rc;
}

int pc_textblock_get(uint8_t *out, size_t raw_len, pc_str packed,
                     const pc_mem *mem, parasol_error *err)
{
    return pc_textblock_get_head(out, raw_len, raw_len, packed, mem, err);
}
