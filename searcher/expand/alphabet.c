/*
 * Ranges of code points -> classes.
 */
#include "searcher/expand/alphabet.h"

#include <string.h>

#include "common/base/hash.h"
#include "common/base/sort.h"

/* The sorted places where some range begins or ends; *n of them, 0 first. */
static int cut(const ps_cp_range *ranges, size_t count, pc_arena *arena,
               uint32_t **out, uint32_t *n)
{
    pc_sort_item *items =
        pc_arena_zalloc(arena, 2 * count + 1, sizeof(pc_sort_item));
    uint32_t *from = pc_arena_zalloc(arena, 2 * count + 1, sizeof *from);
    if (!items || !from)
        return PARASOL_NOMEM;
    for (size_t i = 0; i < count; i++) {
        items[2 * i + 1].key = ranges[i].low;
        items[2 * i + 2].key = (uint64_t)ranges[i].high + 1;
    }
    if (pc_sort_keys(items, 2 * count + 1, arena->mem))
        return PARASOL_NOMEM;
    *n = 0;
    for (size_t i = 0; i < 2 * count + 1; i++) {
        uint32_t at = (uint32_t)items[i].key;
        if (at <= PS_CP_MAX && (*n == 0 || from[*n - 1] != at))
            from[(*n)++] = at;
    }
    *out = from;
    return PARASOL_OK;
}

static uint32_t find_from(const uint32_t *from, uint32_t n, uint32_t cp)
{
    uint32_t low = 0, high = n;
    if (cp >= from[n - 1])
        return n - 1;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (from[mid] <= cp)
            low = mid;
        else
            high = mid;
    }
    return low;
}

uint32_t ps_alphabet_interval(const ps_alphabet *a, uint32_t cp)
{
    return find_from(a->from, a->n, cp);
}

/* The class with the mask at masks[classes]: an earlier one, or the next. */
static uint32_t class_of_mask(uint32_t *table, size_t slots, uint64_t *masks,
                              uint32_t words, uint32_t *classes)
{
    const uint64_t *mask = masks + (size_t)*classes * words;
    size_t bytes = words * sizeof *mask;
    size_t at = (size_t)pc_hash64(mask, bytes, 0) & (slots - 1);
    while (table[at]) {
        uint32_t c = table[at] - 1;
        if (memcmp(masks + (size_t)c * words, mask, bytes) == 0)
            return c;
        at = (at + 1) & (slots - 1);
    }
    table[at] = *classes + 1;
    return (*classes)++;
}

/* Gives intervals with equal masks one class. */
static int join(ps_alphabet *a, uint64_t *masks, pc_arena *arena)
{
    size_t slots = 16;
    while (slots < 2 * (size_t)a->n)
        slots *= 2;
    uint32_t *table = pc_arena_zalloc(arena, slots, sizeof *table);
    uint16_t *class_of = pc_arena_zalloc(arena, a->n, sizeof *class_of);
    if (!table || !class_of)
        return PARASOL_NOMEM;
    a->classes = 0;
    for (uint32_t i = 0; i < a->n; i++) {
        memmove(masks + (size_t)a->classes * a->words,
                masks + (size_t)i * a->words, a->words * sizeof *masks);
        class_of[i] =
            (uint16_t)class_of_mask(table, slots, masks, a->words, &a->classes);
    }
    a->class_of = class_of;
    return PARASOL_OK;
}

int ps_alphabet_build(ps_alphabet *a, const ps_cp_range *ranges, size_t n,
                      uint32_t bits, pc_arena *arena)
{
    uint32_t *from;
    PC_ASSERT(n <= PS_RANGES_MAX);
    *a = (ps_alphabet){.words = (bits + 63) / 64};
    if (cut(ranges, n, arena, &from, &a->n))
        return PARASOL_NOMEM;
    a->from = from;
    uint64_t *masks =
        pc_arena_zalloc(arena, (size_t)a->n * a->words, sizeof *masks);
    if (!masks)
        return PARASOL_NOMEM;
    for (size_t i = 0; i < n; i++) {
        uint32_t k = find_from(from, a->n, ranges[i].low);
        uint64_t bit = UINT64_C(1) << (ranges[i].bit % 64);
        for (; k < a->n && from[k] <= ranges[i].high; k++)
            masks[(size_t)k * a->words + ranges[i].bit / 64] |= bit;
    }
    a->masks = masks;
    if (join(a, masks, arena))
        return PARASOL_NOMEM;
    for (uint32_t cp = 0; cp < 128; cp++)
        a->ascii[cp] = a->class_of[ps_alphabet_interval(a, cp)];
    return PARASOL_OK;
}
