/*
 * The terms of a query in the dictionaries of all segments, each looked up
 * once.
 */
#ifndef PARASOL_SEARCHER_PLAN_TERM_H
#define PARASOL_SEARCHER_PLAN_TERM_H

#include "searcher/plan/plan.h"

/* Begins with `snap`, `analyzer`, `arena` and `err`, which are borrowed; the
   rest zero. */
typedef struct ps_terms {
    const ps_snapshot *snap;
    pc_analyzer *analyzer;
    pc_arena *arena;
    parasol_error *err;
    ps_plan_term **v; /* seen so far */
    size_t n, cap;
} ps_terms;

/*
 * The term of a field: with `exact` that form of the stem, else the stem;
 * `kind` is that of the token (enum pc_token_kind), of which other languages
 * make other stems. *out is in the arena, the same for the same question;
 * `term` is copied. Errors: NOMEM, CORRUPT. Cost: a look-up in each segment,
 * the first time.
 */
int ps_terms_get(ps_terms *p, const pc_term *term, uint8_t kind, bool exact,
                 uint8_t field, ps_plan_term **out) PC_MUST_USE;

/* Fills stems[] with those of a form in each language of the index. NOMEM. */
int ps_terms_stems(const ps_terms *p, pc_str form, uint8_t kind,
                   pc_str *stems) PC_MUST_USE;

#endif
