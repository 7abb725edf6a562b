/*
 * Finding the document of a segment by its id (docs/format.md, "IDS").
 *
 * A binary search over the documents in the byte order of their ids, which
 * reads ids from the stored fields. Blocks of these are kept inflated, so the
 * first steps of every search, and searches in ascending order of the ids,
 * seldom inflate anything.
 */
#ifndef PARASOL_COMMON_SEGMENT_IDS_H
#define PARASOL_COMMON_SEGMENT_IDS_H

#include <stdbool.h>

#include "common/segment/seg.h"

#define PC_IDS_KEPT 64u /* blocks */

/* Private: an inflated block of stored fields. */
typedef struct pc_ids_block {
    uint64_t number;
    uint8_t *bytes; /* NULL: none yet */
} pc_ids_block;

/* One thread at a time. Memory: up to PC_IDS_KEPT blocks of PC_FIELDS_BLOCK
   bytes. */
typedef struct pc_ids {
    const pc_seg *seg;
    const pc_mem *mem;
    const uint8_t *packed; /* documents in the order of their ids; NULL: */
    uint32_t *order;       /* the same, made here; NULL: ids ascend */
    unsigned width;        /* bits of one in `packed` */
    pc_ids_block kept[PC_IDS_KEPT];
    pc_buf record; /* the beginning of one */
} pc_ids;

/*
 * Opens the ids of `seg`, borrowed like `mem` until close. *out is initialised
 * here, also on error (pc_ids_close).
 * Errors: CORRUPT, NOMEM. Cost: nothing, if the segment has the section; else
 * all stored fields are inflated and the ids sorted, for which they have to be
 * in memory, with 16 bytes for each document.
 */
int pc_ids_open(pc_ids *out, const pc_seg *seg, const pc_mem *mem,
                parasol_error *err) PC_MUST_USE;
void pc_ids_close(pc_ids *ids);

/* The id of document `doc` (below the segment's docs), borrowed until the next
   call. Errors: CORRUPT, NOMEM, ARG. */
int pc_ids_get(pc_ids *ids, uint32_t doc, pc_str *id,
               parasol_error *err) PC_MUST_USE;

/* The document that has the id; *found says whether there is one. Of several
   with one id, which a writer does not make, the first by number.
   Errors: CORRUPT, NOMEM. Cost: log2(docs) steps, of which each of the last
   ones inflates a block unless it is kept: 10 us among 20 000 documents. */
int pc_ids_find(pc_ids *ids, pc_str id, bool *found, uint32_t *doc,
                parasol_error *err) PC_MUST_USE;

#endif
