/*
 * One commit opened for reading: its manifest and its segments, and the
 * statistics over all of them. Immutable after opening; safe for any number
 * of threads.
 */
#ifndef PARASOL_SEARCHER_VIEW_SNAPSHOT_H
#define PARASOL_SEARCHER_VIEW_SNAPSHOT_H

#include "common/format/manifest.h"
#include "common/segment/seg.h"

typedef struct ps_snapshot {
    const pc_mem *mem;
    pc_manifest manifest;
    pc_seg **segs; /* in document order */
    uint32_t n_segs;
    uint64_t *first_doc; /* of each segment: documents in those before it */
    uint64_t docs;
    uint64_t lengths[PC_FIELD_COUNT]; /* tokens of all documents */
    float damp[256];       /* K by norm for PC_FIELD_TEXT, usual parameters */
    pc_peak_ratio *ratios; /* by segment: of `damp` to its reference */
} ps_snapshot;

/* Opens the newest commit of the directory `path`, or the packed index of that
   path. Errors: NOTFOUND, CORRUPT, VERSION, IO, NOMEM. `mem` is borrowed. */
int ps_snapshot_open(ps_snapshot *s, const char *path, const pc_mem *mem,
                     parasol_error *err) PC_MUST_USE;

void ps_snapshot_release(ps_snapshot *s);

/* The segment that holds document `doc` of the snapshot; *local gets its
   number there. NULL when there is no such document. */
const pc_seg *ps_snapshot_seg(const ps_snapshot *s, uint64_t doc,
                              uint32_t *local);

#endif
