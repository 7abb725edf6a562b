/*
 * Query tree -> plan.
 */
#include "searcher/plan/plan.h"

#include "common/base/fail.h"
#include "common/codec/damp.h"
#include "searcher/plan/expand.h"
#include "searcher/plan/filter_plan.h"
#include "searcher/plan/gather.h"
#include "searcher/plan/pair.h"
#include "searcher/plan/slots.h"
#include "searcher/plan/split.h"
#include "searcher/plan/word.h"
#include "searcher/score/bm25.h"

typedef struct planner {
    const ps_snapshot *snap;
    pc_analyzer *analyzer;
    pc_arena *arena;
    parasol_error *err;
    ps_plan_params params;
    ps_terms terms;
    double sum; /* of the weights of scoring leaves */
    ps_expander expander;
    const ps_node *root;
    ps_plan *plan;
    bool uses_title;
    size_t as_text; /* filters that became text so far */
} planner;

/* ---- leaves ------------------------------------------------------------- */

/* A node of a kind that needs nothing else. */
static void set_kind(ps_plan_node *out, uint8_t kind)
{
    *out = (ps_plan_node){.kind = kind};
}

/* Remembers what the index lacks, for those who ask what was understood. */
static int note_absent(planner *p, pc_str text)
{
    ps_plan *plan = p->plan;
    if (!plan->absent)
        plan->absent =
            pc_arena_zalloc(p->arena, PS_MAX_LEAVES, sizeof *plan->absent);
    if (!plan->absent)
        return pc_fail_nomem(p->err);
    if (plan->n_absent < PS_MAX_LEAVES)
        plan->absent[plan->n_absent++] = text;
    return PARASOL_OK;
}

static void set_weight(planner *p, ps_plan_node *out, double weight)
{
    out->weight = weight;
    p->sum += weight;
}

/* Sets *ignored when analysis leaves nothing of the leaf. */
static int plan_leaf(planner *p, const ps_node *node, double boost,
                     bool scoring, ps_plan_node *out, bool *ignored)
{
    const ps_leaf_words words = {
        .text = node->text,
        .field = node->field,
        .exact = node->exact != 0,
        .distance = node->distance,
        .analyzer = p->analyzer,
        .synonyms = p->params.synonyms,
    };
    const ps_node *source = out->source;
    double idf = 0;
    int rc = ps_plan_words(out, &words, &p->terms, &idf, ignored);
    out->source = source;
    if (rc)
        return rc;
    if (out->kind == PS_PLAN_NONE)
        return note_absent(p, node->text);
    p->uses_title |= node->field == PS_FIELD_TITLE;
    out->idf = boost * idf;
    set_weight(p, out, scoring ? out->idf * ((double)p->params.k1 + 1.0) : 0.0);
    return PARASOL_OK;
}

/* ---- trees -------------------------------------------------------------- */

static int plan_node(planner *p, const ps_node *node, double boost,
                     bool scoring, ps_plan_node *out, bool *ignored);

/* Adds a clause, or its weight to a clause that asks for the same term. */
static void add_clause(ps_plan_node *out, uint8_t occur, ps_plan_node *child)
{
    bool merge = child->kind == PS_PLAN_LEAF && out->least == 0 &&
                 !ps_plan_is_extra(child);
    for (size_t i = 0; merge && i < out->n; i++) {
        ps_plan_node *other = out->clauses[i].node;
        if (out->clauses[i].occur == occur && other->kind == PS_PLAN_LEAF &&
            !ps_plan_is_extra(other) && ps_leaf_is_plain(&child->leaf) &&
            ps_leaf_is_plain(&other->leaf) &&
            child->leaf.terms[0] == other->leaf.terms[0]) {
            other->weight += child->weight;
            return;
        }
    }
    out->clauses[out->n++] = (ps_plan_clause){occur, child};
}

/* Drops what cannot matter: clauses that match nothing. */
static void simplify(ps_plan_node *out)
{
    size_t kept = 0, should = 0, must = 0, had_should = 0;
    for (size_t i = 0; i < out->n; i++) {
        ps_plan_clause c = out->clauses[i];
        had_should += c.occur == PS_SHOULD;
        if (c.node->kind == PS_PLAN_NONE) {
            if (c.occur == PS_MUST || c.occur == PS_FILTER) {
                set_kind(out, PS_PLAN_NONE);
                return;
            }
            continue;
        }
        should += c.occur == PS_SHOULD;
        must += c.occur == PS_MUST;
        out->clauses[kept++] = c;
    }
    out->n = kept;
    /* Words of which analysis left nothing are not asked for. */
    if (out->least > had_should)
        out->least = (uint32_t)had_should;
    if ((had_should && should == 0 && must == 0) || out->least > should)
        set_kind(out, PS_PLAN_NONE);
    else if (kept == 0)
        set_kind(out, PS_PLAN_ALL); /* only exclusions, of nothing */
}

/* What a clause of the query becomes in this plan. */
static uint8_t planned_occur(const planner *p, const ps_node *node, size_t i,
                             bool became_text)
{
    uint8_t occur = node->clauses[i].occur;
    if (occur == PS_FILTER && became_text)
        occur = PS_SHOULD;
    if (occur == PS_SHOULD && node == p->root && p->params.all &&
        !node->either && node->least == 0 && !node->clauses[i].node->extra)
        occur = PS_MUST;
    return occur;
}

/* Counts what the root wants. */
static void note_wanted(planner *p, const ps_node *node,
                        const ps_plan_node *out)
{
    if (node != p->root || node->either || node->least > 0)
        return;
    for (size_t i = 0; i < out->n; i++) {
        if (out->clauses[i].occur != PS_SHOULD ||
            ps_plan_is_extra(out->clauses[i].node))
            continue;
        p->plan->wanted++;
        p->plan->missing += out->clauses[i].node->kind == PS_PLAN_NONE;
    }
}

/* What stands for several words of the root, as it was added or as they make it
   together. */
static int plan_stand_ins(planner *p, const ps_node *node, ps_plan_node *out)
{
    for (size_t i = 0; i < out->n; i++)
        out->clauses[i].node->stands = ps_plan_is_extra(out->clauses[i].node);
    int rc = ps_plan_pairs(out, node, p->params.all, &p->terms,
                           (double)p->params.k1, &p->sum);
    if (!rc && (ps_stand_ins_find(out, p->arena) ||
                ps_stand_ins_require(out, p->arena)))
        rc = pc_fail_nomem(p->err);
    return rc;
}

/* Whether a clause cannot change how many documents match: an optional word
   beside a required one that was planned. */
static bool is_idle(const planner *p, const ps_node *node, size_t i)
{
    if (!p->params.counted || p->params.all || node != p->root ||
        node->least > 0 || node->clauses[i].occur != PS_SHOULD ||
        node->clauses[i].node->kind != PS_NODE_WORD)
        return false;
    /* A word that begins with a letter, and is not endless, is never nothing to
       analysis. */
    for (size_t k = 0; k < node->n; k++) {
        const ps_node *other = node->clauses[k].node;
        if (node->clauses[k].occur == PS_MUST && other->kind == PS_NODE_WORD &&
            other->text.len > 0 && other->text.len <= PS_SIMPLE_MAX &&
            (uint8_t)((other->text.ptr[0] | 0x20) - 'a') < 26)
            return true;
    }
    return false;
}

static int plan_bool(planner *p, const ps_node *node, double boost,
                     bool scoring, ps_plan_node *out, bool *ignored)
{
    out->kind = PS_PLAN_BOOL;
    out->clauses = pc_arena_zalloc(p->arena, node->n + PS_PAIR_CLAUSES,
                                   sizeof *out->clauses);
    if (!out->clauses)
        return pc_fail_nomem(p->err);
    *ignored = true;
    out->least = node->least;
    for (size_t i = 0; i < node->n; i++) {
        ps_plan_node *child = pc_arena_zalloc(p->arena, 1, sizeof *child);
        bool nothing = false;
        size_t as_text = p->as_text;
        if (!child)
            return pc_fail_nomem(p->err);
        if (is_idle(p, node, i))
            continue;
        uint8_t occur = node->clauses[i].occur;
        int rc = plan_node(p, node->clauses[i].node, boost,
                           scoring && occur != PS_NOT, child, &nothing);
        if (rc)
            return rc;
        if (nothing)
            continue;
        *ignored = false;
        occur = planned_occur(p, node, i, p->as_text > as_text);
        add_clause(out, occur, child);
    }
    int rc = PARASOL_OK;
    if (scoring && node == p->root && boost == 1.0)
        rc = plan_stand_ins(p, node, out);
    note_wanted(p, node, out);
    simplify(out);
    return rc;
}

/* The idf of what a NEAR holds: alternatives count as the most frequent of
   them. Gives its leaves their part of the weight. */
static double near_idf(const planner *p, ps_plan_node *node)
{
    double idf = node->idf;
    for (size_t i = 0; i < node->n && node->kind == PS_PLAN_BOOL; i++) {
        double one = near_idf(p, node->clauses[i].node);
        idf = i == 0 || one < idf ? one : idf;
    }
    node->weight = idf * ((double)p->params.k1 + 1.0);
    return idf;
}

static int plan_near(planner *p, const ps_node *node, double boost,
                     bool scoring, ps_plan_node *out, bool *ignored)
{
    bool nothing[2] = {false, false};
    out->kind = PS_PLAN_NEAR;
    out->distance = node->distance;
    out->ordered = node->ordered != 0;
    out->clauses = pc_arena_zalloc(p->arena, 2, sizeof *out->clauses);
    if (!out->clauses)
        return pc_fail_nomem(p->err);
    for (size_t i = 0; i < 2; i++) {
        ps_plan_node *child = pc_arena_zalloc(p->arena, 1, sizeof *child);
        if (!child)
            return pc_fail_nomem(p->err);
        int rc =
            plan_node(p, node->clauses[i].node, 1.0, false, child, &nothing[i]);
        if (rc)
            return rc;
        out->clauses[out->n++] = (ps_plan_clause){PS_SHOULD, child};
    }
    *ignored = nothing[0] && nothing[1];
    if (nothing[0] || nothing[1]) {
        /* What is left stands alone. */
        set_kind(out, PS_PLAN_NONE);
        const ps_node *left = node->clauses[nothing[0]].node;
        return *ignored ? PARASOL_OK
                        : plan_node(p, left, boost, scoring, out, ignored);
    }
    ps_plan_node *a = out->clauses[0].node, *b = out->clauses[1].node;
    if (a->kind == PS_PLAN_NONE || b->kind == PS_PLAN_NONE) {
        set_kind(out, PS_PLAN_NONE);
        return PARASOL_OK;
    }
    out->idf = boost * (near_idf(p, a) + near_idf(p, b));
    set_weight(p, out, scoring ? out->idf * ((double)p->params.k1 + 1.0) : 0.0);
    return PARASOL_OK;
}

static int plan_constant(planner *p, const ps_node *node, double boost,
                         bool scoring, ps_plan_node *out, bool *ignored)
{
    ps_plan_node *child = pc_arena_zalloc(p->arena, 1, sizeof *child);
    out->kind = PS_PLAN_CONSTANT;
    out->clauses = pc_arena_zalloc(p->arena, 1, sizeof *out->clauses);
    if (!child || !out->clauses)
        return pc_fail_nomem(p->err);
    ps_node inner = *node;
    inner.constant = 0;
    inner.boost = 1.0F;
    int rc = plan_node(p, &inner, 1.0, false, child, ignored);
    if (rc)
        return rc;
    child->source = node; /* `inner` ends here */
    out->n = 1;
    out->clauses[0] = (ps_plan_clause){PS_MUST, child};
    if (child->kind == PS_PLAN_NONE)
        set_kind(out, PS_PLAN_NONE);
    else
        set_weight(p, out, scoring ? boost : 0.0);
    return PARASOL_OK;
}

/* A filter; or, where no document has such a field, what is written as
   text. */
static int plan_filter(planner *p, const ps_node *node, double boost,
                       bool scoring, ps_plan_node *out, bool *ignored)
{
    ps_node *text = NULL;
    uint64_t languages = 0;
    bool by_language = ps_filter_languages(p->snap, node->filter, &languages);
    int rc = by_language ? PARASOL_OK
                         : ps_filter_check(p->snap, node, &p->plan->notes,
                                           p->arena, &text, p->err);
    if (rc)
        return rc;
    if (text) {
        p->as_text++;
        return plan_node(p, text, boost, scoring, out, ignored);
    }
    ps_predicate *filter = pc_arena_zalloc(p->arena, 1, sizeof *filter);
    if (!filter || ps_predicate_init(filter, node->filter, p->params.today,
                                     p->snap->n_segs, p->arena))
        return pc_fail_nomem(p->err);
    filter->by_language = by_language;
    filter->languages = languages;
    out->kind = PS_PLAN_FILTER;
    out->filter = filter;
    return PARASOL_OK;
}

/* A pattern; one of several words as a whole, where the index has such words,
   else its words next to one another. */
static int plan_pattern(planner *p, const ps_node *node, double boost,
                        bool scoring, ps_plan_node *out)
{
    ps_node *parts;
    bool ignored;
    p->uses_title |= node->field == PS_FIELD_TITLE;
    int rc = ps_plan_pattern(&p->expander, node, boost, scoring, out);
    if (rc || out->kind != PS_PLAN_NONE)
        return rc;
    if (ps_split_leaf(&parts, node, p->arena))
        return pc_fail_nomem(p->err);
    return parts ? plan_near(p, parts, boost, scoring, out, &ignored)
                 : PARASOL_OK;
}

/* A phrase, in which there may be patterns. */
static int plan_phrase(planner *p, const ps_node *node, double boost,
                       bool scoring, ps_plan_node *out, bool *ignored)
{
    ps_node *parts;
    if (ps_split_leaf(&parts, node, p->arena))
        return pc_fail_nomem(p->err);
    return parts ? plan_node(p, parts, boost, scoring, out, ignored)
                 : plan_leaf(p, node, boost, scoring, out, ignored);
}

/* Recursion is bounded by PS_MAX_DEPTH. */
static int plan_node(planner *p, const ps_node *node, double boost,
                     bool scoring, ps_plan_node *out, bool *ignored)
{
    boost *= (double)node->boost;
    out->source = node;
    if (node->constant)
        return plan_constant(p, node, boost, scoring, out, ignored);
    switch ((enum ps_node_kind)node->kind) {
    case PS_NODE_WORD: return plan_leaf(p, node, boost, scoring, out, ignored);
    case PS_NODE_PHRASE:
        return plan_phrase(p, node, boost, scoring, out, ignored);
    case PS_NODE_BOOL: return plan_bool(p, node, boost, scoring, out, ignored);
    case PS_NODE_NEAR: return plan_near(p, node, boost, scoring, out, ignored);
    case PS_NODE_FILTER:
        return plan_filter(p, node, boost, scoring, out, ignored);
    case PS_NODE_ALL: set_kind(out, PS_PLAN_ALL); return PARASOL_OK;
    case PS_NODE_PREFIX:
    case PS_NODE_WILDCARD:
    case PS_NODE_FUZZY:
    case PS_NODE_REGEX: return plan_pattern(p, node, boost, scoring, out);
    case PS_NODE_NONE: break;
    }
    set_kind(out, PS_PLAN_NONE);
    return PARASOL_OK;
}

static void scale_weights(ps_plan_node *node, double scale)
{
    node->leaf.weight = (float)(node->weight * scale);
    for (size_t i = 0; i < node->n; i++)
        scale_weights(node->clauses[i].node, scale);
}

/* K by norm of a field, for the parameters of the query. */
static int make_damp(planner *p, uint8_t field, const float **out)
{
    float *damp = pc_arena_zalloc(p->arena, 256, sizeof *damp);
    if (!damp)
        return pc_fail_nomem(p->err);
    pc_damp_table(damp, p->params.k1, p->params.b, p->snap->docs,
                  p->snap->lengths[field]);
    *out = damp;
    return PARASOL_OK;
}

/* Analysis has left nothing of the query, of which the parser had nothing to
   say. */
static int note_no_word(ps_plan *plan, const ps_node *root)
{
    if (root->kind == PS_NODE_NONE ||
        (root->kind == PS_NODE_BOOL && root->n == 0))
        return PARASOL_OK;
    return ps_warn_format(&plan->notes, root->start, root->end,
                          "nothing in it is a word, so it finds nothing");
}

int ps_plan_build(ps_plan *plan, const ps_node *root, const ps_snapshot *snap,
                  pc_analyzer *analyzer, ps_plan_params params, pc_arena *arena,
                  parasol_error *err)
{
    planner p = {.snap = snap,
                 .analyzer = analyzer,
                 .arena = arena,
                 .err = err,
                 .params = params,
                 .terms = {.snap = snap,
                           .analyzer = analyzer,
                           .arena = arena,
                           .err = err},
                 .plan = plan};
    p.expander = (ps_expander){.snap = snap,
                               .arena = arena,
                               .plan = plan,
                               .k1 = (double)params.k1,
                               .sum = &p.sum,
                               .deadline = params.deadline,
                               .err = err};
    bool ignored = false;
    *plan = (ps_plan){.damp = snap->damp};
    ps_warnings_init(&plan->notes, arena, "note", "");
    plan->root = pc_arena_zalloc(arena, 1, sizeof *plan->root);
    if (!plan->root)
        return pc_fail_nomem(err);
    int rc = ps_gather(&root, params.synonyms, analyzer, arena, err);
    p.root = p.expander.root = root;
    if (!rc)
        rc = plan_node(&p, root, 1.0, true, plan->root, &ignored);
    if (!rc && (params.k1 != PC_DAMP_K1 || params.b != PC_DAMP_B))
        rc = make_damp(&p, PC_FIELD_TEXT, &plan->damp);
    if (!rc && p.uses_title)
        rc = make_damp(&p, PC_FIELD_TITLE, &plan->title_damp);
    if (rc)
        return rc;
    if (ignored) {
        set_kind(plan->root, PS_PLAN_NONE);
        rc = note_no_word(plan, root);
        if (rc)
            return rc;
    }
    plan->scale = ps_score_scale(p.sum);
    scale_weights(plan->root, plan->scale);
    return PARASOL_OK;
}
