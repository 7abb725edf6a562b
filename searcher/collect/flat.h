/*
 * The fast evaluations: queries that are a flat list of terms, some of which
 * may be required phrases.
 *
 * All work on whole blocks and drop candidates in batches, and all offer to
 * the heap exactly the documents and scores that the iterators would.
 */
#ifndef PARASOL_SEARCHER_COLLECT_FLAT_H
#define PARASOL_SEARCHER_COLLECT_FLAT_H

#include "searcher/collect/topk.h"
#include "searcher/iter/iter.h"

/* Lists of a group, at most. */
#define PS_GROUP_LISTS 8u

/* A required clause that is not a single list. What it matches is in one of its
   lists at least. */
typedef struct ps_group {
    ps_cursor *lists[PS_GROUP_LISTS];
    uint32_t n;
    uint64_t df; /* of all lists */
    ps_iter *it; /* what matches and scores; NULL: what is in a list matches,
                    and scores what it does in all of them */
} ps_group;

typedef struct ps_flat {
    ps_ctx *ctx;
    ps_cursor **must; /* in ascending order of df */
    uint32_t n_must;
    ps_group *groups; /* must match, too; in ascending order of df */
    uint32_t n_groups;
    ps_phrase **phrases; /* the same; none where there are groups */
    uint32_t n_phrases;
    ps_cursor **should;
    uint32_t n_should;
    /* More that may match, but are no lists. */
    ps_iter **any;
    uint32_t n_any;
    bool counted; /* only the number of matches is asked for */
    /* Documents that one of these has, or matches, are out. */
    ps_cursor **drop;
    uint32_t n_drop;
    ps_iter **excl;
    uint32_t n_excl;
    /* Filters: documents that one does not match are out. Where the segment
       has dead documents, the first one is that of the living. */
    ps_iter **only;
    uint32_t n_only;
} ps_flat;

/*
 * At least one of `should` must match; there are no `must`. MaxScore
 * (Turtle and Flood, 1995) over windows of documents, with bounds of the
 * window's own (Ding and Suel, 2011).
 */
void ps_flat_or(ps_flat *q, ps_topk *top);

/*
 * All of `must` and `groups` must match, `should` and `any` add to the score.
 * Led by the rarest list, or the rarest group, block by block. With `total` the
 * matches are added to it; `top` may then be NULL.
 */
void ps_flat_and(ps_flat *q, ps_topk *top, uint64_t *total);

/* Whether the rarest of what is required is the first group, which then leads,
   instead of the first list. */
static inline bool ps_flat_group_leads(const ps_flat *q)
{
    return q->n_groups > 0 &&
           (q->n_must == 0 || q->groups[0].df < q->must[0]->list.df);
}

/* What has to be there already, to reach `need` when `rest` can still come. */
static inline uint32_t ps_least(uint32_t need, uint32_t rest)
{
    return need > rest ? need - rest : 0;
}

/* Is the document excluded? Asked in ascending order. */
bool ps_flat_excludes(ps_flat *q, uint32_t doc);

/*
 * All of `must` and of `phrases` must match, `should` and `any` add to the
 * score; there is a phrase. Candidates are what all lists have in common;
 * positions are read of those that can still enter. With `total` nothing is
 * passed over, and the matches are added to it; `top` may then be NULL.
 */
void ps_flat_phrases(ps_flat *q, ps_topk *top, uint64_t *total);

/* Offers a document unless it is excluded. */
void ps_flat_offer(ps_flat *q, ps_topk *top, uint32_t doc, uint32_t score);

/* Candidates of a group's window: a block of each list. */
#define PS_GROUP_BATCH (PS_GROUP_LISTS * PC_BLOCK)

/* Candidates of a batch, in ascending order, with the score so far; the arrays
   have room for PS_OVERRUN more. */
typedef struct ps_batch {
    uint32_t *docs;
    uint32_t *scores;
    uint32_t n;
} ps_batch;

/* Keeps the candidates whose score plus `rest` is not below `need`. */
void ps_batch_prune(ps_batch *b, const ps_kernels *kernels, uint32_t rest,
                    uint32_t need);

/* Moves n candidates from `from` down to `to`, without those whose score is
   below `least`. Returns how many are left. */
uint32_t ps_batch_move(ps_batch *b, const ps_kernels *kernels, uint32_t to,
                       uint32_t from, uint32_t n, uint32_t least);

/*
 * Adds the scores of the list to the candidates it holds; if `required`,
 * drops the others. Drops also, without decoding, candidates that would stay
 * below `least` even with the best of the block they would be in.
 */
void ps_batch_probe(ps_batch *b, ps_cursor *c, bool required, uint32_t least);

/* Asks an iterator about the candidates: adds what it scores, and drops those
   that stay below `least` and, if `required`, those that it does not match. */
void ps_batch_ask(ps_batch *b, ps_iter *it, bool required, uint32_t least);

/* Those of n ascending documents of what leads that all other required lists
   and those of groups hold and nothing excludes, in place. Returns how many. */
uint32_t ps_flat_filter(ps_flat *q, uint32_t *docs, uint32_t n);

/* Of n ascending documents keeps, in place, those that the list holds, or, if
   `without`, those that it does not. Returns how many. */
uint32_t ps_docs_filter(uint32_t *docs, uint32_t n, ps_cursor *c, bool without);

#endif
