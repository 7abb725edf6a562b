/*
 * Tiers of segments.
 */
#include "indexer/merge/policy.h"

#include <stdbool.h>

/* The tier of a size: 0 up to the floor, one more for each factor. */
static unsigned tier_of(const pi_policy *p, uint64_t size)
{
    unsigned tier = 0;
    uint64_t top = p->floor ? p->floor : 1;
    while (size > top) {
        tier++;
        if (top > UINT64_MAX / p->fanout)
            break;
        top *= p->fanout;
    }
    return tier;
}

/* Whether [from, to] fits into one segment. */
static bool fits(const pi_policy *p, const uint64_t *sizes, size_t from,
                 size_t to)
{
    uint64_t total = 0;
    for (size_t i = from; i <= to; i++) {
        if (sizes[i] > p->most - total)
            return false;
        total += sizes[i];
    }
    return true;
}

/* The first of the segments that the one at `to` is to take in: those right
   before it of lower tiers. */
static size_t first_below(const pi_policy *p, const uint64_t *sizes, size_t to)
{
    unsigned tier = tier_of(p, sizes[to]);
    size_t from = to;
    while (from > 0 && tier_of(p, sizes[from - 1]) < tier)
        from--;
    return from;
}

pi_merge_set pi_policy_next(const pi_policy *p, const uint64_t *sizes, size_t n)
{
    unsigned last = 0, in_row = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned tier = tier_of(p, sizes[i]);
        size_t from = first_below(p, sizes, i);
        if (from < i && fits(p, sizes, from, i))
            return (pi_merge_set){from, i + 1 - from};
        in_row = tier == last ? in_row + 1 : 1;
        last = tier;
        if (in_row >= p->fanout && fits(p, sizes, i + 1 - p->fanout, i))
            return (pi_merge_set){i + 1 - p->fanout, p->fanout};
    }
    return (pi_merge_set){0, 0};
}
