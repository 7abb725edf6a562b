/*
 * Intern table.
 */
#include "indexer/invert/termtab.h"

#include <stdbool.h>

#include "common/os/huge.h"

/* Three empty tables must not fill the smallest memory budget. */
#define FIRST_SLOTS 512u

int pi_termtab_init(pi_termtab *t, const pc_mem *mem)
{
    *t = (pi_termtab){.mem = mem, .slot_count = FIRST_SLOTS};
    pi_slab_init(&t->strings, mem);
    t->slots = pc_zalloc(mem, FIRST_SLOTS, sizeof *t->slots);
    return t->slots ? PARASOL_OK : PARASOL_NOMEM;
}

void pi_termtab_release(pi_termtab *t)
{
    pi_slab_release(&t->strings);
    pc_free(t->mem, t->items);
    pc_free(t->mem, t->values);
    pc_free(t->mem, t->slots);
    *t = (pi_termtab){.mem = t->mem};
}

size_t pi_termtab_memory(const pi_termtab *t)
{
    return pi_slab_memory(&t->strings) + t->n * sizeof *t->items +
           t->n * sizeof *t->values + t->slot_count * sizeof *t->slots;
}

/* Five eighths of the slots are used at most: half would be twice the memory
   for many a text, and clearing pages costs more than looking further. */
static bool is_full(const pi_termtab *t, size_t n)
{
    return n > t->slot_count / 8 * 5;
}

size_t pi_termtab_growth(const pi_termtab *t)
{
    return is_full(t, t->n + t->slot_count / 32)
               ? t->slot_count * 2 * sizeof *t->slots
               : 0;
}

/* What a slot says of a string; equal for equal strings. */
static pi_slot describe(pc_str s, uint64_t hash)
{
    pi_slot d = {0};
    memcpy(&d.head, s.ptr, s.len < sizeof d.head ? s.len : sizeof d.head);
    uint32_t len = s.len < 255 ? (uint32_t)s.len : 255;
    d.tag = (uint32_t)(hash << 8) | len;
    return d;
}

/* Slots whose places the hash in a slot tells. */
#define TOLD_SLOTS ((size_t)1 << 24)

/* Where the string of a slot wants to be among `count`. */
static size_t home(const pi_termtab *t, const pi_slot *slot, size_t count)
{
    if (count <= TOLD_SLOTS)
        return (size_t)(slot->tag >> 8) & (count - 1);
    pc_str s = pi_termtab_str(t, slot->id - 1);
    return (size_t)pc_hash64(s.ptr, s.len, 0) & (count - 1);
}

static int rehash(pi_termtab *t)
{
    size_t count = t->slot_count * 2;
    pi_slot *slots = pc_zalloc(t->mem, count, sizeof *slots);
    if (!slots)
        return PARASOL_NOMEM;
    pc_huge_advise(t->mem, slots, count * sizeof *slots);
    for (size_t i = 0; i < t->slot_count; i++) {
        if (t->slots[i].id == 0)
            continue;
        size_t at = home(t, &t->slots[i], count);
        while (slots[at].id)
            at = (at + 1) & (count - 1);
        slots[at] = t->slots[i];
    }
    pc_free(t->mem, t->slots);
    t->slots = slots;
    t->slot_count = count;
    return PARASOL_OK;
}

static uint32_t add(pi_termtab *t, pc_str s, const pi_slot *d, size_t at)
{
    if (t->n == PI_TERMTAB_NONE - 1 || s.len > PI_TERMTAB_MAX ||
        pc_grow(t->mem, (void **)&t->items, &t->items_cap, (size_t)t->n + 1,
                sizeof *t->items) ||
        pc_grow(t->mem, (void **)&t->values, &t->values_cap, (size_t)t->n + 1,
                sizeof *t->values))
        return PI_TERMTAB_NONE;
    uint32_t address = pi_slab_take(&t->strings, s.len + 2);
    if (address == PI_SLAB_NONE)
        return PI_TERMTAB_NONE;
    uint8_t *copy = pi_slab_at(&t->strings, address);
    pc_store16le(copy, (uint16_t)s.len);
    if (s.len > 0)
        memcpy(copy + 2, s.ptr, s.len);
    uint32_t id = t->n++;
    t->items[id] = address;
    t->values[id] = PI_TERMTAB_NONE;
    t->slots[at] = *d;
    t->slots[at].id = id + 1;
    /* A failure to grow only makes the table slower until it is nearly full. */
    if (is_full(t, t->n) && rehash(t) != PARASOL_OK &&
        (size_t)t->n + 1 >= t->slot_count)
        return PI_TERMTAB_NONE;
    return id;
}

/* Both have the same slot contents; are they the same? */
static bool same_rest(const pi_termtab *t, uint32_t id, pc_str s)
{
    return s.len <= sizeof(uint64_t) || pc_str_eq(pi_termtab_str(t, id), s);
}

/* The number of `s`, or PI_TERMTAB_NONE; *at is then the slot that is free for
   it, *d what it is to say. */
static uint32_t look(const pi_termtab *t, pc_str s, pi_slot *d, size_t *at)
{
    uint64_t hash = pc_hash64(s.ptr, s.len, 0);
    size_t mask = t->slot_count - 1;
    *d = describe(s, hash);
    for (*at = (size_t)hash & mask;; *at = (*at + 1) & mask) {
        const pi_slot *slot = &t->slots[*at];
        if (slot->id == 0)
            return PI_TERMTAB_NONE;
        if (slot->head == d->head && slot->tag == d->tag &&
            same_rest(t, slot->id - 1, s))
            return slot->id - 1;
    }
}

uint32_t pi_termtab_find(const pi_termtab *t, pc_str s)
{
    pi_slot d;
    size_t at;
    return look(t, s, &d, &at);
}

uint32_t pi_termtab_put(pi_termtab *t, pc_str s)
{
    pi_slot d;
    size_t at;
    uint32_t id = look(t, s, &d, &at);
    return id == PI_TERMTAB_NONE ? add(t, s, &d, at) : id;
}
