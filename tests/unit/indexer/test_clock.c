/*
 * A clock that goes backwards, or stands before 1970: each run of indexing
 * still finds exactly what has changed, commit numbers grow by one, and the
 * log tells each commit with the time that its writer's clock had. The calls
 * that ask for the time come here (--wrap).
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <parasol/check.h>
#include <parasol/indexer.h>
#include <parasol/searcher.h>
#include <parasol/upkeep.h>

#include "tests/support/scratch.h"

#define YEAR (INT64_C(365) * 86400)
#define LEN 16 /* of each version of the file that changes */

static int64_t shift; /* seconds that the clock is wrong by */

int __real_clock_gettime(clockid_t id, struct timespec *t);
int __wrap_clock_gettime(clockid_t id, struct timespec *t);
time_t __real_time(time_t *t);
time_t __wrap_time(time_t *t);

int __wrap_clock_gettime(clockid_t id, struct timespec *t)
{
    int rc = __real_clock_gettime(id, t);
    if (rc == 0 && id == CLOCK_REALTIME)
        t->tv_sec += (time_t)shift;
    return rc;
}

time_t __wrap_time(time_t *t)
{
    time_t now = __real_time(NULL) + (time_t)shift;
    if (t)
        *t = now;
    return now;
}

typedef struct place {
    scratch dir;
    char folder[600];
    char index[600];
    char file[700];  /* the one that changes */
    char other[700]; /* the one that does not */
    uint64_t commit;
} place;

static int set_up(void **state)
{
    static place p;
    shift = 0;
    scratch_make(&p.dir);
    (void)snprintf(p.folder, sizeof p.folder, "%s",
                   scratch_path(&p.dir, "docs"));
    (void)snprintf(p.index, sizeof p.index, "%s",
                   scratch_path(&p.dir, "index"));
    (void)snprintf(p.file, sizeof p.file, "%s/file.txt", p.folder);
    (void)snprintf(p.other, sizeof p.other, "%s/other.txt", p.folder);
    assert_int_equal(mkdir(p.folder, 0777), 0);
    scratch_write(p.other, "treaty\n", 7);
    p.commit = 0;
    *state = &p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    scratch_remove(&p->dir);
    return 0;
}

static void set_mtime(const char *path, int64_t seconds)
{
    struct timespec t[2] = {{0, UTIME_OMIT}, {(time_t)seconds, 0}};
    assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

/* Versions have one length, so that the size never gives them away. */
static void word_of(char out[LEN], unsigned version)
{
    (void)snprintf(out, LEN, "version%06u", version);
}

static void write_version(const place *p, unsigned version)
{
    char text[LEN];
    word_of(text, version);
    scratch_write(p->file, text, strlen(text));
}

static uint64_t hits(const place *p, unsigned version)
{
    char word[LEN];
    parasol_error err = {0};
    parasol_searcher *s = NULL;
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    word_of(word, version);
    if (parasol_searcher_open(&s, p->index, NULL, &err) ||
        parasol_query_parse(&q, word, strlen(word), NULL, &err) ||
        parasol_search(&r, s, q, NULL, &err))
        fail_msg("%s", err.message);
    uint64_t total = parasol_result_total(r);
    parasol_result_free(r);
    parasol_query_free(q);
    parasol_searcher_close(s);
    return total;
}

/* Brings the index up to date with the clock wrong by `by`. */
static parasol_tree_summary update(place *p, int64_t by)
{
    parasol_error err = {0};
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    o.update = p->commit > 0 ? PARASOL_UPDATE : 0;
    shift = by;
    if (parasol_indexer_open(&w, p->index, &o, &err) ||
        parasol_indexer_add_tree(w, p->folder, NULL, &sum, &err) ||
        parasol_indexer_commit(w, NULL, &err))
        fail_msg("%s", err.message);
    parasol_indexer_close(w);
    return sum;
}

static void check_sound(const place *p)
{
    parasol_error err = {0};
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    o.deep = 1;
    if (parasol_check(p->index, &o, NULL, &err))
        fail_msg("%s", err.message);
}

/* File systems keep times as coarse as a tick of the kernel, and a clock that
   is ahead says that every tick is over. In truth it is only later. */
static void let_a_tick_pass(void)
{
    static const struct timespec tick = {0, 25000000};
    (void)nanosleep(&tick, NULL);
}

/* Writes version `version`, with that mtime unless it is 0, and indexes it
   with the clock wrong by `by`: that change is found, and no other. */
static void step(place *p, unsigned version, int64_t mtime, int64_t by)
{
    let_a_tick_pass();
    write_version(p, version);
    if (mtime != 0)
        set_mtime(p->file, mtime);
    parasol_tree_summary sum = update(p, by);
    p->commit++;
    if (p->commit > 1) {
        assert_int_equal(sum.added + sum.removed + sum.renamed, 0);
        assert_int_equal(sum.changed, 1);
        assert_int_equal(sum.unchanged, 1);
        assert_int_equal(hits(p, version - 1), 0);
    }
    assert_int_equal(hits(p, version), 1);
    check_sound(p);
}

/* Every commit is in the log, in order, with the time of its clock. */
static void check_log(const place *p, const int64_t *by)
{
    parasol_log *log = NULL;
    parasol_error err = {0};
    if (parasol_log_open(&log, p->index, &err))
        fail_msg("%s", err.message);
    assert_int_equal(parasol_log_count(log), p->commit);
    int64_t now = (int64_t)__real_time(NULL);
    for (size_t i = 0; i < p->commit; i++) {
        parasol_log_entry e = {.struct_size = sizeof e};
        assert_int_equal(parasol_log_get(log, i, &e), PARASOL_OK);
        assert_int_equal(e.state, PARASOL_LOG_WRITTEN);
        assert_int_equal(e.commit, i + 1);
        assert_in_range(now + by[i] - e.time, 0, 300);
    }
    parasol_log_close(log);
}

static void indexer_clock__goes_backwards(void **state)
{
    place *p = *state;
    static const int64_t by[] = {0,         -10 * YEAR, -80 * YEAR, 0,
                                 70 * YEAR, 0,          -3600,      -1};
    unsigned n = sizeof by / sizeof by[0];
    for (unsigned i = 0; i < n; i++)
        step(p, i + 1, 0, by[i]);
    assert_int_equal(p->commit, n);
    check_log(p, by);
}

/* The clock was ahead at one run, so that each file seems to be older than
   what is known of it; and the times of files go to and fro. */
static void indexer_clock__times_of_files_do_not_hide_changes(void **state)
{
    place *p = *state;
    int64_t now = (int64_t)__real_time(NULL);
    const int64_t mtime[] = {now,
                             now,
                             now,
                             now + 50 * YEAR,
                             now,
                             now - 20 * YEAR,
                             -5 * YEAR,
                             now - 60,
                             now + 50 * YEAR};
    static const int64_t by[] = {5 * YEAR, 0, -5 * YEAR, 0, 0, 0, 0, 0, 0};
    unsigned n = sizeof mtime / sizeof mtime[0];
    for (unsigned i = 0; i < n; i++)
        step(p, i + 1, mtime[i], by[i]);
    check_log(p, by);
}

/* Another time, before or after, of the same content is no change. */
static void indexer_clock__times_alone_are_no_change(void **state)
{
    place *p = *state;
    int64_t now = (int64_t)__real_time(NULL);
    const int64_t mtime[] = {now + 50 * YEAR, now - 20 * YEAR, -YEAR};
    step(p, 1, 0, 0);
    for (unsigned i = 0; i < 3; i++) {
        set_mtime(p->file, mtime[i]);
        for (int back = 0; back < 2; back++) {
            parasol_tree_summary sum = update(p, back ? -10 * YEAR : 0);
            assert_int_equal(sum.changed + sum.added + sum.removed, 0);
            assert_int_equal(sum.unchanged, 2);
            assert_int_equal(hits(p, 1), 1);
        }
    }
    check_sound(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(indexer_clock__goes_backwards, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            indexer_clock__times_of_files_do_not_hide_changes, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            indexer_clock__times_alone_are_no_change, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
