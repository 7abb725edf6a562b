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

/* Appends all of the entry but the bytes of form.add and the offsets. Inline
   documents are below 2^doc_bits. */
void pc_entry_put(pc_bit_writer *w, const pc_entry *e, unsigned doc_bits);

/* Reads it; form.add gets its length only, and the offsets stay. False when
   the bits are no entry. What is inline keeps the limits, its documents
   ascend below 2^32, its frequencies are above 0 and sum up to ctf. */
bool pc_entry_get(pc_bit_reader *r, unsigned doc_bits, pc_entry *e) PC_MUST_USE;

/* Where the bytes of entries are that are not in their bits. */
typedef struct pc_entry_bytes {
    uint64_t post, pos; /* lengths of lists elsewhere */
    uint64_t add;       /* of form.add */
} pc_entry_bytes;

/* Passes over n entries, adding up their bytes elsewhere in *sum. False when
   bits are no entry. Much faster than reading. */
bool pc_entry_skip(pc_bit_reader *r, unsigned doc_bits, uint32_t n,
                   pc_entry_bytes *sum) PC_MUST_USE;

#endif
