/*
 * Recursive graph bisection: an order of documents in which those that share
 * terms are close, so that the gaps in posting lists are small.
 *
 * The documents of a range are split into halves; then those that would make
 * the lists cheaper on the other side change places, again and again; then
 * each half is split in turn. Dhulipala et al., Compressing graphs and indexes
 * with recursive graph bisection, KDD 2016; with the partial sort and the
 * stops of Mackenzie, Petri and Moffat, Faster index reordering with bipartite
 * graph partitioning, SIGIR 2021.
 *
 * The order depends on the graph alone: not on the number of threads, nor on
 * the machine.
 */
#ifndef PARASOL_INDEXER_MERGE_BISECT_H
#define PARASOL_INDEXER_MERGE_BISECT_H

#include "indexer/merge/forward.h"

typedef struct pi_bisect_options {
    unsigned jobs; /* threads; 0: one */
    /* Called by the calling thread with the share that is done, 0 to 1; may
       be NULL. Not 0 stops with PARASOL_ARG. */
    int (*progress)(double done, void *user);
    void *user;
} pi_bisect_options;

/*
 * Fills order[0, docs) with documents. The graph's edges are used up: they
 * are renumbered and reordered on the way. Memory, on top of the graph: 32
 * bytes for each document, and 16 bytes for each term and thread.
 * Errors: NOMEM, ARG (stopped).
 */
int pi_bisect(pi_forward *graph, uint32_t *order, pi_bisect_options o,
              parasol_error *err) PC_MUST_USE;

#endif
