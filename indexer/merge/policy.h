/*
 * When to merge which segments: a tiered policy, as a pure function.
 *
 * A segment is in the tier that the logarithm of its size, to the base
 * `fanout`, gives; small ones share the lowest tier. Two rules:
 *
 * - Tiers do not ascend. Segments that a larger one has come behind go into
 *   one with it, since nothing would ever join them where they are.
 * - `fanout` neighbours of one tier become one segment.
 *
 * So there are fewer than `fanout` segments of a tier, and a document is
 * written once for each tier that it passes, and once more where its segment
 * takes smaller ones in. Where `most` forbids a merge, there are more.
 *
 * Segments are merged with their neighbours only: a commit lists them in the
 * order of their documents, which decides between equal scores.
 *
 * After O'Neil et al., The log-structured merge-tree, 1996, with the tiers of
 * what its descendants call size-tiered compaction.
 */
#ifndef PARASOL_INDEXER_MERGE_POLICY_H
#define PARASOL_INDEXER_MERGE_POLICY_H

#include <stddef.h>
#include <stdint.h>

typedef struct pi_policy {
    unsigned fanout; /* segments of a merge, at least; 2 or more */
    uint64_t floor;  /* segments up to this size are in the lowest tier */
    uint64_t most;   /* no merge makes a segment of more */
} pi_policy;

#define PI_POLICY_INIT                                                         \
    {                                                                          \
        8, (uint64_t)1 << 20, (uint64_t)1 << 40                                \
    }

/* Neighbouring segments to merge into one: [from, from + n). n 0: none. */
typedef struct pi_merge_set {
    size_t from, n;
} pi_merge_set;

/*
 * The next merge that segments of these sizes, in the order of the commit,
 * want; ask again with the sizes after it. Cost: n.
 */
pi_merge_set pi_policy_next(const pi_policy *p, const uint64_t *sizes,
                            size_t n);

#endif
