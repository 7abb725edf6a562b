/*
 * The posting lists of one term in several segments as one list.
 *
 * Where documents keep their order, lists follow each other and are streamed
 * block by block. Where they do not, the postings of a term are sorted by
 * their new numbers, as many at a time as the memory given allows.
 *
 * One thread at a time. Memory: one block of a list; with reordering 40 bytes
 * for each posting of the longest list, and `memory`.
 */
#ifndef PARASOL_INDEXER_MERGE_MERGE_LISTS_H
#define PARASOL_INDEXER_MERGE_MERGE_LISTS_H

#include "common/base/sort.h"
#include "indexer/merge/merge_docs.h"
#include "indexer/merge/merge_forms.h"
#include "indexer/merge/merge_words.h"
#include "indexer/write/post_writer.h"

/* Where a posting of the list at hand goes. */
typedef struct pi_posting {
    uint32_t doc; /* PI_DOC_DROPPED: nowhere */
    uint32_t tf;
    uint64_t at; /* of its occurrences in the part that is gathered */
} pi_posting;

typedef struct pi_lists {
    const pi_docs *docs;
    const pc_mem *mem;
    size_t memory; /* for the occurrences of a part */
    /* Of the term at hand, by source: what stays of it. */
    uint32_t *df;
    uint64_t *ctf;
    /* Private. */
    pi_posting *postings;
    pc_sort_item *sorted;
    size_t postings_cap, sorted_cap;
    uint32_t *gaps; /* of one document, or of a part */
    uint16_t *variants;
    size_t gaps_cap, variants_cap;
    const uint8_t *norms; /* of the field, by number */
    pi_post_writer *out;
    const pi_variant_map *maps; /* by source */
} pi_lists;

/* Borrows `docs` until release, which always follows. */
int pi_lists_init(pi_lists *l, const pi_docs *docs, size_t memory,
                  parasol_error *err) PC_MUST_USE;
void pi_lists_release(pi_lists *l);

/*
 * Adds what stays of the current word's lists in a field to `out`, between
 * pi_post_begin and pi_post_end. `maps` has a map for each source that has
 * the term; l->df and l->ctf get what there was. `norms` are those of the
 * field by new number. Errors: CORRUPT, NOMEM; what fails on disk is told by
 * `out`.
 */
int pi_lists_merge(pi_lists *l, const pi_words *words, uint8_t field,
                   const pi_variant_map *maps, const uint8_t *norms,
                   pi_post_writer *out, parasol_error *err) PC_MUST_USE;

/*
 * What stays of a list of source s: documents and occurrences, and the same
 * by variant, added to counts[0, n_counts). Errors: CORRUPT, NOMEM.
 */
int pi_lists_count(pi_lists *l, size_t s, const pc_entry *e,
                   pi_form_count *counts, size_t n_counts, pi_form_count *all,
                   parasol_error *err) PC_MUST_USE;

#endif
