/*
 * Checked arithmetic, little-endian access, bit counting.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/ints.h"

static void base_ints__add_refuses_overflow(void **unused)
{
    PC_UNUSED(unused);
    size_t out = 7;
    assert_true(pc_add(SIZE_MAX - 1, 1, &out));
    assert_true(out == SIZE_MAX);
    out = 7;
    assert_false(pc_add(SIZE_MAX, 1, &out));
    assert_false(pc_add(1, SIZE_MAX, &out));
    assert_int_equal(out, 7);
}

static void base_ints__mul_refuses_overflow(void **unused)
{
    PC_UNUSED(unused);
    size_t out = 7, half = (size_t)1 << 32;
    assert_false(pc_mul(half, half, &out));
    assert_false(pc_mul(SIZE_MAX, 2, &out));
    assert_int_equal(out, 7);
    assert_true(pc_mul(half, half - 1, &out));
    assert_true(out == half * (half - 1));
    assert_true(pc_mul(SIZE_MAX, 0, &out));
    assert_int_equal(out, 0);
    assert_true(pc_mul(0, SIZE_MAX, &out));
    assert_int_equal(out, 0);
}

static void base_ints__disk_order_is_little_endian(void **unused)
{
    PC_UNUSED(unused);
    const uint8_t b[9] = {0xf1, 0xe2, 0xd3, 0xc4, 0xb5, 0xa6, 0x97, 0x88, 1};
    uint8_t out[8];
    assert_int_equal(pc_load16le(b), 0xe2f1);
    assert_int_equal(pc_load32le(b), 0xc4d3e2f1u);
    assert_true(pc_load64le(b) == UINT64_C(0x8897a6b5c4d3e2f1));
    assert_true(pc_load64le(b + 1) == UINT64_C(0x018897a6b5c4d3e2));
    assert_true(pc_load64be(b) == UINT64_C(0xf1e2d3c4b5a69788));
    pc_store16le(out, 0xe2f1);
    assert_memory_equal(out, b, 2);
    pc_store32le(out, 0xc4d3e2f1u);
    assert_memory_equal(out, b, 4);
    pc_store64le(out, UINT64_C(0x8897a6b5c4d3e2f1));
    assert_memory_equal(out, b, 8);
}

static void base_ints__bits_are_counted(void **unused)
{
    PC_UNUSED(unused);
    assert_int_equal(pc_bits32(0), 0);
    for (unsigned b = 0; b < 32; b++) {
        assert_int_equal(pc_bits32(UINT32_C(1) << b), b + 1);
        assert_int_equal(pc_bits32(UINT32_MAX >> (31 - b)), b + 1);
    }
    for (unsigned b = 0; b < 64; b++) {
        assert_int_equal(pc_ctz64(UINT64_MAX << b), b);
        assert_int_equal(pc_popcount64(UINT64_MAX >> b), 64 - b);
    }
    assert_int_equal(pc_popcount64(0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_ints__add_refuses_overflow),
        cmocka_unit_test(base_ints__mul_refuses_overflow),
        cmocka_unit_test(base_ints__disk_order_is_little_endian),
        cmocka_unit_test(base_ints__bits_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
