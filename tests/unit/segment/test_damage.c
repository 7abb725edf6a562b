/*
 * Damaged catalogs (FILES) and lists of files that are not searchable (SKIPS).
 * As they lie on a disk, with any byte changed and cut at any length, they are
 * refused with a sentence that names the file, or read as they were. With
 * checksums that fit the damage they are refused or give records that keep
 * what the headers promise, and nothing outside of them is read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <parasol/indexer.h>

#include "common/segment/files.h"
#include "common/segment/skips.h"
#include "indexer/write/out.h"
#include "tests/support/scratch.h"

enum { DOCUMENTS = 70, SKIPPED = 7 }; /* two blocks of a catalog */

typedef struct outcome {
    int rc;
    uint64_t records;
    uint64_t digest;
    parasol_error err;
} outcome;

typedef struct subject {
    const char *section_name;
    uint32_t kind, section;
    void (*read)(const char *dir, const pc_manifest *m, outcome *out);
    uint64_t records; /* of the sound one */
} subject;

static scratch tmp;
static char dir[600];
static pc_manifest sound;

static uint64_t mix(uint64_t sum, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++)
        sum = (sum ^ p[i]) * UINT64_C(0x100000001b3);
    return sum;
}

static uint64_t mix_number(uint64_t sum, uint64_t v)
{
    return mix(sum, &v, sizeof v);
}

/* ---- reading everything ------------------------------------------------- */

static uint64_t mix_entry(uint64_t sum, const pc_file_entry *e)
{
    assert_int_equal(strlen(e->path.ptr), e->path.len);
    sum = mix(sum, e->path.ptr, e->path.len);
    sum = mix_number(mix_number(sum, e->size), e->skip);
    sum = mix_number(mix_number(sum, (uint64_t)e->mtime), (uint64_t)e->ctime);
    return mix_number(mix_number(sum, e->hash[0]), e->hash[1]);
}

static uint64_t mix_catalog(uint64_t sum, const pc_files *f)
{
    sum = mix_number(mix_number(sum, (uint64_t)f->taken), f->count);
    sum = mix_number(mix_number(sum, f->max_file), f->gitignore);
    sum = mix_number(sum, f->reader);
    for (uint32_t i = 0; i < f->n_roots; i++) {
        const pc_files_root *r = &f->roots[i];
        sum = mix(sum, r->prefix.ptr, r->prefix.len);
        sum = mix(sum, r->place.ptr, r->place.len);
    }
    return sum;
}

static void read_entries(const pc_files *f, outcome *out)
{
    pc_files_cursor c;
    pc_file_entry e;
    pc_buf before;
    bool more = true;
    pc_files_cursor_init(&c, f);
    pc_buf_init(&before, NULL);
    for (;;) {
        uint64_t number = 0;
        out->rc = pc_files_next(&c, &e, &number, &more, &out->err);
        if (out->rc || !more)
            break;
        assert_int_equal(number, out->records);
        if (out->records > 0)
            assert_true(pc_str_cmp(pc_buf_str(&before), e.path) < 0);
        pc_buf_clear(&before);
        pc_buf_put_str(&before, e.path);
        out->digest = mix_entry(out->digest, &e);
        out->records++;
    }
    if (!out->rc)
        assert_int_equal(out->records, f->count);
    pc_buf_release(&before);
    pc_files_cursor_release(&c);
}

/* Whatever is found has the path that was asked for. */
static void find_entries(const pc_files *f, outcome *out)
{
    static const char *const paths[] = {"n000.txt", "n065.txt", "n030.txt", "",
                                        "zz"};
    pc_files_cursor c;
    pc_files_cursor_init(&c, f);
    for (size_t i = 0; !out->rc && i < PC_COUNTOF(paths); i++) {
        pc_file_entry e = {0};
        uint64_t number = 0;
        bool found = false;
        pc_str path = pc_str_of(paths[i]);
        out->rc = pc_files_find(&c, path, &e, &number, &found, &out->err);
        if (!out->rc && found) {
            assert_true(pc_str_eq(e.path, path));
            out->digest = mix_number(out->digest, number);
        }
    }
    pc_files_cursor_release(&c);
}

static void read_files(const char *where, const pc_manifest *m, outcome *out)
{
    pc_files *f = NULL;
    out->rc = pc_files_open(&f, where, m, NULL, &out->err);
    if (!out->rc) {
        out->digest = mix_catalog(out->digest, f);
        read_entries(f, out);
    }
    if (!out->rc)
        find_entries(f, out);
    pc_files_close(f);
}

static void read_skips(const char *where, const pc_manifest *m, outcome *out)
{
    pc_skips s;
    pc_skip k;
    bool more = true;
    out->rc = pc_skips_open(&s, where, m, NULL, &out->err);
    while (!out->rc) {
        out->rc = pc_skips_next(&s, &k, &more, &out->err);
        if (out->rc || !more)
            break;
        assert_in_range(k.reason, 1, PARASOL_SKIP_COUNT - 1);
        out->digest = mix_number(mix_number(out->digest, k.reason), k.bytes);
        out->digest = mix(out->digest, k.path.ptr, k.path.len);
        out->digest = mix(out->digest, k.detail.ptr, k.detail.len);
        out->records++;
    }
    pc_skips_close(&s);
}

static const subject subjects[] = {
    {"FILES", PC_KIND_FILES, PC_SECTION_FILES, read_files, DOCUMENTS + SKIPPED},
    {"SKIPS", PC_KIND_SKIPS, PC_SECTION_SKIPS, read_skips, SKIPPED}};

static outcome look(const subject *s, const char *where, const pc_manifest *m)
{
    outcome out = {.digest = UINT64_C(0xcbf29ce484222325)};
    s->read(where, m, &out);
    if (out.rc) {
        assert_true(out.rc == PARASOL_CORRUPT || out.rc == PARASOL_VERSION);
        assert_non_null(strstr(out.err.message, ".seg"));
    }
    return out;
}

/* ---- an index with both ------------------------------------------------- */

static int set_up(void **state)
{
    char folder[600], path[700], name[32];
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    (void)state;
    scratch_make(&tmp);
    (void)snprintf(folder, sizeof folder, "%s", scratch_path(&tmp, "docs"));
    (void)snprintf(dir, sizeof dir, "%s", scratch_path(&tmp, "index"));
    assert_int_equal(mkdir(folder, 0777), 0);
    for (int i = 0; i < DOCUMENTS + SKIPPED; i++) {
        (void)snprintf(name, sizeof name, "n%03d.txt", i);
        (void)snprintf(path, sizeof path, "%s/%s", folder, name);
        scratch_write(path, name, i % 11 == 5 ? 0 : strlen(name));
    }
    if (parasol_indexer_open(&w, dir, NULL, &err) ||
        parasol_indexer_add_tree(w, folder, NULL, &sum, &err) ||
        parasol_indexer_commit(w, NULL, &err) ||
        pc_manifest_newest(dir, &sound, NULL, &err))
        fail_msg("%s", err.message);
    parasol_indexer_close(w);
    assert_int_equal(sum.indexed, DOCUMENTS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pc_manifest_release(&sound);
    scratch_remove(&tmp);
    return 0;
}

static void path_of(char out[700], const char *where, const subject *s)
{
    bool files = s->kind == PC_KIND_FILES;
    (void)snprintf(
        out, 700, "%s/%c%llu.seg", where, files ? 'f' : 'k',
        (unsigned long long)(files ? sound.files_number : sound.skips_number));
}

/* ---- damage ------------------------------------------------------------- */

/* What a byte becomes; never what it is. */
static const uint8_t flips[] = {0x01, 0x80, 0xff, 0x40};

static void check_file(const subject *s)
{
    char path[700];
    size_t n;
    uint64_t noticed = 0, same = 0;
    outcome want = look(s, dir, &sound);
    assert_int_equal(want.rc, PARASOL_OK);
    assert_int_equal(want.records, s->records);
    path_of(path, dir, s);
    uint8_t *bytes = scratch_read(path, &n);
    for (size_t i = 0; i < n * (PC_COUNTOF(flips) + 1); i++) {
        size_t at = i % n, kind = i / n;
        bool cut = kind == PC_COUNTOF(flips);
        if (!cut)
            bytes[at] ^= flips[kind];
        scratch_write(path, bytes, cut ? at : n);
        outcome got = look(s, dir, &sound);
        if (!got.rc && got.digest != want.digest)
            fail_msg("%s: byte %zu: another answer", path, at);
        if (cut)
            assert_int_not_equal(got.rc, PARASOL_OK);
        noticed += got.rc != 0;
        same += got.rc == 0;
        if (!cut)
            bytes[at] ^= flips[kind];
    }
    scratch_write(path, bytes, n);
    free(bytes);
    printf("%s: %llu changes noticed, %llu without effect\n", s->section_name,
           (unsigned long long)noticed, (unsigned long long)same);
    assert_true(noticed > n);
}

static void segment_damage__of_a_file_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < PC_COUNTOF(subjects); i++)
        check_file(&subjects[i]);
}

/* A copy of the section, owned by the caller. */
static uint8_t *copy_section(const subject *s, size_t *n)
{
    char path[700];
    pc_sealed *f = NULL;
    pc_section section;
    parasol_error err = {0};
    path_of(path, dir, s);
    if (pc_sealed_open(&f, path, s->kind, NULL, &err) ||
        pc_sealed_section(f, s->section, &section, &err))
        fail_msg("%s", err.message);
    *n = (size_t)section.len;
    uint8_t *copy = malloc(*n);
    assert_non_null(copy);
    memcpy(copy, section.ptr, *n);
    pc_sealed_close(f);
    return copy;
}

/* Reads a section of these bytes, with checksums that fit. */
static outcome look_at(const subject *s, const uint8_t *bytes, size_t n)
{
    char path[700];
    pi_out *o = NULL;
    uint64_t len;
    uint32_t crc;
    parasol_error err = {0};
    bool files = s->kind == PC_KIND_FILES;
    pc_manifest m = sound; /* read only, but for what follows */
    path_of(path, tmp.dir, s);
    (void)unlink(path);
    if (pi_out_create(&o, path, s->kind,
                      files ? m.files_number : m.skips_number, NULL, &err))
        fail_msg("%s", err.message);
    pi_out_relax(o);
    pi_out_begin(o, s->section);
    pi_out_put(o, bytes, n);
    if (pi_out_finish(o, &len, &crc, &err))
        fail_msg("%s", err.message);
    *(files ? &m.files_bytes : &m.skips_bytes) = len;
    *(files ? &m.files_crc : &m.skips_crc) = crc;
    return look(s, tmp.dir, &m);
}

static void check_section(const subject *s)
{
    size_t n;
    uint64_t refused = 0, read = 0;
    uint8_t *bytes = copy_section(s, &n);
    outcome want = look_at(s, bytes, n);
    assert_int_equal(want.rc, PARASOL_OK);
    assert_int_equal(want.records, s->records);
    for (size_t i = 0; i < n * PC_COUNTOF(flips); i++) {
        bytes[i % n] ^= flips[i / n];
        outcome got = look_at(s, bytes, n);
        bytes[i % n] ^= flips[i / n];
        if (!got.rc && got.records != want.records)
            fail_msg("%s: byte %zu: %llu records", s->section_name, i % n,
                     (unsigned long long)got.records);
        refused += got.rc != 0;
        read += got.rc == 0;
    }
    for (size_t cut = 0; cut < n; cut++)
        assert_int_equal(look_at(s, bytes, cut).rc, PARASOL_CORRUPT);
    free(bytes);
    printf("%s: %llu changes refused, %llu read\n", s->section_name,
           (unsigned long long)refused, (unsigned long long)read);
    assert_true(refused > 0 && read > 0);
}

static void segment_damage__under_right_checksums_is_contained(void **state)
{
    (void)state;
    for (size_t i = 0; i < PC_COUNTOF(subjects); i++)
        check_section(&subjects[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segment_damage__of_a_file_is_noticed),
        cmocka_unit_test(segment_damage__under_right_checksums_is_contained),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
