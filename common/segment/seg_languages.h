/*
 * Which languages a segment has, and which one each document is in.
 *
 * Language L of a segment has the fields 2L and 2L + 1 of the dictionary.
 * Format: docs/format.md, "META" and "LANGUAGES".
 */
#ifndef PARASOL_COMMON_SEGMENT_SEG_LANGUAGES_H
#define PARASOL_COMMON_SEGMENT_SEG_LANGUAGES_H

#include "common/codec/bitpack.h"
#include "common/format/sealed.h"
#include "common/segment/fields.h"
#include "common/text/language.h"

/* Bytes of a language in META: its code, zeros behind, and a u32. */
#define PC_META_LANGUAGE (PC_LANGUAGE_CODE + 4u)

typedef struct pc_seg_language {
    char code[PC_LANGUAGE_CODE + 1];
    uint32_t docs;
} pc_seg_language;

typedef struct pc_seg_languages {
    uint32_t n;     /* at least 1 */
    unsigned width; /* bits of one in `packed`; 0: there is one language */
    const uint8_t *packed;               /* the language of each document */
    pc_seg_language v[PC_LANGUAGES_MAX]; /* in byte order of the codes */
} pc_seg_languages;

/*
 * Reads the `len` bytes of META at `p`, which are verified, and finds the
 * section of the documents. False when that is no list of languages of `docs`
 * documents.
 */
bool pc_seg_languages_read(pc_seg_languages *l, const uint8_t *p, uint64_t len,
                           pc_sealed *file, uint32_t docs);

/* The language with that code, or l->n. */
uint32_t pc_seg_languages_find(const pc_seg_languages *l, pc_str code);

/* The language of a document, below l->n unless the file lies; verified by
   pc_seg_languages_need. */
static inline uint32_t pc_seg_language_of(const pc_seg_languages *l,
                                          uint32_t doc)
{
    return l->width ? pc_bitpack_at(l->packed, doc, l->width) : 0;
}

/* Verifies the pages that pc_seg_language_of reads. CORRUPT. */
int pc_seg_languages_need(const pc_seg_languages *l, pc_sealed *file,
                          uint32_t docs, parasol_error *err) PC_MUST_USE;

/* A field's number in the keys of the dictionary. */
static inline uint8_t pc_language_field(uint32_t language, uint8_t field)
{
    return (uint8_t)(PC_FIELD_COUNT * language + field);
}

#endif
