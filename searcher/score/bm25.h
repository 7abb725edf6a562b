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
#include "common/codec/peak.h"

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
    return (uint32_t)(weight * pc_share(tf, damp)) + 1;
}

/*
 * No posting whose share is at most `share` scores more. Rounding can turn
 * t / (t + K) down by a few units in the last place while t grows; the
 * allowance is many times that.
 */
static inline uint32_t ps_score_bound(float weight, float share)
{
    uint32_t best = (uint32_t)(weight * share) + 1;
    return best + (best >> 20) + 1;
}

/* A posting whose share is at least `share` scores no less. */
static inline uint32_t ps_score_floor(float weight, float share)
{
    uint32_t s = (uint32_t)(weight * share) + 1;
    return s - (s >> 20) - 1;
}

#endif
