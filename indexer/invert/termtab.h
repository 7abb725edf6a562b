/*
 * Intern table: byte strings to dense numbers, with one number of the
 * caller's kept beside each. Open addressing; a slot holds the first eight
 * bytes of its string, so that a short word, as most are, is recognised in
 * the slot alone.
 */
#ifndef PARASOL_INDEXER_INVERT_TERMTAB_H
#define PARASOL_INDEXER_INVERT_TERMTAB_H

#include "common/base/hash.h"
#include "common/base/ints.h"
#include "common/base/str.h"
#include "indexer/invert/slab.h"

#define PI_TERMTAB_NONE UINT32_MAX

/* Longest string. */
#define PI_TERMTAB_MAX ((size_t)UINT16_MAX)

typedef struct pi_slot {
    uint64_t head; /* the first bytes, zeros behind a shorter string */
    uint32_t tag;  /* the lowest 24 bits of the hash, then min(length, 255) */
    uint32_t id;   /* number + 1; 0: free */
} pi_slot;

typedef struct pi_termtab {
    const pc_mem *mem;
    pi_slab strings;  /* length in two bytes, then the string */
    uint32_t *items;  /* addresses by number, in order of appearance */
    uint32_t *values; /* the caller's; PI_TERMTAB_NONE at first */
    size_t items_cap, values_cap;
    uint32_t n;
    pi_slot *slots;
    size_t slot_count; /* a power of two */
} pi_termtab;

int pi_termtab_init(pi_termtab *t, const pc_mem *mem) PC_MUST_USE;
void pi_termtab_release(pi_termtab *t);

/* The number of `s`, added if new; PI_TERMTAB_NONE when out of memory, after
   2^32 - 2 strings or 16 GiB of them, or if it is longer than
   PI_TERMTAB_MAX. */
uint32_t pi_termtab_put(pi_termtab *t, pc_str s);

/* The number of `s`; PI_TERMTAB_NONE if it was not added. */
uint32_t pi_termtab_find(const pi_termtab *t, pc_str s);

/* Has the place fetched where a string would be. */
static inline void pi_termtab_fetch(const pi_termtab *t, const void *bytes,
                                    size_t len)
{
    uint64_t hash = pc_hash64(bytes, len, 0);
    PC_PREFETCH(&t->slots[(size_t)hash & (t->slot_count - 1)]);
}

/* Bytes that the table will ask for, for a while, when it grows soon. */
size_t pi_termtab_growth(const pi_termtab *t);

/* Bytes of memory held. */
size_t pi_termtab_memory(const pi_termtab *t);

static inline pc_str pi_termtab_str(const pi_termtab *t, uint32_t id)
{
    const uint8_t *p = pi_slab_at(&t->strings, t->items[id]);
    return (pc_str){(const char *)p + 2, pc_load16le(p)};
}

#endif
