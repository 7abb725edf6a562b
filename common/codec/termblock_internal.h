/*
 * What writing and reading blocks of dictionary entries have in common: how
 * one lies in bytes.
 *
 *   n:u8 doc_bits:u8 kinds_len:u8 keys_len:varint places_len:varint
 *   forms_len:varint keys kinds places forms lists
 *
 * A key begins with a byte whose halves are the length shared with the key
 * before (the first: with the block's prefix) and the number of codes of the
 * rest (common/codec/symbols.h); 15 in a half means that a varint of what
 * exceeds it follows. The other parts are strings of bits
 * (common/codec/entry.h), each from a byte on. What forms add to be stems
 * stands behind the bits of the forms, the first one last.
 */
#ifndef PARASOL_COMMON_CODEC_TERMBLOCK_INTERNAL_H
#define PARASOL_COMMON_CODEC_TERMBLOCK_INTERNAL_H

/* A half of the byte that a key begins with. */
#define PC_KEY_NIBBLE_MAX 15u
/* Bytes before the lengths. */
#define PC_TERMBLOCK_HEAD 3u

#endif
