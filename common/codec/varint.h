/*
 * LEB128: seven bits a byte, low bits first, the top bit set on every byte
 * but the last. There is one encoding per value: longer ones are refused.
 */
#ifndef PARASOL_COMMON_CODEC_VARINT_H
#define PARASOL_COMMON_CODEC_VARINT_H

#include "common/base/buf.h"
#include "common/base/ints.h"

#define PC_VARINT_MAX 10 /* bytes of the longest encoding */

/* The general decoders behind the two below; any length. */
const uint8_t *pc_varint_long32(const uint8_t *p, const uint8_t *end,
                                uint32_t *v);
const uint8_t *pc_varint_long64(const uint8_t *p, const uint8_t *end,
                                uint64_t *v);

/* Writes v, at most PC_VARINT_MAX bytes; returns how many. */
static inline size_t pc_varint_put(uint8_t *out, uint64_t v)
{
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        out[n++] = (uint8_t)(v | 0x80);
    out[n++] = (uint8_t)v;
    return n;
}

/* How many bytes pc_varint_put writes. */
static inline size_t pc_varint_size(uint64_t v)
{
    size_t n = 1;
    for (; v >= 0x80; v >>= 7)
        n++;
    return n;
}

/* Reads *v from [p, end) and returns the byte behind it; NULL, with *v
   untouched, when the bytes end early, the value does not fit or its encoding
   is longer than needed. Never reads at or past `end`. */
static inline const uint8_t *pc_varint_get32(const uint8_t *p,
                                             const uint8_t *end, uint32_t *v)
{
    if (PC_LIKELY(p < end && p[0] < 0x80)) {
        *v = p[0];
        return p + 1;
    }
    /* 1..0x7f: a last byte of 0 would be an over-long encoding */
    if (PC_LIKELY(end - p >= 2 && (uint8_t)(p[1] - 1) < 0x7f)) {
        *v = (p[0] & 0x7fu) | ((uint32_t)p[1] << 7);
        return p + 2;
    }
    return pc_varint_long32(p, end, v);
}

static inline const uint8_t *pc_varint_get64(const uint8_t *p,
                                             const uint8_t *end, uint64_t *v)
{
    if (PC_LIKELY(p < end && p[0] < 0x80)) {
        *v = p[0];
        return p + 1;
    }
    if (PC_LIKELY(end - p >= 2 && (uint8_t)(p[1] - 1) < 0x7f)) {
        *v = (p[0] & 0x7fu) | ((uint64_t)p[1] << 7);
        return p + 2;
    }
    return pc_varint_long64(p, end, v);
}

/* Appends v; see out->status. */
void pc_varint_append(pc_buf *out, uint64_t v);

#endif
