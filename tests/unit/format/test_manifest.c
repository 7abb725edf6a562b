/*
 * Manifests: round trip, damage, and which one is the newest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <parasol/version.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "common/format/manifest.h"
#include "tests/support/scratch_group.h"

static void make(pc_manifest *m, uint64_t commit, uint32_t segments)
{
    parasol_error err = {0};
    pc_manifest_init(m, NULL);
    m->commit = commit;
    m->next_segment = 2000;
    m->fingerprint = 0x1122334455667788u;
    m->files_seen = 12345;
    for (size_t i = 0; i < PC_MANIFEST_SKIPS; i++)
        m->skipped[i] = i * i;
    m->skips_number = 999;
    m->skips_bytes = 8400;
    m->skips_crc = 77;
    m->files_number = 998;
    m->files_bytes = 4300;
    m->files_crc = 78;
    assert_int_equal(
        pc_manifest_set_spec(m, PC_STR_LIT("words;stem=english"), &err), 0);
    for (uint32_t i = 0; i < segments; i++) {
        pc_manifest_segment s = {.number = i + 1,
                                 .file_bytes = 8000u + i,
                                 .trailer_crc = 0xdeadbe00u + i,
                                 .docs = 10 * i};
        if (i % 2) {
            s.live_number = 1999 - i;
            s.live_bytes = 4200u + i;
            s.live_crc = i;
            s.dead = i;
        }
        assert_int_equal(pc_manifest_add(m, &s, &err), 0);
    }
}

static void check_equal(const pc_manifest *a, const pc_manifest *b)
{
    assert_int_equal(a->commit, b->commit);
    assert_int_equal(a->next_segment, b->next_segment);
    assert_true(a->fingerprint == b->fingerprint);
    assert_int_equal(a->files_seen, b->files_seen);
    assert_memory_equal(a->skipped, b->skipped, sizeof a->skipped);
    assert_int_equal(a->skips_number, b->skips_number);
    assert_int_equal(a->skips_bytes, b->skips_bytes);
    assert_int_equal(a->skips_crc, b->skips_crc);
    assert_int_equal(a->files_number, b->files_number);
    assert_int_equal(a->files_bytes, b->files_bytes);
    assert_int_equal(a->files_crc, b->files_crc);
    assert_true(pc_str_eq(a->analyzer_spec, b->analyzer_spec));
    assert_int_equal(a->n_segments, b->n_segments);
    if (a->n_segments)
        assert_memory_equal(a->segments, b->segments,
                            a->n_segments * sizeof *a->segments);
}

static void format_manifest__round_trip(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, 2, 100, 997};
    parasol_error err = {0};
    for (size_t i = 0; i < PC_COUNTOF(counts); i++) {
        pc_manifest m;
        pc_manifest back;
        pc_buf b;
        pc_buf_init(&b, NULL);
        make(&m, 9, counts[i]);
        pc_manifest_put(&m, &b);
        assert_int_equal(b.status, 0);
        int rc = pc_manifest_parse(&back, pc_buf_str(&b), "m", NULL, &err);
        if (rc)
            print_message("%s\n", err.message);
        assert_int_equal(rc, 0);
        check_equal(&m, &back);
        assert_int_equal(back.format_version, PARASOL_FORMAT_VERSION);
        assert_int_equal(pc_manifest_docs(&m),
                         5u * counts[i] * (counts[i] - 1));
        uint64_t dead = 0, bytes = 8400 + 4300;
        for (uint32_t k = 0; k < counts[i]; k++) {
            dead += k % 2 ? k : 0;
            bytes += 8000u + k + (k % 2 ? 4200u + k : 0);
        }
        assert_int_equal(pc_manifest_dead(&m), dead);
        assert_int_equal(pc_manifest_bytes(&m), bytes);
        pc_manifest_release(&m);
        pc_manifest_release(&back);
        pc_manifest_release(&back);
        pc_buf_release(&b);
    }
}

static void format_manifest__limits_are_kept(void **state)
{
    (void)state;
    parasol_error err = {0};
    pc_manifest m;
    char spec[PC_SPEC_MAX + 1];
    memset(spec, 'x', sizeof spec);
    make(&m, 1, 0);
    assert_int_equal(
        pc_manifest_set_spec(&m, (pc_str){spec, sizeof spec}, &err),
        PARASOL_FULL);
    assert_string_equal(m.analyzer_spec.ptr, "words;stem=english");
    assert_int_equal(
        pc_manifest_set_spec(&m, (pc_str){spec, PC_SPEC_MAX}, &err), 0);
    assert_int_equal(pc_manifest_set_spec(&m, (pc_str){NULL, 0}, &err), 0);
    assert_string_equal(m.analyzer_spec.ptr, "");
    pc_manifest_segment s = {.number = 1, .docs = 1};
    for (uint32_t i = 0; i < PC_SEGMENTS_MAX; i++)
        assert_int_equal(pc_manifest_add(&m, &s, &err), 0);
    assert_int_equal(pc_manifest_add(&m, &s, &err), PARASOL_FULL);
    pc_manifest_release(&m);
}

static int parse(const uint8_t *p, size_t n)
{
    /* In a block of its own, so that the sanitizer sees the end. */
    parasol_error err = {0};
    pc_manifest m;
    char *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    memcpy(copy, p, n);
    int rc = pc_manifest_parse(&m, (pc_str){copy, n}, "m", NULL, &err);
    pc_manifest_release(&m);
    free(copy);
    return rc;
}

static void format_manifest__damage_is_noticed(void **state)
{
    (void)state;
    pc_manifest m;
    pc_buf b;
    pc_buf_init(&b, NULL);
    make(&m, 9, 3);
    pc_manifest_put(&m, &b);
    for (size_t i = 0; i < b.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            b.ptr[i] ^= (uint8_t)(1u << bit);
            assert_int_equal(parse(b.ptr, b.len), PARASOL_CORRUPT);
            b.ptr[i] ^= (uint8_t)(1u << bit);
        }
        assert_int_equal(parse(b.ptr, i), PARASOL_CORRUPT);
    }
    assert_int_equal(parse(b.ptr, b.len), 0);
    pc_buf_put_u8(&b, 0);
    assert_int_equal(parse(b.ptr, b.len), PARASOL_CORRUPT);
    pc_manifest_release(&m);
    pc_buf_release(&b);
}

static void put_right(pc_buf *b)
{
    pc_store32le(b->ptr + b->len - 4, pc_crc32c(0, b->ptr, b->len - 4));
}

/* Random values under a right checksum must be refused or be sound. */
static void format_manifest__wrong_values_under_right_checksum(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    parasol_error err = {0};
    pc_manifest m;
    pc_buf b;
    pc_buf_init(&b, NULL);
    make(&m, 9, 3);
    unsigned refused = 0;
    for (unsigned i = 0; i < 50000; i++) {
        pc_manifest back;
        pc_buf_clear(&b);
        pc_manifest_put(&m, &b);
        size_t at = (size_t)scratch_below(&rng, b.len - 4);
        uint64_t wrong = scratch_random(&rng) >> scratch_below(&rng, 64);
        size_t width = 1 + (size_t)scratch_below(&rng, 8);
        for (size_t k = 0; k < width && at + k < b.len - 4; k++)
            b.ptr[at + k] = (uint8_t)(wrong >> (8 * k));
        put_right(&b);
        pc_str s = {(const char *)b.ptr,
                    i % 3 ? b.len : (size_t)scratch_below(&rng, b.len)};
        int rc = pc_manifest_parse(&back, s, "m", NULL, &err);
        assert_true(rc == 0 || rc == PARASOL_CORRUPT || rc == PARASOL_VERSION);
        refused += rc ? 1u : 0u;
        for (size_t k = 0; !rc && k < back.n_segments; k++)
            assert_true(back.segments[k].number < back.next_segment);
        pc_manifest_release(&back);
    }
    assert_true(refused > 1000);
    /* Named cases: the head, then segments, of which the second has dead
       documents. */
    static const struct {
        size_t at;
        uint32_t value;
    } bad[] = {{24, 0},    {228, 4},    {224, 17},     {12, 2},  {32, 999},
               {32, 3},    {184, 0},    {188, 1},      {200, 0}, {200, 999},
               {204, 1},   {232, 0},    {232, 2000},   {232, 2}, {232, 999},
               {232, 998}, {232, 1998}, {256, 1997},   {264, 1}, {272, 1},
               {276, 1},   {304, 0},    {304, 999},    {304, 1}, {304, 2},
               {304, 998}, {304, 2000}, {316, 0x4001}, {324, 0}, {324, 11},
               {352, 1998}};
    for (size_t i = 0; i < PC_COUNTOF(bad); i++) {
        pc_buf_clear(&b);
        pc_manifest_put(&m, &b);
        pc_store32le(b.ptr + bad[i].at, bad[i].value);
        put_right(&b);
        assert_int_equal(parse(b.ptr, b.len), PARASOL_CORRUPT);
    }
    pc_manifest_release(&m);
    pc_buf_release(&b);
}

static void save(const pc_manifest *m, uint64_t name)
{
    char file[64];
    pc_buf b;
    pc_buf_init(&b, NULL);
    pc_manifest_put(m, &b);
    (void)snprintf(file, sizeof file, "manifest.%llu",
                   (unsigned long long)name);
    scratch_write(scratch_path(&tmp, file), b.ptr, b.len);
    pc_buf_release(&b);
}

static int newest(uint64_t *commit, parasol_error *err)
{
    pc_manifest m;
    int rc = pc_manifest_newest(tmp.dir, &m, NULL, err);
    *commit = m.commit;
    pc_manifest_release(&m);
    return rc;
}

static void format_manifest__newest_wins_or_fails(void **state)
{
    (void)state;
    parasol_error err = {0};
    uint64_t commit = 0;
    pc_manifest m;
    assert_int_equal(newest(&commit, &err), PARASOL_NOTFOUND);
    assert_non_null(strstr(err.message, "there is no index in"));
    scratch_write(scratch_path(&tmp, "manifest.7.tmp"), "half", 4);
    scratch_write(scratch_path(&tmp, "manifest.x"), "", 0);
    assert_int_equal(newest(&commit, &err), PARASOL_NOTFOUND);
    make(&m, 2, 1);
    save(&m, 2);
    m.commit = 10; /* later than 2 by number, not by the order of names */
    save(&m, 10);
    assert_int_equal(newest(&commit, &err), 0);
    assert_int_equal(commit, 10);

    /* A damaged newest one is an error, whatever lies below. */
    scratch_write(scratch_path(&tmp, "manifest.11"), "PARAMANI", 8);
    assert_int_equal(newest(&commit, &err), PARASOL_CORRUPT);
    assert_non_null(strstr(err.message, "manifest.11"));
    m.commit = 12;
    save(&m, 13); /* the name says another commit */
    assert_int_equal(newest(&commit, &err), PARASOL_CORRUPT);
    pc_manifest_release(&m);
}

static void format_manifest__other_versions_are_named(void **state)
{
    (void)state;
    parasol_error err = {0};
    uint64_t commit = 0;
    pc_manifest m;
    pc_buf b;
    pc_buf_init(&b, NULL);
    make(&m, 1, 1);
    pc_manifest_put(&m, &b);
    pc_store32le(b.ptr + 8, PARASOL_FORMAT_VERSION + 1);
    put_right(&b);
    scratch_write(scratch_path(&tmp, "manifest.1"), b.ptr, b.len);
    assert_int_equal(newest(&commit, &err), PARASOL_VERSION);
    assert_non_null(strstr(err.message, "newer"));
    pc_store32le(b.ptr + 8, PARASOL_FORMAT_VERSION_MIN - 1);
    put_right(&b);
    scratch_write(scratch_path(&tmp, "manifest.1"), b.ptr, b.len);
    assert_int_equal(newest(&commit, &err), PARASOL_VERSION);
    assert_non_null(strstr(err.message, "index again"));
    pc_manifest_release(&m);
    pc_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_manifest__round_trip),
        cmocka_unit_test(format_manifest__limits_are_kept),
        cmocka_unit_test(format_manifest__damage_is_noticed),
        cmocka_unit_test(format_manifest__wrong_values_under_right_checksum),
        cmocka_unit_test_setup_teardown(format_manifest__newest_wins_or_fails,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            format_manifest__other_versions_are_named, scratch_set_up,
            scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
