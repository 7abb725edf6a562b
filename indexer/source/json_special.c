/*
 * Ends of strings: the reference, and the choice.
 */
#include "indexer/source/json_special.h"

#include "common/base/ints.h"
#include "common/base/simd.h"

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

const char *pi_json_special_scalar(const char *p, const char *end)
{
    while (end - p >= 8) {
        uint64_t v = pc_load64le((const uint8_t *)p);
        uint64_t quote = v ^ (ONES * '"'), back = v ^ (ONES * '\\');
        /* A high bit marks a byte that is zero, or below 0x20; borrows reach
           only bytes above the first one. */
        uint64_t hit = ((quote - ONES) & ~quote) | ((back - ONES) & ~back) |
                       ((v - ONES * 0x20) & ~v);
        hit &= HIGHS;
        if (hit)
            return p + pc_ctz64(hit) / 8;
        p += 8;
    }
    while (p < end && *p != '"' && *p != '\\' && (uint8_t)*p >= 0x20)
        p++;
    return p;
}

pi_json_special *pi_json_special_at(int simd_level)
{
#if PC_X86_64
    int cpu = pc_simd_cpu();
    if ((simd_level < cpu ? simd_level : cpu) >= PC_SIMD_AVX2)
        return pi_json_special_avx2;
#else
    PC_UNUSED(simd_level);
#endif
    return pi_json_special_scalar;
}
