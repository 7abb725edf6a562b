/*
 * Strings of bits, the lowest of a byte first: codes of any width one after
 * the other, and codes that say their own width (P. Elias' gamma, S. Golomb's
 * with exponents).
 */
#ifndef PARASOL_COMMON_CODEC_BITS_H
#define PARASOL_COMMON_CODEC_BITS_H

#include <stdbool.h>

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
    if (PC_LIKELY(w->out->cap - w->out->len >= 8)) {
        pc_store64le(w->out->ptr + w->out->len, w->acc);
        w->out->len += 8;
    } else {
        pc_buf_put_u64(w->out, w->acc);
    }
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

/*
 * Appends v: the bits above the lowest k, plus one, are written after as many
 * zeros as they have bits, less one; then the lowest k. Takes the fewest bits
 * for values near 2^k. v is below 2^56, k below 32.
 */
static inline void pc_bits_put_golomb(pc_bit_writer *w, uint64_t v, unsigned k)
{
    uint64_t high = (v >> k) + 1;
    unsigned zeros = pc_bits64(high) - 1;
    pc_bits_put(w, 0, zeros);
    pc_bits_put(w, 1, 1);
    pc_bits_put(w, high & pc_bits_mask(zeros), zeros);
    pc_bits_put(w, v & pc_bits_mask(k), k);
}

/* Reads bits up to an end; after a failure everything is 0. */
typedef struct pc_bit_reader {
    const uint8_t *in; /* PC_PAD readable bytes follow the end */
    uint64_t bit, end;
    bool bad; /* the bits were at their end, or no code */
} pc_bit_reader;

static inline uint64_t pc_bits_fail(pc_bit_reader *r)
{
    r->bad = true;
    r->bit = r->end;
    return 0;
}

/* Reads `width` bits, at most PC_BITS_MAX. */
static inline uint64_t pc_bits_get(pc_bit_reader *r, unsigned width)
{
    if (PC_UNLIKELY(width > r->end - r->bit))
        return pc_bits_fail(r);
    uint64_t v = pc_bits_at(r->in, r->bit, width);
    r->bit += width;
    return v;
}

/* Reads what pc_bits_put_golomb wrote. */
static inline uint64_t pc_bits_get_golomb(pc_bit_reader *r, unsigned k)
{
    if (PC_UNLIKELY(r->bit >= r->end))
        return pc_bits_fail(r);
    uint64_t window = pc_bits_at(r->in, r->bit, PC_BITS_MAX);
    if (PC_UNLIKELY(window == 0))
        return pc_bits_fail(r);
    unsigned zeros = pc_ctz64(window);
    if (PC_LIKELY(2 * zeros + 1 + k <= PC_BITS_MAX)) {
        window >>= zeros + 1;
        uint64_t high = window & pc_bits_mask(zeros);
        high += pc_bits_mask(zeros); /* its top bit, less one */
        uint64_t low = window >> zeros & pc_bits_mask(k);
        r->bit += 2 * zeros + 1 + k;
        if (PC_UNLIKELY(r->bit > r->end))
            return pc_bits_fail(r);
        return high << k | low;
    }
    r->bit += zeros + 1;
    uint64_t high = r->bit > r->end ? 0 : pc_bits_get(r, zeros);
    high += pc_bits_mask(zeros);
    uint64_t low = r->bit > r->end ? 0 : pc_bits_get(r, k);
    return r->bit > r->end ? pc_bits_fail(r) : high << k | low;
}

#endif
