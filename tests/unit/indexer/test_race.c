/*
 * A folder is indexed again and again while a thread exchanges what is in it:
 * files for links to the outside, pipes, folders and other files, folders for
 * links, long files for short ones. Nothing hangs, no signal comes, and no
 * byte from outside gets into the index.
 */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <parasol/indexer.h>
#include <parasol/searcher.h>

#include "tests/support/scratch.h"

#define NAMES 8u
#define SECONDS 3.0

static scratch inside, outside;
static atomic_bool over;
static atomic_ulong turns;

/* A file of our own, if it can be made there. */
static void put_inside(const char *path, size_t more)
{
    static const char zeros[4096];
    int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (fd < 0)
        return;
    (void)!write(fd, "inside ", 7);
    (void)!write(fd, zeros, more);
    (void)close(fd);
}

/* At a new name first and then by rename, so that there is always something. */
static void exchange(const char *path, unsigned what, uint64_t *random)
{
    char fresh[1200];
    (void)snprintf(fresh, sizeof fresh, "%s.new", path);
    (void)unlink(fresh);
    switch (what) {
    case 0: (void)symlink(outside.dir, fresh); break;
    case 1: {
        char target[1100];
        (void)snprintf(target, sizeof target, "%s/secret.txt", outside.dir);
        (void)symlink(target, fresh);
        break;
    }
    case 2: (void)mkfifo(fresh, 0600); break;
    case 3: (void)symlink("/dev/zero", fresh); break;
    default: put_inside(fresh, scratch_below(random, 4) * 1000); break;
    }
    /* A folder gives way to no file. */
    if (rename(fresh, path) != 0) {
        char away[1200];
        (void)snprintf(away, sizeof away, "%s.old", path);
        (void)rename(path, away);
        (void)rename(fresh, path);
        scratch_empty(away, 2);
        (void)rmdir(away);
        (void)unlink(away);
    }
}

/* The file becomes longer or shorter where it stands. */
static void resize(const char *path, uint64_t *random)
{
    int fd = open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return;
    if (scratch_below(random, 2) == 0)
        (void)!ftruncate(fd, (off_t)scratch_below(random, 300000));
    else
        (void)!write(fd, "more inside", 11);
    (void)close(fd);
}

static void *disturb(void *seed)
{
    uint64_t random = *(uint64_t *)seed;
    while (!atomic_load(&over)) {
        char path[1100];
        (void)snprintf(path, sizeof path, "%s/%s%u", inside.dir,
                       scratch_below(&random, 2) ? "folder/" : "",
                       (unsigned)scratch_below(&random, NAMES));
        switch (scratch_below(&random, 8)) {
        case 0:
            (void)unlink(path);
            (void)mkdir(path, 0777);
            (void)snprintf(path + strlen(path), 16, "/below.txt");
            put_inside(path, 0);
            break;
        case 1: (void)unlink(path); break;
        case 2:
        case 3: resize(path, &random); break;
        case 4: /* the folder itself */
            (void)snprintf(path, sizeof path, "%s/folder", inside.dir);
            exchange(path, (unsigned)scratch_below(&random, 2), &random);
            (void)unlink(path);
            (void)mkdir(path, 0777);
            break;
        default:
            exchange(path, (unsigned)scratch_below(&random, 6), &random);
            break;
        }
        atomic_fetch_add(&turns, 1);
    }
    return NULL;
}

static uint64_t index_once(const char *index)
{
    parasol_error err = {0};
    parasol_indexer *w = NULL;
    parasol_tree_options o = PARASOL_TREE_OPTIONS_INIT;
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    o.max_file_bytes = 200000;
    int rc = parasol_indexer_open(&w, index, NULL, &err);
    if (!rc)
        rc = parasol_indexer_add_tree(w, inside.dir, &o, &sum, &err);
    if (!rc)
        rc = parasol_indexer_commit(w, NULL, &err);
    parasol_indexer_close(w);
    if (rc)
        print_error("%s\n", err.message);
    assert_int_equal(rc, PARASOL_OK);
    return sum.indexed;
}

static uint64_t hits(const char *index, const char *word)
{
    parasol_error err = {0};
    parasol_searcher *s = NULL;
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    assert_int_equal(parasol_searcher_open(&s, index, NULL, &err), PARASOL_OK);
    assert_int_equal(parasol_query_parse(&q, word, strlen(word), NULL, &err),
                     PARASOL_OK);
    assert_int_equal(parasol_search(&r, s, q, NULL, &err), PARASOL_OK);
    uint64_t n = parasol_result_count(r);
    parasol_result_free(r);
    parasol_query_free(q);
    parasol_searcher_close(s);
    return n;
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void indexer_tree__stays_inside_while_names_are_exchanged(void **state)
{
    char index[1100];
    uint64_t seed = scratch_seed(), indexed = 0, found = 0;
    unsigned runs = 0;
    pthread_t thread;
    (void)state;
    scratch_make(&inside);
    scratch_make(&outside);
    scratch_write(scratch_path(&outside, "secret.txt"), "secret", 6);
    scratch_write(scratch_path(&outside, "below.txt"), "secret", 6);
    for (unsigned i = 0; i < NAMES; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%u", i);
        scratch_write(scratch_path(&outside, name), "secret", 6);
        scratch_write(scratch_path(&inside, name), "inside", 6);
    }
    (void)snprintf(index, sizeof index, "%s", scratch_path(&outside, "index"));
    assert_int_equal(pthread_create(&thread, NULL, disturb, &seed), 0);
    for (double end = now() + SECONDS; now() < end; runs++) {
        indexed += index_once(index);
        assert_int_equal(hits(index, "secret"), 0);
        found += hits(index, "inside");
    }
    atomic_store(&over, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    print_message("%u runs, %lu exchanges, %llu files\n", runs,
                  atomic_load(&turns), (unsigned long long)indexed);
    assert_true(runs > 3 && indexed > 0 && found > 0);
    assert_true(atomic_load(&turns) > 100);
    scratch_remove(&inside);
    scratch_remove(&outside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indexer_tree__stays_inside_while_names_are_exchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
