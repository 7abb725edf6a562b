/*
 * What the headers promise to programs with threads: one searcher and one
 * query serve many threads, with the answers that one thread gets; and who
 * opens an index while it is replaced sees one commit or the other, whole.
 * Built to run under the thread sanitizer too.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "tests/support/scratch.h"

enum { DOCUMENTS = 600, THREADS = 4, ROUNDS = 40, COMMITS = 12 };

static const char *const queries[] = {
    "alpha",        "beta gamma", "\"alpha beta\"", "+delta beta",
    "gamma -alpha", "nosuchword", "title",          "\"gamma delta\" alpha"};
enum { QUERIES = sizeof queries / sizeof queries[0] };

/* ---- an index whose documents are made of a few words ------------------- */

/* Document `i` of an index with `mark` in each document. */
static void add(parasol_indexer *w, uint64_t *rng, unsigned i, const char *mark)
{
    static const char *const words[] = {"alpha", "beta", "gamma", "delta",
                                        "epsilon"};
    char id[32];
    char text[1024];
    size_t len = 0;
    for (uint64_t n = 5 + scratch_below(rng, 60); n > 0; n--)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s ",
                                words[scratch_below(rng, 5)]);
    len += (size_t)snprintf(text + len, sizeof text - len, "%s", mark);
    (void)snprintf(id, sizeof id, "doc%06u", i);
    parasol_document doc = PARASOL_DOCUMENT_INIT;
    doc.id = id;
    doc.title = "title";
    doc.text = text;
    doc.text_len = len;
    assert_int_equal(parasol_indexer_add(w, &doc, NULL), PARASOL_OK);
}

static void build(const char *path, uint64_t seed, unsigned n, const char *mark)
{
    parasol_indexer *w = NULL;
    assert_int_equal(parasol_indexer_open(&w, path, NULL, NULL), PARASOL_OK);
    for (unsigned i = 0; i < n; i++)
        add(w, &seed, i, mark);
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
}

/* ---- one searcher, many threads ----------------------------------------- */

/* Everything a result says, in 64 bits. */
static uint64_t digest(parasol_searcher *s, const parasol_query *q)
{
    uint64_t sum = 0;
    parasol_result *r = NULL;
    if (parasol_search(&r, s, q, NULL, NULL))
        return 1;
    sum = parasol_result_total(r);
    for (size_t i = 0; i < parasol_result_count(r); i++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        parasol_snippet snippet = PARASOL_SNIPPET_INIT;
        uint64_t bits = 0;
        if (parasol_result_hit(r, i, &hit, NULL) ||
            parasol_result_snippet(r, i, 100, &snippet, NULL))
            sum += 2;
        memcpy(&bits, &hit.score, sizeof bits);
        sum = sum * 1000003 ^ hit.doc ^ bits ^ snippet.text.len;
        for (size_t j = 0; j < snippet.text.len; j++)
            sum = sum * 31 + (unsigned char)snippet.text.ptr[j];
        for (size_t j = 0; j < snippet.span_count; j++)
            sum = sum * 31 + snippet.spans[j].start;
    }
    parasol_result_free(r);
    return sum;
}

typedef struct shared {
    parasol_searcher *searcher;
    parasol_query *query[QUERIES];
    uint64_t want[QUERIES];
} shared;

static void *ask_many(void *arg)
{
    const shared *s = arg;
    uintptr_t wrong = 0;
    for (unsigned i = 0; i < ROUNDS * QUERIES; i++)
        wrong +=
            digest(s->searcher, s->query[i % QUERIES]) != s->want[i % QUERIES];
    return (void *)wrong;
}

static void threads_searcher__answers_as_one_thread(void **state)
{
    (void)state;
    scratch dir;
    shared s = {0};
    uint64_t seed = scratch_seed();
    pthread_t thread[THREADS];
    scratch_make(&dir);
    build(scratch_path(&dir, "index"), seed, DOCUMENTS, "mark");
    assert_int_equal(parasol_searcher_open(
                         &s.searcher, scratch_path(&dir, "index"), NULL, NULL),
                     PARASOL_OK);
    for (size_t i = 0; i < QUERIES; i++) {
        assert_int_equal(parasol_query_parse(&s.query[i], queries[i],
                                             strlen(queries[i]), NULL, NULL),
                         PARASOL_OK);
        s.want[i] = digest(s.searcher, s.query[i]);
    }
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, ask_many, &s), 0);
    /* The searcher keeps its commit while others replace it. */
    for (unsigned i = 0; i < COMMITS; i++)
        build(scratch_path(&dir, "index"), seed + i, DOCUMENTS / 4, "later");
    for (size_t i = 0; i < THREADS; i++) {
        void *wrong = NULL;
        assert_int_equal(pthread_join(thread[i], &wrong), 0);
        assert_null(wrong);
    }
    for (size_t i = 0; i < QUERIES; i++)
        parasol_query_free(s.query[i]);
    parasol_searcher_close(s.searcher);
    scratch_remove(&dir);
}

/* ---- readers while a writer commits ------------------------------------- */

/* Odd commits hold 50 documents with "odd", even ones 80 with "even". */
enum { ODD = 50, EVEN = 80 };

typedef struct reader {
    const char *path;
    unsigned opened;
    unsigned wrong;
} reader;

static uint64_t count(parasol_searcher *s, const char *word)
{
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    uint64_t total = UINT64_MAX;
    if (parasol_query_parse(&q, word, strlen(word), NULL, NULL) == PARASOL_OK &&
        parasol_search(&r, s, q, NULL, NULL) == PARASOL_OK)
        total = parasol_result_total(r);
    parasol_result_free(r);
    parasol_query_free(q);
    return total;
}

/* Whether an open searcher sees exactly one commit. */
static int is_whole(parasol_searcher *s)
{
    uint64_t odd = count(s, "odd");
    uint64_t even = count(s, "even");
    return (odd == ODD && even == 0) || (odd == 0 && even == EVEN);
}

static void *open_many(void *arg)
{
    reader *r = arg;
    for (unsigned i = 0; i < ROUNDS; i++) {
        parasol_searcher *s = NULL;
        parasol_error err = {0};
        if (parasol_searcher_open(&s, r->path, NULL, &err)) {
            printf("reader: %s\n", err.message);
            r->wrong++;
            continue;
        }
        r->opened++;
        r->wrong += !is_whole(s);
        parasol_searcher_close(s);
    }
    return NULL;
}

static void threads_commit__readers_see_one_or_the_other(void **state)
{
    (void)state;
    scratch dir;
    char path[600];
    pthread_t thread[THREADS];
    reader readers[THREADS];
    uint64_t seed = scratch_seed();
    scratch_make(&dir);
    (void)snprintf(path, sizeof path, "%s/index", dir.dir);
    build(path, seed, ODD, "odd");
    parasol_searcher *first = NULL;
    assert_int_equal(parasol_searcher_open(&first, path, NULL, NULL), 0);
    for (size_t i = 0; i < THREADS; i++) {
        readers[i] = (reader){path, 0, 0};
        assert_int_equal(
            pthread_create(&thread[i], NULL, open_many, &readers[i]), 0);
    }
    for (unsigned i = 0; i < COMMITS; i++)
        build(path, seed + i, i % 2 ? ODD : EVEN, i % 2 ? "odd" : "even");
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(thread[i], NULL), 0);
        assert_int_equal(readers[i].wrong, 0);
        assert_true(readers[i].opened > 0);
    }
    /* Who opened before keeps what was there. */
    assert_int_equal(count(first, "odd"), ODD);
    parasol_searcher_close(first);
    scratch_remove(&dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_searcher__answers_as_one_thread),
        cmocka_unit_test(threads_commit__readers_see_one_or_the_other),
    };
    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
