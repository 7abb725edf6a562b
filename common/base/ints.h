/*
 * Integers: checked arithmetic for sizes, little-endian loads and stores,
 * bit counting. Disk is little-endian whatever the machine.
 */
#ifndef PARASOL_COMMON_BASE_INTS_H
#define PARASOL_COMMON_BASE_INTS_H

#include <stdbool.h>
#include <string.h>

#include "common/base/base.h"

/* *out = a + b; false (and *out untouched) when it does not fit. */
static inline bool pc_add(size_t a, size_t b, size_t *out)
{
    if (a > SIZE_MAX - b)
        return false;
    *out = a + b;
    return true;
}

/* *out = a * b; false (and *out untouched) when it does not fit. */
static inline bool pc_mul(size_t a, size_t b, size_t *out)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *out = a * b;
    return true;
}

/* a + b, or the largest number when it does not fit. */
static inline uint32_t pc_add_capped(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static inline uint16_t pc_load16le(const uint8_t *p)
{
    return (uint16_t)(p[0] | (p[1] << 8));
}

static inline uint32_t pc_load32le(const uint8_t *p)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
#else
    return (uint32_t)p[0] | ((uint32_t)p[1] << 8) | ((uint32_t)p[2] << 16) |
           ((uint32_t)p[3] << 24);
#endif
}

static inline uint64_t pc_load64le(const uint8_t *p)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
#else
    return (uint64_t)pc_load32le(p) | ((uint64_t)pc_load32le(p + 4) << 32);
#endif
}

static inline uint64_t pc_load64be(const uint8_t *p)
{
    /* Written out, so that compilers see one load. */
    return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 |
           (uint64_t)p[3] << 32 | (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 |
           (uint64_t)p[6] << 8 | (uint64_t)p[7];
}

static inline void pc_store16le(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

/* Compilers do not see one store in a loop. */
static inline void pc_store32le(uint8_t *p, uint32_t v)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(p, &v, sizeof v);
#else
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
#endif
}

static inline void pc_store64le(uint8_t *p, uint64_t v)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(p, &v, sizeof v);
#else
    for (int i = 0; i < 8; i++)
        p[i] = (uint8_t)(v >> (8 * i));
#endif
}

/* Number of bits needed to write v: 0 for 0, 32 for the largest. */
static inline unsigned pc_bits32(uint32_t v)
{
#if defined(__GNUC__)
    return v == 0 ? 0u : 32u - (unsigned)__builtin_clz(v);
#else
    unsigned n = 0;
    for (; v; v >>= 1)
        n++;
    return n;
#endif
}

/* The same for 64 bits. */
static inline unsigned pc_bits64(uint64_t v)
{
#if defined(__GNUC__)
    return v == 0 ? 0u : 64u - (unsigned)__builtin_clzll(v);
#else
    unsigned n = 0;
    for (; v; v >>= 1)
        n++;
    return n;
#endif
}

/* Index of the lowest set bit; v must not be 0. */
static inline unsigned pc_ctz64(uint64_t v)
{
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(v);
#else
    unsigned n = 0;
    for (; !(v & 1); v >>= 1)
        n++;
    return n;
#endif
}

static inline unsigned pc_popcount64(uint64_t v)
{
#if defined(__GNUC__)
    return (unsigned)__builtin_popcountll(v);
#else
    unsigned n = 0;
    for (; v; v &= v - 1)
        n++;
    return n;
#endif
}

#endif
