/*
 * Sealed files: what the writer wrote is what the reader finds, and every
 * change of a byte is noticed.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <parasol/version.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "common/format/sealed.h"
#include "indexer/write/out.h"
#include "tests/support/scratch_group.h"

static uint8_t byte_at(uint32_t section, uint64_t i)
{
    return (uint8_t)((section * 131 + i * 7 + (i >> 9)) & 0xff);
}

/* A file with sections 1..n of the given lengths. */
static void make_file(const char *path, const uint64_t *lens, uint32_t n)
{
    pi_out *o = NULL;
    parasol_error err = {0};
    uint64_t bytes = 0;
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 42, NULL, &err),
                     0);
    for (uint32_t s = 1; s <= n; s++) {
        uint8_t piece[1000];
        pi_out_begin(o, s);
        for (uint64_t at = 0; at < lens[s - 1];) {
            uint64_t left = lens[s - 1] - at;
            /* Pieces of changing size, so that they straddle buffers. */
            size_t some = 1 + (size_t)((at * 31 + s) % sizeof piece);
            some = some < left ? some : (size_t)left;
            for (size_t i = 0; i < some; i++)
                piece[i] = byte_at(s, at + i);
            assert_int_equal(pi_out_at(o), at);
            pi_out_put(o, piece, some);
            at += some;
        }
    }
    uint32_t crc = 0;
    assert_int_equal(pi_out_finish(o, &bytes, &crc, &err), 0);
    size_t size = 0;
    uint8_t *all = scratch_read(path, &size);
    assert_int_equal(size, bytes);
    assert_int_equal(pc_load32le(all + size - 4), crc);
    free(all);
}

static pc_sealed *open_good(const char *path)
{
    pc_sealed *f = NULL;
    parasol_error err = {0};
    int rc = pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err);
    if (rc)
        print_message("%s\n", err.message);
    assert_int_equal(rc, 0);
    return f;
}

static void check_round_trip(const uint64_t *lens, uint32_t n)
{
    parasol_error err = {0};
    const char *path = scratch_path(&tmp, "f");
    make_file(path, lens, n);
    pc_sealed *f = open_good(path);
    assert_int_equal(pc_sealed_number(f), 42);
    assert_string_equal(pc_sealed_path(f), path);
    for (uint32_t s = 1; s <= n; s++) {
        pc_section sec = {0};
        assert_int_equal(pc_sealed_section(f, s, &sec, &err), 0);
        assert_int_equal(sec.len, lens[s - 1]);
        assert_int_equal(pc_sealed_need(f, sec.ptr, (size_t)sec.len, &err), 0);
        assert_int_equal((uintptr_t)sec.ptr % PC_SECTION_ALIGN, 0);
        for (uint64_t i = 0; i < sec.len; i++)
            assert_int_equal(sec.ptr[i], byte_at(s, i));
        /* PC_PAD readable bytes behind it: the sanitizer or the memory
           protection would object. */
        volatile uint8_t sink = 0;
        for (unsigned i = 0; i < PC_PAD; i++)
            sink = (uint8_t)(sink ^ sec.ptr[sec.len + i]);
    }
    pc_section none;
    assert_int_equal(pc_sealed_section(f, n + 1, &none, &err), PARASOL_CORRUPT);
    assert_int_equal(pc_sealed_verify(f, &err), 0);
    pc_sealed_close(f);
    assert_int_equal(unlink(path), 0);
}

static void format_sealed__round_trip_of_many_sizes(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0,     1,      63,     64,     65,
                                     4031,  4032,   4033,   4096,   12287,
                                     65536, 262080, 262144, 262145, 1000003};
    check_round_trip(NULL, 0);
    for (size_t i = 0; i < PC_COUNTOF(sizes); i++) {
        uint64_t three[3] = {sizes[i], sizes[(i * 7 + 3) % PC_COUNTOF(sizes)],
                             sizes[PC_COUNTOF(sizes) - 1 - i]};
        check_round_trip(three, 1);
        check_round_trip(three, 3);
    }
    /* More than one page of checksums: over 4 MiB. */
    uint64_t large[2] = {5000001, 4194304};
    check_round_trip(large, 2);
    uint64_t many[PC_SECTIONS_MAX];
    for (size_t i = 0; i < PC_COUNTOF(many); i++)
        many[i] = i * 37 % 500;
    check_round_trip(many, PC_SECTIONS_MAX);
}

static void format_sealed__same_calls_give_same_bytes(void **state)
{
    (void)state;
    static const uint64_t lens[] = {100, 0, 70000};
    char a[1024];
    (void)snprintf(a, sizeof a, "%s", scratch_path(&tmp, "a"));
    const char *b = scratch_path(&tmp, "b");
    make_file(a, lens, 3);
    make_file(b, lens, 3);
    size_t na = 0;
    size_t nb = 0;
    uint8_t *pa = scratch_read(a, &na);
    uint8_t *pb = scratch_read(b, &nb);
    assert_int_equal(na, nb);
    assert_memory_equal(pa, pb, na);
    free(pa);
    free(pb);
}

/* Opens and verifies; PARASOL_OK only if both succeed. */
static int open_and_verify(const char *path, parasol_error *err)
{
    pc_sealed *f = NULL;
    int rc = pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, err);
    if (!rc)
        rc = pc_sealed_verify(f, err);
    pc_sealed_close(f);
    return rc;
}

static void format_sealed__every_flipped_byte_is_noticed(void **state)
{
    (void)state;
    static const uint64_t lens[] = {5000, 10, 6000};
    const char *path = scratch_path(&tmp, "f");
    parasol_error err = {0};
    size_t n = 0;
    make_file(path, lens, 3);
    uint8_t *all = scratch_read(path, &n);
    assert_true(n > 12288);
    for (size_t i = 0; i < n; i++) {
        for (unsigned bit = 0; bit < 8; bit += 7) {
            all[i] ^= (uint8_t)(1u << bit);
            scratch_write(path, all, n);
            err.message[0] = 0;
            assert_int_equal(open_and_verify(path, &err), PARASOL_CORRUPT);
            assert_non_null(strstr(err.message, path));
            all[i] ^= (uint8_t)(1u << bit);
        }
    }
    scratch_write(path, all, n);
    assert_int_equal(open_and_verify(path, &err), 0);
    free(all);
}

static void
format_sealed__every_truncation_and_extension_is_refused(void **state)
{
    (void)state;
    static const uint64_t lens[] = {5000, 10};
    const char *path = scratch_path(&tmp, "f");
    parasol_error err = {0};
    size_t n = 0;
    make_file(path, lens, 2);
    uint8_t *all = scratch_read(path, &n);
    for (size_t i = n; i-- > 0;) {
        assert_int_equal(truncate(path, (off_t)i), 0);
        pc_sealed *f = NULL;
        assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err),
                         PARASOL_CORRUPT);
        assert_null(f);
    }
    for (size_t extra = 1; extra < 5000; extra += 61) {
        scratch_write(path, all, n);
        assert_int_equal(truncate(path, (off_t)(n + extra)), 0);
        assert_int_equal(open_and_verify(path, &err), PARASOL_CORRUPT);
    }
    free(all);
}

static void put_header_crc(uint8_t *all)
{
    pc_store32le(all + 60, pc_crc32c(0, all, 60));
}

static void format_sealed__other_versions_and_kinds_are_named(void **state)
{
    (void)state;
    static const uint64_t lens[] = {50};
    const char *path = scratch_path(&tmp, "f");
    parasol_error err = {0};
    pc_sealed *f = NULL;
    size_t n = 0;
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err),
                     PARASOL_NOTFOUND);
    make_file(path, lens, 1);
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SKIPS, NULL, &err),
                     PARASOL_CORRUPT);
    uint8_t *all = scratch_read(path, &n);
    pc_store32le(all + 12, PARASOL_FORMAT_VERSION + 1);
    put_header_crc(all);
    scratch_write(path, all, n);
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err),
                     PARASOL_VERSION);
    assert_non_null(strstr(err.message, "newer"));
    pc_store32le(all + 12, PARASOL_FORMAT_VERSION_MIN - 1);
    put_header_crc(all);
    scratch_write(path, all, n);
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err),
                     PARASOL_VERSION);
    assert_non_null(strstr(err.message, "index again"));
    free(all);
    assert_int_equal(pc_sealed_open(&f, tmp.dir, PC_KIND_SEGMENT, NULL, &err),
                     PARASOL_IO);
}

/* Puts right the checksums of footer and tables, so that only the checks of
   the values stand between a wrong value and the reader. */
static void reseal(uint8_t *all, size_t n)
{
    uint8_t *foot = all + n - PC_SEALED_FOOTER;
    uint64_t root = pc_load64le(foot + 24);
    size_t end = n - PC_SEALED_FOOTER;
    if (root < end)
        pc_store32le(foot + 44, pc_crc32c(0, all + root, end - (size_t)root));
    pc_store32le(foot + 60, pc_crc32c(0, foot, 60));
}

static void format_sealed__wrong_values_under_right_checksums(void **state)
{
    (void)state;
    static const uint64_t lens[] = {5000, 10, 0};
    const char *path = scratch_path(&tmp, "f");
    parasol_error err = {0};
    size_t n = 0;
    unsigned refused = 0;
    make_file(path, lens, 3);
    uint8_t *good = scratch_read(path, &n);
    uint8_t *all = malloc(n);
    assert_non_null(all);
    static const uint64_t deltas[] = {1,          64, 4096, UINT64_MAX,
                                      1ull << 32, 8,  24,   1ull << 63};
    /* Every number of footer and table of contents, changed a little. */
    for (size_t at = n - PC_SEALED_FOOTER - 3 * PC_SEALED_TOC_ENTRY;
         at + 8 <= n - 4; at += 4) {
        for (size_t d = 0; d < PC_COUNTOF(deltas); d++) {
            memcpy(all, good, n);
            pc_store64le(all + at, pc_load64le(all + at) + deltas[d]);
            reseal(all, n);
            if (memcmp(all, good, n) == 0)
                continue;
            scratch_write(path, all, n);
            int rc = open_and_verify(path, &err);
            /* An id is free to choose, and a length may grow into padding;
               everything else has one value. */
            size_t from_toc =
                at - (n - PC_SEALED_FOOTER - 3 * PC_SEALED_TOC_ENTRY);
            bool is_free =
                from_toc < 72 && from_toc % 24 != 4 && from_toc % 24 != 8;
            if (!is_free)
                assert_int_equal(rc, PARASOL_CORRUPT);
            refused += rc != 0;
        }
    }
    assert_true(refused > 150);
    free(all);
    free(good);
}

static void format_sealed__need_refuses_ranges_outside(void **state)
{
    (void)state;
    static const uint64_t lens[] = {5000};
    const char *path = scratch_path(&tmp, "f");
    parasol_error err = {0};
    make_file(path, lens, 1);
    pc_sealed *f = open_good(path);
    pc_section s;
    assert_int_equal(pc_sealed_section(f, 1, &s, &err), 0);
    const uint8_t *base = s.ptr - PC_SEALED_HEADER;
    static const uint8_t elsewhere[8];
    assert_int_equal(pc_sealed_need(f, base, 8192, &err), 0);
    assert_int_equal(pc_sealed_need(f, base, 8193, &err), PARASOL_CORRUPT);
    assert_int_equal(pc_sealed_need(f, base + 8192, 1, &err), PARASOL_CORRUPT);
    assert_int_equal(pc_sealed_need(f, base + 1, SIZE_MAX, &err),
                     PARASOL_CORRUPT);
    assert_int_equal(pc_sealed_need(f, elsewhere, sizeof elsewhere, &err),
                     PARASOL_CORRUPT);
    assert_int_equal(pc_sealed_need(f, elsewhere, 0, &err), 0);
    assert_int_equal(pc_sealed_need(f, NULL, 0, &err), 0);
    pc_sealed_close(f);
}

static void format_sealed__need_finds_the_damaged_page_only(void **state)
{
    (void)state;
    static const uint64_t lens[] = {40960 - 64};
    const char *path = scratch_path(&tmp, "f");
    parasol_error err = {0};
    size_t n = 0;
    make_file(path, lens, 1);
    uint8_t *all = scratch_read(path, &n);
    all[5 * 4096 + 17] ^= 1;
    scratch_write(path, all, n);
    free(all);
    pc_sealed *f = open_good(path);
    pc_section s;
    assert_int_equal(pc_sealed_section(f, 1, &s, &err), 0);
    const uint8_t *base = s.ptr - PC_SEALED_HEADER;
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned page = 0; page < 10; page++) {
            int rc = pc_sealed_need(f, base + page * 4096 + 100, 3, &err);
            assert_int_equal(rc, page == 5 ? PARASOL_CORRUPT : 0);
        }
    }
    assert_int_equal(err.offset, 5 * 4096);
    assert_non_null(strstr(err.message, "20480"));
    assert_int_equal(pc_sealed_need(f, base, 5 * 4096, &err), 0);
    assert_int_equal(pc_sealed_need(f, base, 5 * 4096 + 1, &err),
                     PARASOL_CORRUPT);
    pc_sealed_close(f);
}

typedef struct worker {
    pthread_t thread;
    pc_sealed *f;
    pc_section sec;
    uint64_t seed;
    unsigned wrong;
} worker;

static void *run_worker(void *arg)
{
    worker *w = arg;
    parasol_error err;
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t off = scratch_below(&w->seed, w->sec.len);
        uint64_t len = scratch_below(&w->seed, 20000);
        if (len > w->sec.len - off)
            len = w->sec.len - off;
        if (pc_sealed_need(w->f, w->sec.ptr + off, (size_t)len, &err))
            w->wrong++;
    }
    return NULL;
}

static void format_sealed__threads_may_need_at_once(void **state)
{
    (void)state;
    static const uint64_t lens[] = {9000000};
    const char *path = scratch_path(&tmp, "f");
    parasol_error err = {0};
    worker w[4];
    uint64_t seed = scratch_seed();
    make_file(path, lens, 1);
    pc_sealed *f = open_good(path);
    for (unsigned i = 0; i < 4; i++) {
        w[i] = (worker){.f = f, .seed = seed + i};
        assert_int_equal(pc_sealed_section(f, 1, &w[i].sec, &err), 0);
        assert_int_equal(pthread_create(&w[i].thread, NULL, run_worker, &w[i]),
                         0);
    }
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(w[i].thread, NULL), 0);
        assert_int_equal(w[i].wrong, 0);
    }
    pc_sealed_close(f);
}

/* The example of docs/format.md, byte by byte. */
static void format_sealed__worked_bytes_of_the_document(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        size_t n;
        const char *bytes;
    } rows[] = {
        {0, 8, "\x50\x41\x52\x41\x53\x4f\x4c\x0a"},    /* magic */
        {8, 8, "\x01\x00\x00\x00\x02\x00\x00\x00"},    /* kind 1, version 2 */
        {16, 8, "\x2a\x00\x00\x00\x00\x00\x00\x00"},   /* number 42 */
        {60, 4, "\x23\x30\x99\x23"},                   /* crc of the header */
        {64, 5, "\x68\x65\x6c\x6c\x6f"},               /* section 1: hello */
        {4096, 4, "\xd5\xbe\xa8\x75"},                 /* sums[0] */
        {4100, 4, "\x34\x54\x76\x50"},                 /* root[0] */
        {4104, 8, "\x01\x00\x00\x00\x00\x00\x00\x00"}, /* section 1, zero */
        {4112, 8, "\x40\x00\x00\x00\x00\x00\x00\x00"}, /* its offset, 64 */
        {4120, 8, "\x05\x00\x00\x00\x00\x00\x00\x00"}, /* its length, 5 */
        {4128, 8, "\x50\x41\x52\x41\x53\x4f\x4c\x0a"}, /* magic */
        {4136, 8, "\x60\x10\x00\x00\x00\x00\x00\x00"}, /* length, 4192 */
        {4144, 8, "\x00\x10\x00\x00\x00\x00\x00\x00"}, /* sums_off, 4096 */
        {4152, 8, "\x04\x10\x00\x00\x00\x00\x00\x00"}, /* root_off, 4100 */
        {4160, 8, "\x08\x10\x00\x00\x00\x00\x00\x00"}, /* toc_off, 4104 */
        {4168, 4, "\x01\x00\x00\x00"},                 /* sections, 1 */
        {4172, 4, "\xc9\xb7\x8c\x21"}, /* crc of root and table */
        {4188, 4, "\x90\xdc\xab\xf2"}, /* trailer crc */
    };
    parasol_error err = {0};
    pi_out *o = NULL;
    size_t n = 0;
    uint8_t want[4192] = {0};
    const char *path = scratch_path(&tmp, "f");
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 42, NULL, &err),
                     0);
    pi_out_begin(o, PC_SECTION_META);
    pi_out_put(o, "hello", 5);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), 0);
    for (size_t i = 0; i < PC_COUNTOF(rows); i++)
        memcpy(want + rows[i].at, rows[i].bytes, rows[i].n);
    uint8_t *all = scratch_read(path, &n);
    assert_int_equal(n, sizeof want);
    assert_memory_equal(all, want, sizeof want);
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            format_sealed__worked_bytes_of_the_document, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(format_sealed__round_trip_of_many_sizes,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            format_sealed__same_calls_give_same_bytes, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            format_sealed__every_flipped_byte_is_noticed, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            format_sealed__every_truncation_and_extension_is_refused,
            scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            format_sealed__other_versions_and_kinds_are_named, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            format_sealed__wrong_values_under_right_checksums, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            format_sealed__need_refuses_ranges_outside, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            format_sealed__need_finds_the_damaged_page_only, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(format_sealed__threads_may_need_at_once,
                                        scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
