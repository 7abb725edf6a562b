/*
 * Merging: several sealed segments to one, without analysing anything again.
 *
 * The bytes written are those that indexing the same documents at once, in
 * the same order, would give; with one exception: where a stem has had more
 * than 65 535 forms in a segment, those that shared a number go on to.
 *
 * Every page is verified before its first use, and every number checked.
 * One thread at a time.
 *
 * Memory: the spools of the writers, the packed list of the most frequent word,
 * two bytes for each document, what merge_docs.h, merge_forms.h and
 * merge_lists.h state, and `memory`.
 */
#ifndef PARASOL_INDEXER_MERGE_MERGE_H
#define PARASOL_INDEXER_MERGE_MERGE_H

#include "indexer/merge/merge_docs.h"
#include "indexer/write/out.h"

typedef struct pi_merge_options {
    const char *dir; /* the index directory, for spools */
    /* External numbers of the documents that stay in the order they are to
       have; NULL: their own order. */
    const uint32_t *order;
    size_t memory; /* for occurrences and stored bytes of moved documents;
                      0: 64 MiB */
    /* Called now and then with the share that is done, 0 to 1; may be NULL.
       Not 0 stops with PARASOL_ARG. */
    int (*progress)(double done, void *user);
    void *user;
} pi_merge_options;

/*
 * Writes all sections of a segment to `out`, which the caller has created and
 * will finish, or abort after an error. *docs gets the number of documents.
 * Everything is borrowed for the call. Errors: CORRUPT, FULL, NOMEM, IO, ARG.
 */
int pi_merge(const pi_merge_source *sources, size_t n,
             const pi_merge_options *options, pi_out *out, uint32_t *docs,
             const pc_mem *mem, parasol_error *err) PC_MUST_USE;

#endif
