/*
 * Where the documents of several segments go in the one they are merged to.
 *
 * Every document that stays has an *external number*: its place among those
 * that stay, segment after segment, in the order in which they were added.
 * That is the order of ties. The place in the file, its *number*, is the same
 * unless an order is given or a segment had one.
 */
#ifndef PARASOL_INDEXER_MERGE_MERGE_DOCS_H
#define PARASOL_INDEXER_MERGE_MERGE_DOCS_H

#include <stdbool.h>

#include "common/segment/seg.h"

#define PI_DOC_DROPPED UINT32_MAX

/* A segment to merge. Borrowed. */
typedef struct pi_merge_source {
    const pc_seg *seg;
    const uint64_t *live; /* bit d % 64 of word d / 64: document d stays;
                             NULL: all do */
} pi_merge_source;

typedef struct pi_docs {
    const pc_mem *mem;
    const pi_merge_source *sources;
    const pc_seg **segs; /* the segments alone */
    size_t n;
    uint32_t docs;   /* that stay */
    uint32_t *first; /* by source: first external number; n + 1 of them */
    /* number[first_local[s] + d] of document d of source s. NULL: d's number
       is first[s] + d. */
    uint32_t *number;
    uint64_t *first_local;
    /* The document of a source that has an external number; NULL: what is
       beyond first[s]. */
    uint32_t *local;
    const uint32_t *order; /* external numbers by number; NULL: themselves */
    bool in_order;         /* within a source, numbers ascend */
} pi_docs;

/*
 * `order`, if not NULL, is borrowed: the external number of each document by
 * its new number. Released by pi_docs_release, also after an error.
 * Memory: without `order`, dropped documents and segments that were reordered
 * nothing for each document, else 4 bytes for each of a source and 4 for each
 * that stays.
 * Errors: FULL (too many documents), CORRUPT, NOMEM, ARG (no such order).
 */
int pi_docs_init(pi_docs *d, const pi_merge_source *sources, size_t n,
                 const uint32_t *order, const pc_mem *mem,
                 parasol_error *err) PC_MUST_USE;
void pi_docs_release(pi_docs *d);

static inline bool pi_source_has(const pi_merge_source *s, uint32_t doc)
{
    return !s->live || (s->live[doc / 64] >> (doc % 64) & 1);
}

/*
 * What was read of the sources so far is no memory of the process any more
 * (pc_map_forget). Called whenever about `PI_FORGET_SHARE` of the memory was
 * read.
 */
#define PI_FORGET_SHARE 8u
void pi_sources_forget(const pi_merge_source *sources, size_t n);

/* The number of a source's document, or PI_DOC_DROPPED. */
static inline uint32_t pi_docs_number(const pi_docs *d, size_t source,
                                      uint32_t doc)
{
    return d->number ? d->number[d->first_local[source] + doc]
                     : d->first[source] + doc;
}

/* The reverse: the source of the document with that number, and its number
   there. */
size_t pi_docs_origin(const pi_docs *d, uint32_t number, uint32_t *doc);

#endif
