/*
 * LEB128 decoders for any length.
 */
#include "common/codec/varint.h"

const uint8_t *pc_varint_long64(const uint8_t *p, const uint8_t *end,
                                uint64_t *v)
{
    uint64_t sum = 0;
    for (unsigned shift = 0; shift < 64 && p < end; shift += 7) {
        uint8_t byte = *p++;
        if (shift == 63 && byte > 1)
            return NULL; /* bits above 64, or no end in sight */
        sum |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            if (byte == 0 && shift > 0)
                return NULL; /* a shorter encoding exists */
            *v = sum;
            return p;
        }
    }
    return NULL;
}

const uint8_t *pc_varint_long32(const uint8_t *p, const uint8_t *end,
                                uint32_t *v)
{
    uint64_t wide;
    const uint8_t *next = pc_varint_long64(p, end, &wide);
    if (!next || wide > UINT32_MAX)
        return NULL;
    *v = (uint32_t)wide;
    return next;
}

void pc_varint_append(pc_buf *out, uint64_t v)
{
    uint8_t *p = pc_buf_reserve(out, PC_VARINT_MAX);
    if (p)
        out->len += pc_varint_put(p, v);
}
