/*
 * Sorts by the first eight bytes, then the runs that have them in common.
 */
#include "indexer/invert/sorted.h"

#include "common/base/ints.h"
#include "common/base/sort.h"

uint64_t pi_prefix(pc_str s)
{
    uint8_t head[8] = {0};
    if (s.len >= sizeof head)
        return pc_load64be((const uint8_t *)s.ptr);
    if (s.len > 0)
        memcpy(head, s.ptr, s.len);
    return pc_load64be(head);
}

typedef struct strings {
    pi_nth_string *nth;
    const void *of;
} strings;

static int compare(uint32_t a, uint32_t b, void *ctx)
{
    const strings *s = ctx;
    return pc_str_cmp(s->nth(s->of, a), s->nth(s->of, b));
}

static int sort(strings *s, pc_sort_item *keys, uint32_t *order, uint32_t n,
                const pc_mem *mem)
{
    for (uint32_t i = 0; i < n; i++)
        keys[i] = (pc_sort_item){pi_prefix(s->nth(s->of, i)), i};
    int rc = pc_sort_keys(keys, n, mem);
    for (uint32_t i = 0; i < n; i++)
        order[i] = keys[i].value;
    for (uint32_t i = 0, same = 1; !rc && i < n; i += same, same = 1) {
        while (i + same < n && keys[i + same].key == keys[i].key)
            same++;
        if (same > 1)
            rc = pc_sort_u32(order + i, same, compare, s, mem);
    }
    return rc;
}

uint32_t *pi_sorted(pi_nth_string *nth, const void *of, uint32_t n,
                    const pc_mem *mem)
{
    strings s = {nth, of};
    pc_sort_item *keys = pc_alloc(mem, n, sizeof *keys);
    uint32_t *order = pc_alloc(mem, n, sizeof *order);
    if (!keys || !order || sort(&s, keys, order, n, mem)) {
        pc_free(mem, order);
        order = NULL;
    }
    pc_free(mem, keys);
    return order;
}
