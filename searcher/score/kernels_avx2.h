/*
 * Loops for AVX2 that the table for AVX-512 has, too: sixteen at a time would
 * gain nothing there. Only for the files of kernels.
 */
#ifndef PARASOL_SEARCHER_SCORE_KERNELS_AVX2_H
#define PARASOL_SEARCHER_SCORE_KERNELS_AVX2_H

#include "common/base/base.h"

/* Contracts: kernels.h. */
void ps_avx2_score(uint32_t *out, const uint32_t *ids, const uint32_t *tfs,
                   uint32_t n, const uint8_t *norms, const float damp[256],
                   float weight);
uint32_t ps_avx2_lower_bound(const uint32_t *ids, uint32_t at, uint32_t n,
                             uint32_t target);
uint32_t ps_avx2_match_set(uint32_t *sel, uint32_t *at, const uint32_t *docs,
                           uint32_t n, const uint8_t *bits, uint32_t range,
                           uint32_t base);
void ps_avx2_mark(uint64_t *words, const uint32_t *ids, uint32_t n);
uint32_t ps_avx2_mark_set(uint64_t *words, const uint8_t *bits, uint32_t range,
                          uint32_t first);
uint32_t ps_avx2_max_u16(const uint8_t *p, uint32_t n);

#endif
