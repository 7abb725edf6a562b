/*
 * 64-bit hash of bytes. Frozen: files may carry its values, so a change of
 * one bit is a change of the file format (tests hold sample values). Not for
 * secrets: who knows the seed can make collisions.
 *
 *   mix(a, b)  = low 64 bits of a * b ^ high 64 bits of a * b ^ a ^ b
 *   start      = seed ^ K3
 *   n = 0      a = b = 0
 *   n 1..3     a = byte 0 | byte n/2 << 8 | byte n-1 << 16, b = 0
 *   n 4..8     a = first 4 bytes, b = last 4 bytes (they may overlap)
 *   n 9..16    a = first 8 bytes, b = last 8 bytes
 *   n > 16     see hash.c: ends with the last 16 bytes as a and b
 *   result     = mix(mix(a ^ K0, b ^ start) ^ K1, n ^ K2)
 *
 * All loads are little-endian. K0..K3: the first 64 bits behind the point of
 * the cube roots of 2, 3, 5 and 7, made odd. The exclusive-or with a and b in
 * mix keeps one operand alive when the other happens to be 0.
 */
#ifndef PARASOL_COMMON_BASE_HASH_H
#define PARASOL_COMMON_BASE_HASH_H

#include "common/base/ints.h"

#define PC_HASH_K0 UINT64_C(0x428a2f98d728ae23)
#define PC_HASH_K1 UINT64_C(0x7137449123ef65cd)
#define PC_HASH_K2 UINT64_C(0xb5c0fbcfec4d3b2f)
#define PC_HASH_K3 UINT64_C(0xe9b5dba58189dbbd)

static inline uint64_t pc_hash_mix(uint64_t a, uint64_t b)
{
#if PC_HAS_U128
    pc_u128 m = (pc_u128)a * b;
    return (uint64_t)m ^ (uint64_t)(m >> 64) ^ a ^ b;
#else
    uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
    uint64_t ll = al * bl, lh = al * bh, hl = ah * bl;
    uint64_t mid = (ll >> 32) + (uint32_t)lh + (uint32_t)hl;
    uint64_t high = ah * bh + (lh >> 32) + (hl >> 32) + (mid >> 32);
    return (a * b) ^ high ^ a ^ b;
#endif
}

static inline uint64_t pc_hash_end(uint64_t a, uint64_t b, uint64_t start,
                                   size_t n)
{
    uint64_t h = pc_hash_mix(a ^ PC_HASH_K0, b ^ start);
    return pc_hash_mix(h ^ PC_HASH_K1, n ^ PC_HASH_K2);
}

/* For n > 16 only. */
uint64_t pc_hash64_long(const uint8_t *p, size_t n, uint64_t start);

/* The hash of n bytes; `bytes` may be NULL when n is 0. Any thread; two
   multiplications up to 16 bytes, about 15 GB/s on long inputs. */
static inline uint64_t pc_hash64(const void *bytes, size_t n, uint64_t seed)
{
    const uint8_t *p = (const uint8_t *)bytes;
    uint64_t start = seed ^ PC_HASH_K3;
    if (PC_UNLIKELY(n > 16))
        return pc_hash64_long(p, n, start);
    if (n > 8)
        return pc_hash_end(pc_load64le(p), pc_load64le(p + n - 8), start, n);
    if (n > 3)
        return pc_hash_end(pc_load32le(p), pc_load32le(p + n - 4), start, n);
    if (n == 0)
        return pc_hash_end(0, 0, start, 0);
    uint64_t a =
        (uint64_t)p[0] | ((uint64_t)p[n / 2] << 8) | ((uint64_t)p[n - 1] << 16);
    return pc_hash_end(a, 0, start, n);
}

#endif
