/* The intern table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "indexer/invert/termtab.h"
#include "tests/support/failmem.h"
#include "tests/support/scratch.h"

#define MANY 50000u
#define SOME 5000u

static pc_str nth(char *room, size_t size, uint64_t i)
{
    int n = snprintf(room, size, "%llu%s", (unsigned long long)(i / 3),
                     i % 3 == 0   ? ""
                     : i % 3 == 1 ? "s"
                                  : "ing");
    return (pc_str){room, (size_t)n};
}

static void invert_termtab__numbers_are_dense_and_stable(void **state)
{
    (void)state;
    pi_termtab t;
    char room[32];
    assert_int_equal(pi_termtab_init(&t, NULL), PARASOL_OK);
    for (unsigned round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < MANY; i++) {
            pc_str s = nth(room, sizeof room, i);
            assert_int_equal(pi_termtab_put(&t, s), i);
            assert_true(pc_str_eq(pi_termtab_str(&t, i), s));
            if (round == 0) {
                assert_int_equal(t.values[i], PI_TERMTAB_NONE);
                t.values[i] = 7 * i;
            }
            assert_int_equal(t.values[i], 7 * i);
        }
    }
    assert_int_equal(t.n, MANY);
    assert_true(t.slot_count >= 2 * (size_t)MANY);
    pi_termtab_release(&t);
}

static void invert_termtab__any_bytes_are_strings(void **state)
{
    (void)state;
    pi_termtab t;
    char bytes[300];
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(pi_termtab_init(&t, NULL), PARASOL_OK);
    /* Zeros of every length, also none. */
    for (uint32_t n = 0; n < sizeof bytes; n++)
        assert_int_equal(pi_termtab_put(&t, (pc_str){bytes, n}), n);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(pi_termtab_put(&t, (pc_str){bytes, 0}), 0);
    assert_int_equal(pi_termtab_put(&t, (pc_str){bytes, 9}), sizeof bytes);
    pi_termtab_release(&t);
}

/* A small budget must hold more than a few words, or every document would be
   a segment of its own. */
static void invert_termtab__an_empty_table_is_small(void **state)
{
    (void)state;
    pi_termtab t;
    assert_int_equal(pi_termtab_init(&t, NULL), PARASOL_OK);
    assert_int_equal(pi_termtab_put(&t, PC_STR_LIT("word")), 0);
    assert_true(pi_termtab_memory(&t) <= (size_t)32 << 10);
    pi_termtab_release(&t);
}

static void invert_termtab__memory_may_run_out(void **state)
{
    (void)state;
    failmem mem = {0};
    parasol_allocator alloc = failmem_allocator(&mem);
    char room[32];
    for (uint64_t fail_at = 1;; fail_at += 1 + fail_at / 8) {
        pi_termtab t;
        uint32_t in = 0;
        failmem_start(&mem, fail_at, 1);
        if (pi_termtab_init(&t, &alloc) == PARASOL_OK) {
            while (in < SOME &&
                   pi_termtab_put(&t, nth(room, sizeof room, in)) == in)
                in++;
            /* What went in is there still. */
            for (uint32_t i = 0; i < in; i++)
                assert_int_equal(pi_termtab_put(&t, nth(room, sizeof room, i)),
                                 i);
        }
        pi_termtab_release(&t);
        assert_int_equal(atomic_load(&mem.live), 0);
        if (in == SOME)
            break;
        assert_true(atomic_load(&mem.failed));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invert_termtab__numbers_are_dense_and_stable),
        cmocka_unit_test(invert_termtab__any_bytes_are_strings),
        cmocka_unit_test(invert_termtab__an_empty_table_is_small),
        cmocka_unit_test(invert_termtab__memory_may_run_out),
    };
    return cmocka_run_group_tests_name("termtab", tests, NULL, NULL);
}
