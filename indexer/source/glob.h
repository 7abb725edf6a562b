/*
 * Patterns of file names as git's ignore files have them: `?`, `*`, `**` and
 * sets in brackets, over bytes. A pattern is made into steps, and a text is
 * compared with all steps that it may have come to at the same time: so the
 * cost is at most the length of the pattern times that of the text, whatever
 * both are.
 *
 * Two peculiarities are git's: a pattern that is malformed matches nothing,
 * and `?` is one byte.
 */
#ifndef PARASOL_INDEXER_SOURCE_GLOB_H
#define PARASOL_INDEXER_SOURCE_GLOB_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/str.h"

/* Private: a step of a pattern. */
typedef struct pi_glob_step {
    uint8_t kind;
    uint8_t byte;
    uint32_t set; /* in `sets` */
} pi_glob_step;

typedef struct pi_glob {
    pi_glob_step *steps;
    size_t n;
    uint32_t (*sets)[8]; /* 256 bits each */
    uint8_t *reached;    /* two rows of n + 1, for matching */
    bool malformed;
} pi_glob;

/*
 * Makes a pattern ready. A slash is matched by a slash, and by `**` between
 * slashes. Everything lies in the arena. PARASOL_OK or PARASOL_NOMEM.
 */
int pi_glob_make(pi_glob *g, pc_str pattern, pc_arena *arena) PC_MUST_USE;

/* Whether the pattern matches the whole text. One thread at a time may use a
   pattern, which has its working memory with it. */
bool pi_glob_matches(const pi_glob *g, pc_str text);

/* Bytes at the start of a pattern that are what they are. */
size_t pi_glob_plain(pc_str pattern);

#endif
