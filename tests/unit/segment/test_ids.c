/*
 * Documents by id: every id of an index is found and no other, whatever the
 * order in which documents came.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <parasol/indexer.h>

#include "common/segment/ids.h"
#include "tests/support/scratch_group.h"

#define ID_ROOM 700

/* The id of number i: ascending, or in no order; some longer than a block
   reads at once. */
static void id_of(char out[ID_ROOM], uint32_t i, int ascend)
{
    uint64_t seed = i;
    uint64_t key = ascend ? i : scratch_random(&seed) % 1000000007u;
    int n =
        snprintf(out, ID_ROOM, "folder/%012llu-%u", (unsigned long long)key, i);
    assert_true(n > 0);
    if (i % 7 == 3) {
        size_t len = 100 + i % 500;
        memset(out + n, 'x', len);
        out[(size_t)n + len] = 0;
    }
}

static void make_index(const char *path, uint32_t docs, int ascend, int ids)
{
    parasol_error err = {0};
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.ids = ids;
    o.jobs = 1;
    assert_int_equal(parasol_indexer_open(&w, path, &o, &err), 0);
    for (uint32_t i = 0; i < docs; i++) {
        char id[ID_ROOM];
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        id_of(id, i, ascend);
        doc.id = id;
        doc.text = "word";
        doc.text_len = 4;
        assert_int_equal(parasol_indexer_add(w, &doc, &err), 0);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, &err), 0);
    parasol_indexer_close(w);
}

static pc_seg *open_seg(const char *dir)
{
    char path[1200];
    pc_seg *seg = NULL;
    parasol_error err = {0};
    (void)snprintf(path, sizeof path, "%s/s1.seg", dir);
    if (pc_seg_open(&seg, path, NULL, &err))
        fail_msg("%s", err.message);
    return seg;
}

static void check_all(const pc_seg *seg, uint32_t docs, int ascend)
{
    pc_ids ids;
    parasol_error err = {0};
    assert_int_equal(pc_ids_open(&ids, seg, NULL, &err), 0);
    for (uint32_t i = 0; i < docs; i++) {
        char id[ID_ROOM];
        bool found = false;
        uint32_t doc = UINT32_MAX;
        pc_str got;
        id_of(id, i, ascend);
        assert_int_equal(pc_ids_get(&ids, i, &got, &err), 0);
        assert_true(pc_str_eq(got, pc_str_of(id)));
        assert_int_equal(pc_ids_find(&ids, pc_str_of(id), &found, &doc, &err),
                         0);
        assert_true(found);
        assert_int_equal(doc, i);
        /* No id ends with a point. */
        id[strlen(id) - 1] = '.';
        assert_int_equal(pc_ids_find(&ids, pc_str_of(id), &found, &doc, &err),
                         0);
        assert_false(found);
    }
    static const char *const others[] = {"", "a", "folder/", "zzz"};
    for (size_t i = 0; i < PC_COUNTOF(others); i++) {
        bool found = true;
        uint32_t doc;
        assert_int_equal(
            pc_ids_find(&ids, pc_str_of(others[i]), &found, &doc, &err), 0);
        assert_false(found);
    }
    pc_ids_close(&ids);
}

static void check_index(uint32_t docs, int ascend, int with)
{
    char name[64];
    char path[700];
    pc_section s;
    (void)snprintf(name, sizeof name, "i%u-%d-%d", docs, ascend, with);
    (void)snprintf(path, sizeof path, "%s", scratch_path(&tmp, name));
    make_index(path, docs, ascend, with);
    pc_seg *seg = open_seg(path);
    assert_int_equal(seg->docs, docs);
    assert_int_equal(pc_sealed_has(seg->file, PC_SECTION_IDS, &s), with);
    if (with && (ascend || docs < 2))
        assert_int_equal(s.len, 0);
    else if (with && docs > 2)
        assert_int_equal(s.len, pc_bitpack_bytes(docs, pc_bits32(docs - 1)));
    check_all(seg, docs, ascend);
    pc_seg_close(seg);
}

static void segment_ids__every_id_is_found(void **state)
{
    (void)state;
    static const uint32_t docs[] = {1, 2, 3, 100, 3000};
    for (size_t i = 0; i < PC_COUNTOF(docs); i++) {
        for (int ascend = 0; ascend < 2; ascend++) {
            check_index(docs[i], ascend, 1);
            check_index(docs[i], ascend, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segment_ids__every_id_is_found),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
