/*
 * Where candidates meet one block of a list.
 */
#ifndef PARASOL_SEARCHER_COLLECT_MEET_H
#define PARASOL_SEARCHER_COLLECT_MEET_H

#include "searcher/iter/cursor.h"

typedef struct ps_meeting {
    uint32_t sel[PC_BLOCK_ROOM]; /* indices of the candidates found */
    uint32_t at[PC_BLOCK_ROOM];  /* their places in the block */
    uint32_t n;
    bool opened; /* `block` is known */
    pc_block block;
} ps_meeting;

/*
 * The block in which the first of n ascending documents, n >= 1, would be, and
 * how many of them end before it does. 0 behind the end of the list.
 */
uint32_t ps_meet_next(ps_cursor *c, const uint32_t *docs, uint32_t n,
                      uint32_t *blk);

/*
 * Finds n ascending candidates, all of which would be in block `blk` if they
 * are in the list at all. A bitmap is not decoded for it; else the cursor
 * stands in the block afterwards. False on damage.
 */
bool ps_meet(ps_meeting *m, ps_cursor *c, uint32_t blk, const uint32_t *docs,
             uint32_t n);

/* The frequencies at the places met in that block. False on damage. */
bool ps_meet_freqs(ps_meeting *m, ps_cursor *c, uint32_t blk, uint32_t *tfs);

/* The scores there of the candidates `docs`; room for PS_OVERRUN more. */
bool ps_meet_scores(ps_meeting *m, ps_cursor *c, uint32_t blk,
                    const uint32_t *docs, uint32_t *scores);

#endif
