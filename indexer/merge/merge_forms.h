/*
 * The surface forms of a merged dictionary and their new variant numbers.
 *
 * The forms of a stem are numbered anew, the most frequent first, as indexing
 * all documents at once would number them (docs/format.md, "Position units").
 * A word that is its own stem and its stem's only form everywhere needs no
 * number and takes no room here.
 *
 * Memory: some 40 bytes for each form that is not such a word, and 32 more if
 * documents are dropped.
 */
#ifndef PARASOL_INDEXER_MERGE_MERGE_FORMS_H
#define PARASOL_INDEXER_MERGE_MERGE_FORMS_H

#include "indexer/merge/merge_docs.h"
#include "indexer/merge/merge_words.h"

#define PI_NO_FORM UINT32_MAX
/* Forms beyond share this number, and whatever shared it goes on to. */
#define PI_VARIANT_LAST UINT16_MAX

typedef struct pi_form_count {
    uint32_t df;
    uint64_t ctf;
} pi_form_count;

/* The new number of each variant of a stem in one segment. */
typedef struct pi_variant_map {
    uint32_t *to; /* PI_NO_FORM: there is no such variant */
    size_t cap;
    uint32_t n;
    bool is_identity;
} pi_variant_map;

typedef struct pi_forms {
    const pc_mem *mem;
    const pi_docs *docs;
    pc_str language; /* its code, borrowed */
    uint32_t n;
    pc_buf records; /* of each form: its stem, its numbers by segment */
    uint64_t *at;   /* by form: its record */
    uint64_t *ctf;  /* by form, in all text */
    uint16_t *variants;
    uint8_t *flags;
    uint32_t *by_stem; /* forms by their stem, then by their own bytes */
    /* by_stem[i] is the first form of a stem: the number of the form that is
       the stem itself and has no record. */
    uint16_t *own;
    /* What stays of each form in each field; NULL if everything does. */
    pi_form_count *counts;
    size_t at_cap, ctf_cap, flags_cap, counts_cap;
} pi_forms;

struct pi_lists;

/*
 * Gathers the forms of all sources in a language and numbers them. Where
 * documents are dropped, `lists` counts what stays, and the occurrences that
 * stay in each field are added to lengths[]. `docs` is borrowed until release,
 * which always follows. Errors: CORRUPT, NOMEM, FULL.
 */
int pi_forms_init(pi_forms *f, const pi_docs *docs, pc_str language,
                  struct pi_lists *lists, uint64_t lengths[PC_FIELD_COUNT],
                  parasol_error *err) PC_MUST_USE;
void pi_forms_release(pi_forms *f);

/* A walk over all words, in the order of pi_words. */
typedef struct pi_forms_walk {
    uint32_t next_form;
    uint32_t lo, hi; /* by_stem[lo, hi): forms of the current word as stem */
    uint32_t form;   /* the current word as form; PI_NO_FORM: no record */
} pi_forms_walk;

/* Goes to the next word, which `words` is at. False when the file lies. */
bool pi_forms_walk_next(pi_forms_walk *k, const pi_forms *f,
                        const pi_words *words);

/* Fills maps[] for all sources that have the walk's word as a term.
   PARASOL_OK or _NOMEM. */
int pi_forms_maps(const pi_forms *f, const pi_forms_walk *k,
                  const pi_words *words, pi_variant_map *maps) PC_MUST_USE;

/* Fills what an entry says of the walk's word as a form in a field, if it is
   one. What stays of a form without a record is df and ctf of `own`. */
void pi_forms_entry(const pi_forms *f, const pi_forms_walk *k,
                    const pi_words *words, uint8_t field,
                    const pi_form_count *own, pc_entry *e);

#endif
