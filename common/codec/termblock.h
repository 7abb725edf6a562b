/*
 * One block of the dictionary: up to PC_TERM_BLOCK sorted keys, front-coded,
 * followed by what is known of each.
 *
 * A key is a field number (one byte) and the bytes of a word. What is known
 * stands in strings of bits by its nature (common/codec/entry.h), so that
 * looking a word up passes over little: keys, kinds, and what is wanted.
 * Format: docs/format.md, "Term blocks".
 */
#ifndef PARASOL_COMMON_CODEC_TERMBLOCK_H
#define PARASOL_COMMON_CODEC_TERMBLOCK_H

#include "common/codec/entry.h"
#include "common/codec/symbols.h"

#define PC_TERM_BLOCK 64u
/* Longest key: a field number and a word of at most 240 bytes. */
#define PC_KEY_MAX 241u
/* Bytes of the first key that a block is told. */
#define PC_KEY_PREFIX 8u

/* The first eight bytes of a key as a number that sorts like the key. */
static inline uint64_t pc_key_prefix(pc_str key)
{
    uint8_t head[PC_KEY_PREFIX] = {0};
    memcpy(head, key.ptr, key.len < PC_KEY_PREFIX ? key.len : PC_KEY_PREFIX);
    return pc_load64be(head);
}

/* ---- writing ---- */

/* A block is made in two steps, since how keys are coded depends on all keys
   of a dictionary. Between them it is this, and its bytes: the keys, front
   coded, as `shared` and the length of the rest, a byte each, and the rest;
   then the parts of its entries. */
typedef struct pc_termblock_draft {
    uint8_t n;
    uint8_t doc_bits;
    uint8_t kinds_len;   /* bytes of the parts */
    uint32_t keys_len;   /* bytes of the keys */
    uint32_t places_len; /* bytes of the parts */
    uint32_t forms_len;
    uint32_t lists_len;
} pc_termblock_draft;

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

/* Appends the bytes of a draft of the block to `out` and starts the next. There
   is at least one entry. */
pc_termblock_draft pc_termblock_flush(pc_termblock_writer *w, pc_buf *out);

/* Appends the block of a draft and its bytes. */
void pc_termblock_put(pc_buf *out, const pc_termblock_draft *draft,
                      const uint8_t *bytes, const pc_symbol_coder *coder);

/* ---- reading ---- */

/* A block as it is stored, with what it needs from elsewhere. */
typedef struct pc_termblock_bytes {
    const uint8_t *ptr; /* PC_PAD readable bytes follow */
    size_t len;
    uint64_t prefix; /* pc_key_prefix of the first key */
    const pc_symbols *symbols;
} pc_termblock_bytes;

typedef struct pc_termblock {
    const pc_symbols *symbols;
    const uint8_t *keys, *keys_end;
    pc_bit_reader kinds, places, forms, lists;
    const uint8_t *adds; /* where the next form.add ends */
    uint64_t prefix;
    unsigned doc_bits;
    uint32_t n;
    uint32_t i; /* entries read */
    uint32_t k; /* keys read, at least as many */
    /* Of entries: kinds read, and those with places and forms among them. */
    uint32_t n_kinds, n_places, n_forms;
    uint32_t at_place, at_form; /* places and forms read */
    uint32_t at_list;           /* entries whose lists are read */
    bool based;                 /* post_at and pos_at are known */
    uint64_t post_at, pos_at;
    size_t key_len;
    uint8_t kind[PC_TERM_BLOCK];
    uint8_t key[PC_KEY_MAX + PC_SYMBOL_MAX];  /* of the entry read last */
    uint8_t rest[PC_KEY_MAX + PC_SYMBOL_MAX]; /* of a key read alone */
} pc_termblock;

/* PARASOL_OK or PARASOL_CORRUPT. Borrows the bytes and symbols. */
int pc_termblock_open(pc_termblock *b,
                      const pc_termblock_bytes *in) PC_MUST_USE;

/* The next entry in order: its key goes to b->key. PARASOL_OK, _NOTFOUND at
   the end, _CORRUPT. */
int pc_termblock_next(pc_termblock *b, pc_entry *e) PC_MUST_USE;

/* A key: bytes that it shares with the key before, none of the first, and the
   rest, borrowed until the next key, with 16 bytes to be read. */
typedef struct pc_termblock_key {
    uint32_t shared;
    uint32_t rest_len;
    const uint8_t *rest;
} pc_termblock_key;

/*
 * The next key alone, for who keeps keys himself: b->key is not set, and
 * `shared` is not compared with the length of the key before. Passes over keys
 * that share more than `limit` bytes with the key before, and over those that
 * share as many and have a byte below `least` there; not over the first of a
 * block. PARASOL_OK, _NOTFOUND at the end, _CORRUPT. A walk that uses it does
 * not use pc_termblock_next.
 */
int pc_termblock_next_key(pc_termblock *b, uint32_t limit, uint8_t least,
                          pc_termblock_key *key) PC_MUST_USE;

/* What is known of the key that pc_termblock_next_key gave last, which begins
   with `field`; once for a key. PARASOL_OK or _CORRUPT. Cost: kinds of all
   entries before it, and what these have of the parts that it has. */
int pc_termblock_entry(pc_termblock *b, uint8_t field, pc_entry *e) PC_MUST_USE;

/* Looks for `key` in a block just opened; b->key is not set. PARASOL_OK,
   _NOTFOUND or _CORRUPT. */
int pc_termblock_find(pc_termblock *b, pc_str key, pc_entry *e) PC_MUST_USE;

/* Behind a key of a block; zero: nowhere. Borrows what the block does. */
typedef struct pc_termblock_spot {
    const pc_symbols *symbols;
    const uint8_t *keys, *end; /* those behind */
    uint32_t n;                /* how many they are */
} pc_termblock_spot;

/* A key, and the same with a mark behind. */
typedef struct pc_termblock_word {
    bool found;  /* the key is there, and `entry` is what is known of it */
    bool marked; /* so is the other, in `mark` */
    bool open;   /* the block does not tell whether the other is there */
    pc_termblock_spot spot; /* behind the key, if it is there */
    pc_entry entry, mark;
} pc_termblock_word;

/* As pc_termblock_find for `key` and, as far as it comes along, for `key` with
   the byte `mark` behind. PARASOL_OK or _CORRUPT. */
int pc_termblock_find_word(pc_termblock *b, pc_str key, uint8_t mark,
                           pc_termblock_word *out) PC_MUST_USE;

/* May the dictionary have `key`, which begins with the key before the spot, its
   first `matched` bytes, and goes on? False only if it has not: the block may
   not tell. */
bool pc_termblock_may_have(const pc_termblock_spot *spot, pc_str key,
                           size_t matched);

/* Compares `key` with the first key of a block: *cmp is below, equal to or
   above 0. PARASOL_OK or _CORRUPT. */
int pc_termblock_compare_first(const pc_termblock_bytes *in, pc_str key,
                               int *cmp) PC_MUST_USE;

#endif
