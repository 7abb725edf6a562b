/*
 * What an index remembers of the analysis: a hash of what it makes of sample
 * words, so that it changes when a rule, a table or libstemmer does.
 */
#ifndef PARASOL_COMMON_TEXT_FINGERPRINT_H
#define PARASOL_COMMON_TEXT_FINGERPRINT_H

#include "common/text/analyzer.h"

#define PC_FINGERPRINT_SEED 0xCBF29CE484222325u

/* `h` with some more bytes (FNV-1a). */
uint64_t pc_fingerprint_bytes(uint64_t h, const void *bytes, size_t n);

/* Adds what the language in use makes of a text to *h; PARASOL_OK or
   PARASOL_NOMEM. */
int pc_fingerprint_text(pc_analyzer *a, pc_str text, uint64_t *h) PC_MUST_USE;

/* Text with words of many languages, so that a change in any stemmer or table
   has something to show in. */
pc_str pc_fingerprint_sample(void);

#endif
