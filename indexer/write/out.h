/*
 * Sealed file, writing side: sections one after the other, front to back
 * (docs/format.md, "Sealed files"). Nothing is ever written twice, and the
 * checksums are computed on the way. The same calls give the same bytes.
 *
 * The status is sticky: write freely and look at what pi_out_finish returns.
 * One thread at a time.
 */
#ifndef PARASOL_INDEXER_WRITE_OUT_H
#define PARASOL_INDEXER_WRITE_OUT_H

#include "common/base/buf.h"
#include "common/format/magic.h"

typedef struct pi_out pi_out;

/*
 * Creates the file; IO if the name is taken. `path` is copied, `mem` borrowed
 * until the end. *out is taken by pi_out_finish or pi_out_abort.
 * Errors: IO, FULL, NOTFOUND (no such directory), NOMEM.
 */
int pi_out_create(pi_out **out, const char *path, uint32_t kind,
                  uint64_t number, const pc_mem *mem,
                  parasol_error *err) PC_MUST_USE;

/* Ends the section before and begins this one. An id may be used once. */
void pi_out_begin(pi_out *o, uint32_t section_id);

/* Appends to the current section. `bytes` is copied. */
void pi_out_put(pi_out *o, const void *bytes, size_t n);
void pi_out_put_u32(pi_out *o, uint32_t v); /* little-endian */
void pi_out_put_u64(pi_out *o, uint64_t v); /* little-endian */

/* Bytes in the current section so far. */
uint64_t pi_out_at(const pi_out *o);

/* Bytes in the file so far. */
uint64_t pi_out_bytes(const pi_out *o);

/* What went wrong first, or PARASOL_OK; fills *err (may be NULL). */
int pi_out_status(const pi_out *o, parasol_error *err);

/* Makes the file fail with somebody else's error, unless it has failed
   already. `why->code` must not be PARASOL_OK; `why` is copied. */
void pi_out_fail(pi_out *o, const parasol_error *why);

/* The file need not be durable when it is finished: it may then be lost in a
   power cut, with what refers to it. */
void pi_out_relax(pi_out *o);

/*
 * Writes the trailer, makes the content durable, closes, and frees `o` in any
 * case. *file_bytes and *trailer_crc (each may be NULL) are what the manifest
 * records of the file. The name is durable only after pc_dir_sync. On error
 * the file is removed.
 * Errors: whatever went wrong first: FULL, IO, NOMEM, INTERNAL (misuse).
 */
int pi_out_finish(pi_out *o, uint64_t *file_bytes, uint32_t *trailer_crc,
                  parasol_error *err) PC_MUST_USE;

/* Closes and removes the file, frees `o`. Accepts NULL. */
void pi_out_abort(pi_out *o);

#endif
