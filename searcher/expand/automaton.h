/*
 * Automata over code points, made deterministic as they run.
 *
 * A *machine* is a nondeterministic automaton: it knows how a set of its
 * states, an array of bits, goes on under a class of code points. A *dfa*
 * gives each set that turns up a number and remembers its transitions, so
 * that a step is a look into a table. States that were never reached cost
 * nothing, and when there are too many, all are forgotten and the walk
 * reads its word again: time stays linear and memory bounded, whatever the
 * pattern.
 *
 * The idea of a cache of states for a simulated automaton is Thompson's
 * ("Regular Expression Search Algorithm", 1968), as told by R. Cox.
 */
#ifndef PARASOL_SEARCHER_EXPAND_AUTOMATON_H
#define PARASOL_SEARCHER_EXPAND_AUTOMATON_H

#include <stdbool.h>

#include "searcher/expand/alphabet.h"

typedef struct ps_machine ps_machine;

typedef struct ps_machine_ops {
    /* Each writes all m->words words of `set`; none set: nothing can match. */
    void (*start)(const ps_machine *m, uint64_t *set);
    void (*step)(const ps_machine *m, const uint64_t *from, uint32_t class,
                 uint64_t *to);
    /* How far what was read is from the pattern; negative: no match. */
    int (*distance)(const ps_machine *m, const uint64_t *set);
    /* Whether all that may follow matches, at this distance. */
    bool (*is_all)(const ps_machine *m, const uint64_t *set);
    /* Whether anything may follow without the end of all matches. */
    bool (*is_open)(const ps_machine *m, const uint64_t *set);
} ps_machine_ops;

struct ps_machine {
    const ps_machine_ops *ops;
    const ps_alphabet *alphabet;
    uint32_t words; /* of a set */
    uint32_t cost;  /* of a step, in steps over 64 bits */
    /* A bit for each character of ASCII that a match may end with; all ones
       where it may be any. */
    uint64_t ends[2];
};

/* Longest word that a fuzzy pattern may have, in code points. */
#define PS_FUZZY_MAX 62u
#define PS_FUZZY_DISTANCE_MAX 2u

/*
 * Words within `distance` (at most PS_FUZZY_DISTANCE_MAX) of the n code points
 * of `word` (1 to PS_FUZZY_MAX): insertions, deletions, substitutions, and
 * transpositions of neighbours, none of which is edited again. NULL: NOMEM.
 */
const ps_machine *ps_fuzzy_machine(const uint32_t *word, uint32_t n,
                                   uint32_t distance, pc_arena *arena);

/* ---- running ------------------------------------------------------------ */

#define PS_DEAD 0u
#define PS_NO_STATE UINT32_MAX /* too many states: ps_dfa_forget */

typedef struct ps_dfa_state {
    int16_t distance;  /* negative: not accepting */
    bool all;          /* all that may follow matches */
    bool open;         /* whatever follows, it does not die */
    bool mapped;       /* the next two are known */
    uint32_t wide;     /* the smallest code point above U+007F that goes on */
    uint64_t alive[2]; /* a bit for each character of ASCII that goes on */
} ps_dfa_state;

typedef struct ps_dfa {
    const ps_machine *machine;
    pc_arena *arena;
    uint32_t n;       /* states; 0 is the dead one, 1 the start */
    uint32_t cap;     /* room for states */
    uint32_t limit;   /* no more than this */
    uint32_t classes; /* of the alphabet */
    uint32_t *next;   /* by state and class; PS_NO_STATE: not known yet */
    uint64_t *sets;   /* by state */
    ps_dfa_state *states;
    uint32_t *slots; /* hash table of sets: state, or 0 */
    uint32_t slot_mask;
    uint64_t work; /* steps of the machine, weighed with their cost */
    int status;    /* PARASOL_NOMEM, once and for ever */
} ps_dfa;

/* NOMEM. All memory comes from the arena. */
int ps_dfa_init(ps_dfa *d, const ps_machine *m, pc_arena *arena) PC_MUST_USE;

#define PS_START 1u

/* Forgets all states but the dead one and the start. */
void ps_dfa_forget(ps_dfa *d);

/* The transition that is not known yet; PS_NO_STATE also when out of memory,
   which is kept in d->status. */
uint32_t ps_dfa_learn(ps_dfa *d, uint32_t state, uint32_t class);

/* The state behind `cp`; PS_DEAD, or PS_NO_STATE as above. */
static inline uint32_t ps_dfa_step(ps_dfa *d, uint32_t state, uint32_t cp)
{
    uint32_t class = ps_alphabet_class(d->machine->alphabet, cp);
    uint32_t to = d->next[(size_t)state * d->classes + class];
    return PC_LIKELY(to != PS_NO_STATE) ? to : ps_dfa_learn(d, state, class);
}

/* The smallest code point from `cp` on that does not lead to PS_DEAD (it may
   lead to PS_NO_STATE); more than PS_CP_MAX if there is none. */
uint32_t ps_dfa_next(ps_dfa *d, uint32_t state, uint32_t cp);

/* The state with what goes on from it mapped; borrowed until the next step.
   NULL when there are too many states. */
const ps_dfa_state *ps_dfa_map(ps_dfa *d, uint32_t state);

#endif
