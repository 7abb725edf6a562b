/*
 * From a slice to form and stem; spec and fingerprint.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/text/analyzer.h"
#include "common/text/token.h"
#include "common/text/utf8.h"
#include "tests/unit/text/ucd_file.h"

static pc_analyzer *open_analyzer(const char *language)
{
    pc_analyzer *a = NULL;
    parasol_error err = {0};
    assert_int_equal(pc_analyzer_open(&a, language, NULL, &err), PARASOL_OK);
    return a;
}

typedef struct term_case {
    const char *raw;
    const char *form;
    const char *stem;
} term_case;

/* The kind is that of the tokenizer; the slice must be one token. */
static void check_terms(const char *language, const term_case *cases, size_t n)
{
    pc_analyzer *a = open_analyzer(language);
    for (size_t i = 0; i < n; i++) {
        pc_tokenizer t;
        pc_token tok = {0};
        pc_term term;
        pc_str raw = pc_str_of(cases[i].raw);
        pc_tokenizer_init(&t, raw.ptr, raw.len);
        assert_true(pc_tokenizer_next(&t, &tok));
        assert_int_equal(tok.end, raw.len);
        assert_int_equal(pc_analyzer_term(a, raw, tok.kind, &term), 0);
        if (!pc_str_eq(term.form, pc_str_of(cases[i].form)) ||
            !pc_str_eq(term.stem, pc_str_of(cases[i].stem)))
            fail_msg("%s: '%s' became '%.*s' / '%.*s'", language, cases[i].raw,
                     PC_STR_ARG(term.form), PC_STR_ARG(term.stem));
    }
    pc_analyzer_free(a);
}

static void text_analyzer__english_terms(void **state)
{
    (void)state;
    static const term_case cases[] = {
        {"Negotiations", "negotiations", "negoti"},
        {"inter-\nnational", "international", "internation"},
        {"inter-\r\nnational", "international", "internation"},
        {"inter\u2010\nnational", "international", "internation"},
        {"a-\nb-\r\nc", "abc", "abc"},
        {"co\u00ADoperation", "cooperation", "cooperat"},
        {"O\u2019Brien\u2019s", "o'brien", "obrien"},
        {"O\u2018Brien", "o'brien", "obrien"},
        {"OBrien\uFF07s", "obrien", "obrien"},
        {"O\u02BCBrien", "o'brien", "obrien"},
        {"Russia's", "russia", "russia"},
        {"POLICIES", "policies", "polici"},
        {"don't", "don't", "dont"},
        {"U.S", "US", "us"},
        {"U.S.S.R", "ussr", "ussr"},
        {"example.com's", "example.com", "example.com"},
        {"F16s", "f16s", "f16"},
        {"1,000.50", "1,000.50", "1000.50"},
        {"٢٠١٤", "٢٠١٤", "2014"},
        {"NGOs", "ngo", "ngo"},
        {"ngos", "ngos", "ngos"},
        {"POWs", "POW", "pow"},
        {"1990s", "1990s", "1990s"},
        {"１２", "12", "12"},
        {"_emphasised_", "emphasised", "emphasis"},
        {"_1_", "1", "1"},
        {"snake_cases", "snake_cases", "snake_cases"},
        {"Café", "café", "cafe"},
        {"Cafe\u0301s", "cafés", "cafe"},
        {"Łódź", "łódź", "lodz"},
        {"ﬁnances", "finances", "financ"},
        {"ＮＡＴＯ", "nato", "nato"},
        {"Straßen", "strassen", "strassen"},
        {"Universities", "universities", "university"},
        {"首都", "首都", "首都"},
        {"ガギ", "ガギ", "ガギ"},
        {"ｶﾞｷﾞ", "ガギ", "ガギ"},
        {"한국", "한국", "한국"},
        {"Київ", "київ", "київ"},
        {"s", "s", "s"},
    };
    check_terms("english", cases, PC_COUNTOF(cases));
}

static void text_analyzer__other_languages(void **state)
{
    (void)state;
    static const term_case none[] = {
        {"Negotiations", "negotiations", "negotiations"},
        {"Café", "café", "cafe"},
    };
    static const term_case german[] = {
        {"Häuser", "häuser", "haus"},
        {"Haus", "haus", "haus"},
        {"Straße", "strasse", "strass"},
    };
    static const term_case french[] = {
        {"l\u2019organisation", "organisation", "organis"},
        {"L'Europe", "europe", "europ"},
        {"aujourd'hui", "aujourd'hui", "aujourd'hui"},
        {"qu'elle", "elle", "elle"},
        {"déclarées", "déclarées", "declar"},
        {"déclarer", "déclarer", "declar"},
    };
    static const term_case spanish[] = {
        {"organización", "organización", "organiz"},
        {"Organizaciones", "organizaciones", "organiz"},
    };
    static const term_case russian[] = {
        {"Договоры", "договоры", "договор"},
        {"русский", "русский", "русск"},
        {"русского", "русского", "русск"},
    };
    check_terms("none", none, PC_COUNTOF(none));
    check_terms("german", german, PC_COUNTOF(german));
    check_terms("french", french, PC_COUNTOF(french));
    check_terms("spanish", spanish, PC_COUNTOF(spanish));
    check_terms("russian", russian, PC_COUNTOF(russian));
}

static void text_analyzer__empty_and_invisible(void **state)
{
    (void)state;
    pc_analyzer *a = open_analyzer("english");
    static const char *const raws[] = {"", "\u115F", "__", "'s", "\u00AD"};
    for (size_t i = 0; i < PC_COUNTOF(raws); i++) {
        pc_term term;
        assert_int_equal(
            pc_analyzer_term(a, pc_str_of(raws[i]), PC_TOKEN_WORD, &term), 0);
        assert_int_equal(term.form.len, 0);
        assert_int_equal(term.stem.len, 0);
        assert_non_null(term.form.ptr);
        assert_non_null(term.stem.ptr);
    }
    pc_analyzer_free(a);
    pc_analyzer_free(NULL);
}

static void text_analyzer__long_words_are_cut(void **state)
{
    (void)state;
    pc_analyzer *a = open_analyzer("english");
    pc_term term;
    char raw[9000];
    memset(raw, 'x', sizeof raw);
    assert_int_equal(
        pc_analyzer_term(a, (pc_str){raw, sizeof raw}, PC_TOKEN_WORD, &term),
        0);
    assert_int_equal(term.form.len, PC_TERM_MAX);
    assert_true(term.stem.len <= PC_TERM_MAX);
    /* Four-byte letters from an odd place on. */
    for (size_t i = 1; i + 4 <= sizeof raw; i += 4)
        memcpy(raw + i, "\xF0\x90\x90\xA8", 4);
    assert_int_equal(
        pc_analyzer_term(a, (pc_str){raw, sizeof raw}, PC_TOKEN_WORD, &term),
        0);
    assert_int_equal(term.form.len, 237);
    assert_true(pc_utf8_valid(term.form));
    assert_true(pc_utf8_valid(term.stem));
    pc_analyzer_free(a);
}

static void text_analyzer__random_slices_give_sound_terms(void **state)
{
    (void)state;
    uint64_t rng = test_seed("text_analyzer__random_slices_give_sound_terms");
    static const char *const languages[] = {"english", "none",   "french",
                                            "turkish", "arabic", "hindi"};
    for (size_t l = 0; l < PC_COUNTOF(languages); l++) {
        pc_analyzer *a = open_analyzer(languages[l]);
        for (unsigned round = 0; round < 20000; round++) {
            char raw[400];
            size_t n = test_rng(&rng) % (round % 16 ? 24 : sizeof raw);
            unsigned mode = (unsigned)(test_rng(&rng) % 3);
            for (size_t i = 0; i < n; i++) {
                uint64_t r = test_rng(&rng) >> 24;
                raw[i] = mode == 0   ? (char)(r & 0xFF)
                         : mode == 1 ? (char)("aeis'_.-\n"[r % 9])
                                     : (char)(i & 1 ? 0x80 | (r & 0x3F)
                                                    : 0xC3 + (r & 0x17));
            }
            pc_term term;
            uint8_t kind = (uint8_t)(test_rng(&rng) % 3);
            assert_int_equal(pc_analyzer_term(a, (pc_str){raw, n}, kind, &term),
                             0);
            assert_true(term.form.len <= PC_TERM_MAX);
            assert_true(term.stem.len <= PC_TERM_MAX);
            assert_true(pc_utf8_valid(term.form));
            assert_true(pc_utf8_valid(term.stem));
        }
        pc_analyzer_free(a);
    }
}

static void text_analyzer__spec_opens_the_same_analyzer(void **state)
{
    (void)state;
    pc_analyzer *a = open_analyzer("english");
    pc_analyzer *b = NULL;
    pc_str spec = pc_analyzer_spec(a);
    assert_string_equal(spec.ptr, "parasol/6 unicode/15.0.0 lang/english");
    assert_int_equal(pc_analyzer_open_spec(&b, spec, NULL, NULL), 0);
    assert_true(pc_analyzer_fingerprint(a) == pc_analyzer_fingerprint(b));
    assert_true(pc_str_eq(spec, pc_analyzer_spec(b)));
    pc_analyzer_free(b);
    b = open_analyzer("porter");
    assert_true(pc_analyzer_fingerprint(a) != pc_analyzer_fingerprint(b));
    pc_analyzer_free(a);
    pc_analyzer_free(b);
}

static void text_analyzer__weight_of_titles_is_part_of_it(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"english title/2", "parasol/6 unicode/15.0.0 lang/english title/2"},
        {"de title/9", "parasol/6 unicode/15.0.0 lang/german title/9"},
        {"porter title/3", "parasol/6 unicode/15.0.0 lang/porter title/3"},
        {"auto/de title/4", "parasol/6 unicode/15.0.0 lang/auto/de title/4"},
        {"none title/5", "parasol/6 unicode/15.0.0 lang/none title/5"},
    };
    for (size_t i = 0; i < PC_COUNTOF(names); i++) {
        pc_analyzer *a = open_analyzer(names[i][0]);
        pc_analyzer *b = NULL;
        pc_str spec = pc_analyzer_spec(a);
        assert_string_equal(spec.ptr, names[i][1]);
        assert_int_equal(pc_analyzer_open_spec(&b, spec, NULL, NULL), 0);
        assert_int_equal(pc_analyzer_title_weight(b),
                         spec.ptr[spec.len - 1] - '0');
        assert_true(pc_analyzer_fingerprint(a) == pc_analyzer_fingerprint(b));
        assert_true(pc_str_eq(pc_analyzer_code(a), pc_analyzer_code(b)));
        assert_null(
            memchr(pc_analyzer_code(a).ptr, ' ', pc_analyzer_code(a).len));
        pc_analyzer_free(a);
        pc_analyzer_free(b);
    }
    pc_analyzer *a = open_analyzer("english");
    assert_int_equal(pc_analyzer_title_weight(a), 1);
    pc_analyzer_free(a);
}

static void text_analyzer__other_specs_are_refused(void **state)
{
    (void)state;
    const pc_str bad[] = {
        PC_STR_LIT(""),
        PC_STR_LIT("parasol/1 unicode/15.0.0 lang/english"),
        PC_STR_LIT("parasol/6 unicode/16.0.0 lang/english"),
        PC_STR_LIT("parasol/6 unicode/15.0.0 lang/klingon"),
        PC_STR_LIT("parasol/6 unicode/15.0.0 lang/"),
        PC_STR_LIT("parasol/6 unicode/15.0.0 lang/english\0"),
        PC_STR_LIT("parasol/6 unicode/15.0.0 lang/english stop/yes"),
        PC_STR_LIT("parasol/6 unicode/15.0.0 lang/english title/1"),
        PC_STR_LIT("parasol/6 unicode/15.0.0 lang/english title/"),
        PC_STR_LIT("parasol/6 unicode/15.0.0 lang/english title/22"),
        PC_STR_LIT("parasol/6 unicode/15.0.0 lang/english title/2 title/2"),
        PC_STR_LIT("parasol/6 unicode/15.0.0 lang/ title/2"),
        PC_STR_LIT("parasol/6 unicode/15.0.0 lang/"
                   "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"),
    };
    for (size_t i = 0; i < PC_COUNTOF(bad); i++) {
        pc_analyzer *a = NULL;
        parasol_error err = {0};
        assert_int_equal(pc_analyzer_open_spec(&a, bad[i], NULL, &err),
                         PARASOL_VERSION);
        assert_null(a);
        assert_int_equal(err.code, PARASOL_VERSION);
    }
    pc_analyzer *a = NULL;
    parasol_error err = {0};
    assert_int_equal(pc_analyzer_open(&a, "klingon", NULL, &err), PARASOL_ARG);
    assert_non_null(strstr(err.message, "klingon"));
}

/* ---- memory that runs out ---------------------------------------------- */

typedef struct budget {
    unsigned left;
} budget;

static void *budget_resize(void *ptr, size_t size, void *user)
{
    budget *b = user;
    if (b->left == 0)
        return NULL;
    b->left--;
    return realloc(ptr, size);
}

static void budget_release(void *ptr, void *user)
{
    (void)user;
    free(ptr);
}

static void text_analyzer__each_allocation_may_fail(void **state)
{
    (void)state;
    bool opened = false;
    for (unsigned n = 0; n < 50 && !opened; n++) {
        budget b = {n};
        const pc_mem mem = {budget_resize, budget_release, &b};
        pc_analyzer *a = NULL;
        parasol_error err = {0};
        int rc = pc_analyzer_open(&a, "french", &mem, &err);
        assert_true(rc == PARASOL_OK || rc == PARASOL_NOMEM);
        assert_int_equal(err.code, rc);
        assert_true((a != NULL) == (rc == PARASOL_OK));
        opened = a != NULL;
        pc_analyzer_free(a);
    }
    assert_true(opened);
}

static void text_analyzer__works_again_after_a_failure(void **state)
{
    (void)state;
    budget b = {1000};
    const pc_mem mem = {budget_resize, budget_release, &b};
    pc_analyzer *a = NULL;
    assert_int_equal(pc_analyzer_open(&a, "english", &mem, NULL), 0);
    char raw[3000];
    memset(raw, 'a', sizeof raw);
    memcpy(raw + 1000, "-\n", 2);
    pc_term term;
    b.left = 0;
    assert_int_equal(
        pc_analyzer_term(a, (pc_str){raw, sizeof raw}, PC_TOKEN_WORD, &term),
        PARASOL_NOMEM);
    assert_int_equal(
        pc_analyzer_term(a, PC_STR_LIT("Words"), PC_TOKEN_WORD, &term), 0);
    assert_true(pc_str_eq(term.form, PC_STR_LIT("words")));
    b.left = 1000;
    assert_int_equal(
        pc_analyzer_term(a, (pc_str){raw, sizeof raw}, PC_TOKEN_WORD, &term),
        0);
    assert_int_equal(term.form.len, PC_TERM_MAX);
    pc_analyzer_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_analyzer__english_terms),
        cmocka_unit_test(text_analyzer__other_languages),
        cmocka_unit_test(text_analyzer__empty_and_invisible),
        cmocka_unit_test(text_analyzer__long_words_are_cut),
        cmocka_unit_test(text_analyzer__random_slices_give_sound_terms),
        cmocka_unit_test(text_analyzer__spec_opens_the_same_analyzer),
        cmocka_unit_test(text_analyzer__weight_of_titles_is_part_of_it),
        cmocka_unit_test(text_analyzer__other_specs_are_refused),
        cmocka_unit_test(text_analyzer__each_allocation_may_fail),
        cmocka_unit_test(text_analyzer__works_again_after_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
