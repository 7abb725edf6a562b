/*
 * The writer's lock, between processes.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/os/lock.h"
#include "tests/support/faultfs.h"
#include "tests/support/scratch_group.h"

static faultfs *faults;

/* A child that takes the lock, says so, and then waits to be killed. */
static pid_t start_holder(void)
{
    int ends[2];
    char word = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        pc_lock lock = {0};
        parasol_error err;
        word = pc_lock_take(&lock, tmp.dir, &err) ? 'n' : 'y';
        ssize_t did = write(ends[1], &word, 1);
        (void)did;
        for (;;)
            (void)pause();
    }
    (void)close(ends[1]);
    assert_int_equal(read(ends[0], &word, 1), 1);
    (void)close(ends[0]);
    assert_int_equal(word, 'y');
    return child;
}

static void os_lock__loser_learns_who_holds_it(void **state)
{
    (void)state;
    pc_lock lock = {0};
    parasol_error err = {0};
    char who[32];
    char host[256] = "";
    pid_t child = start_holder();
    assert_int_equal(pc_lock_take(&lock, tmp.dir, &err), PARASOL_LOCKED);
    (void)snprintf(who, sizeof who, "process %ld on ", (long)child);
    assert_int_equal(gethostname(host, sizeof host - 1), 0);
    assert_non_null(strstr(err.message, who));
    assert_non_null(strstr(err.message, host));
    assert_non_null(strstr(err.message, tmp.dir));
    assert_non_null(strstr(err.message, " since 20"));
    pc_lock_drop(&lock); /* not held: nothing happens */

    /* The kernel lets go when the holder dies without a word. */
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(pc_lock_take(&lock, tmp.dir, &err), 0);
    assert_true(scratch_exists(scratch_path(&tmp, "lock")));
    pc_lock_drop(&lock);
    assert_true(scratch_exists(scratch_path(&tmp, "lock")));
}

static void os_lock__once_per_process_too(void **state)
{
    (void)state;
    pc_lock one = {0};
    pc_lock two = {0};
    parasol_error err = {0};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pc_lock_take(&one, tmp.dir, &err), 0);
        assert_int_equal(pc_lock_take(&two, tmp.dir, &err), PARASOL_LOCKED);
        pc_lock_drop(&one);
        assert_int_equal(pc_lock_take(&two, tmp.dir, &err), 0);
        pc_lock_drop(&two);
    }
}

static void os_lock__text_of_the_file_does_not_matter(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "x", "12", "\n\n", "-5 \xff host", "99999999999999999999999999 h"};
    pc_lock one = {0};
    pc_lock two = {0};
    parasol_error err = {0};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(pc_lock_take(&one, tmp.dir, &err), 0);
        scratch_write(scratch_path(&tmp, "lock"), texts[i], strlen(texts[i]));
        assert_int_equal(pc_lock_take(&two, tmp.dir, &err), PARASOL_LOCKED);
        assert_true(err.message[0] != 0);
        pc_lock_drop(&one);
    }
    char big[5000];
    memset(big, '7', sizeof big);
    assert_int_equal(pc_lock_take(&one, tmp.dir, &err), 0);
    scratch_write(scratch_path(&tmp, "lock"), big, sizeof big);
    assert_int_equal(pc_lock_take(&two, tmp.dir, &err), PARASOL_LOCKED);
    pc_lock_drop(&one);
}

static void os_lock__refuses_links_and_missing_directories(void **state)
{
    (void)state;
    pc_lock lock = {0};
    parasol_error err = {0};
    assert_int_equal(pc_lock_take(&lock, scratch_path(&tmp, "no"), &err),
                     PARASOL_NOTFOUND);
    assert_int_equal(symlink("target", scratch_path(&tmp, "lock")), 0);
    assert_int_equal(pc_lock_take(&lock, tmp.dir, &err), PARASOL_IO);
    assert_false(scratch_exists(scratch_path(&tmp, "target")));
}

/* What a writer that may not write is told, in a process of its own. */
static void expect_refused(uid_t as, const char *words)
{
    int status = 0;
    (void)fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        pc_lock lock = {0};
        parasol_error err = {0};
        if (as && setuid(as) != 0)
            _exit(2);
        int rc = pc_lock_take(&lock, tmp.dir, &err);
        bool told = rc == PARASOL_IO && strstr(err.message, words) &&
                    strstr(err.message, tmp.dir);
        if (!told)
            (void)printf("%d: %s\n", rc, err.message);
        (void)fflush(stdout);
        _exit(told ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void os_lock__who_may_not_write_is_told_why(void **state)
{
    (void)state;
    faultfs_plan(faults, tmp.dir, FAULTFS_CREATE, FAULTFS_FAIL, 1, 0, EROFS);
    expect_refused(0, "cannot be written, only searched");
    faultfs_plan(faults, tmp.dir, FAULTFS_CREATE, FAULTFS_FAIL, 1, 0, EACCES);
    expect_refused(0, "cannot open");
    faultfs_rest(faults);
    if (geteuid() != 0) {
        print_message("another owner needs root: not tested\n");
        return;
    }
    assert_int_equal(chmod(tmp.dir, 0755), 0);
    expect_refused(65534, "belongs to user 0 and cannot be written by user "
                          "65534");
    assert_false(scratch_exists(scratch_path(&tmp, "lock")));
}

static void os_lock__can_be_looked_at(void **state)
{
    (void)state;
    pc_lock_state s;
    pc_lock lock = {0};
    pc_lock_look(&s, tmp.dir);
    assert_true(s.known && !s.held && s.pid == 0);
    assert_false(scratch_exists(scratch_path(&tmp, "lock")));
    pid_t child = start_holder();
    for (int i = 0; i < 3; i++) {
        pc_lock_look(&s, tmp.dir);
        assert_true(s.known && s.held && !s.ended);
        assert_int_equal(s.pid, child);
        assert_true(s.since > 1500000000 && s.host[0]);
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    pc_lock_look(&s, tmp.dir);
    assert_true(s.known && !s.held && !s.ended);
    assert_int_equal(s.pid, child); /* who was the last */
    /* A look does not keep a writer out. */
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        (void)alarm(60); /* whatever becomes of the parent */
    while (child == 0)
        pc_lock_look(&s, tmp.dir);
    for (int i = 0; i < 300; i++) {
        assert_int_equal(pc_lock_take(&lock, tmp.dir, NULL), 0);
        pc_lock_drop(&lock);
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    scratch_write(scratch_path(&tmp, "lock"), "what", 4);
    pc_lock_look(&s, tmp.dir);
    assert_true(s.known && !s.held && s.pid == 0 && s.since == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(os_lock__loser_learns_who_holds_it,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(os_lock__once_per_process_too,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            os_lock__text_of_the_file_does_not_matter, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            os_lock__refuses_links_and_missing_directories, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(os_lock__who_may_not_write_is_told_why,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(os_lock__can_be_looked_at,
                                        scratch_set_up, scratch_tear_down),
    };
    scratch control;
    scratch_make(&control);
    faults = faultfs_begin(scratch_path(&control, "plan"));
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    scratch_remove(&control);
    return failed;
}
