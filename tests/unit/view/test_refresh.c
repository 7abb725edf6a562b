/*
 * Moving a searcher to the newest commit: what it sees, what stays, and what
 * is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <parasol/searcher.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "searcher/view/snapshot.h"
#include "tests/support/kill.h"
#include "tests/support/numbers.h"

#define DOCS 600u

static scratch tmp;
static char dir[600];

static int set_up(void **state)
{
    (void)state;
    scratch_make(&tmp);
    (void)snprintf(dir, sizeof dir, "%s/i", tmp.dir);
    assert_int_equal(numbers_index(dir, DOCS, DOCS / 3), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(&tmp);
    return 0;
}

/* Every document whose number n divides dies. */
static void kill_every(uint32_t n)
{
    uint8_t dead[DOCS];
    for (uint32_t d = 0; d < DOCS; d++)
        dead[d] = d % n == 0;
    kill_documents(dir, dead);
}

static parasol_searcher *open_index(void)
{
    parasol_searcher *s = NULL;
    parasol_error err = {0};
    if (parasol_searcher_open(&s, dir, NULL, &err))
        fail_msg("%s", err.message);
    return s;
}

static parasol_result *find(parasol_searcher *s, const char *text)
{
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    assert_int_equal(parasol_query_parse(&q, text, strlen(text), NULL, NULL),
                     0);
    assert_int_equal(parasol_search(&r, s, q, NULL, NULL), 0);
    parasol_query_free(q);
    return r;
}

static uint64_t count(parasol_searcher *s, const char *text)
{
    parasol_result *r = find(s, text);
    uint64_t n = parasol_result_total(r);
    parasol_result_free(r);
    return n;
}

static parasol_searcher_info describe(const parasol_searcher *s)
{
    parasol_searcher_info info = {.struct_size = sizeof info};
    parasol_searcher_describe(s, &info);
    return info;
}

static void view_refresh__nothing_new_changes_nothing(void **state)
{
    (void)state;
    int changed = 7;
    parasol_searcher *s = open_index();
    assert_int_equal(parasol_searcher_refresh(s, &changed, NULL), 0);
    assert_int_equal(changed, 0);
    assert_int_equal(parasol_searcher_refresh(s, NULL, NULL), 0);
    assert_int_equal(count(s, "w1"), DOCS);
    parasol_searcher_close(s);
}

static void view_refresh__results_stay_with_their_commit(void **state)
{
    (void)state;
    int changed = 0;
    parasol_hit hit = PARASOL_HIT_INIT;
    parasol_searcher *s = open_index();
    parasol_result *before = find(s, "w50");
    assert_int_equal(parasol_result_total(before), DOCS / 50);
    kill_every(100);
    assert_int_equal(count(s, "w50"), DOCS / 50);
    assert_int_equal(parasol_searcher_refresh(s, &changed, NULL), 0);
    assert_int_equal(changed, 1);
    assert_int_equal(count(s, "w50"), DOCS / 100);
    assert_int_equal(describe(s).documents, DOCS - DOCS / 100);
    /* Everything is indexed anew; the files of the result are gone. */
    assert_int_equal(numbers_index(dir, 10, 0), 0);
    assert_int_equal(parasol_searcher_refresh(s, &changed, NULL), 0);
    assert_int_equal(changed, 1);
    assert_int_equal(count(s, "w50"), 1);
    assert_int_equal(describe(s).documents, 10);
    size_t n = parasol_result_count(before);
    assert_int_equal(n, 10);
    for (size_t i = 0; i < n; i++) {
        char id[16];
        assert_int_equal(parasol_result_hit(before, i, &hit, NULL), 0);
        (void)snprintf(id, sizeof id, "%llu", (unsigned long long)hit.doc);
        assert_string_equal(hit.path.ptr, id);
        assert_int_equal(hit.doc % 50, 0);
    }
    parasol_result_free(before);
    parasol_searcher_close(s);
}

static void view_refresh__segments_stay_open(void **state)
{
    (void)state;
    ps_snapshot *a, *b, *same;
    assert_int_equal(ps_snapshot_new(&a, NULL, dir, NULL, NULL), 0);
    assert_int_equal(ps_snapshot_new(&same, a, dir, NULL, NULL), 0);
    assert_ptr_equal(same, a);
    kill_every(7);
    assert_int_equal(ps_snapshot_new(&b, a, dir, NULL, NULL), 0);
    assert_int_equal(b->n_segs, 3);
    assert_int_equal(b->docs, DOCS);
    assert_int_equal(b->dead, (DOCS + 6) / 7);
    for (uint32_t i = 0; i < b->n_segs; i++) {
        assert_ptr_equal(a->segs[i], b->segs[i]);
        assert_null(a->live[i].alive);
        assert_non_null(b->live[i].alive);
        assert_int_equal(pc_live_count(&b->live[i], b->live[i].docs),
                         b->live[i].docs - b->live[i].dead);
    }
    ps_snapshot_drop(a);
    ps_snapshot_drop(same);
    assert_int_equal(pc_sealed_verify(b->segs[0]->file, NULL), 0);
    /* Dead documents are copied where they are the same. */
    kill_every(1);
    assert_int_equal(ps_snapshot_new(&a, b, dir, NULL, NULL), 0);
    assert_int_equal(a->dead, DOCS);
    ps_snapshot_drop(b);
    ps_snapshot_drop(a);
    ps_snapshot_drop(NULL);
}

/* The number of the commit is that which is open, but it is another. */
static void view_refresh__an_index_made_anew_is_noticed(void **state)
{
    (void)state;
    int changed = 0;
    parasol_searcher *s = open_index();
    assert_int_equal(describe(s).commit, 1);
    scratch_empty(dir, 0);
    assert_int_equal(numbers_index(dir, DOCS + 1, DOCS / 3), 0);
    assert_int_equal(parasol_searcher_refresh(s, &changed, NULL), 0);
    assert_int_equal(changed, 1);
    assert_int_equal(describe(s).commit, 1);
    assert_int_equal(count(s, "w1"), DOCS + 1);
    parasol_searcher_close(s);
}

static void index_in(const char *language)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_document doc = PARASOL_DOCUMENT_INIT;
    o.language = language;
    doc.id = "one";
    doc.text = "Wörter";
    doc.text_len = strlen(doc.text);
    assert_int_equal(parasol_indexer_open(&w, dir, &o, NULL), 0);
    assert_int_equal(parasol_indexer_add(w, &doc, NULL), 0);
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), 0);
    parasol_indexer_close(w);
}

/* The searcher goes on with what it has. */
static void refused(parasol_searcher *s, int status, const char *words)
{
    int changed = 7;
    parasol_error err = {0};
    assert_int_equal(parasol_searcher_refresh(s, &changed, &err), status);
    assert_int_equal(err.code, status);
    assert_int_equal(changed, 7);
    if (!strstr(err.message, words))
        fail_msg("%s", err.message);
    assert_int_equal(count(s, "w1"), DOCS);
}

static void view_refresh__what_cannot_be_searched_is_refused(void **state)
{
    (void)state;
    char path[700];
    size_t n;
    parasol_searcher *s = open_index();
    index_in("german");
    refused(s, PARASOL_VERSION, "open it again");
    (void)snprintf(path, sizeof path, "%s/manifest.2", dir);
    uint8_t *bytes = scratch_read(path, &n);
    bytes[8]++;
    pc_store32le(bytes + n - 4, pc_crc32c(0, bytes, n - 4));
    scratch_write(path, bytes, n);
    free(bytes);
    refused(s, PARASOL_VERSION, "use a newer parasol");
    scratch_write(path, "PARAMANI", 8);
    refused(s, PARASOL_CORRUPT, "manifest.2");
    scratch_empty(dir, 0);
    refused(s, PARASOL_NOTFOUND, "there is no index in");
    assert_int_equal(rmdir(dir), 0);
    refused(s, PARASOL_NOTFOUND, "there is no index in");
    parasol_searcher_close(s);
}

/* A file of the newest commit is gone: damage, whatever is open. */
static void view_refresh__a_lost_file_is_damage(void **state)
{
    (void)state;
    char path[700];
    parasol_searcher *s = open_index();
    kill_every(2);
    (void)snprintf(path, sizeof path, "%s/l5.seg", dir);
    assert_int_equal(remove(path), 0);
    refused(s, PARASOL_CORRUPT, "l5.seg");
    parasol_searcher_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            view_refresh__nothing_new_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            view_refresh__results_stay_with_their_commit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(view_refresh__segments_stay_open,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            view_refresh__an_index_made_anew_is_noticed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            view_refresh__what_cannot_be_searched_is_refused, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(view_refresh__a_lost_file_is_damage,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests_name("refresh", tests, NULL, NULL);
}
