/*
 * Intern table.
 */
#include "indexer/invert/termtab.h"

#include "common/base/hash.h"

/* Three empty tables must not fill the smallest memory budget. */
#define FIRST_SLOTS 1024u
#define STRINGS_CHUNK ((size_t)1 << 14)

int pi_termtab_init(pi_termtab *t, const pc_mem *mem)
{
    *t = (pi_termtab){.mem = mem, .slot_count = FIRST_SLOTS};
    pc_arena_init(&t->strings, mem, STRINGS_CHUNK);
    t->slots = pc_zalloc(mem, FIRST_SLOTS, sizeof *t->slots);
    return t->slots ? PARASOL_OK : PARASOL_NOMEM;
}

void pi_termtab_release(pi_termtab *t)
{
    pc_arena_release(&t->strings);
    pc_free(t->mem, t->items);
    pc_free(t->mem, t->slots);
    *t = (pi_termtab){.mem = t->mem};
}

size_t pi_termtab_memory(const pi_termtab *t)
{
    return t->strings.total + t->items_cap * sizeof *t->items +
           t->slot_count * sizeof *t->slots;
}

static int rehash(pi_termtab *t)
{
    size_t count = t->slot_count * 2;
    uint64_t *slots = pc_zalloc(t->mem, count, sizeof *slots);
    if (!slots)
        return PARASOL_NOMEM;
    for (uint32_t id = 0; id < t->n; id++) {
        uint64_t h = pc_hash64(t->items[id].ptr, t->items[id].len, 0);
        size_t at = (size_t)h & (count - 1);
        while (slots[at])
            at = (at + 1) & (count - 1);
        slots[at] = (h & 0xffffffff00000000u) | ((uint64_t)id + 1);
    }
    pc_free(t->mem, t->slots);
    t->slots = slots;
    t->slot_count = count;
    return PARASOL_OK;
}

static uint32_t add(pi_termtab *t, pc_str s, uint64_t hash, size_t at)
{
    if (t->n == PI_TERMTAB_NONE - 1 ||
        pc_grow(t->mem, (void **)&t->items, &t->items_cap, (size_t)t->n + 1,
                sizeof *t->items))
        return PI_TERMTAB_NONE;
    char *copy = pc_arena_copy(&t->strings, s.ptr, s.len);
    if (!copy)
        return PI_TERMTAB_NONE;
    uint32_t id = t->n++;
    t->items[id] = (pi_interned){copy, (uint32_t)s.len, PI_TERMTAB_NONE};
    t->slots[at] = (hash & 0xffffffff00000000u) | ((uint64_t)id + 1);
    /* At most half full. A failure to grow only makes the table slower until
       it is nearly full. */
    if ((size_t)t->n * 2 > t->slot_count && rehash(t) != PARASOL_OK &&
        (size_t)t->n + 1 >= t->slot_count)
        return PI_TERMTAB_NONE;
    return id;
}

uint32_t pi_termtab_put(pi_termtab *t, pc_str s)
{
    uint64_t hash = pc_hash64(s.ptr, s.len, 0);
    size_t mask = t->slot_count - 1;
    size_t at = (size_t)hash & mask;
    for (;; at = (at + 1) & mask) {
        uint64_t slot = t->slots[at];
        if (slot == 0)
            return add(t, s, hash, at);
        if ((slot ^ hash) >> 32)
            continue;
        uint32_t id = (uint32_t)slot - 1;
        if (t->items[id].len == s.len &&
            memcmp(t->items[id].ptr, s.ptr, s.len) == 0)
            return id;
    }
}
