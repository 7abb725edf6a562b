/*
 * Foreign text on terminals and in JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/tool/say.h"

static void check_text(const char *s, size_t n, const char *want)
{
    char *got = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&got, &len);
    assert_non_null(f);
    (void)pc_say_text(f, s, n);
    assert_int_equal(fclose(f), 0);
    assert_string_equal(got, want);
    free(got);
}

static void check_json(const char *s, size_t n, const char *want)
{
    char *got = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&got, &len);
    assert_non_null(f);
    pc_say_json(f, s, n);
    assert_int_equal(fclose(f), 0);
    assert_string_equal(got, want);
    free(got);
}

#define TEXT(s, want) check_text((s), sizeof(s) - 1, (want))
#define JSON(s, want) check_json((s), sizeof(s) - 1, (want))
#define FFFD          "\xEF\xBF\xBD"

static void tool_say__text_cannot_command_a_terminal(void **state)
{
    PC_UNUSED(state);
    TEXT("plain caf\xC3\xA9 \xE9\xA6\x96", "plain caf\xC3\xA9 \xE9\xA6\x96");
    TEXT("a\x1B[31mred\x07", "a" FFFD "[31mred" FFFD);
    TEXT("a\tb\nc\rd", "a b c d");
    TEXT("\x9B" "31m", FFFD "31m");
    TEXT("\xC2\x9B" "31m", FFFD "31m");
    TEXT("\x7F\0", FFFD FFFD);
    TEXT("a\xE2\x80\xAE" "b", "a" FFFD "b");
    TEXT("\xE2\x80", FFFD FFFD);
    TEXT("\xED\xA0\x80", FFFD FFFD FFFD);
    TEXT("", "");
}

static void tool_say__json_strings(void **state)
{
    PC_UNUSED(state);
    JSON("", "\"\"");
    JSON("a\"b\\c/", "\"a\\\"b\\\\c/\"");
    JSON("\n\r\t\b\f\x1B\0", "\"\\n\\r\\t\\u0008\\u000c\\u001b\\u0000\"");
    JSON("\x7F\xC2\x9B", "\"\\u007f\\u009b\"");
    JSON("\xE2\x80\xA8", "\"\\u2028\"");
    JSON("caf\xC3\xA9 \xF0\x9F\x98\x80", "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"");
    JSON("a\xFF" "b\xC3", "\"a" FFFD "b" FFFD "\"");
    JSON("\xC0\xAF\xF5\x80", "\"" FFFD FFFD FFFD FFFD "\"");
}

static void tool_say__every_code_point_decodes_to_itself(void **state)
{
    PC_UNUSED(state);
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        char s[4];
        size_t n = 1;
        if (cp < 0x80) {
            s[0] = (char)cp;
        } else {
            n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
            for (size_t i = n - 1; i > 0; i--)
                s[i] = (char)(0x80 | ((cp >> (6 * (n - 1 - i))) & 0x3F));
            s[0] = (char)((0xF00 >> n) | (cp >> (6 * (n - 1))));
        }
        uint32_t got;
        size_t len = pc_say_decode(s, n, &got);
        bool surrogate = cp >= 0xD800 && cp < 0xE000;
        assert_int_equal(got, surrogate ? 0xFFFD : cp);
        assert_int_equal(len, surrogate ? 1 : n);
        if (n > 1) {
            assert_int_equal(pc_say_decode(s, n - 1, &got), 1);
            assert_int_equal(got, 0xFFFD);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tool_say__text_cannot_command_a_terminal),
        cmocka_unit_test(tool_say__json_strings),
        cmocka_unit_test(tool_say__every_code_point_decodes_to_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
