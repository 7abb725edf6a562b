/* Opening a commit: numbers over all segments, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "searcher/view/snapshot.h"
#include "tests/support/numbers.h"

#define DOCS 4500u

static void view_snapshot__numbers_documents_over_segments(void **state)
{
    (void)state;
    scratch dir;
    ps_snapshot s;
    uint64_t docs = 0, lengths = 0;
    scratch_make(&dir);
    assert_int_equal(numbers_index(scratch_path(&dir, "i"), DOCS, DOCS / 3), 0);
    assert_int_equal(ps_snapshot_open(&s, scratch_path(&dir, "i"), NULL, NULL),
                     0);
    assert_int_equal(s.docs, DOCS);
    assert_true(s.n_segs > 1);
    for (uint32_t i = 0; i < s.n_segs; i++) {
        assert_int_equal(s.first_doc[i], docs);
        docs += s.segs[i]->docs;
        lengths += s.segs[i]->lengths[PC_FIELD_TEXT];
    }
    assert_int_equal(docs, DOCS);
    assert_int_equal(s.lengths[PC_FIELD_TEXT], lengths);
    assert_int_equal(s.lengths[PC_FIELD_TITLE], 0);
    for (uint32_t doc = 0, seg = 0; doc < DOCS; doc++) {
        uint32_t local = 0;
        if (seg + 1 < s.n_segs && doc == s.first_doc[seg + 1])
            seg++;
        assert_ptr_equal(ps_snapshot_seg(&s, doc, &local), s.segs[seg]);
        assert_int_equal(local, doc - s.first_doc[seg]);
    }
    uint32_t local;
    assert_null(ps_snapshot_seg(&s, DOCS, &local));
    ps_snapshot_release(&s);
    ps_snapshot_release(&s); /* harmless */
    scratch_remove(&dir);
}

static void view_snapshot__an_index_without_documents(void **state)
{
    (void)state;
    scratch dir;
    ps_snapshot s;
    uint32_t local;
    scratch_make(&dir);
    assert_int_equal(numbers_index(scratch_path(&dir, "i"), 0, 0), 0);
    assert_int_equal(ps_snapshot_open(&s, scratch_path(&dir, "i"), NULL, NULL),
                     0);
    assert_int_equal(s.docs, 0);
    assert_null(ps_snapshot_seg(&s, 0, &local));
    ps_snapshot_release(&s);
    scratch_remove(&dir);
}

static void view_snapshot__no_index(void **state)
{
    (void)state;
    scratch dir;
    ps_snapshot s;
    parasol_error err = {0};
    scratch_make(&dir);
    assert_int_equal(ps_snapshot_open(&s, dir.dir, NULL, &err),
                     PARASOL_NOTFOUND);
    assert_int_equal(err.code, PARASOL_NOTFOUND);
    assert_int_equal(
        ps_snapshot_open(&s, scratch_path(&dir, "nowhere"), NULL, &err),
        PARASOL_NOTFOUND);
    scratch_remove(&dir);
}

/* A file that the manifest names is gone, or is that of another commit. */
static void view_snapshot__lost_and_swapped_segments(void **state)
{
    (void)state;
    scratch dir;
    ps_snapshot s;
    parasol_error err = {0};
    char one[1100], other[1100];
    size_t n;
    scratch_make(&dir);
    assert_int_equal(numbers_index(scratch_path(&dir, "a"), 10, 0), 0);
    assert_int_equal(numbers_index(scratch_path(&dir, "b"), 11, 0), 0);
    (void)snprintf(one, sizeof one, "%s/a/s1.seg", dir.dir);
    (void)snprintf(other, sizeof other, "%s/b/s1.seg", dir.dir);
    uint8_t *bytes = scratch_read(other, &n);
    scratch_write(one, bytes, n);
    free(bytes);
    assert_int_equal(ps_snapshot_open(&s, scratch_path(&dir, "a"), NULL, &err),
                     PARASOL_CORRUPT);
    assert_int_equal(err.code, PARASOL_CORRUPT);
    assert_int_equal(remove(one), 0);
    assert_int_equal(ps_snapshot_open(&s, scratch_path(&dir, "a"), NULL, &err),
                     PARASOL_CORRUPT);
    scratch_remove(&dir);
}

/* A snapshot is of its commit for as long as it lives. */
static void view_snapshot__stays_when_a_writer_commits(void **state)
{
    (void)state;
    scratch dir;
    ps_snapshot before, after;
    scratch_make(&dir);
    assert_int_equal(numbers_index(scratch_path(&dir, "i"), 20, 0), 0);
    assert_int_equal(
        ps_snapshot_open(&before, scratch_path(&dir, "i"), NULL, NULL), 0);
    assert_int_equal(numbers_index(scratch_path(&dir, "i"), 30, 0), 0);
    assert_int_equal(
        ps_snapshot_open(&after, scratch_path(&dir, "i"), NULL, NULL), 0);
    assert_int_equal(before.docs, 20);
    assert_int_equal(after.docs, 30);
    assert_true(after.manifest.commit > before.manifest.commit);
    assert_int_equal(pc_sealed_verify(before.segs[0]->file, NULL), 0);
    ps_snapshot_release(&before);
    ps_snapshot_release(&after);
    scratch_remove(&dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(view_snapshot__numbers_documents_over_segments),
        cmocka_unit_test(view_snapshot__an_index_without_documents),
        cmocka_unit_test(view_snapshot__no_index),
        cmocka_unit_test(view_snapshot__lost_and_swapped_segments),
        cmocka_unit_test(view_snapshot__stays_when_a_writer_commits),
    };
    return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
