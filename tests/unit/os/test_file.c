/*
 * Files and directories.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "common/os/file.h"
#include "common/os/map.h"
#include "tests/support/scratch_group.h"

static void os_file__write_and_read_back(void **state)
{
    (void)state;
    parasol_error err = {0};
    int fd = -1;
    uint64_t size = 0;
    char part[4] = "";
    const char *path = scratch_path(&tmp, "f");
    assert_int_equal(pc_file_create(&fd, path, &err), 0);
    assert_int_equal(pc_file_write(fd, "abc", 3, path, &err), 0);
    assert_int_equal(pc_file_write(fd, "", 0, path, &err), 0);
    assert_int_equal(pc_file_write(fd, "defg", 4, path, &err), 0);
    assert_int_equal(pc_file_sync(fd, path, &err), 0);
    assert_int_equal(pc_file_pread(fd, part, 3, 2, path, &err), 0);
    assert_string_equal(part, "cde");
    assert_int_equal(pc_file_pread(fd, part, 3, 5, path, &err), PARASOL_IO);
    assert_non_null(strstr(err.message, "ends at byte 7"));
    assert_int_equal(pc_file_pread(fd, part, 1, UINT64_MAX, path, &err),
                     PARASOL_IO);
    assert_int_equal(pc_file_size(fd, &size, path, &err), 0);
    assert_int_equal(size, 7);
    pc_file_close(fd);
    assert_int_equal(pc_file_size_of(path, &size, &err), 0);
    assert_int_equal(size, 7);
    pc_file_close(-1);
}

static void os_file__create_never_replaces(void **state)
{
    (void)state;
    parasol_error err = {0};
    int fd = -1;
    const char *path = scratch_path(&tmp, "f");
    scratch_write(path, "x", 1);
    assert_int_equal(pc_file_create(&fd, path, &err), PARASOL_IO);
    assert_int_equal(err.os_errno, EEXIST);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("elsewhere", path), 0);
    assert_int_equal(pc_file_create(&fd, path, &err), PARASOL_IO);
    assert_int_equal(fd, -1);
}

static void os_file__errors_name_the_path(void **state)
{
    (void)state;
    parasol_error err = {0};
    int fd = -1;
    uint64_t size;
    const char *path = scratch_path(&tmp, "missing");
    assert_int_equal(pc_file_open(&fd, path, &err), PARASOL_NOTFOUND);
    assert_non_null(strstr(err.message, path));
    assert_int_equal(err.os_errno, ENOENT);
    assert_int_equal(pc_file_unlink(path, &err), PARASOL_NOTFOUND);
    assert_int_equal(pc_file_size_of(path, &size, &err), PARASOL_NOTFOUND);
    assert_int_equal(pc_dir_sync(path, &err), PARASOL_NOTFOUND);
    assert_int_equal(pc_file_rename(path, path, &err), PARASOL_NOTFOUND);
    assert_int_equal(pc_file_open(&fd, path, NULL), PARASOL_NOTFOUND);
}

static void os_file__whole_file_with_a_limit(void **state)
{
    (void)state;
    parasol_error err = {0};
    pc_buf b;
    const char *path = scratch_path(&tmp, "f");
    pc_buf_init(&b, NULL);
    scratch_write(path, "hello", 5);
    pc_buf_put_z(&b, "> ");
    assert_int_equal(pc_file_read(&b, path, 5, &err), 0);
    assert_true(pc_str_eq(pc_buf_str(&b), PC_STR_LIT("> hello")));
    assert_int_equal(pc_file_read(&b, path, 4, &err), PARASOL_FULL);
    assert_int_equal(b.len, 7);
    scratch_write(path, "", 0);
    assert_int_equal(pc_file_read(&b, path, 0, &err), 0);
    assert_int_equal(b.len, 7);
    assert_int_equal(pc_file_read(&b, tmp.dir, 4, &err), PARASOL_IO);
    /* A pipe is refused and not waited for. */
    const char *fifo = scratch_path(&tmp, "fifo");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(pc_file_read(&b, fifo, 4, &err), PARASOL_IO);
    pc_buf_release(&b);
}

static void os_file__rename_replaces(void **state)
{
    (void)state;
    parasol_error err = {0};
    char a[1024];
    size_t n = 0;
    (void)snprintf(a, sizeof a, "%s", scratch_path(&tmp, "a"));
    const char *b = scratch_path(&tmp, "b");
    scratch_write(a, "new", 3);
    scratch_write(b, "old one", 7);
    assert_int_equal(pc_file_rename(a, b, &err), 0);
    assert_false(scratch_exists(a));
    uint8_t *p = scratch_read(b, &n);
    assert_int_equal(n, 3);
    free(p);
}

static void os_file__directories_are_made_and_listed_in_order(void **state)
{
    (void)state;
    static const char *const unsorted[] = {"b",   "a",  "Z",  "\xc3\xa9",
                                           "a.b", ".x", "aa", "a-b"};
    static const char *const sorted[] = {".x",  "Z",  "a", "a-b",
                                         "a.b", "aa", "b", "\xc3\xa9"};
    parasol_error err = {0};
    pc_arena arena;
    pc_str *names = NULL;
    size_t n = 99;
    bool made = false;
    char dir[1024];
    pc_arena_init(&arena, NULL, 0);
    (void)snprintf(dir, sizeof dir, "%s", scratch_path(&tmp, "d"));
    assert_int_equal(pc_dir_list(&names, &n, dir, &arena, &err),
                     PARASOL_NOTFOUND);
    assert_int_equal(pc_dir_make(dir, &made, &err), 0);
    assert_true(made);
    assert_int_equal(pc_dir_make(dir, &made, &err), 0);
    assert_false(made);
    assert_int_equal(pc_dir_make(scratch_path(&tmp, "no/such"), NULL, &err),
                     PARASOL_NOTFOUND);
    assert_int_equal(pc_dir_list(&names, &n, dir, &arena, &err), 0);
    assert_int_equal(n, 0);
    for (size_t i = 0; i < PC_COUNTOF(unsorted); i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "d/%s", unsorted[i]);
        scratch_write(scratch_path(&tmp, name), "", 0);
    }
    assert_int_equal(pc_dir_list(&names, &n, dir, &arena, &err), 0);
    assert_int_equal(n, PC_COUNTOF(sorted));
    for (size_t i = 0; i < n; i++)
        assert_string_equal(names[i].ptr, sorted[i]);
    assert_int_equal(pc_dir_sync(dir, &err), 0);
    const char *file = scratch_path(&tmp, "d/a");
    assert_int_equal(pc_dir_make(file, NULL, &err), PARASOL_IO);
    assert_int_equal(pc_dir_list(&names, &n, file, &arena, &err), PARASOL_IO);
    assert_int_equal(pc_dir_sync(file, &err), PARASOL_IO);
    pc_arena_release(&arena);
}

static void on_alarm(int signal_number)
{
    (void)signal_number;
}

/* A pipe takes what it has room for and signals interrupt the rest: the
   writer must not lose or repeat a byte. */
static void os_file__write_survives_signals_and_short_writes(void **state)
{
    (void)state;
    enum { TOTAL = 8 << 20 };
    int ends[2];
    uint8_t *all = malloc(TOTAL);
    assert_non_null(all);
    uint64_t rng = scratch_seed();
    for (size_t i = 0; i < TOTAL; i++)
        all[i] = (uint8_t)(i * 7 + (i >> 12));
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        size_t at = 0;
        uint8_t piece[5000];
        (void)close(ends[1]);
        for (;;) {
            ssize_t got =
                read(ends[0], piece, 1 + (size_t)scratch_below(&rng, 4999));
            if (got <= 0)
                break;
            if (at + (size_t)got > TOTAL ||
                memcmp(piece, all + at, (size_t)got) != 0)
                _exit(1);
            at += (size_t)got;
        }
        _exit(at == TOTAL ? 0 : 2);
    }
    (void)close(ends[0]);
    struct sigaction act = {0};
    act.sa_handler = on_alarm; /* without SA_RESTART */
    assert_int_equal(sigaction(SIGALRM, &act, NULL), 0);
    struct itimerval often = {{0, 200}, {0, 200}};
    struct itimerval never = {{0, 0}, {0, 0}};
    parasol_error err = {0};
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    int rc = pc_file_write(ends[1], all, TOTAL, "pipe", &err);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    (void)close(ends[1]);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(rc, 0);
    assert_int_equal(status, 0);
    free(all);
}

static void os_map__whole_files(void **state)
{
    (void)state;
    parasol_error err = {0};
    pc_map m = {NULL, 0, 0};
    const char *path = scratch_path(&tmp, "f");
    assert_int_equal(pc_map_open(&m, path, &err), PARASOL_NOTFOUND);
    scratch_write(path, "", 0);
    assert_int_equal(pc_map_open(&m, path, &err), 0);
    assert_int_equal(m.len, 0);
    pc_map_close(&m);
    scratch_write(path, "0123456789", 10);
    assert_int_equal(pc_map_open(&m, path, &err), 0);
    assert_int_equal(m.len, 10);
    pc_map_read_ahead(&m);
    assert_int_equal(unlink(path), 0);
    assert_memory_equal(m.ptr, "0123456789", 10); /* though it is removed */
    pc_map_close(&m);
    assert_null(m.ptr);
    pc_map_close(&m);
    assert_int_equal(pc_map_open(&m, tmp.dir, &err), PARASOL_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(os_file__write_and_read_back,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(os_file__create_never_replaces,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(os_file__errors_name_the_path,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(os_file__whole_file_with_a_limit,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(os_file__rename_replaces,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            os_file__directories_are_made_and_listed_in_order, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            os_file__write_survives_signals_and_short_writes, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(os_map__whole_files, scratch_set_up,
                                        scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
