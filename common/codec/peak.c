/*
 * Comparing two length dampings.
 */
#include "common/codec/peak.h"

/* Wider than the rounding of the quotients and of what is done with them. */
#define SLACK 1e-5F

pc_peak_ratio pc_peak_compare(const float reference[256],
                              const float query[256])
{
    bool same = true;
    for (unsigned i = 1; i < 256; i++)
        same &= reference[i] == query[i];
    if (same)
        return (pc_peak_ratio){1.0F, 1.0F};
    float a = query[1] / reference[1], b = query[255] / reference[255];
    float least = a < b ? a : b, most = a < b ? b : a;
    return (pc_peak_ratio){least * (1.0F - SLACK), most * (1.0F + SLACK)};
}
