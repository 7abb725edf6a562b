/*
 * Stored streams, in order.
 */
#include "indexer/check/doc_stream.h"

#include "common/base/fail.h"

int pi_doc_stream_init(pi_doc_stream *s, const pc_store *store,
                       const pc_store_stream *stream)
{
    *s = (pi_doc_stream){store, stream, UINT64_MAX, NULL};
    s->raw = pc_alloc(store->mem, 1, stream->block);
    return s->raw ? PARASOL_OK : PARASOL_NOMEM;
}

void pi_doc_stream_release(pi_doc_stream *s)
{
    if (s->store)
        pc_free(s->store->mem, s->raw);
    *s = (pi_doc_stream){.store = NULL};
}

int pi_doc_stream_read(pi_doc_stream *s, uint64_t off, uint32_t len,
                       pc_buf *out, parasol_error *err)
{
    const pc_store_stream *st = s->stream;
    if (off > st->total || len > st->total - off)
        return pc_fail(err, PARASOL_CORRUPT,
                       "%s: a document lies outside of its stream",
                       pc_sealed_path(s->store->file));
    while (len > 0) {
        uint64_t i = off / st->block;
        uint64_t left = st->total - i * st->block;
        uint32_t raw = left < st->block ? (uint32_t)left : st->block;
        uint32_t skip = (uint32_t)(off % st->block);
        uint32_t some = raw - skip < len ? raw - skip : len;
        if (s->block != i) {
            s->block = UINT64_MAX;
            int rc = pc_store_block(s->store, st, i, s->raw, err);
            if (rc)
                return rc;
            s->block = i;
        }
        pc_buf_put(out, s->raw + skip, some);
        off += some;
        len -= some;
    }
    return out->status ? pc_fail_nomem(err) : PARASOL_OK;
}
