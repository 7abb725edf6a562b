/*
 * What a parasol_stat consists of. Private to stat.c and stat_words.c.
 */
#ifndef PARASOL_INDEXER_UPKEEP_STAT_INTERNAL_H
#define PARASOL_INDEXER_UPKEEP_STAT_INTERNAL_H

#include <parasol/upkeep.h>

#include "common/segment/live.h"
#include "common/segment/seg.h"
#include "indexer/upkeep/held.h"

/* The greatest of what was offered, the greatest first. */
typedef struct pi_stat_top {
    parasol_stat_word *words;
    size_t n;
} pi_stat_top;

/* A field in one language. */
typedef struct pi_stat_field {
    parasol_stat_field sums;
    pi_stat_top top[2]; /* by enum parasol_stat_order */
} pi_stat_field;

struct parasol_stat {
    pc_mem alloc; /* copy of the caller's */
    pc_arena arena;
    size_t top;
    parasol_stat_info info;
    parasol_stat_section *sections;
    size_t n_sections;
    pi_stat_field *fields;
    size_t n_fields;
    parasol_stat_document *documents;
    size_t n_documents;
    /* While reading: */
    pi_held held;
    pc_seg **segs; /* in document order */
    size_t n_segs;
};

/* Reads the dictionaries of s->segs into s->fields. Errors: CORRUPT, NOMEM. */
int pi_stat_words(parasol_stat *s, parasol_error *err) PC_MUST_USE;

/* Fills s->documents. Errors: CORRUPT, NOMEM. */
int pi_stat_documents(parasol_stat *s, parasol_error *err) PC_MUST_USE;

#endif
