/*
 * Chooses how each segment is evaluated.
 */
#include "searcher/collect/run.h"

#include "common/base/fail.h"
#include "common/base/simd.h"
#include "common/codec/damp.h"
#include "common/os/clock.h"
#include "searcher/collect/build.h"
#include "searcher/collect/count.h"
#include "searcher/collect/count_sets.h"
#include "searcher/iter/timed.h"
#include "searcher/plan/reach.h"

/* The reference: every match is scored and counted. */
static uint64_t run_all(ps_iter *it, ps_topk *top)
{
    uint64_t n = 0;
    for (uint32_t doc = it->doc; doc != PS_END;
         doc = it->ops->seek(it, doc + 1)) {
        if (!it->ops->matches(it))
            continue;
        n++;
        ps_topk_offer(top, doc, it->ops->score(it));
    }
    return n;
}

/* Ranges of documents whose bound cannot enter the heap are passed over. */
static void run_pruned(ps_iter *it, ps_topk *top)
{
    uint32_t end = 0, bound = 0;
    bool known = false;
    for (uint32_t doc = it->doc; doc != PS_END;) {
        if (top->need > 0) {
            if (!known || doc > end) {
                end = it->ops->block_end(it, doc);
                end = end < doc ? doc : end;
                bound = it->ops->bound(it, doc, end);
                known = true;
            }
            if (bound < top->need) {
                doc = it->ops->seek(it, end + 1);
                continue;
            }
        }
        if (it->ops->matches(it))
            ps_topk_offer(top, doc, it->ops->score(it));
        doc = it->ops->seek(it, doc + 1);
    }
}

static int run_iter(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                    const ps_run_params *params, ps_run_result *out)
{
    ps_iter *it;
    int rc = ps_build_root(ctx, node, seg, &it);
    if (rc)
        return rc;
    if (params->exhaustive || params->exact_total) {
        out->total += run_all(it, &out->top);
    } else {
        run_pruned(it, &out->top);
    }
    return ctx->status;
}

static int count(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                 ps_run_result *out)
{
    uint64_t n = 0;
    int rc = ps_count(ctx, node, seg, &n);
    out->total += n;
    return rc;
}

static int run_segment(ps_ctx *ctx, const ps_plan_node *node, uint32_t seg,
                       const ps_run_params *params, ps_run_result *out)
{
    ps_flat flat;
    bool is_flat = false, empty = false;
    if (params->k == 0)
        return count(ctx, node, seg, out);
    if (params->exhaustive)
        return run_iter(ctx, node, seg, params, out);
    int rc = ps_build_flat(ctx, node, seg, &flat, &is_flat, &empty);
    if (rc || (is_flat && empty))
        return rc;
    if (!is_flat)
        return run_iter(ctx, node, seg, params, out);
    if (flat.n_phrases > 0) {
        ps_flat_phrases(&flat, &out->top,
                        params->exact_total ? &out->total : NULL);
        return ctx->status;
    }
    if (flat.n_must + flat.n_groups > 0) {
        /* A single list's matches are known without counting. */
        uint32_t lists = flat.n_must + flat.n_groups + flat.n_drop +
                         flat.n_excl + flat.n_only;
        bool both = params->exact_total && lists > 1u + (ctx->alive != NULL) &&
                    !ps_count_needs_sets(&flat);
        ps_flat_and(&flat, &out->top, both ? &out->total : NULL);
        if (both)
            return ctx->status;
    } else {
        ps_flat_or(&flat, &out->top);
    }
    if (ctx->status || ctx->late || !params->exact_total)
        return ctx->status;
    return count(ctx, node, seg, out);
}

/* What lists of the title in this segment are evaluated with. */
static int title_ctx(ps_ctx *title, const ps_ctx *ctx, const ps_plan *plan)
{
    float reference[256];
    *title = *ctx;
    title->title = NULL;
    title->damp = plan->title_damp;
    pc_damp_table(reference, PC_DAMP_K1, PC_DAMP_B, ctx->seg->docs,
                  ctx->seg->lengths[PC_FIELD_TITLE]);
    title->ratio = pc_peak_compare(reference, title->damp);
    return pc_seg_norms(ctx->seg, PC_FIELD_TITLE, &title->norms, ctx->err);
}

/* What the clock says after a segment. */
static void note_time(ps_ctx *ctx, const pc_live *live, ps_run_result *out,
                      bool last)
{
    out->looked +=
        ctx->late ? pc_live_count(live, ctx->looked) : live->docs - live->dead;
    ctx->late |= ctx->deadline > 0 && !last && pc_clock_now() >= ctx->deadline;
    out->late |= ctx->late;
    if (ctx->late)
        out->total_exact = false;
}

int ps_run(ps_run_result *out, const ps_plan *plan, const ps_snapshot *snap,
           ps_run_params params, pc_arena *arena, parasol_error *err)
{
    *out = (ps_run_result){.total = 0};
    out->total_exact = params.exhaustive || params.exact_total || params.k == 0;
    if (ps_topk_init(&out->top, params.k, arena))
        return pc_fail_nomem(err);
    bool needs_word = ps_plan_needs_word(plan->root);
    for (uint32_t i = 0; i < snap->n_views; i++) {
        const ps_view *view = &snap->views[i];
        const uint32_t segment = view->segment;
        /* Words are found in the documents of the language only. */
        const pc_live *live = needs_word ? &snap->live[segment] : &view->live;
        ps_ctx ctx = {.seg = view->seg,
                      .number = i,
                      .segment = segment,
                      .language = view->language,
                      .alive = live->alive,
                      .dead = live->dead,
                      .damp = plan->damp,
                      .kernels = ps_kernels_at(pc_simd_level()),
                      .arena = arena,
                      .err = err,
                      .deadline = params.deadline};
        if (ctx.seg->docs == ctx.dead || plan->root->kind == PS_PLAN_NONE)
            continue;
        int rc = pc_seg_ranks(ctx.seg, err);
        if (rc)
            return rc;
        ps_topk_enter(&out->top, segment, (uint32_t)snap->first_doc[segment],
                      ctx.seg, view->again);
        ctx.ratio = plan->damp == snap->damp
                        ? snap->ratios[segment]
                        : pc_peak_compare(ctx.seg->damp, plan->damp);
        rc = pc_seg_norms(ctx.seg, PC_FIELD_TEXT, &ctx.norms, err);
        ps_ctx title = {.status = PARASOL_OK};
        if (!rc && plan->title_damp) {
            rc = title_ctx(&title, &ctx, plan);
            ctx.title = &title;
        }
        if (!rc)
            rc = run_segment(&ctx, plan->root, i, &params, out);
        rc = rc ? rc : title.status;
        if (rc)
            return rc;
        note_time(&ctx, &view->live, out, i + 1 == snap->n_views);
        if (out->late)
            break;
    }
    ps_topk_sort(&out->top);
    if (!out->total_exact && out->total < out->top.n)
        out->total = out->top.n;
    return PARASOL_OK;
}
