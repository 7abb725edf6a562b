/*
 * Forward index: the terms of each document, as bare numbers, for whoever
 * wants to know which documents are alike.
 *
 * Memory: 4 bytes for each posting that is kept, 8 for each document.
 */
#ifndef PARASOL_INDEXER_MERGE_FORWARD_H
#define PARASOL_INDEXER_MERGE_FORWARD_H

#include "indexer/merge/merge_docs.h"

typedef struct pi_forward {
    const pc_mem *mem;
    uint32_t docs, terms;
    uint64_t *starts; /* by document: first of its edges; docs + 1 of them */
    uint32_t *edges;  /* terms */
} pi_forward;

typedef struct pi_forward_limits {
    uint32_t least, most; /* df of the terms that are kept */
    uint64_t bytes;       /* memory for edges; beyond it NOMEM, with a sentence
                             that says how much would do; 0: any */
} pi_forward_limits;

/*
 * Reads the text field of all segments. Documents are numbered as `docs` has
 * them. Released by pi_forward_release, also after an error.
 * Errors: CORRUPT, NOMEM.
 */
int pi_forward_init(pi_forward *f, const pi_docs *docs,
                    pi_forward_limits limits, parasol_error *err) PC_MUST_USE;
void pi_forward_release(pi_forward *f);

#endif
