/*
 * What the files of the indexer's top room share behind parasol_indexer.
 */
#ifndef PARASOL_INDEXER_INDEXER_INTERNAL_H
#define PARASOL_INDEXER_INDEXER_INTERNAL_H

#include <stdatomic.h>

#include "indexer/batch.h"
#include "indexer/budget.h"
#include "indexer/catalog/skip_list.h"
#include "indexer/commit/commit.h"
#include "indexer/extract/detect.h"
#include "indexer/parts.h"
#include "indexer/write/column_writer.h"
#include "indexer/write/id_writer.h"

struct parasol_indexer {
    pc_mem alloc; /* copy of the caller's; resize NULL: the C library's */
    const pc_mem *mem;
    char *dir;
    pc_lock lock;
    pc_manifest now;  /* the commit that is replaced */
    pc_manifest next; /* the one in the making */
    char *language;
    pi_detector *detector; /* NULL: there is one language */
    pi_budget budget;
    atomic_size_t share; /* pi_budget_share; set by the caller's thread */
    bool store_text;
    bool text_as_before;   /* the option: as the index that is updated */
    uint64_t segment_docs; /* the option */
    int (*merging)(uint64_t done, uint64_t total, void *user);
    void *user;
    uint64_t added; /* one by one, since the last segment */
    /* The pipeline: */
    pc_pool *pool;
    pi_worker *workers; /* as many as the pool has */
    unsigned n_workers;
    pi_batch *open;         /* of parasol_indexer_add, being filled */
    pi_batch *first, *last; /* with the pool, in order */
    unsigned in_flight;
    pi_batch *spare; /* to be used again */
    unsigned n_spare;
    atomic_bool stop; /* what is with the pool is not wanted any more */
    /* The documents, in their order: */
    pi_store_writer store;
    pi_column_writer columns;
    pi_id_writer id_writer;
    bool with_ids; /* the option */
    uint32_t n_docs;
    uint32_t n_batches;
    uint32_t *bases; /* by batch: the number of its first document */
    size_t bases_cap;
    pi_spool inverted; /* a pi_invdoc of each, as it is in memory */
    pi_spool hashes;   /* of the ids, two of each */
    uint32_t *slots;   /* by hash of the id: the last living document, + 1 */
    size_t n_slots;
    uint32_t n_slotted; /* documents that are in there */
    uint32_t *buried;   /* documents that were removed after they were added */
    size_t n_buried, buried_cap;
    /* What this commit is: */
    bool updating; /* documents of the commit before stay */
    bool dry;
    bool merge, synced; /* the options */
    char why[256];      /* it is not updated */
    pi_parts parts;
    pi_catalog catalog;
    pi_skip_list skips;
    pc_str *inputs; /* files of lines that were read; owned */
    size_t n_inputs, inputs_cap;
    uint64_t replaced; /* documents that gave way to a later one */
    uint64_t changed;  /* those of them that the commit before had */
    uint64_t removed;
    uint64_t new_docs; /* that the commit before did not have; at the end */
    int status;        /* sticky: after a failure only close is allowed */
    bool done;
};

/*
 * Records that a file was seen and why it is not searchable; committed with
 * the rest. `path` and `detail` are copied. Errors: NOMEM.
 */
int pi_indexer_note_skip(parasol_indexer *w, pc_str path, uint64_t bytes,
                         int skip, pc_str detail,
                         parasol_error *err) PC_MUST_USE;

/* Hands on what parasol_indexer_add has gathered, so that a source can put
   batches of its own behind it. Errors: as pi_pipe_put, ARG when the indexer
   cannot be used any more. */
int pi_indexer_begin(parasol_indexer *w, parasol_error *err) PC_MUST_USE;

/* What is to be done before the first document: reads the commit before and
   finds out whether it can be updated (open.c). */
int pi_indexer_decide(parasol_indexer *w, const parasol_indexer_options *o,
                      parasol_error *err) PC_MUST_USE;

/* What was added becomes a segment, and what it replaces dies (publish.c). */
int pi_indexer_put_segment(parasol_indexer *w, parasol_error *err) PC_MUST_USE;

/* Hands on what parasol_indexer_add has gathered. */
int pi_indexer_put_open(parasol_indexer *w, parasol_error *err) PC_MUST_USE;

/* ARG or the failure before, when nothing can be done with it any more. */
int pi_indexer_usable(const parasol_indexer *w, parasol_error *err) PC_MUST_USE;

/* The document with that id, sound UTF-8, is dead from here on (remove.c). */
int pi_indexer_bury(parasol_indexer *w, pc_str id, bool *found,
                    parasol_error *err) PC_MUST_USE;

/* The two hashes of the id of a document that was added. Errors: IO. */
int pi_indexer_hash(const parasol_indexer *w, uint32_t doc, uint64_t hash[2],
                    parasol_error *err) PC_MUST_USE;

/* Those of *n documents from `doc` on: of all, or of PI_HASHES_READ, for which
   there is room. Errors: IO. */
#define PI_HASHES_READ 1024u
int pi_indexer_hashes(const parasol_indexer *w, uint32_t doc,
                      uint64_t (*hashes)[2], uint32_t *n,
                      parasol_error *err) PC_MUST_USE;

/* Forgets who is buried, for the next segment. */
void pi_indexer_clear_buried(parasol_indexer *w);

/*
 * Takes the documents out of what is stored that another one with the same id
 * replaces. *out is owned by the caller: the new number of each document, or
 * PI_NO_DOC; NULL when there are none (replace.c).
 */
int pi_replace(parasol_indexer *w, uint32_t **out,
               parasol_error *err) PC_MUST_USE;

/* Counts an item that a thread has done, and remembers it if it is not
   searchable. NOMEM. */
int pi_summary_take(parasol_tree_summary *summary, parasol_indexer *w,
                    const pi_item *item, parasol_error *err) PC_MUST_USE;

/* Adds what was counted to the caller's struct, as far as it reaches. */
void pi_summary_add(parasol_tree_summary *to, const parasol_tree_summary *from);

/* Remembers that the indexer has failed. Returns rc. */
int pi_indexer_end(parasol_indexer *w, int rc);

#endif
