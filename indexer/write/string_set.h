/*
 * Distinct strings, numbered from 0 as they come.
 *
 * One thread at a time. Memory: each string once, and 12 to 20 bytes more.
 */
#ifndef PARASOL_INDEXER_WRITE_STRING_SET_H
#define PARASOL_INDEXER_WRITE_STRING_SET_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/str.h"

/* What pi_strings_put returns when it is out of memory. */
#define PI_NO_STRING UINT32_MAX

typedef struct pi_strings {
    pc_buf bytes;    /* at most 4 GiB, which the caller sees to */
    uint32_t *ends;  /* of each string in `bytes` */
    uint32_t *slots; /* open addressing; a number + 1, or 0 */
    size_t n, ends_cap, slots_n;
} pi_strings;

/* `mem` is borrowed until release, which leaves an empty set. */
void pi_strings_init(pi_strings *s, const pc_mem *mem);
void pi_strings_release(pi_strings *s);

/* String number `id`, borrowed until the next one is put. */
static inline pc_str pi_strings_at(const pi_strings *s, uint32_t id)
{
    uint32_t start = id > 0 ? s->ends[id - 1] : 0;
    return (pc_str){(const char *)s->bytes.ptr + start, s->ends[id] - start};
}

bool pi_strings_has(const pi_strings *s, pc_str str);

/* The number of the string, which is copied if it is new; PI_NO_STRING. */
uint32_t pi_strings_put(pi_strings *s, pc_str str);

/* The numbers in the byte order of their strings, owned by the caller; NULL:
   out of memory. */
uint32_t *pi_strings_sorted(const pi_strings *s);

/* Bytes in use, also those that sorting needs; what was allocated beyond that
   was never touched. */
size_t pi_strings_memory(const pi_strings *s);

#endif
