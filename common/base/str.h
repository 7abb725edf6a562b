/*
 * pc_str: a borrowed slice of bytes, not zero-terminated.
 */
#ifndef PARASOL_COMMON_BASE_STR_H
#define PARASOL_COMMON_BASE_STR_H

#include <stdbool.h>
#include <string.h>

#include "common/base/base.h"

typedef struct pc_str {
    const char *ptr;
    size_t len;
} pc_str;

/* For printf: "%.*s", PC_STR_ARG(s). Lengths over INT_MAX are cut. */
#define PC_STR_ARG(s)                                                          \
    (int)((s).len > 0x7fffffff ? 0x7fffffff : (s).len), (s).ptr

#define PC_STR_LIT(lit) ((pc_str){(lit), sizeof(lit) - 1})

static inline pc_str pc_str_of(const char *z)
{
    return (pc_str){z, z ? strlen(z) : 0};
}

static inline bool pc_str_eq(pc_str a, pc_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Byte order: negative, 0, positive. A prefix sorts before what extends it. */
static inline int pc_str_cmp(pc_str a, pc_str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.ptr, b.ptr, n) : 0;
    if (c != 0)
        return c;
    return a.len < b.len ? -1 : a.len > b.len;
}

static inline bool pc_str_starts(pc_str s, pc_str prefix)
{
    return s.len >= prefix.len &&
           (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool pc_str_ends(pc_str s, pc_str suffix)
{
    return s.len >= suffix.len &&
           (suffix.len == 0 ||
            memcmp(s.ptr + (s.len - suffix.len), suffix.ptr, suffix.len) == 0);
}

#endif
