/*
 * How the memory that an indexer may use is shared out.
 */
#ifndef PARASOL_INDEXER_BUDGET_H
#define PARASOL_INDEXER_BUDGET_H

#include "common/base/base.h"

typedef struct pi_budget {
    uint64_t memory;  /* in all */
    unsigned jobs;    /* threads */
    unsigned batches; /* with the pool at a time */
    size_t batch;     /* bytes of input in a batch */
    size_t spool;     /* bytes that a temporary stream keeps in memory */
    size_t values;    /* of metadata in memory, and ids being sorted */
    uint64_t left;    /* for the inverters, and what is held of documents */
} pi_budget;

/* Shares out `memory` bytes, 0: a quarter of the RAM, at most 1 GiB, among
   `jobs` threads, 0: one for each processor. */
void pi_budget_make(pi_budget *b, uint64_t memory, unsigned jobs);

/*
 * The share of the inverter of each thread, when `held` bytes are held of the
 * documents so far: tables of them, their ids and the values of their fields,
 * which grow until the commit. An eighth of the whole stays with the inverters
 * however much that is, for small runs take long to join.
 */
size_t pi_budget_share(const pi_budget *b, uint64_t held);

/* The largest document that fits, in bytes of input. */
uint64_t pi_budget_document(const pi_budget *b);

/* What the memory must be for a document of so many bytes of input. */
uint64_t pi_budget_needed(const pi_budget *b, uint64_t bytes);

#endif
