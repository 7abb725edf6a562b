/*
 * The segments of a commit in the making: those of the commit before, with
 * the documents that have died since, and those that this run has written.
 *
 * One thread at a time. A segment is opened when something is to be looked up
 * in it or when it is merged.
 */
#ifndef PARASOL_INDEXER_PARTS_H
#define PARASOL_INDEXER_PARTS_H

#include "common/segment/ids.h"
#include "common/segment/live.h"

typedef struct pi_part {
    pc_manifest_segment entry; /* `dead` counts those of this run, too */
    pc_seg *seg;               /* NULL: not open */
    pc_ids *ids;               /* NULL: nothing was looked up yet */
    pc_live live;
    bool live_read;
    bool changed; /* documents have died in this run */
    bool own;     /* written by this run */
} pi_part;

typedef struct pi_parts {
    const pc_mem *mem;
    const char *dir;
    pi_part *v;
    size_t n, cap;
} pi_parts;

/* `dir` and `mem` are borrowed until release. Cannot fail. */
void pi_parts_init(pi_parts *p, const char *dir, const pc_mem *mem);
void pi_parts_release(pi_parts *p);

/* Takes over the segments of a commit. NOMEM. */
int pi_parts_take(pi_parts *p, const pc_manifest *now,
                  parasol_error *err) PC_MUST_USE;

/* Adds a segment that this run has written. NOMEM. */
int pi_parts_add(pi_parts *p, const pc_manifest_segment *entry,
                 parasol_error *err) PC_MUST_USE;

/* Opens segment i. Errors: as pc_seg_open, CORRUPT (not the one that the
   manifest means). */
int pi_parts_open(pi_parts *p, size_t i, parasol_error *err) PC_MUST_USE;

/*
 * The living document with that id in the first `n` segments dies; *found
 * tells whether there was one. Cost: a binary search in each segment, hardly
 * any where ids ascend from call to call.
 * Errors: as pi_parts_open, NOMEM.
 */
int pi_parts_kill(pi_parts *p, size_t n, pc_str id, bool *found,
                  parasol_error *err) PC_MUST_USE;

/* Whether a living document with that id is there. Errors: the same. */
int pi_parts_has(pi_parts *p, pc_str id, bool *found,
                 parasol_error *err) PC_MUST_USE;

/* Whether any stored text is there, and any text that could have been. */
int pi_parts_text(pi_parts *p, bool *stored, bool *some,
                  parasol_error *err) PC_MUST_USE;

/* Documents that are alive. */
uint64_t pi_parts_docs(const pi_parts *p);

typedef struct pi_settle_options {
    uint64_t *next_segment; /* the number to go on from; moved on */
    bool merge;             /* as the policy says */
    bool synced;            /* files are to be durable */
    size_t memory;          /* of a merge */
    int (*progress)(double done, void *user); /* of a merge; may be NULL */
    void *user;
} pi_settle_options;

/*
 * Makes the segments what the commit is to have: those without a living
 * document are left out; those that the policy puts together, or that are dead
 * by more than a third, are written anew; for the others the dead are written
 * down. Then they are added to *next.
 * Errors: those of a merge, of opening and of writing.
 */
int pi_parts_settle(pi_parts *p, const pi_settle_options *o, pc_manifest *next,
                    parasol_error *err) PC_MUST_USE;

#endif
