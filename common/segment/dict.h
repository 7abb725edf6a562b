/*
 * The dictionary of a segment: sorted keys and what is known of each.
 *
 * A binary search over the first eight bytes of the blocks' first keys, then
 * one block is read. Read-only and safe for any number of threads.
 * Format: docs/format.md, "TERMS" and "TERM_INDEX".
 */
#ifndef PARASOL_COMMON_SEGMENT_DICT_H
#define PARASOL_COMMON_SEGMENT_DICT_H

#include "common/base/ints.h"
#include "common/codec/termblock.h"
#include "common/format/sealed.h"

typedef struct pc_dict {
    pc_sealed *file;
    pc_section terms;
    const uint8_t *prefixes; /* u64 of each block */
    const uint8_t *offsets;  /* u48 of each block, and the end */
    uint64_t blocks;
    uint64_t entries;
    pc_symbols symbols;
} pc_dict;

#define PC_DICT_OFFSET 6u /* bytes of an offset */

/* Where block i starts in TERMS; at d->blocks its length. Neither verified nor
   bounded. */
static inline uint64_t pc_dict_offset(const pc_dict *d, uint64_t i)
{
    const uint8_t *p = d->offsets + PC_DICT_OFFSET * i;
    return pc_load32le(p) | (uint64_t)pc_load16le(p + 4) << 32;
}

/* Borrows the file. CORRUPT, NOTFOUND never. */
int pc_dict_open(pc_dict *d, pc_sealed *file, parasol_error *err) PC_MUST_USE;

/*
 * Looks for `key` (field number, word). *found tells; *e is filled if so and
 * borrows from the file. Errors: CORRUPT. Cost: one block.
 */
int pc_dict_find(const pc_dict *d, pc_str key, bool *found, pc_entry *e,
                 parasol_error *err) PC_MUST_USE;

/* An ordered walk over the entries. */
typedef struct pc_dict_scan {
    const pc_dict *dict;
    uint64_t next_block;
    pc_termblock block; /* block.key, block.key_len: the current key */
} pc_dict_scan;

/* Starts before the first key. */
void pc_dict_scan_init(pc_dict_scan *s, const pc_dict *d);

/* The next entry; NOTFOUND after the last, CORRUPT. */
int pc_dict_scan_next(pc_dict_scan *s, pc_entry *e,
                      parasol_error *err) PC_MUST_USE;

/* Opens the keys of block `i`, which is below d->blocks
   (pc_termblock_next_key). CORRUPT. */
int pc_dict_block(const pc_dict *d, uint64_t i, pc_termblock *out,
                  parasol_error *err) PC_MUST_USE;

/* The first eight bytes of the first key of block `i`. CORRUPT. */
int pc_dict_block_prefix(const pc_dict *d, uint64_t i, uint64_t *out,
                         parasol_error *err) PC_MUST_USE;

/*
 * A block from which a walk meets the first key whose first eight bytes
 * (pc_key_prefix) are not below `prefix`, if it is in block `from` or behind;
 * *out is `from` at least. Gallops: cheap when near. CORRUPT.
 */
int pc_dict_skip(const pc_dict *d, uint64_t from, uint64_t prefix,
                 uint64_t *out, parasol_error *err) PC_MUST_USE;

/* Where a word's key is built: field number and word. */
typedef struct pc_key {
    char bytes[PC_KEY_MAX];
    size_t len;
} pc_key;

/* False when the word is too long for the dictionary to hold. */
static inline bool pc_key_make(pc_key *k, uint8_t field, pc_str word)
{
    if (word.len + 1 > PC_KEY_MAX)
        return false;
    k->bytes[0] = (char)field;
    memcpy(k->bytes + 1, word.ptr, word.len);
    k->len = word.len + 1;
    return true;
}

static inline pc_str pc_key_str(const pc_key *k)
{
    return (pc_str){k->bytes, k->len};
}

/*
 * Looks for a key and for the same with the byte `mark` behind, which mostly
 * are neighbours. Errors: CORRUPT. Cost: one block, seldom two.
 */
int pc_dict_find_word(const pc_dict *d, const pc_key *key, uint8_t mark,
                      pc_termblock_word *out, parasol_error *err) PC_MUST_USE;

#endif
