/*
 * Peaks: how much the best posting of a block can weigh, in 16 bits.
 *
 * A posting's share is tf / (tf + K), where K grows with the length class of
 * the document (common/codec/damp.h). A peak is the largest share of a block,
 * in units of 1/65536, rounded up, for the *reference* K: the usual k1 and b
 * and the segment's own average length.
 *
 * A query may use another K'. As t / (t + r K) = p / (p + r (1 - p)) for
 * p = t / (t + K), a share p under K is at most p / (p + r (1 - p)) under K'
 * if K' >= r K for every length, and at least that if K' <= r K. So one
 * stored number bounds every query. K' / K is a quotient of linear functions
 * of the length, hence monotonic: its extremes are at the ends.
 * Format: docs/format.md, "Peaks".
 */
#ifndef PARASOL_COMMON_CODEC_PEAK_H
#define PARASOL_COMMON_CODEC_PEAK_H

#include <stdbool.h>

#include "common/base/base.h"

/* Means a share of anything from 65535/65536 up to 1. */
#define PC_PEAK_MAX 65535u

/* The share of a posting; `damp` is its K. */
static inline float pc_share(uint32_t tf, float damp)
{
    float t = (float)tf;
    return t / (t + damp);
}

/* The least peak that is not below the share, and the largest that is not
   above it (0 to 1). */
static inline uint16_t pc_peak_up(float share)
{
    float scaled = share * 65536.0F;
    uint32_t whole = (uint32_t)scaled;
    whole += (float)whole < scaled;
    return whole > PC_PEAK_MAX ? PC_PEAK_MAX : (uint16_t)whole;
}

static inline uint16_t pc_peak_down(float share)
{
    uint32_t whole = (uint32_t)(share * 65536.0F);
    return whole > PC_PEAK_MAX ? PC_PEAK_MAX : (uint16_t)whole;
}

/* How K' of a query compares with the reference K. */
typedef struct pc_peak_ratio {
    float least; /* K' >= least * K for every length of at least 1 */
    float most;  /* K' <= most * K */
} pc_peak_ratio;

/* From the two tables of K by length class. */
pc_peak_ratio pc_peak_compare(const float reference[256],
                              const float query[256]);

/*
 * A share was rounded as a float before it was rounded to a peak, which may
 * have put it on the wrong side of a whole unit; where it is near 1, another K'
 * makes much of that. This, in units, is more than it can have been off. Where
 * K' is K, the share is computed again with the same rounding.
 */
#define PC_PEAK_DOUBT (1.0F / 32.0F)

/* No share in a block of this peak exceeds the result under K'. */
static inline float pc_peak_most(uint32_t peak, pc_peak_ratio ratio)
{
    if (peak == PC_PEAK_MAX)
        return 1.0F;
    if (ratio.least == 1.0F || peak == 0)
        return (float)peak / 65536.0F;
    float p = ((float)peak + PC_PEAK_DOUBT) / 65536.0F;
    return p / (p + ratio.least * (1.0F - p));
}

/* A share that was rounded down to `peak` is no less than this under K'. */
static inline float pc_peak_least(uint32_t peak, pc_peak_ratio ratio)
{
    if (ratio.most == 1.0F || peak == 0)
        return (float)peak / 65536.0F;
    float p = ((float)peak - PC_PEAK_DOUBT) / 65536.0F;
    return p / (p + ratio.most * (1.0F - p));
}

#endif
