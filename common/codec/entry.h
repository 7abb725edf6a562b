/*
 * What the dictionary knows of one word, and its bits.
 *
 * The word may be a *term* (a stem, which has postings), a *form* (a surface
 * form found in documents, which names its stem), or both.
 * Format: docs/format.md, "Term blocks".
 */
#ifndef PARASOL_COMMON_CODEC_ENTRY_H
#define PARASOL_COMMON_CODEC_ENTRY_H

#include "common/base/str.h"
#include "common/codec/bits.h"

enum pc_entry_flags {
    PC_ENTRY_TERM = 1,     /* has postings */
    PC_ENTRY_FORM = 2,     /* is a surface form */
    PC_ENTRY_SOLE = 4,     /* the form is its own stem's only one: nothing
                              more is stored of it */
    PC_ENTRY_INLINE = 8,   /* the postings are in the entry itself */
    PC_ENTRY_VARIANTS = 16 /* inline postings carry variants */
};

/* A list in the dictionary holds at most this many documents and
   occurrences. */
#define PC_INLINE_DOCS 8u
#define PC_INLINE_OCCURRENCES 16u

/* The postings of a list in the dictionary. */
typedef struct pc_inline {
    uint32_t ids[PC_INLINE_DOCS];
    uint32_t tfs[PC_INLINE_DOCS];
    uint32_t gaps[PC_INLINE_OCCURRENCES]; /* of positions, as in posblock.h */
    uint16_t variants[PC_INLINE_OCCURRENCES];
} pc_inline;

/* What a form is of: its stem is the form without its last `strip` bytes,
   then `add`. */
typedef struct pc_form_info {
    uint32_t strip;
    pc_str add;
    uint32_t variant; /* its number among the forms of the stem */
    uint32_t df;
    uint64_t ctf;
} pc_form_info;

typedef struct pc_entry {
    uint8_t flags;
    uint8_t field; /* the first byte of the key, when it was read */
    /* PC_ENTRY_TERM: */
    uint32_t df;                 /* documents that hold the term */
    uint64_t ctf;                /* occurrences in all of them */
    uint64_t post_off, post_len; /* not PC_ENTRY_INLINE: range in POSTINGS */
    uint64_t pos_off, pos_len;   /* and in POSITIONS */
    pc_inline inl;               /* PC_ENTRY_INLINE: df and ctf of these */
    /* PC_ENTRY_FORM: */
    pc_form_info form;
} pc_entry;

/*
 * An entry stands in up to four strings of bits, one for each of these. What a
 * reader takes from one need not be taken from the others.
 *
 *   its kind    always; what else there is of it
 *   its place   where its list is: TERM without INLINE
 *   its form    FORM without SOLE
 *   its list    INLINE
 */
#define PC_KINDS 9u

/* Flags by kind. */
extern const uint8_t pc_kinds[PC_KINDS];

/* The kind with these flags; PC_KINDS if no entry may have them. */
unsigned pc_kind_of(unsigned flags);

static inline bool pc_entry_has_place(unsigned flags)
{
    return (flags & (PC_ENTRY_TERM | PC_ENTRY_INLINE)) == PC_ENTRY_TERM;
}

static inline bool pc_entry_has_form(unsigned flags)
{
    return (flags & (PC_ENTRY_FORM | PC_ENTRY_SOLE)) == PC_ENTRY_FORM;
}

/* ---- writing: each appends one part of an entry that has it ---- */

void pc_kind_put(pc_bit_writer *w, unsigned flags);        /* those of a kind */
void pc_place_put(pc_bit_writer *w, const pc_entry *e);    /* not the offsets */
void pc_form_put(pc_bit_writer *w, const pc_form_info *f); /* not f->add's
                                                              bytes */
/* Documents are below 2^doc_bits. */
void pc_inline_put(pc_bit_writer *w, const pc_entry *e, unsigned doc_bits);

/* ---- reading: false where the bits are not that ---- */

/* df, ctf and the lengths. */
bool pc_place_get(pc_bit_reader *r, pc_entry *e) PC_MUST_USE;

/* form.add gets its length only. */
bool pc_form_get(pc_bit_reader *r, pc_form_info *f) PC_MUST_USE;

/* df, ctf and e->inl, as e->flags say. It keeps the limits: documents ascend
   below 2^32, frequencies are above 0 and sum up to ctf. */
bool pc_inline_get(pc_bit_reader *r, unsigned doc_bits,
                   pc_entry *e) PC_MUST_USE;

/* ---- passing over; much faster than reading ---- */

/* n places, whose lengths are added to both sums. */
bool pc_places_skip(pc_bit_reader *r, uint32_t n, uint64_t *post,
                    uint64_t *pos) PC_MUST_USE;

/* n forms, whose added bytes are added to *add. */
bool pc_forms_skip(pc_bit_reader *r, uint32_t n, uint64_t *add) PC_MUST_USE;

/* The lists of those among n entries of such kinds that have one. */
bool pc_inlines_skip(pc_bit_reader *r, unsigned doc_bits, const uint8_t *kinds,
                     uint32_t n) PC_MUST_USE;

#endif
