/*
 * Impacts: what the best posting of a block can weigh, whatever the
 * parameters of BM25.
 *
 * A posting weighs more when its term frequency (tf) is larger and its length
 * class (norm) is smaller. The *front* of a block is the set of (tf, norm)
 * pairs that no other posting of the block dominates; here it is reduced to
 * PC_FRONT_PAIRS pairs that together still dominate every posting. A bound
 * computed from the pairs holds for every k1 >= 0 and 0 <= b <= 1.
 * Format: docs/format.md, "Fronts".
 */
#ifndef PARASOL_COMMON_CODEC_IMPACT_H
#define PARASOL_COMMON_CODEC_IMPACT_H

#include "common/base/base.h"

#define PC_FRONT_PAIRS 4
#define PC_FRONT_BYTES (2 * PC_FRONT_PAIRS)

/* A tf of PC_TF_CAP in a pair means "this or anything larger". */
#define PC_TF_CAP 255

/* The largest tf seen for each norm: the exact front before it is reduced. */
typedef struct pc_front {
    uint8_t best[256]; /* by norm: largest tf, capped; 0: none */
    uint8_t lo, hi;    /* norms in use, lo > hi when empty */
} pc_front;

void pc_front_clear(pc_front *f);
void pc_front_add(pc_front *f, uint32_t tf, uint8_t norm);

/* Adds the n pairs of a stored front. */
void pc_front_add_pairs(pc_front *f, const uint8_t *pairs, uint32_t n);

/*
 * Reduces to PC_FRONT_PAIRS pairs {tf, norm}, ascending in both; unused pairs
 * are zero and stand at the end. `damp` has for each norm the K of
 * tf / (tf + K) that the reduction should be tight for; any other K stays
 * valid, only looser.
 */
void pc_front_reduce(const pc_front *f, const float damp[256],
                     uint8_t out[PC_FRONT_BYTES]);

#endif
