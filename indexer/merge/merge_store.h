/*
 * Stored documents of several segments as one.
 *
 * Documents that keep their order stream through; others are gathered, as many
 * at a time as the memory given allows.
 *
 * Errors: CORRUPT, NOMEM, FULL, IO.
 */
#ifndef PARASOL_INDEXER_MERGE_MERGE_STORE_H
#define PARASOL_INDEXER_MERGE_MERGE_STORE_H

#include "indexer/merge/merge_docs.h"
#include "indexer/write/column_writer.h"
#include "indexer/write/id_writer.h"
#include "indexer/write/store_writer.h"

/*
 * Adds the stored parts of all documents that stay to `w`, in their new order,
 * their fields to `columns`, and their ids to `ids`, which may be NULL.
 * `memory` bounds what is gathered, down to one document; two blocks for each
 * source and the text of one document come on top. Cost: each block is inflated
 * once for each time that all stored bytes, inflated, go into `memory`.
 */
int pi_merge_store(const pi_docs *docs, size_t memory, pi_store_writer *w,
                   pi_column_writer *columns, pi_id_writer *ids,
                   parasol_error *err) PC_MUST_USE;

/*
 * Fills order[] with the numbers of all documents, sorted by the bytes of
 * their paths. Memory: all paths, and 24 bytes for each document.
 */
int pi_path_order(const pi_docs *docs, uint32_t *order,
                  parasol_error *err) PC_MUST_USE;

#endif
