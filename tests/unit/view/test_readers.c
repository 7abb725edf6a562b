/*
 * Readers where they may do little: directories that cannot be written, other
 * users, no permission, no index, file systems whose handles go stale.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cmocka.h>

#include <parasol/searcher.h>

#include "tests/support/faultfs.h"
#include "tests/support/kill.h"
#include "tests/support/numbers.h"

#define DOCS 300u
#define STRANGER 54321u /* a user that owns nothing */

static scratch tmp;
static char dir[600];
static faultfs *faults;

static int set_up(void **state)
{
    uint8_t dead[DOCS] = {1};
    (void)state;
    scratch_make(&tmp);
    (void)chmod(tmp.dir, 0755);
    (void)snprintf(dir, sizeof dir, "%s/i", tmp.dir);
    assert_int_equal(numbers_index(dir, DOCS, DOCS / 2), 0);
    kill_documents(dir, dead); /* so that there is a file of each kind */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)chmod(dir, 0755);
    scratch_remove(&tmp);
    return 0;
}

/* Opens the index, searches, refreshes; returns the status. */
static int read_index(parasol_error *err)
{
    parasol_searcher *s = NULL;
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_hit hit = PARASOL_HIT_INIT;
    int rc = parasol_searcher_open(&s, dir, NULL, err);
    if (!rc)
        rc = parasol_query_parse(&q, "w1", 2, NULL, err);
    if (!rc)
        rc = parasol_search(&r, s, q, NULL, err);
    if (!rc && parasol_result_total(r) != DOCS - 1)
        rc = -100;
    if (!rc)
        rc = parasol_result_hit(r, 0, &hit, err);
    parasol_result_free(r);
    if (!rc)
        rc = parasol_searcher_refresh(s, NULL, err);
    parasol_query_free(q);
    parasol_searcher_close(s);
    return rc;
}

/* The same in a child, by another user if we may become one: exits with 0 if
   the status is `want`, and the system's reason `why`. */
static void read_apart(int want, int why)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        parasol_error err = {0};
        if (geteuid() == 0 && (setgid(STRANGER) || setuid(STRANGER)))
            _exit(3);
        int rc = read_index(&err);
        if (rc != want || err.os_errno != why)
            printf("%d instead of %d: %d, %s\n", rc, want, err.os_errno,
                   err.message);
        if (rc && !strstr(err.message, dir))
            _exit(4);
        (void)fflush(stdout);
        _exit(rc == want && err.os_errno == why ? 0 : 2);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* Everything in the directory, or the directory itself. */
static void set_modes(mode_t files, mode_t folder)
{
    static const char *const names[] = {"s1.seg", "s2.seg", "l3.seg", "lock",
                                        "manifest.2"};
    char path[700];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        assert_int_equal(chmod(path, files), 0);
    }
    assert_int_equal(chmod(dir, folder), 0);
}

static struct timespec changed_at(void)
{
    struct stat st;
    assert_int_equal(stat(dir, &st), 0);
    return st.st_mtim;
}

static void view_readers__need_to_read_and_nothing_else(void **state)
{
    (void)state;
    set_modes(0444, 0555);
    struct timespec before = changed_at();
    read_apart(PARASOL_OK, 0);
    struct timespec after = changed_at();
    assert_memory_equal(&before, &after, sizeof before);
    set_modes(0644, 0755);
    /* Not even the lock. */
    char path[700];
    (void)snprintf(path, sizeof path, "%s/lock", dir);
    assert_int_equal(chmod(path, 0), 0);
    read_apart(PARASOL_OK, 0);
}

/* A writer at work does not stop them. */
static void view_readers__do_not_wait_for_a_writer(void **state)
{
    (void)state;
    parasol_indexer *w = NULL;
    assert_int_equal(parasol_indexer_open(&w, dir, NULL, NULL), 0);
    read_apart(PARASOL_OK, 0);
    parasol_indexer_close(w);
}

static void view_readers__no_permission_is_told(void **state)
{
    (void)state;
    static const char *const names[] = {"s1.seg", "l3.seg", "manifest.2"};
    char path[700];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        assert_int_equal(chmod(path, 0), 0);
        read_apart(PARASOL_IO, EACCES);
        assert_int_equal(chmod(path, 0644), 0);
    }
    assert_int_equal(chmod(dir, 0), 0);
    read_apart(PARASOL_IO, EACCES);
    /* It may be entered, and not be listed. */
    assert_int_equal(chmod(dir, geteuid() == 0 ? 0711 : 0311), 0);
    read_apart(PARASOL_IO, EACCES);
    assert_int_equal(chmod(dir, 0755), 0);
    read_apart(PARASOL_OK, 0);
}

/* Opens something else as an index. */
static void is_refused(const char *path, int status, const char *words)
{
    parasol_searcher *s = NULL;
    parasol_error err = {0};
    assert_int_equal(parasol_searcher_open(&s, path, NULL, &err), status);
    assert_int_equal(err.code, status);
    if (!strstr(err.message, words) || !strstr(err.message, path))
        fail_msg("%s", err.message);
    assert_null(s);
}

static void view_readers__what_is_no_index_is_refused(void **state)
{
    (void)state;
    char path[700], other[800];
    (void)snprintf(path, sizeof path, "%s/photos", tmp.dir);
    is_refused(path, PARASOL_NOTFOUND, "no index");
    assert_int_equal(mkdir(path, 0755), 0);
    is_refused(path, PARASOL_NOTFOUND, "no index");
    (void)snprintf(other, sizeof other, "%s/log", path);
    scratch_write(other, "mine", 4);
    (void)snprintf(other, sizeof other, "%s/me.jpg", path);
    scratch_write(other, "\xff\xd8", 2);
    is_refused(path, PARASOL_NOTFOUND, "no index");
    is_refused(other, PARASOL_NOTFOUND, "no index");
    (void)strcat(other, "/below");
    is_refused(other, PARASOL_IO, "Not a directory");
    /* Nothing of it was touched. */
    (void)snprintf(other, sizeof other, "%s/lock", path);
    assert_int_equal(scratch_exists(other), 0);
    /* Through a link, an index is one. */
    (void)snprintf(other, sizeof other, "%s/link", tmp.dir);
    assert_int_equal(symlink(dir, other), 0);
    parasol_searcher *s = NULL;
    assert_int_equal(parasol_searcher_open(&s, other, NULL, NULL), 0);
    parasol_searcher_close(s);
    (void)snprintf(other, sizeof other, "%s/loop", tmp.dir);
    assert_int_equal(symlink("loop", other), 0);
    is_refused(other, PARASOL_IO, "symbolic links");
}

/* ---- stale handles ------------------------------------------------------ */

enum { READING = FAULTFS_OPEN | FAULTFS_READ | FAULTFS_LOOK };

/* Whatever of opening and refreshing fails once because a file was removed by
   another machine, is done again. */
static void view_readers__stale_handles_are_opened_again(void **state)
{
    (void)state;
    parasol_error err = {0};
    faultfs_plan(faults, dir, READING, FAULTFS_NOTHING, 0, 0, 0);
    assert_int_equal(read_index(&err), 0);
    uint64_t n = atomic_load(&faults->count);
    assert_true(n > 20);
    for (uint64_t at = 1; at <= n; at++) {
        faultfs_plan(faults, dir, READING, FAULTFS_FAIL, at, 1, ESTALE);
        int rc = read_index(&err);
        if (rc)
            fail_msg("operation %llu of %llu: %d, %s", (unsigned long long)at,
                     (unsigned long long)n, rc, err.message);
    }
    faultfs_rest(faults);
}

/* A file system that stays so is no damage. */
static void view_readers__what_stays_stale_is_told(void **state)
{
    (void)state;
    parasol_error err = {0};
    unsigned failed = 0;
    for (uint64_t at = 1; at <= 40; at++) {
        faultfs_plan(faults, dir, READING, FAULTFS_FAIL, at, 0, ESTALE);
        int rc = read_index(&err);
        if (rc && (rc != PARASOL_IO || err.os_errno != ESTALE))
            fail_msg("operation %llu: %d, %s", (unsigned long long)at, rc,
                     err.message);
        failed += rc != 0;
    }
    faultfs_rest(faults);
    assert_true(failed > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            view_readers__need_to_read_and_nothing_else, set_up, tear_down),
        cmocka_unit_test_setup_teardown(view_readers__do_not_wait_for_a_writer,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(view_readers__no_permission_is_told,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            view_readers__what_is_no_index_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            view_readers__stale_handles_are_opened_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(view_readers__what_stays_stale_is_told,
                                        set_up, tear_down),
    };
    scratch control;
    scratch_make(&control);
    faults = faultfs_begin(scratch_path(&control, "plan"));
    int failed = cmocka_run_group_tests_name("readers", tests, NULL, NULL);
    scratch_remove(&control);
    return failed;
}
