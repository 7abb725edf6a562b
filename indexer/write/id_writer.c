/*
 * Ids, writing side.
 */
#include "indexer/write/id_writer.h"

#include "common/base/fail.h"
#include "common/base/sort.h"
#include "common/codec/bitpack.h"
#include "common/codec/varint.h"
#include "indexer/write/spool_window.h"
#include "indexer/write/value_runs.h"

#define WINDOW ((size_t)64 << 10)
/* Numbers that are packed together; a multiple of 8, so that they fill whole
   bytes. */
#define PACKED 1024u
/* What an id takes beside its bytes while it is sorted: where it ends, its
   place in the order, the same again. */
#define PER_ID 16u

void pi_id_writer_init(pi_id_writer *w, const pc_mem *mem)
{
    *w = (pi_id_writer){.mem = mem, .limit = SIZE_MAX};
    pi_spool_init(&w->coded, NULL, SIZE_MAX, mem);
    pc_buf_init(&w->record, mem);
    pc_buf_init(&w->last, mem);
}

void pi_id_writer_release(pi_id_writer *w)
{
    pi_spool_release(&w->coded);
    pc_buf_release(&w->record);
    pc_buf_release(&w->last);
    pi_id_writer old = *w;
    pi_id_writer_init(w, old.mem);
    w->limit = old.limit;
    w->coded = old.coded; /* empty, with its folder and its limit */
}

void pi_id_writer_spill(pi_id_writer *w, const char *dir, size_t limit,
                        size_t spool)
{
    w->limit = limit;
    pi_spool_init(&w->coded, dir, spool, w->mem);
}

int pi_id_add(pi_id_writer *w, pc_str id)
{
    pc_str last = pc_buf_str(&w->last);
    size_t shared = 0;
    while (shared < id.len && shared < last.len &&
           id.ptr[shared] == last.ptr[shared])
        shared++;
    w->falls = w->falls || (w->docs > 0 && pc_str_cmp(id, last) < 0);
    pc_buf_clear(&w->record);
    pc_varint_append(&w->record, shared);
    pc_varint_append(&w->record, id.len - shared);
    pc_buf_put(&w->record, id.ptr + shared, id.len - shared);
    pi_spool_put(&w->coded, w->record.ptr, w->record.len);
    w->last.len = shared;
    pc_buf_put(&w->last, id.ptr + shared, id.len - shared);
    w->docs++;
    if (w->record.status || w->last.status)
        return PARASOL_NOMEM;
    return pi_spool_status(&w->coded, NULL);
}

/* ---- reading them back -------------------------------------------------- */

/* All ids in the order in which they came. */
typedef struct decoder {
    pi_spool_window window;
    pc_buf id;
} decoder;

static int changed(const decoder *d, parasol_error *err)
{
    return pc_fail(err, PARASOL_IO, "%s: a temporary file has changed",
                   d->window.spool->dir ? d->window.spool->dir : "ids");
}

static int next_id(decoder *d, parasol_error *err)
{
    uint64_t shared = 0, more = 0;
    int rc = pi_spool_window_load(&d->window, 2 * (size_t)PC_VARINT_MAX, err);
    if (rc)
        return rc;
    const uint8_t *start = pi_spool_window_ptr(&d->window);
    const uint8_t *end = start + pi_spool_window_len(&d->window);
    const uint8_t *p = pc_varint_get64(start, end, &shared);
    if (p)
        p = pc_varint_get64(p, end, &more);
    if (!p || shared > d->id.len)
        return changed(d, err);
    pi_spool_window_skip(&d->window, (uint64_t)(p - start));
    rc = pi_spool_window_load(&d->window, (size_t)more, err);
    if (rc)
        return rc;
    if (pi_spool_window_len(&d->window) < more)
        return changed(d, err);
    d->id.len = (size_t)shared;
    pc_buf_put(&d->id, pi_spool_window_ptr(&d->window), (size_t)more);
    pi_spool_window_skip(&d->window, more);
    return d->id.status ? pc_fail_nomem(err) : PARASOL_OK;
}

/* ---- sorting ------------------------------------------------------------ */

/* Ids that are in memory together. */
typedef struct batch {
    pc_buf bytes;
    uint64_t *ends;
    uint32_t *order;
    size_t ends_cap, order_cap;
    uint32_t first, n;
} batch;

static pc_str id_of(const batch *b, uint32_t i)
{
    uint64_t start = i > 0 ? b->ends[i - 1] : 0;
    return (pc_str){(const char *)b->bytes.ptr + start,
                    (size_t)(b->ends[i] - start)};
}

static int compare(uint32_t a, uint32_t b, void *ctx)
{
    return pc_str_cmp(id_of(ctx, a), id_of(ctx, b));
}

static void release_batch(batch *b, const pc_mem *mem)
{
    pc_buf_release(&b->bytes);
    pc_free(mem, b->ends);
    pc_free(mem, b->order);
}

/* Reads ids until the limit, and sorts them. */
static int read_batch(const pi_id_writer *w, decoder *d, batch *b,
                      parasol_error *err)
{
    b->first += b->n;
    b->n = 0;
    pc_buf_clear(&b->bytes);
    while (b->first + b->n < w->docs &&
           (b->n == 0 || b->bytes.len + (size_t)b->n * PER_ID < w->limit)) {
        int rc = next_id(d, err);
        if (rc)
            return rc;
        if (pc_grow(w->mem, (void **)&b->ends, &b->ends_cap, (size_t)b->n + 1,
                    sizeof *b->ends))
            return pc_fail_nomem(err);
        pc_buf_put_str(&b->bytes, pc_buf_str(&d->id));
        b->ends[b->n++] = b->bytes.len;
    }
    if (b->bytes.status || pc_grow(w->mem, (void **)&b->order, &b->order_cap,
                                   b->n, sizeof *b->order))
        return pc_fail_nomem(err);
    for (uint32_t i = 0; i < b->n; i++)
        b->order[i] = i;
    return pc_sort_u32(b->order, b->n, compare, b, w->mem) ? pc_fail_nomem(err)
                                                           : PARASOL_OK;
}

static int put_run(pi_value_runs *runs, const batch *b, parasol_error *err)
{
    if (pi_value_runs_begin(runs))
        return pc_fail_nomem(err);
    for (uint32_t i = 0; i < b->n; i++)
        pi_value_runs_value(runs, id_of(b, b->order[i]));
    for (uint32_t i = 0; i < b->n; i++)
        pi_value_runs_pair(runs, b->first + b->order[i], i);
    return PARASOL_OK;
}

static bool take(void *to, pc_str id)
{
    PC_UNUSED(to);
    PC_UNUSED(id);
    return true;
}

/* The order of all ids from those of the runs. */
static int merge_runs(const pi_id_writer *w, pi_value_runs *runs,
                      uint32_t *order, parasol_error *err)
{
    uint32_t n = 0;
    bool more = true;
    int rc = pi_spool_settle(runs->file, err);
    if (!rc)
        rc = pi_value_runs_merge(runs, take, NULL, &n, err);
    while (!rc && more) {
        uint32_t doc = 0, rank = 0;
        rc = pi_value_runs_next(runs, &doc, &rank, &more, err);
        if (!rc && more && (doc >= w->docs || rank >= w->docs))
            rc = pc_fail(err, PARASOL_IO, "%s: a temporary file has changed",
                         runs->file->dir);
        if (!rc && more)
            order[rank] = doc;
    }
    return rc;
}

/* The documents by id, owned by the caller. */
static int sort_docs(const pi_id_writer *w, uint32_t **out, parasol_error *err)
{
    batch b = {0};
    decoder d;
    pi_value_runs runs;
    pi_spool file;
    pc_buf_init(&b.bytes, w->mem);
    pi_spool_window_init(&d.window, &w->coded, 0, pi_spool_at(&w->coded),
                         WINDOW, w->mem);
    pc_buf_init(&d.id, w->mem);
    pi_spool_init(&file, w->coded.dir, w->coded.limit, w->mem);
    pi_value_runs_init(&runs, &file, w->mem);
    int rc = read_batch(w, &d, &b, err);
    bool all = b.n == w->docs;
    while (!rc && !all && b.n > 0) {
        rc = put_run(&runs, &b, err);
        if (!rc)
            rc = read_batch(w, &d, &b, err);
    }
    if (all && !rc) {
        *out = b.order;
        b.order = NULL;
    }
    release_batch(&b, w->mem);
    if (!all && !rc) {
        /* Ids are distinct, but if they were not, each has some place. */
        *out = pc_zalloc(w->mem, w->docs, sizeof **out);
        rc = *out ? merge_runs(w, &runs, *out, err) : pc_fail_nomem(err);
    }
    pi_value_runs_release(&runs);
    pi_spool_release(&file);
    pi_spool_window_release(&d.window);
    pc_buf_release(&d.id);
    return rc;
}

/* ---- writing ------------------------------------------------------------ */

static int put_order(const pi_id_writer *w, pi_out *out, parasol_error *err)
{
    uint8_t packed[4 * PACKED];
    unsigned width = pc_bits32(w->docs - 1);
    uint32_t *order = NULL;
    int rc = sort_docs(w, &order, err);
    for (uint32_t i = 0; !rc && i < w->docs; i += PACKED) {
        uint32_t n = w->docs - i < PACKED ? w->docs - i : PACKED;
        pc_bitpack_put(packed, order + i, n, width);
        pi_out_put(out, packed, pc_bitpack_bytes(n, width));
    }
    pc_free(w->mem, order);
    return rc;
}

int pi_id_finish(pi_id_writer *w, pi_out *out, parasol_error *err)
{
    int rc = w->record.status || w->last.status
                 ? pc_fail_nomem(err)
                 : pi_spool_status(&w->coded, err);
    pi_out_begin(out, PC_SECTION_IDS);
    if (!rc && w->falls)
        rc = put_order(w, out, err);
    pi_id_writer_release(w);
    return rc;
}
