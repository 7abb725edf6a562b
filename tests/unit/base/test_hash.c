/*
 * Hash: frozen values, which a second implementation gave, and the spread of
 * its bits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/base/hash.h"

static void base_hash__frozen_values(void **unused)
{
    PC_UNUSED(unused);
    /* bytes 1, 8, 15, .. : byte i is 7 i + 1 modulo 256 */
    static const struct {
        size_t n;
        uint64_t seed_0, seed_12345;
    } want[] = {
        {0, UINT64_C(0xbc3836d1ca136af6), UINT64_C(0xe6b00a01f22941a2)},
        {1, UINT64_C(0xe1ab7f04d68cec22), UINT64_C(0xb022e8d856096ac9)},
        {2, UINT64_C(0x36c53cbc63512280), UINT64_C(0x8c3a05f945240009)},
        {3, UINT64_C(0x73590b6767a14af5), UINT64_C(0x4557191f09377acc)},
        {4, UINT64_C(0xa59cd7fd228fa656), UINT64_C(0xb70ac47c134cbf9e)},
        {7, UINT64_C(0xf4aab477cbf0ca91), UINT64_C(0xb6815f24dd31e1a6)},
        {8, UINT64_C(0xb031a288f9df07cf), UINT64_C(0x926052d8430d7d87)},
        {9, UINT64_C(0x8258adee283e51a4), UINT64_C(0xcfb15e59d27864b6)},
        {15, UINT64_C(0x7aa84399eee5636a), UINT64_C(0x774ad8f7c035f05c)},
        {16, UINT64_C(0x6aa445c90d0020f3), UINT64_C(0x508bca50120fd433)},
        {17, UINT64_C(0xf892f69922afd4dc), UINT64_C(0x5fe6e40d924d51a8)},
        {31, UINT64_C(0x9824a5aefe6fd444), UINT64_C(0x4c7698898a7ccd80)},
        {32, UINT64_C(0xce4cb27cbe8b0fbd), UINT64_C(0xd73b943cdd1d3acd)},
        {33, UINT64_C(0xb408d3838e1060a5), UINT64_C(0x915317bef57cf720)},
        {64, UINT64_C(0x3ff3e74cddb9873f), UINT64_C(0x0cf82c1a867ce422)},
        {65, UINT64_C(0x11a193283101027e), UINT64_C(0xe1f2f36866c307bc)},
        {80, UINT64_C(0x410c96b5bc510f00), UINT64_C(0xccad468ff6ebc55c)},
        {81, UINT64_C(0x3e789d57bb6ca8d2), UINT64_C(0xbfb805ea5f60fbe3)},
        {128, UINT64_C(0xcb7e92e283bbddae), UINT64_C(0xe127740d6dcee61b)},
        {129, UINT64_C(0x32fd1fd32257ea2a), UINT64_C(0xf1734d8e3d276a45)},
        {192, UINT64_C(0x0da53e400effec11), UINT64_C(0x63fa0906c75bb49f)},
        {256, UINT64_C(0x06d9330ff1a3473a), UINT64_C(0xd3e91a3616cc4e6e)},
    };
    uint8_t bytes[256];
    for (unsigned i = 0; i < 256; i++)
        bytes[i] = (uint8_t)(7 * i + 1);
    for (size_t i = 0; i < PC_COUNTOF(want); i++) {
        /* a block of its own, so that reading beyond is seen */
        uint8_t *p = malloc(want[i].n ? want[i].n : 1);
        assert_non_null(p);
        memcpy(p, bytes, want[i].n);
        assert_true(pc_hash64(p, want[i].n, 0) == want[i].seed_0);
        assert_true(pc_hash64(p, want[i].n, 12345) == want[i].seed_12345);
        free(p);
    }
    assert_true(pc_hash64(NULL, 0, 0) == want[0].seed_0);
}

/* Turns each input bit of n bytes: about half of the 64 output bits turn. */
static void check_spread(size_t n)
{
    uint8_t key[200] = {0};
    uint64_t before = pc_hash64(key, n, 0);
    unsigned turned = 0;
    for (size_t bit = 0; bit < 8 * n; bit++) {
        key[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        uint64_t diff = before ^ pc_hash64(key, n, 0);
        key[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_in_range(pc_popcount64(diff), 10, 54);
        turned += pc_popcount64(diff);
    }
    double share = turned / (64.0 * 8.0 * (double)n);
    assert_true(share > 0.45 && share < 0.55);
}

static void base_hash__every_bit_matters(void **unused)
{
    PC_UNUSED(unused);
    for (size_t n = 1; n <= 200; n++)
        check_spread(n);
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void base_hash__few_collisions_of_similar_keys(void **unused)
{
    PC_UNUSED(unused);
    enum { N = 1 << 18 };
    uint32_t *h = malloc(N * sizeof *h);
    assert_non_null(h);
    for (int high = 0; high < 2; high++) {
        for (uint32_t i = 0; i < N; i++) {
            uint8_t key[12] = "term000";
            pc_store32le(key + 8, i);
            uint64_t v = pc_hash64(key, sizeof key, 0);
            h[i] = (uint32_t)(high ? v >> 32 : v);
        }
        qsort(h, N, sizeof *h, by_value);
        unsigned same = 0;
        for (uint32_t i = 1; i < N; i++)
            same += h[i] == h[i - 1];
        /* 8 are expected of a random function */
        assert_in_range(same, 0, 30);
    }
    free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_hash__frozen_values),
        cmocka_unit_test(base_hash__every_bit_matters),
        cmocka_unit_test(base_hash__few_collisions_of_similar_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
