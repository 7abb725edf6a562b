/*
 * Dictionary blocks and the index over them.
 */
#include "indexer/write/dict_writer.h"

#include "common/base/fail.h"
#include "common/segment/dict.h"

void pi_dict_writer_init(pi_dict_writer *w, const char *dir, size_t limit,
                         const pc_mem *mem)
{
    pc_termblock_init(&w->block, mem);
    pc_buf_init(&w->bytes, mem);
    pi_spool_init(&w->terms, dir, limit, mem);
    pc_buf_init(&w->prefixes, mem);
    pc_buf_init(&w->offsets, mem);
    w->entries = 0;
}

void pi_dict_writer_release(pi_dict_writer *w)
{
    pc_termblock_release(&w->block);
    pc_buf_release(&w->bytes);
    pi_spool_release(&w->terms);
    pc_buf_release(&w->prefixes);
    pc_buf_release(&w->offsets);
}

static void flush(pi_dict_writer *w)
{
    pc_buf_clear(&w->bytes);
    pc_termblock_flush(&w->block, &w->bytes);
    pi_spool_put(&w->terms, w->bytes.ptr, w->bytes.len);
    if (w->bytes.status)
        w->offsets.status = w->bytes.status;
}

void pi_dict_writer_add(pi_dict_writer *w, pc_str key, const pc_entry *e)
{
    if (w->block.n == PC_TERM_BLOCK)
        flush(w);
    if (w->block.n == 0) {
        pc_buf_put_u64(&w->prefixes, pc_key_prefix(key));
        pc_buf_put_u64(&w->offsets, pi_spool_at(&w->terms));
    }
    pc_termblock_add(&w->block, key, e);
    w->entries++;
}

void pi_dict_writer_finish(pi_dict_writer *w, pi_out *o)
{
    if (w->block.n > 0)
        flush(w);
    uint64_t end = pi_spool_at(&w->terms);
    pi_out_begin(o, PC_SECTION_TERMS);
    (void)pi_spool_drain(&w->terms, o);
    pi_out_begin(o, PC_SECTION_TERM_INDEX);
    pi_out_put_u64(o, w->prefixes.len / 8);
    pi_out_put_u64(o, w->entries);
    pi_out_put(o, w->prefixes.ptr, w->prefixes.len);
    pi_out_put(o, w->offsets.ptr, w->offsets.len);
    pi_out_put_u64(o, end);
    if (w->prefixes.status || w->offsets.status) {
        parasol_error err;
        (void)pc_fail_nomem(&err);
        pi_out_fail(o, &err);
    }
}
