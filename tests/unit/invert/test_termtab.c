/* The intern table, the table of short slices, and the slab. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "indexer/invert/termtab.h"
#include "indexer/invert/wordtab.h"
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

/* A long slab has its blocks in larger pieces of memory. */
static void invert_slab__pieces_do_not_overlap(void **state)
{
    (void)state;
    enum { PIECES = 60000 };
    static uint32_t at[PIECES];
    pi_slab slab;
    pi_slab_init(&slab, NULL);
    for (uint32_t i = 0; i < PIECES; i++) {
        size_t n = 500 + i % 700;
        at[i] = pi_slab_take(&slab, n);
        assert_true(at[i] != PI_SLAB_NONE);
        memset(pi_slab_at(&slab, at[i]), (int)(i % 251), n);
    }
    assert_true(slab.n_blocks > 160);
    for (uint32_t i = 0; i < PIECES; i++) {
        const uint8_t *p = pi_slab_at(&slab, at[i]);
        for (size_t k = 0; k < 500 + i % 700; k += 100)
            assert_int_equal(p[k], i % 251);
        assert_int_equal(p[499 + i % 700], i % 251);
    }
    pi_slab_release(&slab);
}

/* The key of a slice that has nothing behind it, and of one that has. */
static pi_word key_of(pc_str s, uint8_t kind, uint32_t language)
{
    char text[64];
    pi_word a = {{0}, 0, 0}, b = a;
    pc_token tok = {.end = (uint32_t)s.len, .kind = kind};
    memset(text, 'x', sizeof text);
    memcpy(text, s.ptr, s.len);
    assert_true(pi_word_key(&a, language, text, s.len, &tok));
    assert_true(pi_word_key(&b, language, text, sizeof text, &tok));
    assert_true(pi_word_same(&a, &b));
    return a;
}

static void invert_wordtab__words_are_found_again(void **state)
{
    (void)state;
    pi_wordtab t;
    char room[32];
    assert_int_equal(pi_wordtab_init(&t, NULL), PARASOL_OK);
    for (unsigned round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < MANY; i++) {
            pi_word k = key_of(nth(room, sizeof room, i), i & 1, i & 3);
            uint64_t hash = pi_word_hash(&k);
            assert_true(pi_wordtab_find(&t, &k, hash) == (round == 1));
            if (round == 1)
                assert_int_equal(k.form, 3 * i);
            k.form = 3 * i;
            if (round == 0)
                assert_int_equal(pi_wordtab_add(&t, &k, hash), PARASOL_OK);
        }
    }
    assert_int_equal(t.n, MANY);
    pi_wordtab_release(&t);
}

/* Length, kind, language and zeros tell slices apart. */
static void invert_wordtab__keys_differ(void **state)
{
    (void)state;
    static const char zeros[PI_WORD_MAX + 1];
    pi_word first = key_of((pc_str){zeros, 1}, 0, 0);
    for (size_t n = 1; n <= PI_WORD_MAX; n++) {
        for (uint8_t kind = 0; kind < 5; kind++) {
            pi_word k = key_of((pc_str){zeros, n}, kind, 0);
            pi_word other = key_of((pc_str){zeros, n}, kind, 200);
            assert_true(k.tag != 0 && other.tag != 0);
            assert_false(pi_word_same(&k, &other));
            assert_true(pi_word_same(&k, &first) == (n == 1 && kind == 0));
        }
    }
    pc_token tok = {.end = PI_WORD_MAX + 1};
    assert_false(pi_word_key(&first, 0, zeros, sizeof zeros, &tok));
}

/* What was put second into a set of the small table comes first when it is
   found. */
static void invert_wordtab__hot_words_stay(void **state)
{
    (void)state;
    pi_word set[2] = {key_of(PC_STR_LIT("one"), 0, 0),
                      key_of(PC_STR_LIT("two"), 0, 0)};
    pi_word k = key_of(PC_STR_LIT("two"), 0, 0);
    set[0].form = 1;
    set[1].form = 2;
    assert_true(pi_wordtab_hot(set, &k) && k.form == 2);
    assert_int_equal(set[0].form, 2);
    assert_int_equal(set[1].form, 1);
    assert_true(pi_wordtab_hot(set, &k) && k.form == 2);
    k = key_of(PC_STR_LIT("three"), 0, 0);
    assert_false(pi_wordtab_hot(set, &k));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invert_termtab__numbers_are_dense_and_stable),
        cmocka_unit_test(invert_termtab__any_bytes_are_strings),
        cmocka_unit_test(invert_termtab__an_empty_table_is_small),
        cmocka_unit_test(invert_termtab__memory_may_run_out),
        cmocka_unit_test(invert_slab__pieces_do_not_overlap),
        cmocka_unit_test(invert_wordtab__words_are_found_again),
        cmocka_unit_test(invert_wordtab__keys_differ),
        cmocka_unit_test(invert_wordtab__hot_words_stay),
    };
    return cmocka_run_group_tests_name("termtab", tests, NULL, NULL);
}
