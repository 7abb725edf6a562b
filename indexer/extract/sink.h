/*
 * Where the text of a marked-up document is put together: white space is
 * folded, and between two pieces stands the strongest separation asked for.
 */
#ifndef PARASOL_INDEXER_EXTRACT_SINK_H
#define PARASOL_INDEXER_EXTRACT_SINK_H

#include "common/base/buf.h"

typedef enum pi_gap {
    PI_GAP_NONE,
    PI_GAP_SPACE,
    PI_GAP_TAB,
    PI_GAP_LINE
} pi_gap;

typedef struct pi_sink {
    pc_buf out; /* its status is the sink's */
    pi_gap gap; /* owed before the next letter */
} pi_sink;

void pi_sink_init(pi_sink *s, const pc_mem *mem);
void pi_sink_release(pi_sink *s);

/* Separates what came from what comes, at least by `gap`. */
void pi_sink_gap(pi_sink *s, pi_gap gap);

/* Appends UTF-8 text; runs of white space, no-break spaces and control
   characters among it become one blank. */
void pi_sink_text(pi_sink *s, pc_str text);

/* The same, but blanks, tabs and newlines stay as they are. */
void pi_sink_verbatim(pi_sink *s, pc_str text);

#endif
