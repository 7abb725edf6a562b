/*
 * In which language is a text? Decided by its letters and its function words,
 * in a few short windows of the text; in more of them where these do not agree.
 *
 * A detector is read-only once it is open: any number of threads.
 */
#ifndef PARASOL_INDEXER_EXTRACT_DETECT_H
#define PARASOL_INDEXER_EXTRACT_DETECT_H

#include "common/base/mem.h"
#include "common/text/language.h"

typedef struct pi_detector pi_detector;

/* `main` (a number of common/text/language.h) is what texts are in where
   nothing else is clear. *out is owned by the caller (pi_detector_free), `mem`
   borrowed until then. 100 KB, a tenth of a millisecond. Errors: NOMEM. */
int pi_detector_open(pi_detector **out, uint8_t main, const pc_mem *mem,
                     parasol_error *err) PC_MUST_USE;

/* Accepts NULL. */
void pi_detector_free(pi_detector *d);

/*
 * The language of a document, any bytes. `declared` is what the document says
 * itself, or PC_LANGUAGE_NONE: it is believed, unless the text is in a script
 * that this language is not written in. Whatever is short, mixed or not
 * written in sentences is in the main language, unless its script says
 * otherwise. Mostly under a microsecond; at most some ten, for any length.
 */
uint8_t pi_detect(const pi_detector *d, uint8_t declared, pc_str title,
                  pc_str text);

#endif
