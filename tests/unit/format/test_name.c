/*
 * File names of an index.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/format/name.h"

typedef struct name_case {
    const char *name;
    enum pc_name kind;
    uint64_t number;
} name_case;

static void format_name__only_exact_names_are_ours(void **state)
{
    (void)state;
    static const name_case cases[] = {
        {"s1.seg", PC_NAME_SEGMENT, 1},
        {"s18446744073709551615.seg", PC_NAME_SEGMENT, UINT64_MAX},
        {"k77.seg", PC_NAME_SKIPS, 77},
        {"l5.seg", PC_NAME_LIVE, 5},
        {"f18446744073709551615.seg", PC_NAME_FILES, UINT64_MAX},
        {"log", PC_NAME_LOG, 0},
        {"l5.seg.tmp", PC_NAME_TEMPORARY, 0},
        {"f5.seg.tmp", PC_NAME_TEMPORARY, 0},
        {"l0.seg", PC_NAME_FOREIGN, 0},
        {"l.seg", PC_NAME_FOREIGN, 0},
        {"log.1", PC_NAME_FOREIGN, 0},
        {"manifest.10", PC_NAME_MANIFEST, 10},
        {"lock", PC_NAME_LOCK, 0},
        {"s1.seg.tmp", PC_NAME_TEMPORARY, 0},
        {"k9.seg.tmp", PC_NAME_TEMPORARY, 0},
        {"manifest.3.tmp", PC_NAME_TEMPORARY, 0},
        {"t0.tmp", PC_NAME_TEMPORARY, 0},
        {"t12.tmp", PC_NAME_TEMPORARY, 0},
        {"", PC_NAME_FOREIGN, 0},
        {"s.seg", PC_NAME_FOREIGN, 0},
        {"s0.seg", PC_NAME_FOREIGN, 0},
        {"s01.seg", PC_NAME_FOREIGN, 0},
        {"s+1.seg", PC_NAME_FOREIGN, 0},
        {"s1 .seg", PC_NAME_FOREIGN, 0},
        {"s1.segx", PC_NAME_FOREIGN, 0},
        {"S1.seg", PC_NAME_FOREIGN, 0},
        {"as1.seg", PC_NAME_FOREIGN, 0},
        {"s1.SEG", PC_NAME_FOREIGN, 0},
        {"s18446744073709551616.seg", PC_NAME_FOREIGN, 0},
        {"s99999999999999999999.seg", PC_NAME_FOREIGN, 0},
        {"manifest.", PC_NAME_FOREIGN, 0},
        {"manifest.0", PC_NAME_FOREIGN, 0},
        {"manifest.1a", PC_NAME_FOREIGN, 0},
        {"manifest", PC_NAME_FOREIGN, 0},
        {"manifest.1.tmp.tmp", PC_NAME_FOREIGN, 0},
        {"lock.tmp", PC_NAME_FOREIGN, 0},
        {"t.tmp", PC_NAME_FOREIGN, 0},
        {"x.tmp", PC_NAME_FOREIGN, 0},
        {".tmp", PC_NAME_FOREIGN, 0},
        {"t00.tmp", PC_NAME_FOREIGN, 0},
        {"notes.txt", PC_NAME_FOREIGN, 0},
    };
    for (size_t i = 0; i < PC_COUNTOF(cases); i++) {
        uint64_t number = 5;
        assert_int_equal(pc_name_parse(pc_str_of(cases[i].name), &number),
                         cases[i].kind);
        assert_true(number == cases[i].number);
        assert_int_equal(pc_name_parse(pc_str_of(cases[i].name), NULL),
                         cases[i].kind);
    }
}

static void format_name__paths_parse_back(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {1, 9, 10, 123456789, UINT64_MAX};
    static const enum pc_name kinds[] = {PC_NAME_SEGMENT, PC_NAME_SKIPS,
                                         PC_NAME_LIVE, PC_NAME_FILES,
                                         PC_NAME_MANIFEST};
    pc_buf b;
    pc_buf_init(&b, NULL);
    for (size_t i = 0; i < PC_COUNTOF(numbers); i++) {
        for (size_t k = 0; k < PC_COUNTOF(kinds); k++) {
            uint64_t number = 0;
            const char *path =
                pc_name_path(&b, "a/b", kinds[k], numbers[i], "", NULL);
            assert_non_null(path);
            assert_memory_equal(path, "a/b/", 4);
            assert_int_equal(pc_name_parse(pc_str_of(path + 4), &number),
                             kinds[k]);
            assert_true(number == numbers[i]);
            path = pc_name_path(&b, "a/b", kinds[k], numbers[i], ".tmp", NULL);
            assert_int_equal(pc_name_parse(pc_str_of(path + 4), NULL),
                             PC_NAME_TEMPORARY);
        }
    }
    pc_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_name__only_exact_names_are_ours),
        cmocka_unit_test(format_name__paths_parse_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
