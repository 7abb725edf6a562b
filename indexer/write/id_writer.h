/*
 * Documents in the order of their ids, writing side (docs/format.md, "IDS"):
 * takes the ids of documents in order and writes the section IDS of a segment.
 *
 * One thread at a time. The status is sticky. Memory: what each id does not
 * share with the one before, which is little where ids ascend. Where they do
 * not, all ids and 12 bytes for each document while the section is written.
 */
#ifndef PARASOL_INDEXER_WRITE_ID_WRITER_H
#define PARASOL_INDEXER_WRITE_ID_WRITER_H

#include <stdbool.h>

#include "indexer/write/out.h"

typedef struct pi_id_writer {
    const pc_mem *mem;
    pc_buf coded;   /* of each: how much it shares, how much more, the rest */
    pc_buf last;    /* the id before */
    uint64_t bytes; /* of all ids */
    uint32_t docs;
    bool falls; /* an id is below the one before it */
} pi_id_writer;

/* `mem` is borrowed until release. */
void pi_id_writer_init(pi_id_writer *w, const pc_mem *mem);
void pi_id_writer_release(pi_id_writer *w);

/* Adds the id of the next document, which is copied. Returns the sticky
   status: NOMEM. */
int pi_id_add(pi_id_writer *w, pc_str id) PC_MUST_USE;

/* Writes the section to `out` and empties the writer for another segment.
   Errors: NOMEM; what fails on disk is told by `out`. */
int pi_id_finish(pi_id_writer *w, pi_out *out, parasol_error *err) PC_MUST_USE;

#endif
