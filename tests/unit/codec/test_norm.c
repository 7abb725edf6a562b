/*
 * Length classes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/codec/norm.h"

static void codec_norm__codes_are_their_own_class(void **unused)
{
    PC_UNUSED(unused);
    for (unsigned c = 0; c < 256; c++)
        assert_int_equal(pc_norm_encode(pc_norm_decode((uint8_t)c)), c);
}

static void codec_norm__grows_and_starts_exact(void **unused)
{
    PC_UNUSED(unused);
    for (unsigned c = 0; c < 48; c++)
        assert_int_equal(pc_norm_decode((uint8_t)c),
                         c < 32 ? c : 32 + 2 * (c - 32));
    for (unsigned c = 1; c < 256; c++)
        assert_true(pc_norm_decode((uint8_t)c) >
                    pc_norm_decode((uint8_t)(c - 1)));
    assert_int_equal(pc_norm_decode(255), PC_NORM_MAX);
}

static void codec_norm__largest_class_not_above_the_length(void **unused)
{
    PC_UNUSED(unused);
    unsigned code = 0;
    for (uint32_t len = 0; len < PC_NORM_MAX + 1000; len++) {
        while (code < 255 && pc_norm_decode((uint8_t)(code + 1)) <= len)
            code++;
        if (pc_norm_encode(len) != code)
            fail_msg("length %u", len);
    }
    assert_int_equal(pc_norm_encode(UINT32_MAX), 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_norm__codes_are_their_own_class),
        cmocka_unit_test(codec_norm__grows_and_starts_exact),
        cmocka_unit_test(codec_norm__largest_class_not_above_the_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
