/*
 * Packed indexes: files are found in them, and what is no packed index, or a
 * damaged one, is refused with a sentence.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <parasol/indexer.h>
#include <parasol/upkeep.h>
#include <parasol/version.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "common/format/home.h"
#include "tests/support/scratch.h"

static scratch tmp;
static char dir[600], file[600], other[600];
static uint8_t *bytes;
static size_t len;

/* An index of some segments, and all of it in one file. */
static int set_up(void **state)
{
    (void)state;
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    scratch_make(&tmp);
    (void)snprintf(dir, sizeof dir, "%s/i", tmp.dir);
    (void)snprintf(file, sizeof file, "%s/i.pack", tmp.dir);
    (void)snprintf(other, sizeof other, "%s/other", tmp.dir);
    o.segment_docs = 3;
    assert_int_equal(parasol_indexer_open(&w, dir, &o, NULL), 0);
    for (unsigned i = 0; i < 10; i++) {
        char id[16];
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        (void)snprintf(id, sizeof id, "d%u", i);
        doc.id = id;
        doc.text = "alpha beta gamma";
        doc.text_len = strlen(doc.text);
        assert_int_equal(parasol_indexer_add(w, &doc, NULL), 0);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), 0);
    parasol_indexer_close(w);
    assert_int_equal(parasol_index_pack(dir, file, NULL, NULL, NULL), 0);
    bytes = scratch_read(file, &len);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(bytes);
    scratch_remove(&tmp);
    return 0;
}

/* Opens these bytes, and all files in them. */
static int judge(const uint8_t *p, size_t n, parasol_error *err)
{
    pc_home home;
    pc_manifest m;
    pc_arena arena;
    pc_commit_file *files = NULL;
    size_t count = 0;
    scratch_write(other, p, n);
    pc_arena_init(&arena, NULL, 0);
    pc_manifest_init(&m, NULL);
    int rc = pc_home_open(&home, other, NULL, err);
    if (!rc)
        rc = pc_home_manifest(&home, &m, err);
    if (!rc)
        rc = pc_commit_files(&m, &files, &count, &arena, err);
    for (size_t i = 0; !rc && i < count; i++) {
        pc_sealed *f = NULL;
        rc = pc_home_commit_file(&home, &f, &files[i], err);
        if (!rc)
            rc = pc_sealed_verify(f, err);
        pc_sealed_close(f);
    }
    if (!rc)
        rc = pc_pack_verify(home.pack, other, err);
    pc_home_close(&home);
    pc_manifest_release(&m);
    pc_arena_release(&arena);
    return rc;
}

static void format_pack__every_byte_counts(void **state)
{
    (void)state;
    size_t seen = 0;
    uint64_t seed = scratch_seed();
    parasol_error err = {0};
    assert_int_equal(judge(bytes, len, &err), 0);
    for (size_t i = 0; i < len;
         i += i < 1024 ? 1 : 1 + (size_t)scratch_below(&seed, 200)) {
        uint8_t was = bytes[i];
        bytes[i] ^= (uint8_t)(1 + scratch_below(&seed, 255));
        err = (parasol_error){0};
        int rc = judge(bytes, len, &err);
        bytes[i] = was;
        seen++;
        if (i < PC_MAGIC_LEN)
            assert_int_equal(rc, PARASOL_NOTFOUND);
        else
            assert_int_equal(rc, PARASOL_CORRUPT);
        assert_int_equal(err.code, rc);
        assert_true(strlen(err.message) > 10);
    }
    print_message("%zu bytes changed\n", seen);
    assert_true(seen > 1000);
}

static void format_pack__a_part_is_refused(void **state)
{
    (void)state;
    uint64_t seed = scratch_seed();
    size_t n = 0;
    for (; n < len; n += n < 1024 ? 1 : 1 + (size_t)scratch_below(&seed, 500)) {
        parasol_error err = {0};
        int rc = judge(bytes, n, &err);
        assert_int_equal(rc,
                         n < PC_MAGIC_LEN ? PARASOL_NOTFOUND : PARASOL_CORRUPT);
    }
    uint8_t *longer = calloc(1, len + 1);
    assert_non_null(longer);
    memcpy(longer, bytes, len);
    assert_int_equal(judge(longer, len + 1, NULL), PARASOL_CORRUPT);
    free(longer);
}

/* Changes a number under right checksums. */
static int judge_with(size_t at, uint64_t v, size_t size, parasol_error *err)
{
    uint8_t *p = malloc(len);
    uint8_t raw[8];
    assert_non_null(p);
    memcpy(p, bytes, len);
    pc_store64le(raw, v);
    memcpy(p + at, raw, size);
    uint32_t n = pc_load32le(p + 8);
    uint64_t end = PC_PACK_HEADER + (uint64_t)n * PC_PACK_ENTRY;
    if (end <= len)
        pc_store32le(p + 32, pc_crc32c(0, p + PC_PACK_HEADER,
                                       (size_t)n * PC_PACK_ENTRY));
    pc_store32le(p + 60, pc_crc32c(0, p, 60));
    int rc = judge(p, len, err);
    free(p);
    return rc;
}

static void format_pack__numbers_that_lie_are_refused(void **state)
{
    (void)state;
    static const uint64_t lies[] = {0,
                                    1,
                                    2,
                                    63,
                                    4095,
                                    4097,
                                    8192,
                                    0x7fffffff,
                                    0xffffffff,
                                    (uint64_t)1 << 46,
                                    (uint64_t)1 << 63,
                                    UINT64_MAX - 4095,
                                    UINT64_MAX};
    static const struct {
        size_t at, size;
    } fields[] = {{8, 4},   {16, 8},  {24, 8},  {36, 4},  {56, 4}, /* head */
                  {64, 4},  {72, 8},  {80, 8},  {88, 8},           /* [0] */
                  {96, 4},  {104, 8}, {112, 8}, {120, 8},          /* [1] */
                  {128, 4}, {136, 8}, {144, 8}, {152, 8}};         /* [2] */
    size_t seen = 0;
    for (size_t f = 0; f < PC_COUNTOF(fields); f++) {
        for (size_t i = 0; i < PC_COUNTOF(lies); i++) {
            uint64_t truth = 0;
            uint8_t raw[8] = {0};
            memcpy(raw, bytes + fields[f].at, fields[f].size);
            truth = pc_load64le(raw);
            uint64_t lie = lies[i];
            if (fields[f].size == 4)
                lie &= 0xffffffff;
            if (lie == truth)
                continue;
            parasol_error err = {0};
            assert_int_equal(
                judge_with(fields[f].at, lie, fields[f].size, &err),
                PARASOL_CORRUPT);
            assert_true(err.message[0]);
            seen++;
        }
    }
    assert_true(seen > 150);
}

static void format_pack__tells_newer_from_damaged(void **state)
{
    (void)state;
    parasol_error err = {0};
    assert_int_equal(judge_with(12, PARASOL_FORMAT_VERSION + 1, 4, &err),
                     PARASOL_VERSION);
    assert_non_null(strstr(err.message, "newer"));
    assert_int_equal(judge_with(12, 0, 4, &err), PARASOL_VERSION);
    assert_non_null(strstr(err.message, "older"));
}

static void format_pack__finds_files_by_kind_and_number(void **state)
{
    (void)state;
    pc_pack *p = NULL;
    assert_int_equal(pc_pack_open(&p, file, NULL, NULL), 0);
    assert_true(p->n > 3);
    assert_ptr_equal(pc_pack_find(p, PC_NAME_MANIFEST, 1), &p->entries[0]);
    for (uint32_t i = 1; i < p->n; i++) {
        assert_int_equal(p->entries[i].kind, PC_KIND_SEGMENT);
        assert_ptr_equal(pc_pack_find(p, PC_NAME_SEGMENT, p->entries[i].number),
                         &p->entries[i]);
    }
    assert_null(pc_pack_find(p, PC_NAME_SEGMENT, 99));
    assert_null(pc_pack_find(p, PC_NAME_SEGMENT, 0));
    assert_null(pc_pack_find(p, PC_NAME_SKIPS, 1));
    assert_null(pc_pack_find(p, PC_NAME_MANIFEST, 2));
    pc_pack_close(p);
}

static void format_home__a_foreign_file_is_no_index(void **state)
{
    (void)state;
    parasol_error err = {0};
    assert_int_equal(judge((const uint8_t *)"hello, world", 12, &err),
                     PARASOL_NOTFOUND);
    assert_non_null(strstr(err.message, "is no index"));
    assert_int_equal(judge((const uint8_t *)"", 0, &err), PARASOL_NOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_pack__every_byte_counts),
        cmocka_unit_test(format_pack__a_part_is_refused),
        cmocka_unit_test(format_pack__numbers_that_lie_are_refused),
        cmocka_unit_test(format_pack__tells_newer_from_damaged),
        cmocka_unit_test(format_pack__finds_files_by_kind_and_number),
        cmocka_unit_test(format_home__a_foreign_file_is_no_index),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
