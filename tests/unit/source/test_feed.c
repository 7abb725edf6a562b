/* Feeds: the same bytes whatever they are packed in, and cuts are noticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

#include "indexer/source/feed.h"
#include "tests/support/scratch.h"

enum { MANY = 400000 };

static scratch dir;
static uint8_t plain[MANY], packed[2 * MANY];

static const char *put(const char *name, const uint8_t *bytes, size_t n)
{
    const char *path = scratch_path(&dir, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    return path;
}

static size_t gzip(const uint8_t *from, size_t n, uint8_t *to)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, 0), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)from;
    z.avail_in = (uInt)n;
    z.next_out = to;
    z.avail_out = MANY;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t len = z.total_out;
    (void)deflateEnd(&z);
    return len;
}

/* Reads the file in pieces; the status of the first failure. */
static int read_all(const char *path, size_t piece, uint8_t *out, size_t *n)
{
    pi_feed *f = NULL;
    parasol_error err = {0};
    size_t got = piece;
    *n = 0;
    int rc = pi_feed_open(&f, path, NULL, &err);
    while (!rc && got == piece) {
        rc = pi_feed_read(f, out + *n, piece, &got, &err);
        *n += got;
    }
    if (!rc)
        assert_int_equal(pi_feed_at(f), pi_feed_size(f));
    else
        assert_true(err.code == rc && err.message[0] != 0);
    pi_feed_close(f);
    return rc;
}

static void same(const char *path, const uint8_t *want, size_t n)
{
    static uint8_t out[2 * MANY];
    static const size_t pieces[] = {997, 65536, MANY + 5};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        size_t got = 0;
        assert_int_equal(read_all(path, pieces[i], out, &got), PARASOL_OK);
        assert_int_equal(got, n);
        assert_memory_equal(out, want, n);
    }
}

static void source_feed__plain(void **state)
{
    (void)state;
    size_t got;
    same(put("plain", plain, MANY), plain, MANY);
    same(put("short", plain, 3), plain, 3);
    same(put("empty", plain, 0), plain, 0);
    assert_int_equal(read_all(scratch_path(&dir, "none"), 10, packed, &got),
                     PARASOL_NOTFOUND);
}

static void source_feed__gzip(void **state)
{
    (void)state;
    size_t a = gzip(plain, 150000, packed);
    size_t b = gzip(plain + 150000, MANY - 150000, packed + a);
    same(put("two.gz", packed, a + b), plain, MANY);
    same(put("one.gz", packed, a), plain, 150000);
    a = gzip(plain, 0, packed);
    same(put("none.gz", packed, a), plain, 0);
}

static void source_feed__zstd(void **state)
{
    (void)state;
    size_t a = ZSTD_compress(packed, MANY, plain, 150000, 3);
    size_t b =
        ZSTD_compress(packed + a, MANY, plain + 150000, MANY - 150000, 3);
    assert_false(ZSTD_isError(a) || ZSTD_isError(b));
    same(put("two.zst", packed, a + b), plain, MANY);
    same(put("one.zst", packed, a), plain, 150000);
}

static void source_feed__cut_and_damaged(void **state)
{
    (void)state;
    static uint8_t out[2 * MANY];
    size_t got, n = gzip(plain, 50000, packed);
    for (size_t cut = 3; cut < n; cut += n / 40 + 1)
        assert_int_equal(read_all(put("cut.gz", packed, cut), 4096, out, &got),
                         PARASOL_DECODE);
    packed[n / 2] ^= 0xff;
    assert_int_equal(read_all(put("bad.gz", packed, n), 4096, out, &got),
                     PARASOL_DECODE);
    n = ZSTD_compress(packed, MANY, plain, 50000, 3);
    for (size_t cut = 4; cut < n; cut += n / 40 + 1)
        assert_int_equal(read_all(put("cut.zst", packed, cut), 4096, out, &got),
                         PARASOL_DECODE);
    packed[5] ^= 0xff;
    assert_int_equal(read_all(put("bad.zst", packed, n), 4096, out, &got),
                     PARASOL_DECODE);
}

static int set_up(void **state)
{
    (void)state;
    uint64_t rng = 7;
    for (size_t i = 0; i < MANY; i++)
        plain[i] = (uint8_t)('a' + scratch_below(&rng, 8));
    scratch_make(&dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(&dir);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source_feed__plain),
        cmocka_unit_test(source_feed__gzip),
        cmocka_unit_test(source_feed__zstd),
        cmocka_unit_test(source_feed__cut_and_damaged),
    };
    return cmocka_run_group_tests_name("feed", tests, set_up, tear_down);
}
