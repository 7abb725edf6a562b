/*
 * HTML inside other formats: Markdown holds blocks of it.
 */
#ifndef PARASOL_INDEXER_EXTRACT_HTML_H
#define PARASOL_INDEXER_EXTRACT_HTML_H

#include "indexer/extract/extract.h"
#include "indexer/extract/sink.h"

/*
 * Appends the text of `html` to the sink, as lines of its own, and files what
 * it says about itself in *out: metadata, and its first heading as title if
 * there is none yet. Errors: NOMEM.
 */
int pi_html_into(pi_sink *sink, pi_extract *out, pc_str html, pc_arena *arena,
                 parasol_error *err) PC_MUST_USE;

/* Appends the text of one character reference ("&eacute;", "&#233;"), or what
   is written when there is no such. Errors: NOMEM. */
int pi_html_reference(pi_sink *sink, pc_str reference, pc_arena *arena,
                      parasol_error *err) PC_MUST_USE;

#endif
