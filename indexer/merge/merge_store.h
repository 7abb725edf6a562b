/*
 * Stored documents of several segments as one.
 *
 * Blocks are inflated once where documents come in their old order; where they
 * do not, as many inflated blocks are kept as the memory given allows.
 *
 * Errors: CORRUPT, NOMEM, FULL, IO.
 */
#ifndef PARASOL_INDEXER_MERGE_MERGE_STORE_H
#define PARASOL_INDEXER_MERGE_MERGE_STORE_H

#include "indexer/merge/merge_docs.h"
#include "indexer/write/store_writer.h"

/*
 * Adds the stored parts of all documents that stay to `w`, in their new order.
 * `memory` bounds the inflated blocks that are kept, down to two for each
 * source; a document's own text comes on top.
 */
int pi_merge_store(const pi_docs *docs, size_t memory, pi_store_writer *w,
                   parasol_error *err) PC_MUST_USE;

/*
 * Fills order[] with the numbers of all documents, sorted by the bytes of
 * their paths. Memory: all paths, and 24 bytes for each document.
 */
int pi_path_order(const pi_docs *docs, uint32_t *order,
                  parasol_error *err) PC_MUST_USE;

#endif
