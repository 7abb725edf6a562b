/*
 * The positions of a word in one document, coded in a number of bits that
 * follows from how many there are and from a bound on them.
 *
 * The code is close to the logarithm of the number of such sets of positions.
 * As its length is known beforehand, the codes of a block of documents stand
 * one after the other without lengths or offsets, and one document's are read
 * without looking at those of the others.
 *
 * A position is cut into its low bits, which are stored as they are, and the
 * rest; the rests together are one number of a combinatorial number system
 * (D. H. Lehmer), or, for many positions, the bitmap of P. Elias and R. Fano.
 * Format: docs/format.md, "Position codes".
 */
#ifndef PARASOL_COMMON_CODEC_POSCODE_H
#define PARASOL_COMMON_CODEC_POSCODE_H

#include <stdbool.h>

#include "common/codec/bits.h"

/* Up to so many positions are coded as a number, more as a bitmap. */
#define PC_POS_FEW 16u
/* Bits that are kept of a position above its low bits in a number. */
#define PC_POS_HIGH_BITS 6u
/* Things to choose from at most, for such a number. */
#define PC_POS_CHOICES ((1u << PC_POS_HIGH_BITS) + PC_POS_FEW - 1)
/* A bound that every position keeps. */
#define PC_POS_LIMIT 0x80000000u

#define PC_POS_GUESSES 1024u
#define PC_POS_PAIRS 3200u

/* What coding looks up. */
typedef struct pc_poscode {
    /* Ways to choose k of n things, [k][n]. */
    uint64_t choose[PC_POS_FEW + 1][PC_POS_CHOICES + 2];
    uint8_t number_bits[PC_POS_FEW + 1][PC_POS_CHOICES + 1];
    /* The largest n of which k can be chosen in no more ways than the least
       number of a class, by its highest five bits. */
    uint8_t guess[PC_POS_FEW + 1][PC_POS_GUESSES];
    uint16_t pairs[PC_POS_PAIRS]; /* both of two: the higher in the high byte */
} pc_poscode;

/* The tables: made at the first call, borrowed for ever; any thread. */
const pc_poscode *pc_poscode_tables(void);

/* Bits of the code of n >= 1 positions below `bound` <= 2^32 - 1, n <= bound.
   All different. */
uint64_t pc_poscode_bits(const pc_poscode *c, uint32_t n, uint32_t bound);

/* Appends the code of n positions that ascend without equals; returns how many
   bits it has. */
uint64_t pc_poscode_put(const pc_poscode *c, pc_bit_writer *w,
                        const uint32_t *pos, uint32_t n, uint32_t bound);

typedef struct pc_poscode_ops {
    /* Reads n positions, any number, from the bits that start at `bit` and end
       before `end`. False when they are not a code; `out` is then undefined.
       Loads may pass the code by 8 bytes. */
    bool (*get)(const pc_poscode *c, const uint8_t *in, uint64_t bit,
                uint64_t end, uint32_t n, uint32_t bound, uint32_t *out);
    /* Is `pos` among the n positions? False also where the bits are not a code.
       Cheaper than reading all when few are asked for. */
    bool (*holds)(const pc_poscode *c, const uint8_t *in, uint64_t bit,
                  uint64_t end, uint32_t n, uint32_t bound, uint32_t pos);
} pc_poscode_ops;

extern const pc_poscode_ops pc_poscode_scalar;
extern const pc_poscode_ops pc_poscode_avx2; /* x86-64 only */

/* For a level of enum pc_simd: pc_simd_level(), or in tests another one up to
   pc_simd_cpu(). Borrowed for ever; any thread. */
const pc_poscode_ops *pc_poscode_ops_at(int level);

#endif
