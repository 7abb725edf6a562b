/*
 * Reading codes of positions: what every instruction set compiles for itself,
 * as most of it is counting and finding bits. Only for the files of poscode.
 */
#ifndef PARASOL_COMMON_CODEC_POSCODE_READ_H
#define PARASOL_COMMON_CODEC_POSCODE_READ_H

#if defined(__BMI2__)
#include <immintrin.h>
#endif

#include "common/codec/poscode.h"

/* How n positions below a bound are cut. */
typedef struct pc_pos_shape {
    unsigned low_bits;
    uint32_t choices; /* the rests, made different, are below this */
} pc_pos_shape;

static inline pc_pos_shape pc_pos_shape_of(uint32_t n, uint32_t bound)
{
    unsigned bits = pc_bits32(bound - 1), low;
    if (n <= PC_POS_FEW)
        low = bits > PC_POS_HIGH_BITS ? bits - PC_POS_HIGH_BITS : 0;
    else
        low = pc_bits32(bound / n) - 1;
    /* Positions whose rests are equal are told apart by their places. */
    uint32_t choices = low == 0 ? bound : ((bound - 1) >> low) + n;
    return (pc_pos_shape){low, choices};
}

/* The class of a number: itself, or its length and the four bits below its
   highest. */
static inline unsigned pc_pos_guess_class(uint64_t v)
{
    if (v < 16)
        return (unsigned)v;
    unsigned top = pc_bits64(v) - 5;
    return top * 16 + (unsigned)(v >> top);
}

/* The largest thing of n > 2 that the number chooses. */
static inline uint32_t pc_pos_highest(const pc_poscode *c, uint64_t number,
                                      uint32_t n)
{
    const uint64_t *ways = c->choose[n];
    uint32_t at = c->guess[n][pc_pos_guess_class(number)];
    at += ways[at + 1] <= number;
    while (ways[at + 1] <= number)
        at++;
    return at;
}

/* Takes the number apart, the highest first. */
static inline void pc_pos_get_number(const pc_poscode *c, uint64_t number,
                                     uint32_t n, uint32_t *out)
{
    for (; n > 2; n--) {
        uint32_t at = pc_pos_highest(c, number, n);
        out[n - 1] = at;
        number -= c->choose[n][at];
    }
    uint16_t both = c->pairs[number];
    out[1] = both >> 8;
    out[0] = both & 255;
}

/* The first n ones of a string of bits. */
static inline bool pc_pos_get_ones(const uint8_t *in, uint64_t bit,
                                   uint32_t bits, uint32_t n, uint32_t *out)
{
    uint32_t k = 0;
    for (uint32_t at = 0; k < n; at += 56) {
        if (at >= bits)
            return false;
        unsigned some = bits - at < 56 ? bits - at : 56;
        uint64_t ones = pc_bits_at(in, bit + at, some);
        for (; ones && k < n; ones &= ones - 1)
            out[k++] = at + pc_ctz64(ones);
    }
    return true;
}

/* Puts the low bits, which start at `bit`, behind the rests. */
static inline void pc_pos_add_low_bits(const uint8_t *in, uint64_t bit,
                                       uint32_t n, unsigned low_bits,
                                       uint32_t *out)
{
    unsigned at_once = (PC_BITS_MAX - 1) / low_bits;
    uint32_t mask = (uint32_t)pc_bits_mask(low_bits);
    for (uint32_t i = 0; i < n; bit += at_once * low_bits) {
        uint64_t window = pc_load64le(in + (bit >> 3)) >> (bit & 7);
        uint32_t end = n - i < at_once ? n : i + at_once;
        for (; i < end; i++, window >>= low_bits)
            out[i] = (out[i] - i) << low_bits | ((uint32_t)window & mask);
    }
}

static inline bool pc_pos_get(const pc_poscode *c, const uint8_t *in,
                              uint64_t bit, uint64_t end, uint32_t n,
                              uint32_t bound, uint32_t *out)
{
    if (n == 1) {
        unsigned bits = pc_bits32(bound - 1);
        out[0] = (uint32_t)pc_bits_at(in, bit, bits);
        return bound > 0 && bit + bits <= end && out[0] < bound;
    }
    if (n == 0 || n > bound)
        return false;
    pc_pos_shape s = pc_pos_shape_of(n, bound);
    uint64_t low_at =
        bit + (n <= PC_POS_FEW ? c->number_bits[n][s.choices] : s.choices);
    if (low_at + (uint64_t)n * s.low_bits > end)
        return false;
    if (n <= PC_POS_FEW) {
        uint64_t number = pc_bits_at(in, bit, (unsigned)(low_at - bit));
        if (number >= c->choose[n][s.choices])
            return false;
        pc_pos_get_number(c, number, n, out);
    } else if (!pc_pos_get_ones(in, bit, s.choices, n, out)) {
        return false;
    }
    if (s.low_bits)
        pc_pos_add_low_bits(in, low_at, n, s.low_bits, out);
    return true;
}

/* Behind the nth one of v, which has as many; n > 0. */
static inline unsigned pc_pos_behind_nth(uint64_t v, unsigned n)
{
#if defined(__BMI2__)
    return (unsigned)_tzcnt_u64(_pdep_u64(UINT64_C(1) << (n - 1), v)) + 1;
#else
    unsigned at = 0;
    for (unsigned half = 28; half >= 7; half /= 2) {
        unsigned low = pc_popcount64(v & pc_bits_mask(half));
        if (low < n) {
            n -= low;
            v >>= half;
            at += half;
        }
    }
    for (; n > 1; n--)
        v &= v - 1;
    return at + pc_ctz64(v) + 1;
#endif
}

/* Finds the place behind the nth zero of a string of bits; `bits` if it has
   fewer. */
static inline uint32_t pc_pos_behind_zero(const uint8_t *in, uint64_t bit,
                                          uint32_t bits, uint32_t n)
{
    for (uint32_t at = 0; n > 0 && at < bits; at += 56) {
        unsigned some = bits - at < 56 ? bits - at : 56;
        uint64_t zeros = ~pc_bits_at(in, bit + at, some) & pc_bits_mask(some);
        unsigned here = pc_popcount64(zeros);
        if (here >= n)
            return at + pc_pos_behind_nth(zeros, n);
        n -= here;
    }
    return n > 0 ? bits : 0;
}

/* Is `pos` among n positions that are a bitmap? */
static inline bool pc_pos_bitmap_holds(const uint8_t *in, uint64_t bit,
                                       pc_pos_shape s, uint32_t n, uint32_t pos)
{
    if (s.low_bits == 0)
        return pc_bits_at(in, bit + pos, 1) != 0;
    /* Rests are in the order of the bitmap, a zero between two of them. */
    uint32_t rest = pos >> s.low_bits;
    uint64_t low = pos & pc_bits_mask(s.low_bits), lows = bit + s.choices;
    uint32_t at = pc_pos_behind_zero(in, bit, s.choices, rest);
    for (; at < s.choices && pc_bits_at(in, bit + at, 1); at++) {
        uint64_t i = at - rest;
        if (i < n && pc_bits_at(in, lows + i * s.low_bits, s.low_bits) == low)
            return true;
    }
    return false;
}

/* Of n fields of `width` bits from `bit` on, n <= PC_POS_FEW: a bit for each
   that is `low`. */
static inline uint32_t pc_pos_low_is(const uint8_t *in, uint64_t bit,
                                     uint32_t n, unsigned width, uint64_t low)
{
    uint64_t mask = pc_bits_mask(width);
    uint32_t is = 0;
    unsigned at_once = (PC_BITS_MAX - 1) / width;
    for (uint32_t i = 0; i < n; bit += at_once * width) {
        uint64_t window = pc_load64le(in + (bit >> 3)) >> (bit & 7);
        uint32_t end = n - i < at_once ? n : i + at_once;
        for (; i < end; i++, window >>= width)
            is |= (uint32_t)((window & mask) == low) << i;
    }
    return is;
}

/* Is `pos` among few positions? The number is taken apart only as far as low
   bits agree, and no further than to the position before. */
static inline bool pc_pos_few_hold(const pc_poscode *c, const uint8_t *in,
                                   uint64_t bit, pc_pos_shape s, uint32_t n,
                                   uint32_t pos)
{
    unsigned bits = c->number_bits[n][s.choices];
    uint32_t left = UINT32_MAX, rest = pos >> s.low_bits;
    if (s.low_bits)
        left = pc_pos_low_is(in, bit + bits, n, s.low_bits,
                             pos & pc_bits_mask(s.low_bits));
    if (left == 0)
        return false;
    uint64_t number = pc_bits_at(in, bit, bits);
    if (number >= c->choose[n][s.choices])
        return false;
    for (; n > 2; n--) {
        uint32_t at = pc_pos_highest(c, number, n);
        uint32_t here = s.low_bits ? at - (n - 1) : at;
        if (here <= rest && (here < rest || (left >> (n - 1) & 1)))
            return here == rest;
        number -= c->choose[n][at];
    }
    uint32_t high = c->pairs[number] >> 8, first = c->pairs[number] & 255u;
    high -= s.low_bits ? 1 : 0;
    return (high == rest && (left & 2)) || (first == rest && (left & 1));
}

static inline bool pc_pos_holds(const pc_poscode *c, const uint8_t *in,
                                uint64_t bit, uint64_t end, uint32_t n,
                                uint32_t bound, uint32_t pos)
{
    if (pos >= bound || n == 0 || n > bound)
        return false;
    if (n == 1) {
        unsigned bits = pc_bits32(bound - 1);
        return bit + bits <= end && pc_bits_at(in, bit, bits) == pos;
    }
    pc_pos_shape s = pc_pos_shape_of(n, bound);
    uint32_t high = n <= PC_POS_FEW ? c->number_bits[n][s.choices] : s.choices;
    if (bit + high + (uint64_t)n * s.low_bits > end)
        return false;
    return n <= PC_POS_FEW ? pc_pos_few_hold(c, in, bit, s, n, pos)
                           : pc_pos_bitmap_holds(in, bit, s, n, pos);
}

#endif
