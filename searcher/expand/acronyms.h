/*
 * Acronyms that the documents of an index explain (common/text/acronym.h), in
 * its dictionary.
 */
#ifndef PARASOL_SEARCHER_EXPAND_ACRONYMS_H
#define PARASOL_SEARCHER_EXPAND_ACRONYMS_H

#include "common/base/arena.h"
#include "searcher/view/snapshot.h"

typedef struct ps_acronym {
    pc_str text; /* what it stands for, in small letters */
    uint64_t df; /* documents that say so, dead ones, too */
} ps_acronym;

/* One definition in one segment; all is borrowed until it returns. What it
   returns ends the walk, unless PARASOL_OK. */
typedef int ps_acronym_hit(void *ctx, pc_str acronym, pc_str text,
                           const pc_entry *e);

/*
 * Calls hit for each definition of an acronym of the field that begins with
 * `prefix` (small letters; empty: of all), in order of the bytes, segment by
 * segment. Errors: CORRUPT, and what hit returns. Cost: a look-up in each
 * segment, and some ten nanoseconds for each definition.
 */
int ps_acronyms_walk(const ps_snapshot *snap, uint8_t field, pc_str prefix,
                     ps_acronym_hit *hit, void *ctx,
                     parasol_error *err) PC_MUST_USE;

/* What is looked at for one acronym, and how much of it is given. */
#define PS_ACRONYM_SEEN 256u
#define PS_ACRONYM_WAYS 4u

/*
 * What the acronym (small letters) stands for in the index, the most frequent
 * first: at most PS_ACRONYM_WAYS, each said by a quarter of the documents that
 * say the first, or more, and by one of twenty of the `df` documents that hold
 * the acronym. In the arena. Errors: NOMEM, CORRUPT.
 */
int ps_acronyms_of(const ps_acronym **out, size_t *n, const ps_snapshot *snap,
                   uint8_t field, pc_str acronym, uint64_t df, pc_arena *arena,
                   parasol_error *err) PC_MUST_USE;

#endif
