/*
 * Intern table.
 */
#include "indexer/invert/termtab.h"

#include "common/base/hash.h"

/* Three empty tables must not fill the smallest memory budget. */
#define FIRST_SLOTS 512u
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
    pc_free(t->mem, t->values);
    pc_free(t->mem, t->slots);
    *t = (pi_termtab){.mem = t->mem};
}

size_t pi_termtab_memory(const pi_termtab *t)
{
    return t->strings.total + t->items_cap * sizeof *t->items +
           t->values_cap * sizeof *t->values + t->slot_count * sizeof *t->slots;
}

/* What a slot says of a string; equal for equal strings. */
static pi_slot describe(pc_str s, uint64_t hash)
{
    pi_slot d = {0};
    memcpy(&d.head, s.ptr, s.len < sizeof d.head ? s.len : sizeof d.head);
    uint32_t len = s.len < 255 ? (uint32_t)s.len : 255;
    d.tag = (uint32_t)(hash >> 32 & 0xffffff00u) | len;
    return d;
}

static int rehash(pi_termtab *t)
{
    size_t count = t->slot_count * 2;
    pi_slot *slots = pc_zalloc(t->mem, count, sizeof *slots);
    if (!slots)
        return PARASOL_NOMEM;
    for (uint32_t id = 0; id < t->n; id++) {
        uint64_t h = pc_hash64(t->items[id].ptr, t->items[id].len, 0);
        size_t at = (size_t)h & (count - 1);
        while (slots[at].id)
            at = (at + 1) & (count - 1);
        slots[at] = describe(pi_termtab_str(t, id), h);
        slots[at].id = id + 1;
    }
    pc_free(t->mem, t->slots);
    t->slots = slots;
    t->slot_count = count;
    return PARASOL_OK;
}

static uint32_t add(pi_termtab *t, pc_str s, const pi_slot *d, size_t at)
{
    if (t->n == PI_TERMTAB_NONE - 1 ||
        pc_grow(t->mem, (void **)&t->items, &t->items_cap, (size_t)t->n + 1,
                sizeof *t->items) ||
        pc_grow(t->mem, (void **)&t->values, &t->values_cap, (size_t)t->n + 1,
                sizeof *t->values))
        return PI_TERMTAB_NONE;
    char *copy = pc_arena_copy(&t->strings, s.ptr, s.len);
    if (!copy)
        return PI_TERMTAB_NONE;
    uint32_t id = t->n++;
    t->items[id] = (pi_interned){copy, s.len};
    t->values[id] = PI_TERMTAB_NONE;
    t->slots[at] = *d;
    t->slots[at].id = id + 1;
    /* At most half full. A failure to grow only makes the table slower until
       it is nearly full. */
    if ((size_t)t->n * 2 > t->slot_count && rehash(t) != PARASOL_OK &&
        (size_t)t->n + 1 >= t->slot_count)
        return PI_TERMTAB_NONE;
    return id;
}

/* Both have the same slot contents; are they the same? */
static bool same_rest(const pi_termtab *t, uint32_t id, pc_str s)
{
    return s.len <= sizeof(uint64_t) ||
           (t->items[id].len == s.len &&
            memcmp(t->items[id].ptr, s.ptr, s.len) == 0);
}

uint64_t pi_termtab_hash(const pi_termtab *t, pc_str s)
{
    uint64_t hash = pc_hash64(s.ptr, s.len, 0);
    PC_PREFETCH(&t->slots[(size_t)hash & (t->slot_count - 1)]);
    return hash;
}

uint32_t pi_termtab_put(pi_termtab *t, pc_str s)
{
    return pi_termtab_put_hashed(t, s, pc_hash64(s.ptr, s.len, 0));
}

uint32_t pi_termtab_put_hashed(pi_termtab *t, pc_str s, uint64_t hash)
{
    const pi_slot d = describe(s, hash);
    size_t mask = t->slot_count - 1;
    size_t at = (size_t)hash & mask;
    for (;; at = (at + 1) & mask) {
        const pi_slot *slot = &t->slots[at];
        if (slot->id == 0)
            return add(t, s, &d, at);
        if (slot->head == d.head && slot->tag == d.tag &&
            same_rest(t, slot->id - 1, s))
            return slot->id - 1;
    }
}
