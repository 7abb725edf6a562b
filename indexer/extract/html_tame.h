/*
 * Taming of HTML before it is parsed. The parser keeps a tree and searches
 * its stack of open elements at every tag, so that some kilobytes of nested
 * tags cost it minutes, and unclosed formatting elements any amount of
 * memory. What it gets is therefore reduced to the tags that matter to the
 * text: no scripts, styles, comments, drawings or formatting tags, and at
 * most PI_HTML_DEPTH elements inside each other.
 */
#ifndef PARASOL_INDEXER_EXTRACT_HTML_TAME_H
#define PARASOL_INDEXER_EXTRACT_HTML_TAME_H

#include "common/base/buf.h"

/* Elements open at once; deeper ones lose their tags, not their text. */
#define PI_HTML_DEPTH 200

/*
 * Appends `in` to *out, reduced. A failure stays in out->status.
 * *tags counts the tags appended. Cost: linear; one pass.
 */
void pi_html_tame(pc_buf *out, pc_str in, size_t *tags);

#endif
