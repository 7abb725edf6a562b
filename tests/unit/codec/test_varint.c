/*
 * LEB128: round trips, and every way an encoding can be refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/varint.h"

/* Decodes from a block of exactly n bytes. */
static size_t get64(const uint8_t *bytes, size_t n, uint64_t *v)
{
    uint8_t *p = malloc(n ? n : 1);
    assert_non_null(p);
    memcpy(p, bytes, n);
    const uint8_t *next = pc_varint_get64(p, p + n, v);
    size_t used = next ? (size_t)(next - p) : 0;
    free(p);
    return used;
}

static size_t get32(const uint8_t *bytes, size_t n, uint32_t *v)
{
    uint8_t *p = malloc(n ? n : 1);
    assert_non_null(p);
    memcpy(p, bytes, n);
    const uint8_t *next = pc_varint_get32(p, p + n, v);
    size_t used = next ? (size_t)(next - p) : 0;
    free(p);
    return used;
}

static void check(uint64_t v)
{
    uint8_t out[PC_VARINT_MAX + 1];
    uint64_t got = ~v;
    uint32_t got32 = ~(uint32_t)v;
    size_t n = pc_varint_put(out, v);
    assert_in_range(n, 1, PC_VARINT_MAX);
    assert_int_equal(pc_varint_size(v), n);
    assert_int_equal(get64(out, n, &got), n);
    assert_true(got == v);
    if (v <= UINT32_MAX) {
        assert_int_equal(get32(out, n, &got32), n);
        assert_int_equal(got32, v);
    } else {
        assert_int_equal(get32(out, n, &got32), 0);
        assert_int_equal(got32, ~(uint32_t)v);
    }
    /* cut short */
    for (size_t cut = 0; cut < n; cut++) {
        assert_int_equal(get64(out, cut, &got), 0);
        assert_int_equal(get32(out, cut, &got32), 0);
    }
    /* more bytes behind do not matter */
    out[n] = 0xff;
    assert_int_equal(get64(out, n + 1, &got), n);
    /* the same value, one byte longer */
    if (n < PC_VARINT_MAX) {
        out[n - 1] |= 0x80;
        out[n] = 0;
        assert_int_equal(get64(out, n + 1, &got), 0);
        assert_int_equal(get32(out, n + 1, &got32), 0);
    }
}

static void codec_varint__round_trip_at_every_length(void **unused)
{
    PC_UNUSED(unused);
    for (uint64_t v = 0; v < 70000; v++)
        check(v);
    for (unsigned b = 0; b < 64; b++) {
        for (unsigned d = 0; d < 5; d++)
            check((UINT64_C(1) << b) + d - 2);
    }
    check(UINT64_MAX);
}

static void codec_varint__worked_bytes(void **unused)
{
    PC_UNUSED(unused);
    uint8_t out[PC_VARINT_MAX];
    assert_int_equal(pc_varint_put(out, 300), 2);
    assert_int_equal(out[0], 0xac);
    assert_int_equal(out[1], 0x02);
    assert_int_equal(pc_varint_put(out, UINT64_MAX), 10);
    assert_int_equal(out[9], 0x01);
}

static void codec_varint__too_large_is_refused(void **unused)
{
    PC_UNUSED(unused);
    uint8_t big[12];
    uint64_t v = 7;
    uint32_t v32 = 7;
    memset(big, 0xff, sizeof big);
    assert_int_equal(get64(big, sizeof big, &v), 0); /* no end */
    big[9] = 2;
    assert_int_equal(get64(big, sizeof big, &v), 0); /* bit 64 */
    const uint8_t bit32[5] = {0x80, 0x80, 0x80, 0x80, 0x10};
    assert_int_equal(get32(bit32, 5, &v32), 0);
    assert_true(v == 7);
    assert_int_equal(v32, 7);
    assert_int_equal(get64(bit32, 5, &v), 5);
    assert_true(v == UINT64_C(1) << 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_varint__round_trip_at_every_length),
        cmocka_unit_test(codec_varint__worked_bytes),
        cmocka_unit_test(codec_varint__too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
