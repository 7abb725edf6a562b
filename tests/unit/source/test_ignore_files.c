/*
 * Ignore files in a tree: which of them decides, and what the walk makes of
 * it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <parasol/ignore.h>

#include "indexer/source/ignore_files.h"
#include "indexer/source/walk.h"
#include "tests/support/scratch.h"

static scratch place;

static void put(const char *name, const char *text)
{
    scratch_write(scratch_path(&place, name), text, strlen(text));
}

static void put_dir(const char *name)
{
    assert_int_equal(mkdir(scratch_path(&place, name), 0777), 0);
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
    scratch_remove(&place);
    return 0;
}

/* The walk as lines of paths, with the reason of what is not read. */
static void expect(bool gitignore, const char *want, uint64_t files,
                   uint64_t folders)
{
    pi_walk_options o = {.gitignore = gitignore};
    char got[2048] = "";
    pi_walk *w = NULL;
    pi_entry e;
    bool more = true;
    uint64_t seen_files, seen_folders;
    assert_int_equal(pi_walk_open(&w, place.dir, &o, NULL, NULL), PARASOL_OK);
    for (;;) {
        size_t n = strlen(got);
        assert_int_equal(pi_walk_next(w, &e, &more, NULL), PARASOL_OK);
        if (!more)
            break;
        (void)snprintf(got + n, sizeof got - n, "%s%s%s%s%s\n", e.path.ptr,
                       e.skip ? " " : "",
                       e.skip ? parasol_skip_word(e.skip) : "",
                       e.detail[0] ? ": " : "", e.detail);
    }
    assert_string_equal(got, want);
    pi_walk_ignored(w, &seen_files, &seen_folders);
    assert_int_equal(seen_files, files);
    assert_int_equal(seen_folders, folders);
    pi_walk_free(w);
}

static void source_ignore_files__the_nearest_file_decides(void **state)
{
    (void)state;
    put(".parasolignore", "*.log\n/build/\ntmp\n");
    put("a.log", "");
    put("a.txt", "");
    put_dir("build");
    put("build/x.txt", "");
    put_dir("sub");
    put("sub/.parasolignore", "!keep.log\nbuild\n");
    put("sub/keep.log", "");
    put("sub/other.log", "");
    put_dir("sub/build");
    put("sub/build/y", "");
    put_dir("sub/deep");
    put("sub/deep/keep.log", "");
    put("sub/deep/tmp", "");
    expect(false, "a.txt\nsub/deep/keep.log\nsub/keep.log\n", 3, 2);
}

static void source_ignore_files__own_rules_go_before_those_of_git(void **state)
{
    (void)state;
    put(".gitignore", "*.txt\nout/\n");
    put(".parasolignore", "!notes.txt\n!out/\n*.md\n");
    put("notes.txt", "");
    put("other.txt", "");
    put("x.md", "");
    put_dir("out");
    put("out/.gitignore", "!x.md\nz\n");
    put("out/x.md", "");
    put("out/y", "");
    put("out/z", "");
    expect(false,
           ".gitignore\nnotes.txt\nother.txt\nout/.gitignore\nout/y\n"
           "out/z\n",
           2, 0);
    expect(true, ".gitignore\nnotes.txt\nout/.gitignore\nout/y\n", 4, 0);
}

static void source_ignore_files__nothing_comes_back_below_a_folder(void **state)
{
    (void)state;
    put(".parasolignore", "a\n!a/b.txt\n!*.txt\n");
    put_dir("a");
    put("a/b.txt", "");
    put("c.txt", "");
    expect(false, "c.txt\n", 0, 1);
}

static void
source_ignore_files__a_file_that_cannot_be_used_is_told(void **state)
{
    char *large = malloc((size_t)PI_IGNORE_BYTES + 2);
    (void)state;
    assert_non_null(large);
    memset(large, '\n', (size_t)PI_IGNORE_BYTES + 1);
    put("a.log", "");
    put_dir("link");
    assert_int_equal(
        symlink("../rules", scratch_path(&place, "link/.parasolignore")), 0);
    put("rules", "*\n");
    put("link/a", "");
    put_dir("large");
    scratch_write(scratch_path(&place, "large/.parasolignore"), large,
                  (size_t)PI_IGNORE_BYTES + 1);
    put("large/a", "");
    put_dir("pipe");
    assert_int_equal(mkfifo(scratch_path(&place, "pipe/.gitignore"), 0666), 0);
    put_dir("folder");
    put_dir("folder/.parasolignore");
    put("folder/.parasolignore/x", "");
    expect(true,
           "a.log\nfolder/.parasolignore/x\n"
           "large/.parasolignore too-large: its rules are not used\n"
           "large/a\nlink/.parasolignore link: its rules are not used\n"
           "link/a\npipe/.gitignore special: its rules are not used\nrules\n",
           0, 0);
    free(large);
}

static void source_ignore_files__names_are_compared_as_they_are(void **state)
{
    (void)state;
    put(".parasolignore", "x\xff*\n\xef\xbf\xbd\n");
    put("x\xff", "");
    put("y\xff", "");
    expect(false, "y\xef\xbf\xbd name\n", 1, 0);
}

/* ---- parasol_ignore ----------------------------------------------------- */

static void says(parasol_ignore *g, const char *path, int ignored,
                 const char *file, uint64_t line, const char *rule)
{
    parasol_error err = {0};
    parasol_ignore_match m = PARASOL_IGNORE_MATCH_INIT;
    assert_int_equal(parasol_ignore_find(g, path, &m, &err), PARASOL_OK);
    assert_int_equal(m.ignored != 0, ignored);
    if (!file) {
        assert_null(m.file);
        return;
    }
    assert_non_null(m.file);
    assert_string_equal(m.file, file);
    assert_int_equal(m.line, line);
    assert_string_equal(m.rule, rule);
}

static void source_ignore_files__a_path_gets_the_rule_that_decides(void **state)
{
    parasol_ignore *g = NULL;
    (void)state;
    put(".parasolignore", "*.log\ndrafts/\n");
    put_dir("sub");
    put("sub/.parasolignore", "\n!keep.log \n");
    put_dir("sub/drafts");
    put("sub/drafts/.parasolignore", "!*\n");
    assert_int_equal(parasol_ignore_open(&g, place.dir, NULL, NULL),
                     PARASOL_OK);
    says(g, "a.txt", 0, NULL, 0, NULL);
    says(g, "a.log", 1, ".parasolignore", 1, "*.log");
    says(g, "none/at/all.log", 1, ".parasolignore", 1, "*.log");
    says(g, "sub/keep.log", 0, "sub/.parasolignore", 2, "!keep.log");
    says(g, "sub/drafts", 1, ".parasolignore", 2, "drafts/");
    says(g, "sub/drafts/x", 1, ".parasolignore", 2, "drafts/");
    says(g, "drafts", 0, NULL, 0, NULL);
    says(g, "drafts/", 1, ".parasolignore", 2, "drafts/");
    put(".parasolignore", "a.txt\n");
    says(g, "a.txt", 1, ".parasolignore", 1, "a.txt");
    static const char *const bad[] = {"",     "/a", "a//b",  ".",
                                      "a/..", "..", "a/./b", "//"};
    for (size_t i = 0; i < PC_COUNTOF(bad); i++) {
        parasol_ignore_match m = PARASOL_IGNORE_MATCH_INIT;
        assert_int_equal(parasol_ignore_find(g, bad[i], &m, NULL), PARASOL_ARG);
    }
    parasol_ignore_close(g);
}

static void
source_ignore_files__a_path_does_not_lead_through_links(void **state)
{
    parasol_ignore *g = NULL;
    parasol_ignore_match m = PARASOL_IGNORE_MATCH_INIT;
    scratch outside;
    (void)state;
    scratch_make(&outside);
    scratch_write(scratch_path(&outside, ".parasolignore"), "*", 1);
    assert_int_equal(symlink(outside.dir, scratch_path(&place, "out")), 0);
    assert_int_equal(parasol_ignore_open(&g, place.dir, NULL, NULL),
                     PARASOL_OK);
    says(g, "out/x", 0, NULL, 0, NULL);
    assert_int_equal(
        symlink("/dev/zero", scratch_path(&place, ".parasolignore")), 0);
    assert_int_equal(parasol_ignore_find(g, "x", &m, NULL), PARASOL_IO);
    parasol_ignore_close(g);
    scratch_remove(&outside);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(source_ignore_files__the_nearest_file_decides),
        TEST(source_ignore_files__own_rules_go_before_those_of_git),
        TEST(source_ignore_files__nothing_comes_back_below_a_folder),
        TEST(source_ignore_files__a_file_that_cannot_be_used_is_told),
        TEST(source_ignore_files__names_are_compared_as_they_are),
        TEST(source_ignore_files__a_path_gets_the_rule_that_decides),
        TEST(source_ignore_files__a_path_does_not_lead_through_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
