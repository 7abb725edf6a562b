/*
 * Horizontal bit packing: value i of width w occupies the bits
 * [i * w, (i + 1) * w) of the byte string, least significant bit first; the
 * bits behind the last value are zero. Any n, any width from 0 to 32.
 *
 * Decoders read up to PC_PAD bytes behind the packed bytes and write n
 * rounded up to PC_BITPACK_GROUP values, of which those beyond n are
 * undefined. They have no way to fail: the caller checks the width, and that
 * pc_bitpack_bytes(n, width) bytes are there.
 */
#ifndef PARASOL_COMMON_CODEC_BITPACK_H
#define PARASOL_COMMON_CODEC_BITPACK_H

#include "common/base/ints.h"

#define PC_BITPACK_GROUP 16u
#define PC_BITPACK_MAX_WIDTH 32u

/* Packed bytes of n values. */
static inline size_t pc_bitpack_bytes(uint32_t n, unsigned width)
{
    return ((size_t)n * width + 7) / 8;
}

/* All ones up to `width`. */
static inline uint32_t pc_bitpack_mask(unsigned width)
{
    return (uint32_t)((UINT64_C(1) << width) - 1);
}

/* Packs n values into exactly pc_bitpack_bytes(n, width) bytes. Bits of a
   value above `width` are dropped. */
void pc_bitpack_put(uint8_t *out, const uint32_t *in, uint32_t n,
                    unsigned width);

/* Value i alone, by one 8-byte load that may pass the end by up to 8 bytes. */
static inline uint32_t pc_bitpack_at(const uint8_t *in, uint32_t i,
                                     unsigned width)
{
    size_t bit = (size_t)i * width;
    uint64_t window = pc_load64le(in + (bit >> 3)) >> (bit & 7);
    return (uint32_t)window & pc_bitpack_mask(width);
}

/* Word i of a bitmap of `range` bits, without the bits behind its end. */
static inline uint64_t pc_bitmap_word(const uint8_t *bits, uint32_t i,
                                      uint32_t range)
{
    uint64_t word = pc_load64le(bits + 8 * (size_t)i);
    uint32_t left = range - 64 * i;
    return left < 64 ? word & ((UINT64_C(1) << left) - 1) : word;
}

/* Values of a run with exceptions; out needs room for as many. */
#define PC_BITPACK_PATCHED 128u

/*
 * Exceptions: value places[k] is places[n + k] << width larger than its packed
 * bits say. The places ascend; what comes out otherwise may differ from level
 * to level, but each exception adds to one value at most, or to none.
 */
typedef struct pc_bitpack_extra {
    const uint8_t *places; /* 2 * n bytes */
    unsigned n;
} pc_bitpack_extra;

/* Bits set among the first `range`. */
static inline uint32_t pc_bitmap_count(const uint8_t *bits, uint32_t range)
{
    uint32_t n = 0;
    for (uint32_t i = 0; 64 * i < range; i++)
        n += pc_popcount64(pc_bitmap_word(bits, i, range));
    return n;
}

typedef struct pc_bitpack_ops {
    /* out[i] = value i */
    void (*get)(uint32_t *out, const uint8_t *in, uint32_t n, unsigned width);
    /* out[i] = value i + 1 */
    void (*get_above)(uint32_t *out, const uint8_t *in, uint32_t n,
                      unsigned width);
    /* out[i] = base + (v[0] + 1) + ... + (v[i] + 1), modulo 2^32: document
       ids from gaps minus one. `base` is the last id before, UINT32_MAX
       before the first. */
    void (*get_ids)(uint32_t *out, const uint8_t *in, uint32_t n,
                    unsigned width, uint32_t base);
    /* The two above for values that are wider here and there: 1 to 7
       exceptions, as struct pc_bitpack_extra says. n is at most
       PC_BITPACK_PATCHED, width at most 20. */
    void (*get_above_patched)(uint32_t *out, const uint8_t *in, uint32_t n,
                              unsigned width, pc_bitpack_extra extra);
    void (*get_ids_patched)(uint32_t *out, const uint8_t *in, uint32_t n,
                            unsigned width, uint32_t base,
                            pc_bitpack_extra extra);
    /* Bits set among the first `range` of a bitmap, of which whole 64-bit
       words are readable. */
    uint32_t (*count)(const uint8_t *bits, uint32_t range);
    /* out[i] = base + 1 + the number of the i-th bit set in the bitmap; writes
       up to PC_BITPACK_GROUP values more. */
    void (*get_set)(uint32_t *out, const uint8_t *bits, uint32_t range,
                    uint32_t base);
} pc_bitpack_ops;

/* The decoders for a level of enum pc_simd: pc_simd_level(), or in tests
   another one up to pc_simd_cpu(). Borrowed for ever; any thread. */
const pc_bitpack_ops *pc_bitpack_ops_at(int level);

/* One table per level, each in a file with its own compile flags. */
extern const pc_bitpack_ops pc_bitpack_scalar;
#if PC_X86_64
extern const pc_bitpack_ops pc_bitpack_avx2;
extern const pc_bitpack_ops pc_bitpack_avx512;
#endif

#endif
