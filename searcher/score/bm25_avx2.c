/*
 * Eight postings at a time; the same operations in the same order as
 * ps_score_one, so the same bits. Built with -mavx2.
 */
#include "searcher/score/bm25.h"

#if defined(__x86_64__)

# include <immintrin.h>

static __m256i norms_of(const uint32_t *ids, const uint8_t *norms)
{
    return _mm256_setr_epi32(norms[ids[0]], norms[ids[1]], norms[ids[2]],
                             norms[ids[3]], norms[ids[4]], norms[ids[5]],
                             norms[ids[6]], norms[ids[7]]);
}

void ps_score_block_avx2(uint32_t *out, const uint32_t *ids,
                         const uint32_t *tfs, uint32_t n, const uint8_t *norms,
                         const float damp[256], float weight)
{
    __m256 w = _mm256_set1_ps(weight);
    uint32_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m256i norm = norms_of(ids + i, norms);
        __m256 k = _mm256_i32gather_ps(damp, norm, 4);
        __m256 t = _mm256_cvtepi32_ps(
            _mm256_loadu_si256((const __m256i *)(const void *)(tfs + i)));
        __m256 part = _mm256_div_ps(t, _mm256_add_ps(t, k));
        __m256i s = _mm256_cvttps_epi32(_mm256_mul_ps(w, part));
        s = _mm256_add_epi32(s, _mm256_set1_epi32(1));
        _mm256_storeu_si256((__m256i *)(void *)(out + i), s);
    }
    ps_score_block_scalar(out + i, ids + i, tfs + i, n - i, norms, damp,
                          weight);
}

#endif
