/*
 * A search whose time is over ends, in whatever way it is evaluated, and says
 * how far it came; one with time left finds what it finds without a limit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/indexer.h>

#include "common/base/base.h"
#include "common/os/clock.h"
#include "searcher/collect/run.h"
#include "searcher/iter/timed.h"
#include "searcher/query/parse.h"
#include "searcher/view/snapshot.h"
#include "tests/support/scratch.h"

#define DOCS 3000

static void make_index(const char *path)
{
    parasol_indexer *w = NULL;
    assert_int_equal(parasol_indexer_open(&w, path, NULL, NULL), 0);
    for (unsigned i = 0; i < DOCS; i++) {
        parasol_document d = PARASOL_DOCUMENT_INIT;
        char id[16], text[160];
        (void)snprintf(id, sizeof id, "%06u", i);
        (void)snprintf(text, sizeof text, "%s alpha beta%s gamma%s delta %u",
                       i % 2 ? "even" : "odd", i % 3 ? " x" : "",
                       i % 5 ? " y" : "", i);
        d.id = id;
        d.text = text;
        d.text_len = strlen(text);
        assert_int_equal(parasol_indexer_add(w, &d, NULL), 0);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), 0);
    parasol_indexer_close(w);
}

static ps_run_result run(const ps_snapshot *snap, pc_analyzer *analyzer,
                         const char *query, size_t k, uint64_t deadline,
                         pc_arena *arena)
{
    ps_node *root = NULL;
    ps_plan plan;
    ps_run_result out;
    ps_warnings warnings;
    const ps_plan_params how = {.k1 = 1.2F, .b = 0.75F};
    const ps_run_params params = {
        .k = (uint32_t)k, .exact_total = k == 0, .deadline = deadline};
    assert_int_equal(ps_parse(&root, &warnings, pc_str_of(query), arena, NULL),
                     0);
    assert_int_equal(
        ps_plan_build(&plan, root, snap, analyzer, how, arena, NULL), 0);
    assert_int_equal(ps_run(&out, &plan, snap, params, arena, NULL), 0);
    return out;
}

static void collect_deadline__ends_every_evaluation(void **state)
{
    (void)state;
    static const char *const queries[] = {
        "alpha beta",
        "+alpha +beta",
        "+alpha beta -even",
        "\"alpha beta\"",
        "\"beta gamma\" +odd",
        "alpha NEAR/2 gamma",
        "(alpha beta x)@2",
        "gamm*",
        "-even",
        "alpha^=2 (x +odd)",
    };
    scratch dir;
    ps_snapshot snap;
    pc_analyzer *analyzer = NULL;
    pc_arena arena;
    unsigned ended = 0;
    scratch_make(&dir);
    make_index(scratch_path(&dir, "index"));
    assert_int_equal(
        ps_snapshot_open(&snap, scratch_path(&dir, "index"), NULL, NULL), 0);
    assert_int_equal(pc_analyzer_open(&analyzer, "english", NULL, NULL), 0);
    pc_arena_init(&arena, NULL, 0);
    uint64_t later = pc_clock_now() + UINT64_C(3600000000000);
    for (size_t i = 0; i < PC_COUNTOF(queries); i++) {
        for (size_t k = 0; k <= 10; k += 10) {
            ps_run_result all = run(&snap, analyzer, queries[i], k, 0, &arena);
            ps_run_result in_time =
                run(&snap, analyzer, queries[i], k, later, &arena);
            ps_run_result late = run(&snap, analyzer, queries[i], k, 1, &arena);
            assert_false(all.late);
            assert_false(in_time.late);
            assert_int_equal(all.total, in_time.total);
            assert_int_equal(all.top.n, in_time.top.n);
            if (!late.late) {
                print_error("%s, the best %zu: not ended\n", queries[i], k);
                continue;
            }
            ended++;
            assert_true(late.looked < DOCS);
            assert_true(late.total <= all.total);
            assert_false(late.total_exact);
        }
    }
    pc_arena_release(&arena);
    pc_analyzer_free(analyzer);
    ps_snapshot_release(&snap);
    scratch_remove(&dir);
    /* Bitmaps of two lists are counted before anybody looks at the clock. */
    assert_true(ended + 4 >= 2 * PC_COUNTOF(queries));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(collect_deadline__ends_every_evaluation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
