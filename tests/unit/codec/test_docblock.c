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

static void check_put(const block *b, bool bitmap)
{
    uint8_t bytes[PC_DOCBLOCK_MAX + PC_PAD];
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
    uint32_t range = b->ids[b->n - 1] - b->base;
    pc_docblock_widths w;
    memset(bytes, 0xa5, sizeof bytes);
    size_t n =
        pc_docblock_put(bytes, b->ids, b->tfs, b->n, b->base, bitmap, &w);
    size_t id_bytes = pc_docblock_id_bytes(b->n, w.doc_bits, range);
    assert_int_equal(n, id_bytes + pc_bitpack_bytes(b->n, w.tf_bits));
    assert_true(n <= PC_DOCBLOCK_MAX);
    assert_int_equal(bytes[n], 0xa5); /* nothing behind the block */
    for (int level = 0; level <= pc_simd_cpu(); level++) {
        const pc_bitpack_ops *ops = pc_bitpack_ops_at(level);
        if (w.doc_bits == PC_DOC_BITMAP) {
            assert_true(bitmap && range <= PC_BITMAP_RANGE);
            assert_int_equal(ops->count(bytes, range), b->n);
            ops->get_set(ids, bytes, range, b->base);
        } else {
            ops->get_ids(ids, bytes, b->n, w.doc_bits, b->base);
        }
        assert_memory_equal(ids, b->ids, b->n * sizeof *ids);
    }
    pc_docblock_freqs(tfs, bytes + id_bytes, b->n, w.tf_bits);
    assert_memory_equal(tfs, b->tfs, b->n * sizeof *tfs);
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
    block b = {{0x7ffffffe}, {UINT32_MAX}, 1, PC_NO_DOC};
    check(&b);
    b = (block){{0, UINT32_MAX - 1}, {1, UINT32_MAX}, 2, PC_NO_DOC};
    check(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_docblock__round_trip_of_every_width_and_length),
        cmocka_unit_test(codec_docblock__widths_are_the_least_that_hold),
        cmocka_unit_test(codec_docblock__dense_blocks_are_bitmaps),
        cmocka_unit_test(codec_docblock__extremes),
    };
    return cmocka_run_group_tests_name("docblock", tests, NULL, NULL);
}
