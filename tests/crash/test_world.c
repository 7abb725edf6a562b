/*
 * The model of a disk itself: what is durable after which sync, in a log of a
 * few operations that are done here.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/crash/states.h"
#include "tests/support/faultfs.h"
#include "tests/support/scratch.h"

typedef struct place {
    scratch dir;
    char watched[600];
    char log[600];
    faultfs *f;
} place;

static void in(const place *p, char *out, const char *name)
{
    (void)snprintf(out, 700, "%s/%s", p->watched, name);
}

static void write_file(const place *p, const char *name, const char *text,
                       int sync)
{
    char path[700];
    in(p, path, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    if (sync)
        (void)fsync(fd);
    assert_int_equal(close(fd), 0);
}

static void sync_folder(const place *p, const char *name)
{
    char path[700];
    in(p, path, name);
    int fd = open(path, O_RDONLY | O_DIRECTORY);
    assert_true(fd >= 0);
    assert_int_equal(fsync(fd), 0);
    assert_int_equal(close(fd), 0);
}

static void move(const place *p, const char *from, const char *to)
{
    char a[700], b[700];
    in(p, a, from);
    in(p, b, to);
    assert_int_equal(rename(a, b), 0);
}

static void begin(place *p)
{
    faultfs_plan(p->f, p->watched, 0, FAULTFS_NOTHING, 0, 0, 0);
    faultfs_log(p->f, p->log, 1);
}

/* The world after all that was recorded. */
static world *at_end(place *p, enum world_model model)
{
    faultfs_record_head head;
    const char *words;
    faultfs_rest(p->f);
    world *w = world_open(p->log, model);
    while (world_step(w, &head, &words))
        continue;
    return w;
}

/* The states as words: "name=bytes ..." each between bars. */
static void add_state(const world_image *image, enum states_class c, void *user)
{
    char one[400] = "|", *all = user;
    (void)c;
    for (size_t i = 0; i < image->n; i++) {
        const world_file *f = &image->files[i];
        size_t n = strlen(one);
        if (f->bytes)
            (void)snprintf(one + n, sizeof one - n, "%s=%.*s ", f->path,
                           (int)f->len, (const char *)f->bytes);
        else
            (void)snprintf(one + n, sizeof one - n, "%s/ ", f->path);
    }
    for (const char *at = all; (at = strstr(at, one)); at++) {
        if (at[strlen(one)] == '|' || at[strlen(one)] == 0)
            return;
    }
    (void)snprintf(all + strlen(all), 4000 - strlen(all), "%s", one);
}

static void states_are(place *p, enum world_model model, const char *want)
{
    char all[4000] = "";
    world *w = at_end(p, model);
    states_each(w, model, 0, 1, add_state, all);
    world_close(w);
    (void)snprintf(all + strlen(all), sizeof all - strlen(all), "|");
    assert_string_equal(all, want);
}

static void crash_world__nothing_is_durable_without_sync(void **state)
{
    place *p = *state;
    begin(p);
    write_file(p, "a", "one", 0);
    faultfs_hold(1);
    char all[4000] = "";
    world *w = at_end(p, WORLD_POSIX);
    states_each(w, WORLD_POSIX, 0, 1, add_state, all);
    world_close(w);
    faultfs_hold(0);
    assert_non_null(strstr(all, "|a=one |"));
    assert_non_null(strstr(all, "||"));    /* no file */
    assert_non_null(strstr(all, "|a= |")); /* no bytes */
    assert_non_null(strstr(all, "|a="));
}

static void crash_world__a_name_needs_its_folder(void **state)
{
    place *p = *state;
    begin(p);
    write_file(p, "k", "one", 1);
    states_are(p, WORLD_POSIX, "|k=one ||");
    begin(p);
    write_file(p, "b", "one", 1);
    sync_folder(p, "");
    states_are(p, WORLD_POSIX, "|b=one |");
}

static void crash_world__a_journal_keeps_names_with_data(void **state)
{
    place *p = *state;
    begin(p);
    write_file(p, "c", "one", 1);
    states_are(p, WORLD_JOURNAL, "|c=one |");
}

static void crash_world__names_are_lost_one_by_one_or_from_the_end(void **state)
{
    place *p = *state;
    begin(p);
    write_file(p, "d", "one", 1);
    sync_folder(p, "");
    move(p, "d", "e");
    move(p, "e", "f");
    states_are(p, WORLD_JOURNAL, "|f=one |d=one |e=one |");
    begin(p);
    write_file(p, "g", "one", 1);
    sync_folder(p, "");
    move(p, "g", "h");
    write_file(p, "i", "two", 1);
    states_are(p, WORLD_POSIX, "|h=one i=two |g=one |h=one |g=one i=two |");
}

static void crash_world__a_failed_sync_makes_nothing_durable(void **state)
{
    place *p = *state;
    faultfs_plan(p->f, p->watched, FAULTFS_SYNC, FAULTFS_FAIL, 1, 1, EIO);
    faultfs_log(p->f, p->log, 1);
    write_file(p, "j", "one", 1);
    write_file(p, "j", "two", 1); /* and its sync succeeds */
    sync_folder(p, "");
    char all[4000] = "";
    world *w = at_end(p, WORLD_POSIX);
    assert_int_equal(world_writes(w), 1);
    states_each(w, WORLD_POSIX, 0, 1, add_state, all);
    world_close(w);
    assert_null(strstr(all, "onetwo"));
}

static int set_up(void **state)
{
    static place p;
    scratch_make(&p.dir);
    (void)snprintf(p.watched, sizeof p.watched, "%s/watched", p.dir.dir);
    (void)snprintf(p.log, sizeof p.log, "%s/log", p.dir.dir);
    p.f = faultfs_begin(scratch_path(&p.dir, "control"));
    *state = &p;
    return mkdir(p.watched, 0777);
}

static int tear_down(void **state)
{
    place *p = *state;
    faultfs_rest(p->f);
    scratch_remove(&p->dir);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crash_world__nothing_is_durable_without_sync),
        cmocka_unit_test(crash_world__a_name_needs_its_folder),
        cmocka_unit_test(crash_world__a_journal_keeps_names_with_data),
        cmocka_unit_test(
            crash_world__names_are_lost_one_by_one_or_from_the_end),
        cmocka_unit_test(crash_world__a_failed_sync_makes_nothing_durable),
    };
    return cmocka_run_group_tests_name("world", tests, set_up, tear_down);
}
