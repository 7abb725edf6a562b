/*
 * Characters of ASCII, whatever the locale: what the formats are written in.
 */
#ifndef PARASOL_INDEXER_EXTRACT_ASCII_H
#define PARASOL_INDEXER_EXTRACT_ASCII_H

#include <stdbool.h>

#include "common/base/str.h"

static inline bool pi_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool pi_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool pi_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static inline char pi_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* The first n bytes are equal but for case; both must have them. */
static inline bool pi_eq_nocase(pc_str a, pc_str b, size_t n)
{
    if (a.len < n || b.len < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (pi_lower(a.ptr[i]) != pi_lower(b.ptr[i]))
            return false;
    }
    return true;
}

static inline bool pi_is_nocase(pc_str s, const char *z)
{
    pc_str other = pc_str_of(z);
    return s.len == other.len && pi_eq_nocase(s, other, s.len);
}

static inline bool pi_starts_nocase(pc_str s, const char *z)
{
    pc_str other = pc_str_of(z);
    return pi_eq_nocase(s, other, other.len);
}

/* Without white space at both ends. */
static inline pc_str pi_trim(pc_str s)
{
    while (s.len > 0 && pi_is_space(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len > 0 && pi_is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

/* The first line of *rest without its newline; *rest moves behind it. */
static inline pc_str pi_take_line(pc_str *rest)
{
    const char *nl = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
    pc_str line = {rest->ptr, nl ? (size_t)(nl - rest->ptr) : rest->len};
    size_t used = nl ? line.len + 1 : line.len;
    rest->ptr += used;
    rest->len -= used;
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

#endif
