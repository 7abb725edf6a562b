/*
 * Spool: bytes of a section that is produced while another one is written.
 * Kept in memory up to a limit and beyond it in a temporary file of the index
 * directory, which has no name any more and so cannot outlive the process.
 *
 * The status is sticky; pi_spool_drain hands it on to the file.
 * One thread at a time, but for reading what is settled.
 */
#ifndef PARASOL_INDEXER_WRITE_SPOOL_H
#define PARASOL_INDEXER_WRITE_SPOOL_H

#include "indexer/write/out.h"

#define PI_SPOOL_MEMORY ((size_t)8 << 20) /* bytes kept in memory */

typedef struct pi_spool {
    const char *dir;
    pc_buf buf;          /* the end of the stream, not in the file yet */
    size_t limit;        /* of buf */
    uint64_t in_file;    /* bytes in the file */
    int fd_plus_1;       /* 0: no file yet */
    parasol_error error; /* code PARASOL_OK, or what went wrong first */
} pi_spool;

/* An empty spool. `dir`, the index directory, and `mem` are borrowed until
   release. `limit` 0 means PI_SPOOL_MEMORY. */
void pi_spool_init(pi_spool *s, const char *dir, size_t limit,
                   const pc_mem *mem);

/* Forgets everything; the spool is as after init. */
void pi_spool_release(pi_spool *s);

/* Before the first byte: about so many will come. Makes room for them, as far
   as they stay in memory. */
void pi_spool_expect(pi_spool *s, uint64_t bytes);

void pi_spool_put(pi_spool *s, const void *bytes, size_t n); /* copied */
void pi_spool_put_u32(pi_spool *s, uint32_t v);              /* little-endian */
void pi_spool_put_u64(pi_spool *s, uint64_t v);              /* little-endian */

/* Bytes put so far. */
uint64_t pi_spool_at(const pi_spool *s);

/* What went wrong first (NOMEM, FULL, IO), or PARASOL_OK; fills *err. */
int pi_spool_status(const pi_spool *s, parasol_error *err);

/*
 * Moves everything to the file, so that any thread may read it; then nothing
 * may be put any more. Returns the status.
 */
int pi_spool_settle(pi_spool *s, parasol_error *err) PC_MUST_USE;

/* Reads exactly n bytes at `off`, all of which were put: from the file, from
   memory or from both. Any thread once the spool is settled, before that the
   one that puts. */
int pi_spool_read(const pi_spool *s, uint64_t off, void *bytes, size_t n,
                  parasol_error *err) PC_MUST_USE;

/* Appends everything of `from` to `to` and empties `from`. What went wrong
   with it becomes the failure of `to`, too. */
void pi_spool_move(pi_spool *to, pi_spool *from);

/* Appends everything to the current section of `o` and empties the spool.
   What went wrong with the spool becomes the failure of `o` too. Returns the
   status of `o`. */
int pi_spool_drain(pi_spool *s, pi_out *o);

#endif
