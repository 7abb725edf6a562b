/*
 * One block of the dictionary: up to PC_TERM_BLOCK sorted keys, front-coded,
 * followed by what is known of each.
 *
 * A key is a field number (one byte) and the bytes of a word. The word may be
 * a *term* (a stem, which has postings), a *form* (a surface form found in
 * documents, which names its stem), or both.
 * Format: docs/format.md, "Term blocks".
 */
#ifndef PARASOL_COMMON_CODEC_TERMBLOCK_H
#define PARASOL_COMMON_CODEC_TERMBLOCK_H

#include <stdbool.h>

#include "common/base/buf.h"

#define PC_TERM_BLOCK 32u
/* Longest key: a field number and a word of at most 240 bytes. */
#define PC_KEY_MAX 241u

enum pc_entry_flags {
    PC_ENTRY_TERM = 1,     /* has postings */
    PC_ENTRY_FORM = 2,     /* is a surface form */
    PC_ENTRY_SOLE = 4,     /* the form is its own stem's only one: nothing
                              more is stored of it */
    PC_ENTRY_INLINE = 8,   /* the postings are in the entry itself */
    PC_ENTRY_VARIANTS = 16 /* inline postings carry variants */
};
#define PC_ENTRY_FLAGS_ALL 31

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
    pc_str inl;                  /* PC_ENTRY_INLINE: its bytes; borrowed */
    uint64_t post_off, post_len; /* else: range in POSTINGS */
    uint64_t pos_off, pos_len;   /* and in POSITIONS */
    /* PC_ENTRY_FORM: */
    pc_form_info form;
} pc_entry;

/* ---- writing ---- */

typedef struct pc_termblock_writer {
    pc_buf keys;
    pc_buf payload;
    uint32_t n;
    uint64_t post_base, pos_base; /* offsets of the first long list */
    uint8_t last[PC_KEY_MAX];
    size_t last_len;
} pc_termblock_writer;

void pc_termblock_init(pc_termblock_writer *w, const pc_mem *mem);
void pc_termblock_release(pc_termblock_writer *w);

/* Adds an entry; keys ascend, and long lists follow each other without gaps
   in both sections. At most PC_TERM_BLOCK entries. */
void pc_termblock_add(pc_termblock_writer *w, pc_str key, const pc_entry *e);

/* Appends the block to `out` and starts the next. */
void pc_termblock_flush(pc_termblock_writer *w, pc_buf *out);

/* ---- reading ---- */

typedef struct pc_termblock {
    const uint8_t *keys, *keys_end;
    const uint8_t *payload, *end;
    uint32_t n;
    uint32_t i; /* entries read */
    uint64_t post_at, pos_at;
    uint8_t key[PC_KEY_MAX]; /* of the entry read last */
    size_t key_len;
} pc_termblock;

/* PARASOL_OK or PARASOL_CORRUPT. Borrows `in`, which is followed by PC_PAD
   readable bytes. */
int pc_termblock_open(pc_termblock *b, const uint8_t *in,
                      size_t len) PC_MUST_USE;

/* The next entry in order: its key goes to b->key. PARASOL_OK, _NOTFOUND at
   the end, _CORRUPT. */
int pc_termblock_next(pc_termblock *b, pc_entry *e) PC_MUST_USE;

/* Looks for `key` in a block just opened; b->key is not set. PARASOL_OK,
   _NOTFOUND or _CORRUPT. */
int pc_termblock_find(pc_termblock *b, pc_str key, pc_entry *e) PC_MUST_USE;

/* The first key of a block, borrowed. PARASOL_OK or _CORRUPT. */
int pc_termblock_first(const uint8_t *in, size_t len, pc_str *key) PC_MUST_USE;

#endif
