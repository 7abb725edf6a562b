/*
 * Feed: the bytes of a file or of standard input, front to back. What is
 * compressed with gzip or Zstandard, by its first bytes, is inflated on the
 * way.
 */
#ifndef PARASOL_INDEXER_SOURCE_FEED_H
#define PARASOL_INDEXER_SOURCE_FEED_H

#include "common/base/mem.h"

typedef struct pi_feed pi_feed;

/*
 * Opens `path`, "-" for standard input. *out is owned by the caller
 * (pi_feed_close). Errors: NOTFOUND, IO, NOMEM. Memory: 128 KiB, and what the
 * format asks for: 32 KiB for gzip, for Zstandard up to 128 MiB.
 */
int pi_feed_open(pi_feed **out, const char *path, const pc_mem *mem,
                 parasol_error *err) PC_MUST_USE;

/* Accepts NULL. */
void pi_feed_close(pi_feed *f);

/* Reads up to `n` bytes, fewer only at the end; *got is how many. Errors: IO,
   NOMEM, DECODE (what is compressed is damaged or cut short). */
int pi_feed_read(pi_feed *f, void *bytes, size_t n, size_t *got,
                 parasol_error *err) PC_MUST_USE;

/* Bytes of the file that were read, and all it has, 0 if that is not known. */
uint64_t pi_feed_at(const pi_feed *f);
uint64_t pi_feed_size(const pi_feed *f);

#endif
