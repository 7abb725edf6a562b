/*
 * Tables of small documents and queries over them (policy_queries.txt,
 * policy_more.txt, policy_users.txt and policy_hostile.txt, or one that is
 * named as argument): each query has to return exactly the documents named, and
 * to mark something in each. A section of the file is an index of its own.
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

#define LINE_MAX_BYTES 2048
#define DOCS 128

typedef struct table {
    scratch dir;
    parasol_indexer *writer;
    parasol_searcher *searcher;
    char section[LINE_MAX_BYTES];
    char ids[DOCS][64];
    size_t docs;
    unsigned sections, queries, bad;
} table;

static void put_utf8(char **to, unsigned c)
{
    if (c < 0x80) {
        *(*to)++ = (char)c;
    } else if (c < 0x800) {
        *(*to)++ = (char)(0xC0 | (c >> 6));
        *(*to)++ = (char)(0x80 | (c & 0x3F));
    } else {
        *(*to)++ = (char)(0xE0 | (c >> 12));
        *(*to)++ = (char)(0x80 | ((c >> 6) & 0x3F));
        *(*to)++ = (char)(0x80 | (c & 0x3F));
    }
}

/* Undoes \n, \t and \uXXXX, in place. */
static void unescape(char *s)
{
    char *to = s;
    for (; *s; s++) {
        if (s[0] == '\\' && s[1] == 'u' && strlen(s) >= 6) {
            char digits[5] = {s[2], s[3], s[4], s[5], 0};
            put_utf8(&to, (unsigned)strtoul(digits, NULL, 16));
            s += 5;
        } else if (s[0] == '\\' && (s[1] == 'n' || s[1] == 't')) {
            *to++ = s[1] == 'n' ? '\n' : '\t';
            s++;
        } else {
            *to++ = *s;
        }
    }
    *to = 0;
}

static void end_section(table *t)
{
    if (t->docs == 0)
        return;
    if (t->writer)
        parasol_indexer_close(t->writer);
    parasol_searcher_close(t->searcher);
    t->writer = NULL;
    t->searcher = NULL;
    t->docs = 0;
    scratch_remove(&t->dir);
}

/* "name" or "name / language" */
static void begin_section(table *t, const char *name)
{
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    end_section(t);
    (void)snprintf(t->section, sizeof t->section, "%s", name);
    const char *slash = strstr(t->section, " / ");
    if (slash)
        o.language = slash + 3;
    scratch_make(&t->dir);
    assert_int_equal(parasol_indexer_open(
                         &t->writer, scratch_path(&t->dir, "index"), &o, NULL),
                     PARASOL_OK);
    t->sections++;
}

static void add_document(table *t, char *line)
{
    parasol_document d = PARASOL_DOCUMENT_INIT;
    char *text = strstr(line, ": ");
    assert_non_null(text);
    assert_non_null(t->writer);
    assert_true(t->docs < DOCS);
    *text = 0;
    text += 2;
    unescape(text);
    (void)snprintf(t->ids[t->docs++], sizeof t->ids[0], "%s", line);
    d.id = line;
    d.text = text;
    d.text_len = strlen(text);
    assert_int_equal(parasol_indexer_add(t->writer, &d, NULL), PARASOL_OK);
}

static void open_index(table *t)
{
    parasol_error err = {0};
    if (!t->writer)
        return;
    assert_int_equal(parasol_indexer_commit(t->writer, NULL, NULL), 0);
    parasol_indexer_close(t->writer);
    t->writer = NULL;
    if (parasol_searcher_open(&t->searcher, scratch_path(&t->dir, "index"),
                              NULL, &err) ||
        parasol_searcher_add_synonyms(t->searcher, PARASOL_TEST_THESAURUS,
                                      &err))
        fail_msg("%s", err.message);
}

static void answer(table *t, parasol_searcher *searcher, const char *text,
                   char *out, size_t cap)
{
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    parasol_error err = {0};
    bool found[DOCS] = {false};
    size_t n = 0;
    o.limit = DOCS;
    assert_int_equal(parasol_query_parse(&q, text, strlen(text), NULL, &err),
                     PARASOL_OK);
    if (parasol_search(&r, searcher, q, &o, &err))
        fail_msg("%s: %s", text, err.message);
    out[0] = 0;
    for (size_t i = 0; i < parasol_result_count(r); i++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        parasol_snippet snippet = PARASOL_SNIPPET_INIT;
        assert_int_equal(parasol_result_hit(r, i, &hit, &err), PARASOL_OK);
        assert_int_equal(parasol_result_snippet(r, i, 240, &snippet, &err),
                         PARASOL_OK);
        found[hit.doc] = true;
        if (snippet.span_count == 0 && text[0] != '-')
            n += (size_t)snprintf(out + n, cap - n, "(nothing marked in %s) ",
                                  t->ids[hit.doc]);
    }
    for (size_t d = 0; d < t->docs; d++)
        if (found[d])
            n += (size_t)snprintf(out + n, cap - n, "%s ", t->ids[d]);
    assert_true(n < cap);
    if (n)
        out[n - 1] = 0;
    parasol_result_free(r);
    parasol_query_free(q);
}

/* With the lines of the thesaurus that can matter only, as programs do that
   answer one query. */
static void answer_alone(table *t, const char *text, char *out, size_t cap)
{
    parasol_searcher *s = NULL;
    assert_int_equal(
        parasol_searcher_open(&s, scratch_path(&t->dir, "index"), NULL, NULL),
        0);
    assert_int_equal(parasol_searcher_add_synonyms_for(
                         s, PARASOL_TEST_THESAURUS, text, strlen(text), NULL),
                     0);
    answer(t, s, text, out, cap);
    parasol_searcher_close(s);
}

static void ask(table *t, char *line)
{
    char got[4 * LINE_MAX_BYTES], alone[4 * LINE_MAX_BYTES];
    char *want = strstr(line, " -> ");
    assert_non_null(want);
    *want = 0;
    want += 4;
    while (*want == ' ')
        want++;
    unescape(line);
    open_index(t);
    answer(t, t->searcher, line, got, sizeof got);
    answer_alone(t, line, alone, sizeof alone);
    assert_string_equal(got, alone);
    t->queries++;
    if (strcmp(got, want) == 0)
        return;
    print_error("%s: %s\n  finds  %s\n  wanted %s\n", t->section, line, got,
                want);
    t->bad++;
}

static void read_table(const char *path)
{
    static table t;
    char line[LINE_MAX_BYTES];
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    t = (table){0};
    while (fgets(line, sizeof line, f)) {
        size_t n = strlen(line);
        assert_true(n > 0 && line[n - 1] == '\n');
        line[n - 1] = 0;
        if (strncmp(line, "## ", 3) == 0)
            begin_section(&t, line + 3);
        else if (strncmp(line, "? ", 2) == 0)
            ask(&t, line + 2);
        else if (line[0] && line[0] != '#')
            add_document(&t, line);
    }
    (void)fclose(f);
    end_section(&t);
    printf("%u queries in %u sections, %u wrong\n", t.queries, t.sections,
           t.bad);
    assert_true(t.queries > 100);
    assert_int_equal(t.bad, 0);
}

static void property_policy__table(void **state)
{
    (void)state;
    read_table(PARASOL_TEST_TABLE);
}

static void property_policy__more(void **state)
{
    (void)state;
    read_table(PARASOL_TEST_MORE);
}

static void property_policy__users(void **state)
{
    (void)state;
    read_table(PARASOL_TEST_USERS);
}

static void property_policy__hostile(void **state)
{
    (void)state;
    read_table(PARASOL_TEST_HOSTILE);
}

static const char *given;

static void property_policy__given(void **state)
{
    (void)state;
    read_table(given);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(property_policy__table),
        cmocka_unit_test(property_policy__more),
        cmocka_unit_test(property_policy__users),
        cmocka_unit_test(property_policy__hostile),
    };
    const struct CMUnitTest one[] = {cmocka_unit_test(property_policy__given)};
    if (argc > 1) {
        given = argv[1];
        return cmocka_run_group_tests(one, NULL, NULL);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
