/* Position units: round trips, reads of any range, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/docblock.h"
#include "common/codec/posblock.h"
#include "tests/support/scratch.h"

#define MANY 1000u

typedef struct unit {
    uint32_t gaps[MANY];
    uint16_t variants[MANY];
    uint32_t n;
    pc_buf bytes;
} unit;

/* Gaps up to gap_bits wide, all but a few small, variants up to
   variant_bits. */
static void make(unit *u, uint64_t *rng, uint32_t n, unsigned gap_bits,
                 unsigned variant_bits)
{
    u->n = n;
    for (uint32_t i = 0; i < n; i++) {
        unsigned bits = scratch_below(rng, 50) ? gap_bits / 2 : gap_bits;
        u->gaps[i] = (uint32_t)scratch_below(rng, (uint64_t)1 << bits);
        u->variants[i] =
            (uint16_t)scratch_below(rng, (uint64_t)1 << variant_bits);
    }
    pc_buf_init(&u->bytes, NULL);
    pc_buf_put_u8(&u->bytes, 0x5a); /* units do not begin at even places */
    pc_posblock_put(&u->bytes, u->gaps, variant_bits ? u->variants : NULL, n);
    assert_int_equal(u->bytes.status, PARASOL_OK);
}

static void check(const unit *u, uint64_t *rng)
{
    pc_posblock p;
    uint32_t out[MANY];
    size_t used = 0;
    size_t len = u->bytes.len - 1;
    assert_int_equal(pc_posblock_open(&p, u->bytes.ptr + 1, len, u->n, &used),
                     PARASOL_OK);
    assert_int_equal(used, len);
    for (unsigned i = 0; i < 20; i++) {
        uint32_t from = (uint32_t)scratch_below(rng, u->n + 1);
        uint32_t n = (uint32_t)scratch_below(rng, u->n - from + 1);
        pc_posblock_gaps(&p, from, n, out);
        assert_memory_equal(out, u->gaps + from, n * sizeof *out);
    }
    for (uint32_t i = 0; i < u->n; i++)
        assert_int_equal(pc_posblock_variant(&p, i), u->variants[i]);
}

static void codec_posblock__round_trip(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    static const uint32_t sizes[] = {1, 2, 127, 128, 129, 255, 256, 257, MANY};
    for (size_t s = 0; s < PC_COUNTOF(sizes); s++) {
        for (unsigned bits = 0; bits <= 32; bits++) {
            unit u;
            make(&u, &rng, sizes[s], bits, bits % 17);
            if (bits % 17 == 0)
                memset(u.variants, 0, sizeof u.variants);
            check(&u, &rng);
            pc_buf_release(&u.bytes);
        }
    }
}

/* The head alone is the whole unit where all is 0: nothing but the widths. */
static void codec_posblock__zeros_take_their_head_only(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= 3 * PC_BLOCK; n++) {
        unit u;
        uint64_t rng = n;
        make(&u, &rng, n, 0, 0);
        assert_int_equal(u.bytes.len - 1,
                         n / PC_BLOCK + (n % PC_BLOCK != 0) + 1);
        memset(u.variants, 0, sizeof u.variants);
        check(&u, &rng);
        pc_buf_release(&u.bytes);
    }
}

static void codec_posblock__refuses_what_does_not_fit(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    unit u;
    pc_posblock p;
    size_t used;
    make(&u, &rng, 300, 9, 3);
    uint8_t *in = u.bytes.ptr + 1;
    for (size_t len = 0; len < u.bytes.len - 1; len++)
        assert_int_equal(pc_posblock_open(&p, in, len, 300, &used),
                         PARASOL_CORRUPT);
    for (unsigned i = 0; i < 4; i++) { /* three groups, then the variants */
        uint8_t old = in[i];
        for (unsigned width = i < 3 ? 33 : 17; width < 256; width++) {
            in[i] = (uint8_t)width;
            assert_int_equal(
                pc_posblock_open(&p, in, u.bytes.len - 1, 300, &used),
                PARASOL_CORRUPT);
        }
        in[i] = old;
    }
    pc_buf_release(&u.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_posblock__round_trip),
        cmocka_unit_test(codec_posblock__zeros_take_their_head_only),
        cmocka_unit_test(codec_posblock__refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests_name("posblock", tests, NULL, NULL);
}
