/*
 * Allocation wrappers: overflow, zero sizes, a caller's allocator, growth.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"

struct meter {
    int live;   /* blocks not released */
    int calls;  /* of resize */
    int refuse; /* refuse the call of this number */
};

static void *meter_resize(void *ptr, size_t size, void *user)
{
    struct meter *m = user;
    assert_true(size > 0);
    if (++m->calls == m->refuse)
        return NULL;
    void *p = realloc(ptr, size);
    assert_non_null(p);
    if (!ptr) {
        memset(p, 0xee, size);
        m->live++;
    }
    return p;
}

static void meter_release(void *ptr, void *user)
{
    struct meter *m = user;
    if (ptr)
        m->live--;
    free(ptr);
}

static pc_mem mem_of(struct meter *m)
{
    return (pc_mem){meter_resize, meter_release, m};
}

static void base_mem__overflow_is_out_of_memory(void **unused)
{
    PC_UNUSED(unused);
    struct meter m = {0, 0, 0};
    pc_mem mem = mem_of(&m);
    assert_null(pc_alloc(NULL, SIZE_MAX, 2));
    assert_null(pc_alloc(&mem, SIZE_MAX / 2, 3));
    assert_null(pc_zalloc(NULL, SIZE_MAX, 2));
    assert_null(pc_zalloc(&mem, SIZE_MAX, 2));
    assert_int_equal(m.calls, 0);
}

static void base_mem__no_bytes_is_a_block(void **unused)
{
    PC_UNUSED(unused);
    struct meter m = {0, 0, 0};
    pc_mem mem = mem_of(&m);
    void *a = pc_alloc(NULL, 0, 8), *b = pc_alloc(&mem, 8, 0);
    void *c = pc_zalloc(NULL, 0, 0), *d = pc_zalloc(&mem, 0, 0);
    assert_true(a && b && c && d);
    pc_free(NULL, a);
    pc_free(&mem, b);
    pc_free(NULL, c);
    pc_free(&mem, d);
    pc_free(&mem, NULL);
    pc_free(NULL, NULL);
    assert_int_equal(m.live, 0);
}

static void base_mem__zeroed(void **unused)
{
    PC_UNUSED(unused);
    struct meter m = {0, 0, 0};
    pc_mem mem = mem_of(&m);
    const uint8_t zero[300] = {0};
    uint8_t *p = pc_zalloc(&mem, 100, 3);
    assert_non_null(p);
    assert_memory_equal(p, zero, 300);
    pc_free(&mem, p);
    p = pc_zalloc(NULL, 100, 3);
    assert_non_null(p);
    assert_memory_equal(p, zero, 300);
    pc_free(NULL, p);
}

static void base_mem__grow_doubles_and_keeps_content(void **unused)
{
    PC_UNUSED(unused);
    struct meter m = {0, 0, 0};
    pc_mem mem = mem_of(&m);
    void *v = NULL;
    size_t cap = 0;
    for (size_t n = 0; n < 5000; n++) {
        assert_int_equal(pc_grow(&mem, &v, &cap, n + 1, sizeof(uint32_t)), 0);
        assert_true(cap > n);
        ((uint32_t *)v)[n] = (uint32_t)n;
    }
    assert_true(m.calls < 15);
    for (uint32_t i = 0; i < 5000; i++)
        assert_int_equal(((uint32_t *)v)[i], i);
    pc_free(&mem, v);
    assert_int_equal(m.live, 0);
}

static void base_mem__grow_failure_leaves_the_block(void **unused)
{
    PC_UNUSED(unused);
    struct meter m = {0, 0, 2};
    pc_mem mem = mem_of(&m);
    void *v = NULL;
    size_t cap = 0;
    assert_int_equal(pc_grow(&mem, &v, &cap, 1, 1), 0);
    void *before = v;
    size_t cap_before = cap;
    assert_int_equal(pc_grow(&mem, &v, &cap, 1000, 1), PARASOL_NOMEM);
    assert_int_equal(pc_grow(&mem, &v, &cap, SIZE_MAX, 1), PARASOL_NOMEM);
    assert_int_equal(pc_grow(&mem, &v, &cap, SIZE_MAX / 2, 8), PARASOL_NOMEM);
    assert_ptr_equal(v, before);
    assert_int_equal(cap, cap_before);
    pc_free(&mem, v);
    assert_int_equal(m.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_mem__overflow_is_out_of_memory),
        cmocka_unit_test(base_mem__no_bytes_is_a_block),
        cmocka_unit_test(base_mem__zeroed),
        cmocka_unit_test(base_mem__grow_doubles_and_keeps_content),
        cmocka_unit_test(base_mem__grow_failure_leaves_the_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
