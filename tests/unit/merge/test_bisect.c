/*
 * Graph bisection: an order of all documents, the same for any number of
 * threads, in which alike documents are close.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "indexer/merge/bisect.h"
#include "tests/support/scratch.h"

#define TERMS_EACH 12u

/* Documents of `topics` topics in turn: most terms are of the topic. */
static pi_forward make_graph(uint64_t seed, uint32_t docs, uint32_t topics)
{
    pi_forward g = {.docs = docs, .terms = 50 * topics + 100};
    g.starts = calloc(docs + 1, sizeof *g.starts);
    g.edges = calloc((size_t)docs * TERMS_EACH + 1, sizeof *g.edges);
    assert_true(g.starts && g.edges);
    for (uint32_t d = 0; d < docs; d++) {
        uint32_t *e = g.edges + g.starts[d];
        for (uint32_t i = 0; i < TERMS_EACH; i++) {
            uint32_t of_topic = (uint32_t)scratch_below(&seed, 50);
            e[i] = scratch_below(&seed, 4)
                       ? 100 + 50 * (d % topics) + of_topic
                       : (uint32_t)scratch_below(&seed, 100);
        }
        g.starts[d + 1] = g.starts[d] + TERMS_EACH;
    }
    return g;
}

static void assert_order(const uint32_t *order, uint32_t docs)
{
    uint8_t *seen = calloc(docs + 1, 1);
    assert_non_null(seen);
    for (uint32_t i = 0; i < docs; i++) {
        assert_true(order[i] < docs);
        assert_false(seen[order[i]]);
        seen[order[i]] = 1;
    }
    free(seen);
}

static uint32_t *bisect(uint64_t seed, uint32_t docs, uint32_t topics,
                        unsigned jobs)
{
    pi_forward g = make_graph(seed, docs, topics);
    uint32_t *order = calloc(docs + 1, sizeof *order);
    pi_bisect_options o = {jobs, NULL, NULL};
    assert_int_equal(pi_bisect(&g, order, o, NULL), PARASOL_OK);
    assert_order(order, docs);
    pi_forward_release(&g);
    return order;
}

static void bisect_order__does_not_depend_on_threads(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 1, 2, 32, 33, 100, 5000, 40000};
    uint64_t seed = scratch_seed();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint32_t *one = bisect(seed, sizes[i], 7, 1);
        for (unsigned jobs = 0; jobs < 8; jobs++) {
            uint32_t *more = bisect(seed, sizes[i], 7, jobs);
            assert_memory_equal(one, more, sizes[i] * sizeof *one);
            free(more);
        }
        free(one);
    }
}

static void bisect_order__puts_topics_together(void **state)
{
    (void)state;
    const uint32_t docs = 8192, topics = 8;
    uint32_t *order = bisect(scratch_seed(), docs, topics, 2), changes = 0;
    for (uint32_t i = 1; i < docs; i++)
        changes += order[i] % topics != order[i - 1] % topics;
    /* In turn, every document differs from the one before. */
    printf("%u changes of topic in %u documents\n", changes, docs);
    assert_true(changes < docs / 20);
    free(order);
}

static void bisect_order__alike_documents_keep_theirs(void **state)
{
    (void)state;
    /* Nothing is gained anywhere: each range of the last level is sorted, and
       ties do not move. */
    pi_forward g = {.docs = 1000, .terms = 3};
    uint32_t order[1000];
    g.starts = calloc(1001, sizeof *g.starts);
    g.edges = calloc(1001, sizeof *g.edges);
    for (uint32_t d = 0; d < 1000; d++)
        g.starts[d + 1] = d + 1;
    assert_int_equal(
        pi_bisect(&g, order, (pi_bisect_options){1, NULL, NULL}, NULL),
        PARASOL_OK);
    assert_order(order, 1000);
    pi_forward_release(&g);
}

typedef struct calls {
    unsigned n;
    double last;
    unsigned stop_at;
} calls;

static int on_progress(double done, void *user)
{
    calls *c = user;
    assert_true(done >= c->last && done <= 1.0);
    c->last = done;
    c->n++;
    return c->n == c->stop_at;
}

static void bisect_progress__grows_and_stops(void **state)
{
    (void)state;
    uint32_t order[5000];
    calls c = {0, 0, 0};
    for (unsigned jobs = 1; jobs < 4; jobs++) {
        pi_forward g = make_graph(5, 5000, 3);
        c = (calls){0, 0, 0};
        assert_int_equal(pi_bisect(&g, order,
                                   (pi_bisect_options){jobs, on_progress, &c},
                                   NULL),
                         PARASOL_OK);
        assert_true(c.n > 0);
        pi_forward_release(&g);
        g = make_graph(5, 5000, 3);
        /* With more threads, this one may have nothing more to report. */
        c = (calls){0, 0, jobs == 1 ? 2 : 1};
        parasol_error err = {0};
        assert_int_equal(pi_bisect(&g, order,
                                   (pi_bisect_options){jobs, on_progress, &c},
                                   &err),
                         PARASOL_ARG);
        /* It hears of the end once more. */
        assert_true(c.n == c.stop_at || c.n == c.stop_at + 1);
        pi_forward_release(&g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bisect_order__does_not_depend_on_threads),
        cmocka_unit_test(bisect_order__puts_topics_together),
        cmocka_unit_test(bisect_order__alike_documents_keep_theirs),
        cmocka_unit_test(bisect_progress__grows_and_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
