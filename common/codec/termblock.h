/*
 * One block of the dictionary: up to PC_TERM_BLOCK sorted keys, front-coded,
 * followed by what is known of each.
 *
 * A key is a field number (one byte) and the bytes of a word.
 * Format: docs/format.md, "Term blocks".
 */
#ifndef PARASOL_COMMON_CODEC_TERMBLOCK_H
#define PARASOL_COMMON_CODEC_TERMBLOCK_H

#include "common/codec/entry.h"

#define PC_TERM_BLOCK 32u
/* Longest key: a field number and a word of at most 240 bytes. */
#define PC_KEY_MAX 241u

/* ---- writing ---- */

typedef struct pc_termblock_writer {
    pc_buf keys;
    pc_buf adds;                     /* form.add of all entries */
    pc_entry entries[PC_TERM_BLOCK]; /* form.add has its length only */
    uint32_t n;
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
    pc_bit_reader payload;
    const uint8_t *adds; /* where the next form.add ends */
    unsigned doc_bits;
    uint32_t n;
    uint32_t i; /* entries read */
    uint32_t k; /* keys read, at least as many */
    uint64_t post_at, pos_at;
    uint8_t key[PC_KEY_MAX]; /* of the entry read last */
    size_t key_len;
} pc_termblock;

/* PARASOL_OK or PARASOL_CORRUPT. Borrows `in`, which is followed by PC_PAD
   readable bytes. */
int pc_termblock_open(pc_termblock *b, const uint8_t *in,
                      size_t len) PC_MUST_USE;

/* The same, for a walk over the keys alone: what follows them is looked at when
   pc_termblock_entry asks for it first. */
int pc_termblock_open_keys(pc_termblock *b, const uint8_t *in,
                           size_t len) PC_MUST_USE;

/* The next entry in order: its key goes to b->key. PARASOL_OK, _NOTFOUND at
   the end, _CORRUPT. */
int pc_termblock_next(pc_termblock *b, pc_entry *e) PC_MUST_USE;

/* A key as it is stored: bytes that it shares with the key before, and the
   rest, borrowed. */
typedef struct pc_termblock_key {
    uint32_t shared;
    uint32_t rest_len;
    const uint8_t *rest;
} pc_termblock_key;

/*
 * The next key alone, for who keeps keys himself: b->key is not set, and
 * `shared` is not compared with the length of the key before. Passes over keys
 * that share more than `limit` bytes with the key before, and over those that
 * share as many and have a byte below `least` there. PARASOL_OK, _NOTFOUND at
 * the end, _CORRUPT. A walk that uses it does not use pc_termblock_next.
 */
int pc_termblock_next_key(pc_termblock *b, uint32_t limit, uint8_t least,
                          pc_termblock_key *key) PC_MUST_USE;

/* What is known of the key that pc_termblock_next_key gave last, which begins
   with `field`; once for a key. PARASOL_OK or _CORRUPT. Cost: all entries not
   read before it. */
int pc_termblock_entry(pc_termblock *b, uint8_t field, pc_entry *e) PC_MUST_USE;

/* Looks for `key` in a block just opened; b->key is not set. PARASOL_OK,
   _NOTFOUND or _CORRUPT. */
int pc_termblock_find(pc_termblock *b, pc_str key, pc_entry *e) PC_MUST_USE;

/* A key, and the same with a mark behind. */
typedef struct pc_termblock_word {
    bool found;  /* the key is there, and `entry` is what is known of it */
    bool marked; /* so is the other, in `mark` */
    bool open;   /* the block does not tell whether the other is there */
    pc_entry entry, mark;
} pc_termblock_word;

/* As pc_termblock_find for `key` and, as far as it comes along, for `key` with
   the byte `mark` behind. PARASOL_OK or _CORRUPT. */
int pc_termblock_find_word(pc_termblock *b, pc_str key, uint8_t mark,
                           pc_termblock_word *out) PC_MUST_USE;

/* The first key of a block, borrowed. PARASOL_OK or _CORRUPT. */
int pc_termblock_first(const uint8_t *in, size_t len, pc_str *key) PC_MUST_USE;

#endif
