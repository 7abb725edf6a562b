/* Peaks: whatever the parameters of a query, they bound every posting. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/codec/damp.h"
#include "common/codec/peak.h"
#include "tests/support/scratch.h"

static const float k1s[] = {0.0F, 0.1F, 1.2F, 3.0F, 1000.0F};
static const float bs[] = {0.0F, 0.3F, 0.75F, 1.0F};

static void codec_peak__rounds_up_and_down(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    assert_int_equal(pc_peak_up(0.0F), 0);
    assert_int_equal(pc_peak_up(1e-30F), 1);
    assert_int_equal(pc_peak_up(0.5F), 32768);
    assert_int_equal(pc_peak_up(1.0F), PC_PEAK_MAX);
    assert_int_equal(pc_peak_down(1.0F), PC_PEAK_MAX);
    assert_int_equal(pc_peak_down(1e-30F), 0);
    for (unsigned i = 0; i < 100000; i++) {
        float share = (float)scratch_below(&rng, 1 << 24) / 16777216.0F;
        uint32_t up = pc_peak_up(share), down = pc_peak_down(share);
        assert_true((float)down / 65536.0F <= share);
        assert_true(up == PC_PEAK_MAX || (float)up / 65536.0F >= share);
        assert_true(up - down <= 1);
    }
}

/* The last bits of a float; ps_score_bound allows for four times as much. */
#define ROUNDING (1.0F / 4194304.0F)

/* The bounds of a share that is kept under one damping, for another. */
static void check(uint64_t *rng, const float ref[256], const float query[256])
{
    pc_peak_ratio ratio = pc_peak_compare(ref, query);
    assert_true(ratio.least <= ratio.most);
    for (unsigned i = 0; i < 2000; i++) {
        unsigned norm = 1 + (unsigned)scratch_below(rng, 255);
        uint32_t tf = 1 + (uint32_t)scratch_below(
                              rng, (uint64_t)1 << scratch_below(rng, 24));
        float kept = pc_share(tf, ref[norm]);
        float share = pc_share(tf, query[norm]);
        float most = pc_peak_most(pc_peak_up(kept), ratio);
        float least = pc_peak_least(pc_peak_down(kept), ratio);
        if (most < share * (1.0F - ROUNDING) ||
            least > share * (1.0F + ROUNDING))
            fail_msg("tf %u norm %u: %.9g is not from %.9g to %.9g", tf, norm,
                     (double)share, (double)least, (double)most);
    }
}

static void codec_peak__bounds_hold_for_every_query(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 400; round++) {
        float ref[256], query[256];
        pc_damp_table(ref, PC_DAMP_K1, PC_DAMP_B, 100,
                      scratch_below(&rng, (uint64_t)1 << (round % 30)));
        pc_damp_table(query, k1s[scratch_below(&rng, PC_COUNTOF(k1s))],
                      bs[scratch_below(&rng, PC_COUNTOF(bs))], 100,
                      scratch_below(&rng, (uint64_t)1 << (round % 29)));
        check(&rng, ref, query);
    }
}

/* With the usual parameters and one segment nothing is lost but the
   rounding. */
static void codec_peak__the_same_damping_is_tight(void **state)
{
    (void)state;
    float ref[256];
    pc_damp_table(ref, PC_DAMP_K1, PC_DAMP_B, 1000, 70000);
    pc_peak_ratio ratio = pc_peak_compare(ref, ref);
    for (unsigned norm = 1; norm < 256; norm++) {
        float share = pc_share(3, ref[norm]);
        float most = pc_peak_most(pc_peak_up(share), ratio);
        assert_true(most >= share && most - share <= 1.0F / 65536.0F);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_peak__rounds_up_and_down),
        cmocka_unit_test(codec_peak__bounds_hold_for_every_query),
        cmocka_unit_test(codec_peak__the_same_damping_is_tight),
    };
    return cmocka_run_group_tests_name("peak", tests, NULL, NULL);
}
