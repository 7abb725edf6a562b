/*
 * Bit packing: every width, many lengths, every level against the definition.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/base/simd.h"
#include "common/codec/bitpack.h"

#define SEED UINT64_C(0x2545f4914f6cdd1d)
#define MAX_N 300u

static uint64_t state = SEED;

static uint32_t rnd(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

/* The definition, bit by bit. */
static uint32_t bits_at(const uint8_t *in, size_t i, unsigned width)
{
    uint32_t v = 0;
    for (unsigned b = 0; b < width; b++) {
        size_t at = i * width + b;
        v |= (uint32_t)((in[at / 8] >> (at % 8)) & 1) << b;
    }
    return v;
}

enum pattern { RANDOM, ZEROS, ONES, ALTERNATE, PATTERNS };

static void fill(uint32_t *v, uint32_t n, unsigned width, int pattern)
{
    uint32_t mask = pc_bitpack_mask(width);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t odd = i % 2 ? mask : 0;
        uint32_t x = rnd() & mask;
        v[i] = pattern == RANDOM  ? x
               : pattern == ZEROS ? 0
               : pattern == ONES  ? mask
                                  : odd;
    }
}

/* Everything about one (values, width): blocks of exactly the promised size,
   so that the address sanitizer sees a byte too many. */
static void check(const uint32_t *v, uint32_t n, unsigned width)
{
    size_t bytes = pc_bitpack_bytes(n, width);
    uint8_t *exact = malloc(bytes ? bytes : 1);
    uint8_t *padded = malloc(bytes + PC_PAD);
    size_t room =
        (n + PC_BITPACK_GROUP - 1) / PC_BITPACK_GROUP * PC_BITPACK_GROUP;
    uint32_t *out = malloc(room * sizeof *out);
    assert_non_null(exact);
    assert_non_null(padded);
    assert_non_null(out);
    pc_bitpack_put(exact, v, n, width);
    memset(padded + bytes, 0xa5, PC_PAD);
    if (bytes)
        memcpy(padded, exact, bytes);
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(bits_at(exact, i, width), v[i]);
        assert_int_equal(pc_bitpack_at(padded, i, width), v[i]);
    }
    for (size_t bit = (size_t)n * width; bit < bytes * 8; bit++)
        assert_int_equal((exact[bit / 8] >> (bit % 8)) & 1, 0);
    uint32_t bases[3] = {UINT32_MAX, 0, rnd()};
    for (int level = 0; level <= pc_simd_cpu(); level++) {
        const pc_bitpack_ops *ops = pc_bitpack_ops_at(level);
        ops->get(out, padded, n, width);
        assert_memory_equal(out, v, n * sizeof *out);
        ops->get_above(out, padded, n, width);
        for (uint32_t i = 0; i < n; i++)
            assert_int_equal(out[i], v[i] + 1);
        for (size_t b = 0; b < PC_COUNTOF(bases); b++) {
            uint32_t id = bases[b];
            ops->get_ids(out, padded, n, width, id);
            for (uint32_t i = 0; i < n; i++) {
                id += v[i] + 1;
                assert_int_equal(out[i], id);
            }
        }
    }
    free(out);
    free(padded);
    free(exact);
}

static void codec_bitpack__every_width_length_and_level(void **unused)
{
    PC_UNUSED(unused);
    uint32_t v[MAX_N];
    print_message("seed %llu, levels 0..%d\n", (unsigned long long)state,
                  pc_simd_cpu());
    for (unsigned width = 0; width <= PC_BITPACK_MAX_WIDTH; width++) {
        for (uint32_t n = 1; n <= MAX_N; n++) {
            for (int p = 0; p < PATTERNS; p++) {
                fill(v, n, width, p);
                check(v, n, width);
            }
        }
    }
}

static void codec_bitpack__nothing_is_written_for_no_values(void **unused)
{
    PC_UNUSED(unused);
    uint8_t byte = 0x77;
    pc_bitpack_put(&byte, NULL, 0, 32);
    assert_int_equal(byte, 0x77);
    assert_int_equal(pc_bitpack_bytes(0, 32), 0);
    assert_int_equal(pc_bitpack_bytes(UINT32_MAX, 32),
                     UINT64_C(4) * UINT32_MAX);
}

static void codec_bitpack__worked_bytes(void **unused)
{
    PC_UNUSED(unused);
    /* 5, 0, 7, 1 in three bits: 001 111 000 101, read from the right */
    const uint32_t v[4] = {5, 0, 7, 1};
    uint8_t out[2];
    pc_bitpack_put(out, v, 4, 3);
    assert_int_equal(out[0], 0xc5);
    assert_int_equal(out[1], 0x03);
}

static void codec_bitpack__bits_above_the_width_are_dropped(void **unused)
{
    PC_UNUSED(unused);
    const uint32_t v[3] = {UINT32_MAX, 0, UINT32_MAX};
    uint8_t out[3];
    pc_bitpack_put(out, v, 3, 7);
    assert_int_equal(out[0], 0x7f);
    assert_int_equal(out[1], 0xc0);
    assert_int_equal(out[2], 0x1f);
}

static void codec_bitpack__levels_are_distinct(void **unused)
{
    PC_UNUSED(unused);
    assert_ptr_equal(pc_bitpack_ops_at(PC_SIMD_SCALAR), &pc_bitpack_scalar);
    for (int level = 1; level <= pc_simd_cpu(); level++)
        assert_ptr_not_equal(pc_bitpack_ops_at(level),
                             pc_bitpack_ops_at(level - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_bitpack__every_width_length_and_level),
        cmocka_unit_test(codec_bitpack__nothing_is_written_for_no_values),
        cmocka_unit_test(codec_bitpack__worked_bytes),
        cmocka_unit_test(codec_bitpack__bits_above_the_width_are_dropped),
        cmocka_unit_test(codec_bitpack__levels_are_distinct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
