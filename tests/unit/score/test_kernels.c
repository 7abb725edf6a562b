/* The inner loops: scalar against its definition, vectors against scalar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/ints.h"
#include "common/base/simd.h"
#include "common/codec/damp.h"
#include "common/codec/docblock.h"
#include "searcher/score/bm25.h"
#include "searcher/score/kernels.h"
#include "tests/support/scratch.h"

#define N 128u
#define ROOM (N + PS_OVERRUN)

static const ps_kernels *levels[3];
static size_t n_levels;

static int set_up(void **state)
{
    (void)state;
    for (int level = PC_SIMD_SCALAR; level <= pc_simd_cpu(); level++)
        levels[n_levels++] = ps_kernels_at(level);
    return 0;
}

/* A number below 2^bits for a random number of bits. */
static uint32_t any(uint64_t *rng, unsigned bits)
{
    return (uint32_t)scratch_below(rng,
                                   (uint64_t)1 << scratch_below(rng, bits + 1));
}

static void score_kernels__score(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    static const float k1s[] = {0.0F, 1.2F, 1000.0F};
    static const float bs[] = {0.0F, 0.75F, 1.0F};
    for (unsigned round = 0; round < 3000; round++) {
        uint32_t ids[ROOM] = {0}, tfs[ROOM] = {0}, out[ROOM];
        uint32_t n = 1 + (uint32_t)scratch_below(&rng, N), id = 0;
        uint8_t norms[8 * N + PC_PAD];
        float damp[256], weight = (float)any(&rng, PS_SCORE_BITS);
        pc_damp_table(damp, k1s[round % 3], bs[round / 3 % 3], 100,
                      any(&rng, 20));
        for (uint32_t i = 0; i < n; i++) {
            id += 1 + (uint32_t)scratch_below(&rng, 7);
            ids[i] = id;
            tfs[i] = 1 + any(&rng, 30);
        }
        for (size_t i = 0; i < sizeof norms; i++)
            norms[i] = (uint8_t)(1 + scratch_below(&rng, 255));
        for (size_t k = 0; k < n_levels; k++) {
            levels[k]->score(out, ids, tfs, n, norms, damp, weight);
            for (uint32_t i = 0; i < n; i++)
                assert_int_equal(
                    out[i], ps_score_one(weight, tfs[i], damp[norms[ids[i]]]));
        }
    }
}

static void score_kernels__harvest(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 5000; round++) {
        uint32_t in[PS_GROUP], least = 1 + any(&rng, 31);
        for (uint32_t i = 0; i < PS_GROUP; i++)
            in[i] = scratch_below(&rng, 3) ? any(&rng, 32) : least;
        for (size_t k = 0; k < n_levels; k++) {
            uint32_t acc[PS_GROUP], docs[PS_GROUP + PS_OVERRUN];
            uint32_t scores[PS_GROUP + PS_OVERRUN], at = 0;
            memcpy(acc, in, sizeof acc);
            uint32_t n = levels[k]->harvest(docs, scores, acc, 1000, least);
            for (uint32_t i = 0; i < PS_GROUP; i++) {
                assert_int_equal(acc[i], 0);
                if (in[i] < least)
                    continue;
                assert_true(at < n);
                assert_int_equal(docs[at], 1000 + i);
                assert_int_equal(scores[at++], in[i]);
            }
            assert_int_equal(at, n);
        }
    }
}

/* In place, as pruning does it, and to another place. */
static void score_kernels__filter(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 5000; round++) {
        uint32_t docs[N], scores[N], least = any(&rng, 31);
        uint32_t n = (uint32_t)scratch_below(&rng, N + 1);
        for (uint32_t i = 0; i < n; i++) {
            docs[i] = (uint32_t)scratch_random(&rng);
            scores[i] = scratch_below(&rng, 3) ? any(&rng, 32) : least;
        }
        for (size_t k = 0; k < 2 * n_levels; k++) {
            uint32_t d[ROOM], s[ROOM], d2[ROOM], s2[ROOM], at = 0;
            memcpy(d, docs, sizeof docs);
            memcpy(s, scores, sizeof scores);
            uint32_t *to_d = k % 2 ? d : d2, *to_s = k % 2 ? s : s2;
            to_d[n] = to_s[n] = 77; /* somebody else's */
            uint32_t kept = levels[k / 2]->filter(to_d, to_s, d, s, n, least);
            for (uint32_t i = 0; i < n; i++) {
                if (scores[i] < least)
                    continue;
                assert_true(at < kept);
                assert_int_equal(to_d[at], docs[i]);
                assert_int_equal(to_s[at++], scores[i]);
            }
            assert_int_equal(at, kept);
            assert_int_equal(to_d[n], 77);
            assert_int_equal(to_s[n], 77);
        }
    }
}

static void score_kernels__lower_bound(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 20000; round++) {
        uint32_t ids[ROOM], n = (uint32_t)scratch_below(&rng, N + 1);
        uint32_t last = any(&rng, 31), gap = 1 + any(&rng, 24);
        for (uint32_t i = 0; i < ROOM; i++) {
            last += 1 + (uint32_t)scratch_below(&rng, gap);
            ids[i] = i < n ? last : (uint32_t)scratch_random(&rng);
        }
        uint32_t at = (uint32_t)scratch_below(&rng, n + 1);
        uint32_t target = n && scratch_below(&rng, 4)
                              ? ids[scratch_below(&rng, n)] - 1 +
                                    (uint32_t)scratch_below(&rng, 3)
                              : (uint32_t)scratch_random(&rng);
        uint32_t want = at;
        while (want < n && ids[want] < target)
            want++;
        for (size_t k = 0; k < n_levels; k++)
            assert_int_equal(levels[k]->lower_bound(ids, at, n, target), want);
    }
}

/* Ascending numbers from `base` + 1 on, n of them. */
static void ascending(uint64_t *rng, uint32_t *out, uint32_t n, uint32_t base,
                      uint32_t gap)
{
    for (uint32_t i = 0; i < n; i++) {
        base += 1 + (uint32_t)scratch_below(rng, gap);
        out[i] = base;
    }
}

/* sel and at say where the candidates are in the block, by definition. */
static void same_meeting(const uint32_t *sel, const uint32_t *at, uint32_t n,
                         const uint32_t *docs, uint32_t n_docs,
                         const uint32_t *ids, uint32_t n_ids)
{
    uint32_t k = 0;
    for (uint32_t i = 0; i < n_docs; i++) {
        for (uint32_t j = 0; j < n_ids; j++) {
            if (docs[i] != ids[j])
                continue;
            assert_true(k < n);
            assert_int_equal(sel[k], i);
            assert_int_equal(at[k++], j);
        }
    }
    assert_int_equal(k, n);
}

static void score_kernels__match(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 3000; round++) {
        uint32_t ids[ROOM], docs[ROOM], sel[ROOM], at[ROOM];
        uint32_t n = 1 + (uint32_t)scratch_below(&rng, N);
        uint32_t m = (uint32_t)scratch_below(&rng, N + 1);
        ascending(&rng, ids, n, 99, 1 + any(&rng, 6));
        ascending(&rng, docs, m, 90, 1 + any(&rng, 6));
        for (uint32_t i = n; i < ROOM; i++)
            ids[i] = PS_PAD_ID;
        for (size_t k = 0; k < n_levels; k++) {
            uint32_t found = levels[k]->match(sel, at, docs, m, ids);
            same_meeting(sel, at, found, docs, m, ids, n);
        }
    }
}

static void score_kernels__match_set(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 3000; round++) {
        uint32_t ids[ROOM], docs[ROOM], sel[ROOM], at[ROOM], m = 0;
        uint8_t bits[PC_BITMAP_RANGE / 8 + PC_PAD];
        uint32_t base = round % 2 ? UINT32_MAX : any(&rng, 20);
        uint32_t n = 1 + (uint32_t)scratch_below(&rng, N);
        ascending(&rng, ids, n, base, 8);
        uint32_t range = ids[n - 1] - base;
        memset(bits, 0xff, sizeof bits); /* what is behind does not count */
        memset(bits, 0, range / 8);
        for (uint32_t i = range / 8 * 8; i < range; i++)
            bits[i / 8] &= (uint8_t) ~(1u << (i % 8));
        for (uint32_t i = 0; i < n; i++) {
            uint32_t bit = ids[i] - base - 1;
            bits[bit / 8] |= (uint8_t)(1u << (bit % 8));
        }
        for (uint32_t bit = 0; bit < range && m < N; bit++) {
            if (scratch_below(&rng, 5) == 0)
                docs[m++] = base + 1 + bit;
        }
        for (size_t k = 0; k < n_levels; k++) {
            uint32_t found =
                levels[k]->match_set(sel, at, docs, m, bits, range, base);
            same_meeting(sel, at, found, docs, m, ids, n);
        }
    }
}

static void score_kernels__mark_and_count(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 2000; round++) {
        uint32_t ids[ROOM], n = (uint32_t)scratch_below(&rng, N + 1);
        uint64_t words[128];
        ascending(&rng, ids, n, UINT32_MAX, 1 + any(&rng, 6));
        for (size_t k = 0; k < n_levels; k++) {
            memset(words, 0, sizeof words);
            levels[k]->mark(words, ids, n);
            assert_int_equal(levels[k]->count(words, 128), n);
            uint32_t few = (uint32_t)scratch_below(&rng, 129), below = 0;
            for (uint32_t i = 0; i < n; i++)
                below += ids[i] < 64 * few;
            assert_int_equal(levels[k]->count(words, few), below);
            for (uint32_t i = 0; i < n; i++)
                assert_true(words[ids[i] / 64] >> (ids[i] % 64) & 1);
        }
    }
}

static void score_kernels__mark_set(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 2000; round++) {
        uint8_t bits[64 + PC_PAD];
        uint32_t range = 1 + (uint32_t)scratch_below(&rng, 512), n = 0;
        uint32_t first = (uint32_t)scratch_below(&rng, 300);
        for (size_t i = 0; i < sizeof bits; i++)
            bits[i] = (uint8_t)scratch_below(&rng, 256);
        for (uint32_t i = 0; i < range; i++)
            n += bits[i / 8] >> (i % 8) & 1;
        for (size_t k = 0; k < n_levels; k++) {
            uint64_t words[16] = {5};
            assert_int_equal(levels[k]->mark_set(words, bits, range, first), n);
            for (uint32_t at = 0; at < 64 * 16; at++) {
                uint32_t i = at - first;
                bool want = i < range && (bits[i / 8] >> (i % 8) & 1);
                want |= at == 0 || at == 2; /* what was there stays */
                assert_int_equal(words[at / 64] >> (at % 64) & 1, want);
            }
        }
    }
}

static void score_kernels__max_u16(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (uint32_t n = 1; n <= 200; n++) {
        for (unsigned round = 0; round < 50; round++) {
            uint8_t bytes[2 * 200 + 1];
            uint32_t best = 0, top = 1 + any(&rng, 16);
            uint8_t *p = bytes + round % 2; /* aligned or not */
            for (uint32_t i = 0; i < n; i++) {
                uint32_t v = (uint32_t)scratch_below(&rng, top);
                pc_store16le(p + 2 * (size_t)i, (uint16_t)v);
                best = v > best ? v : best;
            }
            for (size_t k = 0; k < n_levels; k++)
                assert_int_equal(levels[k]->max_u16(p, n), best);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(score_kernels__score),
        cmocka_unit_test(score_kernels__harvest),
        cmocka_unit_test(score_kernels__filter),
        cmocka_unit_test(score_kernels__lower_bound),
        cmocka_unit_test(score_kernels__match),
        cmocka_unit_test(score_kernels__match_set),
        cmocka_unit_test(score_kernels__mark_and_count),
        cmocka_unit_test(score_kernels__mark_set),
        cmocka_unit_test(score_kernels__max_u16),
    };
    return cmocka_run_group_tests_name("kernels", tests, set_up, NULL);
}
