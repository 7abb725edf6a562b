/*
 * One commit opened for reading: its manifest, its segments with their dead
 * documents, and the statistics over all of them. Immutable after opening;
 * safe for any number of threads.
 */
#ifndef PARASOL_SEARCHER_VIEW_SNAPSHOT_H
#define PARASOL_SEARCHER_VIEW_SNAPSHOT_H

#include "common/base/arena.h"
#include "common/format/manifest.h"
#include "common/segment/live.h"
#include "common/segment/seg.h"
#include "searcher/view/views.h"

typedef struct ps_snapshot {
    const pc_mem *mem;
    atomic_uint refs; /* of ps_snapshot_new */
    pc_manifest manifest;
    pc_seg **segs; /* in document order */
    pc_live *live; /* by segment */
    uint32_t n_segs;
    ps_view *views; /* of the segments, in their order */
    uint32_t n_views;
    ps_languages languages;
    uint64_t *first_doc; /* of each segment: documents in those before it */
    uint64_t docs;       /* dead ones, too: what ranking counts with */
    uint64_t dead;
    uint64_t lengths[PC_FIELD_COUNT]; /* tokens of all documents */
    float damp[256];       /* K by norm for PC_FIELD_TEXT, usual parameters */
    pc_peak_ratio *ratios; /* by segment: of `damp` to its reference */
} ps_snapshot;

/*
 * Opens the newest commit of the directory `path`, or the packed index of that
 * path. What a writer takes away in the meantime
 * leads to the commit after. Errors: NOTFOUND (no index there), CORRUPT (also:
 * a file of the newest commit is gone), VERSION, IO, NOMEM. `mem` is borrowed.
 */
int ps_snapshot_open(ps_snapshot *s, const char *path, const pc_mem *mem,
                     parasol_error *err) PC_MUST_USE;

void ps_snapshot_release(ps_snapshot *s);

/*
 * The same for one that several own, who each give it back (ps_snapshot_drop).
 * Segments that `known` (may be NULL) has open are not opened again; if the
 * newest commit is that of `known`, *out is `known`, with one owner more.
 */
int ps_snapshot_new(ps_snapshot **out, ps_snapshot *known, const char *path,
                    const pc_mem *mem, parasol_error *err) PC_MUST_USE;

/* One more owner. Any thread. Returns s. */
ps_snapshot *ps_snapshot_keep(ps_snapshot *s);

/* Gives one owner's part back. Any thread. Accepts NULL. */
void ps_snapshot_drop(ps_snapshot *s);

/* The segment that holds document `doc` of the snapshot; *local gets its
   number there. NULL when there is no such document. */
const pc_seg *ps_snapshot_seg(const ps_snapshot *s, uint64_t doc,
                              uint32_t *local);

/*
 * The documents of `s` in one language as a snapshot of its own: with views of
 * that language only, and with their number. It borrows everything from `s` and
 * has nothing to release. NOMEM.
 */
int ps_snapshot_narrow(ps_snapshot *out, const ps_snapshot *s, uint8_t language,
                       pc_arena *arena) PC_MUST_USE;

/* The language of a document that it holds: its number in s->languages. */
uint32_t ps_snapshot_language(const ps_snapshot *s, uint64_t doc);

#endif
