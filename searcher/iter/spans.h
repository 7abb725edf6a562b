/*
 * A row of slots, each filled by any of several phrases: what the words of a
 * query become that can be written in several ways.
 *
 * An occurrence begins where the first slot does; the next slot begins behind
 * the alternative that filled the one before, so alternatives may differ in
 * length. Occurrences that begin at the same position count once.
 */
#ifndef PARASOL_SEARCHER_ITER_SPANS_H
#define PARASOL_SEARCHER_ITER_SPANS_H

#include "searcher/iter/iter.h"

typedef struct ps_span_alt {
    ps_phrase *phrase; /* with cursors of its own; NULL: anything fits */
    uint32_t len;      /* positions it takes */
} ps_span_alt;

typedef struct ps_span_slot {
    ps_span_alt *alts;
    uint32_t n; /* at least 1 */
} ps_span_slot;

/*
 * The iterator over the documents in which the slots are filled, weighted as
 * one word of `weight` (scaled), which the phrases' cursors carry, too. At
 * least one slot has only phrases. NULL when out of memory; the arena of
 * `ctx` owns it, and it borrows the slots.
 */
ps_iter *ps_iter_spans(ps_ctx *ctx, ps_span_slot *slots, uint32_t n,
                       float weight);

/*
 * The i-th occurrence of ps_iter_spans in the document where it stands, and
 * where it ends; by ends and, where those are equal, by starts. False when
 * there are no more (ctx->status tells why). Asked with i from 0 on, one by
 * one; 0 finds them.
 */
bool ps_iter_spans_next(ps_iter *it, size_t i, uint32_t *start, uint32_t *end);

#endif
