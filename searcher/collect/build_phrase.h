/*
 * Terms and phrases of a plan in one segment: their lists, opened.
 */
#ifndef PARASOL_SEARCHER_COLLECT_BUILD_PHRASE_H
#define PARASOL_SEARCHER_COLLECT_BUILD_PHRASE_H

#include "searcher/iter/iter.h"
#include "searcher/plan/plan.h"

/* Whether the segment has all terms of the leaf. */
bool ps_leaf_is_here(const ps_plan_leaf *leaf, uint32_t seg);

/* What lists of the leaf's field are evaluated with. */
ps_ctx *ps_field_ctx(ps_ctx *ctx, const ps_plan_leaf *leaf);

/*
 * The cursor of a term, or the phrase of a leaf, that is here. Cursors carry
 * `weight`; all live in the context's arena. Errors: NOMEM, CORRUPT.
 */
int ps_build_cursor(ps_ctx *ctx, const ps_plan_term *t, uint32_t seg,
                    float weight, ps_cursor **out) PC_MUST_USE;
int ps_build_phrase(ps_ctx *ctx, const ps_plan_leaf *leaf, uint32_t seg,
                    float weight, ps_phrase **out) PC_MUST_USE;

#endif
