/*
 * The languages of a merged segment.
 */
#ifndef PARASOL_INDEXER_MERGE_MERGE_LANGUAGES_H
#define PARASOL_INDEXER_MERGE_MERGE_LANGUAGES_H

#include "indexer/merge/merge_docs.h"
#include "indexer/write/meta_writer.h"

/* The languages of the documents that stay. Errors: CORRUPT, FULL. Cost: where
   segments have several, a look at each document. */
int pi_merged_languages(pi_languages *out, const pi_docs *docs,
                        parasol_error *err) PC_MUST_USE;

/* Writes the section LANGUAGES of the merged segment, if it has one. Errors:
   NOMEM; what fails on disk is told by `o`. */
int pi_merged_languages_put(pi_out *o, const pi_languages *l,
                            const pi_docs *docs,
                            parasol_error *err) PC_MUST_USE;

#endif
