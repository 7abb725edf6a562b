/*
 * CRC-32C: known values, both implementations equal, continuation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/crc.h"

#define MAX_N 8192u

/* The definition, bit by bit. */
static uint32_t slow(uint32_t crc, const uint8_t *p, size_t n)
{
    uint32_t c = ~crc;
    for (size_t i = 0; i < n; i++) {
        c ^= p[i];
        for (int b = 0; b < 8; b++)
            c = (c >> 1) ^ (c & 1 ? 0x82f63b78u : 0u);
    }
    return ~c;
}

static uint8_t *noise(size_t n)
{
    uint8_t *p = malloc(n);
    uint64_t s = 0x9e3779b97f4a7c15u;
    assert_non_null(p);
    for (size_t i = 0; i < n; i++) {
        s ^= s << 13;
        s ^= s >> 7;
        s ^= s << 17;
        p[i] = (uint8_t)(s >> 40);
    }
    return p;
}

static void base_crc__known_values(void **unused)
{
    PC_UNUSED(unused);
    /* the check value of the catalogue, and the four of RFC 3720, B.4 */
    uint8_t b[32];
    assert_int_equal(pc_crc32c(0, "123456789", 9), 0xe3069283u);
    memset(b, 0, sizeof b);
    assert_int_equal(pc_crc32c(0, b, 32), 0x8a9136aau);
    memset(b, 0xff, sizeof b);
    assert_int_equal(pc_crc32c(0, b, 32), 0x62a8ab43u);
    for (unsigned i = 0; i < 32; i++)
        b[i] = (uint8_t)i;
    assert_int_equal(pc_crc32c(0, b, 32), 0x46dd794eu);
    for (unsigned i = 0; i < 32; i++)
        b[i] = (uint8_t)(31 - i);
    assert_int_equal(pc_crc32c(0, b, 32), 0x113fdb5cu);
    assert_int_equal(pc_crc32c(0, b, 0), 0);
    assert_int_equal(pc_crc32c(77, NULL, 0), 77);
}

static void base_crc__all_implementations_agree(void **unused)
{
    PC_UNUSED(unused);
    uint8_t *all = noise(MAX_N);
    for (size_t n = 0; n <= MAX_N; n += n < 700 ? 1 : 61) {
        /* a block of its own at the end, so that an overrun is seen */
        uint8_t *p = malloc(n ? n : 1);
        assert_non_null(p);
        memcpy(p, all + MAX_N - n, n);
        uint32_t want = slow(0x1234567u, p, n);
        assert_int_equal(pc_crc32c_scalar(0x1234567u, p, n), want);
        assert_int_equal(pc_crc32c_sse42(0x1234567u, p, n), want);
        assert_int_equal(pc_crc32c(0x1234567u, p, n), want);
        free(p);
    }
    free(all);
}

static void base_crc__any_alignment(void **unused)
{
    PC_UNUSED(unused);
    uint8_t *all = noise(MAX_N);
    for (size_t at = 0; at < 16; at++) {
        uint32_t want = slow(0, all + at, 4000);
        assert_int_equal(pc_crc32c_scalar(0, all + at, 4000), want);
        assert_int_equal(pc_crc32c_sse42(0, all + at, 4000), want);
    }
    free(all);
}

static void base_crc__continues_where_it_stopped(void **unused)
{
    PC_UNUSED(unused);
    uint8_t *all = noise(MAX_N);
    uint32_t want = pc_crc32c(0, all, MAX_N);
    for (size_t cut = 0; cut <= MAX_N; cut += 97) {
        uint32_t c = pc_crc32c(0, all, cut);
        assert_int_equal(pc_crc32c(c, all + cut, MAX_N - cut), want);
    }
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_crc__known_values),
        cmocka_unit_test(base_crc__all_implementations_agree),
        cmocka_unit_test(base_crc__any_alignment),
        cmocka_unit_test(base_crc__continues_where_it_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
