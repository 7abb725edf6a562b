/*
 * Documents in the order of their ids, writing side (docs/format.md, "IDS"):
 * takes the ids of documents in order and writes the section IDS of a segment.
 *
 * One thread at a time. The status is sticky. Memory: what each id does not
 * share with the one before, up to a limit if one is set; what is beyond goes
 * through a temporary file. Where ids do not ascend, four bytes for each
 * document while the section is written, or eight where they do not fit into
 * the limit.
 */
#ifndef PARASOL_INDEXER_WRITE_ID_WRITER_H
#define PARASOL_INDEXER_WRITE_ID_WRITER_H

#include <stdbool.h>

#include "indexer/write/spool.h"

typedef struct pi_id_writer {
    const pc_mem *mem;
    size_t limit;   /* bytes of ids that are sorted in memory */
    pi_spool coded; /* of each: how much it shares, how much more, the rest */
    pc_buf record;  /* of one */
    pc_buf last;    /* the id before */
    uint32_t docs;
    bool falls; /* an id is below the one before it */
} pi_id_writer;

/* `mem` is borrowed until release. */
void pi_id_writer_init(pi_id_writer *w, const pc_mem *mem);
void pi_id_writer_release(pi_id_writer *w);

/* From here on ids beyond `spool` bytes go to a temporary file of `dir`, which
   is borrowed until release, and are sorted `limit` bytes at a time. The
   section is the same. */
void pi_id_writer_spill(pi_id_writer *w, const char *dir, size_t limit,
                        size_t spool);

/* Adds the id of the next document, which is copied. Returns the sticky
   status: NOMEM, IO, FULL. */
int pi_id_add(pi_id_writer *w, pc_str id) PC_MUST_USE;

/* Writes the section to `out` and empties the writer for another segment.
   Errors: NOMEM, IO, FULL (temporary files); otherwise what fails on disk is
   told by `out`. */
int pi_id_finish(pi_id_writer *w, pi_out *out, parasol_error *err) PC_MUST_USE;

#endif
