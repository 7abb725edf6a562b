/*
 * Reading the Unicode Character Database of the machine in tests. Without it
 * (Debian package unicode-data) the tests that need it skip, and say so.
 */
#ifndef PARASOL_TESTS_UNIT_TEXT_UCD_FILE_H
#define PARASOL_TESTS_UNIT_TEXT_UCD_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifndef PARASOL_TEST_UCD
#define PARASOL_TEST_UCD "/usr/share/unicode"
#endif

typedef struct ucd_file {
    FILE *f;
    bool piped; /* out of bzip2 */
    char line[4096];
    unsigned number; /* of the line, from 1 */
} ucd_file;

/* Opens `name` below PARASOL_TEST_UCD; a name that ends in .bz2 is unpacked
   by bzip2. False, with a message, when it is not there. */
bool ucd_file_open(ucd_file *u, const char *name);

/* The next line that is not empty and not a comment, comment cut off. */
bool ucd_file_line(ucd_file *u);

void ucd_file_close(ucd_file *u);

/* Reads code points in hexadecimal from *p as UTF-8 into out (of `cap`
   bytes); stops at a character that is neither hexadecimal nor a space and
   leaves *p there. Returns the number of bytes. */
size_t ucd_file_points(const char **p, char *out, size_t cap);

/* A generator of test input: xorshift64*, never 0. */
uint64_t test_rng(uint64_t *state);

/* The seed of a random test, from PARASOL_TEST_SEED or the clock; printed. */
uint64_t test_seed(const char *test);

#endif
