/*
 * Code points in classes: those that no part of a pattern tells apart share
 * one, so that tables of transitions stay small.
 *
 * Each class has a mask: the numbers ("bits") of the parts of the pattern that
 * accept its code points.
 */
#ifndef PARASOL_SEARCHER_EXPAND_ALPHABET_H
#define PARASOL_SEARCHER_EXPAND_ALPHABET_H

#include <stdbool.h>

#include "common/base/arena.h"

#define PS_CP_MAX 0x10FFFFu

/* Code points [low, high] are accepted by part `bit`. */
typedef struct ps_cp_range {
    uint32_t low;
    uint32_t high;
    uint32_t bit;
} ps_cp_range;

typedef struct ps_alphabet {
    uint32_t n;               /* intervals that cover all code points */
    const uint32_t *from;     /* of each interval, ascending, the first is 0 */
    const uint16_t *class_of; /* of each interval */
    uint32_t classes;
    uint32_t words;        /* of 64 bits, of a mask */
    const uint64_t *masks; /* by class */
    uint16_t ascii[128];   /* the class of each */
} ps_alphabet;

/* At most this many ranges make an alphabet: classes fit 16 bits. */
#define PS_RANGES_MAX 8192u

/* The alphabet of n ranges over parts 0 to bits - 1; lives in `arena`. NOMEM.
   Cost: ranges times intervals. */
int ps_alphabet_build(ps_alphabet *a, const ps_cp_range *ranges, size_t n,
                      uint32_t bits, pc_arena *arena) PC_MUST_USE;

/* The interval that holds `cp`. */
uint32_t ps_alphabet_interval(const ps_alphabet *a, uint32_t cp);

static inline uint32_t ps_alphabet_class(const ps_alphabet *a, uint32_t cp)
{
    if (cp < 128)
        return a->ascii[cp];
    /* Mostly behind all that the pattern names. */
    bool last = cp >= a->from[a->n - 1];
    return a->class_of[last ? a->n - 1 : ps_alphabet_interval(a, cp)];
}

static inline const uint64_t *ps_alphabet_mask(const ps_alphabet *a,
                                               uint32_t class)
{
    return a->masks + (size_t) class * a->words;
}

#endif
