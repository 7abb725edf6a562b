/*
 * A walk of an automaton over the sorted dictionary of a segment.
 *
 * Keys that share a prefix share the states behind it; where a prefix is dead,
 * what continues it is passed over, whole blocks of it by asking the automaton
 * for the smallest word that could still match.
 */
#ifndef PARASOL_SEARCHER_EXPAND_DICT_WALK_H
#define PARASOL_SEARCHER_EXPAND_DICT_WALK_H

#include "common/segment/dict.h"
#include "searcher/expand/automaton.h"

/* A surface form that matches; `word` is borrowed until it returns. What it
   returns ends the walk, unless PARASOL_OK. */
typedef int ps_walk_hit(void *ctx, pc_str word, const pc_entry *e,
                        int distance);

typedef struct ps_walk_params {
    uint8_t field;
    uint64_t work; /* the walk stops when the dfa has worked more than this */
    ps_walk_hit *hit;
    void *ctx;
    uint64_t deadline; /* and at this time (pc_clock_now); 0: never */
} ps_walk_params;

/* What is added to the work of the dfa for a block that is read, and for a word
   that matches. */
#define PS_WALK_BLOCK 64u
#define PS_WALK_HIT 16u

/*
 * Calls params->hit for each form of the field that `dfa` accepts, in order of
 * the bytes; then for acronyms in capitals (US) that it accepts in small
 * letters. Identifiers and compounds are left out: their parts are words, too.
 * *stopped is set when a limit, of work or of time, was reached before the end.
 * Errors: CORRUPT, NOMEM, and what hit returns.
 */
int ps_dict_walk(const pc_dict *d, ps_dfa *dfa, const ps_walk_params *params,
                 bool *stopped, parasol_error *err) PC_MUST_USE;

#endif
