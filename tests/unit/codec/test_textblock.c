/*
 * Stored-text blocks: round trip, damage, wrong lengths, no memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/textblock.h"

struct meter {
    int live, left;
};

static void *meter_resize(void *ptr, size_t size, void *user)
{
    struct meter *m = user;
    if (m->left-- <= 0)
        return NULL;
    m->live += ptr == NULL;
    return realloc(ptr, size);
}

static void meter_release(void *ptr, void *user)
{
    struct meter *m = user;
    m->live -= ptr != NULL;
    free(ptr);
}

/* Text of n bytes, the same for the same n. */
static char *text(size_t n)
{
    char *p = malloc(n + 32);
    assert_non_null(p);
    size_t len = 0;
    for (unsigned i = 0; len < n; i++)
        len += (size_t)snprintf(p + len, 32, "word%u of %u, ", i * 7919 % 1013,
                                i % 10);
    return p;
}

/* Unpacks into a block of exactly raw_len bytes. */
static int unpack(pc_str packed, size_t raw_len, const char *want)
{
    parasol_error err = {0};
    uint8_t *out = malloc(raw_len ? raw_len : 1);
    char *in = malloc(packed.len ? packed.len : 1);
    assert_true(out && in);
    if (packed.len)
        memcpy(in, packed.ptr, packed.len);
    int rc =
        pc_textblock_get(out, raw_len, (pc_str){in, packed.len}, NULL, &err);
    assert_int_equal(err.code, rc);
    if (rc == PARASOL_OK && want)
        assert_memory_equal(out, want, raw_len);
    if (rc)
        assert_true(err.message[0] != 0);
    free(in);
    free(out);
    return rc;
}

static void codec_textblock__round_trip(void **unused)
{
    PC_UNUSED(unused);
    static const size_t lens[] = {0, 1, 2, 100, 16384, 65536, 1000000};
    for (size_t i = 0; i < PC_COUNTOF(lens); i++) {
        char *raw = text(lens[i]);
        for (int level = 1; level <= 9; level += 4) {
            pc_buf b;
            pc_buf_init(&b, NULL);
            pc_buf_put_z(&b, "before");
            assert_int_equal(
                pc_textblock_put(&b, (pc_str){raw, lens[i]}, level, NULL), 0);
            assert_memory_equal(b.ptr, "before", 6);
            pc_str packed = {(const char *)b.ptr + 6, b.len - 6};
            assert_int_equal(packed.ptr[0], 0x78); /* zlib, 32 KiB window */
            if (lens[i] > 1000)
                assert_true(packed.len < lens[i] / 2);
            assert_int_equal(unpack(packed, lens[i], raw), PARASOL_OK);
            pc_buf_release(&b);
        }
        free(raw);
    }
}

static void codec_textblock__bytes_that_do_not_shrink(void **unused)
{
    PC_UNUSED(unused);
    size_t n = 70000;
    char *raw = malloc(n);
    assert_non_null(raw);
    uint64_t s = 88172645463325252u;
    for (size_t i = 0; i < n; i++) {
        s ^= s << 13;
        s ^= s >> 7;
        s ^= s << 17;
        raw[i] = (char)(s >> 33);
    }
    pc_buf b;
    pc_buf_init(&b, NULL);
    assert_int_equal(pc_textblock_put(&b, (pc_str){raw, n}, 6, NULL), 0);
    assert_int_equal(unpack(pc_buf_str(&b), n, raw), PARASOL_OK);
    pc_buf_release(&b);
    free(raw);
}

static void codec_textblock__every_flipped_byte_is_noticed(void **unused)
{
    PC_UNUSED(unused);
    size_t n = 2000;
    char *raw = text(n);
    pc_buf b;
    pc_buf_init(&b, NULL);
    assert_int_equal(pc_textblock_put(&b, (pc_str){raw, n}, 6, NULL), 0);
    int harmless = 0;
    for (size_t i = 0; i < b.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            b.ptr[i] ^= (uint8_t)(1u << bit);
            int rc = unpack(pc_buf_str(&b), n, raw);
            assert_true(rc == PARASOL_CORRUPT || rc == PARASOL_OK);
            harmless += rc == PARASOL_OK;
            b.ptr[i] ^= (uint8_t)(1u << bit);
        }
    }
    /* only unused bits may flip unseen: the padding behind the last code */
    assert_in_range(harmless, 0, 7);
    pc_buf_release(&b);
    free(raw);
}

static void codec_textblock__wrong_lengths_are_refused(void **unused)
{
    PC_UNUSED(unused);
    size_t n = 3000;
    char *raw = text(n);
    pc_buf b;
    pc_buf_init(&b, NULL);
    assert_int_equal(pc_textblock_put(&b, (pc_str){raw, n}, 6, NULL), 0);
    pc_str packed = pc_buf_str(&b);
    assert_int_equal(unpack(packed, n, raw), PARASOL_OK);
    assert_int_equal(unpack(packed, n - 1, NULL), PARASOL_CORRUPT);
    assert_int_equal(unpack(packed, n + 1, NULL), PARASOL_CORRUPT);
    assert_int_equal(unpack(packed, 0, NULL), PARASOL_CORRUPT);
    for (size_t cut = 0; cut < packed.len; cut++)
        assert_int_equal(unpack((pc_str){packed.ptr, cut}, n, NULL),
                         PARASOL_CORRUPT);
    pc_buf_put_u8(&b, 0);
    assert_int_equal(unpack(pc_buf_str(&b), n, NULL), PARASOL_CORRUPT);
    assert_int_equal(unpack((pc_str){NULL, 0}, 0, NULL), PARASOL_CORRUPT);
    uint8_t byte;
    assert_int_equal(pc_textblock_get(&byte, SIZE_MAX, packed, NULL, NULL),
                     PARASOL_CORRUPT);
    pc_buf_release(&b);
    free(raw);
}

static void codec_textblock__a_preset_dictionary_is_damage(void **unused)
{
    PC_UNUSED(unused);
    /* header with the dictionary flag, which we never write */
    assert_int_equal(
        unpack(PC_STR_LIT("\x78\xbb\x00\x00\x00\x01\x03\x00"), 0, NULL),
        PARASOL_CORRUPT);
}

static void codec_textblock__out_of_memory(void **unused)
{
    PC_UNUSED(unused);
    char *raw = text(2500);
    int puts = 0, gets = 0;
    pc_buf whole;
    pc_buf_init(&whole, NULL);
    assert_int_equal(pc_textblock_put(&whole, (pc_str){raw, 2500}, 6, NULL), 0);
    for (int allowed = 0; allowed < 8; allowed++) {
        struct meter m = {0, allowed};
        pc_mem mem = {meter_resize, meter_release, &m};
        uint8_t out[2500];
        pc_buf b;
        pc_buf_init(&b, &mem);
        int rc = pc_textblock_put(&b, (pc_str){raw, 2500}, 6, &mem);
        assert_int_equal(rc, b.status);
        assert_true(rc == PARASOL_OK || rc == PARASOL_NOMEM);
        assert_true(rc == PARASOL_OK || b.len == 0);
        puts += rc == PARASOL_OK;
        pc_buf_release(&b);
        m.left = allowed;
        rc = pc_textblock_get(out, sizeof out, pc_buf_str(&whole), &mem, NULL);
        assert_true(rc == PARASOL_OK || rc == PARASOL_NOMEM);
        gets += rc == PARASOL_OK;
        assert_int_equal(m.live, 0);
    }
    assert_in_range(puts, 1, 7);
    assert_in_range(gets, 1, 7);
    pc_buf_release(&whole);
    free(raw);
}

static void codec_textblock__arguments(void **unused)
{
    PC_UNUSED(unused);
    pc_buf b;
    pc_buf_init(&b, NULL);
    assert_int_equal(pc_textblock_put(&b, PC_STR_LIT("x"), 0, NULL),
                     PARASOL_ARG);
    assert_int_equal(pc_textblock_put(&b, PC_STR_LIT("x"), 10, NULL),
                     PARASOL_ARG);
    assert_int_equal(pc_textblock_put(&b, (pc_str){"x", SIZE_MAX}, 6, NULL),
                     PARASOL_ARG);
    assert_int_equal(b.len, 0);
    pc_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_textblock__round_trip),
        cmocka_unit_test(codec_textblock__bytes_that_do_not_shrink),
        cmocka_unit_test(codec_textblock__every_flipped_byte_is_noticed),
        cmocka_unit_test(codec_textblock__wrong_lengths_are_refused),
        cmocka_unit_test(codec_textblock__a_preset_dictionary_is_damage),
        cmocka_unit_test(codec_textblock__out_of_memory),
        cmocka_unit_test(codec_textblock__arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
