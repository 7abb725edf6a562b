/*
 * Documents in several languages in one index, against an index of each
 * language alone: what a query finds among the documents of a language is what
 * it finds in that index. Whatever the number of threads and segments is, also
 * after merging.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/indexer.h>
#include <parasol/optimize.h>
#include <parasol/searcher.h>

#include "tests/support/scratch.h"

enum { DOCUMENTS = 400, LANGUAGES = 4, QUERIES = 120 };

static const char *const codes[LANGUAGES] = {"de", "en", "fr", "ja"};
static const char *const names[LANGUAGES] = {"german", "english", "french",
                                             "none"};

/* Words with several forms, and some that are words of several languages. */
static const char *const vocabulary[LANGUAGES][12] = {
    {"Vertrag", "Verträge", "Verträgen", "Haus", "Häuser", "die", "war", "und",
     "verhandelt", "verhandeln", "Berlin", "nation"},
    {"treaty", "treaties", "runs", "running", "die", "war", "was", "to", "be",
     "policies", "nation", "nations"},
    {"traité", "traités", "négociation", "négociations", "nation", "nations",
     "de", "la", "die", "l'accord", "accords", "Berlin"},
    /* Nothing else: a text in another script would not be believed to be
       Japanese. */
    {"条約", "交渉", "核軍縮", "日本", "協定", "会議", "平和", "軍縮", "2014",
     "首相", "条約", "日本国"}};

static const char *word(uint64_t *rng, unsigned language)
{
    return vocabulary[language][scratch_below(rng, 12)];
}

static void put_words(uint64_t *rng, char *out, size_t room, unsigned language,
                      unsigned n)
{
    size_t len = 0;
    out[0] = '\0';
    for (; n > 0; n--)
        len +=
            (size_t)snprintf(out + len, room - len, "%s ", word(rng, language));
}

static unsigned language_of(unsigned doc)
{
    return doc * 7 % 11 % LANGUAGES;
}

/* Documents of one language, or, with LANGUAGES, of all. */
static void make_index(const char *path, unsigned only, unsigned jobs,
                       uint64_t segment_docs, uint64_t seed)
{
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.language = only < LANGUAGES ? names[only] : "auto";
    o.jobs = jobs;
    o.segment_docs = segment_docs;
    int rc = parasol_indexer_open(&w, path, &o, &err);
    for (unsigned i = 0; i < DOCUMENTS && !rc; i++) {
        static char title[200], text[4000], id[16], year[16];
        unsigned language = language_of(i);
        uint64_t rng = seed + i;
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        parasol_meta meta[2] = {{"lang", codes[language]}, {"year", year}};
        (void)snprintf(id, sizeof id, "d%03u", i);
        (void)snprintf(year, sizeof year, "%u", 2000 + i % 10);
        put_words(&rng, title, sizeof title, language, i % 3);
        put_words(&rng, text, sizeof text, language,
                  (unsigned)scratch_below(&rng, 60));
        doc.id = id;
        doc.title = title;
        doc.text = text;
        doc.text_len = strlen(text);
        doc.meta = meta;
        doc.meta_count = 2;
        if (only == LANGUAGES || only == language)
            rc = parasol_indexer_add(w, &doc, &err);
    }
    if (!rc)
        rc = parasol_indexer_commit(w, NULL, &err);
    parasol_indexer_close(w);
    if (rc)
        fail_msg("%s", err.message);
}

static parasol_searcher *open_index(const char *path)
{
    parasol_searcher *s = NULL;
    parasol_error err = {0};
    if (parasol_searcher_open(&s, path, NULL, &err))
        fail_msg("%s", err.message);
    return s;
}

/* Which documents a query finds: a byte of each. */
typedef struct found {
    char has[DOCUMENTS];
    double score[DOCUMENTS];
    uint64_t total;
    size_t n;
    unsigned order[DOCUMENTS];
} found;

static void run(found *f, parasol_searcher *s, const char *text,
                const char *language, int exhaustive, size_t limit)
{
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_error err = {0};
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    o.limit = limit;
    o.exhaustive = exhaustive;
    o.language = language;
    *f = (found){.total = 0};
    assert_int_equal(parasol_query_parse(&q, text, strlen(text), NULL, &err),
                     0);
    if (parasol_search(&r, s, q, &o, &err))
        fail_msg("%s: %s", text, err.message);
    f->total = parasol_result_total(r);
    f->n = parasol_result_count(r);
    for (size_t i = 0; i < f->n; i++) {
        parasol_hit h = PARASOL_HIT_INIT;
        assert_int_equal(parasol_result_hit(r, i, &h, &err), 0);
        unsigned doc = (unsigned)strtoul(h.path.ptr + 1, NULL, 10);
        assert_true(doc < DOCUMENTS && !f->has[doc]);
        if (language || h.language.len > 2)
            assert_true(h.language.len > 0);
        f->has[doc] = 1;
        f->score[doc] = h.score;
        f->order[i] = doc;
    }
    parasol_result_free(r);
    parasol_query_free(q);
}

static void make_query(uint64_t *rng, char *out, size_t room)
{
    const char *a = word(rng, (unsigned)scratch_below(rng, LANGUAGES));
    const char *b = word(rng, (unsigned)scratch_below(rng, LANGUAGES));
    const char *c = word(rng, (unsigned)scratch_below(rng, LANGUAGES));
    switch (scratch_below(rng, 14)) {
    case 0: (void)snprintf(out, room, "*"); break;
    case 1: (void)snprintf(out, room, "-%s", a); break;
    case 2: (void)snprintf(out, room, "+%s +%s", a, b); break;
    case 3: (void)snprintf(out, room, "\"%s %s\"", a, b); break;
    case 4: (void)snprintf(out, room, "=%s", a); break;
    case 5: (void)snprintf(out, room, "year:2003"); break;
    case 6: (void)snprintf(out, room, "%s year:>=2005", a); break;
    case 7: (void)snprintf(out, room, "%.3s* %s", a, b); break;
    case 8: (void)snprintf(out, room, "title:%s OR %s", a, b); break;
    case 9: (void)snprintf(out, room, "* -year:2001 -%s", a); break;
    case 10: (void)snprintf(out, room, "%s NEAR/4 %s", a, b); break;
    case 11: (void)snprintf(out, room, "(%s %s %s)@2", a, b, c); break;
    case 12: (void)snprintf(out, room, "+%s %s -%s", a, b, c); break;
    default: (void)snprintf(out, room, "%s %s %s", a, b, c); break;
    }
}

/* The best ten are the first ten of all, and counted modes agree. */
static void check_modes(parasol_searcher *s, const char *q, const found *all)
{
    static found best, counted;
    run(&best, s, q, NULL, 0, 10);
    run(&counted, s, q, NULL, 0, 0);
    assert_int_equal(counted.total, all->total);
    assert_int_equal(best.total, all->total);
    assert_int_equal(best.n, all->n < 10 ? all->n : 10);
    for (size_t i = 0; i < best.n; i++) {
        if (best.order[i] != all->order[i] ||
            best.score[best.order[i]] != all->score[all->order[i]])
            fail_msg("%s: hit %zu is d%03u, not d%03u", q, i, best.order[i],
                     all->order[i]);
    }
    for (size_t i = 1; i < all->n; i++) {
        unsigned a = all->order[i - 1], b = all->order[i];
        if (all->score[a] < all->score[b] ||
            (all->score[a] <= all->score[b] && a > b))
            fail_msg("%s: d%03u comes before d%03u", q, a, b);
    }
}

/* The oracle: the indexes of one language each. */
static size_t compare(parasol_searcher *s, parasol_searcher *const *alone,
                      const char *q)
{
    static found all, one, narrow;
    size_t n = 0;
    run(&all, s, q, NULL, 1, DOCUMENTS);
    check_modes(s, q, &all);
    for (unsigned l = 0; l < LANGUAGES; l++) {
        char filtered[300];
        found *f = &narrow;
        run(&one, alone[l], q, NULL, 1, DOCUMENTS);
        for (unsigned d = 0; d < DOCUMENTS; d++) {
            if (language_of(d) == l && all.has[d] != one.has[d])
                fail_msg("%s: d%03u is %sfound among others, but %salone", q, d,
                         all.has[d] ? "" : "not ", one.has[d] ? "" : "not ");
        }
        run(f, s, q, codes[l], 1, DOCUMENTS);
        if (memcmp(f->has, one.has, sizeof one.has) != 0)
            fail_msg("%s: %zu documents in %s, %zu in an index of it", q, f->n,
                     codes[l], one.n);
        (void)snprintf(filtered, sizeof filtered, "+(%s) lang:%s", q, codes[l]);
        run(f, s, filtered, NULL, 0, DOCUMENTS);
        if (memcmp(f->has, one.has, sizeof one.has) != 0)
            fail_msg("%s: %zu documents, %zu alone", filtered, f->n, one.n);
        assert_int_equal(f->total, one.total);
        n += one.n;
    }
    assert_int_equal(n, all.n);
    return n;
}

static void search_languages__as_if_each_were_alone(void **state)
{
    (void)state;
    scratch dir;
    char path[LANGUAGES][700], several[700], q[300];
    parasol_searcher *alone[LANGUAGES], *s;
    parasol_error err = {0};
    size_t seen = 0;
    uint64_t seed = scratch_seed(), rng = seed + DOCUMENTS;
    scratch_make(&dir);
    for (unsigned l = 0; l < LANGUAGES; l++) {
        (void)snprintf(path[l], sizeof path[l], "%s/%s", dir.dir, codes[l]);
        make_index(path[l], l, 1, 0, seed);
        alone[l] = open_index(path[l]);
    }
    for (unsigned round = 0; round < 3; round++) {
        static const uint64_t segments[] = {0, 150, 90};
        (void)snprintf(several, sizeof several, "%s/all%u", dir.dir, round);
        make_index(several, LANGUAGES, 1 + round, segments[round], seed);
        if (round == 2) {
            parasol_optimize_options o = PARASOL_OPTIMIZE_OPTIONS_INIT;
            if (parasol_optimize(several, &o, NULL, &err))
                fail_msg("%s", err.message);
        }
        s = open_index(several);
        for (unsigned i = 0; i < QUERIES; i++) {
            make_query(&rng, q, sizeof q);
            seen += compare(s, alone, q);
        }
        parasol_searcher_close(s);
    }
    for (unsigned l = 0; l < LANGUAGES; l++)
        parasol_searcher_close(alone[l]);
    assert_true(seen > 5000);
    scratch_remove(&dir);
}

static void same_id(const char *a, const char *b)
{
    char x[PARASOL_ID_ROOM], y[PARASOL_ID_ROOM];
    assert_int_equal(parasol_index_id(a, x, NULL), 0);
    assert_int_equal(parasol_index_id(b, y, NULL), 0);
    assert_string_equal(x, y);
}

static void index_languages__same_bytes(void **state)
{
    (void)state;
    scratch dir;
    char a[700], b[700], c[700];
    parasol_error err = {0};
    uint64_t seed = scratch_seed();
    parasol_optimize_options o = PARASOL_OPTIMIZE_OPTIONS_INIT;
    scratch_make(&dir);
    (void)snprintf(a, sizeof a, "%s/a", dir.dir);
    (void)snprintf(b, sizeof b, "%s/b", dir.dir);
    (void)snprintf(c, sizeof c, "%s/c", dir.dir);
    make_index(a, LANGUAGES, 1, 0, seed);
    make_index(b, LANGUAGES, 4, 0, seed);
    same_id(a, b);
    /* A merge of parts is the same as all at once. */
    make_index(c, LANGUAGES, 2, 60, seed);
    o.order = PARASOL_ORDER_NONE;
    if (parasol_optimize(c, &o, NULL, &err))
        fail_msg("%s", err.message);
    same_id(a, c);
    scratch_remove(&dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(search_languages__as_if_each_were_alone),
        cmocka_unit_test(index_languages__same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
