/*
 * Loops over bitmaps, for the scalar table and those of the processors alike:
 * each file that includes them compiles the counting of bits to what its flags
 * allow. Contracts: kernels.h.
 */
#ifndef PARASOL_SEARCHER_SCORE_KERNELS_BITS_H
#define PARASOL_SEARCHER_SCORE_KERNELS_BITS_H

#include "common/base/ints.h"
#include "common/codec/docblock.h"

/* Where counting all words would take longer than looking. */
#define PS_MATCH_FEW 4u

static inline uint32_t ps_match_few(uint32_t *sel, uint32_t *at,
                                    const uint32_t *docs, uint32_t n,
                                    const uint8_t *bits, uint32_t range,
                                    uint32_t base)
{
    uint32_t k = 0, before = 0, done = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t bit = docs[i] - base - 1, in = bit / 64;
        uint64_t word = pc_bitmap_word(bits, in, range);
        if ((word >> (bit % 64) & 1) == 0)
            continue;
        for (; done < in; done++)
            before += pc_popcount64(pc_bitmap_word(bits, done, range));
        sel[k] = i;
        at[k++] =
            before + pc_popcount64(word & ((UINT64_C(1) << (bit % 64)) - 1));
    }
    return k;
}

static inline uint32_t ps_match_set(uint32_t *sel, uint32_t *at,
                                    const uint32_t *docs, uint32_t n,
                                    const uint8_t *bits, uint32_t range,
                                    uint32_t base)
{
    uint64_t words[PC_BITMAP_RANGE / 64];
    uint32_t before[PC_BITMAP_RANGE / 64], sum = 0, k = 0;
    if (n <= PS_MATCH_FEW)
        return ps_match_few(sel, at, docs, n, bits, range, base);
    for (uint32_t i = 0; 64 * i < range; i++) {
        words[i] = pc_bitmap_word(bits, i, range);
        before[i] = sum;
        sum += pc_popcount64(words[i]);
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t bit = docs[i] - base - 1;
        uint64_t word = words[bit / 64] >> (bit % 64);
        uint64_t below = words[bit / 64] & ((UINT64_C(1) << (bit % 64)) - 1);
        sel[k] = i;
        at[k] = before[bit / 64] + pc_popcount64(below);
        k += (uint32_t)(word & 1);
    }
    return k;
}

/* Four runs at once: neighbours often share a word, and each would wait for
   the one before to be stored. */
static inline void ps_mark(uint64_t *words, const uint32_t *ids, uint32_t n)
{
    uint32_t run = n / 4;
    for (uint32_t i = 0; i < run; i++) {
        for (uint32_t k = 0; k < 4; k++) {
            uint32_t id = ids[k * run + i];
            words[id / 64] |= UINT64_C(1) << (id % 64);
        }
    }
    for (uint32_t i = 4 * run; i < n; i++)
        words[ids[i] / 64] |= UINT64_C(1) << (ids[i] % 64);
}

static inline uint32_t ps_mark_set(uint64_t *words, const uint8_t *bits,
                                   uint32_t range, uint32_t first)
{
    uint64_t *to = words + first / 64, carry = 0;
    unsigned shift = first % 64;
    uint32_t n = 0, i = 0;
    for (; 64 * i < range; i++) {
        uint64_t word = pc_bitmap_word(bits, i, range);
        n += pc_popcount64(word);
        to[i] |= word << shift | carry;
        carry = word >> 1 >> (63 - shift);
    }
    to[i] |= carry;
    return n;
}

static inline uint64_t ps_count_bits(const uint64_t *words, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += pc_popcount64(words[i]);
    return sum;
}

#endif
