/*
 * Saying foreign text: titles, paths and snippets come from documents and
 * may hold anything. On a terminal an escape sequence would be obeyed, so
 * every program writes such text through here.
 */
#ifndef PARASOL_COMMON_TOOL_SAY_H
#define PARASOL_COMMON_TOOL_SAY_H

#include <stdint.h>
#include <stdio.h>

#include "common/base/base.h"

/* The code point at s[0 .. n-1] (n > 0) into *cp; the bytes it takes.
   0xFFFD and 1 for a byte that begins no valid character. */
size_t pc_say_decode(const char *s, size_t n, uint32_t *cp);

/* Terminal columns of a code point: 0, 1 or 2, by rough ranges. */
unsigned pc_say_columns(uint32_t cp);

/*
 * Writes n bytes as text that only shows: white space controls become one
 * space each, other controls, invisible direction marks and bytes that are
 * not UTF-8 become U+FFFD. Returns the columns written.
 */
size_t pc_say_text(FILE *out, const char *s, size_t n);

/* Writes n bytes as a JSON string with its quotes, in UTF-8; bytes that are
   not UTF-8 become U+FFFD. */
void pc_say_json(FILE *out, const char *s, size_t n);

/* A number of bytes for people, as "1.2 MiB", into `out`, which is returned. */
const char *pc_say_size(char out[32], uint64_t bytes);

#endif
