/*
 * Normalisation and folding, against the Unicode test data, a table of our
 * own and, when built with PARASOL_TEST_UTF8PROC, the utf8proc library.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/text/fold.h"
#include "common/text/ucd_tables.h"
#include "common/text/utf8.h"
#include "tests/unit/text/ucd_file.h"

#ifdef PARASOL_TEST_UTF8PROC
#include <utf8proc.h>
#endif

typedef int (*fold_function)(pc_buf *out, pc_str in);

static void check(fold_function fold, pc_str in, pc_str want, unsigned line)
{
    pc_buf got;
    pc_buf_init(&got, NULL);
    assert_int_equal(fold(&got, in), PARASOL_OK);
    if (!pc_str_eq(pc_buf_str(&got), want))
        fail_msg("line %u: '%.*s' became '%.*s', not '%.*s'", line,
                 PC_STR_ARG(in), PC_STR_ARG(pc_buf_str(&got)),
                 PC_STR_ARG(want));
    pc_buf_release(&got);
}

static void text_fold__all_of_normalization_test(void **state)
{
    (void)state;
    ucd_file u;
    if (!ucd_file_open(&u, "NormalizationTest.txt.bz2"))
        skip();
    unsigned lines = 0;
    char *seen = calloc(0x110000, 1);
    assert_non_null(seen);
    while (ucd_file_line(&u)) {
        char column[5][512];
        size_t len[5];
        const char *p = u.line;
        if (*p == '@')
            continue;
        for (int i = 0; i < 5; i++) {
            len[i] = ucd_file_points(&p, column[i], sizeof column[i]);
            assert_int_equal(*p, ';');
            p++;
        }
        for (int i = 0; i < 5; i++)
            check(pc_nfkc, (pc_str){column[i], len[i]},
                  (pc_str){column[3], len[3]}, u.number);
        const char *q = column[0];
        uint32_t cp = pc_utf8_next(&q, q + len[0]);
        if (q == column[0] + len[0])
            seen[cp] = 1;
        lines++;
    }
    ucd_file_close(&u);
    assert_true(lines > 19000);
    /* What part 1 of the file does not list is its own normalisation. */
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char raw[PC_UTF8_MAX];
        size_t n = pc_utf8_encode(cp, raw);
        if (!seen[cp])
            check(pc_nfkc, (pc_str){raw, n}, (pc_str){raw, n}, cp);
    }
    free(seen);
}

/* The file gives, for each code point, the result of the standard's own
   definition; ours starts from the decomposed form, so compare that way. */
static void text_fold__all_of_nfkc_casefold(void **state)
{
    (void)state;
    ucd_file u;
    if (!ucd_file_open(&u, "DerivedNormalizationProps.txt"))
        skip();
    unsigned points = 0;
    while (ucd_file_line(&u)) {
        char raw[256];
        char *at;
        uint32_t first = (uint32_t)strtoul(u.line, &at, 16);
        uint32_t last = first;
        if (at[0] == '.')
            last = (uint32_t)strtoul(at + 2, &at, 16);
        at += strspn(at, " ;");
        if (strncmp(at, "NFKC_CF;", 8) != 0)
            continue;
        const char *p = at + 8;
        size_t len = ucd_file_points(&p, raw, sizeof raw);
        for (uint32_t cp = first; cp <= last; cp++) {
            char in[PC_UTF8_MAX];
            size_t n = pc_utf8_encode(cp, in);
            pc_buf nfc;
            pc_buf_init(&nfc, NULL);
            assert_int_equal(pc_nfkc(&nfc, (pc_str){raw, len}), PARASOL_OK);
            check(pc_fold_case, (pc_str){in, n}, pc_buf_str(&nfc), u.number);
            pc_buf_release(&nfc);
            points++;
        }
    }
    ucd_file_close(&u);
    assert_true(points > 10000);
}

typedef struct fold_case {
    const char *in;
    const char *folded;
    const char *plain;
} fold_case;

static const fold_case fold_cases[] = {
    {"", "", ""},
    {"Hello, World!", "hello, world!", "hello, world!"},
    {"Étude", "étude", "etude"},
    {"E\u0301tude", "étude", "etude"},
    {"co\u00ADoperate", "cooperate", "cooperate"},
    {"a\u00AD\u0308", "ä", "a"},
    {"Straße", "strasse", "strasse"},
    {"STRAẞE", "strasse", "strasse"},
    {"eﬃcient ﬂow", "efficient flow", "efficient flow"},
    {"ＮＡＴＯ２０１４", "nato2014", "nato2014"},
    {"ｶﾞ", "ガ", "ガ"},
    {"か\u3099", "が", "が"},
    {"İstanbul", "i\u0307stanbul", "istanbul"},
    {"ISTANBUL ılık", "istanbul ılık", "istanbul ilik"},
    {"Łódź", "łódź", "lodz"},
    {"Đorđe", "đorđe", "dorde"},
    {"Ærøskøbing", "ærøskøbing", "aeroskobing"},
    {"Œuvre", "œuvre", "oeuvre"},
    {"Þór Ðís", "þór ðís", "thor dis"},
    {"Zürich Malmö Ångström", "zürich malmö ångström", "zurich malmo angstrom"},
    {"\u212Bngstro\u0308m", "ångström", "angstrom"},
    {"ΠΟΛΙΤΙΚΉ πολιτικής", "πολιτική πολιτικήσ", "πολιτικη πολιτικησ"},
    {"\u1F80", "ἀι", "αι"},
    {"Ёлка Чайка Їжак", "ёлка чайка їжак", "елка чайка їжак"},
    {"и\u0306", "й", "й"},
    {"मंत्री", "मंत्री", "मंत्री"},
    {"\u0958", "\u0915\u093C", "\u0915"},
    {"हिन्दी", "हिन्दी", "हिंदी"},
    {"चाँद", "चाँद", "चांद"},
    {"ก็น้ำ", "ก็น\u0E49\u0E4D\u0E32", "ก็น\u0E49\u0E4D\u0E32"},
    {"\u05E9\u05B8\u05C1\u05DC\u05D5\u05B9\u05DD",
     "\u05E9\u05B8\u05C1\u05DC\u05D5\u05B9\u05DD", "שלום"},
    {"كِتَابٌ", "كِتَابٌ", "كتاب"},
    {"أمن", "أمن", "امن"},
    {"عـــلم", "عـــلم", "علم"},
    {"か\u20DD\u3099", "か\u20DD\u3099", "が"},
    {"한국", "한국", "한국"},
    {"\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국", "한국"},
    {"日本\uFE00", "日本", "日本"},
    {"x² ½ ™ №", "x2 1\u20442 tm no", "x2 1\u20442 tm no"},
    {"𝕮𝖞𝖇𝖊𝖗", "cyber", "cyber"},
    {"Việt Nam", "việt nam", "viet nam"},
    {"\xFF"
     "A\xC3",
     "\uFFFDa\uFFFD", "\uFFFDa\uFFFD"},
};

static void text_fold__table_of_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PC_COUNTOF(fold_cases); i++) {
        const fold_case *c = &fold_cases[i];
        check(pc_fold_case, pc_str_of(c->in), pc_str_of(c->folded), i);
        check(pc_fold_case, pc_str_of(c->folded), pc_str_of(c->folded), i);
        check(pc_fold_marks, pc_str_of(c->folded), pc_str_of(c->plain), i);
        check(pc_fold_marks, pc_str_of(c->plain), pc_str_of(c->plain), i);
    }
}

/* The form must not depend on how the text was normalised, nor folding twice
   change it; this is what cutting a text into runs could break. */
static void text_fold__random_text_folds_once(void **state)
{
    (void)state;
    uint64_t rng = test_seed("text_fold__random_text_folds_once");
    static const uint32_t pick[] = {
        'a',   'E',    ' ',    0xE9,   0x301,  0x308,  0x323,   0x345,
        0xAD,  0x200D, 0x1100, 0x1161, 0x11A8, 0xAC00, 0xAC01,  0x1F80,
        0x130, 0xDF,   0xFB01, 0xFF76, 0xFF9E, 0x304B, 0x3099,  0x9BC,
        0x9C7, 0x9BE,  0x315,  0x300,  0x5AE,  0x334,  0x1D15E, 0x2F800};
    pc_buf in;
    pc_buf one;
    pc_buf two;
    pc_buf_init(&in, NULL);
    pc_buf_init(&one, NULL);
    pc_buf_init(&two, NULL);
    for (unsigned round = 0; round < 30000; round++) {
        pc_buf_clear(&in);
        pc_buf_clear(&one);
        pc_buf_clear(&two);
        size_t n = test_rng(&rng) % (round % 100 ? 12 : 300);
        for (size_t i = 0; i < n; i++)
            pc_utf8_put(&in, test_rng(&rng) % 8
                                 ? pick[test_rng(&rng) % PC_COUNTOF(pick)]
                                 : (uint32_t)(test_rng(&rng) % 0x11000));
        assert_int_equal(pc_fold_case(&one, pc_buf_str(&in)), 0);
        assert_int_equal(pc_nfkc(&two, pc_buf_str(&one)), 0);
        assert_true(pc_str_eq(pc_buf_str(&one), pc_buf_str(&two)));
        pc_buf_clear(&two);
        assert_int_equal(pc_fold_marks(&two, pc_buf_str(&one)), 0);
        check(pc_nfkc, pc_buf_str(&two), pc_buf_str(&two), round);
        check(pc_fold_marks, pc_buf_str(&two), pc_buf_str(&two), round);
    }
    pc_buf_release(&in);
    pc_buf_release(&one);
    pc_buf_release(&two);
}

static void text_fold__many_marks_are_ordered(void **state)
{
    (void)state;
    pc_buf in;
    pc_buf want;
    pc_buf_init(&in, NULL);
    pc_buf_init(&want, NULL);
    pc_buf_put_z(&in, "q");
    pc_buf_put_z(&want, "q");
    for (unsigned i = 0; i < 100000; i++)
        pc_buf_put_z(&in, i % 2 ? "\u0323" : "\u0301");
    for (unsigned i = 0; i < 100000; i++)
        pc_buf_put_z(&want, i < 50000 ? "\u0323" : "\u0301");
    check(pc_nfkc, pc_buf_str(&in), pc_buf_str(&want), 0);
    check(pc_fold_case, pc_buf_str(&in), pc_buf_str(&want), 0);
    check(pc_fold_marks, pc_buf_str(&in), PC_STR_LIT("q"), 0);
    pc_buf_release(&in);
    pc_buf_release(&want);
}

/* fold.c cuts text before every ASCII byte. */
static void text_fold__ascii_never_joins(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp < 0x80; cp++)
        assert_false(pc_ucd_class(cp) & (PC_UCD_JOINS | PC_UCD_COMPOSES));
}

static void text_fold__agrees_with_utf8proc(void **state)
{
    (void)state;
#ifdef PARASOL_TEST_UTF8PROC
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
        char raw[PC_UTF8_MAX + 1] = {0};
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        size_t n = pc_utf8_encode(cp, raw);
        utf8proc_uint8_t *want =
            utf8proc_NFKC_Casefold((const utf8proc_uint8_t *)raw);
        assert_non_null(want);
        /* It keeps unassigned default ignorables, against the standard. */
        if (utf8proc_category((utf8proc_int32_t)cp) != UTF8PROC_CATEGORY_CN)
            check(pc_fold_case, (pc_str){raw, n}, pc_str_of((const char *)want),
                  cp);
        free(want);
        want = utf8proc_NFKC((const utf8proc_uint8_t *)raw);
        assert_non_null(want);
        check(pc_nfkc, (pc_str){raw, n}, pc_str_of((const char *)want), cp);
        free(want);
    }
#else
    (void)printf("skipped: built without PARASOL_TEST_UTF8PROC\n");
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_fold__all_of_normalization_test),
        cmocka_unit_test(text_fold__all_of_nfkc_casefold),
        cmocka_unit_test(text_fold__table_of_words),
        cmocka_unit_test(text_fold__random_text_folds_once),
        cmocka_unit_test(text_fold__many_marks_are_ordered),
        cmocka_unit_test(text_fold__ascii_never_joins),
        cmocka_unit_test(text_fold__agrees_with_utf8proc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
