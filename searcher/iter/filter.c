/*
 * Documents by a column.
 */
#include "searcher/iter/filter.h"

#include "common/base/fail.h"
#include "common/codec/bitpack.h"
#include "searcher/iter/timed.h"

typedef struct filter_iter {
    ps_iter base;
    ps_ctx *ctx;
    pc_column column;
    const uint64_t *meant; /* a bit for each rank */
    uint32_t docs;
    uint32_t at; /* SPARSE: the pair where it stands */
} filter_iter;

/* ---- where it stands ---------------------------------------------------- */

static bool is_meant(filter_iter *f, uint32_t rank)
{
    if (rank < f->column.values)
        return f->meant[rank / 64] >> (rank % 64) & 1;
    if (!f->ctx->status)
        f->ctx->status = pc_fail(f->ctx->err, PARASOL_CORRUPT,
                                 "%s: a column names a value that is not there",
                                 pc_sealed_path(f->column.in->file));
    return false;
}

static uint32_t seek_dense(filter_iter *f, uint32_t doc)
{
    const pc_column *c = &f->column;
    for (; doc < f->docs && !f->ctx->status; doc++) {
        uint32_t code = pc_bitpack_at(c->ranks, doc, c->width);
        if (code > 0 && is_meant(f, code - 1))
            return doc;
    }
    return PS_END;
}

static uint32_t seek_self(filter_iter *f, uint32_t doc)
{
    while (doc < f->docs) {
        uint64_t word = f->meant[doc / 64] >> (doc % 64);
        if (word)
            return doc + pc_ctz64(word);
        doc = (doc / 64 + 1) * 64;
    }
    return PS_END;
}

/* The first pair from `at` on whose document is not before `doc`. Gallops. */
static uint32_t seek_pair(const pc_column *c, uint32_t at, uint32_t doc)
{
    uint64_t step = 1, low = at, high = at;
    while (high < c->pairs && pc_column_doc(c, (uint32_t)high) < doc) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    high = high < c->pairs ? high : c->pairs;
    while (low < high) {
        uint64_t mid = low + (high - low) / 2;
        if (pc_column_doc(c, (uint32_t)mid) < doc)
            low = mid + 1;
        else
            high = mid;
    }
    return (uint32_t)low;
}

static uint32_t seek_sparse(filter_iter *f, uint32_t doc)
{
    const pc_column *c = &f->column;
    f->at = seek_pair(c, f->at, doc);
    for (; f->at < c->pairs && !f->ctx->status; f->at++)
        if (is_meant(f, pc_bitpack_at(c->ranks, f->at, c->width)))
            return pc_column_doc(c, f->at);
    return PS_END;
}

static uint32_t first_from(filter_iter *f, uint32_t doc)
{
    switch ((enum pc_column_form)f->column.form) {
    case PC_COLUMN_DENSE: return seek_dense(f, doc);
    case PC_COLUMN_SPARSE: return seek_sparse(f, doc);
    case PC_COLUMN_SELF: return seek_self(f, doc);
    }
    return PS_END;
}

static uint32_t filter_seek(ps_iter *it, uint32_t target)
{
    if (it->doc < target)
        it->doc = first_from((filter_iter *)it, target);
    return it->doc;
}

static bool filter_matches(ps_iter *it)
{
    return it->doc != PS_END;
}

static uint32_t filter_score(ps_iter *it)
{
    (void)it;
    return 0;
}

static uint32_t filter_bound(ps_iter *it, uint32_t from, uint32_t to)
{
    (void)from;
    return it->doc > to ? 0 : 1;
}

static uint32_t filter_block_end(const ps_iter *it, uint32_t from)
{
    (void)it;
    (void)from;
    return PS_END - 1;
}

/* ---- which values are meant --------------------------------------------- */

/* Asks every value of the column. */
static int ask_values(ps_ctx *ctx, const pc_column *column,
                      const ps_predicate *p, uint64_t *meant, uint32_t *n)
{
    pc_column_scan scan;
    ps_stored_value stored;
    pc_str value;
    uint32_t rank;
    ps_stored_value_init(&stored, ctx->arena->mem);
    pc_column_scan_init(&scan, column);
    int rc;
    *n = 0;
    while (!(rc = pc_column_scan_next(&scan, &value, &rank, ctx->err))) {
        if (ps_stored_value_set(&stored, value, p->needs_words)) {
            rc = pc_fail_nomem(ctx->err);
            break;
        }
        if (ps_ctx_is_late(ctx))
            break;
        if (!ps_predicate_test(p, &stored))
            continue;
        meant[rank / 64] |= UINT64_C(1) << (rank % 64);
        ++*n;
    }
    ps_stored_value_release(&stored);
    return rc == PARASOL_NOTFOUND ? PARASOL_OK : rc;
}

/* The answers in this segment, asked for if they are not known yet. */
static int answers(filter_iter *f, ps_predicate *p, const ps_answers **out)
{
    ps_answers *a = &p->answers[f->ctx->segment];
    bool found = false;
    *out = a;
    int rc = pc_columns_find(&f->ctx->seg->columns, p->name, &found, &f->column,
                             f->ctx->err);
    if (rc || a->asked || !found)
        return rc;
    uint64_t *meant = pc_arena_zalloc(
        f->ctx->arena, (size_t)f->column.values / 64 + 1, sizeof *meant);
    if (!meant)
        return pc_fail_nomem(f->ctx->err);
    rc = ask_values(f->ctx, &f->column, p, meant, &a->n);
    a->meant = meant;
    a->asked = !f->ctx->late;
    return rc;
}

int ps_iter_filter(ps_ctx *ctx, ps_predicate *p, ps_iter **out)
{
    static const ps_iter_ops ops = {filter_seek, filter_matches, filter_score,
                                    filter_bound, filter_block_end};
    if (p->by_language) {
        bool here = (p->languages >> ctx->language & 1) != 0;
        *out = here ? ps_iter_all(ctx) : ps_iter_none(ctx);
        return *out ? PARASOL_OK : pc_fail_nomem(ctx->err);
    }
    filter_iter *f = pc_arena_zalloc(ctx->arena, 1, sizeof *f);
    const ps_answers *a;
    if (!f)
        return pc_fail_nomem(ctx->err);
    f->ctx = ctx;
    f->docs = ctx->seg->docs;
    int rc = answers(f, p, &a);
    if (rc)
        return rc;
    if (a->n == 0) {
        *out = ps_iter_none(ctx);
        return *out ? PARASOL_OK : pc_fail_nomem(ctx->err);
    }
    f->meant = a->meant;
    f->base.ops = &ops;
    f->base.cost = (uint64_t)f->column.pairs * a->n / f->column.values + 1;
    f->base.doc = first_from(f, 0);
    *out = &f->base;
    return ctx->status;
}
