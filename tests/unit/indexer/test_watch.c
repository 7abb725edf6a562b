/*
 * Changes below folders are told: which, when they are over, and nothing else;
 * by the system and by looking again and again.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <parasol/watch.h>

#include "tests/support/scratch.h"

static scratch place;
static parasol_watch *watch;

static void put(const char *name, const char *text)
{
    scratch_write(scratch_path(&place, name), text, strlen(text));
}

static void put_dir(const char *name)
{
    assert_int_equal(mkdir(scratch_path(&place, name), 0777), 0);
}

static void drop(const char *name)
{
    assert_int_equal(remove(scratch_path(&place, name)), 0);
}

static void move(const char *from, const char *to)
{
    char old[1024];
    (void)snprintf(old, sizeof old, "%s", scratch_path(&place, from));
    assert_int_equal(rename(old, scratch_path(&place, to)), 0);
}

static int setup(void **state)
{
    (void)state;
    scratch_make(&place);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    parasol_watch_close(watch);
    watch = NULL;
    scratch_remove(&place);
    return 0;
}

static void start(unsigned poll_ms, const char *index)
{
    const char *dirs[] = {place.dir};
    parasol_error err = {0};
    parasol_watch_options o = PARASOL_WATCH_OPTIONS_INIT;
    o.poll_ms = poll_ms;
    o.quiet_ms = 30;
    o.index = index;
    int rc = parasol_watch_open(&watch, dirs, 1, &o, &err);
    if (rc)
        print_error("%s\n", err.message);
    assert_int_equal(rc, PARASOL_OK);
}

/* The next change has these paths, one a line, or "*" for everything. */
static void expect(const char *want)
{
    char got[4096] = "";
    parasol_error err = {0};
    parasol_watch_change c = PARASOL_WATCH_CHANGE_INIT;
    size_t root = strlen(place.dir);
    int rc = parasol_watch_wait(watch, &c, &err);
    if (rc)
        print_error("%s\n", err.message);
    assert_int_equal(rc, PARASOL_OK);
    assert_false(c.stopped);
    if (c.everything)
        (void)snprintf(got, sizeof got, "*");
    for (size_t i = 0; i < c.count; i++) {
        size_t n = strlen(got);
        assert_memory_equal(c.paths[i], place.dir, root);
        (void)snprintf(got + n, sizeof got - n, "%s%s", n ? "\n" : "",
                       c.paths[i] + root);
    }
    assert_string_equal(got, want);
}

static void indexer_watch__tells_which_paths_have_changed(void **state)
{
    (void)state;
    put("old", "x");
    put("gone", "x");
    put("a", "x");
    put_dir("sub");
    put("sub/deep", "x");
    start(0, NULL);
    put("old", "other");
    put("new", "x");
    drop("gone");
    move("a", "sub/b");
    put("sub/deep", "y");
    put("old", "again");
    expect("/a\n/gone\n/new\n/old\n/sub/b\n/sub/deep");
    assert_int_equal(chmod(scratch_path(&place, "new"), 0600), 0);
    expect("/new");
    assert_null(parasol_watch_polling(watch, NULL));
}

static void indexer_watch__follows_folders_that_come_and_move(void **state)
{
    (void)state;
    put_dir("one");
    put("one/x", "x");
    start(0, NULL);
    put_dir("two");
    put_dir("two/three");
    put("two/three/x", "x");
    expect("/two");
    put("two/three/y", "x");
    expect("/two/three/y");
    move("two/three", "one/four");
    expect("/one/four\n/two/three");
    put("one/four/z", "x");
    expect("/one/four/z");
    drop("one/four/x");
    drop("one/four/y");
    drop("one/four/z");
    drop("one/four");
    expect("/one/four\n/one/four/x\n/one/four/y\n/one/four/z");
    put_dir("one/four");
    expect("/one/four");
    put("one/four/again", "x");
    expect("/one/four/again");
}

static void indexer_watch__does_not_wake_for_what_is_left_out(void **state)
{
    (void)state;
    put(".parasolignore", "*.log\nbuild/\n");
    put_dir("build");
    put_dir(".git");
    start(0, scratch_path(&place, "index"));
    put("x.log", "x");
    put("build/x", "x");
    put(".git/x", "x");
    put_dir("index");
    put("index/x", "x");
    put("end", "x");
    expect("/end");
    put("y.log", "x");
    put("end", "y");
    expect("/end");
}

static void indexer_watch__new_rules_count_at_once(void **state)
{
    (void)state;
    put(".parasolignore", "drafts\n");
    put_dir("drafts");
    start(0, NULL);
    put(".parasolignore", "*.log\n");
    expect("*");
    put("drafts/x.log", "x");
    put("drafts/x", "x");
    expect("/drafts/x");
    put("drafts/.parasolignore", "y\n");
    expect("*");
    put("drafts/y", "x");
    put("drafts/x", "y");
    expect("/drafts/x");
}

static void indexer_watch__lost_events_are_everything(void **state)
{
    FILE *f = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
    unsigned most = 0;
    (void)state;
    if (!f || fscanf(f, "%u", &most) != 1 || most > 100000) {
        if (f)
            (void)fclose(f);
        skip();
    }
    (void)fclose(f);
    start(0, NULL);
    for (unsigned i = 0; i < most / 2 + 10; i++) {
        put("x", "x");
        drop("x");
    }
    put_dir("unseen");
    expect("*");
    put("unseen/x", "x");
    expect("/unseen/x");
}

static void indexer_watch__many_paths_are_everything(void **state)
{
    (void)state;
    put_dir("many");
    start(0, NULL);
    for (int i = 0; i < 4200; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "many/%d", i);
        assert_int_equal(symlink("x", scratch_path(&place, name)), 0);
    }
    expect("*");
}

static void indexer_watch__several_folders_have_their_names(void **state)
{
    char one[600], two[600], path[700];
    const char *dirs[] = {one, two};
    parasol_watch_change c = PARASOL_WATCH_CHANGE_INIT;
    (void)state;
    put_dir("one");
    put_dir("two");
    (void)snprintf(one, sizeof one, "%s", scratch_path(&place, "one"));
    (void)snprintf(two, sizeof two, "%s", scratch_path(&place, "two"));
    assert_int_equal(parasol_watch_open(&watch, dirs, 2, NULL, NULL),
                     PARASOL_OK);
    put("two/x", "x");
    (void)snprintf(path, sizeof path, "%s/x", two);
    assert_int_equal(parasol_watch_wait(watch, &c, NULL), PARASOL_OK);
    assert_int_equal(c.count, 1);
    assert_string_equal(c.paths[0], path);
}

static void indexer_watch__looks_again_and_again_when_asked(void **state)
{
    unsigned ms = 0;
    (void)state;
    put(".parasolignore", "*.log\n");
    put_dir("sub");
    put("sub/x", "x");
    start(20, NULL);
    assert_non_null(parasol_watch_polling(watch, &ms));
    assert_int_equal(ms, 20);
    put("x.log", "x");
    put("sub/x", "y");
    expect("*");
    drop("sub/x");
    expect("*");
    put_dir("more");
    put("more/x", "x");
    expect("*");
    put(".parasolignore", "more\n");
    expect("*");
}

static void indexer_watch__a_root_that_is_gone_is_an_error(void **state)
{
    (void)state;
    for (unsigned poll = 0; poll <= 20; poll += 20) {
        const char *dirs[1];
        parasol_watch_change c = PARASOL_WATCH_CHANGE_INIT;
        parasol_error err = {0};
        parasol_watch_options o = PARASOL_WATCH_OPTIONS_INIT;
        o.poll_ms = poll;
        put_dir("root");
        dirs[0] = scratch_path(&place, "root");
        assert_int_equal(parasol_watch_open(&watch, dirs, 1, &o, &err),
                         PARASOL_OK);
        drop("root");
        assert_int_equal(parasol_watch_wait(watch, &c, &err), PARASOL_NOTFOUND);
        parasol_watch_close(watch);
        watch = NULL;
        assert_int_equal(parasol_watch_open(&watch, dirs, 1, &o, &err),
                         PARASOL_NOTFOUND);
    }
}

static void *stop_soon(void *unused)
{
    struct timespec t = {0, 50000000};
    (void)unused;
    (void)nanosleep(&t, NULL);
    parasol_watch_stop(watch);
    return NULL;
}

static void indexer_watch__can_be_stopped(void **state)
{
    (void)state;
    for (unsigned poll = 0; poll <= 100000; poll += 100000) {
        parasol_watch_change c = PARASOL_WATCH_CHANGE_INIT;
        pthread_t thread;
        start(poll, NULL);
        assert_int_equal(pthread_create(&thread, NULL, stop_soon, NULL), 0);
        assert_int_equal(parasol_watch_wait(watch, &c, NULL), PARASOL_OK);
        assert_true(c.stopped);
        assert_int_equal(pthread_join(thread, NULL), 0);
        put("x", "x");
        assert_int_equal(parasol_watch_wait(watch, &c, NULL), PARASOL_OK);
        assert_true(c.stopped);
        parasol_watch_close(watch);
        watch = NULL;
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(indexer_watch__tells_which_paths_have_changed),
        TEST(indexer_watch__follows_folders_that_come_and_move),
        TEST(indexer_watch__does_not_wake_for_what_is_left_out),
        TEST(indexer_watch__new_rules_count_at_once),
        TEST(indexer_watch__lost_events_are_everything),
        TEST(indexer_watch__many_paths_are_everything),
        TEST(indexer_watch__several_folders_have_their_names),
        TEST(indexer_watch__looks_again_and_again_when_asked),
        TEST(indexer_watch__a_root_that_is_gone_is_an_error),
        TEST(indexer_watch__can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
