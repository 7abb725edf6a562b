/*
 * Conjunction: what is rarest leads, block by block.
 *
 * A window is a block of the required list that leads, or, of a group, the
 * documents up to the first end of a block of its lists. A window is skipped
 * when the bounds of all clauses over it do not reach what the heap needs; else
 * its documents are a batch that the other clauses thin out: lists, the rarest
 * first, and then what has to be asked document by document.
 */
#include "common/base/fail.h"
#include "common/base/ints.h"
#include "searcher/collect/flat.h"
#include "searcher/collect/group.h"
#include "searcher/iter/timed.h"

/* A clause, or one of two things done for it; one of the three is there. */
typedef struct part {
    ps_cursor *list;
    ps_group *group; /* to be in its lists; it scores without an iterator */
    ps_iter *it;     /* asked about each candidate */
    bool required;
    uint32_t bound; /* in the window; 0 of what does not score */
} part;

typedef struct and_run {
    ps_flat *q;
    ps_topk *top; /* NULL: nothing is scored */
    part *parts;  /* the first leads */
    uint32_t n;
    ps_batch batch;
    ps_cursor **lists; /* all of required clauses */
    uint32_t *near;    /* where each was */
    uint32_t n_lists;
    uint32_t docs[PS_GROUP_BATCH + PS_OVERRUN];
    uint32_t scores[PS_GROUP_BATCH + PS_OVERRUN];
} and_run;

/* ---- bounds ------------------------------------------------------------- */

/* Only says whether a document is a candidate. */
static bool is_sieve(const part *p)
{
    return p->group && p->group->it;
}

static uint32_t part_bound(const part *p, uint32_t from, uint32_t to)
{
    if (p->list)
        return ps_cursor_bound(p->list, from, to);
    if (p->group)
        return p->group->it ? 0 : ps_group_bound(p->group, from, to);
    from = from < p->it->doc ? p->it->doc : from;
    return from > to ? 0 : p->it->ops->bound(p->it, from, to);
}

/* The bound of everything in [from, to]; 0 if something required has nothing
   there. */
static uint32_t range_bound(and_run *r, uint32_t from, uint32_t to)
{
    uint32_t total = 0;
    for (uint32_t i = 0; i < r->n; i++) {
        part *p = &r->parts[i];
        p->bound = part_bound(p, from, to);
        if (p->bound == 0 && p->required && !is_sieve(p))
            return 0;
        total = pc_add_capped(total, p->bound);
    }
    return total;
}

/* ---- windows ------------------------------------------------------------ */

/* Takes a part into the batch; `rest` bounds it and all parts after it.
   Returns the bound of those after it. */
static uint32_t thin_out(and_run *r, part *p, uint32_t rest)
{
    uint32_t need = r->top->need;
    ps_batch_prune(&r->batch, r->q->ctx->kernels, rest, need);
    rest -= p->bound;
    uint32_t least = ps_least(need, rest);
    if (p->list)
        ps_batch_probe(&r->batch, p->list, p->required, least);
    else if (p->group)
        ps_batch_meet_group(&r->batch, p->group, least);
    else
        ps_batch_ask(&r->batch, p->it, p->required, least);
    return rest;
}

/* Offers what of the batch can enter; `rest` bounds what the parts in [from,
   to] add. What leads has scored. */
static void score_batch(and_run *r, uint32_t rest)
{
    ps_batch *b = &r->batch;
    for (uint32_t i = 1; i < r->n && b->n > 0; i++)
        rest = thin_out(r, &r->parts[i], rest);
    for (uint32_t i = 0; i < b->n; i++)
        ps_flat_offer(r->q, r->top, b->docs[i], b->scores[i]);
}

/* The same for a batch that was counted: what is excluded is out, and may not
   be asked for again; nor may what is required and no list, which has
   scored. */
static void score_counted(and_run *r, uint32_t rest)
{
    ps_batch *b = &r->batch;
    for (uint32_t i = 0; i < r->n && b->n > 0; i++) {
        part *p = &r->parts[i];
        if (!is_sieve(p) && !(p->it && p->required))
            rest = thin_out(r, p, rest);
    }
    for (uint32_t i = 0; i < b->n; i++)
        ps_topk_offer(r->top, b->docs[i], b->scores[i]);
}

/* The documents of a list in block b, with scores if that is what they are
   for. False if it has none, or on damage. */
static bool take_block(and_run *r, ps_cursor *c, uint32_t b, bool scored)
{
    if (c->block != b && !ps_cursor_load(c, b))
        return false;
    /* A list of some forms may have nothing in this block. */
    if (c->block != b || (scored && !ps_cursor_scores(c)))
        return false;
    r->batch.n = c->n;
    memcpy(r->docs, c->ids, c->n * sizeof *r->docs);
    if (scored)
        memcpy(r->scores, c->scores, c->n * sizeof *r->scores);
    else
        memset(r->scores, 0, c->n * sizeof *r->scores);
    return true;
}

/* The documents of what leads in the window. */
static bool take(and_run *r, uint32_t from, uint32_t to, bool scored)
{
    const part *lead = &r->parts[0];
    if (lead->list)
        return take_block(r, lead->list, lead->list->near, scored);
    ps_group_take(lead->group, from, to, scored, &r->batch);
    return r->batch.n > 0 && !r->q->ctx->status;
}

static void run_window(and_run *r, uint32_t from, uint32_t to)
{
    uint32_t rest = range_bound(r, from, to);
    if (rest == 0 || rest < r->top->need || !take(r, from, to, true))
        return;
    score_batch(r, rest - r->parts[0].bound);
}

/* Asks what is required and no list. */
static void ask_required(and_run *r)
{
    for (uint32_t i = 0; i < r->n; i++) {
        const part *p = &r->parts[i];
        if (p->it && p->required)
            ps_batch_ask(&r->batch, p->it, true, 0);
    }
}

/* The same, when all matches are counted, too: they are found first, and then
   those that can enter are scored. */
static void count_window(and_run *r, uint32_t from, uint32_t to,
                         uint64_t *total)
{
    uint32_t rest = r->top ? range_bound(r, from, to) : 0;
    if (!take(r, from, to, false))
        return;
    for (uint32_t i = 0; i < r->n_lists; i++)
        r->near[i] = r->lists[i]->near;
    r->batch.n = ps_flat_filter(r->q, r->docs, r->batch.n);
    ask_required(r);
    *total += r->batch.n;
    if (!r->top || r->batch.n == 0 || rest == 0 || rest < r->top->need)
        return;
    for (uint32_t i = 0; i < r->n_lists; i++)
        r->lists[i]->near = r->near[i];
    score_counted(r, rest);
}

/* ---- setting up --------------------------------------------------------- */

static void add_part(and_run *r, part p)
{
    r->parts[r->n++] = p;
}

static void add_list(and_run *r, ps_cursor *c, bool required)
{
    add_part(r, (part){.list = c, .required = required});
    if (required)
        r->lists[r->n_lists++] = c;
}

static void add_group(and_run *r, ps_group *g)
{
    add_part(r, (part){.group = g, .required = true});
    for (uint32_t i = 0; i < g->n; i++)
        r->lists[r->n_lists++] = g->lists[i];
}

static bool make_parts(and_run *r)
{
    ps_flat *q = r->q;
    pc_arena *a = q->ctx->arena;
    size_t room =
        (size_t)q->n_must + 2 * (size_t)q->n_groups + q->n_should + q->n_any;
    size_t lists = q->n_must + q->n_groups * (size_t)PS_GROUP_LISTS;
    r->parts = pc_arena_zalloc(a, room, sizeof *r->parts);
    r->lists = pc_arena_zalloc(a, lists, sizeof(ps_cursor *));
    r->near = pc_arena_zalloc(a, lists, sizeof *r->near);
    if (!r->parts || !r->lists || !r->near)
        return false;
    uint32_t first = ps_flat_group_leads(q) ? 1 : 0;
    if (first == 1)
        add_group(r, &q->groups[0]);
    for (uint32_t i = 0; i < q->n_must; i++)
        add_list(r, q->must[i], true);
    for (uint32_t i = first; i < q->n_groups; i++)
        add_group(r, &q->groups[i]);
    for (uint32_t i = 0; i < q->n_should; i++)
        add_list(r, q->should[i], false);
    for (uint32_t i = 0; i < q->n_groups; i++)
        if (q->groups[i].it)
            add_part(r, (part){.it = q->groups[i].it, .required = true});
    for (uint32_t i = 0; i < q->n_any; i++)
        add_part(r, (part){.it = q->any[i]});
    return true;
}

/* What all parts but the leader score anywhere. */
static uint32_t others_bound(const and_run *r)
{
    uint32_t sum = 0;
    for (uint32_t i = 1; i < r->n; i++) {
        const part *p = &r->parts[i];
        sum = pc_add_capped(sum, p->list ? p->list->bound
                                         : part_bound(p, 0, PS_END - 1));
    }
    return sum;
}

static void lead_by_list(and_run *r, ps_cursor *lead, uint64_t *total)
{
    uint32_t others = others_bound(r), from = 0;
    for (uint32_t b = 0; b < lead->list.blocks && !r->q->ctx->status; b++) {
        uint32_t to = pc_list_last(&lead->list, b);
        if (ps_ctx_stops(r->q->ctx, from))
            break;
        lead->near = b;
        if (total)
            count_window(r, from, to, total);
        else if (pc_add_capped(ps_cursor_block_bound(lead, b), others) >=
                 r->top->need)
            run_window(r, from, to);
        from = to + 1;
    }
}

static void lead_by_group(and_run *r, ps_group *lead, uint64_t *total)
{
    uint32_t docs = r->q->ctx->seg->docs;
    for (uint32_t from = 0; from < docs && !r->q->ctx->status;) {
        uint32_t to = ps_group_window(lead, from, docs);
        if (ps_ctx_stops(r->q->ctx, from))
            break;
        if (total)
            count_window(r, from, to, total);
        else
            run_window(r, from, to);
        from = to + 1;
    }
}

void ps_flat_and(ps_flat *q, ps_topk *top, uint64_t *total)
{
    and_run r;
    r.q = q;
    r.top = top;
    r.n = r.n_lists = 0;
    r.batch = (ps_batch){r.docs, r.scores, 0};
    if (!make_parts(&r))
        q->ctx->status = pc_fail_nomem(q->ctx->err);
    else if (r.parts[0].list)
        lead_by_list(&r, r.parts[0].list, total);
    else
        lead_by_group(&r, r.parts[0].group, total);
}
