/*
 * Readers against a writer that commits, deletes and merges all the time:
 * threads and processes, that open, refresh, share a searcher and keep old
 * results. Each answer must be that of one commit, whole; no file may vanish.
 *
 * PARASOL_TEST_SECONDS makes it longer. Built to run under the thread
 * sanitizer, too.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/churn.h"
#include "tests/support/scratch.h"

enum { READERS = 4, PROCESSES = 2 };

typedef struct job {
    const char *path;
    double until;
    parasol_searcher *shared; /* of those who share one */
    uint64_t rounds, changes, wrong;
} job;

static double now(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void wrong(job *j, const char *what, const parasol_error *err)
{
    printf("reader: %s: %s\n", what, err->message);
    j->wrong++;
}

/* Opens the index again and again. */
static void *open_again(void *arg)
{
    job *j = arg;
    for (; now() < j->until && j->wrong == 0; j->rounds++) {
        parasol_searcher *s = NULL;
        parasol_error err = {0};
        if (parasol_searcher_open(&s, j->path, NULL, &err)) {
            wrong(j, "open", &err);
            break;
        }
        j->wrong += !churn_is_whole(s, 1);
        parasol_searcher_close(s);
    }
    return NULL;
}

static uint64_t commit_of(const parasol_searcher *s)
{
    parasol_searcher_info info = {.struct_size = sizeof info};
    parasol_searcher_describe(s, &info);
    return info.commit;
}

/* Moves one searcher on, and looks again at what it found some commits ago. */
static void *move_on(void *arg)
{
    job *j = arg;
    parasol_error err = {0};
    parasol_searcher *s = NULL;
    parasol_result *kept = NULL;
    uint64_t commit = 0;
    if (parasol_searcher_open(&s, j->path, NULL, &err))
        wrong(j, "open", &err);
    for (; s && now() < j->until && j->wrong == 0; j->rounds++) {
        int changed = 0;
        if (parasol_searcher_refresh(s, &changed, &err)) {
            wrong(j, "refresh", &err);
            break;
        }
        uint64_t at = commit_of(s);
        j->wrong += changed ? at <= commit : at != commit && commit > 0;
        commit = at;
        j->changes += changed != 0;
        j->wrong += !churn_is_whole(s, 1);
        if (!kept)
            kept = churn_all(s);
        if (j->rounds % 7 == 6) {
            j->wrong += !kept || !churn_is_sound(kept);
            parasol_result_free(kept);
            kept = NULL;
        }
    }
    parasol_result_free(kept);
    parasol_searcher_close(s);
    return NULL;
}

/* Moves a searcher on that others use and move, too. */
static void *share(void *arg)
{
    job *j = arg;
    for (; now() < j->until && j->wrong == 0; j->rounds++) {
        int changed = 0;
        parasol_error err = {0};
        if (parasol_searcher_refresh(j->shared, &changed, &err)) {
            wrong(j, "refresh", &err);
            break;
        }
        j->changes += changed != 0;
        j->wrong += !churn_is_whole(j->shared, 0);
    }
    return NULL;
}

/* A reader in a process of its own. */
static pid_t start_process(job *j, void *(*run)(void *))
{
    (void)fflush(stdout);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    (void)run(j);
    printf("process: %llu rounds, %llu changes\n",
           (unsigned long long)j->rounds, (unsigned long long)j->changes);
    (void)fflush(stdout);
    _exit(j->wrong || j->rounds == 0 ? 1 : 0);
}

static double seconds(void)
{
    const char *given = getenv("PARASOL_TEST_SECONDS");
    double s = given ? strtod(given, NULL) : 0;
    return s > 0 ? s : 3;
}

static void property_churn__every_answer_is_that_of_one_commit(void **state)
{
    (void)state;
    void *(*const runs[READERS])(void *) = {open_again, move_on, share, share};
    scratch dir;
    churn c;
    job jobs[READERS], apart[PROCESSES];
    pthread_t threads[READERS];
    pid_t pids[PROCESSES];
    parasol_searcher *shared = NULL;
    uint64_t seed = scratch_seed();
    scratch_make(&dir);
    churn_begin(&c, dir.dir, seed);
    double until = now() + seconds();
    for (size_t i = 0; i < PROCESSES; i++) { /* before there are threads */
        apart[i] = (job){.path = c.path, .until = until};
        pids[i] = start_process(&apart[i], runs[i]);
    }
    assert_int_equal(parasol_searcher_open(&shared, c.path, NULL, NULL), 0);
    for (size_t i = 0; i < READERS; i++) {
        jobs[i] = (job){.path = c.path, .until = until, .shared = shared};
        assert_int_equal(pthread_create(&threads[i], NULL, runs[i], &jobs[i]),
                         0);
    }
    while (now() < until)
        churn_commit(&c);
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        printf("reader %zu: %llu rounds, %llu changes\n", i,
               (unsigned long long)jobs[i].rounds,
               (unsigned long long)jobs[i].changes);
        assert_int_equal(jobs[i].wrong, 0);
        assert_true(jobs[i].rounds > 0);
    }
    for (size_t i = 0; i < PROCESSES; i++) {
        int status = 0;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(parasol_searcher_refresh(shared, NULL, NULL), 0);
    assert_int_equal(commit_of(shared), c.commits);
    assert_true(churn_is_whole(shared, 1));
    parasol_searcher_close(shared);
    printf("writer: %llu commits, %llu documents replaced, %llu deleted, %llu "
           "merges\n",
           (unsigned long long)c.commits, (unsigned long long)c.replaced,
           (unsigned long long)c.deleted, (unsigned long long)c.merges);
    assert_true(c.commits > 3);
    scratch_remove(&dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(property_churn__every_answer_is_that_of_one_commit),
    };
    return cmocka_run_group_tests_name("churn", tests, NULL, NULL);
}
