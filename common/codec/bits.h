/*
 * Strings of bits, the lowest of a byte first: codes of any width one after
 * the other.
 */
#ifndef PARASOL_COMMON_CODEC_BITS_H
#define PARASOL_COMMON_CODEC_BITS_H

#include "common/base/buf.h"
#include "common/base/ints.h"

/* Widest code: what one load reaches, wherever in a byte it starts. */
#define PC_BITS_MAX 57u

/* All ones up to `width`, below 64. */
static inline uint64_t pc_bits_mask(unsigned width)
{
    return (UINT64_C(1) << width) - 1;
}

/* The `width` bits, at most PC_BITS_MAX, from `bit` on. The load may pass
   them by 8 bytes. */
static inline uint64_t pc_bits_at(const uint8_t *in, uint64_t bit,
                                  unsigned width)
{
    return pc_load64le(in + (bit >> 3)) >> (bit & 7) & pc_bits_mask(width);
}

/* Bits that are appended to a buffer; pc_bits_end puts the last of them. */
typedef struct pc_bit_writer {
    pc_buf *out;
    uint64_t acc;
    unsigned held; /* bits in acc, below 64 between two calls */
} pc_bit_writer;

/* Appends the lowest `width` bits, below PC_BITS_MAX; the others are zero. */
static inline void pc_bits_put(pc_bit_writer *w, uint64_t v, unsigned width)
{
    PC_ASSERT(width < PC_BITS_MAX && v >> width == 0);
    w->acc |= v << w->held;
    w->held += width;
    if (w->held < 64)
        return;
    pc_buf_put_u64(w->out, w->acc);
    w->held -= 64;
    /* What did not fit; held is below width here. */
    w->acc = v >> (width - w->held);
}

/* Appends n bits that all are `bit`. */
static inline void pc_bits_put_run(pc_bit_writer *w, unsigned bit, uint64_t n)
{
    for (unsigned some; n > 0; n -= some) {
        some = n < 32 ? (unsigned)n : 32;
        pc_bits_put(w, bit ? pc_bits_mask(some) : 0, some);
    }
}

/* Fills the last byte with `bit` and puts all bytes. */
static inline void pc_bits_end(pc_bit_writer *w, unsigned bit)
{
    uint8_t raw[8];
    if (w->held % 8)
        pc_bits_put_run(w, bit, 8 - w->held % 8);
    pc_store64le(raw, w->acc);
    pc_buf_put(w->out, raw, w->held / 8);
    w->acc = 0;
    w->held = 0;
}

#endif
