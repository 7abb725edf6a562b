/* Fronts: whatever the parameters, the pairs dominate every posting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/damp.h"
#include "common/codec/impact.h"
#include "tests/support/scratch.h"

static uint32_t capped(uint32_t tf)
{
    return tf < PC_TF_CAP ? tf : PC_TF_CAP;
}

/* Does one of the pairs weigh at least as much for every K? */
static int is_dominated(const uint8_t pairs[PC_FRONT_BYTES], uint32_t tf,
                        uint8_t norm)
{
    for (unsigned i = 0; i < PC_FRONT_PAIRS; i++) {
        if (pairs[2 * i] >= capped(tf) && pairs[2 * i + 1] <= norm)
            return 1;
    }
    return 0;
}

static void check_shape(const uint8_t pairs[PC_FRONT_BYTES])
{
    for (unsigned i = 1; i < PC_FRONT_PAIRS; i++) {
        const uint8_t *a = pairs + 2 * (size_t)i - 2, *b = a + 2;
        if (b[0] == 0)
            assert_int_equal(b[1], 0);
        else
            assert_true(a[0] != 0 && a[0] < b[0] && a[1] < b[1]);
    }
}

static void codec_impact__pairs_dominate_every_posting(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    float damp[256];
    pc_damp_table(damp, PC_DAMP_K1, PC_DAMP_B, 1000, 70000);
    for (unsigned round = 0; round < 5000; round++) {
        uint32_t tfs[128], n = 1 + (uint32_t)scratch_below(&rng, 128);
        uint8_t norms[128], pairs[PC_FRONT_BYTES];
        uint32_t tf_max = 1 + (uint32_t)scratch_below(&rng, 400);
        uint32_t norm_max = 1 + (uint32_t)scratch_below(&rng, 256);
        pc_front f;
        pc_front_clear(&f);
        for (uint32_t i = 0; i < n; i++) {
            tfs[i] = 1 + (uint32_t)scratch_below(&rng, tf_max);
            norms[i] = (uint8_t)scratch_below(&rng, norm_max);
            pc_front_add(&f, tfs[i], norms[i]);
        }
        pc_front_reduce(&f, damp, pairs);
        check_shape(pairs);
        for (uint32_t i = 0; i < n; i++)
            assert_true(is_dominated(pairs, tfs[i], norms[i]));
    }
}

static void codec_impact__few_pairs_are_kept_exactly(void **state)
{
    (void)state;
    float damp[256];
    uint8_t pairs[PC_FRONT_BYTES];
    pc_front f;
    pc_damp_table(damp, PC_DAMP_K1, PC_DAMP_B, 10, 500);
    pc_front_clear(&f);
    pc_front_reduce(&f, damp, pairs);
    const uint8_t none[PC_FRONT_BYTES] = {0};
    assert_memory_equal(pairs, none, sizeof pairs);
    pc_front_add(&f, 3, 40);
    pc_front_add(&f, 1, 90); /* dominated */
    pc_front_add(&f, 5, 60);
    pc_front_add(&f, 70000, 255);
    pc_front_reduce(&f, damp, pairs);
    const uint8_t want[PC_FRONT_BYTES] = {3, 40, 5, 60, PC_TF_CAP, 255, 0, 0};
    assert_memory_equal(pairs, want, sizeof pairs);
}

static void codec_impact__fronts_of_fronts_dominate_too(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    float damp[256];
    pc_damp_table(damp, PC_DAMP_K1, PC_DAMP_B, 1000, 300000);
    for (unsigned round = 0; round < 200; round++) {
        uint32_t tfs[512];
        uint8_t norms[512], pairs[PC_FRONT_BYTES];
        pc_front whole;
        pc_front_clear(&whole);
        for (unsigned block = 0; block < 4; block++) {
            pc_front f;
            pc_front_clear(&f);
            for (unsigned i = 128 * block; i < 128 * (block + 1); i++) {
                tfs[i] = 1 + (uint32_t)scratch_below(&rng, 300);
                norms[i] = (uint8_t)scratch_below(&rng, 256);
                pc_front_add(&f, tfs[i], norms[i]);
            }
            pc_front_reduce(&f, damp, pairs);
            pc_front_add_pairs(&whole, pairs, PC_FRONT_PAIRS);
        }
        pc_front_reduce(&whole, damp, pairs);
        for (unsigned i = 0; i < 512; i++)
            assert_true(is_dominated(pairs, tfs[i], norms[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_impact__pairs_dominate_every_posting),
        cmocka_unit_test(codec_impact__few_pairs_are_kept_exactly),
        cmocka_unit_test(codec_impact__fronts_of_fronts_dominate_too),
    };
    return cmocka_run_group_tests_name("impact", tests, NULL, NULL);
}
