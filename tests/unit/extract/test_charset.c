/*
 * The same sentences in many encodings, and bytes that are of none.
 */
#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/indexer.h>

#include "indexer/extract/charset.h"

static const char french[] =
    "La conf\xc3\xa9rence des pr\xc3\xa9sidents a \xc3\xa9t\xc3\xa9 avanc"
    "\xc3\xa9"
    "e \xc3\xa0 la fin de l\xe2\x80\x99\xc3\xa9t\xc3\xa9.\n";

static const char japanese[] =
    "\xe6\x97\xa5\xe6\x9c\xac\xe3\x81\xae\xe9\x98\xb2\xe8\xa1\x9b\xe7\x9c\x81"
    "\xe3\x81\xaf\xe3\x80\x81\xe3\x82\xb5\xe3\x82\xa4\xe3\x83\x90\xe3\x83\xbc"
    "\xe6\x94\xbb\xe6\x92\x83\xe3\x81\xab\xe5\x82\x99\xe3\x81\x88\xe3\x82\x8b"
    "\xe3\x81\x9f\xe3\x82\x81\xe3\x81\xae\xe6\x96\xb0\xe3\x81\x97\xe3\x81\x84"
    "\xe9\x83\xa8\xe9\x9a\x8a\xe3\x82\x92\xe8\xa8\xad\xe3\x81\x91\xe3\x81\x9f"
    "\xe3\x80\x82\n";

static const char russian[] =
    "\xd0\x9c\xd0\xb8\xd0\xbd\xd0\xb8\xd1\x81\xd1\x82\xd0\xb5\xd1\x80\xd1\x81"
    "\xd1\x82\xd0\xb2\xd0\xbe \xd0\xbe\xd0\xb1\xd0\xbe\xd1\x80\xd0\xbe\xd0\xbd"
    "\xd1\x8b \xd0\xbe\xd0\xbf\xd1\x83\xd0\xb1\xd0\xbb\xd0\xb8\xd0\xba\xd0\xbe"
    "\xd0\xb2\xd0\xb0\xd0\xbb\xd0\xbe \xd0\xb7\xd0\xb0\xd1\x8f\xd0\xb2\xd0\xbb"
    "\xd0\xb5\xd0\xbd\xd0\xb8\xd0\xb5.\n";

typedef struct outcome {
    pc_buf store;
    pc_str text;
    int skip;
} outcome;

static void decode(outcome *o, pc_str in, bool markup)
{
    parasol_error err = {0};
    pc_buf_init(&o->store, NULL);
    assert_int_equal(
        pi_charset_decode(&o->text, &o->store, in, markup, &o->skip, &err),
        PARASOL_OK);
}

/* `text` (UTF-8) a few times over in the encoding `name`. */
static size_t encode(char *out, size_t cap, const char *text, const char *name)
{
    char copy[1024];
    size_t n = 0;
    for (int i = 0; i < 6; i++) {
        memcpy(copy + n, text, strlen(text));
        n += strlen(text);
    }
    iconv_t cd = iconv_open(name, "UTF-8");
    assert_true(cd != (iconv_t)-1);
    char *from = copy;
    char *to = out;
    size_t left = n;
    size_t room = cap;
    assert_int_equal(iconv(cd, &from, &left, &to, &room), 0);
    assert_int_equal(iconv(cd, NULL, NULL, &to, &room), 0);
    assert_int_equal(iconv_close(cd), 0);
    return cap - room;
}

static void check_round(const char *text, const char *name)
{
    char bytes[2048];
    outcome o;
    size_t n = encode(bytes, sizeof bytes, text, name);
    decode(&o, (pc_str){bytes, n}, false);
    if (o.skip || o.text.len < strlen(text) ||
        memcmp(o.text.ptr, text, strlen(text)) != 0)
        print_error("encoding %s\n", name);
    assert_int_equal(o.skip, PARASOL_SKIP_NONE);
    assert_int_equal(o.text.len, 6 * strlen(text));
    assert_memory_equal(o.text.ptr, text, strlen(text));
    pc_buf_release(&o.store);
}

static void extract_charset__finds_common_encodings(void **state)
{
    (void)state;
    check_round(french, "UTF-8");
    check_round(french, "WINDOWS-1252");
    check_round(french, "UTF-16");
    check_round(french, "UTF-16LE");
    check_round(french, "UTF-16BE");
    check_round(french, "UTF-32");
    check_round(japanese, "UTF-8");
    check_round(japanese, "SHIFT_JIS");
    check_round(japanese, "EUC-JP");
    check_round(japanese, "ISO-2022-JP");
    check_round(japanese, "UTF-16");
    check_round(russian, "KOI8-R");
    check_round(russian, "WINDOWS-1251");
}

static void check_text(const char *in, size_t n, bool markup, const char *want)
{
    outcome o;
    decode(&o, (pc_str){in, n}, markup);
    assert_int_equal(o.skip, PARASOL_SKIP_NONE);
    assert_int_equal(o.text.len, strlen(want));
    assert_memory_equal(o.text.ptr, want, o.text.len);
    pc_buf_release(&o.store);
}

#define CHECK_TEXT(lit, markup, want)                                          \
    check_text(lit, sizeof(lit) - 1, markup, want)

static void extract_charset__takes_declarations_and_marks(void **state)
{
    (void)state;
    CHECK_TEXT("\xef\xbb\xbf"
               "abc",
               false, "abc");
    CHECK_TEXT("\xef\xbb\xbf"
               "a\xff"
               "c",
               false,
               "a\xef\xbf\xbd"
               "c");
    CHECK_TEXT("<meta charset=iso-8859-2>\xb1", true,
               "<meta charset=iso-8859-2>\xc4\x85");
    CHECK_TEXT("<META content='text/html; charset=\"KOI8-R\"'>\xc1", true,
               "<META content='text/html; charset=\"KOI8-R\"'>\xd0\xb0");
    CHECK_TEXT("<?xml version='1.0' encoding='iso-8859-1'?>\x93", true,
               "<?xml version='1.0' encoding='iso-8859-1'?>\xe2\x80\x9c");
    /* Declared wrongly: what is UTF-8 stays so. */
    CHECK_TEXT("<meta charset=iso-8859-1>\xc3\xa9", true,
               "<meta charset=iso-8859-1>\xc3\xa9");
    CHECK_TEXT("<meta charset=no-such-thing>caf\xe9", true,
               "<meta charset=no-such-thing>caf\xc3\xa9");
    CHECK_TEXT("caf\xe9 and some more English words around it", false,
               "caf\xc3\xa9 and some more English words around it");
}

static void extract_charset__repairs_a_little_broken_utf8(void **state)
{
    char in[1000];
    outcome o;
    (void)state;
    memset(in, 'a', sizeof in);
    memcpy(in + 100, "\xc3\xa9\xc3\xa9\xe3\x81\x82", 7);
    in[500] = '\xff';
    in[700] = '\xc3';
    decode(&o, (pc_str){in, sizeof in}, false);
    assert_int_equal(o.skip, PARASOL_SKIP_NONE);
    assert_int_equal(o.text.len, sizeof in + 4);
    assert_memory_equal(o.text.ptr + 500,
                        "\xef\xbf\xbd"
                        "a",
                        4);
    assert_memory_equal(o.text.ptr + 702,
                        "\xef\xbf\xbd"
                        "a",
                        4);
    pc_buf_release(&o.store);
}

static void extract_charset__refuses_what_is_no_text(void **state)
{
    char in[2000];
    outcome o;
    uint32_t seed = 12345;
    (void)state;
    /* Bytes above ASCII in no order. */
    for (size_t i = 0; i < sizeof in; i++) {
        seed = seed * 1664525u + 1013904223u;
        in[i] = (char)(0x80 | seed >> 24);
    }
    decode(&o, (pc_str){in, sizeof in}, false);
    assert_int_equal(o.skip, PARASOL_SKIP_DECODE);
    pc_buf_release(&o.store);
    /* All bytes in no order. */
    for (size_t i = 0; i < sizeof in; i++) {
        seed = seed * 1664525u + 1013904223u;
        in[i] = (char)(seed >> 24);
    }
    decode(&o, (pc_str){in, sizeof in}, false);
    assert_int_equal(o.skip, PARASOL_SKIP_BINARY);
    pc_buf_release(&o.store);
    /* A few zeros, by chance all at even places, are no UTF-16. */
    decode(&o, PC_STR_LIT("\0\1\2\377binary\0"), false);
    assert_int_equal(o.skip, PARASOL_SKIP_BINARY);
    pc_buf_release(&o.store);
}

static void extract_charset__ends_of_wide_text_may_be_missing(void **state)
{
    (void)state;
    CHECK_TEXT("\xff\xfe"
               "a\0b\0c",
               false, "ab");
    CHECK_TEXT("\xfe\xff\0a\xd8\x3d\xde\x00", false, "a\xf0\x9f\x98\x80");
    CHECK_TEXT("\xff\xfe", false, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extract_charset__finds_common_encodings),
        cmocka_unit_test(extract_charset__takes_declarations_and_marks),
        cmocka_unit_test(extract_charset__repairs_a_little_broken_utf8),
        cmocka_unit_test(extract_charset__refuses_what_is_no_text),
        cmocka_unit_test(extract_charset__ends_of_wide_text_may_be_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
