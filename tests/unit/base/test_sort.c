/*
 * Sorting: order, stability, memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/sort.h"

#define SEED UINT64_C(0xd1342543de82ef95)

static uint64_t state = SEED;

static uint64_t rnd(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void *refuse(void *ptr, size_t size, void *user)
{
    int *left = user;
    return (*left)-- > 0 ? realloc(ptr, size) : NULL;
}

static void give_back(void *ptr, void *user)
{
    PC_UNUSED(user);
    free(ptr);
}

/* `mask` decides how many keys are equal and which of their bytes differ. */
static void check_keys(size_t n, uint64_t mask)
{
    pc_sort_item *v = malloc((n ? n : 1) * sizeof *v);
    uint64_t *key = malloc((n ? n : 1) * sizeof *key);
    assert_non_null(v);
    assert_non_null(key);
    for (size_t i = 0; i < n; i++) {
        key[i] = rnd() & mask;
        v[i] = (pc_sort_item){key[i], (uint32_t)i};
    }
    assert_int_equal(pc_sort_keys(v, n, NULL), PARASOL_OK);
    for (size_t i = 0; i < n; i++) {
        assert_true(v[i].value < n && key[v[i].value] == v[i].key);
        if (i > 0)
            assert_true(
                v[i - 1].key < v[i].key ||
                (v[i - 1].key == v[i].key && v[i - 1].value < v[i].value));
    }
    free(key);
    free(v);
}

static void base_sort__keys_in_order_and_stable(void **unused)
{
    PC_UNUSED(unused);
    print_message("seed %llu\n", (unsigned long long)state);
    static const uint64_t masks[] = {UINT64_MAX,
                                     0,
                                     1,
                                     0x3f,
                                     0xff00,
                                     UINT32_MAX,
                                     UINT64_C(0xff000000000000ff),
                                     UINT64_C(0x8000000000000000)};
    for (size_t m = 0; m < PC_COUNTOF(masks); m++) {
        for (size_t n = 0; n < 80; n++)
            check_keys(n, masks[m]);
        check_keys(1000, masks[m]);
        check_keys(20001, masks[m]);
    }
}

struct words {
    const uint32_t *rank; /* compared instead of the number itself */
    size_t calls;
};

static int by_rank(uint32_t a, uint32_t b, void *ctx)
{
    struct words *w = ctx;
    w->calls++;
    return w->rank[a] < w->rank[b] ? -1 : w->rank[a] > w->rank[b];
}

static size_t check_numbers(uint32_t n, uint32_t ranks, int sorted)
{
    uint32_t *v = malloc((n ? n : 1) * sizeof *v);
    uint32_t *rank = malloc((n ? n : 1) * sizeof *rank);
    uint8_t *seen = calloc(n ? n : 1, 1);
    assert_true(v && rank && seen);
    for (uint32_t i = 0; i < n; i++) {
        v[i] = i;
        rank[i] = sorted ? i : (uint32_t)(rnd() % ranks);
    }
    struct words w = {rank, 0};
    assert_int_equal(pc_sort_u32(v, n, by_rank, &w, NULL), PARASOL_OK);
    for (uint32_t i = 0; i < n; i++) {
        assert_true(v[i] < n && !seen[v[i]]);
        seen[v[i]] = 1;
        if (i > 0)
            assert_true(rank[v[i - 1]] < rank[v[i]] ||
                        (rank[v[i - 1]] == rank[v[i]] && v[i - 1] < v[i]));
    }
    free(seen);
    free(rank);
    free(v);
    return w.calls;
}

static void base_sort__numbers_in_order_and_stable(void **unused)
{
    PC_UNUSED(unused);
    print_message("seed %llu\n", (unsigned long long)state);
    for (uint32_t n = 0; n < 300; n++) {
        check_numbers(n, 1, 0);
        check_numbers(n, 5, 0);
        check_numbers(n, 1000000, 0);
    }
    assert_true(check_numbers(1 << 15, 1u << 30, 0) < 15u << 15);
    assert_int_equal(check_numbers(10000, 0, 1), 9999);
}

static void base_sort__out_of_memory_changes_nothing(void **unused)
{
    PC_UNUSED(unused);
    pc_sort_item v[50], v_before[50];
    uint32_t u[50], u_before[50];
    const uint32_t rank[3] = {2, 1, 0};
    struct words w = {rank, 0};
    memset(v, 0, sizeof v);
    for (uint32_t i = 0; i < 50; i++) {
        v[i].key = v[i].value = 1000 - i;
        u[i] = i % 3;
    }
    memcpy(v_before, v, sizeof v);
    memcpy(u_before, u, sizeof u);
    for (int allowed = 0; allowed < 2; allowed++) {
        int left = allowed;
        pc_mem mem = {refuse, give_back, &left};
        assert_int_equal(pc_sort_keys(v, 50, &mem), PARASOL_NOMEM);
        assert_memory_equal(v, v_before, sizeof v);
    }
    int left = 0;
    pc_mem mem = {refuse, give_back, &left};
    assert_int_equal(pc_sort_u32(u, 50, by_rank, &w, &mem), PARASOL_NOMEM);
    assert_memory_equal(u, u_before, sizeof u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_sort__keys_in_order_and_stable),
        cmocka_unit_test(base_sort__numbers_in_order_and_stable),
        cmocka_unit_test(base_sort__out_of_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
