/*
 * SHA-256 (FIPS 180-4). Plain C: about 0.3 GB/s. For names of content, not on
 * any path that has to be fast.
 */
#ifndef PARASOL_COMMON_BASE_SHA256_H
#define PARASOL_COMMON_BASE_SHA256_H

#include "common/base/base.h"

#define PC_SHA256_BYTES 32u

typedef struct pc_sha256 {
    uint32_t state[8];
    uint64_t len; /* bytes so far */
    uint8_t block[64];
} pc_sha256;

void pc_sha256_init(pc_sha256 *s);
void pc_sha256_put(pc_sha256 *s, const void *bytes, size_t n);

/* Ends the message; s is then of no use until init. */
void pc_sha256_end(pc_sha256 *s, uint8_t out[PC_SHA256_BYTES]);

#endif
