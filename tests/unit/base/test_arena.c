/*
 * Arena: neighbours do not overlap, memory is reused and given back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/arena.h"

#define ITEMS 3000u

struct meter {
    size_t live;
    int calls, refuse;
};

static void *meter_resize(void *ptr, size_t size, void *user)
{
    struct meter *m = user;
    if (size > SIZE_MAX / 2)
        return NULL; /* as any allocator does */
    if (++m->calls == m->refuse)
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

/* Sizes 0..199, some large ones between. */
static size_t size_of(uint32_t i)
{
    return i % 61 == 60 ? 3000 + i : (i * 37) % 200;
}

static void fill_and_check(pc_arena *a)
{
    static uint8_t *item[ITEMS];
    for (uint32_t i = 0; i < ITEMS; i++) {
        item[i] = pc_arena_alloc(a, size_of(i));
        assert_non_null(item[i]);
        assert_int_equal((uintptr_t)item[i] % 16, 0);
        memset(item[i], (int)(i & 255), size_of(i));
    }
    for (uint32_t i = 0; i < ITEMS; i++) {
        for (size_t k = 0; k < size_of(i); k++)
            assert_int_equal(item[i][k], i & 255);
    }
}

static void base_arena__items_keep_their_bytes(void **unused)
{
    PC_UNUSED(unused);
    struct meter m = {0, 0, 0};
    pc_mem mem = {meter_resize, meter_release, &m};
    pc_arena a;
    pc_arena_init(&a, &mem, 4096);
    assert_int_equal(m.calls, 0);
    fill_and_check(&a);
    assert_true(a.total > 0);
    pc_arena_clear(&a);
    assert_true(m.live <= 1);
    fill_and_check(&a);
    pc_arena_release(&a);
    assert_int_equal(m.live, 0);
    assert_int_equal(a.total, 0);
    fill_and_check(&a);
    pc_arena_release(&a);
    pc_arena_release(&a);
    assert_int_equal(m.live, 0);
}

static void base_arena__zeroed_and_copied(void **unused)
{
    PC_UNUSED(unused);
    pc_arena a;
    pc_arena_init(&a, NULL, 0);
    memset(pc_arena_alloc(&a, 1000), 0xff, 1000);
    pc_arena_clear(&a);
    const uint8_t zero[800] = {0};
    uint8_t *z = pc_arena_zalloc(&a, 100, 8);
    assert_non_null(z);
    assert_memory_equal(z, zero, 800);
    char *s = pc_arena_copy(&a, "abc", 3), *e = pc_arena_copy(&a, NULL, 0);
    assert_non_null(s);
    assert_non_null(e);
    assert_string_equal(s, "abc");
    assert_string_equal(e, "");
    pc_arena_release(&a);
}

static void base_arena__first_item_may_be_large(void **unused)
{
    PC_UNUSED(unused);
    pc_arena a;
    pc_arena_init(&a, NULL, 256);
    uint8_t *big = pc_arena_alloc(&a, 100000);
    uint8_t *small = pc_arena_alloc(&a, 10);
    assert_non_null(big);
    assert_non_null(small);
    memset(big, 1, 100000);
    memset(small, 2, 10);
    assert_int_equal(big[99999], 1);
    pc_arena_clear(&a);
    pc_arena_release(&a);
}

static void base_arena__overflow_and_refusal(void **unused)
{
    PC_UNUSED(unused);
    struct meter m = {0, 0, 2};
    pc_mem mem = {meter_resize, meter_release, &m};
    pc_arena a;
    pc_arena_init(&a, &mem, 1024);
    assert_null(pc_arena_alloc(&a, SIZE_MAX));
    assert_null(pc_arena_alloc(&a, SIZE_MAX - 20));
    assert_null(pc_arena_zalloc(&a, SIZE_MAX / 2, 3));
    assert_null(pc_arena_copy(&a, "", SIZE_MAX));
    assert_int_equal(m.calls, 0);
    uint8_t *first = pc_arena_alloc(&a, 100);
    assert_non_null(first);
    memset(first, 9, 100);
    assert_null(pc_arena_alloc(&a, 5000)); /* refused by the allocator */
    assert_int_equal(first[99], 9);
    assert_non_null(pc_arena_alloc(&a, 5000)); /* and well afterwards */
    pc_arena_release(&a);
    assert_int_equal(m.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_arena__items_keep_their_bytes),
        cmocka_unit_test(base_arena__zeroed_and_copied),
        cmocka_unit_test(base_arena__first_item_may_be_large),
        cmocka_unit_test(base_arena__overflow_and_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
