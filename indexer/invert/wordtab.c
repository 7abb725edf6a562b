/*
 * Table of short slices.
 */
#include "indexer/invert/wordtab.h"

#include "common/os/huge.h"

#define FIRST_SLOTS ((size_t)512)

int pi_wordtab_init(pi_wordtab *t, const pc_mem *mem)
{
    *t = (pi_wordtab){.mem = mem, .slot_count = FIRST_SLOTS};
    t->hot = pc_zalloc(mem, (size_t)2 << PI_HOT_BITS, sizeof *t->hot);
    t->slots = pc_zalloc(mem, FIRST_SLOTS, sizeof *t->slots);
    return t->hot && t->slots ? PARASOL_OK : PARASOL_NOMEM;
}

void pi_wordtab_release(pi_wordtab *t)
{
    pc_free(t->mem, t->hot);
    pc_free(t->mem, t->slots);
    *t = (pi_wordtab){.mem = t->mem};
}

size_t pi_wordtab_memory(const pi_wordtab *t)
{
    return t->slot_count * sizeof *t->slots;
}

/* Three quarters of the slots are used at most. */
static bool is_full(const pi_wordtab *t, size_t n)
{
    return n > t->slot_count - t->slot_count / 4;
}

size_t pi_wordtab_growth(const pi_wordtab *t)
{
    return is_full(t, t->n + t->slot_count / 32)
               ? t->slot_count * 2 * sizeof *t->slots
               : 0;
}

bool pi_wordtab_find(const pi_wordtab *t, pi_word *k, uint64_t hash)
{
    size_t mask = t->slot_count - 1;
    for (size_t at = (size_t)hash & mask;; at = (at + 1) & mask) {
        const pi_word *slot = &t->slots[at];
        if (pi_word_same(slot, k)) {
            k->form = slot->form;
            return true;
        }
        if (slot->tag == 0)
            return false;
    }
}

static void put(pi_word *slots, size_t mask, const pi_word *k, uint64_t hash)
{
    size_t at = (size_t)hash & mask;
    while (slots[at].tag)
        at = (at + 1) & mask;
    slots[at] = *k;
}

static int grow(pi_wordtab *t)
{
    size_t count = t->slot_count * 2;
    pi_word *slots = pc_zalloc(t->mem, count, sizeof *slots);
    if (!slots)
        return PARASOL_NOMEM;
    pc_huge_advise(t->mem, slots, count * sizeof *slots);
    for (size_t i = 0; i < t->slot_count; i++) {
        if (t->slots[i].tag)
            put(slots, count - 1, &t->slots[i], pi_word_hash(&t->slots[i]));
    }
    pc_free(t->mem, t->slots);
    t->slots = slots;
    t->slot_count = count;
    return PARASOL_OK;
}

int pi_wordtab_add(pi_wordtab *t, const pi_word *k, uint64_t hash)
{
    if (is_full(t, t->n + 1) && grow(t))
        return PARASOL_NOMEM;
    put(t->slots, t->slot_count - 1, k, hash);
    t->n++;
    return PARASOL_OK;
}
