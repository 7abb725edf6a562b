/*
 * A folder through the public call: every file ends as indexed or skipped,
 * in order, and the summary says the same as the calls.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <parasol/indexer.h>

static char root[256];

typedef struct call_log {
    char text[2048];
    size_t len;
    int stop_after; /* calls; 0: never */
} call_log;

static void put(const char *name, const char *bytes, size_t n)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

#define PUT(name, lit) put(name, lit, sizeof(lit) - 1)

static int setup(void **state)
{
    const char *tmp = getenv("TMPDIR");
    (void)state;
    (void)snprintf(root, sizeof root, "%.200s/parasol-tree-XXXXXX",
                   tmp ? tmp : "/tmp");
    return mkdtemp(root) ? 0 : -1;
}

static int teardown(void **state)
{
    char command[512];
    (void)state;
    (void)snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

static int on_progress(const parasol_progress *p, void *user)
{
    call_log *l = user;
    int n = snprintf(l->text + l->len, sizeof l->text - l->len, "%s %s %llu\n",
                     p->path, parasol_skip_word(p->skip),
                     (unsigned long long)p->bytes);
    assert_true(n > 0 && (size_t)n < sizeof l->text - l->len);
    assert_non_null(p->detail);
    l->len += (size_t)n;
    return l->stop_after > 0 && --l->stop_after == 0;
}

static int run(call_log *l, parasol_tree_summary *sum, parasol_error *err)
{
    char index[512];
    parasol_indexer *w = NULL;
    parasol_tree_options options = PARASOL_TREE_OPTIONS_INIT;
    (void)snprintf(index, sizeof index, "%s/.parasol", root);
    options.progress = on_progress;
    options.user = l;
    options.max_file_bytes = 100;
    assert_int_equal(parasol_indexer_open(&w, index, NULL, err), PARASOL_OK);
    int rc = parasol_indexer_add_tree(w, root, &options, sum, err);
    parasol_indexer_close(w);
    return rc;
}

static void make_tree(void)
{
    char large[101];
    char path[512];
    memset(large, 'x', sizeof large);
    PUT("a.txt", "some words");
    PUT("b.html", "<title>T</title><p>more");
    PUT("c.png", "\x89PNG\r\n");
    PUT("d.pdf", "%PDF-1.4");
    PUT("e.txt", "");
    PUT("f.txt", "...");
    put("g.txt", large, sizeof large);
    (void)snprintf(path, sizeof path, "%s/h", root);
    assert_int_equal(symlink("a.txt", path), 0);
}

static void indexer_tree__records_every_file(void **state)
{
    call_log l = {.len = 0};
    parasol_error err = {0};
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    (void)state;
    make_tree();
    sum.files = 100; /* added to, not replaced */
    assert_int_equal(run(&l, &sum, &err), PARASOL_OK);
    assert_string_equal(l.text, "a.txt indexed 10\nb.html indexed 23\n"
                                "c.png binary 6\nd.pdf type 8\n"
                                "e.txt empty 0\nf.txt no-text 3\n"
                                "g.txt too-large 101\nh link 0\n");
    assert_int_equal(sum.files, 108);
    assert_int_equal(sum.indexed, 2);
    assert_int_equal(sum.bytes, 33);
    assert_int_equal(sum.text_bytes, 14);
    assert_int_equal(sum.skipped[PARASOL_SKIP_NONE], 0);
    for (int i = 1; i < PARASOL_SKIP_COUNT; i++) {
        bool seen = i == PARASOL_SKIP_BINARY || i == PARASOL_SKIP_TYPE ||
                    i == PARASOL_SKIP_EMPTY || i == PARASOL_SKIP_NOTEXT ||
                    i == PARASOL_SKIP_TOOLARGE || i == PARASOL_SKIP_LINK;
        assert_int_equal(sum.skipped[i], seen);
    }
}

static void indexer_tree__stops_when_asked(void **state)
{
    call_log l = {.stop_after = 3};
    parasol_error err = {0};
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    (void)state;
    make_tree();
    assert_int_equal(run(&l, &sum, &err), PARASOL_ARG);
    assert_int_equal(sum.files, 3);
    assert_non_null(strstr(err.message, "c.png"));
}

static void indexer_tree__missing_folder_is_an_error(void **state)
{
    char path[512];
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    (void)state;
    (void)snprintf(path, sizeof path, "%s/index", root);
    assert_int_equal(parasol_indexer_open(&w, path, NULL, &err), PARASOL_OK);
    (void)snprintf(path, sizeof path, "%s/none", root);
    assert_int_equal(parasol_indexer_add_tree(w, path, NULL, &sum, &err),
                     PARASOL_NOTFOUND);
    assert_non_null(strstr(err.message, "none"));
    parasol_indexer_close(w);
}

static void indexer_skip__has_words_and_sentences(void **state)
{
    (void)state;
    assert_string_equal(parasol_skip_word(PARASOL_SKIP_TOOLARGE), "too-large");
    assert_string_equal(parasol_skip_str(PARASOL_SKIP_EMPTY), "has no bytes");
    for (int i = -1; i <= PARASOL_SKIP_COUNT; i++) {
        assert_non_null(parasol_skip_word(i));
        assert_non_null(parasol_skip_str(i));
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(indexer_tree__records_every_file),
        TEST(indexer_tree__stops_when_asked),
        TEST(indexer_tree__missing_folder_is_an_error),
        cmocka_unit_test(indexer_skip__has_words_and_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
