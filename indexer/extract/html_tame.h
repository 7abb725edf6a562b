/*
 * Taming of HTML before it is parsed. The parser keeps a tree and searches
 * its stack of open elements at every tag, so that some kilobytes of nested
 * tags cost it minutes, and a large document many times its size in memory.
 * What it gets is therefore reduced to the tags that matter to the text: no
 * scripts, styles, comments, drawings or formatting tags, at most
 * PI_HTML_DEPTH elements inside each other; and it comes in pieces of bounded
 * size, each of which opens again what was open where the last one ended.
 */
#ifndef PARASOL_INDEXER_EXTRACT_HTML_TAME_H
#define PARASOL_INDEXER_EXTRACT_HTML_TAME_H

#include <stdbool.h>

#include "common/base/buf.h"

/* Elements open at once; deeper ones lose their tags, not their text. */
#define PI_HTML_DEPTH 200

/* From this size a piece ends at the next block, and at twice the size
   wherever it is. */
#define PI_HTML_PIECE_BYTES ((size_t)1 << 20)
#define PI_HTML_PIECE_TAGS ((size_t)16 << 10)

/* Kinds of elements known; the table is in html_tame.c. */
#define PI_HTML_ELEMENTS 80

typedef struct pi_html_tamer {
    pc_buf *out;
    const char *p; /* what is to come */
    const char *end;
    size_t tags; /* in this piece */
    unsigned depth;
    unsigned too_deep;              /* open elements beyond the limit */
    unsigned drawing;               /* svg elements inside each other */
    bool endless[PI_HTML_ELEMENTS]; /* no end tag follows any more */
    uint32_t open_count[PI_HTML_ELEMENTS];
    unsigned char open[PI_HTML_DEPTH];
} pi_html_tamer;

/* `in` is UTF-8 and borrowed as long as the tamer is used. */
void pi_html_tame_init(pi_html_tamer *w, pc_str in);

/*
 * Writes the next piece to *out, over what it held, and the number of tags in
 * it to *tags. False when there is none left. A failure stays in out->status.
 * Cost: linear over all pieces.
 */
bool pi_html_tame_next(pi_html_tamer *w, pc_buf *out, size_t *tags);

#endif
