/*
 * Stemming: libstemmer's algorithms by name, "none" for none, and for English
 * the exceptions of stem_exceptions.c.
 */
#ifndef PARASOL_COMMON_TEXT_STEM_H
#define PARASOL_COMMON_TEXT_STEM_H

#include <stdbool.h>

#include "common/base/mem.h"
#include "common/base/str.h"

typedef struct pc_stemmer pc_stemmer; /* one thread at a time */

/*
 * `algorithm` is "none" or a name of libstemmer's own list, in small letters
 * ("english", not "en"). *out is owned by the caller (pc_stemmer_free). `mem`
 * is borrowed until then; libstemmer itself uses the C library's allocator.
 * Errors: ARG (unknown algorithm), NOMEM.
 */
int pc_stemmer_open(pc_stemmer **out, const char *algorithm, const pc_mem *mem,
                    parasol_error *err) PC_MUST_USE;

/* Accepts NULL. */
void pc_stemmer_free(pc_stemmer *s);

/* True for "none" and for every algorithm of libstemmer. */
bool pc_stemmer_known(const char *algorithm);

/*
 * The stem of a word that went through pc_fold_case; borrowed until the next
 * call and as long as `word`. Words over a few hundred bytes are their own
 * stem. ptr is NULL when libstemmer is out of memory.
 */
pc_str pc_stem(pc_stemmer *s, pc_str word);

/* True when the algorithm knows endings by their accents (French -é, Spanish
   -ción), so that marks may be folded only after stemming. */
bool pc_stemmer_reads_marks(const pc_stemmer *s);

/* Are the apostrophes of a word to be left for pc_stem, which cuts it there
   (Turkish)? */
bool pc_stemmer_cuts_names(const pc_stemmer *s);

#endif
