/*
 * An index of many segments, which indexing alone does not make: a commit
 * that has the same documents in more files.
 */
#ifndef PARASOL_TESTS_SUPPORT_SPLIT_H
#define PARASOL_TESTS_SUPPORT_SPLIT_H

#include <stddef.h>
#include <stdint.h>

/* Replaces the newest commit in `path` by one of at most `parts` segments of
   about the same size. If `seed` is not 0, the documents of each are stored in
   a random order that is not theirs. Any failure ends the program. */
void split_index(const char *path, size_t parts, uint64_t seed);

#endif
