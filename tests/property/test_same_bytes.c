/*
 * The same input gives the same bytes: for any number of threads, any budget,
 * any way in. Compared are the ids of indexes, and the files themselves.
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

#include <parasol/indexer.h>
#include <parasol/parasol.h>

#include "tests/support/scratch.h"

enum { DOCUMENTS = 1000, WORDS = 4000 };

typedef struct variant {
    unsigned jobs;
    uint64_t memory;
} variant;

static const variant variants[] = {
    {1, 1},        {1, (uint64_t)1 << 30}, {2, 1},
    {2, 24 << 20}, {2, (uint64_t)1 << 30}, {5, 1},
    {5, 40 << 20}, {5, (uint64_t)1 << 30},
};
enum { VARIANTS = sizeof variants / sizeof variants[0] };

static const char *const ends[] = {"", "s", "ed", "ing", "er", "ation"};

/* Words as people use them: few often, most of them rarely, in several
   forms, some with accents. */
static size_t put_words(uint64_t *rng, char *out, size_t room, unsigned n)
{
    size_t len = 0;
    for (; n > 0 && len + 64 < room; n--) {
        uint64_t a = scratch_below(rng, WORDS), b = scratch_below(rng, a + 1);
        uint64_t w = scratch_below(rng, b + 1);
        len += (size_t)snprintf(
            out + len, room - len, "%s%c%cr%llu%s%s",
            w % 97 == 3 ? "\xc3\xa9" : "", (char)('a' + w % 26),
            (char)('a' + w / 26 % 26), (unsigned long long)(w / 676),
            w % 7 ? "" : "wort", ends[scratch_below(rng, 6)]);
        out[len++] = scratch_below(rng, 9) ? ' ' : '\n';
    }
    return len;
}

static void put_json(FILE *f, const char *text, size_t n)
{
    fputc('"', f);
    for (size_t k = 0; k < n; k++) {
        if (text[k] == '\n')
            fputs("\\n", f);
        else
            fputc(text[k], f);
    }
    fputc('"', f);
}

static const char *const tongues[] = {
    "The council of the states has agreed that this is to be the rule, and "
    "they will not change what it says. ",
    "Die Verträge sind von allen Staaten unterzeichnet, und der Rat hat sie "
    "nicht geändert, weil das nicht nötig war. ",
    "条約は灯台の規定であり、すべての国がこれに署名したものである。"};

/* With `mixed`, each begins with so much of a language that it is in it. */
static void put_document(uint64_t *rng, FILE *f, unsigned i, bool mixed)
{
    static char text[16384];
    /* Some ids come again, and some lines are cut short. */
    unsigned id = i % 50 == 49 ? i - (unsigned)scratch_below(rng, 40) : i;
    fprintf(f, "{\"id\": \"d%u\", \"title\": ", id);
    put_json(f, text, put_words(rng, text, sizeof text, i % 3));
    fputs(", \"text\": ", f);
    size_t n = 0;
    for (unsigned k = 0; mixed && k < 4; k++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s",
                              tongues[i / 3 % 3]);
    n += put_words(rng, text + n, sizeof text - n,
                   (unsigned)scratch_below(rng, mixed ? 9 : 300));
    put_json(f, text, n);
    fputs(i % 100 == 7 ? "\n" : ", \"n\": 1}\n", f);
}

typedef struct place {
    scratch dir;
    char lines[600];
    const char *language; /* of the indexes that are made */
    char first[600];
} place;

static void make(place *p, const char *name, const variant *v, char path[600],
                 parasol_commit_info *info)
{
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    (void)snprintf(path, 600, "%s/%s", p->dir.dir, name);
    o.language = p->language;
    o.jobs = v->jobs;
    o.memory = v->memory;
    int rc = parasol_indexer_open(&w, path, &o, &err);
    if (!rc)
        rc = parasol_indexer_add_lines(w, p->lines, NULL, &sum, &err);
    if (!rc)
        rc = parasol_indexer_commit(w, info, &err);
    parasol_indexer_close(w);
    if (rc)
        fail_msg("%u threads, %llu bytes: %s", v->jobs,
                 (unsigned long long)v->memory, err.message);
    assert_int_equal(sum.indexed + sum.skipped[PARASOL_SKIP_JSON], DOCUMENTS);
}

static void same_files(const char *a, const char *b)
{
    char command[2000];
    (void)snprintf(command, sizeof command, "diff -r -x lock -x log '%s' '%s'",
                   a, b);
    assert_int_equal(system(command), 0);
}

static int write_lines(place *p, bool mixed)
{
    uint64_t rng = scratch_seed();
    FILE *f = fopen(p->lines, "wb");
    assert_non_null(f);
    for (unsigned i = 0; i < DOCUMENTS; i++)
        put_document(&rng, f, i, mixed);
    return fclose(f);
}

static int set_up(void **state)
{
    static place p;
    scratch_make(&p.dir);
    (void)snprintf(p.lines, sizeof p.lines, "%s/lines", p.dir.dir);
    *state = &p;
    return write_lines(&p, false);
}

static int tear_down(void **state)
{
    place *p = *state;
    scratch_remove(&p->dir);
    return 0;
}

static void all_variants(place *p)
{
    char first[600], other[600], command[700];
    parasol_commit_info info = PARASOL_COMMIT_INFO_INIT;
    make(p, "first", &variants[0], first, &info);
    assert_true(info.replaced > 5);
    assert_int_equal(info.documents + info.replaced + DOCUMENTS / 100,
                     DOCUMENTS);
    for (unsigned i = 1; i < VARIANTS; i++) {
        char id[2][PARASOL_ID_ROOM];
        make(p, "other", &variants[i], other, &info);
        assert_int_equal(parasol_index_id(first, id[0], NULL), PARASOL_OK);
        assert_int_equal(parasol_index_id(other, id[1], NULL), PARASOL_OK);
        assert_string_equal(id[0], id[1]);
        same_files(first, other);
        (void)snprintf(command, sizeof command, "rm -r '%s'", other);
        assert_int_equal(system(command), 0);
    }
    (void)snprintf(command, sizeof command, "rm -r '%s'", first);
    assert_int_equal(system(command), 0);
    printf("%u variants, %llu documents, %llu replaced\n", VARIANTS,
           (unsigned long long)info.documents,
           (unsigned long long)info.replaced);
}

static void same_bytes__any_threads_and_memory(void **state)
{
    all_variants(*state);
}

/* The documents that are replaced leave no trace: the index is that of the
   lines that count. */
static void same_bytes__as_if_replaced_lines_had_not_been(void **state)
{
    place *p = *state;
    char all[600], few[600], command[2000];
    parasol_commit_info info = PARASOL_COMMIT_INFO_INIT;
    make(p, "all", &variants[3], all, &info);
    (void)snprintf(command, sizeof command,
                   "cd '%s' && mv lines lines.all && tac lines.all | awk "
                   "'{ k = $2 } /}$/ && seen[k]++ { next } { print }' | tac "
                   "> lines",
                   p->dir.dir);
    assert_int_equal(system(command), 0);
    parasol_indexer *w = NULL;
    (void)snprintf(few, sizeof few, "%s/few", p->dir.dir);
    assert_int_equal(parasol_indexer_open(&w, few, NULL, NULL), 0);
    assert_int_equal(parasol_indexer_add_lines(w, p->lines, NULL, NULL, NULL),
                     0);
    assert_int_equal(parasol_indexer_commit(w, &info, NULL), 0);
    parasol_indexer_close(w);
    assert_int_equal(info.replaced, 0);
    (void)snprintf(command, sizeof command, "cmp '%s/s1.seg' '%s/s1.seg'", all,
                   few);
    assert_int_equal(system(command), 0);
    (void)snprintf(command, sizeof command, "cd '%s' && mv lines.all lines",
                   p->dir.dir);
    assert_int_equal(system(command), 0);
}

/* How many of the documents are in that language. */
static uint64_t count(const char *index, const char *filter)
{
    parasol_searcher *s = NULL;
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    o.exact_total = 1;
    assert_int_equal(parasol_searcher_open(&s, index, NULL, NULL), 0);
    assert_int_equal(
        parasol_query_parse(&q, filter, strlen(filter), NULL, NULL), 0);
    assert_int_equal(parasol_search(&r, s, q, &o, NULL), 0);
    uint64_t n = parasol_result_total(r);
    parasol_result_free(r);
    parasol_query_free(q);
    parasol_searcher_close(s);
    return n;
}

static void same_bytes__several_languages(void **state)
{
    place *p = *state;
    char index[600];
    parasol_commit_info info = PARASOL_COMMIT_INFO_INIT;
    assert_int_equal(write_lines(p, true), 0);
    p->language = "auto";
    all_variants(p);
    make(p, "languages", &variants[2], index, &info);
    assert_true(count(index, "lang:en") > 100);
    assert_true(count(index, "lang:de") > 100);
    assert_true(count(index, "lang:ja") > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bytes__any_threads_and_memory),
        cmocka_unit_test(same_bytes__as_if_replaced_lines_had_not_been),
        cmocka_unit_test(same_bytes__several_languages),
    };
    return cmocka_run_group_tests_name("same_bytes", tests, set_up, tear_down);
}
