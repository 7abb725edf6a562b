/* Cursors over lists that are known by arithmetic (tests/support/numbers.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/base/simd.h"
#include "common/codec/damp.h"
#include "searcher/iter/cursor.h"
#include "tests/support/numbers.h"

#define DOCS 9000u

typedef struct place {
    scratch dir;
    pc_seg *seg;
    pc_arena arena;
    float damp[256];
    ps_ctx ctx;
} place;

static int set_up(void **state)
{
    static place p;
    scratch_make(&p.dir);
    assert_int_equal(numbers_index(scratch_path(&p.dir, "i"), DOCS, 0), 0);
    assert_int_equal(
        pc_seg_open(&p.seg, scratch_path(&p.dir, "i/s1.seg"), NULL, NULL), 0);
    assert_int_equal(p.seg->docs, DOCS);
    pc_arena_init(&p.arena, NULL, 0);
    pc_damp_table(p.damp, 1.2F, 0.75F, DOCS, p.seg->lengths[PC_FIELD_TEXT]);
    p.ctx = (ps_ctx){.seg = p.seg,
                     .damp = p.damp,
                     .ratio = {1.0F, 1.0F},
                     .kernels = ps_kernels_at(pc_simd_level()),
                     .arena = &p.arena};
    assert_int_equal(pc_seg_norms(p.seg, PC_FIELD_TEXT, &p.ctx.norms, NULL), 0);
    *state = &p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    pc_arena_release(&p->arena);
    pc_seg_close(p->seg);
    scratch_remove(&p->dir);
    return 0;
}

static ps_cursor *open_cursor(place *p, uint32_t k)
{
    ps_cursor *c = pc_arena_alloc(&p->arena, sizeof *c);
    char word[16];
    pc_key key;
    pc_entry e;
    bool found = false;
    (void)snprintf(word, sizeof word, "w%u", k);
    assert_true(pc_key_make(&key, PC_FIELD_TEXT, pc_str_of(word)));
    assert_int_equal(
        pc_dict_find(&p->seg->dict, pc_key_str(&key), &found, &e, NULL), 0);
    assert_true(c && found);
    assert_int_equal(ps_cursor_init(c, &p->ctx, &e, 1000000.0F), 0);
    return c;
}

static uint32_t next_multiple(uint32_t from, uint32_t k)
{
    uint64_t doc = ((uint64_t)from + k - 1) / k * k;
    return doc < DOCS ? (uint32_t)doc : PS_END;
}

static uint32_t score_of(const place *p, uint32_t doc, uint32_t k)
{
    return ps_score_one(1000000.0F, numbers_tf(doc, k),
                        p->damp[p->ctx.norms[doc]]);
}

static void iter_cursor__walks_the_whole_list(void **state)
{
    place *p = *state;
    for (unsigned i = 0; i < NUMBERS_WORDS; i++) {
        uint32_t k = numbers_k[i];
        ps_cursor *c = open_cursor(p, k);
        for (uint32_t doc = 0; doc < DOCS; doc += k) {
            assert_int_equal(c->doc, doc);
            if (doc % 2) { /* alone, or the whole block */
                assert_int_equal(ps_cursor_tf(c), numbers_tf(doc, k));
                assert_int_equal(ps_cursor_score(c), score_of(p, doc, k));
            } else {
                assert_true(ps_cursor_scores(c));
                assert_int_equal(c->scores[c->at], score_of(p, doc, k));
            }
            (void)ps_cursor_seek(c, doc + 1);
        }
        assert_int_equal(c->doc, PS_END);
        assert_int_equal(ps_cursor_seek(c, PS_END), PS_END);
    }
    assert_int_equal(p->ctx.status, PARASOL_OK);
}

static void iter_cursor__seeks(void **state)
{
    place *p = *state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 400; round++) {
        uint32_t k = numbers_k[round % NUMBERS_WORDS], target = 0;
        ps_cursor *c = open_cursor(p, k);
        uint64_t stride = 1 + scratch_below(&rng, (uint64_t)1 << (round % 13));
        while (c->doc != PS_END) {
            target += (uint32_t)scratch_below(&rng, 2 * stride);
            uint32_t want = next_multiple(target, k);
            if (c->doc > target)
                want = c->doc;
            assert_int_equal(ps_cursor_seek(c, target), want);
            assert_int_equal(c->doc, want);
            assert_int_equal(ps_cursor_seek(c, target), want);
            if (want != PS_END && scratch_below(&rng, 2))
                assert_int_equal(ps_cursor_tf(c), numbers_tf(want, k));
            target = want == PS_END ? DOCS : want + 1;
        }
        pc_arena_clear(&p->arena);
    }
}

static void iter_cursor__bounds_hold_and_tell_of_nothing(void **state)
{
    place *p = *state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 3000; round++) {
        uint32_t k = numbers_k[round % NUMBERS_WORDS], best = 0;
        ps_cursor *c = open_cursor(p, k);
        uint32_t at = (uint32_t)scratch_below(&rng, DOCS);
        uint32_t from = ps_cursor_seek(c, at);
        if (from == PS_END) {
            assert_int_equal(ps_cursor_bound(c, DOCS - 1, DOCS - 1), 0);
            pc_arena_clear(&p->arena);
            continue;
        }
        from += (uint32_t)scratch_below(&rng, DOCS - from);
        uint32_t to = from + (uint32_t)scratch_below(&rng, 6000);
        uint32_t end = ps_cursor_block_end(c, from);
        assert_true(end >= from);
        if (round % 3 == 0)
            to = end;
        uint32_t bound = ps_cursor_bound(c, from, to);
        for (uint32_t d = next_multiple(from, k); d <= to && d < DOCS; d += k)
            best = score_of(p, d, k) > best ? score_of(p, d, k) : best;
        assert_true(bound >= best);
        assert_true(bound <= c->bound);
        uint32_t block = pc_list_seek(&c->list, c->block, from);
        if (block < c->list.blocks)
            assert_true(ps_cursor_block_bound(c, block) <= c->bound);
        assert_int_equal(ps_cursor_bound(c, from, to), bound);
        pc_arena_clear(&p->arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iter_cursor__walks_the_whole_list),
        cmocka_unit_test(iter_cursor__seeks),
        cmocka_unit_test(iter_cursor__bounds_hold_and_tell_of_nothing),
    };
    return cmocka_run_group_tests_name("cursor", tests, set_up, tear_down);
}
