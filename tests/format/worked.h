/*
 * Worked bytes: the fenced blocks of the documents that begin with
 * "```worked NAME". Each line is
 *
 *     BYTES | NAME TYPE = VALUE
 *
 * where BYTES are pairs of hexadecimal digits, "xx*N" for N equal bytes, and
 * a line without the right half continues in the next one. A line that
 * begins with # is for people. Types: u8 u16 u32 u64 varint varints refused
 * text bytes zero zlib bitsN crc; list, steps and number state values that
 * have no bytes.
 */
#ifndef PARASOL_TESTS_FORMAT_WORKED_H
#define PARASOL_TESTS_FORMAT_WORKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORKED_LINES 512
#define WORKED_BYTES 8192
#define WORKED_LIST 512

typedef struct worked_line {
    char name[32];
    char type[16];
    char value[256];
    size_t off, len; /* of its bytes in the block */
} worked_line;

typedef struct worked {
    char name[32];
    uint8_t bytes[WORKED_BYTES + 64]; /* zeros follow the last byte */
    size_t len;
    worked_line lines[WORKED_LINES];
    size_t n;
} worked;

/* Reads the block `name` of a document. Fails the test when there is none, or
   when a line cannot be read. */
void worked_open(worked *w, const char *document, const char *name);

/* The name of block `i` of the document; false behind the last. */
bool worked_name(const char *document, size_t i, char name[32]);

/* Checks every line by itself: its bytes are its value. Returns how many
   lines had something to check. */
size_t worked_check(const worked *w);

/* Line `nth` of that name, from 0; fails the test when there is none. */
const worked_line *worked_get(const worked *w, const char *name, size_t nth);

/* Lines of that name. */
size_t worked_count(const worked *w, const char *name);

/* The number a line states. */
uint64_t worked_number(const worked *w, const char *name, size_t nth);

/* The numbers of a line of type list, steps, bitsN or varints; "v*n" is n
   times v. Returns how many. */
size_t worked_list(const worked_line *l, uint32_t out[WORKED_LIST]);

/* The number behind the point, too. */
double worked_real(const worked *w, const char *name, size_t nth);

#endif
