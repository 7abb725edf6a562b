/* A window on a spool shows the bytes that were put, wherever they lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "indexer/write/spool_window.h"
#include "tests/support/scratch_group.h"

enum { ALL = 20000, ROUNDS = 60 };

/* Loads, looks and goes on at random until the end. */
static void read_all(pi_spool_window *w, const uint8_t *all, uint64_t at,
                     uint64_t end, uint64_t *rng)
{
    while (!pi_spool_window_over(w)) {
        uint64_t left = end - at;
        size_t want = (size_t)scratch_below(rng, 700);
        assert_int_equal(pi_spool_window_load(w, want, NULL), 0);
        size_t have = pi_spool_window_len(w);
        assert_true(have >= want || have == left);
        if (have > 0)
            assert_memory_equal(pi_spool_window_ptr(w), all + at, have);
        uint64_t step = scratch_below(rng, 900);
        if (step > left)
            step = left;
        pi_spool_window_skip(w, step);
        at += step;
    }
    assert_int_equal(at, end);
    assert_int_equal(pi_spool_window_load(w, 1, NULL), 0);
    assert_int_equal(pi_spool_window_len(w), 0);
}

static void spool_window__shows_what_was_put(void **state)
{
    static uint8_t all[ALL];
    uint64_t rng = scratch_seed();
    (void)state;
    for (size_t i = 0; i < ALL; i++)
        all[i] = (uint8_t)scratch_below(&rng, 256);
    for (int round = 0; round < ROUNDS; round++) {
        pi_spool spool;
        pi_spool_window w;
        size_t limit = 1 + (size_t)scratch_below(&rng, 2 * ALL);
        uint64_t at = scratch_below(&rng, ALL);
        uint64_t end = at + scratch_below(&rng, ALL + 1 - at);
        pi_spool_init(&spool, tmp.dir, limit, NULL);
        for (size_t i = 0, n; i < ALL; i += n) {
            n = 1 + (size_t)scratch_below(&rng, 3000);
            n = n < ALL - i ? n : ALL - i;
            pi_spool_put(&spool, all + i, n);
        }
        if (round % 2 == 0)
            assert_int_equal(pi_spool_settle(&spool, NULL), 0);
        size_t piece = 1 + (size_t)scratch_below(&rng, 2000);
        pi_spool_window_init(&w, &spool, at, end, piece, NULL);
        read_all(&w, all, at, end, &rng);
        pi_spool_window_release(&w);
        pi_spool_release(&spool);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spool_window__shows_what_was_put),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
