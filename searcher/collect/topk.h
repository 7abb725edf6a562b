/*
 * The best k documents seen so far: a bounded heap whose root is the worst.
 * Equal scores rank by the order in which documents were added, the earlier
 * first. Documents are offered in the order of the segment, which is the same
 * unless the segment was reordered; there, one with an equal score may still
 * enter.
 */
#ifndef PARASOL_SEARCHER_COLLECT_TOPK_H
#define PARASOL_SEARCHER_COLLECT_TOPK_H

#include "common/base/arena.h"
#include "common/segment/seg.h"

typedef struct ps_scored {
    uint32_t score;
    uint32_t seg;
    uint32_t doc;
    uint32_t rank; /* of the document in its segment: pc_seg_rank */
} ps_scored;

typedef struct ps_topk {
    ps_scored *heap;
    size_t n, k;
    /* The least score that enters: 0 until the heap is full. */
    uint32_t need;
    uint32_t seg;            /* of the documents offered now */
    const pc_seg *reordered; /* the same, if ranks have to be asked for */
} ps_topk;

/* Room for k documents from the arena. PARASOL_OK or _NOMEM. */
int ps_topk_init(ps_topk *t, size_t k, pc_arena *arena) PC_MUST_USE;

/* The documents offered from here on are those of the segment with this
   number; segments come in their order. `s`, whose ranks were verified, is
   borrowed. */
void ps_topk_enter(ps_topk *t, uint32_t seg, const pc_seg *s);

/* Takes the document if it is among the best k so far. */
void ps_topk_offer(ps_topk *t, uint32_t doc, uint32_t score);

/* Sorts, best first. Nothing may be offered afterwards. */
void ps_topk_sort(ps_topk *t);

#endif
