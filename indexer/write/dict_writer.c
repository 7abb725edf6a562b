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
    w->mem = mem;
    pc_termblock_init(&w->block, mem);
    pi_symbol_maker_init(&w->symbols, mem);
    pc_buf_init(&w->bytes, mem);
    pi_spool_init(&w->drafts, dir, limit, mem);
    pc_buf_init(&w->prefixes, mem);
    w->entries = 0;
}

void pi_dict_writer_release(pi_dict_writer *w)
{
    pc_termblock_release(&w->block);
    pi_symbol_maker_release(&w->symbols);
    pc_buf_release(&w->bytes);
    pi_spool_release(&w->drafts);
    pc_buf_release(&w->prefixes);
}

/* How a draft stands in the spool, before its bytes. */
#define DRAFT 19u

static void put_draft(pi_spool *s, const pc_termblock_draft *d)
{
    uint8_t raw[DRAFT] = {d->n, d->doc_bits, d->kinds_len};
    pc_store32le(raw + 3, d->keys_len);
    pc_store32le(raw + 7, d->places_len);
    pc_store32le(raw + 11, d->forms_len);
    pc_store32le(raw + 15, d->lists_len);
    pi_spool_put(s, raw, sizeof raw);
}

static int get_draft(const pi_spool *s, uint64_t at, pc_termblock_draft *d,
                     parasol_error *err)
{
    uint8_t raw[DRAFT];
    int rc = pi_spool_read(s, at, raw, sizeof raw, err);
    if (rc)
        return rc;
    *d = (pc_termblock_draft){.n = raw[0],
                              .doc_bits = raw[1],
                              .kinds_len = raw[2],
                              .keys_len = pc_load32le(raw + 3),
                              .places_len = pc_load32le(raw + 7),
                              .forms_len = pc_load32le(raw + 11),
                              .lists_len = pc_load32le(raw + 15)};
    return PARASOL_OK;
}

static void flush(pi_dict_writer *w)
{
    pc_buf_clear(&w->bytes);
    pc_termblock_draft d = pc_termblock_flush(&w->block, &w->bytes);
    if (w->bytes.status) {
        w->prefixes.status = w->bytes.status;
        return;
    }
    pi_symbol_maker_add(&w->symbols, w->bytes.ptr, d.keys_len);
    put_draft(&w->drafts, &d);
    pi_spool_put(&w->drafts, w->bytes.ptr, w->bytes.len);
}

void pi_dict_writer_add(pi_dict_writer *w, pc_str key, const pc_entry *e)
{
    if (w->block.n == PC_TERM_BLOCK)
        flush(w);
    if (w->block.n == 0)
        pc_buf_put_u64(&w->prefixes, pc_key_prefix(key));
    pc_termblock_add(&w->block, key, e);
    w->entries++;
}

/* ---- writing ------------------------------------------------------------ */

typedef struct finisher {
    pi_dict_writer *w;
    pi_out *o;
    pc_symbols symbols;
    pc_symbol_coder coder;
    pc_buf offsets; /* u48 of each block, and the end */
    pc_buf block;
} finisher;

static void put_offset(finisher *f)
{
    uint8_t raw[8];
    pc_store64le(raw, pi_out_at(f->o));
    pc_buf_put(&f->offsets, raw, PC_DICT_OFFSET);
}

/* The block of the draft at *at in the spool. */
static int put_block(finisher *f, uint64_t *at, parasol_error *err)
{
    pi_dict_writer *w = f->w;
    pc_termblock_draft d;
    int rc = get_draft(&w->drafts, *at, &d, err);
    if (rc)
        return rc;
    size_t len = (size_t)d.keys_len + d.kinds_len + d.places_len + d.forms_len +
                 d.lists_len;
    pc_buf_clear(&w->bytes);
    pc_buf_clear(&f->block);
    if (!pc_buf_reserve(&w->bytes, len))
        return pc_fail_nomem(err);
    rc = pi_spool_read(&w->drafts, *at + DRAFT, w->bytes.ptr, len, err);
    if (rc)
        return rc;
    pc_termblock_put(&f->block, &d, w->bytes.ptr, &f->coder);
    if (f->block.status)
        return pc_fail_nomem(err);
    put_offset(f);
    pi_out_put(f->o, f->block.ptr, f->block.len);
    *at += DRAFT + len;
    return PARASOL_OK;
}

static int put_terms(finisher *f, parasol_error *err)
{
    uint64_t at = 0, end = pi_spool_at(&f->w->drafts);
    int rc = pi_spool_status(&f->w->drafts, err);
    pi_out_begin(f->o, PC_SECTION_TERMS);
    while (!rc && at < end && !pi_out_status(f->o, NULL))
        rc = put_block(f, &at, err);
    put_offset(f);
    return rc;
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

void pi_dict_writer_finish(pi_dict_writer *w, pi_out *o)
{
    finisher f = {.w = w, .o = o};
    parasol_error err;
    int rc = PARASOL_OK;
    pc_buf_init(&f.offsets, w->mem);
    pc_buf_init(&f.block, w->mem);
    if (w->block.n > 0)
        flush(w);
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
    pc_buf_release(&f.block);
}
