/*
 * Commits: from one state to the next, with what crashed writers leave.
 * Power cuts and failing system calls: tests/crash.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <parasol/version.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "common/format/name.h"
#include "common/format/sealed.h"
#include "common/os/file.h"
#include "indexer/commit/commit.h"
#include "indexer/write/out.h"
#include "tests/support/scratch_group.h"

static void put_number(char *out, size_t n, const char *fmt, uint64_t v)
{
    const char *hash = strchr(fmt, '#');
    (void)snprintf(out, n, "%.*s%llu%s", (int)(hash - fmt), fmt,
                   (unsigned long long)v, hash + 1);
}

static bool has(const char *dir, const char *fmt, uint64_t v)
{
    char name[64];
    char path[1200];
    put_number(name, sizeof name, fmt, v);
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    return scratch_exists(path);
}

/* Writes a segment whose content is its number. */
static void add_segment(const char *dir, pc_manifest *m)
{
    parasol_error err = {0};
    pc_manifest_segment s = {.number = m->next_segment++, .docs = 1};
    pi_out *o = NULL;
    char name[64];
    char path[1200];
    put_number(name, sizeof name, "s#.seg", s.number);
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_int_equal(
        pi_out_create(&o, path, PC_KIND_SEGMENT, s.number, NULL, &err), 0);
    pi_out_begin(o, PC_SECTION_META);
    pi_out_put_u64(o, s.number);
    assert_int_equal(pi_out_finish(o, &s.file_bytes, &s.trailer_crc, &err), 0);
    assert_int_equal(pc_manifest_add(m, &s, &err), 0);
}

/* One whole writer: prepare, `n` segments, publish, collect. */
static uint64_t run_writer(const char *dir, unsigned n)
{
    parasol_error err = {0};
    pc_lock lock = {0};
    pc_manifest now;
    pc_manifest next;
    int rc = pi_commit_prepare(dir, &lock, &now, NULL, &err);
    if (rc)
        print_message("%s\n", err.message);
    assert_int_equal(rc, 0);
    pc_manifest_init(&next, NULL);
    next.commit = now.commit + 1;
    next.next_segment = now.next_segment;
    for (unsigned i = 0; i < n; i++)
        add_segment(dir, &next);
    assert_int_equal(pi_commit_publish(dir, &next, NULL, &err), 0);
    pi_commit_collect(dir, &next, NULL);
    pc_lock_drop(&lock);
    uint64_t commit = next.commit;
    pc_manifest_release(&now);
    pc_manifest_release(&next);
    return commit;
}

/* The files of the newest commit, all verified; returns its number. */
static uint64_t check_index(const char *dir, size_t segments)
{
    parasol_error err = {0};
    pc_manifest m;
    pc_buf path;
    pc_buf_init(&path, NULL);
    int rc = pc_manifest_newest(dir, &m, NULL, &err);
    if (rc)
        print_message("%s\n", err.message);
    assert_int_equal(rc, 0);
    assert_int_equal(m.n_segments, segments);
    for (size_t i = 0; i < m.n_segments; i++) {
        pc_sealed *f = NULL;
        const char *name = pc_name_path(&path, dir, PC_NAME_SEGMENT,
                                        m.segments[i].number, "", &err);
        assert_int_equal(pc_sealed_open(&f, name, PC_KIND_SEGMENT, NULL, &err),
                         0);
        assert_int_equal(pc_sealed_bytes(f), m.segments[i].file_bytes);
        assert_int_equal(pc_sealed_trailer_crc(f), m.segments[i].trailer_crc);
        assert_int_equal(pc_sealed_number(f), m.segments[i].number);
        assert_int_equal(pc_sealed_verify(f, &err), 0);
        pc_sealed_close(f);
    }
    uint64_t commit = m.commit;
    pc_manifest_release(&m);
    pc_buf_release(&path);
    return commit;
}

static size_t count_names(const char *dir)
{
    parasol_error err = {0};
    pc_arena arena;
    pc_str *names;
    size_t n = 0;
    pc_arena_init(&arena, NULL, 0);
    assert_int_equal(pc_dir_list(&names, &n, dir, &arena, &err), 0);
    pc_arena_release(&arena);
    return n;
}

static void commit_index__replaces_the_commit_before(void **state)
{
    (void)state;
    char dir[1024];
    (void)snprintf(dir, sizeof dir, "%s", scratch_path(&tmp, "index"));
    for (uint64_t i = 1; i <= 5; i++) {
        assert_int_equal(run_writer(dir, (unsigned)i), i);
        assert_int_equal(check_index(dir, i), i);
        /* The manifest, the lock and the segments, nothing else. */
        assert_int_equal(count_names(dir), 2 + i);
        assert_true(has(dir, "manifest.#", i));
    }
    /* Numbers are not used twice: 1 + 2 + 3 + 4 came before. */
    assert_true(has(dir, "s#.seg", 11));
    assert_false(has(dir, "s#.seg", 10));
    assert_int_equal(run_writer(dir, 0), 6);
    assert_int_equal(check_index(dir, 0), 6);
}

static void commit_index__refuses_foreign_directories(void **state)
{
    (void)state;
    parasol_error err = {0};
    pc_lock lock = {0};
    pc_manifest now;
    scratch_write(scratch_path(&tmp, "thesis.txt"), "x", 1);
    assert_int_equal(pi_commit_prepare(tmp.dir, &lock, &now, NULL, &err),
                     PARASOL_ARG);
    assert_non_null(strstr(err.message, "thesis.txt"));
    assert_int_equal(count_names(tmp.dir), 1); /* no lock either */
    pc_manifest_release(&now);
    /* A parent that is missing, and a file in place of a directory. */
    char path[1024];
    (void)snprintf(path, sizeof path, "%s", scratch_path(&tmp, "a/b"));
    assert_int_equal(pi_commit_prepare(path, &lock, &now, NULL, &err),
                     PARASOL_NOTFOUND);
    (void)snprintf(path, sizeof path, "%s", scratch_path(&tmp, "thesis.txt"));
    assert_int_equal(pi_commit_prepare(path, &lock, &now, NULL, &err),
                     PARASOL_ARG);
}

static void commit_index__leaves_foreign_files_in_an_index_alone(void **state)
{
    (void)state;
    char dir[1024];
    (void)snprintf(dir, sizeof dir, "%s", scratch_path(&tmp, "index"));
    (void)run_writer(dir, 1);
    static const char *const foreign[] = {"index/README", "index/s01.seg",
                                          "index/manifest.old", "index/x.tmp"};
    for (size_t i = 0; i < PC_COUNTOF(foreign); i++)
        scratch_write(scratch_path(&tmp, foreign[i]), "x", 1);
    (void)run_writer(dir, 1);
    for (size_t i = 0; i < PC_COUNTOF(foreign); i++)
        assert_true(scratch_exists(scratch_path(&tmp, foreign[i])));
    assert_int_equal(check_index(dir, 1), 2);
}

static void commit_index__one_writer_at_a_time(void **state)
{
    (void)state;
    parasol_error err = {0};
    pc_lock one = {0};
    pc_lock two = {0};
    pc_manifest now;
    pc_manifest other;
    assert_int_equal(pi_commit_prepare(tmp.dir, &one, &now, NULL, &err), 0);
    assert_int_equal(pi_commit_prepare(tmp.dir, &two, &other, NULL, &err),
                     PARASOL_LOCKED);
    pc_lock_drop(&one);
    assert_int_equal(pi_commit_prepare(tmp.dir, &two, &other, NULL, &err), 0);
    pc_lock_drop(&two);
    pc_manifest_release(&now);
    pc_manifest_release(&other);
}

static void commit_index__cleans_up_after_a_writer_that_crashed(void **state)
{
    (void)state;
    parasol_error err = {0};
    char dir[1024];
    pc_lock lock = {0};
    pc_manifest now;
    (void)snprintf(dir, sizeof dir, "%s", scratch_path(&tmp, "index"));
    (void)run_writer(dir, 2);
    static const char *const left[] = {"index/s3.seg", "index/s4.seg.tmp",
                                       "index/k5.seg", "index/manifest.2.tmp",
                                       "index/t0.tmp"};
    for (size_t i = 0; i < PC_COUNTOF(left); i++)
        scratch_write(scratch_path(&tmp, left[i]), "x", 1);
    assert_int_equal(pi_commit_prepare(dir, &lock, &now, NULL, &err), 0);
    assert_int_equal(now.commit, 1);
    assert_int_equal(now.next_segment, 3);
    for (size_t i = 0; i < PC_COUNTOF(left); i++)
        assert_false(scratch_exists(scratch_path(&tmp, left[i])));
    pc_lock_drop(&lock);
    pc_manifest_release(&now);
    assert_int_equal(check_index(dir, 2), 1);
    /* One that cannot be removed, here because it is a directory, costs its
       number and nothing else. */
    assert_int_equal(mkdir(scratch_path(&tmp, "index/s7.seg"), 0700), 0);
    assert_int_equal(run_writer(dir, 1), 2);
    assert_true(has(dir, "s#.seg", 8));
    assert_int_equal(check_index(dir, 1), 2);
}

static void commit_index__a_damaged_index_can_be_made_again(void **state)
{
    (void)state;
    parasol_error err = {0};
    char dir[1024];
    pc_lock lock = {0};
    pc_manifest now;
    (void)snprintf(dir, sizeof dir, "%s", scratch_path(&tmp, "index"));
    (void)run_writer(dir, 3);
    (void)run_writer(dir, 3);
    scratch_write(scratch_path(&tmp, "index/manifest.2"), "PARAMANIx", 9);
    assert_int_equal(pi_commit_prepare(dir, &lock, &now, NULL, &err), 0);
    assert_int_equal(now.commit, 2);
    assert_int_equal(now.next_segment, 7);
    assert_true(has(dir, "s#.seg", 6)); /* kept until there is a new commit */
    pc_lock_drop(&lock);
    pc_manifest_release(&now);
    assert_int_equal(run_writer(dir, 1), 3);
    assert_int_equal(check_index(dir, 1), 3);
    assert_int_equal(count_names(dir), 3);
}

static void commit_index__never_overwrites_a_newer_format(void **state)
{
    (void)state;
    parasol_error err = {0};
    char dir[1024];
    pc_lock lock = {0};
    pc_manifest now;
    size_t n = 0;
    (void)snprintf(dir, sizeof dir, "%s", scratch_path(&tmp, "index"));
    (void)run_writer(dir, 1);
    const char *path = scratch_path(&tmp, "index/manifest.1");
    uint8_t *all = scratch_read(path, &n);
    for (uint32_t older = 0; older < 2; older++) {
        pc_store32le(all + 8, older ? PARASOL_FORMAT_VERSION_MIN - 1
                                    : PARASOL_FORMAT_VERSION + 1);
        pc_store32le(all + n - 4, pc_crc32c(0, all, n - 4));
        scratch_write(path, all, n);
        int rc = pi_commit_prepare(dir, &lock, &now, NULL, &err);
        assert_int_equal(rc, older ? 0 : PARASOL_VERSION);
        assert_int_equal(now.commit, older ? 1 : 0);
        assert_true(has(dir, "s#.seg", 1));
        pc_lock_drop(&lock);
        pc_manifest_release(&now);
    }
    free(all);
}

static void commit_index__checks_that_the_files_are_there(void **state)
{
    (void)state;
    parasol_error err = {0};
    char dir[1024];
    pc_lock lock = {0};
    pc_manifest now;
    pc_manifest next;
    (void)snprintf(dir, sizeof dir, "%s", scratch_path(&tmp, "index"));
    (void)run_writer(dir, 1);
    assert_int_equal(pi_commit_prepare(dir, &lock, &now, NULL, &err), 0);
    pc_manifest_init(&next, NULL);
    next.commit = 2;
    next.next_segment = now.next_segment;
    add_segment(dir, &next);
    assert_int_equal(truncate(scratch_path(&tmp, "index/s2.seg"), 100), 0);
    assert_int_equal(pi_commit_publish(dir, &next, NULL, &err),
                     PARASOL_CORRUPT);
    assert_int_equal(unlink(scratch_path(&tmp, "index/s2.seg")), 0);
    assert_int_equal(pi_commit_publish(dir, &next, NULL, &err),
                     PARASOL_CORRUPT);
    pc_lock_drop(&lock);
    pc_manifest_release(&now);
    pc_manifest_release(&next);
    assert_int_equal(check_index(dir, 1), 1);
}

/* ---- readers while a writer commits ------------------------------------ */

static atomic_int writing;

static void *write_many(void *arg)
{
    for (unsigned i = 0; i < 150; i++)
        (void)run_writer(arg, 1 + i % 3);
    atomic_store(&writing, 0);
    return NULL;
}

/* The protocol of docs/format.md: read the newest manifest, open its files;
   when one is gone or another, there is a newer commit: begin again. */
static bool open_snapshot(const char *dir, uint64_t *commit)
{
    parasol_error err = {0};
    pc_manifest m;
    pc_buf path;
    pc_sealed *files[4] = {NULL};
    bool good = true;
    pc_buf_init(&path, NULL);
    int rc = pc_manifest_newest(dir, &m, NULL, &err);
    if (rc)
        print_message("%s\n", err.message);
    assert_int_equal(rc, 0);
    for (size_t i = 0; i < m.n_segments && good; i++) {
        const char *name = pc_name_path(&path, dir, PC_NAME_SEGMENT,
                                        m.segments[i].number, "", &err);
        rc = pc_sealed_open(&files[i], name, PC_KIND_SEGMENT, NULL, &err);
        assert_true(rc == 0 || rc == PARASOL_NOTFOUND);
        good = rc == 0;
        if (good)
            assert_int_equal(pc_sealed_trailer_crc(files[i]),
                             m.segments[i].trailer_crc);
    }
    for (size_t i = 0; i < 4; i++) {
        if (good && files[i])
            assert_int_equal(pc_sealed_verify(files[i], &err), 0);
        pc_sealed_close(files[i]);
    }
    *commit = m.commit;
    pc_manifest_release(&m);
    pc_buf_release(&path);
    return good;
}

static void commit_index__readers_always_find_a_whole_commit(void **state)
{
    (void)state;
    char dir[1024];
    pthread_t writer;
    uint64_t last = 0;
    unsigned good = 0;
    unsigned again = 0;
    (void)snprintf(dir, sizeof dir, "%s", scratch_path(&tmp, "index"));
    (void)run_writer(dir, 1);
    atomic_store(&writing, 1);
    assert_int_equal(pthread_create(&writer, NULL, write_many, dir), 0);
    while (atomic_load(&writing)) {
        uint64_t commit = 0;
        if (!open_snapshot(dir, &commit)) {
            again++;
            continue;
        }
        good++;
        assert_true(commit >= last);
        last = commit;
    }
    assert_int_equal(pthread_join(writer, NULL), 0);
    assert_true(open_snapshot(dir, &last));
    assert_int_equal(last, 151);
    assert_true(good > 0);
    print_message("%u snapshots, %u begun again\n", good, again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            commit_index__replaces_the_commit_before, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            commit_index__refuses_foreign_directories, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            commit_index__leaves_foreign_files_in_an_index_alone,
            scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(commit_index__one_writer_at_a_time,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            commit_index__cleans_up_after_a_writer_that_crashed, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            commit_index__a_damaged_index_can_be_made_again, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            commit_index__never_overwrites_a_newer_format, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            commit_index__checks_that_the_files_are_there, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            commit_index__readers_always_find_a_whole_commit, scratch_set_up,
            scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
