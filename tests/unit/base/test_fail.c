/*
 * Errors: what is filled in, and what is left alone.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/fail.h"

static void base_fail__fills_code_and_sentence(void **unused)
{
    PC_UNUSED(unused);
    parasol_error e;
    memset(&e, 0x55, sizeof e);
    assert_int_equal(pc_fail(&e, PARASOL_QUERY, "near '%s'", "x"),
                     PARASOL_QUERY);
    assert_int_equal(e.code, PARASOL_QUERY);
    assert_int_equal(e.os_errno, 0);
    assert_true(e.offset == PARASOL_NO_OFFSET);
    assert_string_equal(e.message, "near 'x'");
}

static void base_fail__keeps_the_offset(void **unused)
{
    PC_UNUSED(unused);
    parasol_error e;
    assert_int_equal(pc_fail_at(&e, PARASOL_CORRUPT, 77, "f: bad magic"),
                     PARASOL_CORRUPT);
    assert_true(e.offset == 77);
    assert_string_equal(e.message, "f: bad magic");
}

static void base_fail__maps_system_errors(void **unused)
{
    PC_UNUSED(unused);
    static const struct {
        int os_errno, code;
    } map[] = {
        {ENOMEM, PARASOL_NOMEM},    {ENOSPC, PARASOL_FULL},
        {EDQUOT, PARASOL_FULL},     {EFBIG, PARASOL_FULL},
        {ENOENT, PARASOL_NOTFOUND}, {EIO, PARASOL_IO},
        {EACCES, PARASOL_IO},
    };
    for (size_t i = 0; i < PC_COUNTOF(map); i++) {
        parasol_error e;
        assert_int_equal(pc_fail_os(&e, map[i].os_errno, "open %s", "a/b"),
                         map[i].code);
        assert_int_equal(e.code, map[i].code);
        assert_int_equal(e.os_errno, map[i].os_errno);
        assert_int_equal(strncmp(e.message, "open a/b: ", 10), 0);
        assert_true(strlen(e.message) > 10);
    }
}

static void base_fail__no_error_wanted(void **unused)
{
    PC_UNUSED(unused);
    assert_int_equal(pc_fail(NULL, PARASOL_ARG, "x"), PARASOL_ARG);
    assert_int_equal(pc_fail_at(NULL, PARASOL_ARG, 1, "x"), PARASOL_ARG);
    assert_int_equal(pc_fail_os(NULL, ENOENT, "x"), PARASOL_NOTFOUND);
    assert_int_equal(pc_fail_nomem(NULL), PARASOL_NOMEM);
}

static void base_fail__long_sentences_are_cut(void **unused)
{
    PC_UNUSED(unused);
    parasol_error e;
    char text[3000];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = 0;
    assert_int_equal(pc_fail(&e, PARASOL_IO, "%s", text), PARASOL_IO);
    assert_int_equal(strlen(e.message), sizeof e.message - 1);
    assert_int_equal(pc_fail_os(&e, EIO, "%s", text), PARASOL_IO);
    assert_int_equal(strlen(e.message), sizeof e.message - 1);
}

static void base_fail__every_status_has_a_sentence(void **unused)
{
    PC_UNUSED(unused);
    const char *unknown = parasol_status_str(12345);
    assert_non_null(unknown);
    assert_string_equal(parasol_status_str(PARASOL_OK), "success");
#define CHECK(name, number, sentence)                                          \
    assert_string_equal(parasol_status_str(PARASOL_##name), sentence);
    PARASOL_STATUS_MAP(CHECK)
#undef CHECK
    assert_string_equal(parasol_status_str(-999), unknown);
    assert_string_equal(parasol_version(), PARASOL_VERSION_STRING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_fail__fills_code_and_sentence),
        cmocka_unit_test(base_fail__keeps_the_offset),
        cmocka_unit_test(base_fail__maps_system_errors),
        cmocka_unit_test(base_fail__no_error_wanted),
        cmocka_unit_test(base_fail__long_sentences_are_cut),
        cmocka_unit_test(base_fail__every_status_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
