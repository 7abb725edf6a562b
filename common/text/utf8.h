/*
 * UTF-8: decode, encode, validate, repair. Nothing here reads past `end`,
 * whatever the bytes are. A bad sequence is replaced as the Unicode Standard
 * recommends: one U+FFFD for each maximal part of a well-formed sequence, so
 * that everybody counts the same replacements.
 */
#ifndef PARASOL_COMMON_TEXT_UTF8_H
#define PARASOL_COMMON_TEXT_UTF8_H

#include <stdbool.h>

#include "common/base/buf.h"

#define PC_UTF8_BAD 0xFFFDu
#define PC_UTF8_MAX 4 /* bytes of one code point */

/* What pc_utf8_next does from a byte above 0x7F on. */
uint32_t pc_utf8_next_wide(const char **p, const char *end);

/*
 * The code point at *p, which must be below `end`; *p moves behind it, by at
 * least one byte. U+FFFD for each bad sequence.
 */
static inline uint32_t pc_utf8_next(const char **p, const char *end)
{
    uint8_t c = (uint8_t)(*p)[0];
    if (PC_LIKELY(c < 0x80)) {
        (*p)++;
        return c;
    }
    return pc_utf8_next_wide(p, end);
}

/* The bytes of `cp` into out[0..3]; their number. A surrogate or a number
   above U+10FFFF is written as U+FFFD. */
size_t pc_utf8_encode(uint32_t cp, char out[PC_UTF8_MAX]);

/* Appends `cp`; a failure stays in out->status. */
void pc_utf8_put(pc_buf *out, uint32_t cp);

/* True when every byte belongs to a well-formed sequence. Linear. */
bool pc_utf8_valid(pc_str s);

/* The longest prefix of `s` of at most `max` bytes that does not cut a
   sequence in two. */
pc_str pc_utf8_cut(pc_str s, size_t max);

/*
 * Appends `in` to `out` with every bad sequence and every NUL byte replaced
 * by U+FFFD; *bad is set to the number of replacements (may be NULL).
 * Returns out->status: PARASOL_OK or PARASOL_NOMEM. Linear; at most three
 * times the bytes.
 */
int pc_utf8_repair(pc_buf *out, pc_str in, size_t *bad) PC_MUST_USE;

#endif
