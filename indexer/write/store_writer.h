/*
 * Stored documents, writing side (docs/format.md, "Stored documents"): takes
 * documents in order and writes the sections DOC_TABLE, DOC_FIELDS,
 * FIELDS_INDEX, TEXT and TEXT_INDEX of a segment.
 *
 * One thread at a time. The status is sticky. Memory: six spools of up to
 * PI_SPOOL_MEMORY and two blocks, and with a pool PI_STORE_PENDING more of
 * each stream.
 */
#ifndef PARASOL_INDEXER_WRITE_STORE_WRITER_H
#define PARASOL_INDEXER_WRITE_STORE_WRITER_H

#include "common/os/pool.h"
#include "common/segment/store.h"
#include "indexer/write/deflate.h"
#include "indexer/write/out.h"
#include "indexer/write/spool.h"

/*
 * Levels of libdeflate unless the caller has a reason. That of text is the
 * fastest one that keeps an index with text below 0.70 of its input; fields are
 * little. docs/architecture.md has the figures.
 */
#define PI_STORE_TEXT_LEVEL 3
#define PI_STORE_FIELDS_LEVEL 6

typedef struct pi_stored_doc {
    const pc_field *fields; /* path, title, date, then any others */
    size_t n_fields;
    pc_str text;
} pi_stored_doc;

/* Blocks of a stream that may be with the threads of a pool. */
#define PI_STORE_PENDING 8u

/* Private: the deflaters of a thread, made when they are needed. */
enum { PI_DEFLATE_FIELDS, PI_DEFLATE_TEXT, PI_DEFLATE_KINDS };
typedef struct pi_deflaters {
    pi_deflater *of[PI_DEFLATE_KINDS];
} pi_deflaters;

/* Private: a block on its way through a thread. */
typedef struct pi_pack {
    pc_job job;
    struct pi_store_writer *writer;
    unsigned kind;
    pc_buf raw;
    pc_buf packed;
    int status;
} pi_pack;

/* Private: one of the two streams. */
typedef struct pi_store_stream {
    pi_pack packs[PI_STORE_PENDING]; /* a ring */
    size_t first_pack, n_packs;
    pc_buf raw; /* the block that is being filled */
    uint32_t block;
    unsigned kind;  /* of its deflaters: PI_DEFLATE_TEXT or _FIELDS */
    uint64_t total; /* raw bytes so far */
    pi_spool data;
    pi_spool index;
} pi_store_stream;

typedef struct pi_store_writer {
    const pc_mem *mem;
    pc_pool *pool; /* compresses the blocks; borrowed; NULL: the caller does */
    pi_deflaters *deflaters; /* of each thread */
    unsigned n_deflaters;
    pi_deflaters own; /* without pi_store_writer_share */
    int levels[PI_DEFLATE_KINDS];
    uint32_t docs;
    pc_buf scratch;
    pi_spool table;   /* heads of the groups of lengths */
    pi_spool lengths; /* packed */
    /* The group at hand; what it starts with is in the streams' totals when
       its first document comes. */
    uint32_t fields_lens[PC_DOC_GROUP];
    uint32_t text_lens[PC_DOC_GROUP];
    pi_store_stream fields;
    pi_store_stream text;
    parasol_error error; /* code PARASOL_OK, or what went wrong first */
} pi_store_writer;

/* `dir`, the index directory for spools, and `mem` are borrowed until release.
   `level`, 1 to 9, is of both streams; 0: the levels above. Always followed
   by pi_store_writer_release. */
void pi_store_writer_init(pi_store_writer *w, const char *dir, int level,
                          const pc_mem *mem);
void pi_store_writer_release(pi_store_writer *w);

/* Before the first document: blocks are compressed by `pool`, which may be
   NULL, and each spool keeps up to `limit` bytes in memory. The bytes that
   are written are the same. */
int pi_store_writer_share(pi_store_writer *w, pc_pool *pool, size_t limit,
                          parasol_error *err) PC_MUST_USE;

/* Adds a document; it gets the number w->docs had. Everything is copied.
   Returns the sticky status: FULL (more than PC_DOCS_MAX documents, a text or
   record of 4 GiB, the disk), IO, NOMEM, ARG (the first three fields are not
   path, title and date). pi_store_finish gives the sentence. */
int pi_store_add(pi_store_writer *w, const pi_stored_doc *doc) PC_MUST_USE;

/* Writes the sections to `out` and empties the writer for another segment.
   An error also becomes the failure of `out`. */
int pi_store_finish(pi_store_writer *w, pi_out *out,
                    parasol_error *err) PC_MUST_USE;

#endif
