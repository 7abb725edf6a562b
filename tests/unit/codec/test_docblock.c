/* Posting blocks: round trips at every width and length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/simd.h"
#include "common/codec/docblock.h"
#include "tests/support/scratch.h"

typedef struct block {
    uint32_t ids[PC_BLOCK], tfs[PC_BLOCK];
    uint32_t n, base;
} block;

/* n ids whose gaps take up to `doc_bits`, frequencies up to `tf_bits`. */
static void fill(block *b, uint64_t *rng, uint32_t n, unsigned doc_bits,
                 unsigned tf_bits, uint32_t base)
{
    uint32_t last = base;
    b->n = n;
    b->base = base;
    for (uint32_t i = 0; i < n; i++) {
        last += 1 + (uint32_t)scratch_below(rng, (uint64_t)1 << doc_bits);
        b->ids[i] = last;
        b->tfs[i] = 1 + (uint32_t)scratch_below(rng, (uint64_t)1 << tf_bits);
    }
}

/* Room for the bytes of a block, of which only the first may be written. */
static size_t put(const block *b, bool bitmap, uint8_t *bytes,
                  pc_docblock_widths *w)
{
    size_t room = PC_DOCBLOCK_MAX + PC_PAD;
    memset(bytes, 0xa5, room);
    size_t n = pc_docblock_put(bytes, b->ids, b->tfs, b->n, b->base, bitmap, w);
    assert_true(n <= PC_DOCBLOCK_MAX);
    assert_int_equal(bytes[n], 0xa5);
    return n;
}

static void check_put(const block *b, bool bitmap)
{
    uint8_t bytes[PC_DOCBLOCK_MAX + PC_PAD];
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
    uint32_t range = b->ids[b->n - 1] - b->base;
    pc_docblock_widths w;
    size_t n = put(b, bitmap, bytes, &w);
    size_t id_bytes = pc_docblock_id_bytes(b->n, w.doc_bits, range);
    assert_int_equal(n, id_bytes + pc_run_bytes(b->n, w.tf_bits));
    assert_true(pc_run_sound(w.tf_bits));
    for (int level = 0; level <= pc_simd_cpu(); level++) {
        const pc_bitpack_ops *ops = pc_bitpack_ops_at(level);
        if (w.doc_bits == PC_DOC_BITMAP) {
            assert_true(bitmap && range <= PC_BITMAP_RANGE);
            assert_int_equal(ops->count(bytes, range), b->n);
            ops->get_set(ids, bytes, range, b->base);
        } else {
            assert_true(pc_run_sound(w.doc_bits));
            pc_docblock_ids(ops, ids, bytes, b->n, w.doc_bits, b->base);
        }
        assert_memory_equal(ids, b->ids, b->n * sizeof *ids);
        pc_docblock_freqs(ops, tfs, bytes + id_bytes, b->n, w.tf_bits);
        assert_memory_equal(tfs, b->tfs, b->n * sizeof *tfs);
    }
    for (uint32_t i = 0; i < b->n; i++)
        assert_int_equal(
            pc_docblock_freq_at(bytes + id_bytes, b->n, w.tf_bits, i),
            b->tfs[i]);
    /* Every third, from the last one back. */
    uint32_t at[PC_BLOCK], few = 0;
    for (uint32_t i = b->n; i-- > 0 && few<PC_BLOCK; i = i> 2 ? i - 2 : 0)
        at[few++] = i;
    pc_docblock_freqs_at(tfs, bytes + id_bytes, b->n, w.tf_bits, at, few);
    for (uint32_t i = 0; i < few; i++)
        assert_int_equal(tfs[i], b->tfs[at[i]]);
}

static void check(const block *b)
{
    check_put(b, false);
    check_put(b, true);
}

static void codec_docblock__round_trip_of_every_width_and_length(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    block b;
    for (uint32_t n = 1; n <= PC_BLOCK; n++) {
        for (unsigned bits = 0; bits <= 24; bits++) {
            fill(&b, &rng, n, bits, bits < 20 ? bits : 20,
                 bits % 2 ? PC_NO_DOC : (uint32_t)scratch_below(&rng, 1000));
            check(&b);
        }
    }
}

/* Makes some gaps and frequencies wider by up to 10 bits. */
static void spoil(block *b, uint64_t *rng, unsigned few)
{
    for (unsigned k = 0; k < few; k++) {
        uint32_t i = (uint32_t)scratch_below(rng, b->n);
        uint32_t more = (uint32_t)scratch_below(
            rng, (uint64_t)1 << (4 + scratch_below(rng, 18)));
        for (uint32_t j = i; j < b->n; j++)
            b->ids[j] += more;
        i = (uint32_t)scratch_below(rng, b->n);
        b->tfs[i] += (uint32_t)scratch_below(
            rng, (uint64_t)1 << (1 + scratch_below(rng, 20)));
    }
}

static void codec_docblock__round_trip_with_exceptions(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    uint8_t bytes[PC_DOCBLOCK_MAX + PC_PAD];
    unsigned seen[2][8] = {{0}};
    pc_docblock_widths w;
    block b;
    for (unsigned round = 0; round < 20000; round++) {
        fill(&b, &rng, 1 + (uint32_t)scratch_below(&rng, PC_BLOCK),
             (unsigned)scratch_below(&rng, 23),
             (unsigned)scratch_below(&rng, 10),
             round % 2 ? PC_NO_DOC : (uint32_t)scratch_below(&rng, 1000));
        spoil(&b, &rng, (unsigned)scratch_below(&rng, 10));
        check(&b);
        (void)put(&b, false, bytes, &w);
        seen[0][PC_RUN_EXTRA(w.doc_bits)]++;
        seen[1][PC_RUN_EXTRA(w.tf_bits)]++;
    }
    for (unsigned extra = 0; extra < 8; extra++)
        assert_true(seen[0][extra] > 0 && seen[1][extra] > 0);
}

/* Whatever the bytes are, decoding stays in its room, frequencies are not 0
   and no sum wraps around. */
static void codec_docblock__any_exceptions_stay_in_bounds(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    uint8_t bytes[PC_DOCBLOCK_MAX + PC_PAD];
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
    for (unsigned round = 0; round < 20000; round++) {
        uint32_t n = 1 + (uint32_t)scratch_below(&rng, PC_BLOCK);
        unsigned run = (unsigned)scratch_below(&rng, 256);
        if (run < 32 || !pc_run_sound(run))
            continue;
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] =
                (uint8_t)(scratch_below(&rng, 4) ? 255
                                                 : scratch_below(&rng, 256));
        for (int level = 0; level <= pc_simd_cpu(); level++) {
            const pc_bitpack_ops *ops = pc_bitpack_ops_at(level);
            pc_docblock_ids(ops, ids, bytes, n, run, PC_NO_DOC);
            pc_docblock_freqs(ops, tfs, bytes, n, run);
            for (uint32_t i = 0; i < n; i++) {
                assert_true(tfs[i] > 0 && tfs[i] < UINT32_C(1) << 31);
                assert_true(i == 0 || ids[i] > ids[i - 1]);
                assert_true(pc_docblock_freq_at(bytes, n, run, i) > 0);
            }
        }
    }
}

static void codec_docblock__widths_are_the_least_that_hold(void **state)
{
    (void)state;
    uint8_t bytes[PC_DOCBLOCK_MAX + PC_PAD];
    pc_docblock_widths w;
    const uint32_t dense[] = {0, 1, 2, 3}, ones[] = {1, 1, 1, 1};
    assert_int_equal(
        pc_docblock_put(bytes, dense, ones, 4, PC_NO_DOC, false, &w), 0);
    assert_int_equal(w.doc_bits, 0);
    assert_int_equal(w.tf_bits, 0);
    const uint32_t sparse[] = {0, 2, 3, 11}, many[] = {1, 9, 1, 1};
    assert_int_equal(
        pc_docblock_put(bytes, sparse, many, 4, PC_NO_DOC, false, &w), 4);
    assert_int_equal(w.doc_bits, 3);
    assert_int_equal(w.tf_bits, 4);
    const uint32_t skewed[] = {0, 1, 2, 250, 251}, once[] = {1, 1, 1, 256, 1};
    assert_int_equal(
        pc_docblock_put(bytes, skewed, once, 5, PC_NO_DOC, false, &w), 4);
    assert_int_equal(w.doc_bits, 1 << 5);
    assert_int_equal(w.tf_bits, 1 << 5);
    assert_memory_equal(bytes, "\x03\xf7\x03\xff", 4);
}

static void codec_docblock__dense_blocks_are_bitmaps(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    uint8_t bytes[PC_DOCBLOCK_MAX + PC_PAD];
    pc_docblock_widths w;
    block b;
    for (unsigned round = 0; round < 200; round++) {
        for (unsigned bits = 1; bits <= 3; bits++) {
            fill(&b, &rng, PC_BLOCK, bits, 2, 12345);
            (void)pc_docblock_put(bytes, b.ids, b.tfs, b.n, b.base, true, &w);
            assert_int_equal(w.doc_bits, PC_DOC_BITMAP);
        }
        fill(&b, &rng, PC_BLOCK, 7, 2, 12345);
        (void)pc_docblock_put(bytes, b.ids, b.tfs, b.n, b.base, true, &w);
        assert_int_not_equal(w.doc_bits, PC_DOC_BITMAP);
    }
}

static void codec_docblock__extremes(void **state)
{
    (void)state;
    const uint32_t top = UINT32_C(1) << 31;
    block b = {{top - 2}, {top}, 1, PC_NO_DOC};
    check(&b);
    b = (block){{0, top - 2}, {1, top}, 2, PC_NO_DOC};
    check(&b);
    b = (block){{0, 1, 2, top - 2}, {1, 1, top, 1}, 4, PC_NO_DOC};
    check(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_docblock__round_trip_of_every_width_and_length),
        cmocka_unit_test(codec_docblock__round_trip_with_exceptions),
        cmocka_unit_test(codec_docblock__any_exceptions_stay_in_bounds),
        cmocka_unit_test(codec_docblock__widths_are_the_least_that_hold),
        cmocka_unit_test(codec_docblock__dense_blocks_are_bitmaps),
        cmocka_unit_test(codec_docblock__extremes),
    };
    return cmocka_run_group_tests_name("docblock", tests, NULL, NULL);
}
