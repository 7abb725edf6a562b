/*
 * The table of English words that the stemmer would join with another sense.
 */
#ifndef PARASOL_COMMON_TEXT_STEM_EXCEPTIONS_H
#define PARASOL_COMMON_TEXT_STEM_EXCEPTIONS_H

#include "common/base/str.h"

/* The key of a case-folded English word without accents, borrowed for ever;
   ptr NULL when the word is no exception. */
pc_str pc_stem_exception(pc_str word);

/* The rows of the table, sorted by word, for listings and tests: the word of
   row `i` and in *key its key. */
size_t pc_stem_exception_count(void);
pc_str pc_stem_exception_at(size_t i, pc_str *key);

#endif
