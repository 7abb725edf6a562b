/* Distances at their edges: queries over documents that are written out, and
   the documents that they find. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "common/base/base.h"
#include "tests/support/scratch.h"

static const struct {
    const char *title, *text;
} docs[] = {
    {"", "alpha x x x beta"},            /* 0 */
    {"", "beta alpha"},                  /* 1 */
    {"", "alpha alpha x beta"},          /* 2 */
    {"alpha", "beta"},                   /* 3: 16 positions between */
    {"", "gamma alpha x beta gamma"},    /* 4 */
    {"", "alpha beta alpha beta alpha"}, /* 5 */
    {"", "delta x x alpha gamma"},       /* 6 */
    {"alpha x beta", "nothing of it"},   /* 7 */
};

/* What each query finds, a digit for each document, by document. */
static const char *const table[][2] = {
    {"\"alpha beta\"", "5"},
    {"\"alpha beta\"~0", "5"},
    {"\"alpha beta\"~1", "12457"},
    {"\"alpha beta\"~2", "12457"},
    {"\"alpha beta\"~3", "012457"},
    {"\"alpha beta\"~16", "0123457"},
    {"\"alpha beta\"~15", "012457"},
    {"\"alpha alpha\"~1", "25"},
    {"\"alpha alpha beta\"~1", "25"},
    {"\"alpha alpha alpha\"~2", "5"},
    {"\"alpha alpha alpha\"~1", ""},
    {"\"beta gamma alpha\"~1", "4"},
    {"\"beta gamma alpha\"~0", ""},
    {"alpha NEAR/0 beta", "15"},
    {"alpha ADJ/0 beta", "5"},
    {"beta ADJ/0 alpha", "15"},
    {"alpha ADJ/1 beta", "2457"},
    {"alpha ADJ/3 beta", "02457"},
    {"alpha NEAR/3 beta", "012457"},
    {"alpha NEAR/2 alpha", "25"},
    {"alpha NEAR/0 alpha", "2"},
    {"gamma ADJ/0 alpha ADJ/1 beta", "4"},
    {"gamma ADJ/0 (alpha ADJ/1 beta)", "4"},
    {"(gamma OR delta) NEAR/2 alpha", "46"},
    {"(gamma OR delta) ADJ/2 alpha", "46"},
    {"(gamma OR delta) ADJ/1 alpha", "4"},
    {"\"alpha x\" NEAR/0 beta", "247"},
    {"\"alpha x\" NEAR/1 gamma", "4"},
    {"title:alpha", "37"},
    {"title:(alpha NEAR/1 beta)", "7"},
    {"title:\"beta alpha\"~1", "7"},
    {"title:\"beta alpha\"", ""},
    {"-title:alpha +alpha", "012456"},
    {"(alpha gamma delta)@2", "46"},
    {"(alpha gamma delta)@3", "6"},
    {"+beta +(alpha gamma)@2", "4"},
};

static void iter_near__distances_at_their_edges(void **state)
{
    (void)state;
    scratch dir;
    parasol_indexer *w = NULL;
    parasol_searcher *s = NULL;
    scratch_make(&dir);
    const char *path = scratch_path(&dir, "index");
    assert_int_equal(parasol_indexer_open(&w, path, NULL, NULL), 0);
    for (size_t i = 0; i < PC_COUNTOF(docs); i++) {
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        char id[2] = {(char)('0' + i), 0};
        doc.id = id;
        doc.title = docs[i].title;
        doc.text = docs[i].text;
        doc.text_len = strlen(docs[i].text);
        assert_int_equal(parasol_indexer_add(w, &doc, NULL), 0);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), 0);
    parasol_indexer_close(w);
    assert_int_equal(parasol_searcher_open(&s, path, NULL, NULL), 0);
    for (size_t i = 0; i < PC_COUNTOF(table); i++) {
        const char *text = table[i][0];
        parasol_query *q = NULL;
        parasol_result *r = NULL;
        bool found[PC_COUNTOF(docs)] = {false};
        char got[PC_COUNTOF(docs) + 1];
        size_t n = 0;
        assert_int_equal(
            parasol_query_parse(&q, text, strlen(text), NULL, NULL), 0);
        assert_int_equal(parasol_query_warning_count(q), 0);
        assert_int_equal(parasol_search(&r, s, q, NULL, NULL), 0);
        for (size_t k = 0; k < parasol_result_count(r); k++) {
            parasol_hit hit = PARASOL_HIT_INIT;
            assert_int_equal(parasol_result_hit(r, k, &hit, NULL), 0);
            found[hit.doc] = true;
        }
        for (size_t d = 0; d < PC_COUNTOF(docs); d++)
            if (found[d])
                got[n++] = (char)('0' + d);
        got[n] = 0;
        if (strcmp(got, table[i][1]) != 0)
            fail_msg("%s finds \"%s\", not \"%s\"", text, got, table[i][1]);
        parasol_result_free(r);
        parasol_query_free(q);
    }
    parasol_searcher_close(s);
    scratch_remove(&dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iter_near__distances_at_their_edges),
    };
    return cmocka_run_group_tests_name("near", tests, NULL, NULL);
}
