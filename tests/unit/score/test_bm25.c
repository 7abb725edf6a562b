/* BM25: the formulae and the bounds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/damp.h"
#include "searcher/score/bm25.h"
#include "tests/support/scratch.h"

static const float k1s[] = {0.0F, 0.1F, 1.2F, 3.0F, 1000.0F};
static const float bs[] = {0.0F, 0.3F, 0.75F, 1.0F};

static void score_bm25__idf_is_positive_and_falls(void **state)
{
    (void)state;
    double last = 1e300;
    for (uint64_t df = 1; df <= 1000; df++) {
        double idf = ps_idf(1000, df);
        assert_true(idf > 0.0 && idf < last);
        last = idf;
    }
    assert_true(fabs(ps_idf(10, 3) - log(1.0 + 7.5 / 3.5)) < 1e-12);
    assert_true(ps_idf(UINT32_MAX, UINT32_MAX) > 0.0);
}

static void score_bm25__scale_is_a_power_of_two_that_just_fits(void **state)
{
    (void)state;
    static const double sums[] = {1e-30, 0.3,    0.5,  1.0,  1.5,
                                  7.9,   1024.0, 1e30, 1e190};
    for (size_t i = 0; i < PC_COUNTOF(sums); i++) {
        int exponent;
        double scale = ps_score_scale(sums[i]);
        assert_true(frexp(scale, &exponent) == 0.5);
        assert_true(sums[i] * scale < ldexp(1.0, PS_SCORE_BITS));
        assert_true(sums[i] * scale >= ldexp(1.0, PS_SCORE_BITS - 1));
    }
    /* Nothing weighs anything: the 1 of each match is next to nothing. */
    assert_true(1.0 / ps_score_scale(0.0) < 1e-8);
}

static void score_bm25__one_posting_by_hand(void **state)
{
    (void)state;
    assert_int_equal(ps_score_one(1000.0F, 3, 1.0F), 751);
    assert_int_equal(ps_score_one(0.0F, 3, 1.0F), 1);
    assert_int_equal(ps_score_one(1000.0F, 1, 0.0F), 1001);
}

/* ---- bounds ------------------------------------------------------------- */

static void score_bm25__grows_with_tf_and_falls_with_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < PC_COUNTOF(k1s) * PC_COUNTOF(bs); i++) {
        float damp[256], weight = 900000000.0F;
        pc_damp_table(damp, k1s[i % PC_COUNTOF(k1s)], bs[i / PC_COUNTOF(k1s)],
                      1000, 123456);
        for (unsigned norm = 1; norm < 256; norm++) {
            uint32_t last = 0;
            assert_true(damp[norm] >= damp[norm - 1]);
            for (uint32_t tf = 1; tf < 2000; tf++) {
                uint32_t s = ps_score_one(weight, tf, damp[norm]);
                /* But for the rounding that ps_score_bound allows for. */
                assert_true((uint64_t)s + (s >> 20) + 1 >= last);
                assert_true(s <= ps_score_one(weight, tf, damp[norm - 1]));
                last = s > last ? s : last;
            }
        }
    }
}

/* Bound and floor of a share hold for all that is above or below it. */
static void score_bm25__bound_and_floor_hold(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 300000; round++) {
        float weight = (float)scratch_below(&rng, 1 << 30);
        float damp = (float)scratch_below(&rng, 100000) / 1000.0F;
        uint32_t tf = 1 + (uint32_t)scratch_below(
                              &rng, (uint64_t)1 << scratch_below(&rng, 24));
        uint32_t more = tf + (uint32_t)scratch_below(&rng, 4);
        float share = pc_share(tf, damp), greater = pc_share(more, damp);
        uint32_t score = ps_score_one(weight, tf, damp);
        assert_true(ps_score_bound(weight, greater) >= score);
        assert_true(ps_score_bound(weight, share) >= score);
        assert_true(ps_score_floor(weight, share) <= score);
        assert_true(ps_score_floor(weight, share) <=
                    ps_score_one(weight, more, damp));
    }
    assert_int_equal(ps_score_floor(0.0F, 0.0F), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(score_bm25__idf_is_positive_and_falls),
        cmocka_unit_test(score_bm25__scale_is_a_power_of_two_that_just_fits),
        cmocka_unit_test(score_bm25__one_posting_by_hand),
        cmocka_unit_test(score_bm25__grows_with_tf_and_falls_with_length),
        cmocka_unit_test(score_bm25__bound_and_floor_hold),
    };
    return cmocka_run_group_tests_name("bm25", tests, NULL, NULL);
}
