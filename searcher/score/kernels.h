/*
 * The inner loops of evaluation: one contract, a scalar reference, and the
 * same for eight postings at a time. Every level gives the same bits.
 */
#ifndef PARASOL_SEARCHER_SCORE_KERNELS_H
#define PARASOL_SEARCHER_SCORE_KERNELS_H

#include "common/base/base.h"

/* Accumulators that `harvest` takes at a time. */
#define PS_GROUP 64u
/* Items that the kernels may write behind the last one. */
#define PS_OVERRUN 16u

/* Above every document's number. */
#define PS_PAD_ID 0x7fffffffu

typedef struct ps_kernels {
    /*
     * Scores a block: out[i] = ps_score_one of (tfs[i], norms[ids[i]]) for i
     * below n. `out` has room for PS_OVERRUN more.
     */
    void (*score)(uint32_t *out, const uint32_t *ids, const uint32_t *tfs,
                  uint32_t n, const uint8_t *norms, const float damp[256],
                  float weight);
    /*
     * Of PS_GROUP accumulators, for documents from `base` on, copies those
     * that are at least `least` (which is not 0), in order, and sets all to 0.
     * Returns how many.
     */
    uint32_t (*harvest)(uint32_t *docs, uint32_t *scores, uint32_t *acc,
                        uint32_t base, uint32_t least);
    /*
     * Of n candidates copies those whose score is at least `least`, in order,
     * to places that may be the same or before. Returns how many. Writes
     * nothing behind the n-th place of the output.
     */
    uint32_t (*filter)(uint32_t *docs_out, uint32_t *scores_out,
                       const uint32_t *docs, const uint32_t *scores, uint32_t n,
                       uint32_t least);
    /* Index of the first of n ascending ids, from `at` on, that is not below
       `target`; n if there is none. Readable behind the last: PS_OVERRUN. */
    uint32_t (*lower_bound)(const uint32_t *ids, uint32_t at, uint32_t n,
                            uint32_t target);
    /*
     * Of n candidates finds those among the PC_BLOCK ascending numbers of a
     * block, of which the ones behind its end are PS_PAD_ID, as are eight
     * more: sel[k] is the index of the k-th candidate found, at[k] its place in
     * the block. Returns how many; sel and at have room for one more.
     */
    uint32_t (*match)(uint32_t *sel, uint32_t *at, const uint32_t *docs,
                      uint32_t n, const uint32_t *ids);
    /* The same for a block that is a bitmap of `range` bits, at most
       PC_BITMAP_RANGE, bit i of which is number base + 1 + i. All candidates
       are in its range. */
    uint32_t (*match_set)(uint32_t *sel, uint32_t *at, const uint32_t *docs,
                          uint32_t n, const uint8_t *bits, uint32_t range,
                          uint32_t base);
    /* Sets the bits with the numbers of n ascending ids. */
    void (*mark)(uint64_t *words, const uint32_t *ids, uint32_t n);
    /* Sets `range` bits, from number `first` on, as those of a bitmap of which
       whole words are readable; writes one word more than they need. Returns
       how many of the bitmap's bits are set. */
    uint32_t (*mark_set)(uint64_t *words, const uint8_t *bits, uint32_t range,
                         uint32_t first);
    /* Bits set in n words. */
    uint64_t (*count)(const uint64_t *words, size_t n);
    /* The largest of n little-endian 16-bit numbers, n >= 1. */
    uint32_t (*max_u16)(const uint8_t *p, uint32_t n);
} ps_kernels;

extern const ps_kernels ps_kernels_scalar;
extern const ps_kernels ps_kernels_avx2;   /* x86-64 only */
extern const ps_kernels ps_kernels_avx512; /* x86-64 only */

/* For a level of enum pc_simd: pc_simd_level(), or in tests another one up to
   pc_simd_cpu(). Borrowed for ever; any thread. */
const ps_kernels *ps_kernels_at(int level);

#endif
