/*
 * The walk over an odd tree: order, reasons, and names that change while it
 * goes on.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "indexer/source/walk.h"

#define LIMIT ((uint64_t)1 << 20)

static char root[256];

static const char *at(const char *name)
{
    static char path[2][1024];
    static int turn;
    turn = !turn;
    int n = snprintf(path[turn], sizeof path[turn], "%s/%s", root, name);
    assert_true(n > 0 && (size_t)n < sizeof path[turn]);
    return path[turn];
}

static void put(const char *name, const char *bytes)
{
    FILE *f = fopen(at(name), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, strlen(bytes), f), strlen(bytes));
    assert_int_equal(fclose(f), 0);
}

static void put_dir(const char *name)
{
    assert_int_equal(mkdir(at(name), 0777), 0);
}

static int setup(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    int n = snprintf(root, sizeof root, "%s/parasol-walk-XXXXXX",
                     tmp ? tmp : "/tmp");
    assert_true(n > 0 && (size_t)n < sizeof root);
    return mkdtemp(root) ? 0 : -1;
}

static int teardown(void **state)
{
    char command[1024];
    (void)state;
    (void)snprintf(command, sizeof command,
                   "chmod -R u+rwx '%s' && rm -rf '%s'", root, root);
    return system(command);
}

static pi_walk *start(const char *exclude)
{
    parasol_error err = {0};
    pi_walk *w = NULL;
    pi_walk_options options = {.exclude = exclude};
    int rc = pi_walk_open(&w, root, &options, NULL, &err);
    if (rc)
        print_error("%s\n", err.message);
    assert_int_equal(rc, PARASOL_OK);
    return w;
}

/* One line an entry: path, the word of its reason, and with a read its
   content. */
static void list(pi_walk *w, char *out, size_t cap, bool read)
{
    parasol_error err = {0};
    pi_entry e;
    bool more = true;
    size_t n = 0;
    pc_buf bytes;
    pc_buf_init(&bytes, NULL);
    out[0] = 0;
    for (;;) {
        assert_int_equal(pi_walk_next(w, &e, &more, &err), PARASOL_OK);
        if (!more)
            break;
        if (read && !e.skip)
            assert_int_equal(pi_walk_read(w, &e, &bytes, LIMIT, &err),
                             PARASOL_OK);
        assert_int_equal(strlen(e.path.ptr), e.path.len);
        int did = snprintf(out + n, cap - n, "%s %s\n", e.path.ptr,
                           parasol_skip_word(e.skip));
        assert_true(did > 0 && (size_t)did < cap - n);
        n += (size_t)did;
    }
    pc_buf_release(&bytes);
}

static void expect(const char *exclude, bool read, const char *want)
{
    char got[4096];
    pi_walk *w = start(exclude);
    list(w, got, sizeof got, read);
    assert_string_equal(got, want);
    pi_walk_free(w);
}

static void source_walk__order_is_that_of_whole_paths(void **state)
{
    (void)state;
    put_dir("a");
    put("a/b.txt", "x");
    put("a.txt", "x");
    put("a-b", "x");
    put("a0", "x");
    put("B", "x");
    put_dir("a/b");
    put("a/b/c", "x");
    put_dir("empty");
    put(".hidden", "x");
    put("z\xc3\xa9", "x");
    expect(NULL, true,
           ".hidden indexed\nB indexed\na-b indexed\na.txt indexed\n"
           "a/b.txt indexed\na/b/c indexed\na0 indexed\n"
           "z\xc3\xa9 indexed\n");
}

static void source_walk__leaves_out_git_and_indexes(void **state)
{
    (void)state;
    put_dir(".git");
    put(".git/config", "x");
    put_dir("sub");
    put_dir("sub/.git");
    put("sub/.git/config", "x");
    put_dir(".parasol");
    put(".parasol/manifest.1", "x");
    put_dir("sub/.parasol");
    put("sub/.parasol/other", "x");
    put_dir("my-index");
    put("my-index/seg", "x");
    put("f", "x");
    expect(at("my-index"), true, "f indexed\nsub/.parasol/other indexed\n");
}

static void source_walk__gives_reasons(void **state)
{
    (void)state;
    put("file", "x");
    assert_int_equal(symlink("file", at("link")), 0);
    assert_int_equal(symlink("..", at("loop")), 0);
    assert_int_equal(symlink("/nowhere", at("dangling")), 0);
    assert_int_equal(mkfifo(at("pipe"), 0666), 0);
    put("bad\xff\xfename", "x");
    put_dir("dir\xff");
    put("dir\xff/file", "x");
    expect(NULL, true,
           "bad\xef\xbf\xbd\xef\xbf\xbdname name\ndangling link\n"
           "dir\xef\xbf\xbd name\nfile indexed\nlink link\nloop link\n"
           "pipe special\n");
}

static void source_walk__unreadable_is_said_and_passed(void **state)
{
    (void)state;
    put("a", "x");
    put("b", "x");
    put_dir("c");
    put("c/d", "x");
    put("e", "x");
    assert_int_equal(chmod(at("b"), 0), 0);
    assert_int_equal(chmod(at("c"), 0), 0);
    bool is_root = geteuid() == 0;
    if (is_root) {
        assert_int_equal(chmod(root, 0755), 0);
        assert_int_equal(seteuid(65534), 0);
    }
    expect(NULL, true, "a indexed\nb unreadable\nc unreadable\ne indexed\n");
    if (is_root)
        assert_int_equal(seteuid(0), 0);
}

static void source_walk__names_may_change_meanwhile(void **state)
{
    parasol_error err = {0};
    pi_entry e;
    bool more;
    pc_buf bytes;
    (void)state;
    pc_buf_init(&bytes, NULL);
    put("a-gone", "x");
    put("b-link", "x");
    put("c-pipe", "x");
    put("d-dir", "x");
    put_dir("e-folder");
    put("e-folder/x", "x");
    put("f-grown", "x");
    put("g-shrunk", "some text");
    put("h-large", "x");
    pi_walk *w = start(NULL);
    assert_int_equal(unlink(at("b-link")), 0);
    assert_int_equal(symlink("/etc/passwd", at("b-link")), 0);
    assert_int_equal(unlink(at("c-pipe")), 0);
    assert_int_equal(mkfifo(at("c-pipe"), 0666), 0);
    assert_int_equal(unlink(at("d-dir")), 0);
    put_dir("d-dir");
    assert_int_equal(unlink(at("e-folder/x")), 0);
    assert_int_equal(rmdir(at("e-folder")), 0);
    assert_int_equal(symlink("/etc", at("e-folder")), 0);
    put("f-grown", "xyz");
    put("g-shrunk", "");
    assert_int_equal(truncate(at("h-large"), (off_t)LIMIT + 1), 0);
    static const int skips[] = {PARASOL_SKIP_VANISHED, PARASOL_SKIP_LINK,
                                PARASOL_SKIP_SPECIAL,  PARASOL_SKIP_VANISHED,
                                PARASOL_SKIP_LINK,     PARASOL_SKIP_NONE,
                                PARASOL_SKIP_NONE,     PARASOL_SKIP_TOOLARGE};
    for (size_t i = 0; i < PC_COUNTOF(skips); i++) {
        assert_int_equal(pi_walk_next(w, &e, &more, &err), PARASOL_OK);
        assert_true(more);
        if (i == 0) /* listed and offered, gone before it is read */
            assert_int_equal(unlink(at("a-gone")), 0);
        if (!e.skip)
            assert_int_equal(pi_walk_read(w, &e, &bytes, LIMIT, &err),
                             PARASOL_OK);
        assert_int_equal(e.skip, skips[i]);
        if (i == 5)
            assert_memory_equal(bytes.ptr, "xyz", 3);
        if (i >= 6)
            assert_int_equal(bytes.len, 0);
    }
    assert_int_equal(pi_walk_next(w, &e, &more, &err), PARASOL_OK);
    assert_false(more);
    pi_walk_free(w);
    pc_buf_release(&bytes);
}

static void source_walk__limit_is_exact(void **state)
{
    parasol_error err = {0};
    pi_entry e;
    bool more;
    pc_buf bytes;
    (void)state;
    pc_buf_init(&bytes, NULL);
    put("a", "12345");
    for (uint64_t limit = 4; limit <= 6; limit++) {
        pi_walk *w = start(NULL);
        assert_int_equal(pi_walk_next(w, &e, &more, &err), PARASOL_OK);
        assert_int_equal(pi_walk_read(w, &e, &bytes, limit, &err), PARASOL_OK);
        assert_int_equal(e.skip,
                         limit < 5 ? PARASOL_SKIP_TOOLARGE : PARASOL_SKIP_NONE);
        assert_int_equal(bytes.len, limit < 5 ? 0 : 5);
        assert_int_equal(e.bytes, 5);
        pi_walk_free(w);
    }
    pc_buf_release(&bytes);
}

static void source_walk__depth_is_bounded(void **state)
{
    char got[16384];
    char path[8192];
    (void)state;
    size_t n = (size_t)snprintf(path, sizeof path, "%s", root);
    for (int i = 0; i < PI_WALK_DEPTH + 5; i++) {
        n += (size_t)snprintf(path + n, sizeof path - n, "/d");
        assert_int_equal(mkdir(path, 0777), 0);
    }
    put("e", "x");
    pi_walk *w = start(NULL);
    list(w, got, sizeof got, true);
    pi_walk_free(w);
    const char *second = strchr(got, '\n');
    assert_non_null(second);
    assert_string_equal(second, "\ne indexed\n");
    assert_non_null(strstr(got, "d unreadable\n"));
}

static void source_walk__root_must_be_a_folder(void **state)
{
    parasol_error err = {0};
    pi_walk *w = NULL;
    (void)state;
    put("file", "x");
    assert_int_equal(pi_walk_open(&w, at("none"), NULL, NULL, &err),
                     PARASOL_NOTFOUND);
    assert_int_equal(pi_walk_open(&w, at("file"), NULL, NULL, &err),
                     PARASOL_IO);
    assert_null(w);
    /* A link to a folder is followed when it is the root itself. */
    char link[512];
    (void)snprintf(link, sizeof link, "%s", at("link"));
    assert_int_equal(symlink(".", link), 0);
    assert_int_equal(pi_walk_open(&w, link, NULL, NULL, &err), PARASOL_OK);
    pi_walk_free(w);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(source_walk__order_is_that_of_whole_paths),
        TEST(source_walk__leaves_out_git_and_indexes),
        TEST(source_walk__gives_reasons),
        TEST(source_walk__unreadable_is_said_and_passed),
        TEST(source_walk__names_may_change_meanwhile),
        TEST(source_walk__limit_is_exact),
        TEST(source_walk__depth_is_bounded),
        TEST(source_walk__root_must_be_a_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
