/*
 * Copies of an index: they answer like the index, are the same bytes, and are
 * made whole or not at all, also while a writer is at work.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "common/base/base.h"
#include "tests/support/scratch_group.h"

typedef struct place {
    char path[600];
} place;

static place in_tmp(const char *name)
{
    place p;
    (void)snprintf(p.path, sizeof p.path, "%s/%s", tmp.dir, name);
    return p;
}

/* Replaces the index by `docs` documents, each with the word round<round>. */
static int make(const char *dir, unsigned docs, unsigned round)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.segment_docs = docs / 3 + 1;
    o.jobs = 1;
    int rc = parasol_indexer_open(&w, dir, &o, NULL);
    for (unsigned i = 0; !rc && i < docs; i++) {
        char id[16], text[64];
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        (void)snprintf(id, sizeof id, "d%u", i);
        (void)snprintf(text, sizeof text, "alpha round%u word%u", round, i % 9);
        doc.id = id;
        doc.text = text;
        doc.text_len = strlen(text);
        rc = parasol_indexer_add(w, &doc, NULL);
    }
    if (!rc)
        rc = parasol_indexer_commit(w, NULL, NULL);
    parasol_indexer_close(w);
    return rc;
}

static uint64_t count(const char *index, const char *text)
{
    parasol_searcher *s = NULL;
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_error err = {0};
    if (parasol_searcher_open(&s, index, NULL, &err))
        fail_msg("%s: %s", index, err.message);
    assert_int_equal(parasol_query_parse(&q, text, strlen(text), NULL, &err),
                     0);
    assert_int_equal(parasol_search(&r, s, q, NULL, &err), 0);
    uint64_t total = parasol_result_total(r);
    parasol_result_free(r);
    parasol_query_free(q);
    parasol_searcher_close(s);
    return total;
}

static void same_file(const char *a, const char *b)
{
    size_t n, m;
    uint8_t *x = scratch_read(a, &n);
    uint8_t *y = scratch_read(b, &m);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n);
    free(x);
    free(y);
}

static void upkeep_copies__answer_like_the_index(void **state)
{
    (void)state;
    char one[PARASOL_ID_ROOM], two[PARASOL_ID_ROOM];
    place i = in_tmp("i"), b = in_tmp("b"), p = in_tmp("i.pack"),
          u = in_tmp("u"), q = in_tmp("u.pack");
    parasol_copy_info info = PARASOL_COPY_INFO_INIT;
    assert_int_equal(make(i.path, 40, 1), 0);
    assert_int_equal(parasol_index_backup(i.path, b.path, NULL, &info, NULL),
                     0);
    assert_int_equal(info.commit, 1);
    assert_int_equal(info.documents, 40);
    assert_int_equal(parasol_index_pack(i.path, p.path, NULL, &info, NULL), 0);
    assert_int_equal(info.documents, 40);
    assert_int_equal(parasol_index_backup(p.path, u.path, NULL, NULL, NULL), 0);
    assert_int_equal(parasol_index_pack(u.path, q.path, NULL, NULL, NULL), 0);
    same_file(p.path, q.path);
    assert_int_equal(parasol_index_id(i.path, one, NULL), 0);
    const char *copies[] = {b.path, p.path, u.path, q.path};
    for (size_t k = 0; k < PC_COUNTOF(copies); k++) {
        assert_int_equal(parasol_index_id(copies[k], two, NULL), 0);
        assert_string_equal(one, two);
        assert_int_equal(count(copies[k], "alpha"), 40);
        assert_int_equal(count(copies[k], "+word3 +round1"), 5);
    }
}

static void upkeep_copies__a_pack_may_replace_a_pack_only(void **state)
{
    (void)state;
    parasol_error err = {0};
    place i = in_tmp("i2"), p = in_tmp("2.pack"), t = in_tmp("2.pack.tmp"),
          f = in_tmp("notes.txt");
    parasol_searcher *open = NULL;
    parasol_searcher_info info = {.struct_size = sizeof info};
    int changed = 0;
    assert_int_equal(make(i.path, 5, 1), 0);
    assert_int_equal(parasol_index_pack(i.path, p.path, NULL, NULL, NULL), 0);
    assert_int_equal(parasol_searcher_open(&open, p.path, NULL, NULL), 0);
    assert_int_equal(make(i.path, 6, 2), 0);
    assert_int_equal(parasol_index_pack(i.path, p.path, NULL, NULL, NULL), 0);
    assert_int_equal(count(p.path, "round2"), 6);
    /* Who has the old one open keeps it, until it asks for the new one. */
    parasol_searcher_describe(open, &info);
    assert_int_equal(info.documents, 5);
    assert_int_equal(parasol_searcher_refresh(open, &changed, &err), 0);
    assert_true(changed);
    parasol_searcher_describe(open, &info);
    assert_int_equal(info.documents, 6);
    parasol_searcher_close(open);
    assert_false(scratch_exists(t.path));
    scratch_write(f.path, "notes", 5);
    assert_int_equal(parasol_index_pack(i.path, f.path, NULL, NULL, &err),
                     PARASOL_ARG);
    assert_non_null(strstr(err.message, "not replaced"));
    assert_int_equal(parasol_index_pack(i.path, i.path, NULL, NULL, &err),
                     PARASOL_ARG);
    assert_int_equal(
        parasol_index_pack(i.path, in_tmp("no/x").path, NULL, NULL, &err),
        PARASOL_NOTFOUND);
    /* Of another run, or of one that was killed: not ours to take. */
    scratch_write(t.path, "x", 1);
    assert_int_equal(parasol_index_pack(i.path, p.path, NULL, NULL, &err),
                     PARASOL_IO);
    assert_int_equal(count(p.path, "round2"), 6);
}

static void upkeep_copies__a_backup_needs_an_empty_place(void **state)
{
    (void)state;
    parasol_error err = {0};
    place i = in_tmp("i3"), d = in_tmp("d3");
    assert_int_equal(make(i.path, 5, 1), 0);
    assert_int_equal(mkdir(d.path, 0777), 0);
    assert_int_equal(parasol_index_backup(i.path, d.path, NULL, NULL, &err), 0);
    assert_int_equal(parasol_index_backup(i.path, d.path, NULL, NULL, &err),
                     PARASOL_ARG);
    assert_non_null(strstr(err.message, "not empty"));
    assert_int_equal(count(d.path, "alpha"), 5);
    assert_int_equal(
        parasol_index_backup(i.path, in_tmp("no/d").path, NULL, NULL, &err),
        PARASOL_NOTFOUND);
    assert_int_equal(parasol_index_backup(in_tmp("no").path, in_tmp("d4").path,
                                          NULL, NULL, &err),
                     PARASOL_NOTFOUND);
    assert_false(scratch_exists(in_tmp("d4").path));
}

static void upkeep_copies__linked_files_are_the_same_files(void **state)
{
    (void)state;
    struct stat a, b;
    parasol_error err = {0};
    parasol_copy_options o = PARASOL_COPY_OPTIONS_INIT;
    place i = in_tmp("i5"), d = in_tmp("d5"), p = in_tmp("5.pack");
    o.link = 1;
    assert_int_equal(make(i.path, 9, 1), 0);
    assert_int_equal(parasol_index_backup(i.path, d.path, &o, NULL, &err), 0);
    assert_int_equal(stat(in_tmp("i5/s1.seg").path, &a), 0);
    assert_int_equal(stat(in_tmp("d5/s1.seg").path, &b), 0);
    assert_int_equal(a.st_ino, b.st_ino);
    /* What the index goes on to does not touch them. */
    assert_int_equal(make(i.path, 7, 2), 0);
    assert_int_equal(count(d.path, "round1"), 9);
    assert_int_equal(count(i.path, "round2"), 7);
    assert_int_equal(parasol_index_pack(i.path, p.path, &o, NULL, &err), 0);
    assert_int_equal(
        parasol_index_backup(p.path, in_tmp("e5").path, &o, NULL, &err),
        PARASOL_ARG);
}

static void upkeep_copies__damage_is_found_and_nothing_is_left(void **state)
{
    (void)state;
    size_t n;
    parasol_error err = {0};
    place i = in_tmp("i6"), s = in_tmp("i6/s1.seg"), d = in_tmp("d6"),
          p = in_tmp("6.pack"), t = in_tmp("6.pack.tmp");
    assert_int_equal(make(i.path, 9, 1), 0);
    uint8_t *bytes = scratch_read(s.path, &n);
    bytes[200] ^= 1;
    scratch_write(s.path, bytes, n);
    assert_int_equal(parasol_index_backup(i.path, d.path, NULL, NULL, &err),
                     PARASOL_CORRUPT);
    assert_non_null(strstr(err.message, "i6/s1.seg"));
    assert_false(scratch_exists(d.path));
    assert_int_equal(parasol_index_pack(i.path, p.path, NULL, NULL, &err),
                     PARASOL_CORRUPT);
    assert_false(scratch_exists(p.path));
    assert_false(scratch_exists(t.path));
    scratch_write(s.path, bytes, n - 1);
    assert_int_equal(parasol_index_backup(i.path, d.path, NULL, NULL, &err),
                     PARASOL_CORRUPT);
    assert_int_equal(unlink(s.path), 0);
    assert_int_equal(parasol_index_backup(i.path, d.path, NULL, NULL, &err),
                     PARASOL_CORRUPT);
    assert_non_null(strstr(err.message, "i6/s1.seg"));
    free(bytes);
}

static int stop_at(double done, void *user)
{
    double *at = user;
    return done >= *at;
}

static void upkeep_copies__what_is_stopped_leaves_nothing(void **state)
{
    (void)state;
    parasol_copy_options o = PARASOL_COPY_OPTIONS_INIT;
    place i = in_tmp("i7"), d = in_tmp("d7"), p = in_tmp("7.pack");
    assert_int_equal(make(i.path, 30, 1), 0);
    o.progress = stop_at;
    for (double at = 0; at <= 1; at += 0.125) {
        o.user = &at;
        for (o.link = 0; o.link < 2; o.link++) {
            assert_int_equal(
                parasol_index_backup(i.path, d.path, &o, NULL, NULL),
                PARASOL_ARG);
            assert_false(scratch_exists(d.path));
        }
        assert_int_equal(parasol_index_pack(i.path, p.path, &o, NULL, NULL),
                         PARASOL_ARG);
        assert_false(scratch_exists(p.path));
    }
}

/* ---- beside a writer ---------------------------------------------------- */

static atomic_int stop;
static atomic_uint rounds;

static void *write_on(void *arg)
{
    const place *dir = arg;
    for (unsigned round = 2; !atomic_load(&stop); round++) {
        if (make(dir->path, 20 + round % 5, round))
            break;
        atomic_store(&rounds, round);
    }
    return NULL;
}

/* A copy is one commit: its documents all have the same round, and there are
   as many as that round made. */
static void judge_copy(const char *copy)
{
    parasol_searcher *s = NULL;
    char query[32];
    assert_int_equal(parasol_searcher_open(&s, copy, NULL, NULL), 0);
    parasol_searcher_info info = {.struct_size = sizeof info};
    parasol_searcher_describe(s, &info);
    unsigned round = (unsigned)info.commit;
    parasol_searcher_close(s);
    (void)snprintf(query, sizeof query, "round%u", round);
    assert_int_equal(count(copy, query), round == 1 ? 20 : 20 + round % 5);
    assert_int_equal(count(copy, "alpha"), count(copy, query));
}

static void upkeep_copies__are_consistent_beside_a_writer(void **state)
{
    (void)state;
    pthread_t writer;
    parasol_error err = {0};
    place i = in_tmp("i8"), p = in_tmp("8.pack");
    parasol_copy_options o = PARASOL_COPY_OPTIONS_INIT;
    assert_int_equal(make(i.path, 20, 1), 0);
    assert_int_equal(pthread_create(&writer, NULL, write_on, &i), 0);
    for (unsigned n = 0; n < 40 || atomic_load(&rounds) < 10; n++) {
        char name[16];
        (void)snprintf(name, sizeof name, "c%u", n);
        place c = in_tmp(name);
        int rc;
        o.link = n % 3 == 1;
        if (n % 3 < 2)
            rc = parasol_index_backup(i.path, c.path, &o, NULL, &err);
        else
            rc = parasol_index_pack(i.path, p.path, NULL, NULL, &err);
        if (rc)
            fail_msg("copy %u: %s", n, err.message);
        judge_copy(n % 3 < 2 ? c.path : p.path);
        if (n % 3 < 2) {
            scratch_empty(c.path, 0);
            assert_int_equal(rmdir(c.path), 0);
        }
    }
    atomic_store(&stop, 1);
    assert_int_equal(pthread_join(writer, NULL), 0);
    print_message("%u commits beside the copies\n", atomic_load(&rounds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(upkeep_copies__answer_like_the_index),
        cmocka_unit_test(upkeep_copies__a_pack_may_replace_a_pack_only),
        cmocka_unit_test(upkeep_copies__a_backup_needs_an_empty_place),
        cmocka_unit_test(upkeep_copies__linked_files_are_the_same_files),
        cmocka_unit_test(upkeep_copies__damage_is_found_and_nothing_is_left),
        cmocka_unit_test(upkeep_copies__what_is_stopped_leaves_nothing),
        cmocka_unit_test(upkeep_copies__are_consistent_beside_a_writer),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
