/*
 * Every allocation fails once, and then every one from there on: each function
 * says NOMEM or has done its work, nothing leaks, and the index of the last
 * good commit is still there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/check.h>
#include <parasol/parasol.h>

#include "common/base/base.h"
#include "tests/support/failmem.h"
#include "tests/support/scratch.h"

enum { DOCUMENTS = 80 };

typedef struct place {
    scratch dir;
    char index[600]; /* where a run writes */
    char good[600];  /* an index that was made without failures */
    char tree[600];  /* a folder of documents */
    failmem mem;
    parasol_allocator alloc;
    unsigned turn; /* so that no two updates are the same */
} place;

static int add_documents(parasol_indexer *w, parasol_error *err)
{
    int rc = PARASOL_OK;
    for (unsigned i = 0; i < DOCUMENTS && rc == PARASOL_OK; i++) {
        char id[32];
        char text[200];
        parasol_meta meta = {"source", "somewhere"};
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        (void)snprintf(id, sizeof id, "doc%u", i);
        doc.text_len = (size_t)snprintf(
            text, sizeof text, "treaty number%u of the harbour, word%u %s", i,
            i * 7, i % 3 ? "armed attack" : "caf\xc3\xa9 \xe6\x9d\xa1");
        doc.id = id;
        doc.title = "A title";
        doc.date = "2013-10-04";
        doc.text = text;
        doc.meta = &meta;
        doc.meta_count = 1;
        rc = parasol_indexer_add(w, &doc, err);
    }
    return rc;
}

static int run_indexer(place *p, const char *path, parasol_error *err)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options options = PARASOL_INDEXER_OPTIONS_INIT;
    options.alloc = &p->alloc;
    int rc = parasol_indexer_open(&w, path, &options, err);
    if (rc == PARASOL_OK)
        rc = add_documents(w, err);
    if (rc == PARASOL_OK)
        rc = parasol_indexer_commit(w, NULL, err);
    parasol_indexer_close(w);
    return rc;
}

static int run_tree(place *p, const char *path, parasol_error *err)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options options = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_tree_summary summary = PARASOL_TREE_SUMMARY_INIT;
    options.alloc = &p->alloc;
    int rc = parasol_indexer_open(&w, path, &options, err);
    if (rc == PARASOL_OK)
        rc = parasol_indexer_add_tree(w, p->tree, NULL, &summary, err);
    if (rc == PARASOL_OK)
        rc = parasol_indexer_commit(w, NULL, err);
    parasol_indexer_close(w);
    return rc;
}

/* Replaces some documents, removes and adds one. */
static int run_update(place *p, const char *path, parasol_error *err)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options options = PARASOL_INDEXER_OPTIONS_INIT;
    int found = 0;
    options.alloc = &p->alloc;
    options.update = PARASOL_UPDATE;
    int rc = parasol_indexer_open(&w, path, &options, err);
    for (unsigned i = 10; i < 13 && rc == PARASOL_OK; i++) {
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        char id[32], text[64];
        (void)snprintf(id, sizeof id, "doc%u", i);
        doc.text_len = (size_t)snprintf(text, sizeof text,
                                        "treaty of the harbour %u", ++p->turn);
        doc.id = id;
        doc.text = text;
        rc = parasol_indexer_add(w, &doc, err);
    }
    if (rc == PARASOL_OK)
        rc = parasol_indexer_remove(w, "doc20", &found, err);
    if (rc == PARASOL_OK)
        rc = parasol_indexer_commit(w, NULL, err);
    parasol_indexer_close(w);
    return rc;
}

/* A folder that is as it was, but for the one that was indexed before. */
static int run_folders(place *p, const char *path, parasol_error *err)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options options = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_tree_summary summary = PARASOL_TREE_SUMMARY_INIT;
    parasol_tree_options tree = PARASOL_TREE_OPTIONS_INIT;
    char folder[700];
    options.alloc = &p->alloc;
    options.update = PARASOL_UPDATE_FOLDERS;
    (void)snprintf(folder, sizeof folder, "%s%s", p->tree,
                   p->turn++ % 2 ? "" : "/notes");
    int rc = parasol_indexer_open(&w, path, &options, err);
    if (rc == PARASOL_OK)
        rc = parasol_indexer_add_tree(w, folder, &tree, &summary, err);
    if (rc == PARASOL_OK)
        rc = parasol_indexer_commit(w, NULL, err);
    parasol_indexer_close(w);
    return rc;
}

static int print_finding(const parasol_finding *f, void *user)
{
    (void)user;
    printf("%s, %s: %s\n", f->file, f->section, f->problem);
    return 0;
}

static int run_check(place *p, const char *path, parasol_error *err)
{
    parasol_check_options options = PARASOL_CHECK_OPTIONS_INIT;
    options.alloc = &p->alloc;
    options.deep = 1;
    options.report = print_finding;
    return parasol_check(path, &options, NULL, err);
}

/* Back and forth between two orders, so that there is something to do. */
static int run_optimize(place *p, const char *path, parasol_error *err)
{
    parasol_optimize_options options = PARASOL_OPTIMIZE_OPTIONS_INIT;
    options.alloc = &p->alloc;
    options.jobs = 2;
    options.order = PARASOL_ORDER_BISECT;
    int rc = parasol_optimize(path, &options, NULL, err);
    options.order = PARASOL_ORDER_PATH;
    if (rc == PARASOL_OK)
        rc = parasol_optimize(path, &options, NULL, err);
    options.order = PARASOL_ORDER_NONE;
    if (rc == PARASOL_OK)
        rc = parasol_optimize(path, &options, NULL, err);
    return rc;
}

static int show(parasol_result *r, parasol_error *err)
{
    int rc = PARASOL_OK;
    for (size_t i = 0; i < parasol_result_count(r) && rc == PARASOL_OK; i++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        parasol_snippet snippet = PARASOL_SNIPPET_INIT;
        rc = parasol_result_hit(r, i, &hit, err);
        if (rc == PARASOL_OK)
            rc = parasol_result_snippet(r, i, 120, &snippet, err);
    }
    return rc;
}

static int run_query(place *p, parasol_searcher *s, const char *text,
                     parasol_error *err)
{
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_str lines;
    parasol_query_options query_options = PARASOL_QUERY_OPTIONS_INIT;
    parasol_search_options options = PARASOL_SEARCH_OPTIONS_INIT;
    query_options.alloc = &p->alloc;
    options.all_first = 1;
    options.count_all = 1;
    int rc = parasol_query_parse(&q, text, strlen(text), &query_options, err);
    if (rc == PARASOL_OK)
        rc = parasol_search(&r, s, q, &options, err);
    if (rc == PARASOL_OK)
        rc = parasol_result_understood(r, &lines, err);
    if (rc == PARASOL_OK)
        rc = show(r, err);
    parasol_result_free(r);
    parasol_query_free(q);
    return rc;
}

static int run_searcher(place *p, const char *path, parasol_error *err)
{
    static const char *const texts[] = {
        "treaty \"armed attack\" +harbour -number7 (word7 | caf\xc3\xa9)",
        "harbour treaty -number7 path:*",
        "(treaty NEAR/9 (harbour | armed))^=2 \"attack armed\"~4 title:(a b) "
        "(treaty word7 harbour)@2 ext:(md | txt) since:\"3 years ago\" "
        "localhost:8080 date:[2000 TO last-month] path:a/*"};
    parasol_searcher *s = NULL;
    parasol_searcher_options options = PARASOL_SEARCHER_OPTIONS_INIT;
    options.alloc = &p->alloc;
    int rc = parasol_searcher_open(&s, path, &options, err);
    for (size_t i = 0; i < PC_COUNTOF(texts) && rc == PARASOL_OK; i++)
        rc = run_query(p, s, texts[i], err);
    parasol_searcher_close(s);
    return rc;
}

typedef int runner(place *p, const char *path, parasol_error *err);

static void must_be_searchable(place *p, const char *path)
{
    parasol_error err = {0};
    failmem_start(&p->mem, 0, 0);
    if (run_searcher(p, path, &err) != PARASOL_OK)
        fail_msg("the index cannot be searched any more: %s", err.message);
}

/* Runs with the 1st, 2nd, ... request failing, until none does. A run of many
   thousand requests is looked at in steps that grow with n. */
static void fail_each(place *p, runner *run, const char *path, int for_ever)
{
    uint64_t n = 1;
    for (;; n += 1 + n / 400) {
        parasol_error err = {0};
        failmem_start(&p->mem, n, for_ever);
        int rc = run(p, path, &err);
        if (atomic_load(&p->mem.live) != 0)
            fail_msg("request %llu: %lld blocks leak", (unsigned long long)n,
                     (long long)p->mem.live);
        if (!atomic_load(&p->mem.failed)) {
            assert_int_equal(rc, PARASOL_OK);
            break;
        }
        if (rc != PARASOL_NOMEM && rc != PARASOL_OK)
            fail_msg("request %llu: status %d, %s", (unsigned long long)n, rc,
                     err.message);
        if (rc == PARASOL_NOMEM) {
            assert_int_equal(err.code, rc);
            assert_true(err.message[0] != '\0');
        }
        if (run != run_searcher && run != run_check && n % 16 == 1)
            must_be_searchable(p, path);
    }
    printf("%llu requests\n", (unsigned long long)n);
    assert_true(n > 1);
}

static int set_up(void **state)
{
    static place p;
    scratch_make(&p.dir);
    (void)snprintf(p.index, sizeof p.index, "%s/index", p.dir.dir);
    (void)snprintf(p.good, sizeof p.good, "%s/good", p.dir.dir);
    (void)snprintf(p.tree, sizeof p.tree, "%s/tests/cli/docs",
                   PARASOL_SOURCE_DIR);
    p.alloc = failmem_allocator(&p.mem);
    failmem_start(&p.mem, 0, 0);
    *state = &p;
    return run_indexer(&p, p.good, NULL) || run_indexer(&p, p.index, NULL);
}

static int tear_down(void **state)
{
    place *p = *state;
    scratch_remove(&p->dir);
    return 0;
}

static void fault_nomem__searching(void **state)
{
    place *p = *state;
    fail_each(p, run_searcher, p->good, 0);
    fail_each(p, run_searcher, p->good, 1);
}

static void fault_nomem__indexing(void **state)
{
    place *p = *state;
    fail_each(p, run_indexer, p->index, 0);
    fail_each(p, run_indexer, p->index, 1);
}

static void fault_nomem__indexing_a_folder(void **state)
{
    place *p = *state;
    fail_each(p, run_tree, p->index, 0);
    fail_each(p, run_tree, p->index, 1);
}

static void fault_nomem__updating(void **state)
{
    place *p = *state;
    fail_each(p, run_update, p->index, 0);
    fail_each(p, run_update, p->index, 1);
}

static void fault_nomem__updating_a_folder(void **state)
{
    place *p = *state;
    char path[700];
    (void)snprintf(path, sizeof path, "%s/folders", p->dir.dir);
    failmem_start(&p->mem, 0, 0);
    assert_int_equal(run_folders(p, path, NULL), PARASOL_OK);
    fail_each(p, run_folders, path, 0);
    fail_each(p, run_folders, path, 1);
}

static void fault_nomem__checking(void **state)
{
    place *p = *state;
    fail_each(p, run_check, p->good, 0);
    fail_each(p, run_check, p->good, 1);
    fail_each(p, run_check, p->index, 0); /* with dead documents */
}

static void fault_nomem__optimizing(void **state)
{
    place *p = *state;
    fail_each(p, run_optimize, p->index, 0);
    fail_each(p, run_optimize, p->index, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fault_nomem__searching),
        cmocka_unit_test(fault_nomem__indexing),
        cmocka_unit_test(fault_nomem__indexing_a_folder),
        cmocka_unit_test(fault_nomem__optimizing),
        cmocka_unit_test(fault_nomem__updating),
        cmocka_unit_test(fault_nomem__updating_a_folder),
        cmocka_unit_test(fault_nomem__checking),
    };
    return cmocka_run_group_tests_name("nomem", tests, set_up, tear_down);
}
