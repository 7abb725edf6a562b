/*
 * Slots with alternatives. A state is where an occurrence began and where it
 * has got to; a slot turns the states that it can continue into new ones.
 * Both are kept in one number, the place reached in its upper half, so that
 * states in order are places in order.
 */
#include "searcher/iter/spans.h"

#include <stdlib.h>

#include "common/base/fail.h"
#include "common/base/ints.h"

typedef struct states {
    uint64_t *v;
    size_t n, cap;
} states;

typedef struct spans_iter {
    ps_iter base;
    ps_ctx *ctx;
    ps_span_slot *slots;
    uint32_t n;
    uint32_t lead; /* the slot that is filled in the fewest documents */
    float weight;
    bool started;
    uint32_t freq;         /* in `doc`, after matches() */
    states now, next, one; /* of the slot before, this one, an alternative */
} spans_iter;

#define STATE(reached, began) ((uint64_t)(reached) << 32 | (began))

/* ---- documents ---------------------------------------------------------- */

/* The first document from `target` on that has all terms of the phrase. */
static uint32_t phrase_seek(ps_phrase *p, uint32_t target)
{
    uint32_t doc = ps_cursor_seek(p->cursors[0], target);
    for (uint32_t i = 1; i < p->n_cursors && doc != PS_END;) {
        uint32_t there = ps_cursor_seek(p->cursors[i], doc);
        if (there == doc) {
            i++;
            continue;
        }
        doc = ps_cursor_seek(p->cursors[0], there);
        i = 1;
    }
    return doc;
}

/* All cursors of a phrase that ends are at the end, so that it is not taken
   for one that stands at a document. */
static bool stands_at(const ps_phrase *p, uint32_t doc)
{
    for (uint32_t i = 0; i < p->n_cursors; i++)
        if (p->cursors[i]->doc != doc)
            return false;
    return true;
}

/* The first document from `target` on that has all terms of an alternative. */
static uint32_t slot_seek(const ps_span_slot *slot, uint32_t target)
{
    uint32_t first = PS_END;
    for (uint32_t i = 0; i < slot->n; i++) {
        uint32_t doc = phrase_seek(slot->alts[i].phrase, target);
        first = doc < first ? doc : first;
    }
    return first;
}

static bool phrase_has(const ps_phrase *p, uint32_t doc)
{
    for (uint32_t i = 0; i < p->n_cursors; i++)
        if (ps_cursor_seek(p->cursors[i], doc) != doc)
            return false;
    return true;
}

/* Brings all alternatives to the document. Has it all terms of one? */
static bool slot_has(const ps_span_slot *slot, uint32_t doc)
{
    bool has = false;
    for (uint32_t i = 0; i < slot->n; i++)
        has |= !slot->alts[i].phrase || phrase_has(slot->alts[i].phrase, doc);
    return has;
}

static bool others_have(const spans_iter *s, uint32_t doc)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (i != s->lead && !slot_has(&s->slots[i], doc))
            return false;
    return true;
}

static uint32_t spans_seek(ps_iter *it, uint32_t target)
{
    spans_iter *s = (spans_iter *)it;
    const ps_span_slot *lead = &s->slots[s->lead];
    if (s->started && target <= it->doc)
        return it->doc;
    s->started = true;
    uint32_t doc = slot_seek(lead, target);
    while (doc != PS_END && !others_have(s, doc))
        doc = slot_seek(lead, doc + 1);
    return it->doc = doc;
}

/* ---- positions ---------------------------------------------------------- */

static bool put(spans_iter *s, states *to, uint64_t state)
{
    if (to->n == to->cap) {
        size_t cap = to->cap ? 2 * to->cap : 64;
        uint64_t *more = pc_arena_alloc(s->ctx->arena, cap * sizeof *more);
        if (!more) {
            s->ctx->status = pc_fail_nomem(s->ctx->err);
            return false;
        }
        if (to->n)
            memcpy(more, to->v, to->n * sizeof *more);
        to->v = more;
        to->cap = cap;
    }
    to->v[to->n++] = state;
    return true;
}

/* Adds the states of `one` to `next`; both are in order, and so is what
   comes of it. */
static bool merge(spans_iter *s)
{
    states *a = &s->next, *b = &s->one;
    size_t i = a->n, j = b->n, n = a->n + b->n;
    while (a->n < n)
        if (!put(s, a, 0))
            return false;
    for (size_t k = n; j > 0; k--) {
        bool from_a = i > 0 && a->v[i - 1] > b->v[j - 1];
        a->v[k - 1] = from_a ? a->v[--i] : b->v[--j];
    }
    size_t kept = 0;
    for (size_t k = 0; k < n; k++)
        if (k == 0 || a->v[k] != a->v[kept - 1])
            a->v[kept++] = a->v[k];
    a->n = kept;
    return true;
}

/* What the alternative makes of the states, into s->one. */
static bool fill(spans_iter *s, const ps_span_alt *alt, bool first,
                 uint32_t *found)
{
    const uint32_t *starts = NULL;
    uint32_t n = 0;
    s->one.n = 0;
    if (!alt->phrase) {
        for (size_t i = 0; i < s->now.n; i++)
            if (!put(s, &s->one, s->now.v[i] + STATE(alt->len, 0)))
                return false;
        *found = UINT32_MAX;
        return true;
    }
    if (!stands_at(alt->phrase, s->base.doc))
        return true;
    if (ps_phrase_take_places(alt->phrase) > 0)
        n = ps_phrase_starts(alt->phrase, s->base.doc);
    starts = alt->phrase->starts;
    *found = *found > UINT32_MAX - n ? UINT32_MAX : *found + n;
    if (first) {
        for (uint32_t i = 0; i < n; i++)
            if (!put(s, &s->one, STATE(starts[i] + alt->len, starts[i])))
                return false;
        return true;
    }
    for (size_t i = 0, k = 0; i < s->now.n && k < n;) {
        uint32_t at = (uint32_t)(s->now.v[i] >> 32);
        if (starts[k] < at)
            k++;
        else if (starts[k] > at)
            i++;
        else if (!put(s, &s->one, s->now.v[i++] + STATE(alt->len, 0)))
            return false;
    }
    return true;
}

static int by_start(const void *a, const void *b)
{
    uint32_t x = (uint32_t) * (const uint64_t *)a;
    uint32_t y = (uint32_t) * (const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Different beginnings among the states. */
static uint32_t count_starts(spans_iter *s)
{
    states *v = &s->now;
    uint32_t n = 0;
    if (v->n > 1)
        qsort(v->v, v->n, sizeof *v->v, by_start);
    for (size_t i = 0; i < v->n; i++)
        n += i == 0 || (uint32_t)v->v[i] != (uint32_t)v->v[i - 1];
    return n;
}

/* Finds all occurrences in the document, into s->now by where they end. *most
   gets how many there are of the slot that has the fewest. */
static bool fill_all(spans_iter *s, uint32_t *most)
{
    *most = UINT32_MAX;
    s->now.n = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t found = 0;
        s->next.n = 0;
        for (uint32_t k = 0; k < s->slots[i].n; k++)
            if (!fill(s, &s->slots[i].alts[k], i == 0, &found) || !merge(s))
                return false;
        *most = found < *most ? found : *most;
        if (s->next.n == 0 || s->ctx->status)
            return false;
        states old = s->now;
        s->now = s->next;
        s->next = old;
    }
    return true;
}

static bool spans_matches(ps_iter *it)
{
    spans_iter *s = (spans_iter *)it;
    uint32_t most;
    s->freq = 0;
    if (!fill_all(s, &most))
        return false;
    /* No more than the occurrences in any slot, which the bound relies on. */
    uint32_t n = count_starts(s);
    s->freq = n < most ? n : most;
    return s->freq > 0;
}

bool ps_iter_spans_next(ps_iter *it, size_t i, uint32_t *start, uint32_t *end)
{
    spans_iter *s = (spans_iter *)it;
    uint32_t most;
    if (i == 0 && !fill_all(s, &most))
        s->now.n = 0;
    if (i >= s->now.n)
        return false;
    *start = (uint32_t)s->now.v[i];
    *end = (uint32_t)(s->now.v[i] >> 32);
    return true;
}

/* ---- scores ------------------------------------------------------------- */

static uint32_t spans_score(ps_iter *it)
{
    const spans_iter *s = (const spans_iter *)it;
    const ps_ctx *ctx = s->ctx;
    return ps_score_one(s->weight, s->freq, ctx->damp[ctx->norms[it->doc]]);
}

/* The share of a sum of frequencies is no more than the sum of their shares;
   one more for the rounding of each. */
static uint32_t slot_bound(const ps_span_slot *slot, uint32_t from, uint32_t to)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < slot->n; i++) {
        if (!slot->alts[i].phrase)
            return UINT32_MAX;
        uint32_t s = ps_phrase_bound(slot->alts[i].phrase, from, to);
        sum = pc_add_capped(sum, s ? pc_add_capped(s, 1) : 0);
    }
    return sum;
}

static uint32_t spans_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    const spans_iter *s = (const spans_iter *)it;
    /* Many alternatives together bound nothing that this does not. */
    uint32_t best = ps_score_bound(s->weight, 1.0F);
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t b = slot_bound(&s->slots[i], from, to);
        best = b < best ? b : best;
    }
    return best;
}

/* Where the first block of any alternative ends. */
static uint32_t spans_block_end(const ps_iter *it, uint32_t from)
{
    const spans_iter *s = (const spans_iter *)it;
    uint32_t end = PS_END - 1;
    for (uint32_t i = 0; i < s->n; i++) {
        for (uint32_t k = 0; k < s->slots[i].n; k++) {
            const ps_phrase *p = s->slots[i].alts[k].phrase;
            uint32_t e = p ? ps_cursor_block_end(p->cursors[0], from) : end;
            end = e < end ? e : end;
        }
    }
    return end;
}

/* ---- making ------------------------------------------------------------- */

static uint64_t slot_cost(const ps_span_slot *slot)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < slot->n; i++) {
        const ps_phrase *p = slot->alts[i].phrase;
        if (!p)
            return UINT64_MAX;
        sum += p->cursors[0]->list.df;
    }
    return sum;
}

ps_iter *ps_iter_spans(ps_ctx *ctx, ps_span_slot *slots, uint32_t n,
                       float weight)
{
    static const ps_iter_ops ops = {spans_seek, spans_matches, spans_score,
                                    spans_bound, spans_block_end};
    spans_iter *s = pc_arena_zalloc(ctx->arena, 1, sizeof *s);
    if (!s)
        return NULL;
    s->base.ops = &ops;
    s->base.cost = UINT64_MAX;
    s->ctx = ctx;
    s->slots = slots;
    s->n = n;
    s->weight = weight;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t cost = slot_cost(&slots[i]);
        if (cost >= s->base.cost)
            continue;
        s->base.cost = cost;
        s->lead = i;
    }
    (void)spans_seek(&s->base, 0);
    return &s->base;
}
