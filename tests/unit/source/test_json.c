/* The JSON reader: what RFC 8259 has and what it has not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/simd.h"
#include "indexer/source/json.h"

/* The members of an object as "key=kind:text;", or "!column what". */
static const char *read_all(pc_str text)
{
    static char out[4096];
    pc_arena arena;
    pi_json j;
    pc_str key;
    pi_json_value v;
    size_t len = 0;
    pc_arena_init(&arena, NULL, 0);
    /* From a block of its own, so that a sanitizer sees every overrun. */
    char *copy = malloc(text.len ? text.len : 1);
    assert_non_null(copy);
    memcpy(copy, text.ptr, text.len);
    pi_json_init(&j, (pc_str){copy, text.len}, &arena);
    out[0] = 0;
    if (pi_json_open(&j)) {
        while (pi_json_member(&j, &key, &v))
            len += (size_t)snprintf(out + len, sizeof out - len,
                                    "%.*s=%d:%.*s;", PC_STR_ARG(key),
                                    (int)v.kind, PC_STR_ARG(v.text));
    }
    assert_false(j.nomem);
    if (j.wrong)
        (void)snprintf(out, sizeof out, "!%llu %s",
                       (unsigned long long)pi_json_column(&j), j.wrong);
    pc_arena_release(&arena);
    free(copy);
    return out;
}

#define READ(text) read_all(PC_STR_LIT(text))

static void source_json__values(void **state)
{
    (void)state;
    assert_string_equal(READ("{}"), "");
    assert_string_equal(READ(" { } \r\n\t"), "");
    assert_string_equal(READ("{\"a\":\"b\"}"), "a=0:b;");
    assert_string_equal(READ("{ \"a\" : 1 , \"b\" : -0.5e+10 }"),
                        "a=1:1;b=1:-0.5e+10;");
    assert_string_equal(READ("{\"a\":true,\"b\":false,\"c\":null}"),
                        "a=2:true;b=2:false;c=3:null;");
    assert_string_equal(READ("{\"a\":[1,{\"b\":[]}],\"c\":{}}"),
                        "a=4:[1,{\"b\":[]}];c=5:{};");
    assert_string_equal(READ("{\"\":\"\"}"), "=0:;");
    assert_string_equal(READ("{\"a\":0,\"b\":-0,\"c\":10,\"d\":1E5}"),
                        "a=1:0;b=1:-0;c=1:10;d=1:1E5;");
}

static void source_json__strings(void **state)
{
    (void)state;
    assert_string_equal(READ("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}"),
                        "a=0:\"\\/\b\f\n\r\t;");
    assert_string_equal(READ("{\"a\":\"\\u0041\\u00e9\\u20AC\"}"),
                        "a=0:A\xc3\xa9\xe2\x82\xac;");
    assert_string_equal(READ("{\"a\":\"x\\ud83d\\ude00y\"}"),
                        "a=0:x\xf0\x9f\x98\x80y;");
    /* Halves of pairs become the replacement character. */
    assert_string_equal(READ("{\"a\":\"\\ud83d\"}"), "a=0:\xef\xbf\xbd;");
    assert_string_equal(READ("{\"a\":\"\\ude00\\ud83dx\"}"),
                        "a=0:\xef\xbf\xbd\xef\xbf\xbdx;");
    assert_string_equal(READ("{\"a\":\"\\ud83d\\u0041\"}"), "a=0:\xef\xbf\xbd"
                                                            "A;");
    /* Bytes above ASCII are not looked at. */
    assert_string_equal(READ("{\"a\":\"\xff\xc3\xa9\"}"), "a=0:\xff\xc3\xa9;");
    assert_string_equal(READ("{\"a\\tb\":\"0123456789abcdef\\n0123456789\"}"),
                        "a\tb=0:0123456789abcdef\n0123456789;");
    assert_string_equal(READ("{\"a\":\"\x7f\"}"), "a=0:\x7f;");
}

typedef struct wrong {
    const char *text;
    const char *said;
} wrong;

static void source_json__what_is_wrong_and_where(void **state)
{
    (void)state;
    static const wrong cases[] = {
        {"", "!1 it ends in the middle"},
        {"  ", "!3 it ends in the middle"},
        {"[]", "!1 it is not an object"},
        {"\"a\"", "!1 it is not an object"},
        {"{", "!2 a key is missing"},
        {"{\"a", "!4 a string is not closed"},
        {"{\"a\"", "!5 a colon is missing"},
        {"{\"a\":", "!6 it ends in the middle"},
        {"{\"a\":1", "!7 it ends in the middle"},
        {"{\"a\":1,", "!8 a key is missing"},
        {"{\"a\":1,}", "!8 a key is missing"},
        {"{,}", "!2 a key is missing"},
        {"{\"a\":1 \"b\":2}", "!8 a comma is missing"},
        {"{\"a\" 1}", "!6 a colon is missing"},
        {"{a:1}", "!2 a key is missing"},
        {"{\"a\":1}x", "!8 something follows behind the object"},
        {"{\"a\":1}{", "!8 something follows behind the object"},
        {"{\"a\":01}", "!7 a comma is missing"},
        {"{\"a\":+1}", "!6 a value is missing"},
        {"{\"a\":.5}", "!6 a value is missing"},
        {"{\"a\":1.}", "!8 a digit is missing"},
        {"{\"a\":1e}", "!8 a digit is missing"},
        {"{\"a\":-}", "!7 a digit is missing"},
        {"{\"a\":0x1}", "!7 a comma is missing"},
        {"{\"a\":nul}", "!6 a value is missing"},
        {"{\"a\":True}", "!6 a value is missing"},
        {"{\"a\":NaN}", "!6 a value is missing"},
        {"{\"a\":'b'}", "!6 a value is missing"},
        {"{\"a\":\"b", "!8 a string is not closed"},
        {"{\"a\":\"\t\"}", "!7 a control character in a string"},
        {"{\"a\":\"x\\\n\"}", "!9 there is no such escape"},
        {"{\"a\":\"\\x41\"}", "!8 there is no such escape"},
        {"{\"a\":\"\\u12g4\"}", "!11 \\u wants four hexadecimal digits"},
        {"{\"a\":\"\\u12", "!9 an escape is cut short"},
        {"{\"a\":\"\\", "!8 a string is not closed"},
        {"{\"a\":[1,]}", "!9 a value is missing"},
        {"{\"a\":[1 2]}", "!9 a comma is missing"},
        {"{\"a\":[1", "!8 it ends in the middle"},
        {"{\"a\":{\"b\":1]}", "!12 a comma is missing"},
        {"{\"a\":{\"b\"}}", "!10 a colon is missing"},
        {"{\"a\":{1:2}}", "!7 a key is missing"},
        {"{/**/\"a\":1}", "!2 a key is missing"},
    };
    for (size_t i = 0; i < PC_COUNTOF(cases); i++)
        assert_string_equal(read_all(pc_str_of(cases[i].text)), cases[i].said);
    assert_string_equal(read_all((pc_str){"{\"a\":\"\0\"}", 9}),
                        "!7 a control character in a string");
    assert_string_equal(read_all((pc_str){"\0{}", 3}),
                        "!1 it is not an object");
}

/* As deep as allowed, and one more. */
static void source_json__depth(void **state)
{
    (void)state;
    for (unsigned extra = 0; extra < 2; extra++) {
        char text[4 * PI_JSON_DEPTH + 16] = "{\"a\":";
        unsigned n = PI_JSON_DEPTH + extra;
        memset(text + 5, '[', n);
        memset(text + 5 + n, ']', n);
        text[5 + 2 * n] = '}';
        const char *said = read_all((pc_str){text, 6 + 2 * (size_t)n});
        assert_int_equal(said[0], extra ? '!' : 'a');
    }
}

/* Every prefix of a good text is wrong, and no byte behind it is read. */
static void source_json__every_prefix(void **state)
{
    (void)state;
    static const char text[] =
        "{\"id\": \"x\\u00e9\", \"n\": [1.5e3, true, null, {\"k\": \"v\"}], "
        "\"text\": \"a long string with \\\"quotes\\\" and \\ud83d\\ude00\"}";
    for (size_t n = 0; n + 1 < sizeof text - 1; n++)
        assert_int_equal(read_all((pc_str){text, n})[0], '!');
    assert_int_not_equal(read_all((pc_str){text, sizeof text - 1})[0], '!');
}

static void source_json__flatten(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\": [\"one\", 2, {\"k\": \"thr\\u00e9e\", \"l\": [true, null]}]}";
    pc_arena arena;
    pi_json j;
    pc_str key;
    pi_json_value v;
    pc_buf out;
    pc_arena_init(&arena, NULL, 0);
    pc_buf_init(&out, NULL);
    pi_json_init(&j, PC_STR_LIT(text), &arena);
    assert_true(pi_json_open(&j));
    assert_true(pi_json_member(&j, &key, &v));
    assert_int_equal(pi_json_flatten(v, &out, &arena), PARASOL_OK);
    assert_true(pc_str_eq(pc_buf_str(&out), PC_STR_LIT("one\n2\nthr\xc3\xa9"
                                                       "e\ntrue")));
    pc_buf_release(&out);
    pc_arena_release(&arena);
}

/* Each byte at each place, at each level. */
static void source_json__special_bytes(void **state)
{
    (void)state;
    char text[70];
    for (int level = PC_SIMD_SCALAR; level <= pc_simd_cpu(); level++) {
        for (size_t at = 0; at < sizeof text; at++) {
            for (unsigned c = 0; c < 256; c++) {
                memset(text, 'a', sizeof text);
                text[at] = (char)c;
                bool stops = c < 0x20 || c == '"' || c == '\\';
                const char *end = text + sizeof text;
                const char *want = stops ? text + at : end;
                assert_ptr_equal(pi_json_special_at(level)(text, end), want);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source_json__values),
        cmocka_unit_test(source_json__strings),
        cmocka_unit_test(source_json__what_is_wrong_and_where),
        cmocka_unit_test(source_json__depth),
        cmocka_unit_test(source_json__every_prefix),
        cmocka_unit_test(source_json__flatten),
        cmocka_unit_test(source_json__special_bytes),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
