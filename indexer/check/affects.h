/*
 * What cannot be trusted when some bytes of a segment are damaged: words,
 * documents, filters.
 */
#ifndef PARASOL_INDEXER_CHECK_AFFECTS_H
#define PARASOL_INDEXER_CHECK_AFFECTS_H

#include "common/segment/seg.h"
#include "indexer/check/bytes.h"

/* What is known of a segment with damage. */
typedef struct pi_victim {
    const pi_bytes *bytes;
    const pc_seg *seg; /* NULL: it cannot be opened */
    uint64_t docs;     /* by the manifest */
} pi_victim;

/* Appends the names of the sections in the range and what it affects, for
   people. See the status of both. */
void pi_affects(const pi_victim *v, pi_extent at, pc_buf *sections,
                pc_buf *affects);

/* Appends "document 7" or "documents 128 to 255". */
void pi_put_documents(pc_buf *out, uint64_t first, uint64_t last);

#endif
