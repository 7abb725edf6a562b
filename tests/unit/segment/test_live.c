/*
 * Dead documents: what is written is read, and nothing else is believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/ints.h"
#include "common/codec/varint.h"
#include "common/segment/live.h"
#include "indexer/write/live_writer.h"
#include "indexer/write/out.h"
#include "tests/support/scratch_group.h"

/* Every n-th document of `docs` is dead, or those that a seed chooses. */
static uint64_t *make_bits(uint32_t docs, uint32_t nth, uint64_t *seed,
                           uint32_t *dead)
{
    uint64_t *bits = calloc((size_t)docs / 64 + 1, sizeof *bits);
    assert_non_null(bits);
    *dead = 0;
    for (uint32_t d = 0; d < docs; d++) {
        uint64_t below = seed ? scratch_below(seed, nth) : d % nth;
        if (below == 0)
            ++*dead;
        else
            bits[d / 64] |= UINT64_C(1) << d % 64;
    }
    return bits;
}

static void check_round(uint32_t docs, uint32_t nth, uint64_t *seed)
{
    parasol_error err = {0};
    pc_live live;
    pc_manifest_segment e = {.number = 1, .docs = docs};
    uint32_t dead = 0;
    uint64_t *bits = make_bits(docs, nth, seed, &dead);
    assert_int_equal(pi_live_write(tmp.dir, 7, bits, &e, NULL, &err), 0);
    assert_int_equal(e.dead, dead);
    assert_int_equal(e.live_number, dead ? 7 : 0);
    assert_int_equal(scratch_exists(scratch_path(&tmp, "l7.seg")), dead > 0);
    assert_int_equal(pc_live_read(&live, tmp.dir, &e, NULL, &err), 0);
    assert_int_equal(live.dead, dead);
    assert_int_equal(live.alive != NULL, dead > 0);
    for (uint32_t d = 0; d < docs; d++)
        assert_int_equal(pc_live_has(&live, d),
                         (bits[d / 64] >> (d % 64) & 1) != 0);
    for (size_t i = docs; live.alive && i < pc_live_words(docs) * 64; i++)
        assert_false(live.alive[i / 64] >> (i % 64) & 1);
    pc_live_release(&live);
    free(bits);
    (void)unlink(scratch_path(&tmp, "l7.seg"));
}

static void segment_live__round_trip(void **state)
{
    (void)state;
    static const uint32_t docs[] = {1, 2, 63, 64, 65, 128, 1000, 100000};
    uint64_t seed = scratch_seed();
    for (size_t i = 0; i < PC_COUNTOF(docs); i++) {
        check_round(docs[i], 1, NULL); /* all are dead */
        check_round(docs[i], 3, NULL);
        check_round(docs[i], UINT32_MAX, NULL); /* the first is */
        check_round(docs[i], 2, &seed);
        check_round(docs[i], 200, &seed);
    }
}

/* A file of kind 3 with this section; *e names it as it should be. */
static void write_raw(const pc_buf *section, pc_manifest_segment *e)
{
    parasol_error err = {0};
    pi_out *o;
    const char *path = scratch_path(&tmp, "l9.seg");
    (void)unlink(path);
    assert_int_equal(pi_out_create(&o, path, PC_KIND_LIVE, 9, NULL, &err), 0);
    pi_out_begin(o, PC_SECTION_LIVE);
    pi_out_put(o, section->ptr, section->len);
    e->live_number = 9;
    assert_int_equal(pi_out_finish(o, &e->live_bytes, &e->live_crc, &err), 0);
}

static int read_raw(uint32_t docs, uint32_t dead, const uint32_t *gaps,
                    size_t n, size_t more)
{
    parasol_error err = {0};
    pc_live live;
    pc_buf b;
    pc_manifest_segment e = {.number = 1, .docs = 100, .dead = 3};
    pc_buf_init(&b, NULL);
    pc_buf_put_u32(&b, docs);
    pc_buf_put_u32(&b, dead);
    for (size_t i = 0; i < n; i++)
        pc_varint_append(&b, gaps[i]);
    while (more-- > 0)
        pc_buf_put_u8(&b, 0);
    write_raw(&b, &e);
    int rc = pc_live_read(&live, tmp.dir, &e, NULL, &err);
    pc_live_release(&live);
    pc_buf_release(&b);
    return rc;
}

static void segment_live__wrong_lists_are_refused(void **state)
{
    (void)state;
    static const uint32_t right[] = {0, 97, 0}, high[] = {0, 98, 0},
                          far[] = {0, 1, UINT32_MAX};
    assert_int_equal(read_raw(100, 3, right, 3, 0), 0);
    assert_int_equal(read_raw(100, 3, high, 3, 0), PARASOL_CORRUPT);
    assert_int_equal(read_raw(100, 3, far, 3, 0), PARASOL_CORRUPT);
    assert_int_equal(read_raw(100, 3, right, 2, 0), PARASOL_CORRUPT);
    assert_int_equal(read_raw(100, 3, right, 3, 1), PARASOL_CORRUPT);
    assert_int_equal(read_raw(101, 3, right, 3, 0), PARASOL_CORRUPT);
    assert_int_equal(read_raw(100, 2, right, 2, 0), PARASOL_CORRUPT);
}

/* Another file of the same name and length is not taken for it. */
static void segment_live__must_be_the_file_of_the_manifest(void **state)
{
    (void)state;
    parasol_error err = {0};
    pc_live live;
    uint64_t bits = ~UINT64_C(6);
    pc_manifest_segment e = {.number = 1, .docs = 64}, other = e;
    assert_int_equal(pi_live_write(tmp.dir, 3, &bits, &e, NULL, &err), 0);
    bits = ~UINT64_C(5);
    assert_int_equal(pi_live_write(tmp.dir, 3, &bits, &other, NULL, &err),
                     PARASOL_IO); /* the name is taken */
    assert_int_equal(other.live_number, 0);
    (void)unlink(scratch_path(&tmp, "l3.seg"));
    assert_int_equal(pc_live_read(&live, tmp.dir, &e, NULL, &err),
                     PARASOL_NOTFOUND);
    assert_int_equal(pi_live_write(tmp.dir, 3, &bits, &other, NULL, &err), 0);
    assert_int_equal(pc_live_read(&live, tmp.dir, &e, NULL, &err),
                     PARASOL_CORRUPT);
    assert_non_null(strstr(err.message, "l3.seg"));
    assert_int_equal(pc_live_read(&live, tmp.dir, &other, NULL, &err), 0);
    pc_live_release(&live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segment_live__round_trip),
        cmocka_unit_test(segment_live__wrong_lists_are_refused),
        cmocka_unit_test(segment_live__must_be_the_file_of_the_manifest),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
