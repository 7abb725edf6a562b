/*
 * Weights and bounds of BM25.
 */
#include "searcher/score/bm25.h"

#include <math.h>

#include "common/base/simd.h"

double ps_idf(uint64_t docs, uint64_t df)
{
    double n = (double)docs, d = (double)df;
    return log(1.0 + (n - d + 0.5) / (d + 0.5));
}

double ps_score_scale(double sum_of_weights)
{
    int exponent = 0;
    if (sum_of_weights > 0.0)
        (void)frexp(sum_of_weights, &exponent);
    return ldexp(1.0, PS_SCORE_BITS - exponent);
}

uint32_t ps_score_bound(float weight, const float damp[256],
                        const uint8_t *pairs, uint32_t n)
{
    uint32_t best = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t tf = pairs[2 * i];
        if (tf == 0)
            continue; /* not in use; without damping 0 / 0 */
        uint32_t s = tf == PC_TF_CAP
                         ? (uint32_t)weight + 1
                         : ps_score_one(weight, tf, damp[pairs[2 * i + 1]]);
        if (s > best)
            best = s;
    }
    /* Rounding can turn t / (t + K) down by a few units in the last place
       while t grows; the allowance is many times that. */
    return best + (best >> 20) + 1;
}

void ps_score_block_scalar(uint32_t *out, const uint32_t *ids,
                           const uint32_t *tfs, uint32_t n,
                           const uint8_t *norms, const float damp[256],
                           float weight)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = ps_score_one(weight, tfs[i], damp[norms[ids[i]]]);
}

ps_score_block_fn *ps_score_block_get(void)
{
#if defined(__x86_64__)
    if (pc_simd_level() >= PC_SIMD_AVX2)
        return ps_score_block_avx2;
#endif
    return ps_score_block_scalar;
}
