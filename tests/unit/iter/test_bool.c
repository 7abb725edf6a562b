/* Random trees of iterators over lists that are known by arithmetic: the
   documents that they match, and bounds that hold on every range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/base/simd.h"
#include "common/codec/damp.h"
#include "common/os/clock.h"
#include "searcher/iter/filter.h"
#include "searcher/iter/timed.h"
#include "tests/support/numbers.h"

#define DOCS 9000u
#define WEIGHT 1000000.0F

typedef struct place {
    scratch dir;
    pc_seg *seg;
    pc_arena arena;
    float damp[256];
    ps_ctx ctx;
    uint64_t rng;
} place;

static int set_up(void **state)
{
    static place p;
    scratch_make(&p.dir);
    assert_int_equal(numbers_index(scratch_path(&p.dir, "i"), DOCS, 0), 0);
    assert_int_equal(
        pc_seg_open(&p.seg, scratch_path(&p.dir, "i/s1.seg"), NULL, NULL), 0);
    pc_arena_init(&p.arena, NULL, 0);
    pc_damp_table(p.damp, 1.2F, 0.75F, DOCS, p.seg->lengths[PC_FIELD_TEXT]);
    p.ctx = (ps_ctx){.seg = p.seg,
                     .damp = p.damp,
                     .ratio = {1.0F, 1.0F},
                     .kernels = ps_kernels_at(pc_simd_level()),
                     .arena = &p.arena};
    assert_int_equal(pc_seg_norms(p.seg, PC_FIELD_TEXT, &p.ctx.norms, NULL), 0);
    p.rng = scratch_seed();
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

/* ---- trees and what they mean ------------------------------------------- */

enum kind { TERM, ALL, NONE, AND, OR, LEAST, CONSTANT, NOT, OPT, KINDS };

typedef struct tree {
    enum kind kind;
    uint32_t k; /* TERM */
    struct tree *child[4];
    uint32_t n;
} tree;

static tree *random_tree(place *p, unsigned depth)
{
    tree *t = pc_arena_zalloc(&p->arena, 1, sizeof *t);
    assert_non_null(t);
    t->k = numbers_k[scratch_below(&p->rng, NUMBERS_WORDS)];
    if (depth == 0) {
        uint64_t leaf = scratch_below(&p->rng, 20);
        t->kind = leaf == 0 ? ALL : leaf == 1 ? NONE : TERM;
        return t;
    }
    t->kind = (enum kind)(AND + scratch_below(&p->rng, KINDS - AND));
    t->n = t->kind == NOT || t->kind == OPT ? 2
           : t->kind == CONSTANT            ? 1
                                 : 1 + (uint32_t)scratch_below(&p->rng, 4);
    for (uint32_t i = 0; i < t->n; i++)
        t->child[i] =
            random_tree(p, (unsigned)scratch_below(&p->rng, depth + (i == 0)));
    return t;
}

static uint32_t one_score(const place *p, uint32_t doc, uint32_t k)
{
    return ps_score_one(WEIGHT, numbers_tf(doc, k), p->damp[p->ctx.norms[doc]]);
}

/* By definition. */
static bool eval(const place *p, const tree *t, uint32_t doc, uint32_t *score)
{
    uint32_t s[4];
    bool m[4], any = false, every = true;
    uint32_t hits = 0;
    *score = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        m[i] = eval(p, t->child[i], doc, &s[i]);
        any |= m[i];
        every &= m[i];
        hits += m[i];
    }
    switch (t->kind) {
    case TERM:
        *score = numbers_has(doc, t->k) ? one_score(p, doc, t->k) : 0;
        return numbers_has(doc, t->k);
    case ALL: return true;
    case NONE:
    case KINDS: return false;
    case CONSTANT: *score = t->k + 1; return m[0];
    case AND:
    case LEAST:
    case OR:
        for (uint32_t i = 0; i < t->n; i++)
            *score += m[i] ? s[i] : 0;
        return t->kind == AND ? every : t->kind == OR ? any : hits >= 2;
    case NOT: *score = s[0]; return m[0] && !m[1];
    case OPT: *score = s[0] + (m[1] ? s[1] : 0); return m[0];
    }
    return false;
}

static ps_iter *term_iter(place *p, uint32_t k)
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
    assert_int_equal(ps_cursor_init(c, &p->ctx, &e, WEIGHT), 0);
    return ps_iter_term(&p->ctx, c);
}

static ps_iter *build(place *p, const tree *t)
{
    ps_iter *v[4] = {NULL, NULL, NULL, NULL};
    for (uint32_t i = 0; i < t->n; i++)
        v[i] = build(p, t->child[i]);
    switch (t->kind) {
    case TERM: return term_iter(p, t->k);
    case ALL: return ps_iter_all(&p->ctx);
    case NONE:
    case KINDS: return ps_iter_none(&p->ctx);
    case AND: return ps_iter_and(&p->ctx, v, t->n);
    case OR: return ps_iter_or(&p->ctx, v, t->n);
    case LEAST: return ps_iter_least(&p->ctx, v, t->n, 2);
    case CONSTANT: return ps_iter_constant(&p->ctx, v[0], t->k + 1);
    case NOT: return ps_iter_not(&p->ctx, v[0], v[1]);
    case OPT: return ps_iter_opt(&p->ctx, v[0], v[1]);
    }
    return NULL;
}

/* ---- tests -------------------------------------------------------------- */

/* Every document, one after the other. */
static void iter_bool__matches_by_definition(void **state)
{
    place *p = *state;
    for (unsigned round = 0; round < 150; round++) {
        const tree *t = random_tree(p, 3);
        ps_iter *it = build(p, t);
        uint32_t doc = 0, score;
        assert_non_null(it);
        for (uint32_t at = it->doc; at != PS_END;
             at = it->ops->seek(it, at + 1)) {
            for (; doc < at; doc++) /* passed over: no match */
                assert_false(eval(p, t, doc, &score));
            bool want = eval(p, t, at, &score);
            assert_int_equal(it->ops->matches(it), want);
            if (want)
                assert_int_equal(it->ops->score(it), score);
            doc = at + 1;
        }
        for (; doc < DOCS; doc++)
            assert_false(eval(p, t, doc, &score));
        pc_arena_clear(&p->arena);
    }
}

/* Jumps as pruning makes them: a bound over a range, then past it or into
   it. */
static void iter_bool__bounds_hold(void **state)
{
    place *p = *state;
    for (unsigned round = 0; round < 400; round++) {
        const tree *t = random_tree(p, 3);
        ps_iter *it = build(p, t);
        for (uint32_t at = it->doc; at != PS_END;) {
            uint32_t end = it->ops->block_end(it, at), best = 0, score;
            if (end < at)
                end = at;
            if (end > at + 300)
                end = at + (uint32_t)scratch_below(&p->rng, 300);
            uint32_t bound = it->ops->bound(it, at, end);
            bool any = false;
            for (uint32_t d = at; d <= end && d < DOCS; d++) {
                if (eval(p, t, d, &score)) {
                    any = true;
                    best = score > best ? score : best;
                }
            }
            assert_true(bound >= best);
            assert_true(!any || bound > 0);
            if (scratch_below(&p->rng, 2)) {
                at = it->ops->seek(it, end + 1);
                continue;
            }
            assert_int_equal(it->ops->matches(it), eval(p, t, at, &score));
            at = it->ops->seek(it, at + 1);
        }
        pc_arena_clear(&p->arena);
    }
}

/* A search that is late already ends at the next step and says how far it
   came; one without a limit is left alone. */
static void iter_timed__ends_when_time_is_over(void **state)
{
    place *p = *state;
    ps_ctx ctx = p->ctx;
    ps_iter *all = ps_iter_all(&ctx);
    assert_ptr_equal(ps_iter_timed(&ctx, all), all);
    ctx.deadline = pc_clock_now() + UINT64_C(3600000000000);
    ps_iter *it = ps_iter_timed(&ctx, all);
    assert_non_null(it);
    uint32_t n = 0;
    for (uint32_t doc = it->doc; doc != PS_END; n++) {
        assert_int_equal(doc, n);
        assert_true(it->ops->matches(it));
        if (n == 3000)
            ctx.deadline = 1;
        doc = it->ops->seek(it, doc + 1);
    }
    assert_true(ctx.late);
    assert_true(n > 3000 && n <= 3000 + 257);
    assert_int_equal(ctx.looked, n);
    pc_arena_clear(&p->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iter_bool__matches_by_definition),
        cmocka_unit_test(iter_bool__bounds_hold),
        cmocka_unit_test(iter_timed__ends_when_time_is_over),
    };
    return cmocka_run_group_tests_name("bool", tests, set_up, tear_down);
}
