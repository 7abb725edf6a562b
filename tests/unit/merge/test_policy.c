/*
 * The merge policy: how often a document is written again, and how many
 * segments there are, over long runs of commits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "indexer/merge/policy.h"
#include "tests/support/scratch.h"

#define ROOM 4096u

typedef struct run {
    pi_policy policy;
    uint64_t sizes[ROOM];
    size_t n, most_segments;
    uint64_t added, written; /* bytes: by commits, and by merges */
} run;

static void add(run *r, uint64_t size)
{
    assert_true(r->n < ROOM);
    r->sizes[r->n++] = size;
    r->added += size;
    for (;;) {
        pi_merge_set set = pi_policy_next(&r->policy, r->sizes, r->n);
        if (set.n == 0)
            break;
        assert_true(set.n >= 2 && set.from + set.n <= r->n);
        uint64_t total = 0;
        for (size_t i = set.from; i < set.from + set.n; i++)
            total += r->sizes[i];
        assert_true(total <= r->policy.most);
        r->written += total;
        r->sizes[set.from] = total;
        memmove(r->sizes + set.from + 1, r->sizes + set.from + set.n,
                (r->n - set.from - set.n) * sizeof *r->sizes);
        r->n -= set.n - 1;
    }
    r->most_segments = r->n > r->most_segments ? r->n : r->most_segments;
}

/* Tiers that so many bytes can fill. */
static unsigned tiers(const pi_policy *p, uint64_t bytes)
{
    unsigned n = 1;
    for (uint64_t top = p->floor; top < bytes; top *= p->fanout)
        n++;
    return n;
}

static void check_bounds(const run *r)
{
    unsigned t = tiers(&r->policy, r->added);
    /* Fewer than `fanout` in a row of one tier, for each tier. */
    assert_true(r->most_segments <= (size_t)t * r->policy.fanout);
    /* Each byte once for each tier, and once more where its segment takes
       smaller ones in. */
    assert_true(r->written <= r->added * (t + 1));
    printf("%llu bytes, %u tiers: at most %zu segments, written %.2f times\n",
           (unsigned long long)r->added, t, r->most_segments,
           (double)r->written / (double)r->added);
}

static void policy_equal_commits__cost_their_logarithm(void **state)
{
    (void)state;
    static run r;
    for (unsigned fanout = 2; fanout <= 16; fanout *= 2) {
        r = (run){.policy = {fanout, 1000, UINT64_MAX}};
        for (unsigned i = 0; i < 20000; i++)
            add(&r, 1000);
        check_bounds(&r);
    }
}

static void policy_random_commits__stay_within_bounds(void **state)
{
    (void)state;
    static run r;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 8; round++) {
        r = (run){.policy = {2 + (unsigned)scratch_below(&rng, 12), 1000,
                             UINT64_MAX}};
        for (unsigned i = 0; i < 5000; i++) {
            uint64_t size = 500 + scratch_below(&rng, 500);
            for (uint64_t k = scratch_below(&rng, 6); k > 3; k--)
                size *= 1 + scratch_below(&rng, 20);
            add(&r, size);
        }
        check_bounds(&r);
    }
}

static void policy_small_segments__join_what_comes_behind(void **state)
{
    (void)state;
    const pi_policy p = {3, 10, UINT64_MAX};
    const uint64_t sizes[] = {500, 20, 1, 2, 25, 3};
    pi_merge_set set = pi_policy_next(&p, sizes, 6);
    assert_int_equal(set.from, 2);
    assert_int_equal(set.n, 3);
    const uint64_t calm[] = {500, 20, 25, 3, 2};
    assert_int_equal(pi_policy_next(&p, calm, 5).n, 0);
}

static void policy_largest__is_never_exceeded(void **state)
{
    (void)state;
    static run r;
    r = (run){.policy = {4, 100, 5000}};
    for (unsigned i = 0; i < 2000; i++)
        add(&r, 90);
    for (size_t i = 0; i < r.n; i++)
        assert_true(r.sizes[i] <= 5000);
    assert_true(r.n > 2000u * 90 / 5000);
}

static void policy_extremes__end(void **state)
{
    (void)state;
    const pi_policy p = PI_POLICY_INIT;
    const uint64_t huge[] = {UINT64_MAX, UINT64_MAX, 0, 0, 0, 0, 0, 0, 0, 0};
    assert_int_equal(pi_policy_next(&p, NULL, 0).n, 0);
    pi_merge_set set = pi_policy_next(&p, huge, 10);
    assert_int_equal(set.from, 2);
    assert_int_equal(set.n, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy_equal_commits__cost_their_logarithm),
        cmocka_unit_test(policy_random_commits__stay_within_bounds),
        cmocka_unit_test(policy_small_segments__join_what_comes_behind),
        cmocka_unit_test(policy_largest__is_never_exceeded),
        cmocka_unit_test(policy_extremes__end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
