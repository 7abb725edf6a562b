/*
 * The writer of sealed files and the spools: misuse, failure, equivalence.
 * What it writes is read back in tests/unit/format/test_sealed.c.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "common/base/fail.h"
#include "common/format/sealed.h"
#include "indexer/write/out.h"
#include "indexer/write/spool.h"
#include "tests/support/scratch_group.h"

static pi_out *create(const char *path)
{
    parasol_error err = {0};
    pi_out *o = NULL;
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 1, NULL, &err),
                     0);
    return o;
}

static void write_out__misuse_is_an_error_and_leaves_no_file(void **state)
{
    (void)state;
    const char *path = scratch_path(&tmp, "f");
    for (unsigned i = 0; i < 4; i++) {
        parasol_error err = {0};
        pi_out *o = create(path);
        if (i == 0)
            pi_out_put(o, "x", 1); /* before the first section */
        pi_out_begin(o, 3);
        if (i == 1)
            pi_out_begin(o, 3); /* twice */
        if (i == 2)
            pi_out_begin(o, 0);
        for (uint32_t s = 100; i == 3 && s < 200; s++)
            pi_out_begin(o, s); /* too many */
        pi_out_put(o, "y", 1);
        assert_int_equal(pi_out_status(o, &err), PARASOL_INTERNAL);
        assert_int_equal(pi_out_finish(o, NULL, NULL, NULL), PARASOL_INTERNAL);
        assert_false(scratch_exists(path));
    }
}

static void write_out__never_replaces_and_aborts_cleanly(void **state)
{
    (void)state;
    parasol_error err = {0};
    pi_out *o = NULL;
    const char *path = scratch_path(&tmp, "f");
    scratch_write(path, "mine", 4);
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 1, NULL, &err),
                     PARASOL_IO);
    assert_null(o);
    assert_true(scratch_exists(path));
    assert_int_equal(unlink(path), 0);
    o = create(path);
    pi_out_begin(o, 1);
    pi_out_put(o, "abc", 3);
    pi_out_abort(o);
    assert_false(scratch_exists(path));
    pi_out_abort(NULL);
    assert_int_equal(pi_out_create(&o, scratch_path(&tmp, "no/f"),
                                   PC_KIND_SEGMENT, 1, NULL, &err),
                     PARASOL_NOTFOUND);
}

static void write_out__foreign_failure_is_kept(void **state)
{
    (void)state;
    parasol_error err = {0};
    parasol_error why = {0};
    const char *path = scratch_path(&tmp, "f");
    pi_out *o = create(path);
    pi_out_begin(o, 1);
    (void)pc_fail(&why, PARASOL_FULL, "the first one");
    pi_out_fail(o, &why);
    (void)pc_fail(&why, PARASOL_IO, "the second one");
    pi_out_fail(o, &why);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), PARASOL_FULL);
    assert_string_equal(err.message, "the first one");
    assert_false(scratch_exists(path));
}

/* A limit on the size of files stands in for a full disk. */
static void limit_files(rlim_t bytes)
{
    struct rlimit r;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &r), 0);
    r.rlim_cur = bytes ? bytes : r.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &r), 0);
}

static void write_out__full_disk_is_reported_once_at_the_end(void **state)
{
    (void)state;
    static const uint8_t piece[1000];
    static const rlim_t limits[] = {1, 4096, 300000, 1000000, 1003520 + 10};
    const char *path = scratch_path(&tmp, "f");
    (void)signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < PC_COUNTOF(limits); i++) {
        parasol_error err = {0};
        pi_out *o = create(path);
        limit_files(limits[i]);
        pi_out_begin(o, 1);
        for (unsigned k = 0; k < 1000; k++) {
            pi_out_put(o, piece, sizeof piece);
            assert_true(pi_out_at(o) <= 1000000);
        }
        int rc = pi_out_finish(o, NULL, NULL, &err);
        limit_files(0);
        assert_int_equal(rc, PARASOL_FULL);
        assert_non_null(strstr(err.message, path));
        assert_false(scratch_exists(path));
    }
}

static void check_spool(size_t limit, size_t total, uint64_t *rng)
{
    parasol_error err = {0};
    pi_spool s;
    const char *path = scratch_path(&tmp, "f");
    uint8_t *all = malloc(total + 1);
    assert_non_null(all);
    for (size_t i = 0; i < total; i++)
        all[i] = (uint8_t)scratch_random(rng);
    pi_spool_init(&s, tmp.dir, limit, NULL);
    for (size_t at = 0; at < total;) {
        size_t n = 1 + (size_t)scratch_below(rng, 3000);
        n = n < total - at ? n : total - at;
        pi_spool_put(&s, all + at, n);
        at += n;
        assert_int_equal(pi_spool_at(&s), at);
    }
    assert_int_equal(pi_spool_status(&s, &err), 0);
    pi_out *o = create(path);
    pi_out_begin(o, 5);
    pi_out_put(o, "head", 4);
    assert_int_equal(pi_spool_drain(&s, o), 0);
    assert_int_equal(pi_out_at(o), total + 4);
    assert_int_equal(pi_spool_at(&s), 0);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), 0);
    pi_spool_release(&s);
    pc_sealed *f = NULL;
    pc_section sec;
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err), 0);
    assert_int_equal(pc_sealed_section(f, 5, &sec, &err), 0);
    assert_int_equal(sec.len, total + 4);
    assert_int_equal(pc_sealed_verify(f, &err), 0);
    assert_memory_equal(sec.ptr, "head", 4);
    if (total)
        assert_memory_equal(sec.ptr + 4, all, total);
    pc_sealed_close(f);
    free(all);
    assert_int_equal(unlink(path), 0);
}

static void write_spool__round_trip_in_memory_and_in_a_file(void **state)
{
    (void)state;
    static const size_t totals[] = {0, 1, 999, 1000, 1001, 70000, 800000};
    uint64_t rng = scratch_seed();
    for (size_t i = 0; i < PC_COUNTOF(totals); i++) {
        check_spool(0, totals[i], &rng);
        check_spool(1, totals[i], &rng);
        check_spool(1000, totals[i], &rng);
        check_spool(100000, totals[i], &rng);
    }
}

static void write_spool__temporary_files_have_no_name(void **state)
{
    (void)state;
    static const uint8_t piece[100];
    pi_spool one;
    pi_spool two;
    scratch_write(scratch_path(&tmp, "t0.tmp"), "left over", 9);
    pi_spool_init(&one, tmp.dir, 50, NULL);
    pi_spool_init(&two, tmp.dir, 50, NULL);
    pi_spool_put(&one, piece, sizeof piece);
    pi_spool_put(&two, piece, sizeof piece);
    assert_int_equal(pi_spool_status(&one, NULL), 0);
    assert_int_equal(pi_spool_status(&two, NULL), 0);
    assert_int_equal(one.in_file, 100);
    assert_false(scratch_exists(scratch_path(&tmp, "t1.tmp")));
    assert_false(scratch_exists(scratch_path(&tmp, "t2.tmp")));
    pi_spool_release(&one);
    pi_spool_release(&two);
}

static void write_spool__failure_reaches_the_file(void **state)
{
    (void)state;
    static const uint8_t piece[2000];
    parasol_error err = {0};
    pi_spool s;
    /* No such directory. */
    pi_spool_init(&s, "/nonexistent/dir", 1000, NULL);
    pi_spool_put(&s, piece, 10);
    assert_int_equal(pi_spool_status(&s, &err), 0);
    pi_spool_put(&s, piece, sizeof piece);
    assert_int_equal(pi_spool_status(&s, &err), PARASOL_NOTFOUND);
    const char *path = scratch_path(&tmp, "f");
    pi_out *o = create(path);
    pi_out_begin(o, 1);
    assert_int_equal(pi_spool_drain(&s, o), PARASOL_NOTFOUND);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), PARASOL_NOTFOUND);
    assert_false(scratch_exists(path));
    pi_spool_release(&s);
    /* A full disk. */
    (void)signal(SIGXFSZ, SIG_IGN);
    pi_spool_init(&s, tmp.dir, 1000, NULL);
    limit_files(5000);
    for (unsigned i = 0; i < 5; i++)
        pi_spool_put(&s, piece, sizeof piece);
    limit_files(0);
    assert_int_equal(pi_spool_status(&s, &err), PARASOL_FULL);
    assert_non_null(strstr(err.message, tmp.dir));
    pi_spool_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            write_out__misuse_is_an_error_and_leaves_no_file, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            write_out__never_replaces_and_aborts_cleanly, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(write_out__foreign_failure_is_kept,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            write_out__full_disk_is_reported_once_at_the_end, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            write_spool__round_trip_in_memory_and_in_a_file, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            write_spool__temporary_files_have_no_name, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(write_spool__failure_reaches_the_file,
                                        scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
