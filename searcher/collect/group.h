/*
 * Required clauses that are several lists.
 */
#ifndef PARASOL_SEARCHER_COLLECT_GROUP_H
#define PARASOL_SEARCHER_COLLECT_GROUP_H

#include "searcher/collect/flat.h"

/* No document in [from, to] scores more by the lists of the group; 0 where
   they have none. */
uint32_t ps_group_bound(const ps_group *g, uint32_t from, uint32_t to);

/* The last document from `from` on, of `docs`, up to which no list has more
   than a block. */
uint32_t ps_group_window(const ps_group *g, uint32_t from, uint32_t docs);

/* Makes the batch, which has room for PS_GROUP_BATCH, of the documents in such
   a window, with their scores or zeros. Windows ascend. On damage the context's
   status is set. */
void ps_group_take(ps_group *g, uint32_t from, uint32_t to, bool scored,
                   ps_batch *b);

/* The candidates, at most PS_GROUP_BATCH, that are in a list of the group, with
   what they score there, unless the group scores by its iterator; those that
   stay below `least` go, too. */
void ps_batch_meet_group(ps_batch *b, ps_group *g, uint32_t least);

/* Of n ascending documents, at most PS_GROUP_BATCH, keeps, in place, those that
   are in a list of the group. Returns how many. */
uint32_t ps_docs_filter_group(uint32_t *docs, uint32_t n, ps_group *g);

#endif
