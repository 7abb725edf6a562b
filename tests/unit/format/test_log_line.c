/*
 * Lines of the log: there and back, and every changed byte noticed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/format/log_line.h"
#include "indexer/commit/log.h"
#include "tests/support/scratch.h"

static const pc_log_line sample = {7, 1795457374, "update", 12,
                                   3, 1,          480,      91234};

static void format_log_line__there_and_back(void **state)
{
    (void)state;
    pc_buf b;
    pc_log_line got;
    pc_buf_init(&b, NULL);
    pc_log_line_put(&sample, &b);
    assert_int_equal(b.status, 0);
    pc_str text = {(const char *)b.ptr, b.len - 1};
    assert_true(pc_str_starts(
        text, PC_STR_LIT("7 2026-11-23T18:09:34Z update +12 ~3 -1 documents "
                         "480 bytes 91234 crc ")));
    assert_int_equal(b.ptr[b.len - 1], '\n');
    assert_true(pc_log_line_get(&got, text));
    assert_int_equal(got.commit, 7);
    assert_int_equal(got.time, sample.time);
    assert_string_equal(got.what, "update");
    assert_int_equal(got.added, 12);
    assert_int_equal(got.changed, 3);
    assert_int_equal(got.removed, 1);
    assert_int_equal(got.documents, 480);
    assert_int_equal(got.bytes, 91234);
    pc_buf_release(&b);
}

static void format_log_line__every_change_is_noticed(void **state)
{
    (void)state;
    pc_buf b;
    pc_log_line got;
    unsigned seen = 0;
    pc_buf_init(&b, NULL);
    pc_log_line_put(&sample, &b);
    size_t n = b.len - 1;
    for (size_t i = 0; i < n; i++) {
        assert_false(pc_log_line_get(&got, (pc_str){(char *)b.ptr, i}));
        for (unsigned v = 1; v < 256; v++) {
            b.ptr[i] ^= (uint8_t)v;
            assert_false(pc_log_line_get(&got, (pc_str){(char *)b.ptr, n}));
            b.ptr[i] ^= (uint8_t)v;
            seen++;
        }
    }
    assert_true(seen > 10000);
    pc_buf_release(&b);
}

static void format_log_line__appending_repairs_a_cut_line(void **state)
{
    (void)state;
    scratch tmp;
    pc_buf b;
    pc_log_line got;
    scratch_make(&tmp);
    pc_buf_init(&b, NULL);
    pi_log_append(tmp.dir, &sample, NULL);
    scratch_write(scratch_path(&tmp, "log"), "3 cut", 5);
    pi_log_append(tmp.dir, &sample, NULL);
    pi_log_append(tmp.dir, &sample, NULL);
    size_t len = 0;
    char *all = (char *)scratch_read(scratch_path(&tmp, "log"), &len);
    assert_memory_equal(all, "3 cut\n7 ", 8);
    size_t half = (len - 6) / 2;
    for (int i = 0; i < 2; i++) {
        pc_str line = {all + 6 + (size_t)i * half, half - 1};
        assert_true(pc_log_line_get(&got, line));
        assert_true(got.time > 1700000000);
    }
    free(all);
    pc_buf_release(&b);
    scratch_remove(&tmp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_log_line__there_and_back),
        cmocka_unit_test(format_log_line__every_change_is_noticed),
        cmocka_unit_test(format_log_line__appending_repairs_a_cut_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
