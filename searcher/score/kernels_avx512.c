/*
 * Sixteen at a time, where that pays; the rest is as for AVX2. Built with
 * -mavx512f -mavx512bw -mavx512vl -mavx512dq -mbmi -mbmi2 -mpopcnt, where the
 * compiler knows them.
 */
#include "searcher/score/kernels.h"

#if PC_X86_64 && defined(__AVX512F__) && defined(__AVX512VL__)

#include <immintrin.h>

#include "searcher/score/kernels_avx2.h"

static __m512i load(const uint32_t *p)
{
    return _mm512_loadu_si512(p);
}

static void store(uint32_t *to, __m512i v)
{
    void *p = to;
    _mm512_storeu_si512(p, v);
}

static uint32_t harvest(uint32_t *docs, uint32_t *scores, uint32_t *acc,
                        uint32_t base, uint32_t least)
{
    const __m512i least16 = _mm512_set1_epi32((int)least);
    __m512i doc =
        _mm512_add_epi32(_mm512_set1_epi32((int)base),
                         _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
                                           12, 13, 14, 15));
    uint32_t n = 0;
    for (uint32_t i = 0; i < PS_GROUP; i += 16) {
        __m512i s = load(acc + i);
        __mmask16 mask = _mm512_cmpge_epu32_mask(s, least16);
        store(acc + i, _mm512_setzero_si512());
        if (mask) {
            store(docs + n, _mm512_maskz_compress_epi32(mask, doc));
            store(scores + n, _mm512_maskz_compress_epi32(mask, s));
            n += (uint32_t)_mm_popcnt_u32(mask);
        }
        doc = _mm512_add_epi32(doc, _mm512_set1_epi32(16));
    }
    return n;
}

static uint32_t filter(uint32_t *docs_out, uint32_t *scores_out,
                       const uint32_t *docs, const uint32_t *scores, uint32_t n,
                       uint32_t least)
{
    const __m512i least16 = _mm512_set1_epi32((int)least);
    uint32_t kept = 0, i = 0;
    for (; i < n; i += 16) {
        uint32_t left = n - i < 16 ? n - i : 16;
        __mmask16 in = (__mmask16)((1u << left) - 1);
        __m512i s = _mm512_maskz_loadu_epi32(in, scores + i);
        __m512i d = _mm512_maskz_loadu_epi32(in, docs + i);
        __mmask16 mask = _mm512_mask_cmpge_epu32_mask(in, s, least16);
        if (mask == 0)
            continue;
        uint32_t found = (uint32_t)_mm_popcnt_u32(mask);
        /* What stands behind may still be wanted. */
        __mmask16 out = (__mmask16)((1u << found) - 1);
        _mm512_mask_storeu_epi32(docs_out + kept, out,
                                 _mm512_maskz_compress_epi32(mask, d));
        _mm512_mask_storeu_epi32(scores_out + kept, out,
                                 _mm512_maskz_compress_epi32(mask, s));
        kept += found;
    }
    return kept;
}

static uint32_t match(uint32_t *sel, uint32_t *at, const uint32_t *docs,
                      uint32_t n, const uint32_t *ids)
{
    const __m512i step = _mm512_setr_epi32(7, 15, 23, 31, 39, 47, 55, 63, 71,
                                           79, 87, 95, 103, 111, 119, 127);
    const __m512i ends = _mm512_i32gather_epi32(step, ids, 4);
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        const __m512i doc = _mm512_set1_epi32((int)docs[i]);
        uint32_t group =
            (uint32_t)_mm_popcnt_u32(_mm512_cmplt_epu32_mask(ends, doc));
        const __m256i *eight = (const void *)(ids + 8 * (size_t)group);
        __mmask8 mask = _mm256_cmpeq_epi32_mask(_mm512_castsi512_si256(doc),
                                                _mm256_loadu_si256(eight));
        sel[k] = i;
        at[k] = 8 * group + (uint32_t)_tzcnt_u32(mask);
        k += mask != 0;
    }
    return k;
}

static uint64_t count(const uint64_t *words, size_t n)
{
    __m512i sum = _mm512_setzero_si512();
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        sum = _mm512_add_epi64(
            sum, _mm512_popcnt_epi64(_mm512_loadu_si512(words + i)));
    __mmask8 rest = (__mmask8)((1u << (n - i)) - 1);
    sum = _mm512_add_epi64(
        sum, _mm512_popcnt_epi64(_mm512_maskz_loadu_epi64(rest, words + i)));
    return (uint64_t)_mm512_reduce_add_epi64(sum);
}

const ps_kernels ps_kernels_avx512 = {
    ps_avx2_score, harvest,           filter,       ps_avx2_lower_bound,
    match,         ps_avx2_match_set, ps_avx2_mark, ps_avx2_mark_set,
    count,         ps_avx2_max_u16};

#else

/* Never chosen: pc_simd_level() is lower where this is built. */
const ps_kernels ps_kernels_avx512;

#endif
