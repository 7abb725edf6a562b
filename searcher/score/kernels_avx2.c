/*
 * Eight postings at a time; the same operations in the same order as the
 * scalar reference, so the same bits. Built with -mavx2 -mbmi -mbmi2, where
 * the compiler knows them.
 */
#include "searcher/score/kernels_avx2.h"

#if PC_X86_64 && defined(__AVX2__)

#include <immintrin.h>

#include "common/codec/docblock.h"
#include "searcher/score/bm25.h"
#include "searcher/score/kernels.h"
#include "searcher/score/kernels_bits.h"

static __m256i load(const uint32_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

static void store(uint32_t *p, __m256i v)
{
    _mm256_storeu_si256((__m256i *)(void *)p, v);
}

void ps_avx2_score(uint32_t *out, const uint32_t *ids, const uint32_t *tfs,
                   uint32_t n, const uint8_t *norms, const float damp[256],
                   float weight)
{
    const __m256 w = _mm256_set1_ps(weight);
    const __m256i one = _mm256_set1_epi32(1);
    uint32_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m256 k =
            _mm256_setr_ps(damp[norms[ids[i]]], damp[norms[ids[i + 1]]],
                           damp[norms[ids[i + 2]]], damp[norms[ids[i + 3]]],
                           damp[norms[ids[i + 4]]], damp[norms[ids[i + 5]]],
                           damp[norms[ids[i + 6]]], damp[norms[ids[i + 7]]]);
        __m256 t = _mm256_cvtepi32_ps(load(tfs + i));
        __m256 part = _mm256_div_ps(t, _mm256_add_ps(t, k));
        __m256i s = _mm256_cvttps_epi32(_mm256_mul_ps(w, part));
        store(out + i, _mm256_add_epi32(s, one));
    }
    for (; i < n; i++)
        out[i] = ps_score_one(weight, tfs[i], damp[norms[ids[i]]]);
}

/* Bit i set: score i is at least `least`. */
static unsigned at_least(__m256i scores, __m256i least)
{
    __m256i ge = _mm256_cmpeq_epi32(_mm256_max_epu32(scores, least), scores);
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(ge));
}

/* The order that brings the lanes of `mask` to the front. */
static __m256i compress_order(unsigned mask)
{
    uint64_t bytes = _pdep_u64(mask, UINT64_C(0x0101010101010101)) * 255;
    uint64_t order = _pext_u64(UINT64_C(0x0706050403020100), bytes);
    return _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)order));
}

static uint32_t harvest(uint32_t *docs, uint32_t *scores, uint32_t *acc,
                        uint32_t base, uint32_t least)
{
    const __m256i least8 = _mm256_set1_epi32((int)least);
    const __m256i steps = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    uint32_t n = 0;
    for (uint32_t i = 0; i < PS_GROUP; i += 8) {
        __m256i s = load(acc + i);
        unsigned mask = at_least(s, least8);
        store(acc + i, _mm256_setzero_si256());
        if (mask == 0)
            continue;
        __m256i order = compress_order(mask);
        __m256i d = _mm256_add_epi32(_mm256_set1_epi32((int)(base + i)), steps);
        store(docs + n, _mm256_permutevar8x32_epi32(d, order));
        store(scores + n, _mm256_permutevar8x32_epi32(s, order));
        n += (uint32_t)_mm_popcnt_u32(mask);
    }
    return n;
}

static uint32_t filter(uint32_t *docs_out, uint32_t *scores_out,
                       const uint32_t *docs, const uint32_t *scores, uint32_t n,
                       uint32_t least)
{
    const __m256i least8 = _mm256_set1_epi32((int)least);
    uint32_t kept = 0, i = 0;
    for (; i + 8 <= n; i += 8) {
        __m256i s = load(scores + i), d = load(docs + i);
        unsigned mask = at_least(s, least8);
        if (mask == 0)
            continue;
        __m256i order = compress_order(mask);
        store(docs_out + kept, _mm256_permutevar8x32_epi32(d, order));
        store(scores_out + kept, _mm256_permutevar8x32_epi32(s, order));
        kept += (uint32_t)_mm_popcnt_u32(mask);
    }
    for (; i < n; i++) {
        uint32_t s = scores[i];
        docs_out[kept] = docs[i];
        scores_out[kept] = s;
        kept += s >= least;
    }
    return kept;
}

uint32_t ps_avx2_lower_bound(const uint32_t *ids, uint32_t at, uint32_t n,
                             uint32_t target)
{
    const __m256i want = _mm256_set1_epi32((int)target);
    while (at < n) {
        __m256i v = load(ids + at);
        __m256i ge = _mm256_cmpeq_epi32(_mm256_max_epu32(v, want), v);
        unsigned mask = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(ge));
        if (mask) {
            at += (uint32_t)_tzcnt_u32(mask);
            return at < n ? at : n;
        }
        at += 8;
        /* Far away: halve what is left before looking closer. */
        while (n - at > 32 && at < n) {
            uint32_t half = (n - at) / 2;
            if (ids[at + half] < target)
                at += half + 1;
            else
                break;
        }
    }
    return n;
}

/* Eight numbers in each of sixteen groups: the group is found by counting the
   groups that end before the candidate, so there is no branch to miss. */
static uint32_t match(uint32_t *sel, uint32_t *at, const uint32_t *docs,
                      uint32_t n, const uint32_t *ids)
{
    const __m256i step = _mm256_setr_epi32(7, 15, 23, 31, 39, 47, 55, 63);
    const int *p = (const int *)(const void *)ids;
    const __m256i lo = _mm256_i32gather_epi32(p, step, 4);
    const __m256i hi = _mm256_i32gather_epi32(p + 64, step, 4);
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        const __m256i doc = _mm256_set1_epi32((int)docs[i]);
        /* Each group that ends before the candidate is two bytes of ones. */
        __m256i before = _mm256_packs_epi32(_mm256_cmpgt_epi32(doc, lo),
                                            _mm256_cmpgt_epi32(doc, hi));
        uint32_t group =
            (uint32_t)_mm_popcnt_u32((unsigned)_mm256_movemask_epi8(before)) /
            2;
        __m256i eq = _mm256_cmpeq_epi32(doc, load(ids + 8 * (size_t)group));
        unsigned mask = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(eq));
        sel[k] = i;
        at[k] = 8 * group + (uint32_t)_tzcnt_u32(mask);
        k += mask != 0;
    }
    return k;
}

uint32_t ps_avx2_match_set(uint32_t *sel, uint32_t *at, const uint32_t *docs,
                           uint32_t n, const uint8_t *bits, uint32_t range,
                           uint32_t base)
{
    return ps_match_set(sel, at, docs, n, bits, range, base);
}

void ps_avx2_mark(uint64_t *words, const uint32_t *ids, uint32_t n)
{
    ps_mark(words, ids, n);
}

uint32_t ps_avx2_mark_set(uint64_t *words, const uint8_t *bits, uint32_t range,
                          uint32_t first)
{
    return ps_mark_set(words, bits, range, first);
}

static uint64_t count(const uint64_t *words, size_t n)
{
    return ps_count_bits(words, n);
}

uint32_t ps_avx2_max_u16(const uint8_t *p, uint32_t n)
{
    uint32_t best = 0, i = 0;
    if (n >= 16) {
        __m256i v = _mm256_setzero_si256();
        for (; i + 16 <= n; i += 16)
            v = _mm256_max_epu16(
                v, _mm256_loadu_si256(
                       (const __m256i *)(const void *)(p + 2 * (size_t)i)));
        /* The largest is what is left when the smallest complement is taken
           from all ones. */
        __m128i m = _mm_max_epu16(_mm256_castsi256_si128(v),
                                  _mm256_extracti128_si256(v, 1));
        m = _mm_minpos_epu16(_mm_xor_si128(m, _mm_set1_epi16(-1)));
        best = 65535u - ((uint32_t)_mm_cvtsi128_si32(m) & 65535u);
    }
    for (; i < n; i++) {
        uint32_t v = pc_load16le(p + 2 * (size_t)i);
        best = v > best ? v : best;
    }
    return best;
}

const ps_kernels ps_kernels_avx2 = {
    ps_avx2_score, harvest,           filter,       ps_avx2_lower_bound,
    match,         ps_avx2_match_set, ps_avx2_mark, ps_avx2_mark_set,
    count,         ps_avx2_max_u16};

#else

#include "searcher/score/kernels.h"

/* Never chosen: pc_simd_level() is lower where this is built. */
const ps_kernels ps_kernels_avx2;

#endif
