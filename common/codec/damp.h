/*
 * The part of BM25 that depends on a document's length class: K in
 * tf / (tf + K). Both sides need it: the searcher to score, the writer to
 * choose fronts that are tight for the usual parameters.
 * Formula: docs/ranking.md.
 */
#ifndef PARASOL_COMMON_CODEC_DAMP_H
#define PARASOL_COMMON_CODEC_DAMP_H

#include "common/base/base.h"

/* The usual parameters. */
#define PC_DAMP_K1 1.2F
#define PC_DAMP_B 0.75F

/* K for each of the 256 length classes: k1 * (1 - b + b * length / average),
   where the average is total / docs (1 when there is nothing). Grows with
   the class. */
void pc_damp_table(float damp[256], float k1, float b, uint64_t docs,
                   uint64_t total);

#endif
