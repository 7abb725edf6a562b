/*
 * The worked bytes of docs/format.md, how documents are found and which are
 * dead: writers make the bytes, readers find in them what is stated.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/bitpack.h"
#include "common/format/sealed.h"
#include "common/segment/live.h"
#include "indexer/write/id_writer.h"
#include "indexer/write/live_writer.h"
#include "tests/format/worked.h"
#include "tests/support/scratch_group.h"

#define DOCUMENT "format.md"

static worked block; /* too large for the stack */

/* The section of the file must hold the bytes of the block. */
static void check_section(const char *path, uint32_t kind, uint32_t id)
{
    pc_sealed *f;
    pc_section got;
    parasol_error err;
    assert_int_equal(pc_sealed_open(&f, path, kind, NULL, &err), 0);
    assert_int_equal(pc_sealed_section(f, id, &got, &err), 0);
    assert_int_equal(got.len, block.len);
    assert_memory_equal(got.ptr, block.bytes, block.len);
    pc_sealed_close(f);
}

static void format_worked__ids(void **state)
{
    (void)state;
    pi_out *o;
    pi_id_writer w;
    parasol_error err;
    uint32_t docs[WORKED_LIST];
    worked_open(&block, DOCUMENT, "ids");
    const char *path = scratch_path(&tmp, "s1.seg");
    const char *ids = worked_get(&block, "ids", 0)->value;
    uint32_t n =
        (uint32_t)worked_list(worked_get(&block, "documents", 0), docs);
    assert_int_equal(n, worked_number(&block, "docs", 0));
    assert_int_equal(pc_bits32(n - 1), worked_number(&block, "width", 0));
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 1, NULL, &err),
                     0);
    pi_id_writer_init(&w, NULL);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(pi_id_add(&w, (pc_str){ids + i, 1}), 0);
        assert_true(i == 0 || ids[docs[i - 1]] < ids[docs[i]]);
    }
    assert_int_equal(pi_id_finish(&w, o, &err), 0);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), 0);
    check_section(path, PC_KIND_SEGMENT, PC_SECTION_IDS);
}

static void format_worked__live(void **state)
{
    (void)state;
    parasol_error err;
    pc_live live;
    uint32_t dead[WORKED_LIST];
    uint64_t bits = UINT64_MAX;
    worked_open(&block, DOCUMENT, "live");
    size_t n = worked_list(worked_get(&block, "dead_docs", 0), dead);
    pc_manifest_segment e = {
        .number = 1, .docs = (uint32_t)worked_number(&block, "docs", 0)};
    for (size_t i = 0; i < n; i++)
        bits &= ~(UINT64_C(1) << dead[i]);
    assert_int_equal(pi_live_write(tmp.dir, 2, &bits, &e, NULL, &err), 0);
    assert_int_equal(e.dead, worked_number(&block, "dead", 0));
    check_section(scratch_path(&tmp, "l2.seg"), PC_KIND_LIVE, PC_SECTION_LIVE);
    assert_int_equal(pc_live_read(&live, tmp.dir, &e, NULL, &err), 0);
    for (uint32_t d = 0; d < e.docs; d++)
        assert_int_equal(pc_live_has(&live, d), bits >> d & 1);
    pc_live_release(&live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_worked__ids),
        cmocka_unit_test(format_worked__live),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
