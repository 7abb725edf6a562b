/*
 * Stored documents of a segment: fields and text, by document number
 * (docs/format.md, "Stored documents"). Both lie in streams cut into blocks
 * of equal raw length, compressed one by one; a read inflates the blocks that
 * it touches and no others, and verifies their checksums before.
 *
 * Threads: every function takes a const store and may be called by any number
 * of threads at once.
 */
#ifndef PARASOL_COMMON_SEGMENT_STORE_H
#define PARASOL_COMMON_SEGMENT_STORE_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/segment/doc_table.h"

/* A stored field. The first three of a document are path, title and date. */
typedef struct pc_field {
    pc_str name;
    pc_str value;
} pc_field;

/* Private: one of the two streams. */
typedef struct pc_store_stream {
    pc_section data;
    pc_section index;
    uint64_t total; /* raw bytes */
    uint32_t block; /* raw bytes in every block but the last */
    uint64_t blocks;
} pc_store_stream;

/* Nothing to release; valid until the file is closed. */
typedef struct pc_store {
    pc_sealed *file;
    const pc_mem *mem;
    uint32_t docs;
    pc_doc_table table;
    pc_store_stream fields;
    pc_store_stream text;
} pc_store;

/* Finds the sections of a segment of `docs` documents. `f` and `mem` are
   borrowed as long as the store is used. Errors: CORRUPT. */
int pc_store_open(pc_store *out, pc_sealed *f, uint32_t docs, const pc_mem *mem,
                  parasol_error *err) PC_MUST_USE;

/*
 * The same without a look at the texts, for who saves what can be read of a
 * damaged segment: whatever is asked about a text fails, or is wrong.
 */
int pc_store_open_fields(pc_store *out, pc_sealed *f, uint32_t docs,
                         const pc_mem *mem, parasol_error *err) PC_MUST_USE;

/* All fields of document `doc` (below docs), in stored order. The array and
   its strings, zero-terminated, are borrowed until the arena is cleared.
   Errors: CORRUPT, NOMEM, ARG (no such document). */
int pc_store_fields(const pc_store *s, uint32_t doc, pc_arena *arena,
                    pc_field **out, size_t *n, parasol_error *err) PC_MUST_USE;

/* Bytes of the text of document `doc`. Errors: CORRUPT, ARG. */
int pc_store_text_len(const pc_store *s, uint32_t doc, uint32_t *len,
                      parasol_error *err) PC_MUST_USE;

/* Appends to *out the bytes [from, from + len) of the text of `doc`, as far
   as there are any. On error *out keeps its length.
   Errors: CORRUPT, NOMEM, ARG. */
int pc_store_text(const pc_store *s, uint32_t doc, uint32_t from, uint32_t len,
                  pc_buf *out, parasol_error *err) PC_MUST_USE;

/*
 * For those who read all documents, in three steps: the place of document
 * `doc`; the inflated bytes of block i (below stream->blocks) of one of the
 * two streams, for which `out` has room of stream->block; and the fields in a
 * record of `len` bytes, followed by a spare byte, which is split in place.
 * The array of fields is borrowed from the arena, the strings from the record.
 * Errors: CORRUPT, NOMEM, ARG (no such document).
 */
int pc_store_find(const pc_store *s, uint32_t doc, pc_doc_place *out,
                  parasol_error *err) PC_MUST_USE;
int pc_store_block(const pc_store *s, const pc_store_stream *stream, uint64_t i,
                   uint8_t *out, parasol_error *err) PC_MUST_USE;
int pc_store_split(const pc_store *s, uint8_t *record, size_t len,
                   pc_arena *arena, pc_field **out, size_t *n,
                   parasol_error *err) PC_MUST_USE;

/* Verifies everything: that each block inflates to its length, that blocks
   and documents lie without gaps, that each record of fields can be read.
   Errors: CORRUPT, NOMEM. Cost: inflates all. */
int pc_store_verify(const pc_store *s, parasol_error *err) PC_MUST_USE;

#endif
