/*
 * Recursive graph bisection.
 *
 * Of what the papers offer, this keeps what is cheap. The gain of a move is
 * its first derivative: the logarithm of the quotient of the degrees that a
 * term has on both sides, one number for each term. Documents keep the places
 * that a selection of the smaller half leaves them in. Before a range is
 * split, its terms are renumbered densely, without those that stand in one of
 * its documents or in all, since these say nothing: so the deeper the range,
 * the smaller the tables, and the shorter the documents.
 */
#include "indexer/merge/bisect.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "common/base/fail.h"
#include "common/base/ints.h"

#define LEAF 32u         /* documents of a range that is not split */
#define ROUNDS 20        /* of exchanges in a range, at most */
#define STILL 256u       /* one moved document in so many ends the rounds */
#define AHEAD 4u         /* documents whose edges are fetched early */
#define SHARED_MIN 4096u /* documents of a range worth several threads */
#define NO_TERM UINT32_MAX

typedef struct item {
    float bias; /* how much its terms draw the document to the right */
    uint32_t doc;
    bool right; /* where it was */
} item;

typedef struct range {
    uint32_t lo, n;
    uint32_t terms; /* numbers of terms are below */
} range;

typedef struct bisection {
    pi_forward *g;
    pi_bisect_options o;
    uint32_t *order;
    uint32_t *len; /* edges that are left, by document */
    float *log2;   /* of 1 to docs + 1 */
    item *items;   /* by place in the order */
    range *ranges; /* for the threads to take */
    size_t n_ranges;
    atomic_size_t next_range;
    atomic_ullong done; /* documents times levels */
    unsigned long long all;
    atomic_bool stop;
} bisection;

/* A thread, with tables for the terms of the range at hand. */
typedef struct worker {
    bisection *b;
    pthread_t thread;
    bool reports;
    uint32_t *label;
    uint32_t *degrees; /* left and right, by term */
    float *bias;       /* by term */
    /* When it helps with a range of another: */
    const float *shared_bias;
    uint32_t from, to, half_end;
} worker;

/* ---- one range ---------------------------------------------------------- */

static uint32_t *edges_of(const bisection *b, uint32_t doc)
{
    return b->g->edges + b->g->starts[doc];
}

/* Renumbers the terms of the range; returns how many are left. */
static uint32_t renumber(worker *w, range r)
{
    bisection *b = w->b;
    uint32_t next = 0;
    memset(w->label, 0, r.terms * sizeof *w->label);
    for (uint32_t i = r.lo; i < r.lo + r.n; i++) {
        const uint32_t *e = edges_of(b, b->order[i]);
        for (uint32_t k = 0; k < b->len[b->order[i]]; k++)
            w->label[e[k]]++;
    }
    for (uint32_t t = 0; t < r.terms; t++) {
        uint32_t df = w->label[t];
        w->label[t] = df >= 2 && df < r.n ? next++ : NO_TERM;
    }
    for (uint32_t i = r.lo; i < r.lo + r.n; i++) {
        uint32_t *e = edges_of(b, b->order[i]), kept = 0;
        for (uint32_t k = 0; k < b->len[b->order[i]]; k++) {
            e[kept] = w->label[e[k]];
            kept += e[kept] != NO_TERM;
        }
        b->len[b->order[i]] = kept;
    }
    return next;
}

static void count_degrees(worker *w, range r)
{
    const bisection *b = w->b;
    memset(w->degrees, 0, 2 * (size_t)r.terms * sizeof *w->degrees);
    for (uint32_t i = 0; i < r.n; i++) {
        uint32_t doc = b->order[r.lo + i];
        const uint32_t *e = edges_of(b, doc);
        size_t right = i >= r.n / 2;
        for (uint32_t k = 0; k < b->len[doc]; k++)
            w->degrees[2 * (size_t)e[k] + right]++;
    }
}

/* The biases of the documents at [from, to) of the order; those from half_end
   on are on the right. */
static void weigh(const bisection *b, const float *bias, uint32_t from,
                  uint32_t to, uint32_t half_end)
{
    for (uint32_t i = from; i < to; i++) {
        uint32_t doc = b->order[i], n = b->len[doc], k = 0;
        const uint32_t *e = edges_of(b, doc);
        float even = 0, odd = 0;
        if (i + AHEAD < to)
            PC_PREFETCH(edges_of(b, b->order[i + AHEAD]));
        for (; k + 1 < n; k += 2) {
            even += bias[e[k]];
            odd += bias[e[k + 1]];
        }
        if (k < n)
            even += bias[e[k]];
        b->items[i] = (item){even + odd, doc, i >= half_end};
    }
}

static void *help(void *arg)
{
    worker *w = arg;
    weigh(w->b, w->shared_bias, w->from, w->to, w->half_end);
    return NULL;
}

/* The same for a whole range, by all threads if it is large. */
static void weigh_range(worker *w, range r, unsigned helpers)
{
    uint32_t half_end = r.lo + r.n / 2, at = r.lo;
    unsigned started = 0;
    if (r.n < SHARED_MIN)
        helpers = 0;
    uint32_t share = r.n / (helpers + 1);
    for (unsigned i = 1; i <= helpers; i++) {
        worker *h = &w[i];
        h->shared_bias = w->bias;
        h->from = at;
        h->to = at + share;
        h->half_end = half_end;
        /* Without a thread, the rest is done here. */
        if (pthread_create(&h->thread, NULL, help, h))
            break;
        at += share;
        started++;
    }
    weigh(w->b, w->bias, at, r.lo + r.n, half_end);
    for (unsigned i = 1; i <= started; i++)
        (void)pthread_join(w[i].thread, NULL);
}

static bool before(const item *a, const item *b)
{
    if (a->bias < b->bias || b->bias < a->bias)
        return a->bias < b->bias;
    return a->doc < b->doc;
}

static item median(item a, item b, item c)
{
    if (before(&b, &a)) {
        item x = a;
        a = b;
        b = x;
    }
    /* a is before b */
    return before(&c, &a) ? a : before(&b, &c) ? b : c;
}

/* Moves the k smallest of n different items to the front. */
static void select_smallest(item *v, size_t n, size_t k)
{
    size_t lo = 0, hi = n;
    while (hi - lo > 1) {
        item p = median(v[lo], v[lo + (hi - lo) / 2], v[hi - 1]);
        size_t i = lo, j = hi - 1;
        for (;; i++, j--) {
            while (before(&v[i], &p))
                i++;
            while (before(&p, &v[j]))
                j--;
            if (i >= j)
                break;
            item x = v[i];
            v[i] = v[j];
            v[j] = x;
        }
        /* [lo, cut) are up to p, [cut, hi) from p on; neither is empty. */
        size_t cut = j + 1 < hi ? j + 1 : hi - 1;
        if (k == cut)
            return;
        if (k < cut)
            hi = cut;
        else
            lo = cut;
    }
}

/* Puts the documents where the selection has them; returns how many have
   changed sides. */
static uint32_t exchange(worker *w, range r)
{
    bisection *b = w->b;
    uint32_t moved = 0;
    for (uint32_t i = 0; i < r.n; i++) {
        const item *x = &b->items[r.lo + i];
        bool right = i >= r.n / 2;
        b->order[r.lo + i] = x->doc;
        if (right == x->right)
            continue;
        const uint32_t *e = edges_of(b, x->doc);
        moved++;
        for (uint32_t k = 0; k < b->len[x->doc]; k++) {
            w->degrees[2 * (size_t)e[k] + x->right]--;
            w->degrees[2 * (size_t)e[k] + right]++;
        }
    }
    return moved;
}

static int compare_docs(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void report(worker *w, uint32_t docs)
{
    bisection *b = w->b;
    unsigned long long done = atomic_fetch_add(&b->done, docs) + docs;
    if (w->reports && b->o.progress &&
        b->o.progress((double)done / (double)b->all, b->o.user))
        atomic_store(&b->stop, true);
}

/* Splits a range; r->terms is then what both halves have. */
static void split(worker *w, range *r, unsigned helpers)
{
    r->terms = renumber(w, *r);
    count_degrees(w, *r);
    for (int round = 0; round < ROUNDS; round++) {
        const float *lg = w->b->log2;
        for (uint32_t t = 0; t < r->terms; t++)
            w->bias[t] = lg[w->degrees[2 * (size_t)t + 1] + 1] -
                         lg[w->degrees[2 * (size_t)t] + 1];
        weigh_range(w, *r, helpers);
        select_smallest(w->b->items + r->lo, r->n, r->n / 2);
        if (exchange(w, *r) <= r->n / STILL)
            break;
    }
    report(w, r->n);
}

static void split_all(worker *w, range r)
{
    if (atomic_load(&w->b->stop))
        return;
    if (r.n <= LEAF) {
        qsort(w->b->order + r.lo, r.n, sizeof *w->b->order, compare_docs);
        return;
    }
    split(w, &r, 0);
    uint32_t half = r.n / 2;
    split_all(w, (range){r.lo, half, r.terms});
    split_all(w, (range){r.lo + half, r.n - half, r.terms});
}

/* ---- all of them -------------------------------------------------------- */

static void *take_ranges(void *arg)
{
    worker *w = arg;
    bisection *b = w->b;
    for (;;) {
        size_t i = atomic_fetch_add(&b->next_range, 1);
        if (i >= b->n_ranges)
            return NULL;
        split_all(w, b->ranges[i]);
    }
}

/* Splits level by level until each thread can have some ranges of its own. */
static void split_first(worker *w, unsigned jobs)
{
    bisection *b = w->b;
    size_t want = jobs > 1 ? 4 * (size_t)jobs : 1;
    b->ranges[0] = (range){0, b->g->docs, b->g->terms};
    b->n_ranges = 1;
    while (b->n_ranges < want && b->g->docs / b->n_ranges > SHARED_MIN &&
           !atomic_load(&b->stop)) {
        for (size_t i = b->n_ranges; i-- > 0;) {
            range r = b->ranges[i];
            split(w, &r, jobs - 1);
            b->ranges[2 * i] = (range){r.lo, r.n / 2, r.terms};
            b->ranges[2 * i + 1] =
                (range){r.lo + r.n / 2, r.n - r.n / 2, r.terms};
        }
        b->n_ranges *= 2;
    }
}

static void run(worker *workers, unsigned jobs)
{
    unsigned started = 0;
    split_first(workers, jobs);
    for (unsigned i = 1; i < jobs; i++) {
        if (pthread_create(&workers[i].thread, NULL, take_ranges, &workers[i]))
            break; /* the others do its share */
        started = i;
    }
    (void)take_ranges(&workers[0]);
    for (unsigned i = 1; i <= started; i++)
        (void)pthread_join(workers[i].thread, NULL);
    /* The others may have done all of it: who asked hears of it once, and can
       stop. */
    report(&workers[0], 0);
}

/* The same bits everywhere, which a library's logarithm would not promise. */
static float log2_of(uint32_t v)
{
    unsigned whole = pc_bits32(v) - 1;
    double x = (double)v / (double)(UINT32_C(1) << whole);
    double sum = whole;
    for (double digit = 0.5; digit > 1e-8; digit /= 2) {
        x *= x;
        if (x >= 2) {
            x /= 2;
            sum += digit;
        }
    }
    return (float)sum;
}

static int make_tables(bisection *b)
{
    const pc_mem *mem = b->g->mem;
    uint32_t docs = b->g->docs;
    b->len = pc_alloc(mem, docs, sizeof *b->len);
    b->items = pc_alloc(mem, docs, sizeof *b->items);
    b->log2 = pc_alloc(mem, (size_t)docs + 2, sizeof *b->log2);
    b->ranges = pc_alloc(mem, 8 * (size_t)b->o.jobs, sizeof *b->ranges);
    if (!b->len || !b->items || !b->log2 || !b->ranges)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < docs; i++) {
        b->order[i] = i;
        b->len[i] = (uint32_t)(b->g->starts[i + 1] - b->g->starts[i]);
        b->log2[i + 1] = log2_of(i + 1);
    }
    b->log2[docs + 1] = log2_of(docs + 1);
    for (uint32_t n = docs; n > LEAF; n = n - n / 2)
        b->all += docs;
    return PARASOL_OK;
}

static worker *make_workers(bisection *b)
{
    const pc_mem *mem = b->g->mem;
    size_t terms = b->g->terms;
    worker *w = pc_zalloc(mem, b->o.jobs, sizeof *w);
    bool ok = w != NULL;
    for (unsigned i = 0; ok && i < b->o.jobs; i++) {
        w[i].b = b;
        w[i].reports = i == 0;
        w[i].label = pc_alloc(mem, terms, sizeof *w->label);
        w[i].degrees = pc_alloc(mem, terms, 2 * sizeof *w->degrees);
        w[i].bias = pc_alloc(mem, terms, sizeof *w->bias);
        ok = w[i].label && w[i].degrees && w[i].bias;
    }
    if (!ok)
        b->stop = true;
    return w;
}

static void release(bisection *b, worker *w)
{
    const pc_mem *mem = b->g->mem;
    for (unsigned i = 0; w && i < b->o.jobs; i++) {
        pc_free(mem, w[i].label);
        pc_free(mem, w[i].degrees);
        pc_free(mem, w[i].bias);
    }
    pc_free(mem, w);
    pc_free(mem, b->len);
    pc_free(mem, b->items);
    pc_free(mem, b->log2);
    pc_free(mem, b->ranges);
}

int pi_bisect(pi_forward *graph, uint32_t *order, pi_bisect_options o,
              parasol_error *err)
{
    bisection b = {.g = graph, .o = o};
    b.order = order;
    b.o.jobs = o.jobs ? o.jobs : 1;
    worker *w = make_workers(&b);
    int rc = b.stop || make_tables(&b) ? pc_fail_nomem(err) : PARASOL_OK;
    if (!rc && graph->docs > 0)
        run(w, b.o.jobs);
    if (!rc && b.stop)
        rc = pc_fail(err, PARASOL_ARG, "stopped by the caller");
    release(&b, w);
    return rc;
}
