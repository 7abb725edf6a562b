/* The heap of the best documents against sorting all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "searcher/collect/topk.h"
#include "tests/support/scratch.h"

#define MANY 3000u

#define SEGMENTS 3u

/* Nothing of a segment but its ranks. */
typedef struct segment {
    pc_seg seg;
    uint32_t ranks[MANY];
    uint8_t packed[4 * MANY + PC_PAD];
} segment;

typedef struct offered {
    uint32_t score, seg, doc, rank;
} offered;

static int best_first(const void *a, const void *b)
{
    const offered *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->seg != y->seg)
        return x->seg < y->seg ? -1 : 1;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static void make_ranks(segment *s, uint64_t *rng)
{
    s->seg = (pc_seg){.docs = MANY};
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t other = (uint32_t)scratch_below(rng, i + 1);
        s->ranks[i] = s->ranks[other];
        s->ranks[other] = i;
    }
    s->seg.ranks = (pc_ranks){s->packed, pc_bits32(MANY - 1)};
    pc_bitpack_put(s->packed, s->ranks, MANY, s->seg.ranks.width);
}

/* n documents in three segments, of which bits of `moved` are reordered; many
   equal scores if `spread` is small. */
static void check(uint64_t *rng, size_t k, uint32_t n, uint64_t spread,
                  unsigned moved)
{
    static offered all[MANY];
    static segment segs[SEGMENTS];
    pc_arena arena;
    ps_topk t;
    pc_arena_init(&arena, NULL, 0);
    assert_int_equal(ps_topk_init(&t, k, &arena), 0);
    for (uint32_t i = 0; i < SEGMENTS; i++) {
        segs[i].seg = (pc_seg){.docs = MANY};
        if (moved >> i & 1)
            make_ranks(&segs[i], rng);
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t seg = i * SEGMENTS / n, doc = i % ((n + 2) / SEGMENTS);
        if (i > 0 && seg == all[i - 1].seg)
            doc = all[i - 1].doc + 1;
        if (i == 0 || seg != all[i - 1].seg)
            ps_topk_enter(&t, seg, seg * MANY, &segs[seg].seg, false);
        uint32_t rank = moved >> seg & 1 ? segs[seg].ranks[doc] : doc;
        all[i] =
            (offered){(uint32_t)scratch_below(rng, spread), seg, doc, rank};
        /* What is below `need` is not among the best: the promise on which
           all pruning is built. */
        ps_topk_offer(&t, all[i].doc, all[i].score);
        assert_true(t.n >= (i + 1 < k ? i + 1 : k) && t.n <= t.room);
        assert_true(t.n >= k || t.need == 0);
    }
    ps_topk_sort(&t);
    qsort(all, n, sizeof *all, best_first);
    assert_int_equal(t.n, n < k ? n : k);
    for (size_t i = 0; i < t.n; i++) {
        assert_int_equal(ps_scored_score(&t.v[i]), all[i].score);
        assert_int_equal(t.v[i].seg, all[i].seg);
        assert_int_equal(t.v[i].doc, all[i].doc);
    }
    pc_arena_release(&arena);
}

static void collect_topk__same_as_sorting(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    static const size_t ks[] = {1, 2, 3, 10, 64, 65, 100, MANY, 2 * MANY};
    static const uint64_t spreads[] = {1, 2, 50, UINT32_MAX};
    for (size_t i = 0; i < sizeof ks / sizeof ks[0]; i++) {
        for (size_t s = 0; s < sizeof spreads / sizeof spreads[0]; s++) {
            for (unsigned moved = 0; moved < 1u << SEGMENTS; moved += 1) {
                check(&rng, ks[i], MANY, spreads[s], moved);
                check(&rng, ks[i], 1, spreads[s], moved);
                check(&rng, ks[i], 3 + (uint32_t)scratch_below(&rng, 40),
                      spreads[s], moved);
            }
        }
    }
}

static void collect_topk__none_wanted(void **state)
{
    (void)state;
    pc_arena arena;
    ps_topk t;
    pc_arena_init(&arena, NULL, 0);
    assert_int_equal(ps_topk_init(&t, 0, &arena), 0);
    ps_topk_offer(&t, 1, UINT32_MAX - 1);
    ps_topk_sort(&t);
    assert_int_equal(t.n, 0);
    pc_arena_release(&arena);
}

/* A file may say that all documents are the first one. */
static void collect_topk__ranks_that_lie_do_no_harm(void **state)
{
    (void)state;
    static const size_t ks[] = {1, 10, 200, MANY};
    static segment s;
    for (size_t i = 0; i < sizeof ks / sizeof ks[0]; i++) {
        pc_arena arena;
        ps_topk t;
        pc_arena_init(&arena, NULL, 0);
        memset(s.packed, 0, sizeof s.packed);
        s.seg = (pc_seg){.docs = MANY};
        s.seg.ranks = (pc_ranks){s.packed, pc_bits32(MANY - 1)};
        assert_int_equal(ps_topk_init(&t, ks[i], &arena), 0);
        ps_topk_enter(&t, 0, 0, &s.seg, false);
        for (uint32_t doc = 0; doc < MANY; doc++) {
            ps_topk_offer(&t, doc, 7);
            assert_true(t.n <= t.room);
        }
        ps_topk_sort(&t);
        assert_true(t.n <= ks[i]);
        pc_arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(collect_topk__same_as_sorting),
        cmocka_unit_test(collect_topk__none_wanted),
        cmocka_unit_test(collect_topk__ranks_that_lie_do_no_harm),
    };
    return cmocka_run_group_tests_name("topk", tests, NULL, NULL);
}
