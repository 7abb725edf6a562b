/* BM25: the formulae, the vector code, the bounds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/simd.h"
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

/* ---- vectors ------------------------------------------------------------ */

static void score_bm25__every_level_gives_the_same_bits(void **state)
{
    (void)state;
#if PC_X86_64
    uint64_t rng = scratch_seed();
    if (pc_simd_cpu() < PC_SIMD_AVX2)
        skip();
    for (unsigned round = 0; round < 3000; round++) {
        uint32_t ids[144], tfs[144], a[144], b[144];
        uint8_t norms[1024 + PC_PAD];
        float damp[256], weight;
        uint32_t n = 1 + (uint32_t)scratch_below(&rng, 128), id = 0;
        pc_damp_table(damp, k1s[round % PC_COUNTOF(k1s)],
                      bs[round % PC_COUNTOF(bs)], 100,
                      scratch_below(&rng, 100000));
        for (uint32_t i = 0; i < n; i++) {
            id += 1 + (uint32_t)scratch_below(&rng, 7);
            ids[i] = id;
            tfs[i] = 1 + (uint32_t)scratch_below(
                             &rng, (uint64_t)1 << scratch_below(&rng, 31));
        }
        for (size_t i = 0; i < sizeof norms; i++)
            norms[i] = (uint8_t)(1 + scratch_below(&rng, 255));
        weight = (float)scratch_below(
            &rng, (uint64_t)1 << scratch_below(&rng, PS_SCORE_BITS + 1));
        memset(a, 0xa5, sizeof a);
        memset(b, 0xa5, sizeof b);
        ps_score_block_scalar(a, ids, tfs, n, norms, damp, weight);
        ps_score_block_avx2(b, ids, tfs, n, norms, damp, weight);
        assert_memory_equal(a, b, n * sizeof *a);
        for (uint32_t i = 0; i < n; i++)
            assert_int_equal(a[i],
                             ps_score_one(weight, tfs[i], damp[norms[ids[i]]]));
    }
#else
    skip();
#endif
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

static void score_bm25__bound_holds_for_every_parameter(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    float usual[256];
    pc_damp_table(usual, PC_DAMP_K1, PC_DAMP_B, 1000, 100000);
    for (unsigned round = 0; round < 4000; round++) {
        uint32_t tfs[128], n = 1 + (uint32_t)scratch_below(&rng, 128);
        uint8_t norms[128], pairs[PC_FRONT_BYTES];
        uint64_t most = (uint64_t)1 << scratch_below(&rng, 20);
        float damp[256], weight = (float)scratch_below(&rng, 1000000000);
        pc_front f;
        pc_front_clear(&f);
        for (uint32_t i = 0; i < n; i++) {
            tfs[i] = 1 + (uint32_t)scratch_below(&rng, most);
            norms[i] = (uint8_t)(1 + scratch_below(&rng, 255));
            pc_front_add(&f, tfs[i], norms[i]);
        }
        pc_front_reduce(&f, usual, pairs);
        pc_damp_table(damp, k1s[scratch_below(&rng, PC_COUNTOF(k1s))],
                      bs[scratch_below(&rng, PC_COUNTOF(bs))], 10,
                      scratch_below(&rng, 20000));
        uint32_t bound = ps_score_bound(weight, damp, pairs, PC_FRONT_PAIRS);
        for (uint32_t i = 0; i < n; i++)
            assert_true(ps_score_one(weight, tfs[i], damp[norms[i]]) <= bound);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(score_bm25__idf_is_positive_and_falls),
        cmocka_unit_test(score_bm25__scale_is_a_power_of_two_that_just_fits),
        cmocka_unit_test(score_bm25__one_posting_by_hand),
        cmocka_unit_test(score_bm25__every_level_gives_the_same_bits),
        cmocka_unit_test(score_bm25__grows_with_tf_and_falls_with_length),
        cmocka_unit_test(score_bm25__bound_holds_for_every_parameter),
    };
    return cmocka_run_group_tests_name("bm25", tests, NULL, NULL);
}
