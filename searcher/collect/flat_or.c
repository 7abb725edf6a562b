/*
 * Disjunction: MaxScore over windows of documents.
 *
 * In a window each list has a bound. The lists are ordered by it; those whose
 * bounds together do not reach what the heap needs are *non-essential*: a
 * document that only they hold cannot enter. The essential lists are scored
 * whole blocks at a time into an array of accumulators; what survives is
 * looked up in the others, the strongest first.
 *
 * What is no list (a phrase, a word that can be written in several ways) is a
 * lane like any other, but its candidates are looked at one by one, after the
 * lists, and only where they can still enter.
 */
#include "common/base/fail.h"
#include "common/base/ints.h"
#include "searcher/collect/flat.h"
#include "searcher/iter/timed.h"

#define INNER 4096u /* documents per array of accumulators */
#define OUTER_MAX 65536u

typedef struct lane {
    ps_cursor *c; /* NULL: `it` */
    ps_iter *it;
    uint32_t bound; /* in the window */
} lane;

typedef struct or_run {
    ps_flat *q;
    ps_topk *top;
    lane *lanes; /* ascending by bound */
    uint32_t n;
    uint32_t essential; /* index of the first essential lane */
    uint32_t *rest;     /* rest[i]: sum of the bounds of lanes before i */
    uint32_t *acc;      /* INNER of them, zero between windows */
    ps_batch batch;     /* room for INNER */
} or_run;

/* ---- lanes -------------------------------------------------------------- */

/* The first document of the lane not before `from`. */
static uint32_t lane_seek(lane *l, uint32_t from)
{
    if (l->c)
        return ps_cursor_seek(l->c, from);
    return l->it->doc < from ? l->it->ops->seek(l->it, from) : l->it->doc;
}

static uint32_t lane_bound(const lane *l, uint32_t from, uint32_t to)
{
    if (l->c)
        return ps_cursor_bound(l->c, from, to);
    from = from < l->it->doc ? l->it->doc : from;
    return from > to ? 0 : l->it->ops->bound(l->it, from, to);
}

static uint32_t lane_block_end(const lane *l, uint32_t from)
{
    if (l->c)
        return ps_cursor_block_end(l->c, from);
    if (l->it->doc == PS_END)
        return PS_END - 1;
    return l->it->ops->block_end(l->it, from < l->it->doc ? l->it->doc : from);
}

/* ---- candidates --------------------------------------------------------- */

/* Completes the batch with the non-essential lists and offers the rest. */
static void finish_batch(or_run *r)
{
    ps_batch *b = &r->batch;
    for (uint32_t i = r->essential; i-- > 0 && b->n > 0;) {
        uint32_t need = r->top->need, rest = r->rest[i];
        ps_batch_prune(b, r->q->ctx->kernels, r->rest[i + 1], need);
        if (r->lanes[i].c)
            ps_batch_probe(b, r->lanes[i].c, false, ps_least(need, rest));
        else
            ps_batch_ask(b, r->lanes[i].it, false, ps_least(need, rest));
    }
    for (uint32_t i = 0; i < b->n; i++)
        ps_flat_offer(r->q, r->top, b->docs[i], b->scores[i]);
    b->n = 0;
}

/* ---- one essential list ------------------------------------------------- */

/* Offers what of block blk is in [from, to] and can still enter. */
static void run_block(or_run *r, ps_cursor *c, uint32_t blk, uint32_t from,
                      uint32_t to)
{
    const ps_kernels *kernels = c->ctx->kernels;
    uint32_t rest = r->rest[r->essential], need = r->top->need;
    ps_batch *b = &r->batch;
    /* A list of some forms may have nothing in the block. */
    if (ps_cursor_seek(c, from) > to || c->block != blk || !ps_cursor_scores(c))
        return;
    uint32_t n = c->n;
    if (c->ids[n - 1] > to)
        n = kernels->lower_bound(c->ids, c->at, n, to + 1);
    b->n = kernels->filter(b->docs, b->scores, c->ids + c->at,
                           c->scores + c->at, n - c->at, ps_least(need, rest));
    finish_batch(r);
}

static void run_single(or_run *r, uint32_t from, uint32_t to)
{
    ps_cursor *c = r->lanes[r->essential].c;
    uint32_t rest = r->rest[r->essential];
    uint32_t b = pc_list_seek(&c->list, c->near, from);
    for (; b < c->list.blocks && !c->ctx->status; b++) {
        uint32_t last = pc_list_last(&c->list, b);
        /* A block that cannot help is not decoded. */
        if (pc_add_capped(ps_cursor_block_bound(c, b), rest) >= r->top->need) {
            c->near = b;
            run_block(r, c, b, from, to);
        }
        if (last >= to)
            break;
        from = last + 1;
    }
}

/* ---- several ------------------------------------------------------------ */

/* Adds a list's scores in [base, base + INNER) up to `to`; returns the groups
   of accumulators touched. */
static uint64_t accumulate(const or_run *r, ps_cursor *c, uint32_t base,
                           uint32_t to)
{
    uint64_t touched = 0;
    uint32_t *acc = r->acc;
    while (c->doc <= to && ps_cursor_scores(c)) {
        uint32_t i = c->at;
        /* The whole block, or what of it is not past the window. */
        uint32_t n = c->n;
        if (c->ids[n - 1] > to) {
            while (c->ids[n - 1] > to)
                n--;
        }
        for (; i < n; i++) {
            uint32_t slot = c->ids[i] - base;
            acc[slot] += c->scores[i];
            touched |= UINT64_C(1) << (slot / PS_GROUP);
        }
        if (n < c->n) {
            c->at = n;
            c->doc = c->ids[n];
        } else {
            (void)ps_cursor_load(c, c->block + 1);
        }
    }
    return touched;
}

/* The same for an iterator. `rest` bounds what it and all lanes that are not
   accumulated yet can add. */
static uint64_t accumulate_any(const or_run *r, ps_iter *it, uint32_t base,
                               uint32_t to, uint32_t rest)
{
    uint64_t touched = 0;
    uint32_t doc = it->doc, least = ps_least(r->top->need, rest);
    for (; doc <= to; doc = it->ops->seek(it, doc + 1)) {
        uint32_t slot = doc - base;
        if (r->q->ctx->deadline > 0 && ps_ctx_is_late(r->q->ctx))
            break;
        if (r->acc[slot] < least || !it->ops->matches(it))
            continue;
        r->acc[slot] += it->ops->score(it);
        touched |= UINT64_C(1) << (slot / PS_GROUP);
    }
    return touched;
}

/* Accumulates the essential lanes in [base, to], lists first. */
static uint64_t accumulate_all(const or_run *r, uint32_t base, uint32_t to)
{
    uint64_t touched = 0;
    uint32_t rest = r->rest[r->essential];
    for (uint32_t i = r->essential; i < r->n; i++) {
        if (r->lanes[i].c)
            touched |= accumulate(r, r->lanes[i].c, base, to);
        else
            rest = pc_add_capped(rest, r->lanes[i].bound);
    }
    for (uint32_t i = r->essential; r->q->n_any > 0 && i < r->n; i++) {
        if (r->lanes[i].c)
            continue;
        touched |= accumulate_any(r, r->lanes[i].it, base, to, rest);
        rest -= rest < UINT32_MAX ? r->lanes[i].bound : 0;
    }
    return touched;
}

/* Moves the touched accumulators that reach `least` to the batch. */
static void harvest(or_run *r, uint64_t touched, uint32_t base, uint32_t least)
{
    const ps_kernels *kernels = r->q->ctx->kernels;
    ps_batch *b = &r->batch;
    uint32_t n = 0;
    if (least == 0)
        least = 1; /* a document scores at least 1 */
    for (; touched; touched &= touched - 1) {
        uint32_t slot = pc_ctz64(touched) * PS_GROUP;
        n += kernels->harvest(b->docs + n, b->scores + n, r->acc + slot,
                              base + slot, least);
    }
    b->n = n;
}

static void run_several(or_run *r, uint32_t from, uint32_t to)
{
    uint32_t rest = r->rest[r->essential];
    for (;;) {
        uint32_t base = PS_END;
        for (uint32_t i = r->essential; i < r->n; i++) {
            uint32_t doc = lane_seek(&r->lanes[i], from);
            if (doc < base)
                base = doc;
        }
        if (base > to || base == PS_END)
            return;
        uint32_t end = to - base < INNER ? to : base + INNER - 1;
        uint64_t touched = accumulate_all(r, base, end);
        uint32_t need = r->top->need;
        harvest(r, touched, base, ps_least(need, rest));
        finish_batch(r);
        if (end == to)
            return;
        from = end + 1;
    }
}

/* ---- windows ------------------------------------------------------------ */

static void sort_lanes(lane *v, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        lane x = v[i];
        uint32_t j = i;
        for (; j > 0 && v[j - 1].bound > x.bound; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
}

/* Bounds and partition for [from, to]. False when nothing there can enter. */
static bool partition(or_run *r, uint32_t from, uint32_t to)
{
    uint32_t need = r->top->need;
    for (uint32_t i = 0; i < r->n; i++)
        r->lanes[i].bound = lane_bound(&r->lanes[i], from, to);
    sort_lanes(r->lanes, r->n);
    r->essential = 0;
    r->rest[0] = 0;
    for (uint32_t i = 0; i < r->n; i++) {
        r->rest[i + 1] = pc_add_capped(r->rest[i], r->lanes[i].bound);
        if (r->rest[i + 1] < need || r->lanes[i].bound == 0)
            r->essential = i + 1;
    }
    return r->essential < r->n;
}

/* How far the bounds at `from` are worth asking for: the nearest block end of
   the lists that were essential, but a window at least. */
static uint32_t window_end(const or_run *r, uint32_t from, uint32_t docs)
{
    uint32_t end = PS_END - 1;
    for (uint32_t i = r->essential; i < r->n; i++) {
        uint32_t e = lane_block_end(&r->lanes[i], from);
        if (e < end)
            end = e;
    }
    if (end - from >= OUTER_MAX || end < from)
        end = from + OUTER_MAX - 1;
    if (end - from < INNER - 1)
        end = from + INNER - 1;
    return end < docs ? end : docs - 1;
}

static int init(or_run *r, ps_flat *q, ps_topk *top)
{
    pc_arena *a = q->ctx->arena;
    *r = (or_run){.q = q, .top = top, .n = q->n_should + q->n_any};
    r->lanes = pc_arena_zalloc(a, r->n, sizeof *r->lanes);
    r->rest = pc_arena_zalloc(a, (size_t)r->n + 1, sizeof *r->rest);
    r->acc = pc_arena_zalloc(a, INNER, sizeof *r->acc);
    r->batch.docs = pc_arena_alloc(a, (INNER + PS_OVERRUN) * sizeof(uint32_t));
    r->batch.scores =
        pc_arena_alloc(a, (INNER + PS_OVERRUN) * sizeof(uint32_t));
    if (!r->lanes || !r->rest || !r->acc || !r->batch.docs || !r->batch.scores)
        return pc_fail_nomem(q->ctx->err);
    for (uint32_t i = 0; i < q->n_should; i++)
        r->lanes[i].c = q->should[i];
    for (uint32_t i = 0; i < q->n_any; i++)
        r->lanes[q->n_should + i].it = q->any[i];
    return PARASOL_OK;
}

/*
 * Raises what the heap needs before anything is scored: a list knows the
 * shares that its 10th, 100th and 1000th best documents reach, and with other
 * lists those documents only score more.
 */
static void prime(const ps_flat *q, ps_topk *top)
{
    static const size_t reach[PC_HINTS] = {10, 100, 1000};
    uint32_t living = q->ctx->alive ? 1 : 0; /* of the filters */
    unsigned h = 0;
    /* A dead document may be one of those, and so may an excluded one. */
    while (h < PC_HINTS && reach[h] < top->k + q->ctx->dead)
        h++;
    if (h == PC_HINTS || q->n_drop + q->n_excl + q->n_only > living)
        return;
    for (uint32_t i = 0; i < q->n_should; i++) {
        const ps_cursor *c = q->should[i];
        if (c->list.hints[h] == 0)
            continue;
        float share = pc_peak_least(c->list.hints[h], q->ctx->ratio);
        uint32_t s = ps_score_floor(c->weight, share);
        if (s > top->need)
            top->need = s;
    }
}

void ps_flat_or(ps_flat *q, ps_topk *top)
{
    or_run r;
    uint32_t docs = q->ctx->seg->docs;
    int rc = init(&r, q, top);
    if (rc) {
        q->ctx->status = rc;
        return;
    }
    prime(q, top);
    for (uint32_t from = 0; from < docs && !q->ctx->status;) {
        uint32_t to = window_end(&r, from, docs);
        if (ps_ctx_stops(q->ctx, from))
            break;
        if (partition(&r, from, to)) {
            if (r.essential + 1 == r.n && r.lanes[r.essential].c)
                run_single(&r, from, to);
            else
                run_several(&r, from, to);
        }
        from = to + 1;
    }
}
