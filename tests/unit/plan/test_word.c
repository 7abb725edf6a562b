/*
 * Words of queries to slots, against a made-up index; the thesaurus.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "searcher/plan/gather.h"
#include "searcher/plan/word.h"
#include "searcher/query/parse.h"
#include "searcher/query/print.h"

typedef struct desk {
    pc_analyzer *analyzer;
    pc_arena arena;
    ps_synonyms *synonyms;
} desk;

/* The words of the index and their frequencies; forms end in an asterisk. */
static const struct {
    const char *word;
    uint64_t df;
} index_words[] = {{"cyber", 10},     {"secur", 50},  {"cybersecur", 4},
                   {"land", 30},      {"mine", 20},   {"landmin", 8},
                   {"f", 9},          {"16", 99},     {"f16", 3},
                   {"report", 90},    {"re", 5},      {"port", 20},
                   {"polici", 70},    {"maker", 9},   {"us", 99},
                   {"landmine-*", 4}, {"report-*", 2}};

static int find_df(void *user, pc_str word, bool form, uint64_t *df)
{
    (void)user;
    *df = 0;
    for (size_t i = 0; i < PC_COUNTOF(index_words); i++) {
        pc_str w = pc_str_of(index_words[i].word);
        bool is_form = pc_str_ends(w, PC_STR_LIT("*"));
        w.len -= is_form;
        if (is_form == form && pc_str_eq(w, word))
            *df = index_words[i].df;
    }
    return 0;
}

static int make_desk(void **state)
{
    desk *d = calloc(1, sizeof *d);
    assert_non_null(d);
    assert_int_equal(pc_analyzer_open(&d->analyzer, "english", NULL, NULL), 0);
    assert_int_equal(ps_synonyms_new(&d->synonyms, NULL, NULL), 0);
    pc_arena_init(&d->arena, NULL, 0);
    *state = d;
    return 0;
}

static int clear_desk(void **state)
{
    desk *d = *state;
    pc_analyzer_free(d->analyzer);
    ps_synonyms_free(d->synonyms);
    pc_arena_release(&d->arena);
    free(d);
    return 0;
}

/* Slots as [alternative|alternative] with stems at offsets other than the
   next in parentheses, and the length of alternatives if it is not the number
   of their words. */
static void describe(desk *d, const char *text, bool exact,
                     const ps_synonyms *synonyms, char *out, size_t cap)
{
    ps_words words;
    const ps_lexicon lexicon = {.df = find_df, .unknown = true};
    size_t n = 0;
    out[0] = 0;
    assert_int_equal(ps_words_make(&words, pc_str_of(text), exact, d->analyzer,
                                   &lexicon, synonyms, &d->arena, NULL),
                     0);
    for (uint32_t i = 0; i < words.n; i++) {
        n += (size_t)snprintf(out + n, cap - n, "[");
        for (uint32_t k = 0; k < words.slots[i].n; k++) {
            const ps_word_alt *a = &words.slots[i].alts[k];
            n += (size_t)snprintf(out + n, cap - n, "%s", k ? "|" : "");
            for (uint32_t j = 0; j < a->n; j++) {
                pc_str s = exact ? a->terms[j].form : a->terms[j].stem;
                n += (size_t)snprintf(out + n, cap - n, "%s%.*s", j ? " " : "",
                                      PC_STR_ARG(s));
                if (a->terms[j].offset != j)
                    n += (size_t)snprintf(out + n, cap - n, "(%u)",
                                          a->terms[j].offset);
            }
            if (a->len != a->n)
                n += (size_t)snprintf(out + n, cap - n, "/%u", a->len);
            assert_true(n < cap);
        }
        n += (size_t)snprintf(out + n, cap - n, "]");
    }
}

static void check(desk *d, const char *text, bool exact,
                  const ps_synonyms *synonyms, const char *want)
{
    char got[1024];
    describe(d, text, exact, synonyms, got, sizeof got);
    if (strcmp(got, want) != 0)
        fail_msg("'%s' is %s, not %s", text, got, want);
}

static void plan_word__slots(void **state)
{
    static const struct {
        const char *text;
        const char *want;
    } cases[] = {
        {"", ""},
        {"treaty", "[treati]"},
        {"nuclear treaty", "[nuclear][treati]"},
        {"cyber-security", "[cyber secur|cybersecur]"},
        {"cybersecurity", "[cybersecur|cyber secur]"},
        {"cyber security", "[cyber secur|cybersecur]"},
        {"a cyber-security plan", "[a][cyber secur|cybersecur][plan]"},
        {"land mine", "[land mine|landmin]"},
        {"landmine", "[landmin|land mine]"},
        /* hyphened too seldom, but in a phrase places matter */
        {"report", "[report]"},
        {"a report", "[a][report|re port]"},
        /* not in the index: any two words of it */
        {"policymaker", "[policymak|polici maker]"},
        {"reland", "[reland]"},
        {"F-16", "[f 16|f16]"},
        {"F16", "[f16|f 16]"},
        {"F 16", "[f 16|f16]"},
        {"U.S. report-up", "[us][report up|reportup]"},
        {"CVE-2014-0160", "[cve 2014 0160|cve:2014-0160/3|cve:2014-0160]"},
        {"cve:2014-0160", "[cve:2014-0160]"},
        {"10 U.S.C. \u00A7 2304", "[10 usc 2304|usc:10/2304/3|usc:10/2304]"},
        {"by E.O. 13636 on",
         "[by][eo 13636|eo:13636(1)/2|eo:13636(2)/3|eo:13636(3)/4][on]"},
        {"on 2014-06-12",
         "[on][2014 06 12|date:2014-06-12|date:2014-06-12(2)/3|date:2014-06-12(3)/4|date:2014-06-12(4)/5]"},
        {"first, x \u0301 y", "[first][x][y]"},
        {"\u9996\u90FD\u570F", "[\u9996\u90FD \u90FD\u570F/3]"},
        {"\u90FD", "[\u90FD]"},
        {"\uAD6D\uAC00\uC548\uBCF4",
         "[\uAD6D\uAC00 \uAC00\uC548 \uC548\uBCF4/4|\uAD6D\uAC00 \uC548\uBCF4(2)/4]"},
        {"x \u9996\u90FD y", "[x][\u9996\u90FD/2][y]"},
    };
    for (size_t i = 0; i < PC_COUNTOF(cases); i++)
        check(*state, cases[i].text, false, NULL, cases[i].want);
}

static void plan_word__exact_words_are_as_written(void **state)
{
    check(*state, "cyber-security", true, NULL, "[cybersecurity-]");
    check(*state, "cybersecurity", true, NULL, "[cybersecurity]");
    check(*state, "cyber security", true, NULL, "[cyber][security]");
    check(*state, "Policies", true, NULL, "[policies]");
    check(*state, "U.S.", true, NULL, "[US]");
}

static const char thesaurus[] = "# comment\n"
                                "Kyiv, Kiev\r\n"
                                "  \n"
                                "MoD, Ministry of Defence # the ministry\n"
                                "drone => UAV, unmanned aircraft\n"
                                "al-Qaeda, al-Qaida\n";

static void plan_word__synonyms(void **state)
{
    desk *d = *state;
    const ps_synonyms *s = d->synonyms;
    assert_int_equal(ps_synonyms_add(d->synonyms, pc_str_of(thesaurus), "t",
                                     NULL, d->analyzer, NULL),
                     0);
    check(d, "kiev", false, s, "[kiev|kyiv]");
    check(d, "Kyiv talks", false, s, "[kyiv|kiev][talk]");
    check(d, "MoD", false, s, "[mod|ministri of defenc]");
    check(d, "mod", false, s, "[mod]");
    check(d, "the Ministry of Defence said", false, s,
          "[the][ministri of defenc|mod][said]");
    check(d, "drones", false, s, "[drone|uav|unman aircraft]");
    check(d, "UAV", false, s, "[uav]");
    check(d, "al-Qaeda", false, s, "[al qaeda|alqaeda|al qaida|alqaida]");
    check(d, "alqaida", false, s, "[alqaida|al qaeda|alqaeda]");
    check(d, "Kiev", true, s, "[kiev]");
}

static void plan_word__synonyms_of_a_language(void **state)
{
    desk *d = *state;
    const ps_synonym *found;
    pc_analyzer *several;
    size_t n;
    const uint8_t en = (uint8_t)(pc_language_of_code(PC_STR_LIT("en")) + 1);
    assert_int_equal(pc_analyzer_open(&several, "auto/german", NULL, NULL), 0);
    assert_int_equal(
        ps_synonyms_add(d->synonyms,
                        PC_STR_LIT("@en\nxlabour, xlabor\n@all\nxa, xb\n"), "t",
                        NULL, several, NULL),
        0);
    found = ps_synonyms_find(d->synonyms, PC_STR_LIT("xlabor"), &n);
    assert_int_equal(n, 1);
    assert_int_equal(found->only, en);
    found = ps_synonyms_find(d->synonyms, PC_STR_LIT("xa"), &n);
    assert_int_equal(n, 1);
    assert_int_equal(found->only, 0);
    pc_analyzer_free(several);
}

static void plan_synonyms__mistakes_are_named(void **state)
{
    desk *d = *state;
    static const struct {
        const char *text;
        const char *message;
    } bad[] = {
        {"a, b\nc,, d", "t, line 2: nothing between two marks"},
        {"a, b\nc =>", "t, line 2: nothing between two marks"},
        {"a => b => c", "t, line 1: two arrows"},
        {"a, --", "t, line 1: \"--\" has no word"},
        {"a b c d e f g h i j k l m n o p q, x",
         "t, line 1: \"a b c d e f g h i j k l m n o p q\" has too many words"},
    };
    for (size_t i = 0; i < PC_COUNTOF(bad); i++) {
        parasol_error err = {0};
        size_t n;
        assert_int_equal(ps_synonyms_add(d->synonyms, pc_str_of(bad[i].text),
                                         "t", NULL, d->analyzer, &err),
                         PARASOL_ARG);
        assert_string_equal(err.message, bad[i].message);
        assert_null(ps_synonyms_find(d->synonyms, PC_STR_LIT("a"), &n));
    }
    char many[400] = "x";
    for (unsigned i = 0; i < 33; i++) {
        size_t n = strlen(many);
        (void)snprintf(many + n, sizeof many - n, "%su%u", i ? ", " : " => ",
                       i);
    }
    assert_int_equal(ps_synonyms_add(d->synonyms, pc_str_of(many), "t", NULL,
                                     d->analyzer, NULL),
                     PARASOL_ARG);
}

static void check_gathered(desk *d, const char *text, const char *want)
{
    ps_warnings warnings = {0};
    ps_node *root = NULL;
    const ps_node *gathered;
    pc_buf b;
    assert_int_equal(
        ps_parse(&root, &warnings, pc_str_of(text), &d->arena, NULL), 0);
    gathered = root;
    assert_int_equal(
        ps_gather(&gathered, d->synonyms, d->analyzer, &d->arena, NULL), 0);
    pc_buf_init(&b, NULL);
    ps_print(&b, gathered);
    if (!pc_str_eq(pc_buf_str(&b), pc_str_of(want)))
        fail_msg("'%s' became '%.*s'", text, PC_STR_ARG(pc_buf_str(&b)));
    pc_buf_release(&b);
}

static void plan_gather__words_that_belong_together(void **state)
{
    desk *d = *state;
    assert_int_equal(ps_synonyms_add(d->synonyms, pc_str_of(thesaurus), "t",
                                     NULL, d->analyzer, NULL),
                     0);
    check_gathered(d, "nuclear treaty", "nuclear treaty");
    check_gathered(d, "see 10 U.S.C. \u00A7 2304 now",
                   "see 10 U.S.C. \u00A7 2304 now");
    check_gathered(d, "F 16 jets", "\"F 16\" jets");
    check_gathered(d, "A 16", "A 16");
    check_gathered(d, "F 16^2", "F 16^2");
    check_gathered(d, "F OR 16", "F OR 16");
    check_gathered(d, "the Ministry of Defence said",
                   "the \"Ministry of Defence\" Ministry of Defence said");
    check_gathered(d, "+Ministry +of +Defence", "+Ministry +of +Defence");
    /* Accents: as typed is better. */
    check_gathered(d, "\u00E9tude", "+\u00E9tude =\u00E9tude^0.1");
    check_gathered(d, "une \u00E9tude^2 x",
                   "une (+\u00E9tude =\u00E9tude^0.1)^2 x");
    check_gathered(d, "=\u00E9tude", "=\u00E9tude");
    check_gathered(d, "Stra\u00DFe \u9996\u90FD O\u2019Brien",
                   "Stra\u00DFe \u9996\u90FD O\u2019Brien");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plan_word__slots, make_desk,
                                        clear_desk),
        cmocka_unit_test_setup_teardown(plan_word__exact_words_are_as_written,
                                        make_desk, clear_desk),
        cmocka_unit_test_setup_teardown(plan_word__synonyms, make_desk,
                                        clear_desk),
        cmocka_unit_test_setup_teardown(plan_word__synonyms_of_a_language,
                                        make_desk, clear_desk),
        cmocka_unit_test_setup_teardown(plan_synonyms__mistakes_are_named,
                                        make_desk, clear_desk),
        cmocka_unit_test_setup_teardown(plan_gather__words_that_belong_together,
                                        make_desk, clear_desk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
