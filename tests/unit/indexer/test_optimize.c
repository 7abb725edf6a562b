/*
 * parasol_optimize: what it makes, what it leaves alone, what it says.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "common/segment/seg.h"
#include "tests/support/babble.h"
#include "tests/support/scratch.h"
#include "tests/support/split.h"

typedef struct place {
    scratch dir;
    babble talk;
} place;

static void open_place(place *p, size_t docs)
{
    scratch_make(&p->dir);
    babble_make(&p->talk, scratch_seed(), docs, 60);
}

static void close_place(place *p)
{
    babble_release(&p->talk);
    scratch_remove(&p->dir);
}

static const char *make_index(place *p, const char *name, size_t parts)
{
    const char *path = scratch_path(&p->dir, name);
    babble_index(&p->talk, path, 0);
    if (parts > 1)
        split_index(path, parts, 0);
    return path;
}

static parasol_optimize_info optimize(const char *path, int order,
                                      unsigned jobs, uint64_t memory)
{
    parasol_error err = {0};
    parasol_optimize_info info = PARASOL_OPTIMIZE_INFO_INIT;
    parasol_optimize_options o = PARASOL_OPTIMIZE_OPTIONS_INIT;
    o.order = order;
    o.jobs = jobs;
    o.memory = memory;
    if (parasol_optimize(path, &o, &info, &err))
        fail_msg("%s", err.message);
    return info;
}

/* The one segment of an index. */
static pc_seg *open_seg(const char *path)
{
    char name[1200];
    pc_seg *seg = NULL;
    DIR *d = opendir(path);
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] != 's')
            continue;
        assert_null(seg);
        (void)snprintf(name, sizeof name, "%s/%s", path, e->d_name);
        assert_int_equal(pc_seg_open(&seg, name, NULL, NULL), PARASOL_OK);
    }
    (void)closedir(d);
    assert_non_null(seg);
    return seg;
}

static void assert_same_content(const char *a, const char *b)
{
    pc_seg *x = open_seg(a), *y = open_seg(b);
    for (uint32_t id = 1; id < 64; id++) {
        pc_section s, t;
        bool has = pc_sealed_has(x->file, id, &s);
        assert_int_equal(has, pc_sealed_has(y->file, id, &t));
        if (!has)
            continue;
        assert_int_equal(s.len, t.len);
        assert_memory_equal(s.ptr, t.ptr, s.len);
    }
    pc_seg_close(x);
    pc_seg_close(y);
}

static unsigned count_files(const char *path)
{
    unsigned n = 0;
    DIR *d = opendir(path);
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    (void)closedir(d);
    return n;
}

/* ---- tests -------------------------------------------------------------- */

static void optimize_orders__change_places_and_nothing_else(void **state)
{
    (void)state;
    place p;
    char plain[1200];
    open_place(&p, 500);
    (void)snprintf(plain, sizeof plain, "%s", make_index(&p, "plain", 1));
    const char *path = make_index(&p, "index", 6);
    for (int order = PARASOL_ORDER_BISECT; order <= PARASOL_ORDER_NONE;
         order++) {
        parasol_optimize_info info = optimize(path, order, 2, 0);
        assert_int_equal(info.documents, 500);
        assert_int_equal(info.segments, order == 0 ? 6 : 1);
        assert_true(info.bytes_before > 0 && info.bytes > 0);
        uint64_t commit = info.commit;
        /* A manifest, a segment, the lock, the log. */
        assert_int_equal(count_files(path), 4);
        info = optimize(path, order, 1, 0);
        assert_int_equal(info.changed, 0);
        assert_int_equal(info.commit, commit);
        assert_int_equal(info.bytes, info.bytes_before);
    }
    assert_same_content(path, plain);
    close_place(&p);
}

static void optimize_bytes__depend_on_documents_alone(void **state)
{
    (void)state;
    static const struct {
        size_t parts;
        unsigned jobs;
        uint64_t memory;
    } ways[] = {{1, 1, 0}, {3, 2, 2 << 20}, {7, 5, 0}, {12, 3, 4 << 20}};
    place p;
    char first[1200];
    open_place(&p, 900);
    (void)snprintf(first, sizeof first, "%s", make_index(&p, "0", 1));
    (void)optimize(first, PARASOL_ORDER_BISECT, 1, 0);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "way%zu", i);
        const char *path = make_index(&p, name, ways[i].parts);
        (void)optimize(path, PARASOL_ORDER_BISECT, ways[i].jobs,
                       ways[i].memory);
        assert_same_content(path, first);
    }
    close_place(&p);
}

static int stop(int phase, double done, void *user)
{
    (void)done;
    return phase == *(int *)user;
}

static void optimize_stopped__leaves_the_commit(void **state)
{
    (void)state;
    place p;
    open_place(&p, 300);
    const char *path = make_index(&p, "index", 4);
    unsigned files = count_files(path);
    for (int phase = PARASOL_PHASE_COMPARING; phase <= PARASOL_PHASE_MERGING;
         phase++) {
        parasol_error err = {0};
        parasol_optimize_options o = PARASOL_OPTIMIZE_OPTIONS_INIT;
        o.progress = stop;
        o.user = &phase;
        assert_int_equal(parasol_optimize(path, &o, NULL, &err), PARASOL_ARG);
        assert_true(err.message[0]);
        assert_int_equal(count_files(path), files);
    }
    assert_int_equal(optimize(path, PARASOL_ORDER_NONE, 1, 0).segments, 4);
    close_place(&p);
}

/* 3000 documents of ten words, each of which stands in thirty of them. */
static void index_even_words(const char *path)
{
    parasol_indexer *w = NULL;
    assert_int_equal(parasol_indexer_open(&w, path, NULL, NULL), PARASOL_OK);
    for (unsigned d = 0; d < 3000; d++) {
        char id[16], text[200] = "";
        size_t len = 0;
        (void)snprintf(id, sizeof id, "%u", d);
        for (unsigned k = 0; k < 10; k++)
            len += (size_t)snprintf(text + len, sizeof text - len, "w%u ",
                                    (d * (k + 1) + 7 * k) % 100 + 100 * k);
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        doc.id = id;
        doc.text = text;
        doc.text_len = len;
        assert_int_equal(parasol_indexer_add(w, &doc, NULL), PARASOL_OK);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
}

static void optimize_memory__too_small_says_what_is_needed(void **state)
{
    (void)state;
    scratch dir;
    parasol_error err = {0};
    parasol_optimize_options o = PARASOL_OPTIMIZE_OPTIONS_INIT;
    scratch_make(&dir);
    const char *path = scratch_path(&dir, "index");
    index_even_words(path);
    o.memory = 1; /* taken as 64 KiB; it takes 117 */
    assert_int_equal(parasol_optimize(path, &o, NULL, &err), PARASOL_NOMEM);
    assert_non_null(strstr(err.message, "1 MiB of memory"));
    o.memory = 1 << 20;
    assert_int_equal(parasol_optimize(path, &o, NULL, &err), PARASOL_OK);
    o.memory = 1;
    o.order = PARASOL_ORDER_PATH;
    assert_int_equal(parasol_optimize(path, &o, NULL, &err), PARASOL_OK);
    scratch_remove(&dir);
}

static void optimize_refuses__what_it_cannot_do(void **state)
{
    (void)state;
    place p;
    parasol_error err = {0};
    parasol_optimize_options o = PARASOL_OPTIMIZE_OPTIONS_INIT;
    parasol_indexer *w = NULL;
    open_place(&p, 20);
    const char *none = scratch_path(&p.dir, "none");
    assert_int_equal(parasol_optimize(none, NULL, NULL, &err),
                     PARASOL_NOTFOUND);
    assert_false(scratch_exists(none));
    assert_int_equal(parasol_optimize("", NULL, NULL, &err), PARASOL_ARG);
    o.order = 3;
    assert_int_equal(parasol_optimize(none, &o, NULL, &err), PARASOL_ARG);
    const char *path = make_index(&p, "index", 2);
    assert_int_equal(parasol_indexer_open(&w, path, NULL, &err), PARASOL_OK);
    assert_int_equal(parasol_optimize(path, NULL, NULL, &err), PARASOL_LOCKED);
    parasol_indexer_close(w);
    assert_int_equal(parasol_optimize(path, NULL, NULL, &err), PARASOL_OK);
    close_place(&p);
}

/* Where the segment that an optimized index has is; a copy of its bytes. */
static uint8_t *read_segment(const char *path, char name[1300], size_t *n)
{
    DIR *d = opendir(path);
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] == 's')
            (void)snprintf(name, 1300, "%s/%s", path, e->d_name);
    }
    (void)closedir(d);
    return scratch_read(name, n);
}

static void optimize_damage__is_found_and_left(void **state)
{
    (void)state;
    place p;
    char name[1300] = "";
    size_t n;
    unsigned found = 0;
    open_place(&p, 200);
    const char *path = make_index(&p, "index", 1);
    (void)optimize(path, PARASOL_ORDER_BISECT, 1, 0);
    uint64_t rng = scratch_seed();
    uint8_t *bytes = read_segment(path, name, &n);
    for (unsigned i = 0; i < 60; i++) {
        size_t at = (size_t)scratch_below(&rng, n);
        parasol_optimize_options o = PARASOL_OPTIMIZE_OPTIONS_INIT;
        parasol_error err = {0};
        o.order = PARASOL_ORDER_NONE;
        bytes[at] ^= 0x10;
        scratch_write(name, bytes, n);
        bytes[at] ^= 0x10;
        int rc = parasol_optimize(path, &o, NULL, &err);
        if (rc == PARASOL_OK) { /* of ids, which it makes anew, not copies */
            free(bytes);
            bytes = read_segment(path, name, &n);
            assert_int_equal(parasol_check(path, NULL, NULL, NULL), PARASOL_OK);
            continue;
        }
        assert_int_equal(rc, PARASOL_CORRUPT);
        assert_true(err.message[0]);
        assert_int_equal(count_files(path), 4);
        found++;
    }
    printf("%u of 60 damages found\n", found);
    assert_true(found > 0);
    free(bytes);
    close_place(&p);
}

static void optimize_skipped__stay_known(void **state)
{
    (void)state;
    place p;
    char docs[1200], file[1300];
    parasol_indexer *w = NULL;
    parasol_tree_summary summary = PARASOL_TREE_SUMMARY_INIT;
    parasol_searcher *s = NULL;
    parasol_searcher_info info = {.struct_size = sizeof info};
    open_place(&p, 1);
    (void)snprintf(docs, sizeof docs, "%s", scratch_path(&p.dir, "docs"));
    assert_int_equal(mkdir(docs, 0700), 0);
    (void)snprintf(file, sizeof file, "%s/a.txt", docs);
    scratch_write(file, "words\n", 6);
    (void)snprintf(file, sizeof file, "%s/b.txt", docs);
    scratch_write(file, "more words\n", 11);
    (void)snprintf(file, sizeof file, "%s/empty.txt", docs);
    scratch_write(file, "", 0);
    const char *path = scratch_path(&p.dir, "index");
    assert_int_equal(parasol_indexer_open(&w, path, NULL, NULL), PARASOL_OK);
    assert_int_equal(parasol_indexer_add_tree(w, docs, NULL, &summary, NULL),
                     PARASOL_OK);
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
    split_index(path, 2, 1);
    assert_int_equal(optimize(path, PARASOL_ORDER_NONE, 1, 0).changed, 1);
    assert_int_equal(parasol_searcher_open(&s, path, NULL, NULL), PARASOL_OK);
    parasol_searcher_describe(s, &info);
    assert_int_equal(info.documents, 2);
    assert_int_equal(info.not_searchable, 1);
    parasol_searcher_close(s);
    close_place(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(optimize_orders__change_places_and_nothing_else),
        cmocka_unit_test(optimize_bytes__depend_on_documents_alone),
        cmocka_unit_test(optimize_stopped__leaves_the_commit),
        cmocka_unit_test(optimize_memory__too_small_says_what_is_needed),
        cmocka_unit_test(optimize_refuses__what_it_cannot_do),
        cmocka_unit_test(optimize_damage__is_found_and_left),
        cmocka_unit_test(optimize_skipped__stay_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
