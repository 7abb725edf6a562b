/*
 * The stored records or texts of a segment one after the other: each block is
 * inflated once when they are read in order.
 */
#ifndef PARASOL_INDEXER_CHECK_DOC_STREAM_H
#define PARASOL_INDEXER_CHECK_DOC_STREAM_H

#include "common/segment/store.h"

/* One thread at a time. */
typedef struct pi_doc_stream {
    const pc_store *store;
    const pc_store_stream *stream;
    uint64_t block; /* that is in `raw`; UINT64_MAX: none */
    uint8_t *raw;
} pi_doc_stream;

/* `stream` is one of the two of the store, which are borrowed. Released by
   pi_doc_stream_release, also after an error. PARASOL_OK or _NOMEM. */
int pi_doc_stream_init(pi_doc_stream *s, const pc_store *store,
                       const pc_store_stream *stream) PC_MUST_USE;
void pi_doc_stream_release(pi_doc_stream *s);

/* Appends `len` bytes of the stream from `off` on to `out`. Errors: CORRUPT
   (also: they are not in the stream), NOMEM. */
int pi_doc_stream_read(pi_doc_stream *s, uint64_t off, uint32_t len,
                       pc_buf *out, parasol_error *err) PC_MUST_USE;

#endif
