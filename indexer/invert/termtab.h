/*
 * Intern table: byte strings to dense numbers, with one number of the
 * caller's kept beside each. Open addressing; a slot holds the first eight
 * bytes of its string, so that a short word, as most are, is recognised in
 * the slot alone.
 */
#ifndef PARASOL_INDEXER_INVERT_TERMTAB_H
#define PARASOL_INDEXER_INVERT_TERMTAB_H

#include "common/base/arena.h"
#include "common/base/str.h"

#define PI_TERMTAB_NONE UINT32_MAX

typedef struct pi_interned {
    const char *ptr;
    size_t len;
} pi_interned;

typedef struct pi_slot {
    uint64_t head; /* the first bytes, zeros behind a shorter string */
    uint32_t tag;  /* 24 bits of the hash, then min(length, 255) */
    uint32_t id;   /* number + 1; 0: free */
} pi_slot;

typedef struct pi_termtab {
    const pc_mem *mem;
    pc_arena strings;
    pi_interned *items; /* by number, in order of appearance */
    uint32_t *values;   /* the caller's; PI_TERMTAB_NONE at first */
    size_t items_cap, values_cap;
    uint32_t n;
    pi_slot *slots;
    size_t slot_count; /* a power of two */
} pi_termtab;

int pi_termtab_init(pi_termtab *t, const pc_mem *mem) PC_MUST_USE;
void pi_termtab_release(pi_termtab *t);

/* The number of `s`, added if new; PI_TERMTAB_NONE when out of memory or
   after 2^32 - 2 strings. */
uint32_t pi_termtab_put(pi_termtab *t, pc_str s);

/*
 * The same in two steps, for callers that have several strings: the hash,
 * which also asks the processor to fetch the slot, and, some strings later,
 * the rest. A large table does not fit the cache, and most of the time of a
 * put is the wait for its slot.
 */
uint64_t pi_termtab_hash(const pi_termtab *t, pc_str s);
uint32_t pi_termtab_put_hashed(pi_termtab *t, pc_str s, uint64_t hash);

/* Bytes of memory held. */
size_t pi_termtab_memory(const pi_termtab *t);

static inline pc_str pi_termtab_str(const pi_termtab *t, uint32_t id)
{
    return (pc_str){t->items[id].ptr, t->items[id].len};
}

#endif
