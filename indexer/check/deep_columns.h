/*
 * Columns against the fields that they are made of, in sums by document.
 */
#ifndef PARASOL_INDEXER_CHECK_DEEP_COLUMNS_H
#define PARASOL_INDEXER_CHECK_DEEP_COLUMNS_H

#include "common/base/sort.h"
#include "indexer/check/deep.h"

typedef struct pi_deep_columns {
    pi_deep *d;
    uint64_t *sums;      /* by document; NULL: the segment has no columns */
    uint64_t too_long;   /* values that no column has */
    pc_sort_item *pairs; /* of one document */
    size_t pairs_cap;
} pi_deep_columns;

/* Reads all columns. Released always. */
void pi_deep_columns_init(pi_deep_columns *k, pi_deep *d);
void pi_deep_columns_release(pi_deep_columns *k);

/* At the end: are values that were left out counted? */
void pi_deep_columns_end(pi_deep_columns *k);

/* Compares what the columns have of a document with its fields. */
void pi_deep_columns_document(pi_deep_columns *k, uint32_t doc,
                              const pc_field *fields, size_t n);

#endif
