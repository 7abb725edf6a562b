/*
 * Documents that hold all that a list wants.
 */
#include "searcher/collect/all_first.h"

#include "common/base/fail.h"
#include "searcher/plan/pair.h"

/* A root with `more` clauses more than the plan's, of which there are none
   yet; its wanted clauses are `occur`. */
static int copy_root(ps_plan_node *copy, const ps_plan *plan, uint8_t occur,
                     size_t more, pc_arena *arena, parasol_error *err)
{
    *copy = *plan->root;
    copy->clauses =
        pc_arena_zalloc(arena, copy->n + more, sizeof *copy->clauses);
    if (!copy->clauses)
        return pc_fail_nomem(err);
    for (size_t i = 0; i < copy->n; i++) {
        copy->clauses[i] = plan->root->clauses[i];
        if (copy->clauses[i].occur == PS_SHOULD &&
            !ps_plan_is_extra(copy->clauses[i].node))
            copy->clauses[i].occur = occur;
    }
    return ps_stand_ins_require(copy, arena) ? pc_fail_nomem(err) : PARASOL_OK;
}

int ps_run_all(uint64_t *out, const ps_plan *plan, const ps_snapshot *snap,
               uint64_t deadline, pc_arena *arena, parasol_error *err)
{
    ps_plan all = *plan;
    ps_plan_node root;
    ps_run_result run;
    *out = plan->wanted < 2 ? UINT64_MAX : 0;
    /* A clause that nothing matches is no longer in the plan. */
    if (plan->wanted < 2 || plan->missing > 0 ||
        plan->root->kind != PS_PLAN_BOOL)
        return PARASOL_OK;
    int rc = copy_root(&root, plan, PS_MUST, 0, arena, err);
    if (rc)
        return rc;
    all.root = &root;
    rc = ps_run(&run, &all, snap, (ps_run_params){.deadline = deadline}, arena,
                err);
    *out = run.late ? UINT64_MAX : run.total;
    return rc;
}

bool ps_plan_is_short(const ps_plan *plan)
{
    const ps_plan_node *root = plan->root;
    if (root->kind != PS_PLAN_BOOL || plan->missing > 0 || plan->wanted < 2 ||
        plan->wanted > 3)
        return false;
    for (size_t i = 0; i < root->n; i++) {
        uint8_t occur = root->clauses[i].occur;
        uint8_t kind = root->clauses[i].node->kind;
        if (occur == PS_MUST || (occur == PS_SHOULD && kind != PS_PLAN_LEAF &&
                                 kind != PS_PLAN_SPANS))
            return false;
    }
    return true;
}

/* The plan without the documents that match all its wanted clauses. */
static int without_all(ps_plan_node *root, const ps_plan *plan, pc_arena *arena,
                       parasol_error *err)
{
    ps_plan_node *all = pc_arena_zalloc(arena, 1, sizeof *all);
    if (!all)
        return pc_fail_nomem(err);
    int rc = copy_root(all, plan, PS_MUST, 0, arena, err);
    if (!rc)
        rc = copy_root(root, plan, PS_SHOULD, 1, arena, err);
    if (rc)
        return rc;
    size_t kept = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->clauses[i].occur == PS_MUST)
            all->clauses[kept++] = all->clauses[i];
    all->n = kept;
    root->clauses[root->n++] = (ps_plan_clause){PS_NOT, all};
    return PARASOL_OK;
}

/* Puts the hits of `more` behind those of `out`. */
static int append(ps_run_result *out, const ps_run_result *more,
                  pc_arena *arena, parasol_error *err)
{
    size_t n = out->top.n + more->top.n;
    ps_scored *hits = pc_arena_zalloc(arena, n, sizeof *hits);
    if (!hits)
        return pc_fail_nomem(err);
    if (out->top.n)
        memcpy(hits, out->top.v, out->top.n * sizeof *hits);
    if (more->top.n)
        memcpy(hits + out->top.n, more->top.v, more->top.n * sizeof *hits);
    out->top.v = hits;
    out->top.n = n;
    return PARASOL_OK;
}

int ps_run_all_first(ps_run_result *out, const ps_plan *plan,
                     const ps_snapshot *snap, ps_run_params params,
                     pc_arena *arena, parasol_error *err)
{
    ps_plan part = *plan;
    ps_plan_node all, rest;
    ps_run_result more;
    ps_run_params first = params, second = params;
    int rc = copy_root(&all, plan, PS_MUST, 0, arena, err);
    if (rc)
        return rc;
    part.root = &all;
    first.exact_total = false;
    rc = ps_run(out, &part, snap, first, arena, err);
    bool full = out->top.n == params.k;
    if (rc || out->late || (full && !params.exact_total && !params.exhaustive))
        return rc;
    /* The others, or, where there is no room for them, only their number. */
    second.k = full ? 0 : params.k - out->top.n;
    rc = without_all(&rest, plan, arena, err);
    part.root = full ? plan->root : &rest;
    if (!rc)
        rc = ps_run(&more, &part, snap, second, arena, err);
    if (rc)
        return rc;
    out->total = more.total + (full ? 0 : out->top.n);
    out->total_exact = more.total_exact;
    out->late = more.late;
    out->looked = more.looked;
    return append(out, &more, arena, err);
}
