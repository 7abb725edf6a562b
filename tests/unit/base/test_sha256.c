/* SHA-256: the examples of its standard, and any cut of the input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/sha256.h"

static const char *sum_of(const char *bytes, size_t n, size_t times, size_t cut)
{
    static char out[65];
    uint8_t sum[PC_SHA256_BYTES];
    pc_sha256 s;
    pc_sha256_init(&s);
    for (size_t i = 0; i < times; i++) {
        pc_sha256_put(&s, bytes, cut);
        pc_sha256_put(&s, bytes + cut, n - cut);
    }
    pc_sha256_end(&s, sum);
    for (size_t i = 0; i < sizeof sum; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", sum[i]);
    return out;
}

static void base_sha256__examples(void **state)
{
    (void)state;
    static const char two[] =
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    assert_string_equal(
        sum_of("", 0, 1, 0),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(
        sum_of("abc", 3, 1, 0),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(
        sum_of(two, sizeof two - 1, 1, 0),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_string_equal(
        sum_of("aaaaaaaaaa", 10, 100000, 0),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void base_sha256__any_cut_and_length(void **state)
{
    (void)state;
    char text[200], whole[65];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 37);
    for (size_t n = 0; n <= sizeof text; n++) {
        memcpy(whole, sum_of(text, n, 1, 0), sizeof whole);
        for (size_t cut = 0; cut <= n; cut += 7)
            assert_string_equal(sum_of(text, n, 1, cut), whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_sha256__examples),
        cmocka_unit_test(base_sha256__any_cut_and_length),
    };
    return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
