/*
 * The scalar reference, and the choice.
 */
#include "searcher/score/kernels.h"

#include "common/base/ints.h"
#include "common/base/simd.h"
#include "common/codec/docblock.h"
#include "searcher/score/bm25.h"
#include "searcher/score/kernels_bits.h"

static void score(uint32_t *out, const uint32_t *ids, const uint32_t *tfs,
                  uint32_t n, const uint8_t *norms, const float damp[256],
                  float weight)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = ps_score_one(weight, tfs[i], damp[norms[ids[i]]]);
}

static uint32_t harvest(uint32_t *docs, uint32_t *scores, uint32_t *acc,
                        uint32_t base, uint32_t least)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < PS_GROUP; i++) {
        docs[n] = base + i;
        scores[n] = acc[i];
        n += acc[i] >= least;
        acc[i] = 0;
    }
    return n;
}

static uint32_t filter(uint32_t *docs_out, uint32_t *scores_out,
                       const uint32_t *docs, const uint32_t *scores, uint32_t n,
                       uint32_t least)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t s = scores[i];
        docs_out[kept] = docs[i];
        scores_out[kept] = s;
        kept += s >= least;
    }
    return kept;
}

static uint32_t lower_bound(const uint32_t *ids, uint32_t at, uint32_t n,
                            uint32_t target)
{
    /* Targets are mostly near. */
    uint32_t end = at + 8 < n ? at + 8 : n;
    for (; at < end; at++) {
        if (ids[at] >= target)
            return at;
    }
    while (n > at) {
        uint32_t half = (n - at) / 2;
        if (ids[at + half] < target)
            at += half + 1;
        else
            n = at + half;
    }
    return at;
}

static uint32_t match(uint32_t *sel, uint32_t *at, const uint32_t *docs,
                      uint32_t n, const uint32_t *ids)
{
    uint32_t k = 0, j = 0;
    for (uint32_t i = 0; i < n; i++) {
        j = lower_bound(ids, j, PC_BLOCK, docs[i]);
        sel[k] = i;
        at[k] = j;
        k += j < PC_BLOCK && ids[j] == docs[i];
    }
    return k;
}

static uint32_t max_u16(const uint8_t *p, uint32_t n)
{
    uint32_t best = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = pc_load16le(p + 2 * (size_t)i);
        best = v > best ? v : best;
    }
    return best;
}

const ps_kernels ps_kernels_scalar = {
    score,        harvest, filter,      lower_bound,   match,
    ps_match_set, ps_mark, ps_mark_set, ps_count_bits, max_u16};

const ps_kernels *ps_kernels_at(int level)
{
    return PC_SIMD_PICK(level, &ps_kernels_scalar, &ps_kernels_avx2,
                        &ps_kernels_avx512);
}
