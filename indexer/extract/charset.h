/*
 * From bytes in whatever encoding to UTF-8.
 */
#ifndef PARASOL_INDEXER_EXTRACT_CHARSET_H
#define PARASOL_INDEXER_EXTRACT_CHARSET_H

#include "common/base/buf.h"

/*
 * Finds the encoding of `in` and sets *text to it as UTF-8: a part of `in`
 * itself, or of *store, which is overwritten. `markup`: a declaration of HTML
 * or XML at the start counts. *skip is PARASOL_SKIP_NONE, BINARY (not text)
 * or DECODE (text of an encoding that could not be found).
 *
 * In this order: byte order mark; UTF-16 by its zero bytes; UTF-8; the
 * declaration; UTF-8 with a few broken bytes, which become U+FFFD; the guess
 * of a statistical detector where a strict conversion confirms it;
 * windows-1252. Errors: NOMEM.
 */
int pi_charset_decode(pc_str *text, pc_buf *store, pc_str in, bool markup,
                      int *skip, parasol_error *err) PC_MUST_USE;

/* The encoding that HTML or XML declares in its first kilobytes; empty when
   none. Borrowed from `in`. */
pc_str pi_charset_declared(pc_str in);

/* Appends `in` of the encoding `name` as UTF-8. *bad counts what could not be
   converted and became U+FFFD; *known is false when there is no such
   encoding. Errors: NOMEM. */
int pi_charset_convert(pc_buf *out, pc_str in, const char *name, size_t *bad,
                       bool *known, parasol_error *err) PC_MUST_USE;

#endif
