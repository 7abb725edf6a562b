/*
 * Short strings <-> codes of a byte.
 *
 * A table gives up to 255 symbols, each of one to eight bytes; a string is
 * coded as the fewest symbols that make it up, and what no symbol has as an
 * escape and a byte (P. Boncz, T. Neumann, V. Leis: FSST, 2020). A string is
 * read alone, by one load and one store for each symbol. The empty table
 * stands for the bytes themselves.
 *
 * Format: docs/format.md, "Symbols".
 */
#ifndef PARASOL_COMMON_CODEC_SYMBOLS_H
#define PARASOL_COMMON_CODEC_SYMBOLS_H

#include <stdbool.h>

#include "common/base/ints.h"

#define PC_SYMBOLS_MAX 255u /* in a table */
#define PC_SYMBOL_MAX 8u    /* bytes of one */
#define PC_SYMBOL_ESCAPE 255u
/* Longest string to be coded. */
#define PC_SYMBOL_TEXT 256u

typedef struct pc_symbols {
    uint32_t n;       /* 0: codes are bytes */
    uint8_t len[256]; /* of each code; 0: there is none, or the escape */
    uint8_t bytes[256][PC_SYMBOL_MAX];
} pc_symbols;

/* The empty table. */
void pc_symbols_init(pc_symbols *s);

/*
 * A table of n symbols: their lengths are at `lens`, their bytes one after the
 * other at `bytes`, which has `size`. False unless the lengths are 1 to 8 and
 * use the bytes up; the table is then undefined.
 */
bool pc_symbols_set(pc_symbols *s, uint32_t n, const uint8_t *lens,
                    const uint8_t *bytes, size_t size) PC_MUST_USE;

/* The first byte of the string that begins with the code at `in`, behind which
   another byte can be read. */
static inline uint8_t pc_symbols_first(const pc_symbols *s, const uint8_t *in)
{
    return PC_LIKELY(s->len[in[0]] > 0) ? s->bytes[in[0]][0] : in[1];
}

/*
 * Reads `n` codes at `in` into `out`, which has room for `room` bytes and
 * PC_SYMBOL_MAX behind. False when it is too little, or a code is none.
 */
static inline bool pc_symbols_get(const pc_symbols *s, const uint8_t *in,
                                  size_t n, uint8_t *out, size_t room,
                                  size_t *len)
{
    const uint8_t *end = in + n;
    size_t at = 0;
    while (in < end && at <= room) {
        unsigned code = *in++;
        memcpy(out + at, s->bytes[code], PC_SYMBOL_MAX);
        at += s->len[code];
        if (PC_UNLIKELY(s->len[code] == 0)) {
            if (code != PC_SYMBOL_ESCAPE || in == end)
                return false;
            out[at++] = *in++;
        }
    }
    *len = at;
    return at <= room;
}

/* What coding looks up. */
typedef struct pc_symbol_coder {
    const pc_symbols *symbols;
    uint16_t from[257];              /* of each first byte, in the others */
    uint8_t codes[256];              /* by first byte */
    uint64_t words[256], masks[256]; /* their bytes, and which those are */
} pc_symbol_coder;

/* Borrows the table. */
void pc_symbol_coder_init(pc_symbol_coder *c, const pc_symbols *s);

/* Appends the fewest codes for n bytes, at most PC_SYMBOL_TEXT, to `out`, which
   has room for 2 n. Returns how many bytes they take. */
size_t pc_symbols_put(const pc_symbol_coder *c, const uint8_t *in, size_t n,
                      uint8_t *out);

#endif
