/*
 * Cleaning of plain text, for all formats whose text is plain somewhere.
 */
#ifndef PARASOL_INDEXER_EXTRACT_PLAIN_H
#define PARASOL_INDEXER_EXTRACT_PLAIN_H

#include "common/base/buf.h"

/*
 * Appends UTF-8 text with newlines of one kind, form feeds as newlines,
 * overstruck letters (x BACKSPACE x, _ BACKSPACE x) as the last of them,
 * without terminal escape sequences, other control characters as blanks.
 * Never appends more bytes than it is given. A failure stays in out->status.
 */
void pi_plain_clean(pc_buf *out, pc_str in);

#endif
