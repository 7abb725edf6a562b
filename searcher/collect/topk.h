/*
 * The best k documents seen so far.
 *
 * Equal scores rank by the order in which documents were added, the earlier
 * first. Few are kept in a heap whose root is the worst. Many are gathered in a
 * pool of twice as many, and the worse half is dropped when it is full: a
 * document then costs the same however many are wanted.
 *
 * Documents are offered in the order of the segment, which is that in which
 * they were added unless the segment was reordered; there, one with an equal
 * score may still enter.
 */
#ifndef PARASOL_SEARCHER_COLLECT_TOPK_H
#define PARASOL_SEARCHER_COLLECT_TOPK_H

#include "common/base/arena.h"
#include "common/segment/seg.h"

typedef struct ps_scored {
    uint64_t key; /* grows with the score, and falls with the order */
    uint32_t seg;
    uint32_t doc;
} ps_scored;

static inline uint32_t ps_scored_score(const ps_scored *x)
{
    return (uint32_t)(x->key >> 32);
}

typedef struct ps_topk {
    ps_scored *v;
    size_t n, k;
    size_t room; /* of the pool; k for a heap */
    /* The least score that enters: 0 until k documents are there. */
    uint32_t need;
    uint32_t seg;            /* of the documents offered now */
    uint32_t first;          /* documents of the segments before */
    const pc_seg *reordered; /* the same, if documents do not come in the order
                                of their ranks */
} ps_topk;

/* Room for k documents from the arena. PARASOL_OK or _NOMEM. */
int ps_topk_init(ps_topk *t, size_t k, pc_arena *arena) PC_MUST_USE;

/* The documents offered from here on are those of the segment with this
   number; segments come in their order, and those before have `first`
   documents. `s`, whose ranks were verified, is borrowed. With `again` other
   documents of the segment entered last follow, from the first one on. */
void ps_topk_enter(ps_topk *t, uint32_t seg, uint32_t first, const pc_seg *s,
                   bool again);

/* Takes the document if it is among the best k so far. */
void ps_topk_offer(ps_topk *t, uint32_t doc, uint32_t score);

/* Leaves the best k in v, the best first. Nothing may be offered
   afterwards. */
void ps_topk_sort(ps_topk *t);

#endif
