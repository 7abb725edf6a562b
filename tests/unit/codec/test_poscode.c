/* Codes of positions: round trips, lengths, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/simd.h"
#include "common/codec/poscode.h"
#include "tests/support/scratch.h"

#define MANY 3000u

/* n of the numbers below `bound`, ascending, each set as likely. */
static void choose(uint32_t *out, uint32_t n, uint32_t bound, uint64_t *rng)
{
    uint32_t have = 0, left = n;
    for (uint32_t v = 0; left > 0; v++) {
        uint32_t rest = bound - v;
        /* Far numbers: any will do, as long as enough remain. */
        if (rest > 100000 + n)
            v += (uint32_t)scratch_below(rng, (rest - n) / (left + 1) + 1);
        else if (scratch_below(rng, rest) >= left)
            continue;
        out[have++] = v;
        left--;
    }
}

/* The scalar forms and those in use, which are the same on some machines. */
static const pc_poscode_ops *level(unsigned i)
{
    return i ? pc_poscode_ops_at(pc_simd_level()) : &pc_poscode_scalar;
}

/* Asking for one position answers as the whole does. */
static void check_holds(const pc_poscode_ops *ops, const uint8_t *in,
                        unsigned shift, uint64_t end, const uint32_t *pos,
                        uint32_t n, uint32_t bound)
{
    const pc_poscode *c = pc_poscode_tables();
    for (uint32_t i = 0; i < n; i++) {
        uint32_t next = i + 1 < n ? pos[i + 1] : bound;
        assert_true(ops->holds(c, in, shift, end, n, bound, pos[i]));
        if (pos[i] + 1 < next) {
            assert_false(ops->holds(c, in, shift, end, n, bound, pos[i] + 1));
            assert_false(ops->holds(c, in, shift, end, n, bound, next - 1));
        }
    }
    if (pos[0] > 0)
        assert_false(ops->holds(c, in, shift, end, n, bound, pos[0] - 1));
    assert_false(ops->holds(c, in, shift, end, n, bound, bound));
    if (end > shift)
        assert_false(ops->holds(c, in, shift, end - 1, n, bound, pos[0]));
}

static void check(const uint32_t *pos, uint32_t n, uint32_t bound,
                  unsigned shift)
{
    static uint32_t got[MANY], more[MANY];
    const pc_poscode *c = pc_poscode_tables();
    uint64_t bits = pc_poscode_bits(c, n, bound);
    pc_buf out;
    pc_buf_init(&out, NULL);
    pc_bit_writer w = {.out = &out};
    pc_bits_put_run(&w, 1, shift); /* codes begin anywhere */
    pc_poscode_put(c, &w, pos, n, bound);
    assert_int_equal(out.len * 8 + w.held, bits + shift);
    pc_bits_put_run(&w, 1, 64);
    pc_bits_end(&w, 1);
    assert_int_equal(out.status, PARASOL_OK);
    uint64_t end = bits + shift;
    for (unsigned i = 0; i < 2; i++) {
        const pc_poscode_ops *ops = level(i);
        assert_true(ops->get(c, out.ptr, shift, end, n, bound, got));
        assert_true(bits == 0 ||
                    !ops->get(c, out.ptr, shift, end - 1, n, bound, more));
        assert_memory_equal(got, pos, n * sizeof *pos);
        if (n < 400)
            check_holds(ops, out.ptr, shift, end, pos, n, bound);
    }
    pc_buf_release(&out);
}

static void codec_poscode__round_trip(void **state)
{
    (void)state;
    static uint32_t pos[MANY];
    static const uint32_t bounds[] = {
        1,    2,    3,     5,       8,          9,          31,
        63,   64,   65,    66,      127,        128,        129,
        1000, 4095, 65536, 1000003, 0x7fffffff, 0x80000000, 0xffffffff};
    uint64_t rng = scratch_seed();
    unsigned seen = 0;
    for (size_t b = 0; b < PC_COUNTOF(bounds); b++) {
        for (uint32_t n = 1; n <= MANY && n <= bounds[b]; n += n < 70 ? 1 : n) {
            for (unsigned i = 0; i < 6; i++, seen++) {
                choose(pos, n, bounds[b], &rng);
                check(pos, n, bounds[b], i);
            }
            for (uint32_t i = 0; i < n; i++)
                pos[i] = i;
            check(pos, n, bounds[b], 7); /* the first ones */
            for (uint32_t i = 0; i < n; i++)
                pos[i] = bounds[b] - n + i;
            check(pos, n, bounds[b], 7); /* and the last */
        }
    }
    assert_true(seen > 5000);
}

/* Every set of a few small positions has a code of its own. */
static void codec_poscode__all_small_sets(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (uint32_t bound = 1; bound <= 12; bound++) {
        for (uint32_t set = 1; set < 1u << bound; set++, seen++) {
            uint32_t pos[12], n = 0;
            for (uint32_t i = 0; i < bound; i++) {
                if (set >> i & 1)
                    pos[n++] = i;
            }
            check(pos, n, bound, set % 8);
        }
    }
    assert_int_equal(seen, (2u << 12) - 2 - 12);
}

/* A code takes less than one bit more than there are sets to tell apart, as
   long as nothing is cut off; less than 0.7 bits a position otherwise. */
static void codec_poscode__codes_are_short(void **state)
{
    (void)state;
    const pc_poscode *c = pc_poscode_tables();
    for (uint32_t n = 1; n <= PC_POS_FEW; n++) {
        for (uint32_t bound = n; bound <= 64; bound++) {
            uint64_t sets = c->choose[n][bound];
            uint64_t bits = pc_poscode_bits(c, n, bound);
            assert_true(sets <= (uint64_t)1 << bits);
            assert_true(bits == 0 || sets > (uint64_t)1 << (bits - 1));
        }
    }
    assert_int_equal(pc_poscode_bits(c, 1, 1000), 10);
    assert_int_equal(pc_poscode_bits(c, 2, 1000), 19);
    assert_true(pc_poscode_bits(c, 100, 1000) <= 530);
}

/* Whatever the bits are, nothing breaks, and what is not refused ascends. */
static void codec_poscode__any_bits(void **state)
{
    (void)state;
    static uint32_t got[MANY];
    static uint8_t in[4096 + 8];
    const pc_poscode *c = pc_poscode_tables();
    uint64_t rng = scratch_seed();
    unsigned refused = 0;
    for (unsigned round = 0; round < 20000; round++) {
        for (size_t i = 0; i < 200; i++)
            in[i] = (uint8_t)(scratch_random(&rng) & scratch_random(&rng));
        uint32_t n = 1 + (uint32_t)scratch_below(&rng, round % 2 ? 8 : 80);
        uint32_t bound = n + (uint32_t)scratch_below(&rng, 300);
        bool sound = pc_poscode_scalar.get(c, in, round % 8, 8 * sizeof in, n,
                                           bound, got);
        refused += !sound;
        for (unsigned i = 0; i < 2; i++) {
            bool there = level(i)->holds(c, in, round % 8, 8 * sizeof in, n,
                                         bound, got[round % n]);
            assert_true(there || !sound || got[round % n] >= bound);
            (void)level(i)->holds(c, in, round % 8, 8 * sizeof in, n, bound,
                                  round % bound);
        }
    }
    assert_true(refused > 100 && refused < 19000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_poscode__round_trip),
        cmocka_unit_test(codec_poscode__all_small_sets),
        cmocka_unit_test(codec_poscode__codes_are_short),
        cmocka_unit_test(codec_poscode__any_bits),
    };
    return cmocka_run_group_tests_name("poscode", tests, NULL, NULL);
}
