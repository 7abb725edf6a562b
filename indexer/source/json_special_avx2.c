/*
 * Ends of strings, thirty-two bytes at a time.
 */
#include "indexer/source/json_special.h"

#if PC_X86_64

#include <immintrin.h>

#include "common/base/ints.h"

const char *pi_json_special_avx2(const char *p, const char *end)
{
    const __m256i quote = _mm256_set1_epi8('"');
    const __m256i back = _mm256_set1_epi8('\\');
    const __m256i control = _mm256_set1_epi8(0x1F);
    for (; end - p >= 32; p += 32) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
        __m256i hit = _mm256_or_si256(_mm256_cmpeq_epi8(v, quote),
                                      _mm256_cmpeq_epi8(v, back));
        /* Not above 0x1F, as numbers without a sign. */
        hit = _mm256_or_si256(
            hit, _mm256_cmpeq_epi8(_mm256_min_epu8(v, control), v));
        uint32_t bits = (uint32_t)_mm256_movemask_epi8(hit);
        if (bits)
            return p + pc_ctz64(bits);
    }
    return pi_json_special_scalar(p, end);
}

#endif
