/*
 * Codes for sets of positions.
 */
#include "common/codec/poscode.h"

#include <pthread.h>

/* How n positions below a bound are cut. */
typedef struct shape {
    unsigned low_bits;
    uint32_t choices; /* the rests, made different, are below this */
} shape;

static inline shape shape_of(uint32_t n, uint32_t bound)
{
    unsigned bits = pc_bits32(bound - 1), low;
    if (n <= PC_POS_FEW)
        low = bits > PC_POS_HIGH_BITS ? bits - PC_POS_HIGH_BITS : 0;
    else
        low = pc_bits32(bound / n) - 1;
    /* Positions whose rests are equal are told apart by their places. */
    uint32_t choices = low == 0 ? bound : ((bound - 1) >> low) + n;
    return (shape){low, choices};
}

/* ---- tables ------------------------------------------------------------- */

/* The class of a number: itself, or its length and the four bits below its
   highest. */
static unsigned guess_class(uint64_t v)
{
    if (v < 16)
        return (unsigned)v;
    unsigned top = pc_bits64(v) - 5;
    return top * 16 + (unsigned)(v >> top);
}

/* The least number of a class. */
static uint64_t class_start(unsigned class)
{
    return class < 32 ? class : (uint64_t)(16 + class % 16) << (class / 16 - 1);
}

static void make_guesses(pc_poscode *c, unsigned k)
{
    uint8_t at = 0;
    for (unsigned i = 0; i < PC_POS_GUESSES; i++) {
        uint64_t v = i / 16 <= 60 ? class_start(i) : UINT64_MAX;
        while (at < PC_POS_CHOICES && c->choose[k][at + 1] <= v)
            at++;
        c->guess[k][i] = at;
    }
}

static pc_poscode tables;

static void make_tables(void)
{
    pc_poscode *c = &tables;
    for (unsigned n = 0; n <= PC_POS_CHOICES + 1; n++) {
        c->choose[0][n] = 1;
        for (unsigned k = 1; k <= PC_POS_FEW && n > 0; k++)
            c->choose[k][n] = c->choose[k - 1][n - 1] + c->choose[k][n - 1];
    }
    for (unsigned k = 1; k <= PC_POS_FEW; k++) {
        for (unsigned n = k; n <= PC_POS_CHOICES; n++)
            c->number_bits[k][n] = (uint8_t)pc_bits64(c->choose[k][n] - 1);
        make_guesses(c, k);
    }
    unsigned at = 0;
    for (unsigned high = 1; high <= PC_POS_CHOICES; high++) {
        for (unsigned low = 0; low < high; low++)
            c->pairs[at++] = (uint16_t)(high << 8 | low);
    }
    PC_ASSERT(at <= PC_POS_PAIRS);
}

const pc_poscode *pc_poscode_tables(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, make_tables);
    return &tables;
}

/* ---- codes -------------------------------------------------------------- */

uint64_t pc_poscode_bits(const pc_poscode *c, uint32_t n, uint32_t bound)
{
    if (n == 1)
        return pc_bits32(bound - 1);
    shape s = shape_of(n, bound);
    uint64_t high = n <= PC_POS_FEW ? c->number_bits[n][s.choices] : s.choices;
    return high + (uint64_t)n * s.low_bits;
}

/* The rest of position i, made different from those before. */
static uint32_t chosen(const shape *s, uint32_t pos, uint32_t i)
{
    return s->low_bits == 0 ? pos : (pos >> s->low_bits) + i;
}

/* The rests as one number; returns its bits. */
static unsigned put_number(const pc_poscode *c, pc_bit_writer *w,
                           const uint32_t *pos, uint32_t n, const shape *s)
{
    uint64_t number = 0;
    unsigned bits = c->number_bits[n][s->choices];
    for (uint32_t i = 0; i < n; i++)
        number += c->choose[i + 1][chosen(s, pos[i], i)];
    pc_bits_put(w, number, bits);
    return bits;
}

/* The rests as a bitmap. */
static void put_bitmap(pc_bit_writer *w, const uint32_t *pos, uint32_t n,
                       const shape *s)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = chosen(s, pos[i], i);
        uint32_t zeros = at - next;
        for (; zeros > 32; zeros -= 32)
            pc_bits_put(w, 0, 32);
        pc_bits_put(w, (uint64_t)1 << zeros, zeros + 1);
        next = at + 1;
    }
    pc_bits_put_run(w, 0, s->choices - next);
}

uint64_t pc_poscode_put(const pc_poscode *c, pc_bit_writer *w,
                        const uint32_t *pos, uint32_t n, uint32_t bound)
{
    if (n == 1) {
        unsigned bits = pc_bits32(bound - 1);
        pc_bits_put(w, pos[0], bits);
        return bits;
    }
    shape s = shape_of(n, bound);
    uint64_t bits = s.choices;
    if (n <= PC_POS_FEW)
        bits = put_number(c, w, pos, n, &s);
    else
        put_bitmap(w, pos, n, &s);
    if (s.low_bits == 0)
        return bits;
    const uint64_t mask = pc_bits_mask(s.low_bits);
    for (uint32_t i = 0; i < n; i++)
        pc_bits_put(w, pos[i] & mask, s.low_bits);
    return bits + (uint64_t)n * s.low_bits;
}

/* Takes the number apart, the highest first. */
static void get_number(const pc_poscode *c, uint64_t number, uint32_t n,
                       uint32_t *out)
{
    for (; n > 2; n--) {
        const uint64_t *ways = c->choose[n];
        uint32_t at = c->guess[n][guess_class(number)];
        at += ways[at + 1] <= number;
        while (ways[at + 1] <= number)
            at++;
        out[n - 1] = at;
        number -= ways[at];
    }
    uint16_t both = c->pairs[number];
    out[1] = both >> 8;
    out[0] = both & 255;
}

/* The first n ones of a string of bits. */
static bool get_ones(const uint8_t *in, uint64_t bit, uint32_t bits, uint32_t n,
                     uint32_t *out)
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
static void add_low_bits(const uint8_t *in, uint64_t bit, uint32_t n,
                         unsigned low_bits, uint32_t *out)
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

bool pc_poscode_get(const pc_poscode *c, const uint8_t *in, uint64_t bit,
                    uint64_t end, uint32_t n, uint32_t bound, uint32_t *out)
{
    if (n == 1) {
        unsigned bits = pc_bits32(bound - 1);
        out[0] = (uint32_t)pc_bits_at(in, bit, bits);
        return bound > 0 && bit + bits <= end && out[0] < bound;
    }
    if (n == 0 || n > bound)
        return false;
    shape s = shape_of(n, bound);
    uint64_t low_at =
        bit + (n <= PC_POS_FEW ? c->number_bits[n][s.choices] : s.choices);
    if (low_at + (uint64_t)n * s.low_bits > end)
        return false;
    if (n <= PC_POS_FEW) {
        uint64_t number = pc_bits_at(in, bit, (unsigned)(low_at - bit));
        if (number >= c->choose[n][s.choices])
            return false;
        get_number(c, number, n, out);
    } else if (!get_ones(in, bit, s.choices, n, out)) {
        return false;
    }
    if (s.low_bits)
        add_low_bits(in, low_at, n, s.low_bits, out);
    return true;
}

/* Behind the nth one of v, which has as many; n > 0. */
static unsigned behind_nth(uint64_t v, unsigned n)
{
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
}

/* Finds the place behind the nth zero of a string of bits; `bits` if it has
   fewer. */
static uint32_t behind_zero(const uint8_t *in, uint64_t bit, uint32_t bits,
                            uint32_t n)
{
    for (uint32_t at = 0; n > 0 && at < bits; at += 56) {
        unsigned some = bits - at < 56 ? bits - at : 56;
        uint64_t zeros = ~pc_bits_at(in, bit + at, some) & pc_bits_mask(some);
        unsigned here = pc_popcount64(zeros);
        if (here >= n)
            return at + behind_nth(zeros, n);
        n -= here;
    }
    return n > 0 ? bits : 0;
}

bool pc_poscode_has(const uint8_t *in, uint64_t bit, uint32_t n, uint32_t bound,
                    uint32_t pos)
{
    shape s = shape_of(n, bound);
    if (pos >= bound)
        return false;
    if (s.low_bits == 0)
        return pc_bits_at(in, bit + pos, 1) != 0;
    /* Rests are in the order of the bitmap, a zero between two of them. */
    uint32_t rest = pos >> s.low_bits;
    uint64_t low = pos & pc_bits_mask(s.low_bits), lows = bit + s.choices;
    uint32_t at = behind_zero(in, bit, s.choices, rest);
    for (; at < s.choices && pc_bits_at(in, bit + at, 1); at++) {
        uint64_t i = at - rest;
        if (i < n && pc_bits_at(in, lows + i * s.low_bits, s.low_bits) == low)
            return true;
    }
    return false;
}
