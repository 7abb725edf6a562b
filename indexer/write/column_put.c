/*
 * Columns, writing side: the section, from memory or from runs, of which only
 * the ranks of values are in memory.
 */
#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/codec/bitpack.h"
#include "common/codec/varint.h"
#include "common/segment/columns.h"
#include "indexer/write/column_writer.h"

/* Bytes of the values of one column, so that offsets fit 32 bits. */
#define STRINGS_MAX ((size_t)UINT32_MAX - PC_COLUMN_VALUE_MAX)
/* Numbers that are packed together; a multiple of 8, so that they fill whole
   bytes. */
#define PACKED 1024u

/* One column on its way into the section. */
typedef struct job {
    pi_column_writer *w;
    pc_buf entries;
    pi_spool body;
    uint64_t base; /* of the body in the section */
    pi_column *c;  /* at hand: */
    uint32_t values;
    uint64_t bytes;  /* of its values */
    pc_buf last;     /* the value before */
    uint32_t *ranks; /* by number of a value; NULL: of the runs */
    size_t pair;     /* where next_pair stands */
    uint32_t pairs;  /* with a rank */
    bool is_self;
    uint32_t packed[PACKED];
    uint32_t n_packed;
} job;

static void put_varint(job *j, uint64_t v)
{
    uint8_t raw[PC_VARINT_MAX];
    pi_spool_put(&j->body, raw, pc_varint_put(raw, v));
}

/* ---- values ------------------------------------------------------------- */

/* The next value in order, front-coded; false: no room. */
static bool put_value(void *to, pc_str s)
{
    job *j = to;
    size_t shared = 0;
    if (j->bytes > STRINGS_MAX)
        return false;
    j->bytes += s.len;
    while (shared < s.len && shared < j->last.len &&
           (uint8_t)s.ptr[shared] == j->last.ptr[shared])
        shared++;
    put_varint(j, shared);
    put_varint(j, s.len - shared);
    pi_spool_put(&j->body, s.ptr + shared, s.len - shared);
    pc_buf_clear(&j->last);
    pc_buf_put_str(&j->last, s);
    return true;
}

static int put_from_memory(job *j)
{
    const pi_strings *s = &j->c->values;
    uint32_t *order = pi_strings_sorted(s);
    j->ranks = pc_alloc(j->w->mem, s->n, sizeof *j->ranks);
    if (!order || !j->ranks) {
        pc_free(j->w->mem, order);
        return PARASOL_NOMEM;
    }
    for (uint32_t i = 0; i < s->n; i++) {
        (void)put_value(j, pi_strings_at(s, order[i])); /* has room */
        j->ranks[order[i]] = i;
    }
    j->values = (uint32_t)s->n;
    pc_free(j->w->mem, order);
    return PARASOL_OK;
}

static int put_values(job *j, parasol_error *err)
{
    int rc = PARASOL_OK;
    pc_buf_clear(&j->last);
    j->bytes = 0;
    j->ranks = NULL;
    if (j->c->runs.n > 0)
        rc = pi_value_runs_merge(&j->c->runs, put_value, j, &j->values, err);
    else if (put_from_memory(j))
        rc = pc_fail_nomem(err);
    return !rc && j->last.status ? pc_fail_nomem(err) : rc;
}

/* ---- pairs -------------------------------------------------------------- */

/* The next pair, by document; *more is false at the end, and then the first
   one is next again. */
static int next_pair(job *j, uint32_t *doc, uint32_t *rank, bool *more,
                     parasol_error *err)
{
    pi_column *c = j->c;
    int rc = PARASOL_OK;
    *rank = PI_NO_RANK;
    if (c->runs.n == 0) {
        *more = j->pair < c->pairs;
        if (*more) {
            *doc = c->docs[j->pair];
            *rank = j->ranks[c->ids[j->pair++]];
        }
    } else {
        *more = true;
        while (!rc && *more && *rank == PI_NO_RANK)
            rc = pi_value_runs_next(&c->runs, doc, rank, more, err);
    }
    if (!*more) {
        j->pair = 0;
        pi_value_runs_rewind(&c->runs);
    }
    return rc;
}

/* Counts pairs, and finds out whether document d has the value of rank d. */
static int count_pairs(job *j, parasol_error *err)
{
    bool more = true;
    int rc = PARASOL_OK;
    j->pairs = 0;
    j->is_self = !j->c->many;
    while (!rc && more) {
        uint32_t doc = 0, rank = 0;
        rc = next_pair(j, &doc, &rank, &more, err);
        if (rc || !more)
            break;
        j->is_self = j->is_self && doc == rank && doc == j->pairs;
        j->pairs++;
    }
    j->is_self = j->is_self && j->pairs == j->w->docs && j->values == j->pairs;
    size_t all = j->c->runs.n > 0 ? j->c->spilled : j->c->pairs;
    j->c->left_out += (uint32_t)(all - j->pairs);
    return rc;
}

/* The form that takes the least room. */
static enum pc_column_form choose_form(const job *j)
{
    if (j->is_self)
        return PC_COLUMN_SELF;
    uint64_t width = pc_bits32(j->values);
    if (j->c->many || j->pairs * (32 + width) < (uint64_t)j->w->docs * width)
        return PC_COLUMN_SPARSE;
    return PC_COLUMN_DENSE;
}

static void pack(job *j, unsigned width)
{
    uint8_t bytes[4 * PACKED];
    pc_bitpack_put(bytes, j->packed, j->n_packed, width);
    pi_spool_put(&j->body, bytes, pc_bitpack_bytes(j->n_packed, width));
    j->n_packed = 0;
}

static void pack_next(job *j, uint32_t v, unsigned width)
{
    j->packed[j->n_packed++] = v;
    if (j->n_packed == PACKED)
        pack(j, width);
}

static int put_sparse(job *j, unsigned width, parasol_error *err)
{
    int rc = PARASOL_OK;
    for (unsigned pass = 0; !rc && pass < 2; pass++) {
        bool more = true;
        while (!rc && more) {
            uint32_t doc = 0, rank = 0;
            rc = next_pair(j, &doc, &rank, &more, err);
            if (rc || !more)
                break;
            if (pass == 0)
                pi_spool_put_u32(&j->body, doc);
            else
                pack_next(j, rank, width);
        }
    }
    pack(j, width);
    return rc;
}

static int put_dense(job *j, unsigned width, parasol_error *err)
{
    uint32_t at = 0;
    bool more = true;
    int rc = PARASOL_OK;
    while (!rc && more) {
        uint32_t doc = 0, rank = 0;
        rc = next_pair(j, &doc, &rank, &more, err);
        if (rc || !more)
            break;
        for (; at < doc; at++)
            pack_next(j, 0, width);
        pack_next(j, rank + 1, width);
        at++;
    }
    for (; at < j->w->docs; at++)
        pack_next(j, 0, width);
    pack(j, width);
    return rc;
}

static int put_ranks(job *j, enum pc_column_form form, unsigned *width,
                     parasol_error *err)
{
    *width = 0;
    if (form == PC_COLUMN_SELF)
        return PARASOL_OK;
    *width = pc_bits32(form == PC_COLUMN_SPARSE ? j->values - 1 : j->values);
    return form == PC_COLUMN_SPARSE ? put_sparse(j, *width, err)
                                    : put_dense(j, *width, err);
}

/* ---- columns ------------------------------------------------------------ */

static void put_entry(job *j, uint32_t name_off, pc_str name,
                      enum pc_column_form form, unsigned width,
                      uint64_t strings, uint64_t ranks)
{
    pc_buf_put_u32(&j->entries, name_off);
    pc_buf_put_u8(&j->entries, (uint8_t)name.len);
    pc_buf_put_u8(&j->entries, (uint8_t)form);
    pc_buf_put_u8(&j->entries, (uint8_t)width);
    pc_buf_put_u8(&j->entries, 0);
    pc_buf_put_u32(&j->entries, j->values);
    pc_buf_put_u32(&j->entries, j->pairs);
    pc_buf_put_u32(&j->entries, j->c->left_out);
    pc_buf_put_u32(&j->entries, (uint32_t)(ranks - strings));
    pc_buf_put_u64(&j->entries, strings);
    pc_buf_put_u64(&j->entries, ranks);
    pc_buf_put_u64(&j->entries, 0);
}

static int put_column(job *j, pc_str name, parasol_error *err)
{
    unsigned width = 0;
    enum pc_column_form form = PC_COLUMN_DENSE;
    uint64_t name_off = j->base + pi_spool_at(&j->body);
    if (name_off > UINT32_MAX)
        return pc_fail(err, PARASOL_FULL,
                       "the columns of a segment have 4 GiB or more");
    pi_spool_put(&j->body, name.ptr, name.len);
    uint64_t strings = j->base + pi_spool_at(&j->body);
    int rc = put_values(j, err);
    uint64_t ranks = j->base + pi_spool_at(&j->body);
    if (!rc)
        rc = count_pairs(j, err);
    if (!rc) {
        form = choose_form(j);
        rc = put_ranks(j, form, &width, err);
    }
    pc_free(j->w->mem, j->ranks);
    pi_value_runs_release(&j->c->runs);
    if (!rc)
        put_entry(j, (uint32_t)name_off, name, form, width, strings, ranks);
    return rc;
}

/* Columns without a value are not written: of all their values were left out,
   which counts with those that have no column. */
static size_t count_columns(pi_column_writer *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->names.n; i++) {
        bool any = w->columns[i].pairs + w->columns[i].spilled > 0;
        n += any;
        if (!any)
            w->left_out += w->columns[i].left_out;
    }
    return n;
}

static int put_columns(job *j, const uint32_t *order, size_t n,
                       parasol_error *err)
{
    pi_column_writer *w = j->w;
    int rc = PARASOL_OK;
    j->base = PC_COLUMNS_HEAD + (uint64_t)n * PC_COLUMN_ENTRY;
    for (size_t i = 0; !rc && i < w->names.n; i++) {
        j->c = &w->columns[order[i]];
        if (j->c->pairs + j->c->spilled > 0)
            rc = put_column(j, pi_strings_at(&w->names, order[i]), err);
    }
    return !rc && j->entries.status ? pc_fail_nomem(err) : rc;
}

/* Where one column has runs, all of them are to be complete. */
static int settle(pi_column_writer *w, parasol_error *err)
{
    if (w->status)
        return pc_fail_nomem(err);
    if (pi_spool_at(&w->spilled) == 0)
        return PARASOL_OK;
    if (pi_column_spill(w))
        return pc_fail_nomem(err);
    return pi_spool_settle(&w->spilled, err);
}

static void put_section(job *j, size_t n, pi_out *out)
{
    pi_out_begin(out, PC_SECTION_COLUMNS);
    pi_out_put_u32(out, (uint32_t)n);
    pi_out_put_u32(out, j->w->left_out);
    pi_out_put_u64(out, 0);
    pi_out_put(out, j->entries.ptr, j->entries.len);
    (void)pi_spool_drain(&j->body, out);
}

int pi_column_finish(pi_column_writer *w, pi_out *out, parasol_error *err)
{
    size_t n = count_columns(w);
    uint32_t *order = pi_strings_sorted(&w->names);
    job *j = pc_zalloc(w->mem, 1, sizeof *j);
    int rc = order && j ? settle(w, err) : pc_fail_nomem(err);
    if (!rc) {
        j->w = w;
        pc_buf_init(&j->entries, w->mem);
        pc_buf_init(&j->last, w->mem);
        pi_spool_init(&j->body, w->spilled.dir, w->spilled.limit, w->mem);
        rc = put_columns(j, order, n, err);
        if (!rc)
            put_section(j, n, out);
        pc_buf_release(&j->entries);
        pc_buf_release(&j->last);
        pi_spool_release(&j->body);
    }
    pc_free(w->mem, order);
    pc_free(w->mem, j);
    pi_column_writer_release(w);
    return rc;
}
