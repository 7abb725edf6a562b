/* Position units: round trips for every slack and any variants, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/norm.h"
#include "common/codec/posblock.h"
#include "tests/support/scratch.h"

#define DOCS 128u
#define MANY 8000u

typedef struct unit {
    uint32_t n, occurrences;
    uint32_t tfs[DOCS];
    uint8_t norms[DOCS];
    uint32_t pos[MANY];
    uint16_t variants[MANY];
    pc_buf bytes;
} unit;

/* How units are made. */
typedef struct shape {
    uint32_t n, tf, beyond; /* positions go so far beyond the norm's length */
    bool shared;
    uint32_t variant_in; /* one in so many occurrences has a variant; 0: none */
    uint32_t variants;
} shape;

static int ascending(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* tf positions below the bound, all different unless `shared`. */
static void make_doc(unit *u, uint32_t i, const shape *s, uint64_t *rng)
{
    uint32_t *pos = u->pos + u->occurrences;
    uint32_t tf = 1 + (uint32_t)scratch_below(rng, s->tf);
    uint32_t len = tf + (uint32_t)scratch_below(rng, i % 9 ? 300 : 70000);
    uint32_t step = len / tf;
    u->tfs[i] = tf;
    u->norms[i] = pc_norm_encode(len);
    for (uint32_t k = 0; k < tf; k++)
        pos[k] = k * step + (uint32_t)scratch_below(rng, step);
    pos[tf - 1] += (uint32_t)scratch_below(rng, s->beyond + 1);
    for (uint32_t k = 1; k < tf && s->shared; k++)
        pos[k] = scratch_below(rng, 3) ? pos[k] : pos[k - 1];
    qsort(pos, tf, sizeof *pos, ascending);
    for (uint32_t k = 0; k < tf; k++, u->occurrences++) {
        bool other = s->variant_in && scratch_below(rng, s->variant_in) == 0;
        u->variants[u->occurrences] =
            other ? (uint16_t)(1 + scratch_below(rng, s->variants)) : 0;
    }
}

static void make(unit *u, const shape *s, uint64_t *rng)
{
    static uint32_t gaps[MANY];
    u->n = s->n;
    u->occurrences = 0;
    for (uint32_t i = 0; i < s->n; i++)
        make_doc(u, i, s, rng);
    for (uint32_t i = 0, at = 0; i < u->n; i++) {
        for (uint32_t k = 0; k < u->tfs[i]; k++, at++)
            gaps[at] = u->pos[at] - (k ? u->pos[at - 1] : 0);
    }
    pc_posblock_docs docs = {u->n, u->tfs, u->norms, gaps,
                             s->variant_in ? u->variants : NULL};
    pc_buf_init(&u->bytes, NULL);
    pc_buf_put_u8(&u->bytes, 0x5a); /* units do not begin at even places */
    pc_posblock_put(&u->bytes, &docs);
    assert_int_equal(u->bytes.status, PARASOL_OK);
}

static void check_variants(const unit *u, const pc_posblock *p, uint64_t bit)
{
    pc_variants v;
    pc_variants_init(&v, p, bit);
    for (uint32_t i = 0; i < u->occurrences; i++) {
        if (v.next < i)
            pc_variants_next(&v);
        assert_true(v.next >= i && v.before <= i);
        assert_int_equal(v.next == i ? v.value : 0, u->variants[i]);
    }
}

static void check(const unit *u)
{
    static uint32_t got[MANY];
    const pc_poscode *c = pc_poscode_tables();
    const pc_possizes *sizes = pc_possizes_tables();
    pc_posblock p;
    uint64_t bit = 0;
    assert_int_equal(
        pc_posblock_open(&p, u->bytes.ptr + 1, u->bytes.len - 1, u->n),
        PARASOL_OK);
    assert_true(!p.samples || u->n == PC_POS_UNIT);
    for (uint32_t i = 0, at = 0; i < u->n; at += u->tfs[i], i++) {
        uint32_t tf = u->tfs[i];
        uint32_t bound = pc_posblock_bound(&p, sizes, u->norms[i], tf);
        assert_true(tf <= bound);
        if (p.samples && i > 0 && i % PC_POS_SAMPLE == 0)
            assert_int_equal(
                pc_load16le(p.samples + 2 * (i / PC_POS_SAMPLE - 1)), bit);
        assert_true(
            pc_poscode_scalar.get(c, p.codes, bit, p.bits, tf, bound, got));
        for (uint32_t k = 0; k < tf; k++)
            assert_int_equal(got[k] - (p.shared ? k : 0), u->pos[at + k]);
        uint64_t bits = pc_poscode_bits(c, tf, bound);
        if (p.usual < 2 && tf < PC_POS_SIZES)
            assert_int_equal(sizes->bits[p.usual][u->norms[i]][tf], bits);
        bit += bits;
        assert_true(bit <= p.bits);
    }
    check_variants(u, &p, bit);
}

static void codec_posblock__round_trip(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    static const uint32_t sizes[] = {1, 2, 5, 127, 128};
    static const uint32_t tfs[] = {1, 2, 9, 60};
    static const uint32_t beyond[] = {0, 1, 16, 17, 5000, 2000000};
    static const uint32_t variants[] = {0, 1, 2, 10, 500};
    static unit u;
    unsigned seen = 0;
    for (size_t a = 0; a < PC_COUNTOF(sizes); a++)
        for (size_t b = 0; b < PC_COUNTOF(tfs); b++)
            for (size_t c = 0; c < PC_COUNTOF(beyond); c++)
                for (size_t d = 0; d < PC_COUNTOF(variants); d++, seen++) {
                    shape s = {sizes[a], tfs[b],      beyond[c],
                               d == 1,   variants[d], seen % 3 ? 3 : 65535};
                    make(&u, &s, &rng);
                    check(&u);
                    pc_buf_release(&u.bytes);
                }
    assert_int_equal(seen, 600);
}

/* One document with one position takes the head and its code. */
static void codec_posblock__small_units_are_small(void **state)
{
    (void)state;
    uint32_t gap = 200, tf = 1;
    uint8_t norm = pc_norm_encode(255);
    pc_posblock_docs docs = {1, &tf, &norm, &gap, NULL};
    pc_buf out;
    pc_buf_init(&out, NULL);
    pc_posblock_put(&out, &docs);
    assert_int_equal(out.len, 2);
    assert_int_equal(out.ptr[1], 200);
    pc_buf_release(&out);
}

static void codec_posblock__refuses_wrong_heads(void **state)
{
    (void)state;
    uint8_t in[2 + PC_PAD] = {0};
    pc_posblock p;
    assert_int_equal(pc_posblock_open(&p, in, 0, 1), PARASOL_CORRUPT);
    for (unsigned head = 0; head < 256; head++) {
        bool wrong = (head & 8) || (head & 3) == 3;
        in[0] = (uint8_t)head;
        assert_int_equal(pc_posblock_open(&p, in, 2, 127),
                         wrong ? PARASOL_CORRUPT : PARASOL_OK);
        if ((head & 3) == 2)
            assert_int_equal(pc_posblock_open(&p, in, 1, 127), PARASOL_CORRUPT);
        assert_int_equal(pc_posblock_open(&p, in, 2, PC_POS_UNIT),
                         PARASOL_CORRUPT);
    }
}

/* Any bytes are some variants, and reading them ends. */
static void codec_posblock__any_bytes_are_variants(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed(), seen = 0;
    uint8_t in[40 + PC_PAD];
    for (unsigned round = 0; round < 5000; round++) {
        pc_posblock p;
        pc_variants v;
        for (size_t i = 0; i < sizeof in; i++)
            in[i] = (uint8_t)scratch_random(&rng);
        in[0] = (uint8_t)(round % 16 << 4);
        assert_int_equal(pc_posblock_open(&p, in, 40, 5), PARASOL_OK);
        pc_variants_init(&v, &p, scratch_below(&rng, p.bits + 1));
        for (; v.next != UINT64_MAX; seen++)
            pc_variants_next(&v);
    }
    assert_true(seen > 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_posblock__round_trip),
        cmocka_unit_test(codec_posblock__small_units_are_small),
        cmocka_unit_test(codec_posblock__refuses_wrong_heads),
        cmocka_unit_test(codec_posblock__any_bytes_are_variants),
    };
    return cmocka_run_group_tests_name("posblock", tests, NULL, NULL);
}
