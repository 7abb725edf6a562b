/*
 * Places in a document that have an extent, and how near to each other they
 * are: NEAR and ADJ, and phrases whose words may be apart.
 *
 * A span is a stretch of positions. Those of an operand come by their ends.
 * What is near is the hull of a pair; of hulls inside one another only the
 * innermost counts, so that their starts ascend, too. Other spans may be inside
 * one another, where there are several ways to write a word, or alternatives.
 */
#ifndef PARASOL_SEARCHER_ITER_NEAR_H
#define PARASOL_SEARCHER_ITER_NEAR_H

#include "searcher/iter/iter.h"

typedef struct ps_span {
    uint32_t start;
    uint32_t end; /* behind its last position */
} ps_span;

enum ps_spot_kind {
    PS_SPOT_PHRASE, /* where a phrase or word stands */
    PS_SPOT_SLOTS,  /* where a row of slots is filled (spans.h) */
    PS_SPOT_ANY,    /* where one of the operands stands */
    PS_SPOT_NEAR    /* where two operands are near */
};

typedef struct ps_spot ps_spot;

struct ps_spot {
    uint8_t kind;      /* enum ps_spot_kind */
    bool ordered;      /* NEAR: the first before the second */
    uint32_t distance; /* NEAR: positions between them, at most */
    ps_phrase *phrase; /* PHRASE */
    ps_spot **of;      /* ANY, NEAR */
    uint32_t n;
    ps_iter *it; /* its candidates */
    /* In the document where `it` stands; grown as needed. */
    ps_span *spans;
    size_t n_spans, cap;
    size_t taken; /* of them, by the one above */
};

/*
 * Each returns NULL when out of memory; all live in the context's arena. A
 * phrase's cursors, and all below a NEAR, carry the weight of the whole.
 */
ps_spot *ps_spot_phrase(ps_ctx *ctx, ps_phrase *p);
ps_spot *ps_spot_slots(ps_ctx *ctx, ps_iter *spans);
ps_spot *ps_spot_any(ps_ctx *ctx, ps_spot **of, uint32_t n);
ps_spot *ps_spot_near(ps_ctx *ctx, ps_spot *a, ps_spot *b, uint32_t distance,
                      bool ordered);

/* Documents in which the spot has spans; their frequency is the largest
   number of spans that do not overlap. Scores like a phrase of `weight`. */
ps_iter *ps_iter_spot(ps_ctx *ctx, ps_spot *p, float weight);

/* The largest number of spans that do not overlap, of n whose starts and ends
   ascend. */
uint32_t ps_spans_apart(const ps_span *s, size_t n);

/*
 * Windows in the current document of a phrase: stretches that begin and end
 * with one of its words, hold all of them, and at most `distance` positions
 * more; only those that hold no other window. *n of them, in *out, borrowed
 * until the next call. On damage none, and ctx->status is set.
 */
void ps_phrase_windows(ps_phrase *p, const ps_span **out, size_t *n);

#endif
