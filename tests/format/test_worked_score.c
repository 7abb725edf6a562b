/*
 * The worked scores of docs/ranking.md: recomputed from the formulae in plain
 * arithmetic, and asked of the program.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "common/codec/damp.h"
#include "common/codec/norm.h"
#include "searcher/score/bm25.h"
#include "tests/format/worked.h"
#include "tests/support/scratch_group.h"

#define DOCUMENT "ranking.md"

static worked block, corpus;

/* The stated value to the digits that are printed. */
static void same(double got, const char *name, size_t nth)
{
    double want = worked_real(&block, name, nth);
    if (fabs(got - want) > 6e-7)
        fail_msg("%s %zu is %.9f, not %.9f", name, nth, got, want);
}

/* Every number of the example by its formula. */
static void score_worked__formulae(void **state)
{
    (void)state;
    worked_open(&block, DOCUMENT, "terms");
    double docs = worked_real(&block, "documents", 0);
    double average = worked_real(&block, "length", 0) / docs;
    double k1 = worked_real(&block, "k1", 0), b = worked_real(&block, "b", 0);
    double sum = 0;
    assert_true(worked_count(&block, "df") == 2);
    for (size_t i = 0; i < 2; i++) {
        double df = worked_real(&block, "df", i);
        double idf = log(1 + (docs - df + 0.5) / (df + 0.5));
        same(idf, "idf", i);
        same(idf * (k1 + 1), "weight", i);
        same(ps_idf((uint64_t)docs, (uint64_t)df), "idf", i);
        sum += idf * (k1 + 1);
    }
    assert_true(ps_score_scale(sum) == worked_real(&block, "scale", 0));
    for (size_t i = 0; i < worked_count(&block, "class"); i++) {
        double length = worked_real(&block, "class", i);
        same(k1 * (1 - b + b * length / average), "K", i);
    }
}

/* Every stated part of a score, in reals and in the integers that are kept. */
static void score_worked__parts(void **state)
{
    (void)state;
    static worked terms;
    float damp[256];
    worked_open(&terms, DOCUMENT, "terms");
    worked_open(&block, DOCUMENT, "parts");
    double scale = worked_real(&terms, "scale", 0);
    pc_damp_table(damp, 1.2F, 0.75F, worked_number(&terms, "documents", 0),
                  worked_number(&terms, "length", 0));
    size_t n = worked_count(&block, "part");
    assert_true(n > 3);
    for (size_t i = 0; i < n; i++) {
        unsigned term = (unsigned)worked_number(&block, "term", i);
        uint32_t tf = (uint32_t)worked_number(&block, "tf", i);
        uint8_t norm = (uint8_t)worked_number(&block, "norm", i);
        uint64_t docs = worked_number(&terms, "documents", 0);
        double weight = 2.2 * ps_idf(docs, worked_number(&terms, "df", term));
        double k = (double)damp[norm];
        same(weight * tf / (tf + k), "part", i);
        uint32_t kept = ps_score_one((float)(weight * scale), tf, damp[norm]);
        /* 2.2 and k1 + 1 of a float differ in the eighth digit. */
        assert_true(llabs((long long)kept -
                          (long long)worked_number(&block, "kept", i)) <= 64);
    }
}

static void add_document(parasol_indexer *w, size_t i)
{
    parasol_error err = {0};
    parasol_document doc = PARASOL_DOCUMENT_INIT;
    doc.id = worked_get(&corpus, "path", i)->value;
    doc.title = worked_get(&corpus, "title", i)->value;
    doc.text = worked_get(&corpus, "text", i)->value;
    doc.text_len = strlen(doc.text);
    assert_int_equal(parasol_indexer_add(w, &doc, &err), 0);
}

static void index_corpus(const char *dir)
{
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    worked_open(&corpus, DOCUMENT, "corpus");
    assert_int_equal(parasol_indexer_open(&w, dir, NULL, &err), 0);
    for (size_t i = 0; i < worked_count(&corpus, "path"); i++)
        add_document(w, i);
    assert_int_equal(parasol_indexer_commit(w, NULL, &err), 0);
    parasol_indexer_close(w);
}

/* Compares the hits of a query with the lines from *at on; *at moves. */
static void check_query(parasol_searcher *s, const char *text, size_t hits,
                        size_t *at)
{
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_error err = {0};
    assert_int_equal(parasol_query_parse(&q, text, strlen(text), NULL, &err),
                     0);
    assert_int_equal(parasol_search(&r, s, q, NULL, &err), 0);
    assert_int_equal(parasol_result_count(r), hits);
    for (size_t i = 0; i < hits; i++, (*at)++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        assert_int_equal(parasol_result_hit(r, i, &hit, &err), 0);
        assert_string_equal(hit.path.ptr,
                            worked_get(&block, "path", *at)->value);
        same(hit.score, "score", *at);
    }
    parasol_result_free(r);
    parasol_query_free(q);
}

static void score_worked__program(void **state)
{
    (void)state;
    parasol_searcher *s = NULL;
    parasol_error err = {0};
    size_t at = 0;
    char dir[600];
    (void)snprintf(dir, sizeof dir, "%s/index", tmp.dir);
    index_corpus(dir);
    worked_open(&block, DOCUMENT, "results");
    assert_int_equal(parasol_searcher_open(&s, dir, NULL, &err), 0);
    for (size_t i = 0; i < worked_count(&block, "query"); i++)
        check_query(s, worked_get(&block, "query", i)->value,
                    (size_t)worked_number(&block, "hits", i), &at);
    assert_int_equal(at, worked_count(&block, "score"));
    assert_true(at > 3);
    parasol_searcher_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(score_worked__formulae),
        cmocka_unit_test(score_worked__parts),
        cmocka_unit_test(score_worked__program),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
