/* The pool: every job once, waiting means done, numbers of workers do not
   overlap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/os/pool.h"

enum { JOBS = 2000, WORKERS = 5 };

typedef struct work {
    pc_job job;
    unsigned runs;
} work;

static work all[JOBS];
static atomic_int busy[WORKERS];
static atomic_int overlaps;

static void run(pc_job *job, unsigned worker)
{
    work *w = (work *)job;
    if (atomic_fetch_add(&busy[worker], 1) != 0)
        atomic_fetch_add(&overlaps, 1);
    w->runs++;
    atomic_fetch_sub(&busy[worker], 1);
}

static void run_all(unsigned threads)
{
    pc_pool *p = NULL;
    assert_int_equal(pc_pool_open(&p, threads, NULL, NULL), PARASOL_OK);
    assert_true(pc_pool_workers(p) >= 1 && pc_pool_workers(p) <= WORKERS);
    for (unsigned i = 0; i < JOBS; i++) {
        all[i] = (work){.job = {.run = run}};
        pc_pool_put(p, &all[i].job, i % 7 == 0);
    }
    for (unsigned i = JOBS; i-- > 0;) {
        pc_pool_wait(p, &all[i].job);
        assert_true(pc_pool_is_done(p, &all[i].job));
        assert_int_equal(all[i].runs, 1);
    }
    pc_pool_close(p);
    assert_int_equal(atomic_load(&overlaps), 0);
}

static void os_pool__every_job_once(void **state)
{
    (void)state;
    for (unsigned threads = 0; threads <= WORKERS; threads++)
        run_all(threads);
}

static void os_pool__empty(void **state)
{
    (void)state;
    pc_pool *p = NULL;
    pc_pool_close(NULL);
    assert_int_equal(pc_pool_open(&p, 3, NULL, NULL), PARASOL_OK);
    pc_pool_close(p);
    assert_true(pc_processors() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(os_pool__every_job_once),
        cmocka_unit_test(os_pool__empty),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
