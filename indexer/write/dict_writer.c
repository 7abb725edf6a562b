/*
 * Dictionary blocks and the index over them. How keys are coded is known only
 * when all are there, so blocks wait as drafts.
 */
#include "indexer/write/dict_writer.h"

#include "common/base/fail.h"
#include "common/segment/dict.h"

void pi_dict_writer_init(pi_dict_writer *w, const char *dir, size_t limit,
                         const pc_mem *mem)
{
    *w = (pi_dict_writer){.mem = mem, .each = 1, .n_groups = 1};
    pi_symbol_maker_init(&w->symbols, mem);
    pi_spool_init(&w->drafts, dir, limit, mem);
    pc_buf_init(&w->prefixes, mem);
}

void pi_dict_writer_share(pi_dict_writer *w, pc_pool *pool)
{
    if (!pool || pc_pool_workers(pool) < 2)
        return;
    w->pool = pool;
    w->each = PI_DICT_GROUP;
    w->n_groups = pc_pool_workers(pool) + 2;
}

static void free_groups(pi_dict_writer *w)
{
    for (; w->taken < w->started; w->taken++)
        pc_pool_wait(w->pool, &w->groups[w->taken % w->n_groups].job);
    for (uint32_t i = 0; w->groups && i < w->n_groups; i++) {
        pi_dict_group *g = &w->groups[i];
        for (uint32_t k = 0; g->blocks && k < w->each; k++)
            pc_termblock_release(&g->blocks[k]);
        pc_free(w->mem, g->blocks);
        pc_buf_release(&g->drafts);
        pc_buf_release(&g->coded);
    }
    pc_free(w->mem, w->groups);
    w->groups = NULL;
}

void pi_dict_writer_release(pi_dict_writer *w)
{
    free_groups(w);
    pi_symbol_maker_release(&w->symbols);
    pi_spool_release(&w->drafts);
    pc_buf_release(&w->prefixes);
}

static int open_group(const pi_dict_writer *w, pi_dict_group *g)
{
    pc_buf_init(&g->drafts, w->mem);
    pc_buf_init(&g->coded, w->mem);
    g->blocks = pc_zalloc(w->mem, w->each, sizeof *g->blocks);
    for (uint32_t i = 0; g->blocks && i < w->each; i++)
        pc_termblock_init(&g->blocks[i], w->mem);
    return g->blocks ? PARASOL_OK : PARASOL_NOMEM;
}

static int open_groups(pi_dict_writer *w)
{
    int rc = PARASOL_OK;
    w->groups = pc_zalloc(w->mem, w->n_groups, sizeof *w->groups);
    if (!w->groups)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < w->n_groups; i++)
        rc |= open_group(w, &w->groups[i]);
    return rc ? PARASOL_NOMEM : PARASOL_OK;
}

/* ---- groups ------------------------------------------------------------- */

/* What is done with a group that comes back from its thread, in order. */
typedef void take_group(void *to, const pi_dict_group *g);

static void take_first(pi_dict_writer *w, take_group *take, void *to)
{
    pi_dict_group *g = &w->groups[w->taken++ % w->n_groups];
    if (w->pool)
        pc_pool_wait(w->pool, &g->job);
    take(to, g);
}

/* The group that is filled next. */
static pi_dict_group *open_next(pi_dict_writer *w, take_group *take, void *to)
{
    if (w->started - w->taken == w->n_groups)
        take_first(w, take, to);
    return &w->groups[w->started % w->n_groups];
}

/* Hands the group on that was filled. */
static void start(pi_dict_writer *w, void (*run)(pc_job *job, unsigned worker))
{
    pi_dict_group *g = &w->groups[w->started++ % w->n_groups];
    g->job.run = run;
    if (w->pool)
        pc_pool_put(w->pool, &g->job, false);
    else
        run(&g->job, 0);
}

static void take_all(pi_dict_writer *w, take_group *take, void *to)
{
    while (w->taken < w->started)
        take_first(w, take, to);
}

/* ---- drafts ------------------------------------------------------------- */

/* How a draft stands in the spool, before its bytes. */
#define DRAFT 19u

static void put_draft(uint8_t *raw, const pc_termblock_draft *d)
{
    raw[0] = d->n;
    raw[1] = d->doc_bits;
    raw[2] = d->kinds_len;
    pc_store32le(raw + 3, d->keys_len);
    pc_store32le(raw + 7, d->places_len);
    pc_store32le(raw + 11, d->forms_len);
    pc_store32le(raw + 15, d->lists_len);
}

static pc_termblock_draft get_draft(const uint8_t *raw)
{
    return (pc_termblock_draft){.n = raw[0],
                                .doc_bits = raw[1],
                                .kinds_len = raw[2],
                                .keys_len = pc_load32le(raw + 3),
                                .places_len = pc_load32le(raw + 7),
                                .forms_len = pc_load32le(raw + 11),
                                .lists_len = pc_load32le(raw + 15)};
}

static size_t draft_bytes(const pc_termblock_draft *d)
{
    return (size_t)d->keys_len + d->kinds_len + d->places_len + d->forms_len +
           d->lists_len;
}

static void draft_group(pc_job *job, unsigned worker)
{
    pi_dict_group *g = (pi_dict_group *)job; /* its first member */
    static const uint8_t none[DRAFT];
    PC_UNUSED(worker);
    pc_buf_clear(&g->drafts);
    for (uint32_t i = 0; i < g->n; i++) {
        size_t at = g->drafts.len;
        pc_buf_put(&g->drafts, none, sizeof none);
        pc_termblock_draft d = pc_termblock_flush(&g->blocks[i], &g->drafts);
        if (!g->drafts.status)
            put_draft(g->drafts.ptr + at, &d);
    }
}

static void take_drafts(void *to, const pi_dict_group *g)
{
    pi_dict_writer *w = to;
    if (g->drafts.status)
        w->prefixes.status = g->drafts.status;
    for (size_t at = 0; !g->drafts.status && at < g->drafts.len;) {
        pc_termblock_draft d = get_draft(g->drafts.ptr + at);
        at += DRAFT;
        pi_symbol_maker_add(&w->symbols, g->drafts.ptr + at, d.keys_len);
        at += draft_bytes(&d);
    }
    pi_spool_put(&w->drafts, g->drafts.ptr, g->drafts.len);
}

/* The block that takes the next entry; NULL when there is no memory. */
static pc_termblock_writer *open_block(pi_dict_writer *w)
{
    if (!w->groups && open_groups(w)) {
        free_groups(w);
        w->prefixes.status = PARASOL_NOMEM;
        return NULL;
    }
    pi_dict_group *g = open_next(w, take_drafts, w);
    if (w->entries % PC_TERM_BLOCK > 0)
        return &g->blocks[g->n - 1];
    if (w->entries > 0 && g->n == w->each) {
        start(w, draft_group);
        g = open_next(w, take_drafts, w);
        g->n = 0;
    }
    return &g->blocks[g->n++];
}

void pi_dict_writer_add(pi_dict_writer *w, pc_str key, const pc_entry *e)
{
    pc_termblock_writer *block = open_block(w);
    if (!block)
        return;
    if (block->n == 0)
        pc_buf_put_u64(&w->prefixes, pc_key_prefix(key));
    pc_termblock_add(block, key, e);
    w->entries++;
}

/* ---- writing ------------------------------------------------------------ */

typedef struct finisher {
    pi_dict_writer *w;
    pi_out *o;
    pc_symbols symbols;
    pc_symbol_coder coder;
    pc_buf offsets; /* u48 of each block, and the end */
    int status;     /* of the groups */
} finisher;

static void put_offset(finisher *f)
{
    uint8_t raw[8];
    pc_store64le(raw, pi_out_at(f->o));
    pc_buf_put(&f->offsets, raw, PC_DICT_OFFSET);
}

static void code_group(pc_job *job, unsigned worker)
{
    pi_dict_group *g = (pi_dict_group *)job; /* its first member */
    const uint8_t *p = g->drafts.ptr;
    PC_UNUSED(worker);
    pc_buf_clear(&g->coded);
    for (uint32_t i = 0; i < g->n; i++) {
        pc_termblock_draft d = get_draft(p);
        pc_termblock_put(&g->coded, &d, p + DRAFT, g->coder);
        g->ends[i] = (uint32_t)g->coded.len;
        p += DRAFT + draft_bytes(&d);
    }
}

static void take_blocks(void *to, const pi_dict_group *g)
{
    finisher *f = to;
    if (g->coded.status)
        f->status = g->coded.status;
    uint32_t at = 0;
    for (uint32_t i = 0; !f->status && i < g->n; i++) {
        put_offset(f);
        pi_out_put(f->o, g->coded.ptr + at, g->ends[i] - at);
        at = g->ends[i];
    }
}

/* Appends the draft at *at in the spool. */
static int read_draft(const pi_spool *s, uint64_t *at, pc_buf *to,
                      parasol_error *err)
{
    uint8_t *room = pc_buf_reserve(to, DRAFT);
    if (!room)
        return pc_fail_nomem(err);
    int rc = pi_spool_read(s, *at, room, DRAFT, err);
    if (rc)
        return rc;
    pc_termblock_draft d = get_draft(room);
    size_t len = draft_bytes(&d);
    to->len += DRAFT;
    room = pc_buf_reserve(to, len);
    if (!room)
        return pc_fail_nomem(err);
    rc = pi_spool_read(s, *at + DRAFT, room, len, err);
    to->len += len;
    *at += DRAFT + len;
    return rc;
}

static int put_terms(finisher *f, parasol_error *err)
{
    pi_dict_writer *w = f->w;
    uint64_t at = 0, end = pi_spool_at(&w->drafts);
    int rc = pi_spool_status(&w->drafts, err);
    pi_out_begin(f->o, PC_SECTION_TERMS);
    while (!rc && !f->status && at < end && !pi_out_status(f->o, NULL)) {
        pi_dict_group *g = open_next(w, take_blocks, f);
        pc_buf_clear(&g->drafts);
        for (g->n = 0; !rc && g->n < w->each && at < end; g->n++)
            rc = read_draft(&w->drafts, &at, &g->drafts, err);
        g->coder = &f->coder;
        if (!rc)
            start(w, code_group);
    }
    if (w->groups)
        take_all(w, take_blocks, f);
    put_offset(f);
    return !rc && f->status ? pc_fail_nomem(err) : rc;
}

static void put_index(finisher *f)
{
    const pc_symbols *s = &f->symbols;
    uint32_t size = 0;
    for (uint32_t i = 0; i < s->n; i++)
        size += s->len[i];
    pi_out_begin(f->o, PC_SECTION_TERM_INDEX);
    pi_out_put_u64(f->o, f->w->prefixes.len / 8);
    pi_out_put_u64(f->o, f->w->entries);
    pi_out_put_u32(f->o, s->n);
    pi_out_put_u32(f->o, size);
    pi_out_put(f->o, f->w->prefixes.ptr, f->w->prefixes.len);
    pi_out_put(f->o, f->offsets.ptr, f->offsets.len);
    pi_out_put(f->o, s->len, s->n);
    for (uint32_t i = 0; i < s->n; i++)
        pi_out_put(f->o, s->bytes[i], s->len[i]);
}

/* Hands on what is being filled, and takes all drafts back. */
static void end_drafts(pi_dict_writer *w)
{
    if (!w->groups)
        return;
    start(w, draft_group);
    take_all(w, take_drafts, w);
}

void pi_dict_writer_finish(pi_dict_writer *w, pi_out *o)
{
    finisher f = {.w = w, .o = o};
    parasol_error err;
    int rc = PARASOL_OK;
    pc_buf_init(&f.offsets, w->mem);
    end_drafts(w);
    if (w->prefixes.status || pi_symbol_maker_make(&w->symbols, &f.symbols))
        rc = pc_fail_nomem(&err);
    if (!rc) {
        pc_symbol_coder_init(&f.coder, &f.symbols);
        rc = put_terms(&f, &err);
    }
    if (!rc)
        put_index(&f);
    if (!rc && f.offsets.status)
        rc = pc_fail_nomem(&err);
    if (rc)
        pi_out_fail(o, &err);
    pc_buf_release(&f.offsets);
}
