/*
 * Byte buffer: what is appended, the padding behind it, the sticky status.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/buf.h"

static void *refuse(void *ptr, size_t size, void *user)
{
    int *left = user;
    if (*left == 0)
        return NULL;
    --*left;
    return realloc(ptr, size);
}

static void give_back(void *ptr, void *user)
{
    PC_UNUSED(user);
    free(ptr);
}

static void base_buf__appends_in_order(void **unused)
{
    PC_UNUSED(unused);
    static const uint8_t want[] = "abcdez7\x04\x03\x02\x01"
                                  "\x08\x07\x06\x05\x04\x03\x02\x01n=12";
    pc_buf b;
    pc_buf_init(&b, NULL);
    pc_buf_put(&b, "abc", 3);
    pc_buf_put(&b, NULL, 0);
    pc_buf_put_str(&b, PC_STR_LIT("de"));
    pc_buf_put_z(&b, "z");
    pc_buf_put_u8(&b, '7');
    pc_buf_put_u32(&b, 0x01020304);
    pc_buf_put_u64(&b, UINT64_C(0x0102030405060708));
    pc_buf_put_fmt(&b, "n=%d", 12);
    assert_int_equal(b.status, PARASOL_OK);
    assert_int_equal(b.len, sizeof want - 1);
    assert_memory_equal(b.ptr, want, b.len);
    assert_int_equal(pc_buf_str(&b).len, b.len);
    pc_buf_release(&b);
    assert_null(b.ptr);
    assert_int_equal(b.len, 0);
}

static void base_buf__padding_is_readable_at_any_length(void **unused)
{
    PC_UNUSED(unused);
    pc_buf b;
    pc_buf_init(&b, NULL);
    volatile uint8_t sum = 0;
    for (unsigned i = 0; i < 2000; i++) {
        pc_buf_put_u8(&b, (uint8_t)i);
        for (size_t k = 0; k < PC_PAD; k++)
            sum = (uint8_t)(sum + (b.len + k >= b.cap ? b.ptr[b.len + k] : 0));
    }
    assert_int_equal(b.len, 2000);
    for (unsigned i = 0; i < 2000; i++)
        assert_int_equal(b.ptr[i], i & 255);
    uint8_t *before = b.ptr;
    pc_buf_clear(&b);
    assert_int_equal(b.len, 0);
    pc_buf_put_u8(&b, 1);
    assert_ptr_equal(b.ptr, before);
    pc_buf_release(&b);
}

static void base_buf__an_empty_reserve_gives_an_address(void **unused)
{
    PC_UNUSED(unused);
    pc_buf b;
    pc_buf_init(&b, NULL);
    assert_non_null(pc_buf_reserve(&b, 0));
    assert_int_equal(b.len, 0);
    pc_buf_release(&b);
    pc_buf_release(&b);
}

static void base_buf__status_sticks(void **unused)
{
    PC_UNUSED(unused);
    int left = 1;
    pc_mem mem = {refuse, give_back, &left};
    char text[500];
    memset(text, 'x', sizeof text);
    pc_buf b;
    pc_buf_init(&b, &mem);
    pc_buf_put(&b, "abc", 3);
    assert_int_equal(b.status, PARASOL_OK);
    pc_buf_put(&b, text, sizeof text);
    assert_int_equal(b.status, PARASOL_NOMEM);
    left = 10;
    pc_buf_put_u8(&b, 1); /* would fit, but the buffer is spoiled */
    pc_buf_put_fmt(&b, "%d", 1);
    assert_null(pc_buf_reserve(&b, 1));
    assert_int_equal(b.len, 3);
    assert_int_equal(b.status, PARASOL_NOMEM);
    pc_buf_clear(&b);
    assert_int_equal(b.status, PARASOL_OK);
    assert_null(pc_buf_reserve(&b, SIZE_MAX));
    assert_int_equal(b.status, PARASOL_NOMEM);
    pc_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_buf__appends_in_order),
        cmocka_unit_test(base_buf__padding_is_readable_at_any_length),
        cmocka_unit_test(base_buf__an_empty_reserve_gives_an_address),
        cmocka_unit_test(base_buf__status_sticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
