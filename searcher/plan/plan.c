/*
 * Query tree -> plan.
 */
#include "searcher/plan/plan.h"

#include "common/base/fail.h"
#include "common/codec/damp.h"
#include "searcher/plan/gather.h"
#include "searcher/plan/slots.h"
#include "searcher/score/bm25.h"

typedef struct planner {
    const ps_snapshot *snap;
    pc_analyzer *analyzer;
    pc_arena *arena;
    parasol_error *err;
    ps_plan_params params;
    ps_plan_term **terms; /* seen so far, so that each is looked up once */
    size_t n_terms, terms_cap;
    double sum; /* of the weights of scoring leaves */
} planner;

/* ---- terms -------------------------------------------------------------- */

/* A word cannot be in more documents than there are; weights rely on it. */
static int check_df(const planner *p, uint32_t i, uint32_t df, uint32_t limit)
{
    if (df <= limit)
        return PARASOL_OK;
    return pc_fail(p->err, PARASOL_CORRUPT,
                   "%s: the dictionary is damaged: a word is in %u of %u "
                   "documents",
                   pc_sealed_path(p->snap->segs[i]->file), df, limit);
}

/* Finds the variant number of the term's form in segment i. */
static int find_variant(planner *p, ps_plan_term *t, uint32_t i)
{
    pc_key key;
    pc_entry e;
    bool found = false;
    t->entries[i].flags = 0;
    if (!pc_key_make(&key, PC_FIELD_TEXT, t->form))
        return PARASOL_OK;
    const pc_seg *seg = p->snap->segs[i];
    int rc = pc_dict_find(&seg->dict, pc_key_str(&key), &found, &e, p->err);
    if (rc || !found || !(e.flags & PC_ENTRY_FORM))
        return rc;
    pc_entry stem;
    if (!pc_key_make(&key, PC_FIELD_TEXT, t->stem))
        return PARASOL_OK;
    rc = pc_dict_find(&seg->dict, pc_key_str(&key), &found, &stem, p->err);
    if (rc || !found || !(stem.flags & PC_ENTRY_TERM))
        return rc;
    t->entries[i] = stem;
    t->variants[i] = e.form.variant;
    t->df += e.form.df;
    rc = check_df(p, i, e.form.df, stem.df);
    return rc ? rc : check_df(p, i, stem.df, seg->docs);
}

static int find_stem(planner *p, ps_plan_term *t, uint32_t i)
{
    pc_key key;
    bool found = false;
    if (!pc_key_make(&key, PC_FIELD_TEXT, t->stem))
        return PARASOL_OK;
    int rc = pc_dict_find(&p->snap->segs[i]->dict, pc_key_str(&key), &found,
                          &t->entries[i], p->err);
    if (rc || !found || !(t->entries[i].flags & PC_ENTRY_TERM)) {
        t->entries[i].flags = 0;
        return rc;
    }
    t->df += t->entries[i].df;
    return check_df(p, i, t->entries[i].df, p->snap->segs[i]->docs);
}

static int look_up(planner *p, ps_plan_term *t)
{
    for (uint32_t i = 0; i < p->snap->n_segs; i++) {
        int rc = t->exact ? find_variant(p, t, i) : find_stem(p, t, i);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

static ps_plan_term *known_term(const planner *p, const pc_term *term,
                                bool exact)
{
    for (size_t i = 0; i < p->n_terms; i++) {
        ps_plan_term *t = p->terms[i];
        if (t->exact == exact && pc_str_eq(t->stem, term->stem) &&
            (!exact || pc_str_eq(t->form, term->form)))
            return t;
    }
    return NULL;
}

static int remember(planner *p, ps_plan_term *t)
{
    if (p->n_terms == p->terms_cap) {
        size_t cap = p->terms_cap ? 2 * p->terms_cap : 16;
        ps_plan_term **more = pc_arena_zalloc(p->arena, cap, sizeof *more);
        if (!more)
            return pc_fail_nomem(p->err);
        if (p->n_terms)
            memcpy(more, p->terms, p->n_terms * sizeof *more);
        p->terms = more;
        p->terms_cap = cap;
    }
    p->terms[p->n_terms++] = t;
    return PARASOL_OK;
}

static int get_term(planner *p, const pc_term *term, bool exact,
                    ps_plan_term **out)
{
    ps_plan_term *t = known_term(p, term, exact);
    *out = t;
    if (t)
        return PARASOL_OK;
    uint32_t segs = p->snap->n_segs;
    *out = t = pc_arena_zalloc(p->arena, 1, sizeof *t);
    if (!t)
        return pc_fail_nomem(p->err);
    t->exact = exact;
    t->stem.len = term->stem.len;
    t->form.len = term->form.len;
    t->stem.ptr = pc_arena_copy(p->arena, term->stem.ptr, term->stem.len);
    t->form.ptr = pc_arena_copy(p->arena, term->form.ptr, term->form.len);
    t->entries = pc_arena_zalloc(p->arena, segs, sizeof *t->entries);
    t->variants = pc_arena_zalloc(p->arena, segs, sizeof *t->variants);
    if (!t->stem.ptr || !t->form.ptr || !t->entries || !t->variants)
        return pc_fail_nomem(p->err);
    int rc = look_up(p, t);
    return rc ? rc : remember(p, t);
}

/* ---- leaves ------------------------------------------------------------- */

/* What ps_plan_words asks for terms. */
static int source_term(void *user, const pc_term *term, bool exact,
                       ps_plan_term **out)
{
    return get_term(user, term, exact, out);
}

/* A node that matches nothing, or everything if `all`. */
static void set_kind(ps_plan_node *out, uint8_t kind)
{
    *out = (ps_plan_node){.kind = kind};
}

/* Sets *ignored when analysis leaves nothing of the leaf. */
static int plan_leaf(planner *p, const ps_node *node, double boost,
                     bool scoring, ps_plan_node *out, bool *ignored)
{
    const ps_term_source source = {source_term, p};
    double idf = 0;
    int rc = ps_plan_words(out, node->text, node->exact, p->snap, p->analyzer,
                           p->params.synonyms, &source, p->arena, &idf, ignored,
                           p->err);
    if (rc || out->kind == PS_PLAN_NONE)
        return rc;
    out->weight = scoring ? boost * idf * ((double)p->params.k1 + 1.0) : 0.0;
    p->sum += out->weight;
    return PARASOL_OK;
}

/* ---- trees -------------------------------------------------------------- */

static int plan_node(planner *p, const ps_node *node, double boost,
                     bool scoring, ps_plan_node *out, bool *ignored);

/* Adds a clause, or its weight to a clause that asks for the same term. */
static void add_clause(ps_plan_node *out, uint8_t occur, ps_plan_node *child)
{
    for (size_t i = 0; child->kind == PS_PLAN_LEAF && i < out->n; i++) {
        ps_plan_node *other = out->clauses[i].node;
        if (out->clauses[i].occur == occur && other->kind == PS_PLAN_LEAF &&
            ps_leaf_is_plain(&child->leaf) && ps_leaf_is_plain(&other->leaf) &&
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
            if (c.occur == PS_MUST) {
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
    if (had_should && should == 0 && must == 0)
        set_kind(out, PS_PLAN_NONE);
    else if (kept == 0)
        set_kind(out, PS_PLAN_ALL); /* only exclusions, of nothing */
}

static int plan_bool(planner *p, const ps_node *node, double boost,
                     bool scoring, ps_plan_node *out, bool *ignored)
{
    out->kind = PS_PLAN_BOOL;
    out->clauses = pc_arena_zalloc(p->arena, node->n, sizeof *out->clauses);
    if (!out->clauses)
        return pc_fail_nomem(p->err);
    *ignored = true;
    for (size_t i = 0; i < node->n; i++) {
        ps_plan_node *child = pc_arena_zalloc(p->arena, 1, sizeof *child);
        bool nothing = false;
        if (!child)
            return pc_fail_nomem(p->err);
        uint8_t occur = node->clauses[i].occur;
        int rc = plan_node(p, node->clauses[i].node, boost,
                           scoring && occur != PS_NOT, child, &nothing);
        if (rc)
            return rc;
        if (nothing)
            continue;
        *ignored = false;
        add_clause(out, occur, child);
    }
    simplify(out);
    return PARASOL_OK;
}

/* Recursion is bounded by PS_MAX_DEPTH. */
static int plan_node(planner *p, const ps_node *node, double boost,
                     bool scoring, ps_plan_node *out, bool *ignored)
{
    boost *= (double)node->boost;
    switch ((enum ps_node_kind)node->kind) {
    case PS_NODE_WORD:
    case PS_NODE_PHRASE:
        return plan_leaf(p, node, boost, scoring, out, ignored);
    case PS_NODE_BOOL: return plan_bool(p, node, boost, scoring, out, ignored);
    case PS_NODE_ALL: set_kind(out, PS_PLAN_ALL); return PARASOL_OK;
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

int ps_plan_build(ps_plan *plan, const ps_node *root, const ps_snapshot *snap,
                  pc_analyzer *analyzer, ps_plan_params params, pc_arena *arena,
                  parasol_error *err)
{
    planner p = {.snap = snap,
                 .analyzer = analyzer,
                 .arena = arena,
                 .err = err,
                 .params = params};
    bool ignored = false;
    plan->damp = snap->damp;
    if (params.k1 != PC_DAMP_K1 || params.b != PC_DAMP_B) {
        float *damp = pc_arena_zalloc(arena, 256, sizeof *damp);
        if (!damp)
            return pc_fail_nomem(err);
        pc_damp_table(damp, params.k1, params.b, snap->docs,
                      snap->lengths[PC_FIELD_TEXT]);
        plan->damp = damp;
    }
    plan->root = pc_arena_zalloc(arena, 1, sizeof *plan->root);
    if (!plan->root)
        return pc_fail_nomem(err);
    int rc = ps_gather(&root, params.synonyms, analyzer, arena, err);
    if (!rc)
        rc = plan_node(&p, root, 1.0, true, plan->root, &ignored);
    if (rc)
        return rc;
    if (ignored)
        set_kind(plan->root, PS_PLAN_NONE);
    plan->scale = ps_score_scale(p.sum);
    scale_weights(plan->root, plan->scale);
    return PARASOL_OK;
}
