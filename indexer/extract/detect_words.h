/*
 * Function words by language, for detect.c.
 */
#ifndef PARASOL_INDEXER_EXTRACT_DETECT_WORDS_H
#define PARASOL_INDEXER_EXTRACT_DETECT_WORDS_H

#include "common/base/base.h"

typedef struct pi_language_words {
    const char *code;
    const char *words; /* small letters, each followed by a space */
} pi_language_words;

extern const pi_language_words pi_language_words_table[];
extern const size_t pi_language_words_count;

#endif
