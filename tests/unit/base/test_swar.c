/*
 * Eight bytes at once against one after the other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/base.h"
#include "common/base/swar.h"
#include "tests/support/scratch.h"

static uint8_t byte_of(uint64_t v, unsigned i)
{
    return (uint8_t)(v >> 8 * i);
}

/* The bits that say yes, as pc_swar_top_bits would give them. */
static uint64_t in_range(uint64_t v, unsigned low, unsigned high)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < 8; i++)
        bits |= (uint64_t)(byte_of(v, i) >= low && byte_of(v, i) <= high) << i;
    return bits;
}

static void base_swar_top_bits__are_those_of_each_byte(void **unused)
{
    uint64_t rng = scratch_seed();
    PC_UNUSED(unused);
    for (unsigned i = 0; i < 100000; i++) {
        uint64_t v = scratch_random(&rng);
        assert_int_equal(pc_swar_top_bits(v), in_range(v, 0x80, 0xFF));
    }
}

static void base_swar_in_range__of_every_range(void **unused)
{
    uint64_t rng = scratch_seed();
    PC_UNUSED(unused);
    for (unsigned low = 0; low < 0x80; low++) {
        for (unsigned high = low; high < 0x80; high++) {
            uint64_t v = scratch_random(&rng) & PC_EACH_BYTE(0x7F);
            uint64_t ends = (high + 1) % 0x80 << 16 | high << 8 | low;
            v = (v & ~UINT64_C(0xFFFFFF)) | ends;
            assert_int_equal(pc_swar_top_bits(pc_swar_in_range(v, low, high)),
                             in_range(v, low, high));
        }
    }
}

static void base_swar_below__is_right_up_to_the_first(void **unused)
{
    uint64_t rng = scratch_seed();
    PC_UNUSED(unused);
    for (unsigned i = 0; i < 100000; i++) {
        unsigned n = 1 + i % 0x80;
        uint64_t v = scratch_random(&rng);
        uint64_t got = pc_swar_below(v, n), want = in_range(v, 0, n - 1);
        assert_int_equal(got & ~PC_EACH_BYTE(0x80), 0);
        got = pc_swar_top_bits(got);
        assert_int_equal(got & (~got + 1), want & (~want + 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_swar_top_bits__are_those_of_each_byte),
        cmocka_unit_test(base_swar_in_range__of_every_range),
        cmocka_unit_test(base_swar_below__is_right_up_to_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
