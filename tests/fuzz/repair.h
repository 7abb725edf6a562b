/*
 * Right checksums for files of an index that were changed, so that what reads
 * them gets past the sums to what they say.
 */
#ifndef PARASOL_TESTS_FUZZ_REPAIR_H
#define PARASOL_TESTS_FUZZ_REPAIR_H

#include <stddef.h>
#include <stdint.h>

typedef struct repair_file {
    char name[64]; /* in the directory */
    uint8_t *bytes;
    size_t len;
} repair_file;

/*
 * Makes the sums of all files fit their content, and what the manifest (or
 * the table of a packed index) says of lengths and sums fit the files. Where
 * a file's own offsets lead nowhere, its sums stay wrong.
 */
void repair_index(repair_file *files, size_t n);

#endif
