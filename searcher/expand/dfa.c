/*
 * Sets of a machine's states, numbered as they turn up.
 */
#include "common/base/hash.h"
#include "searcher/expand/automaton.h"

#define FIRST_ROOM 64u
/* Transitions kept at most, in numbers of 32 bits. */
#define TRANSITIONS_MAX ((size_t)1 << 20)
/* Enough for the longest word of a dictionary, with accents as letters. */
#define STATES_MIN 1024u
#define STATES_MAX 16384u

static uint64_t *set_of(const ps_dfa *d, uint32_t state)
{
    return d->sets + (size_t)state * d->machine->words;
}

static void *grown(ps_dfa *d, const void *old, size_t item, uint32_t cap)
{
    void *more = pc_arena_zalloc(d->arena, cap, item);
    if (more && d->n)
        memcpy(more, old, d->n * item);
    return more;
}

static int grow_slots(ps_dfa *d, uint32_t cap)
{
    uint32_t n = 4 * cap;
    uint32_t *slots = pc_arena_zalloc(d->arena, n, sizeof *slots);
    if (!slots)
        return PARASOL_NOMEM;
    size_t bytes = d->machine->words * sizeof(uint64_t);
    for (uint32_t s = 1; s < d->n; s++) {
        uint32_t at = (uint32_t)pc_hash64(set_of(d, s), bytes, 0) & (n - 1);
        while (slots[at])
            at = (at + 1) & (n - 1);
        slots[at] = s;
    }
    d->slots = slots;
    d->slot_mask = n - 1;
    return PARASOL_OK;
}

/* Room for `cap` states, a power of two. What is outgrown stays in the arena
   until that is cleared. */
static int grow(ps_dfa *d, uint32_t cap)
{
    uint32_t *next = grown(d, d->next, d->classes * sizeof *d->next, cap);
    uint64_t *sets =
        grown(d, d->sets, d->machine->words * sizeof *d->sets, cap);
    ps_dfa_state *states = grown(d, d->states, sizeof *states, cap);
    if (!next || !sets || !states)
        return PARASOL_NOMEM;
    d->next = next;
    d->sets = sets;
    d->states = states;
    d->cap = cap;
    return grow_slots(d, cap);
}

/* The state of the set in set_of(d, d->n): an earlier one, or a new one. */
static uint32_t take_state(ps_dfa *d)
{
    const ps_machine *m = d->machine;
    uint64_t *set = set_of(d, d->n), any = 0;
    for (uint32_t i = 0; i < m->words; i++)
        any |= set[i];
    if (!any)
        return PS_DEAD;
    size_t bytes = m->words * sizeof *set;
    uint32_t at = (uint32_t)pc_hash64(set, bytes, 0) & d->slot_mask;
    for (; d->slots[at]; at = (at + 1) & d->slot_mask)
        if (memcmp(set_of(d, d->slots[at]), set, bytes) == 0)
            return d->slots[at];
    uint32_t s = d->n++;
    d->slots[at] = s;
    d->states[s] = (ps_dfa_state){.distance = (int16_t)m->ops->distance(m, set),
                                  .all = m->ops->is_all(m, set),
                                  .open = m->ops->is_open(m, set)};
    for (uint32_t c = 0; c < d->classes; c++)
        d->next[(size_t)s * d->classes + c] = PS_NO_STATE;
    return s;
}

void ps_dfa_forget(ps_dfa *d)
{
    memset(d->slots, 0, (d->slot_mask + (size_t)1) * sizeof *d->slots);
    d->n = 1;
    d->states[PS_DEAD] = (ps_dfa_state){.distance = -1};
    for (uint32_t c = 0; c < d->classes; c++)
        d->next[c] = PS_DEAD;
    d->machine->ops->start(d->machine, set_of(d, 1));
    (void)take_state(d);
}

int ps_dfa_init(ps_dfa *d, const ps_machine *m, pc_arena *arena)
{
    *d = (ps_dfa){.machine = m, .arena = arena};
    d->classes = m->alphabet->classes;
    d->limit = STATES_MIN;
    while (d->limit < STATES_MAX &&
           (size_t)d->limit * 2 * d->classes <= TRANSITIONS_MAX)
        d->limit *= 2;
    if (grow(d, FIRST_ROOM))
        return PARASOL_NOMEM;
    ps_dfa_forget(d);
    return PARASOL_OK;
}

uint32_t ps_dfa_learn(ps_dfa *d, uint32_t state, uint32_t class)
{
    const ps_machine *m = d->machine;
    if (d->status)
        return PS_NO_STATE;
    /* The last place is where a set is made before it is known. */
    if (d->n + 1 >= d->cap) {
        if (d->cap >= d->limit)
            return PS_NO_STATE;
        if (grow(d, d->cap * 2)) {
            d->status = PARASOL_NOMEM;
            return PS_NO_STATE;
        }
    }
    m->ops->step(m, set_of(d, state), class, set_of(d, d->n));
    d->work += m->cost;
    uint32_t to = take_state(d);
    d->next[(size_t)state * d->classes + class] = to;
    return to;
}

uint32_t ps_dfa_next(ps_dfa *d, uint32_t state, uint32_t cp)
{
    const ps_alphabet *a = d->machine->alphabet;
    if (cp > PS_CP_MAX)
        return cp;
    uint32_t i = ps_alphabet_interval(a, cp);
    for (; i < a->n; i++, cp = i < a->n ? a->from[i] : PS_CP_MAX + 1) {
        uint32_t c = a->class_of[i];
        uint32_t to = d->next[(size_t)state * d->classes + c];
        if (to == PS_NO_STATE)
            to = ps_dfa_learn(d, state, c);
        if (to != PS_DEAD)
            return cp;
    }
    return cp;
}

const ps_dfa_state *ps_dfa_map(ps_dfa *d, uint32_t state)
{
    if (d->states[state].mapped)
        return &d->states[state];
    uint64_t alive[2] = {0, 0};
    for (uint32_t cp = 0; cp < 128; cp++) {
        uint32_t to = ps_dfa_step(d, state, cp);
        if (to == PS_NO_STATE)
            return NULL;
        alive[cp / 64] |= (uint64_t)(to != PS_DEAD) << (cp % 64);
    }
    uint32_t wide = ps_dfa_next(d, state, 128);
    ps_dfa_state *s = &d->states[state];
    memcpy(s->alive, alive, sizeof alive);
    s->wide = wide;
    s->mapped = true;
    return s;
}
