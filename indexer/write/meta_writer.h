/*
 * The counts of a segment and the languages of its documents.
 * Format: docs/format.md, "META" and "LANGUAGES".
 */
#ifndef PARASOL_INDEXER_WRITE_META_WRITER_H
#define PARASOL_INDEXER_WRITE_META_WRITER_H

#include "common/segment/seg_languages.h"
#include "indexer/write/out.h"

typedef struct pi_languages {
    uint32_t n;
    pc_seg_language v[PC_LANGUAGES_MAX]; /* in byte order of the codes */
} pi_languages;

/* Counts documents in a language; a code that is too long is cut. */
void pi_languages_add(pi_languages *l, pc_str code, uint32_t docs);

/* The number of the language, or l->n. */
uint32_t pi_languages_find(const pi_languages *l, pc_str code);

/* Writes the section META. */
void pi_meta_put(pi_out *o, uint32_t docs,
                 const uint64_t lengths[PC_FIELD_COUNT], const pi_languages *l);

/* Writes the section LANGUAGES, unless there is one language: by_doc[] has
   the number of each document's. NOMEM; what fails on disk is told by `o`. */
int pi_languages_put(pi_out *o, const pi_languages *l, const uint32_t *by_doc,
                     uint32_t docs, const pc_mem *mem,
                     parasol_error *err) PC_MUST_USE;

#endif
