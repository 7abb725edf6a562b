/*
 * Intern table: byte strings to dense numbers, with one number of the
 * caller's kept beside each. Open addressing over 64-bit slots that hold half
 * of the hash, so that a miss seldom touches the strings.
 */
#ifndef PARASOL_INDEXER_INVERT_TERMTAB_H
#define PARASOL_INDEXER_INVERT_TERMTAB_H

#include "common/base/arena.h"
#include "common/base/str.h"

#define PI_TERMTAB_NONE UINT32_MAX

typedef struct pi_interned {
    const char *ptr;
    uint32_t len;
    uint32_t value; /* the caller's; PI_TERMTAB_NONE at first */
} pi_interned;

typedef struct pi_termtab {
    const pc_mem *mem;
    pc_arena strings;
    pi_interned *items; /* by number, in order of appearance */
    size_t items_cap;
    uint32_t n;
    uint64_t *slots;   /* upper half: hash; lower half: number + 1, 0: free */
    size_t slot_count; /* a power of two */
} pi_termtab;

int pi_termtab_init(pi_termtab *t, const pc_mem *mem) PC_MUST_USE;
void pi_termtab_release(pi_termtab *t);

/* The number of `s`, added if new; PI_TERMTAB_NONE when out of memory or
   after 2^32 - 2 strings. */
uint32_t pi_termtab_put(pi_termtab *t, pc_str s);

/* Bytes of memory held. */
size_t pi_termtab_memory(const pi_termtab *t);

static inline pc_str pi_termtab_str(const pi_termtab *t, uint32_t id)
{
    return (pc_str){t->items[id].ptr, t->items[id].len};
}

#endif
