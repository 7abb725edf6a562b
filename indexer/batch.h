/*
 * The pipeline between the sources of documents and the segment.
 *
 * The caller's thread reads input and cuts it into batches of consecutive
 * documents (pi_pipe_put). The threads of the pool work on batches in any
 * order: extract, analyse, invert, and note what is to be stored as items. The
 * caller's thread takes the batches back in their order (queue.c): it numbers
 * the documents, stores them and tells the source. So nothing that is written
 * depends on which thread did what, or when.
 */
#ifndef PARASOL_INDEXER_BATCH_H
#define PARASOL_INDEXER_BATCH_H

#include <parasol/indexer.h>

#include "common/os/pool.h"
#include "indexer/invert/term_run.h"
#include "indexer/write/store_writer.h"

/* A document, read but not inverted. Strings are any bytes. */
typedef struct pi_draft {
    pc_str id;
    pc_str title;
    pc_str date;
    pc_str text;
    const pc_field *meta;
    size_t n_meta;
    uint64_t bytes; /* of the input */
} pi_draft;

/* What became of one part of the input. */
typedef struct pi_item {
    pc_str path;        /* zero-terminated; for a skip as it is shown */
    uint64_t bytes;     /* of the input */
    int skip;           /* PARASOL_SKIP_NONE: a document */
    const char *detail; /* more about a skip, or "" */
    uint64_t where;     /* the source's: a line */
    uint64_t column;
    /* Of a document: */
    pi_stored_doc stored;
    uint64_t text_bytes;
    uint64_t repaired; /* bad sequences that were replaced */
    pi_invdoc inverted;
    uint64_t hash[2]; /* of the id */
    /* Of a file: */
    const struct pi_input *input;
    uint64_t content[2]; /* hash; zeros where it was not read */
    bool same; /* as the commit before has it: nothing else is set but skip */
    bool removal; /* of the document with that path */
} pi_item;

typedef struct pi_batch pi_batch;
typedef struct pi_worker pi_worker;

/* Where batches come from. */
typedef struct pi_source {
    /* Is told of each item, in order, by the caller's thread. */
    int (*done)(struct pi_source *s, const pi_item *item, parasol_error *err);
} pi_source;

/* One part of the input of a batch. */
typedef struct pi_input {
    pi_draft doc; /* or only its id */
    pc_buf bytes; /* a file; released with the batch */
    int skip;
    const char *detail;
    int64_t mtime, ctime;
    bool known; /* the commit before has an entry for it: */
    uint64_t known_hash[2];
    uint64_t known_bytes;
    uint64_t known_number;
    int known_skip;
} pi_input;

struct pi_batch {
    pc_job job;
    parasol_indexer *w;
    pi_batch *next;
    uint32_t number;
    pi_source *source; /* borrowed; may be NULL */
    /* In a thread of the pool: makes items of the input. */
    int (*work)(pi_worker *k, pi_batch *b, parasol_error *err);
    pc_arena arena;
    pi_input *inputs;
    size_t n_inputs, inputs_cap;
    pc_buf lines;        /* or text that is to be cut there */
    uint64_t first_line; /* its number */
    size_t size;         /* bytes of the input */
    pi_item *items;
    size_t n_items, items_cap;
    uint32_t n_docs; /* among the items */
    int status;
    parasol_error error;
};

/* Documents of a run that follow each other: the first is document `skip` of
   the batch. */
typedef struct pi_span {
    uint32_t local; /* in the run */
    uint32_t batch;
    uint32_t skip;
} pi_span;

typedef struct pi_worker_run {
    pi_run run;
    pi_span *spans;
    size_t n_spans, spans_cap;
    uint32_t *global;
} pi_worker_run;

/* What one thread has for itself. */
struct pi_worker {
    parasol_indexer *w;
    pc_analyzer *analyzer;
    pi_inverter inverter;
    pi_worker_run *runs; /* the last one is what the inverter has */
    size_t n_runs, runs_cap;
    pc_arena scratch; /* of one document */
    pc_buf title, text;
    pc_job job; /* the last sort */
    int status;
    parasol_error error;
};

/* ---- worker.c ----------------------------------------------------------- */

int pi_worker_init(pi_worker *k, parasol_indexer *w,
                   parasol_error *err) PC_MUST_USE;
void pi_worker_release(pi_worker *k);

/* The two hashes by which an id is known until the commit. */
void pi_id_hash(pc_str id, uint64_t hash[2]);

/* Inverts a document and adds its item to the batch, with copies of what is
   stored. Strings of the draft may lie in k->scratch. */
int pi_worker_document(pi_worker *k, pi_batch *b, const pi_draft *doc,
                       parasol_error *err) PC_MUST_USE;

/* Adds an item for something that is no document; strings are copied.
 *out (may be NULL) is borrowed until the next item. */
int pi_worker_skip(pi_worker *k, pi_batch *b, pc_str path, uint64_t bytes,
                   int skip, const char *detail, pi_item **out,
                   parasol_error *err) PC_MUST_USE;

/* Forgets all runs. */
void pi_worker_forget(pi_worker *k);

/* Makes the last run of what is left in the inverter. */
int pi_worker_finish(pi_worker *k, parasol_error *err) PC_MUST_USE;

/* ---- queue.c ------------------------------------------------------------ */

/* An empty batch. Errors: NOMEM. */
int pi_pipe_batch(parasol_indexer *w, pi_batch **out,
                  parasol_error *err) PC_MUST_USE;

/* Room for one more input in the batch; NULL when out of memory. */
pi_input *pi_batch_input(pi_batch *b);

/* Hands the batch, which is taken, to the pool; takes back those that are
   done. Errors: those of batches before. */
int pi_pipe_put(parasol_indexer *w, pi_batch *b,
                parasol_error *err) PC_MUST_USE;

/* Waits for all batches. */
int pi_pipe_drain(parasol_indexer *w, parasol_error *err) PC_MUST_USE;

/* Bytes that are held of the documents so far until the commit. */
uint64_t pi_pipe_held(const parasol_indexer *w);

/* Waits for all batches and forgets them; for errors, and for the end. */
void pi_pipe_abandon(parasol_indexer *w);

void pi_batch_free(pi_batch *b); /* accepts NULL */

/* ---- finish.c ----------------------------------------------------------- */

/* Writes the segment of everything that was added to `o`, and forgets it;
 *n is the number of documents. */
int pi_pipe_finish(parasol_indexer *w, pi_out *o, uint32_t *n,
                   parasol_error *err) PC_MUST_USE;

#endif
