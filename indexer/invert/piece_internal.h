/*
 * A piece of a join in the making: shared by piece.c, which makes entries of
 * what piece_stem.c gathers.
 */
#ifndef PARASOL_INDEXER_INVERT_PIECE_INTERNAL_H
#define PARASOL_INDEXER_INVERT_PIECE_INTERNAL_H

#include "indexer/invert/join.h"

/* A form of the stem at hand. */
typedef struct pi_stem_form {
    pc_str text; /* borrowed from a cursor */
    uint64_t ctf;
    uint32_t place; /* in byte order */
    uint64_t ctf_in[PC_FIELD_COUNT];
    uint32_t df_in[PC_FIELD_COUNT];
    uint32_t last_in[PC_FIELD_COUNT]; /* document + 1 */
} pi_stem_form;

/* A term of the piece: its record (entry_record.h) lies in `records`. */
typedef struct pi_term_entry {
    pc_str word;
    size_t at;
} pi_term_entry;

/* A form that has an entry of its own, or shares one with another stem. */
typedef struct pi_form_entry {
    pc_str text;
    pc_form_info in[PC_FIELD_COUNT];
} pi_form_entry;

typedef struct pi_maker {
    pi_piece *p;
    const pi_join *j;
    const pc_mem *mem;
    parasol_error *err;
    pc_str lo, hi;           /* as of a cursor */
    pc_str word_lo, word_hi; /* the same without the head of the language */
    size_t head;             /* bytes of that */
    uint32_t language;       /* its number in the segment */
    pi_cursor *cursors;      /* by run */
    pi_cursor *counting;     /* a second set, where ctf has to be counted */
    pi_cursor **members;     /* those at the stem at hand */
    size_t n_members;
    pi_stem_form *forms;
    uint32_t n_forms;
    pi_run_form **all; /* forms of all members */
    uint32_t *ranks;
    size_t forms_cap, all_cap, ranks_cap;
    bool open[PC_FIELD_COUNT]; /* a list was begun */
    uint32_t *numbers;         /* of the forms at a posting's positions */
    size_t numbers_cap;
    pi_term_entry *terms[PC_FIELD_COUNT];
    pc_buf records[PC_FIELD_COUNT];
    size_t n_terms[PC_FIELD_COUNT], terms_cap[PC_FIELD_COUNT];
    pi_form_entry *form_entries;
    size_t n_form_entries, form_entries_cap;
    pc_arena arena; /* of both */
    pc_buf record;
} pi_maker;

/* Makes the lists of all stems of the piece, and notes the entries. */
int pi_maker_stems(pi_maker *m) PC_MUST_USE;

#endif
