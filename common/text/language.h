/*
 * The languages that are told apart: their codes, what stems them, and how
 * documents name them. Several languages have no stemmer of libstemmer; their
 * words are folded only.
 *
 * The numbers of the languages are those of this build. Files hold codes.
 */
#ifndef PARASOL_COMMON_TEXT_LANGUAGE_H
#define PARASOL_COMMON_TEXT_LANGUAGE_H

#include "common/base/str.h"

#define PC_LANGUAGES_MAX 64u
#define PC_LANGUAGE_NONE UINT8_MAX

/* Bytes of a code. */
#define PC_LANGUAGE_CODE 12u

typedef struct pc_language {
    const char *code;      /* ISO 639-1, or "none" */
    const char *algorithm; /* of libstemmer, or "none" */
    const char *name;      /* in English, small letters */
    const char *others;    /* codes and names that mean it, too, each followed
                              by a space */
    const char *sample;    /* words for the fingerprint of the analysis */
} pc_language;

/* How many there are; at most PC_LANGUAGES_MAX. */
unsigned pc_language_count(void);

/* Language i, below the count, in byte order of the codes. */
const pc_language *pc_language_at(unsigned i);

/* The number of the language with that code; PC_LANGUAGE_NONE: unknown. */
uint8_t pc_language_of_code(pc_str code);

/*
 * The same for what people and documents write: codes of two and three
 * letters, English names, names of algorithms, with a region or a charset
 * behind (en-US, pt_BR.UTF-8), in any case.
 */
uint8_t pc_language_named(pc_str name);

#endif
