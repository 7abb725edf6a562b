/* From query tree to plan, over an index of several segments that is known by
   arithmetic (tests/support/numbers.h). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "searcher/plan/plan.h"
#include "searcher/query/parse.h"
#include "searcher/score/bm25.h"
#include "tests/support/numbers.h"

#define DOCS 4500u

typedef struct place {
    scratch dir;
    ps_snapshot snap;
    pc_analyzer *analyzer;
    pc_arena arena;
    ps_plan plan;
} place;

static int set_up(void **state)
{
    static place p;
    scratch_make(&p.dir);
    assert_int_equal(numbers_index(scratch_path(&p.dir, "i"), DOCS, DOCS / 3),
                     0);
    assert_int_equal(
        ps_snapshot_open(&p.snap, scratch_path(&p.dir, "i"), NULL, NULL), 0);
    assert_true(p.snap.n_segs > 1);
    assert_int_equal(pc_analyzer_open(&p.analyzer, "english", NULL, NULL), 0);
    pc_arena_init(&p.arena, NULL, 0);
    *state = &p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    pc_arena_release(&p->arena);
    pc_analyzer_free(p->analyzer);
    ps_snapshot_release(&p->snap);
    scratch_remove(&p->dir);
    return 0;
}

static const ps_plan_node *plan(place *p, const char *text)
{
    ps_node *root = NULL;
    ps_warnings warnings;
    pc_arena_clear(&p->arena);
    assert_int_equal(
        ps_parse(&root, &warnings, pc_str_of(text), &p->arena, NULL), 0);
    assert_int_equal(ps_plan_build(&p->plan, root, &p->snap, p->analyzer,
                                   (ps_plan_params){.k1 = 1.2F, .b = 0.75F},
                                   &p->arena, NULL),
                     0);
    return p->plan.root;
}

static void must_be(place *p, const char *text, enum ps_plan_kind kind)
{
    const ps_plan_node *n = plan(p, text);
    if (n->kind != kind)
        fail_msg("%s: kind %d instead of %d", text, n->kind, (int)kind);
}

static void plan_plan__what_cannot_match(void **state)
{
    must_be(*state, "", PS_PLAN_NONE);
    must_be(*state, "nosuchword", PS_PLAN_NONE);
    must_be(*state, "+w1 +nosuchword", PS_PLAN_NONE);
    must_be(*state, "nosuchword another -w1", PS_PLAN_NONE);
    must_be(*state, "\"w1 nosuchword\"", PS_PLAN_NONE);
    must_be(*state, "w1 (+w2 +nosuchword)", PS_PLAN_BOOL);
    must_be(*state, "+(nosuchword another) w1", PS_PLAN_NONE);
    must_be(*state, "=W1", PS_PLAN_LEAF);
    must_be(*state, "=filler1s", PS_PLAN_NONE);
}

static void plan_plan__what_analysis_leaves_nothing_of(void **state)
{
    place *p = *state;
    must_be(p, "...", PS_PLAN_NONE);
    must_be(p, "-...", PS_PLAN_NONE);
    must_be(p, "+... -\"--\"", PS_PLAN_NONE);
    must_be(p, "* +...", PS_PLAN_BOOL);
    const ps_plan_node *n = plan(p, "+... w1 -\"!\"");
    assert_int_equal(n->n, 1); /* neither condition nor exclusion */
    assert_int_equal(n->clauses[0].occur, PS_SHOULD);
}

static void plan_plan__exclusions_of_nothing(void **state)
{
    must_be(*state, "*", PS_PLAN_ALL);
    must_be(*state, "-nosuchword", PS_PLAN_ALL);
    must_be(*state, "-nosuchword -another", PS_PLAN_ALL);
    const ps_plan_node *n = plan(*state, "w1 -nosuchword");
    assert_int_equal(n->n, 1);
}

static void plan_plan__statistics_are_of_all_segments(void **state)
{
    place *p = *state;
    for (unsigned i = 0; i < NUMBERS_WORDS; i++) {
        char word[16];
        uint32_t k = numbers_k[i], df = (DOCS + k - 1) / k;
        (void)snprintf(word, sizeof word, "w%u^2", k);
        const ps_plan_node *n = plan(p, word);
        assert_int_equal(n->kind, PS_PLAN_LEAF);
        assert_int_equal(n->leaf.n, 1);
        assert_int_equal(n->leaf.terms[0]->df, df);
        double weight = 2.0 * ps_idf(DOCS, df) * ((double)1.2F + 1.0);
        assert_true(fabs(n->weight - weight) < 1e-9 * weight);
        assert_true(fabs((double)n->leaf.weight - weight * p->plan.scale) <=
                    1e-6 * weight * p->plan.scale);
    }
}

static void plan_plan__the_same_term_is_looked_up_and_scored_once(void **state)
{
    const ps_plan_node *once = plan(*state, "w7 w5");
    double weight = once->clauses[0].node->weight;
    const ps_plan_node *n = plan(*state, "w7 w5 W7 w7^0.5 \"w7 w5\"");
    assert_int_equal(n->n, 3);
    assert_true(fabs(n->clauses[0].node->weight - 2.5 * weight) < 1e-9);
    const ps_plan_node *phrase = n->clauses[2].node;
    assert_ptr_equal(phrase->leaf.terms[0], n->clauses[0].node->leaf.terms[0]);
    /* Required and wanted are two things; so are word and form. */
    assert_int_equal(plan(*state, "+w7 +=w7 w7 -w7")->n, 4);
}

static void plan_plan__phrases_keep_their_distances(void **state)
{
    const ps_plan_node *n = plan(*state, "\"w1, w2 w1\"");
    assert_int_equal(n->kind, PS_PLAN_LEAF);
    assert_int_equal(n->leaf.n, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(n->leaf.offsets[i], i);
    assert_ptr_equal(n->leaf.terms[0], n->leaf.terms[2]);
    assert_false(ps_leaf_is_plain(&n->leaf));
    n = plan(*state, "w1-w2"); /* a word that is two */
    assert_int_equal(n->leaf.n, 2);
    assert_false(ps_leaf_is_plain(&plan(*state, "=w1")->leaf));
    assert_true(ps_leaf_is_plain(&plan(*state, "w1")->leaf));
}

static const ps_plan_node *child(const ps_plan_node *n, size_t i)
{
    assert_true(i < n->n);
    return n->clauses[i].node;
}

static void plan_plan__near_weighs_what_its_words_weigh(void **state)
{
    double a = plan(*state, "w7")->weight, b = plan(*state, "w50")->weight;
    const ps_plan_node *n = plan(*state, "w7 NEAR/3 w50^2");
    assert_int_equal(n->kind, PS_PLAN_NEAR);
    assert_int_equal(n->distance, 3);
    assert_false(n->ordered);
    assert_true(fabs(n->weight - (a + 2 * b)) < 1e-9);
    /* Of alternatives, the most frequent. */
    n = plan(*state, "(w50 OR w7 OR nosuchword) ADJ/1 w50");
    assert_true(n->ordered);
    assert_true(fabs(n->weight - (a + b)) < 1e-9);
    must_be(*state, "w7 NEAR/3 nosuchword", PS_PLAN_NONE);
    must_be(*state, "w7 NEAR/3 (nosuchword another)", PS_PLAN_NONE);
    must_be(*state, "w7 NEAR/3 ...", PS_PLAN_LEAF);
    must_be(*state, "... NEAR/3 \"!\"", PS_PLAN_NONE);
    n = plan(*state, "\"w7 w50\"~4");
    assert_int_equal(n->kind, PS_PLAN_LEAF);
    assert_int_equal(n->leaf.distance, 4);
    assert_int_equal(plan(*state, "\"w7\"~4")->leaf.distance, 0);
}

static void plan_plan__constants_and_at_least(void **state)
{
    place *p = *state;
    const ps_plan_node *n = plan(p, "w7^=2.5 w5");
    assert_int_equal(child(n, 0)->kind, PS_PLAN_CONSTANT);
    assert_true(fabs(child(n, 0)->weight - 2.5) < 1e-6);
    assert_true(!(child(child(n, 0), 0)->weight > 0));
    must_be(p, "nosuchword^=2", PS_PLAN_NONE);
    n = plan(p, "(w7 w7 w5)@2");
    assert_int_equal(n->least, 2);
    assert_int_equal(n->n, 3); /* not one clause with both weights */
    must_be(p, "(w7 nosuchword another)@2", PS_PLAN_NONE);
    n = plan(p, "(w7 w5 ...)@3");
    assert_int_equal(n->least, 2); /* what is not searched is not asked for */
}

static void plan_plan__filters_and_text_that_looks_like_them(void **state)
{
    place *p = *state;
    const ps_plan_node *n = plan(p, "w7 path:x");
    assert_int_equal(n->clauses[1].occur, PS_FILTER);
    assert_int_equal(child(n, 1)->kind, PS_PLAN_FILTER);
    assert_int_equal(p->plan.notes.n, 0);
    /* No document has the field: text, and wanted like other words. */
    n = plan(p, "w5 w7:w50");
    assert_int_equal(n->clauses[1].occur, PS_SHOULD);
    assert_int_equal(child(n, 1)->kind, PS_PLAN_LEAF);
    assert_int_equal(child(n, 1)->leaf.n, 2);
    assert_int_equal(p->plan.notes.n, 1);
    assert_int_equal(p->plan.notes.items[0].start, 3);
    assert_int_equal(p->plan.notes.items[0].end, 9);
    /* A usual field is never text. */
    n = plan(p, "w5 lang:w7");
    assert_int_equal(n->clauses[1].occur, PS_FILTER);
    assert_int_equal(p->plan.notes.n, 1);
    must_be(p, "nosuchword path:x", PS_PLAN_NONE);
    must_be(p, "path:x lang:y", PS_PLAN_BOOL);
}

static void plan_plan__what_the_root_wants(void **state)
{
    place *p = *state;
    (void)plan(p, "w7 w5 w50");
    assert_int_equal(p->plan.wanted, 3);
    assert_int_equal(p->plan.missing, 0);
    (void)plan(p, "w7 nosuchword path:x -w5");
    assert_int_equal(p->plan.wanted, 2);
    assert_int_equal(p->plan.missing, 1);
    assert_int_equal(p->plan.n_absent, 1);
    (void)plan(p, "w7 OR w5");
    assert_int_equal(p->plan.wanted, 0);
    (void)plan(p, "w7");
    assert_int_equal(p->plan.wanted, 0);
}

/* All that a document can score fits the integers. */
static double sum_weights(const ps_plan_node *n)
{
    double sum = (double)n->leaf.weight;
    for (size_t i = 0; i < n->n; i++)
        sum += sum_weights(n->clauses[i].node);
    return sum;
}

static void plan_plan__scaled_weights_fit(void **state)
{
    place *p = *state;
    static const char *const texts[] = {
        "w1",
        "w1 w2 w3 w5 w7 w50 w97 w128 w999 w4000",
        "w4000^1000 (w1^0.001)^0.001",
        "((((w999^1000)^1000)^1000)^1000)^1000 w1",
        "w1^0 w2^0",
        "+w1 -(w2^1000) \"w1 w2\"^3 =w3"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const ps_plan_node *n = plan(p, texts[i]);
        double sum = sum_weights(n), limit = ldexp(1.0, PS_SCORE_BITS);
        assert_true(sum <= limit * (1 + 1e-6));
        assert_true(sum >= limit / 2 * (1 - 1e-6) || i == 4);
        assert_true(i != 4 || !(sum > 0));
    }
    /* What is excluded has no weight. */
    const ps_plan_node *n = plan(p, "w1 -(w2 \"w1 w2\")");
    assert_true(!(sum_weights(n->clauses[1].node) > 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plan_plan__what_cannot_match),
        cmocka_unit_test(plan_plan__what_analysis_leaves_nothing_of),
        cmocka_unit_test(plan_plan__exclusions_of_nothing),
        cmocka_unit_test(plan_plan__statistics_are_of_all_segments),
        cmocka_unit_test(plan_plan__the_same_term_is_looked_up_and_scored_once),
        cmocka_unit_test(plan_plan__phrases_keep_their_distances),
        cmocka_unit_test(plan_plan__near_weighs_what_its_words_weigh),
        cmocka_unit_test(plan_plan__constants_and_at_least),
        cmocka_unit_test(plan_plan__filters_and_text_that_looks_like_them),
        cmocka_unit_test(plan_plan__what_the_root_wants),
        cmocka_unit_test(plan_plan__scaled_weights_fit),
    };
    return cmocka_run_group_tests_name("plan", tests, set_up, tear_down);
}
