/*
 * Length damping of BM25.
 */
#include "common/codec/damp.h"

#include "common/codec/norm.h"

void pc_damp_table(float damp[256], float k1, float b, uint64_t docs,
                   uint64_t total)
{
    double average = docs > 0 && total > 0 ? (double)total / (double)docs : 1.0;
    for (unsigned code = 0; code < 256; code++) {
        double length = (double)pc_norm_decode((uint8_t)code);
        double part = 1.0 - (double)b + (double)b * (length / average);
        damp[code] = (float)((double)k1 * part);
    }
}
