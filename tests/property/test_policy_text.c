/*
 * Queries in the words of people who read policy, over a few small documents:
 * each has to return exactly the documents that it is about.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "common/base/base.h"
#include "tests/support/scratch.h"

static const struct {
    const char *id;
    const char *text;
} documents[] = {
    {"us-dots", "The U.S. government signed the accord."},
    {"us-plain", "A US delegation arrived; nobody met it."},
    {"us-pronoun", "They told us nothing about it."},
    {"ussr-dots", "The U.S.S.R. fell apart."},
    {"ussr-plain", "Archives of the USSR were opened."},
    {"mod-case", "A spokesman for the MoD declined."},
    {"mod-caps", "The MOD budget rose again."},
    {"mod-word", "He sells a mod kit for old radios."},
    {"f16-hyphen", "Two F-16 fighters crossed the line."},
    {"f16-joined", "An F16 squadron is based there."},
    {"f16-space", "The F 16 was delivered late."},
    {"f16-apart", "Section F has 16 pages and a table."},
    {"s400", "The S-400 batteries were moved."},
    {"cyber-hyphen", "A national cyber-security strategy was due."},
    {"cyber-joined", "A national cybersecurity strategy was due."},
    {"cyber-open", "A national cyber security strategy was due."},
    {"cyber-apart", "Security matters, and so do cyber tools."},
    {"mine-hyphen", "The land-mine ban entered into force."},
    {"mine-joined", "Every landmine has to be destroyed."},
    {"mine-open", "One land mine was found near the school."},
    {"mine-apart", "The land near the coal mine is poor."},
    {"nonprolif-hyphen", "Non-proliferation talks resumed."},
    {"nonprolif-joined", "The nonproliferation regime weakens."},
    {"cve-this", "Heartbleed is CVE-2014-0160."},
    {"cve-other", "Patches for CVE-2014-0161 and build 0160."},
    {"cve-apart", "In 2014 the CVE list grew by 0160 lines."},
    {"usc-section", "Procurement under 10 U.S.C. \u00A7 2304 is open."},
    {"usc-plain", "See 10 USC 2304(a) for exceptions."},
    {"usc-other", "See 10 U.S.C. \u00A7 2305 instead."},
    {"usc-apart", "In 10 states the U.S.C. has 2304 readers."},
    {"eo-long", "Executive Order 13636 improves resilience."},
    {"eo-short", "Under E.O. 13,636 agencies report."},
    {"eo-apart", "An executive placed an order for 13636 units."},
    {"un-letter", "The letter S/2014/189 was circulated."},
    {"un-other", "The letter S/2014/190 was circulated."},
    {"un-res-symbol", "S/RES/1929 (2010) imposed sanctions."},
    {"un-res-words", "Security Council Resolution 1929 did the same."},
    {"art-word", "Article 5 covers an armed attack."},
    {"art-short", "Art. 5 was invoked once."},
    {"art-other", "Article 6 and 5 others."},
    {"date-iso", "It was tabled on 2014-06-12 at noon."},
    {"date-other", "It was tabled on 2014-06-13, item 12."},
    {"million-commas", "It cost 1,000,000 dollars."},
    {"million-plain", "It cost 1000000 dollars."},
    {"soft-hyphen", "States co\u00ADoperate at sea."},
    {"line-end", "The inter-\nnational court ruled."},
    {"ligature", "\uFB01nancial aid was cut."},
    {"full-width", "\uFF2E\uFF21\uFF34\uFF2F summit in June."},
    {"full-width-f16", "\uFF26\uFF0D\uFF11\uFF18 on patrol."},
    {"apostrophe", "Banquo\u2019s ghost, O\u2019Brien\u2019s report."},
    {"quran", "A Qur'an was burned."},
    {"sharp-s", "Die Wilhelmstra\u00DFe in Berlin."},
    {"sharp-caps", "WILHELMSTRASSE 97"},
    {"turkish", "\u0130stanbul hosted the talks."},
    {"etude-plain", "An etude for piano."},
    {"etude-accent", "Une \u00C9tude de cas."},
    {"capital-jp", "\u65E5\u672C\u306E\u9996\u90FD\u306F\u6771\u4EAC\u3002"},
    {"kyoto-jp", "\u4EAC\u90FD\u306E\u9996\u8F2A\u3002"},
    {"korean", "\uB300\uD55C\uBBFC\uAD6D \uAD6D\uBC29\uBD80"},
    {"thai", "\u0E04\u0E27\u0E32\u0E21\u0E21\u0E31\u0E48\u0E19\u0E04\u0E07"},
    {"kyiv-new", "Talks in Kyiv stalled."},
    {"kyiv-old", "Talks in Kiev stalled."},
    {"qaeda-1", "An al-Qaeda cell."},
    {"qaeda-2", "An al-Qaida cell."},
    {"defence-gb", "The ministry of defence answered."},
    {"defense-us", "The department of defense answered."},
    {"universe", "The expanding universe."},
    {"university", "The university library."},
    {"organ", "An organ transplant."},
    {"organization", "An organization of veterans."},
    {"mail", "Write to press.office@example.org today."},
    {"mail-other", "The press office has an example."},
    {"address", "Traffic came from 192.0.2.17 only."},
    {"address-other", "Traffic came from 192.0.2.18 only."},
};

/* Wanted documents, by their ids, with spaces between, in the order above. */
static const struct {
    const char *query;
    const char *want;
} queries[] = {
    {"U.S.", "us-dots us-plain"},
    {"US", "us-dots us-plain"},
    {"U.S.S.R.", "ussr-dots ussr-plain"},
    {"USSR", "ussr-dots ussr-plain"},
    {"MoD", "mod-case mod-caps defence-gb"},
    {"F-16", "f16-hyphen f16-joined f16-space"},
    {"F16", "f16-hyphen f16-joined f16-space"},
    {"\"F 16\"", "f16-hyphen f16-joined f16-space"},
    {"F 16", "f16-hyphen f16-joined f16-space"},
    {"S400", "s400"},
    {"F-18", "full-width-f16"},
    {"cyber-security", "cyber-hyphen cyber-joined cyber-open"},
    {"cybersecurity", "cyber-hyphen cyber-joined cyber-open"},
    {"\"cyber security\"", "cyber-hyphen cyber-joined cyber-open"},
    {"\"national cyber-security strategy\"",
     "cyber-hyphen cyber-joined cyber-open"},
    {"\"national cybersecurity strategy\"",
     "cyber-hyphen cyber-joined cyber-open"},
    {"=cyber-security", "cyber-hyphen"},
    {"land-mine", "mine-hyphen mine-joined mine-open"},
    {"landmine", "mine-hyphen mine-joined mine-open"},
    {"nonproliferation", "nonprolif-hyphen nonprolif-joined"},
    {"non-proliferation", "nonprolif-hyphen nonprolif-joined"},
    {"CVE-2014-0160", "cve-this"},
    {"cve:2014-0160", "cve-this"},
    {"10 U.S.C. \u00A7 2304", "usc-section usc-plain"},
    {"\"10 USC 2304\"", "usc-section usc-plain"},
    {"usc:10/2304", "usc-section usc-plain"},
    {"E.O. 13636", "eo-long eo-short"},
    {"Executive Order 13636", "eo-long eo-short"},
    {"S/2014/189", "un-letter"},
    {"UNSCR 1929", "un-res-symbol un-res-words"},
    {"Article 5", "art-word art-short"},
    {"2014-06-12", "date-iso"},
    {"1000000", "million-commas million-plain"},
    {"1,000,000", "million-commas million-plain"},
    {"cooperate", "soft-hyphen"},
    {"co-operate", "soft-hyphen"},
    {"international", "line-end"},
    {"financial", "ligature"},
    {"nato", "full-width"},
    {"Banquo", "apostrophe"},
    {"O'Brien", "apostrophe"},
    {"OBrien", "apostrophe"},
    {"Quran", "quran"},
    {"wilhelmstrasse", "sharp-s sharp-caps"},
    {"Wilhelmstra\u00DFe", "sharp-s sharp-caps"},
    {"istanbul", "turkish"},
    {"ISTANBUL", "turkish"},
    {"etude", "etude-plain etude-accent"},
    {"=\u00C9tude", "etude-accent"},
    {"\u9996\u90FD", "capital-jp"},
    {"\u90FD", "capital-jp kyoto-jp"},
    {"\u4EAC\u90FD", "kyoto-jp"},
    {"\uAD6D\uBC29\uBD80", "korean"},
    {"\uAD6D\uBC29", "korean"},
    {"\u0E21\u0E31\u0E48\u0E19\u0E04\u0E07", "thai"},
    {"Kyiv", "kyiv-new kyiv-old"},
    {"Kiev", "kyiv-new kyiv-old"},
    {"=Kiev", "kyiv-old"},
    {"al-Qaeda", "qaeda-1 qaeda-2"},
    {"alqaida", "qaeda-1 qaeda-2"},
    {"defence", "defence-gb defense-us"},
    {"\"department of defence\"", "defense-us"},
    {"university", "university"},
    {"universe", "universe"},
    {"organ", "organ"},
    {"organizations", "organization"},
    {"press.office@example.org", "mail"},
    {"192.0.2.17", "address"},
};

static void make_index(const char *path, uint64_t memory)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.memory = memory;
    assert_int_equal(parasol_indexer_open(&w, path, &o, NULL), PARASOL_OK);
    for (size_t i = 0; i < PC_COUNTOF(documents); i++) {
        parasol_document d = PARASOL_DOCUMENT_INIT;
        d.id = documents[i].id;
        d.text = documents[i].text;
        d.text_len = strlen(d.text);
        assert_int_equal(parasol_indexer_add(w, &d, NULL), PARASOL_OK);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
}

/* The ids of all hits, in the order of the documents. */
static void answer(parasol_searcher *s, const char *text, char *out, size_t cap)
{
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    parasol_error err = {0};
    bool found[PC_COUNTOF(documents)] = {false};
    size_t n = 0;
    o.limit = 1000;
    assert_int_equal(parasol_query_parse(&q, text, strlen(text), NULL, &err),
                     PARASOL_OK);
    if (parasol_search(&r, s, q, &o, &err))
        fail_msg("%s: %s", text, err.message);
    for (size_t i = 0; i < parasol_result_count(r); i++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        parasol_snippet snippet = PARASOL_SNIPPET_INIT;
        assert_int_equal(parasol_result_hit(r, i, &hit, &err), PARASOL_OK);
        found[hit.doc] = true;
        /* What was found is marked. */
        assert_int_equal(parasol_result_snippet(r, i, 240, &snippet, &err),
                         PARASOL_OK);
        if (snippet.span_count == 0)
            fail_msg("%s: nothing is marked in %s", text, hit.path.ptr);
    }
    out[0] = 0;
    for (size_t d = 0; d < PC_COUNTOF(documents); d++)
        if (found[d])
            n += (size_t)snprintf(out + n, cap - n, "%s%s", n ? " " : "",
                                  documents[d].id);
    assert_true(n < cap);
    parasol_result_free(r);
    parasol_query_free(q);
}

/* Of two documents that differ in accents, the one with those of the query
   comes first. */
static void check_accents(parasol_searcher *s)
{
    static const char *const asked[][2] = {{"\u00C9tude", "etude-accent"},
                                           {"\u00E9tude x", "etude-accent"}};
    for (size_t i = 0; i < PC_COUNTOF(asked); i++) {
        parasol_query *q = NULL;
        parasol_result *r = NULL;
        parasol_hit hit = PARASOL_HIT_INIT;
        assert_int_equal(parasol_query_parse(&q, asked[i][0],
                                             strlen(asked[i][0]), NULL, NULL),
                         0);
        assert_int_equal(parasol_search(&r, s, q, NULL, NULL), 0);
        assert_int_equal(parasol_result_count(r), 2);
        assert_int_equal(parasol_result_hit(r, 0, &hit, NULL), 0);
        assert_string_equal(hit.path.ptr, asked[i][1]);
        parasol_result_free(r);
        parasol_query_free(q);
    }
}

static void check_all(uint64_t memory)
{
    scratch dir;
    parasol_searcher *s = NULL;
    parasol_error err = {0};
    unsigned bad = 0;
    scratch_make(&dir);
    const char *path = scratch_path(&dir, "index");
    make_index(path, memory);
    assert_int_equal(parasol_searcher_open(&s, path, NULL, NULL), PARASOL_OK);
    if (parasol_searcher_add_synonyms(s, PARASOL_TEST_THESAURUS, &err))
        fail_msg("%s", err.message);
    for (size_t i = 0; i < PC_COUNTOF(queries); i++) {
        char got[2048];
        answer(s, queries[i].query, got, sizeof got);
        if (strcmp(got, queries[i].want) == 0)
            continue;
        print_error("%s\n  finds  %s\n  wanted %s\n", queries[i].query, got,
                    queries[i].want);
        bad++;
    }
    check_accents(s);
    parasol_searcher_close(s);
    scratch_remove(&dir);
    printf("%zu queries\n", PC_COUNTOF(queries));
    assert_int_equal(bad, 0);
}

static void property_policy__queries_find_what_they_are_about(void **state)
{
    (void)state;
    check_all(0);
}

static void property_policy__in_many_segments_too(void **state)
{
    (void)state;
    check_all(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(property_policy__queries_find_what_they_are_about),
        cmocka_unit_test(property_policy__in_many_segments_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
