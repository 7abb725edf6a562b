/*
 * The terms of a query in the dictionaries of all segments, each looked up
 * once.
 */
#ifndef PARASOL_SEARCHER_PLAN_TERM_H
#define PARASOL_SEARCHER_PLAN_TERM_H

#include "searcher/plan/plan.h"

/* What all segments know of a form. */
typedef struct ps_seen_form {
    pc_str form;
    uint8_t field;     /* enum pc_field_id */
    pc_str stem;       /* empty: no segment has the form, or the index is in
                          several languages */
    bool known;        /* a segment has it, in some language */
    bool found;        /* or a stem of its bytes */
    uint64_t hyphened; /* documents that have it as a compound with a hyphen */
    pc_termblock_spot *spots; /* behind it in the dictionary, by view */
} ps_seen_form;

/* Begins with `snap`, `analyzer`, `arena` and `err`, which are borrowed; the
   rest zero. */
typedef struct ps_terms {
    const ps_snapshot *snap;
    pc_analyzer *analyzer;
    pc_arena *arena;
    parasol_error *err;
    ps_plan_term **v; /* seen so far */
    size_t n, cap;
    ps_seen_form *forms; /* likewise */
    size_t n_forms, cap_forms;
} ps_terms;

/*
 * What is known of a form in small letters of a field. *out is valid until
 * another form is asked for, what it borrows as long as the arena. Errors:
 * NOMEM, CORRUPT. Cost: a look-up in each segment, the first time; if the form
 * is its own stem, that of the term is done with it.
 */
int ps_terms_form(ps_terms *p, pc_str form, uint8_t field,
                  const ps_seen_form **out) PC_MUST_USE;

/*
 * May a segment have a word as a form or stem? Its first `part` bytes are a
 * form that was asked for, or else nothing is known. False only if none has it.
 * Cost: the keys between the two.
 */
bool ps_terms_may_have(const ps_terms *p, pc_str word, size_t part,
                       uint8_t field);

/*
 * The term of a field: with `exact` that form of the stem, else the stem. *out
 * is in the arena, the same for the same question; `term` is copied. Errors:
 * NOMEM, CORRUPT. Cost: a look-up in each segment, the first time.
 */
int ps_terms_get(ps_terms *p, const pc_term *term, uint8_t kind, bool exact,
                 uint8_t field, ps_plan_term **out) PC_MUST_USE;

/* The same in the documents of one language: its number and one more; 0: of
   all. */
int ps_terms_get_only(ps_terms *p, const pc_term *term, uint8_t kind,
                      bool exact, uint8_t field, uint8_t only,
                      ps_plan_term **out) PC_MUST_USE;

/* The term of a stem in one language of the index alone. Errors: NOMEM,
   CORRUPT. */
int ps_terms_in(ps_terms *p, pc_str stem, uint32_t language, uint8_t field,
                ps_plan_term **out) PC_MUST_USE;

/* Fills stems[] with those of a form in each language of the index. NOMEM. */
int ps_terms_stems(const ps_terms *p, pc_str form, uint8_t kind,
                   pc_str *stems) PC_MUST_USE;

#endif
