/*
 * UTF-8: decoding of good and bad sequences, repair.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/text/utf8.h"
#include "tests/unit/text/ucd_file.h"

static void text_utf8__round_trip_of_every_code_point(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char raw[PC_UTF8_MAX];
        size_t n = pc_utf8_encode(cp, raw);
        const char *p = raw;
        uint32_t want = cp >= 0xD800 && cp <= 0xDFFF ? PC_UTF8_BAD : cp;
        assert_int_equal(pc_utf8_next(&p, raw + n), want);
        assert_ptr_equal(p, raw + n);
        assert_true(pc_utf8_valid((pc_str){raw, n}));
    }
    char raw[PC_UTF8_MAX];
    assert_int_equal(pc_utf8_encode(0x110000, raw), 3);
}

typedef struct bad_case {
    const char *bytes;
    const char *want; /* '.' for U+FFFD */
} bad_case;

/* Worked by hand from the table of well-formed sequences. */
static const bad_case bad_cases[] = {
    {"\x80", "."},
    {"\xBF\xBF", ".."},
    {"\xC0\xAF", ".."}, /* overlong slash */
    {"\xC1\xBF", ".."},
    {"\xC2", "."},
    {"\xC2x", ".x"},
    {"\xE0\x80\xAF", "..."}, /* overlong */
    {"\xE0\xA0", "."},       /* cut off: one part */
    {"\xE1\x80x", ".x"},
    {"\xED\xA0\x80", "..."}, /* surrogate */
    {"\xED\x9F", "."},
    {"\xF0\x80\x80\x80", "...."}, /* overlong */
    {"\xF0\x90\x80", "."},
    {"\xF1\x80\x80x", ".x"},
    {"\xF1\x80\xE1\x80\xC2"
     "ab",
     "...ab"},
    {"\xF4\x90\x80\x80", "...."}, /* above U+10FFFF */
    {"\xF5\x80", ".."},
    {"\xFE\xFF", ".."},
    {"a\xC3\xA9\xE2\x82z", "a\xC3\xA9.z"},
    {"12345678\xFF"
     "12345678",
     "12345678.12345678"},
};

static void check_bad(const bad_case *c)
{
    pc_buf want;
    pc_buf got;
    pc_buf_init(&want, NULL);
    pc_buf_init(&got, NULL);
    size_t dots = 0;
    for (const char *w = c->want; *w; w++) {
        dots += *w == '.';
        if (*w == '.')
            pc_utf8_put(&want, PC_UTF8_BAD);
        else
            pc_buf_put(&want, w, 1);
    }
    size_t bad = 99;
    pc_str in = pc_str_of(c->bytes);
    assert_false(pc_utf8_valid(in));
    assert_int_equal(pc_utf8_repair(&got, in, &bad), PARASOL_OK);
    assert_int_equal(bad, dots);
    assert_true(pc_str_eq(pc_buf_str(&got), pc_buf_str(&want)));
    pc_buf_clear(&got);
    const char *p = in.ptr;
    while (p < in.ptr + in.len)
        pc_utf8_put(&got, pc_utf8_next(&p, in.ptr + in.len));
    assert_true(pc_str_eq(pc_buf_str(&got), pc_buf_str(&want)));
    pc_buf_release(&want);
    pc_buf_release(&got);
}

static void text_utf8__bad_sequences_become_replacements(void **state)
{
    (void)state;
    for (size_t i = 0; i < PC_COUNTOF(bad_cases); i++)
        check_bad(&bad_cases[i]);
}

static void text_utf8__repair_replaces_nul(void **state)
{
    (void)state;
    pc_buf got;
    pc_buf_init(&got, NULL);
    size_t bad;
    pc_str in = PC_STR_LIT("one\0two and a long rest\0");
    assert_int_equal(pc_utf8_repair(&got, in, &bad), PARASOL_OK);
    assert_int_equal(bad, 2);
    assert_true(pc_str_eq(
        pc_buf_str(&got),
        PC_STR_LIT("one\xEF\xBF\xBDtwo and a long rest\xEF\xBF\xBD")));
    pc_buf_clear(&got);
    assert_int_equal(pc_utf8_repair(&got, (pc_str){NULL, 0}, &bad), PARASOL_OK);
    assert_int_equal(bad, 0);
    assert_int_equal(got.len, 0);
    assert_true(pc_utf8_valid(PC_STR_LIT("nul is valid: \0")));
    pc_buf_release(&got);
}

static void text_utf8__random_bytes_are_repaired(void **state)
{
    (void)state;
    uint64_t rng = test_seed("text_utf8__random_bytes_are_repaired");
    pc_buf got;
    pc_buf again;
    pc_buf_init(&got, NULL);
    pc_buf_init(&again, NULL);
    for (unsigned round = 0; round < 20000; round++) {
        char raw[64];
        size_t n = test_rng(&rng) % sizeof raw;
        uint8_t mask = test_rng(&rng) % 2 ? 0xFF : 0xBF;
        for (size_t i = 0; i < n; i++)
            raw[i] = (char)(test_rng(&rng) >> 32 & mask);
        pc_buf_clear(&got);
        pc_buf_clear(&again);
        size_t bad;
        size_t none;
        assert_int_equal(pc_utf8_repair(&got, (pc_str){raw, n}, &bad), 0);
        assert_true(pc_utf8_valid(pc_buf_str(&got)));
        assert_int_equal(pc_utf8_repair(&again, pc_buf_str(&got), &none), 0);
        assert_int_equal(none, 0);
        assert_true(pc_str_eq(pc_buf_str(&got), pc_buf_str(&again)));
        bool valid = pc_utf8_valid((pc_str){raw, n});
        assert_true(bad > 0 || valid);
    }
    pc_buf_release(&got);
    pc_buf_release(&again);
}

static void text_utf8__cut_keeps_sequences_whole(void **state)
{
    (void)state;
    pc_str s = PC_STR_LIT("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z");
    static const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
    for (size_t max = 0; max < PC_COUNTOF(want); max++)
        assert_int_equal(pc_utf8_cut(s, max).len, want[max]);
    assert_int_equal(pc_utf8_cut(s, 99).len, s.len);
    pc_str bad = PC_STR_LIT("\x80\x80\x80\x80\x80\x80\x80\x80");
    assert_int_equal(pc_utf8_cut(bad, 6).len, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_utf8__round_trip_of_every_code_point),
        cmocka_unit_test(text_utf8__bad_sequences_become_replacements),
        cmocka_unit_test(text_utf8__repair_replaces_nul),
        cmocka_unit_test(text_utf8__random_bytes_are_repaired),
        cmocka_unit_test(text_utf8__cut_keeps_sequences_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
