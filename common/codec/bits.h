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

/* Bits that are appended to a buffer. */
typedef struct pc_bit_writer {
    pc_buf *out;
    uint64_t acc;
    unsigned held; /* bits in acc, below 8 between two calls */
} pc_bit_writer;

/* Appends the lowest `width` bits, at most PC_BITS_MAX - 1; the others are
   zero. */
static inline void pc_bits_put(pc_bit_writer *w, uint64_t v, unsigned width)
{
    uint8_t raw[8];
    PC_ASSERT(width < PC_BITS_MAX && v >> width == 0);
    w->acc |= v << w->held;
    w->held += width;
    pc_store64le(raw, w->acc);
    pc_buf_put(w->out, raw, w->held / 8);
    w->acc = w->held >= 64 ? 0 : w->acc >> (w->held & ~7u);
    w->held &= 7;
}

/* Appends n bits that all are `bit`. */
static inline void pc_bits_put_run(pc_bit_writer *w, unsigned bit, uint64_t n)
{
    for (unsigned some; n > 0; n -= some) {
        some = n < 32 ? (unsigned)n : 32;
        pc_bits_put(w, bit ? pc_bits_mask(some) : 0, some);
    }
}

/* Fills the last byte with `bit`. */
static inline void pc_bits_end(pc_bit_writer *w, unsigned bit)
{
    if (w->held > 0)
        pc_bits_put_run(w, bit, 8 - w->held);
}

#endif
