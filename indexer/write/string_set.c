/*
 * Sets of strings: an open-addressing table of numbers.
 */
#include "indexer/write/string_set.h"

#include "common/base/hash.h"
#include "common/base/sort.h"

void pi_strings_init(pi_strings *s, const pc_mem *mem)
{
    *s = (pi_strings){.n = 0};
    pc_buf_init(&s->bytes, mem);
}

void pi_strings_release(pi_strings *s)
{
    const pc_mem *mem = s->bytes.mem;
    pc_buf_release(&s->bytes);
    pc_free(mem, s->ends);
    pc_free(mem, s->slots);
    pi_strings_init(s, mem);
}

/* The slot of the string, or a free one. */
static uint32_t *find_slot(const pi_strings *s, pc_str str)
{
    size_t mask = s->slots_n - 1;
    size_t at = (size_t)pc_hash64(str.ptr, str.len, 0) & mask;
    while (s->slots[at] && !pc_str_eq(pi_strings_at(s, s->slots[at] - 1), str))
        at = (at + 1) & mask;
    return &s->slots[at];
}

static int grow_slots(pi_strings *s)
{
    size_t n = s->slots_n ? 2 * s->slots_n : 16;
    uint32_t *old = s->slots;
    uint32_t *slots = pc_zalloc(s->bytes.mem, n, sizeof *slots);
    if (!slots)
        return PARASOL_NOMEM;
    s->slots = slots;
    s->slots_n = n;
    for (uint32_t id = 0; id < s->n; id++)
        *find_slot(s, pi_strings_at(s, id)) = id + 1;
    pc_free(s->bytes.mem, old);
    return PARASOL_OK;
}

bool pi_strings_has(const pi_strings *s, pc_str str)
{
    return s->n > 0 && *find_slot(s, str) != 0;
}

uint32_t pi_strings_put(pi_strings *s, pc_str str)
{
    if (s->n * 2 >= s->slots_n && grow_slots(s))
        return PI_NO_STRING;
    uint32_t *slot = find_slot(s, str);
    if (*slot)
        return *slot - 1;
    pc_buf_put_str(&s->bytes, str);
    if (s->bytes.status || pc_grow(s->bytes.mem, (void **)&s->ends,
                                   &s->ends_cap, s->n + 1, sizeof *s->ends))
        return PI_NO_STRING;
    s->ends[s->n] = (uint32_t)s->bytes.len;
    *slot = (uint32_t)++s->n;
    return *slot - 1;
}

static int compare(uint32_t a, uint32_t b, void *ctx)
{
    const pi_strings *s = ctx;
    return pc_str_cmp(pi_strings_at(s, a), pi_strings_at(s, b));
}

uint32_t *pi_strings_sorted(const pi_strings *s)
{
    const pc_mem *mem = s->bytes.mem;
    pi_strings copy = *s; /* the comparison takes no const */
    uint32_t *order = pc_alloc(mem, s->n, sizeof *order);
    if (!order)
        return NULL;
    for (uint32_t i = 0; i < s->n; i++)
        order[i] = i;
    if (pc_sort_u32(order, s->n, compare, &copy, mem)) {
        pc_free(mem, order);
        return NULL;
    }
    return order;
}

size_t pi_strings_memory(const pi_strings *s)
{
    return s->bytes.len + (4 * s->n + s->slots_n) * sizeof(uint32_t);
}
