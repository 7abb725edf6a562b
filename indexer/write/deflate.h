/*
 * Compression of stored text in zlib format (RFC 1950), by libdeflate, which
 * is about twice as fast as zlib and packs a little better.
 *
 * One thread at a time may use a deflater.
 */
#ifndef PARASOL_INDEXER_WRITE_DEFLATE_H
#define PARASOL_INDEXER_WRITE_DEFLATE_H

#include "common/base/buf.h"

typedef struct libdeflate_compressor pi_deflater;

/* `level` is 1 (fast) to 9, as zlib's. NULL when out of memory. Owned by the
   caller (pi_deflater_close). About 400 KiB, of the C library's allocator. */
pi_deflater *pi_deflater_open(int level);
void pi_deflater_close(pi_deflater *d); /* accepts NULL */

/* Appends the compressed `raw`. PARASOL_OK or PARASOL_NOMEM. */
int pi_deflate(pi_deflater *d, pc_buf *out, pc_str raw) PC_MUST_USE;

#endif
