/*
 * BM25: the only formulae of the ranking.
 *
 *   idf    = ln(1 + (N - df + 0.5) / (df + 0.5))            never negative
 *   weight = boost * idf * (k1 + 1)
 *   score  = weight * tf / (tf + K),  K = k1 * (1 - b + b * length / average)
 *
 * after Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25
 * and Beyond" (2009), with the idf that adds 1 so that it stays positive.
 *
 * Scores are kept as integers: the weight is multiplied by a power of two
 * that is the same for the whole query, and each term's score is truncated
 * and raised by one, so that a match never scores nothing.
 * Sums of integers do not depend on their order, so every way of evaluating
 * a query gives the same score to the last bit. docs/ranking.md has a worked
 * example.
 */
#ifndef PARASOL_SEARCHER_SCORE_BM25_H
#define PARASOL_SEARCHER_SCORE_BM25_H

#include "common/base/base.h"
#include "common/codec/impact.h"

/* Scores of a whole query stay below 2^PS_SCORE_BITS. */
#define PS_SCORE_BITS 30

/* ln(1 + (N - df + 0.5) / (df + 0.5)) */
double ps_idf(uint64_t docs, uint64_t df);

/* The power of two that brings a sum of weights just under
   2^PS_SCORE_BITS. Where nothing weighs anything, 2^PS_SCORE_BITS: the 1 that
   each match scores is then next to nothing. */
double ps_score_scale(double sum_of_weights);

/* One posting's score; `weight` is scaled. */
static inline uint32_t ps_score_one(float weight, uint32_t tf, float damp)
{
    float t = (float)tf;
    float part = t / (t + damp);
    return (uint32_t)(weight * part) + 1;
}

/* No posting dominated by the n pairs of a front scores more than this. */
uint32_t ps_score_bound(float weight, const float damp[256],
                        const uint8_t *pairs, uint32_t n);

/*
 * Scores a block: out[i] = score of (tfs[i], norms[ids[i]]), all below n.
 * `out` has room for n rounded up to 16; PC_PAD readable bytes follow the
 * norms.
 */
typedef void ps_score_block_fn(uint32_t *out, const uint32_t *ids,
                               const uint32_t *tfs, uint32_t n,
                               const uint8_t *norms, const float damp[256],
                               float weight);

void ps_score_block_scalar(uint32_t *out, const uint32_t *ids,
                           const uint32_t *tfs, uint32_t n,
                           const uint8_t *norms, const float damp[256],
                           float weight);
void ps_score_block_avx2(uint32_t *out, const uint32_t *ids,
                         const uint32_t *tfs, uint32_t n, const uint8_t *norms,
                         const float damp[256], float weight);

/* The one for this processor. */
ps_score_block_fn *ps_score_block_get(void);

#endif
