/*
 * Position automata: a machine whose states are the places of an expression at
 * which a code point is read, after Glushkov ("The Abstract Theory of
 * Automata", 1961). Wildcards and regular expressions become one of these.
 *
 * A fragment is built from smaller ones; each may be used once.
 */
#ifndef PARASOL_SEARCHER_EXPAND_GLUSHKOV_H
#define PARASOL_SEARCHER_EXPAND_GLUSHKOV_H

#include "searcher/expand/automaton.h"

#define PS_POSITIONS_MAX 511u /* of one expression */
#define PS_POSITION_WORDS 8u

typedef struct ps_fragment {
    bool nullable;                     /* matches nothing at all, too */
    uint64_t first[PS_POSITION_WORDS]; /* places that may come first */
    uint64_t last[PS_POSITION_WORDS];  /* and last */
} ps_fragment;

typedef struct ps_positions {
    pc_arena *arena;
    uint32_t n;                            /* places so far */
    uint64_t (*follow)[PS_POSITION_WORDS]; /* by place: what may come next */
    ps_cp_range *ranges;
    size_t n_ranges;
    size_t ranges_cap;
    bool too_large; /* of a limit; what is built since is of no use */
    bool no_memory;
} ps_positions;

/* NOMEM. Everything lives in the arena. */
int ps_positions_init(ps_positions *p, pc_arena *arena) PC_MUST_USE;

/* A new place that reads nothing yet; ps_place_add gives it code points. */
ps_fragment ps_place(ps_positions *p);

/* Lets the newest place read [low, high]. */
void ps_place_add(ps_positions *p, uint32_t low, uint32_t high);

/* Matches nothing, and no code point either. */
ps_fragment ps_empty(void);

/* One after the other; one or the other; any number of times, from one on. */
ps_fragment ps_concat(ps_positions *p, const ps_fragment *a,
                      const ps_fragment *b);
ps_fragment ps_either(const ps_fragment *a, const ps_fragment *b);
ps_fragment ps_repeat(ps_positions *p, const ps_fragment *a);

/* The machine of the whole expression; NULL: NOMEM. */
const ps_machine *ps_positions_machine(ps_positions *p, const ps_fragment *all);

#endif
