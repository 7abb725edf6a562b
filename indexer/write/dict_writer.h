/*
 * Dictionary, writing side: sorted entries to TERMS and TERM_INDEX. With a pool
 * its threads make the blocks; what is written does not depend on that.
 * Sticky status; one thread at a time.
 */
#ifndef PARASOL_INDEXER_WRITE_DICT_WRITER_H
#define PARASOL_INDEXER_WRITE_DICT_WRITER_H

#include "common/codec/termblock.h"
#include "common/os/pool.h"
#include "indexer/write/out.h"
#include "indexer/write/spool.h"
#include "indexer/write/symbol_maker.h"

/* Blocks that are made together. */
#define PI_DICT_GROUP 16u

/* A group on its way through a thread. */
typedef struct pi_dict_group {
    pc_job job;                  /* first */
    pc_termblock_writer *blocks; /* as they are added, n of them */
    const pc_symbol_coder *coder;
    uint32_t n;
    pc_buf drafts; /* of all blocks: their sizes, their bytes */
    pc_buf coded;
    uint32_t ends[PI_DICT_GROUP]; /* of the blocks in `coded` */
} pi_dict_group;

typedef struct pi_dict_writer {
    const pc_mem *mem;
    pc_pool *pool; /* borrowed; NULL: none */
    uint32_t each; /* blocks of a group */
    /* A ring of groups: [taken, started) are with the pool, the next is being
       filled. */
    pi_dict_group *groups;
    uint32_t n_groups;
    uint64_t started, taken;
    pi_symbol_maker symbols;
    pi_spool drafts; /* of all groups */
    pc_buf prefixes; /* u64 of each block */
    uint64_t entries;
} pi_dict_writer;

/* `dir` and `mem` are borrowed until release; `limit` is that of a spool. */
void pi_dict_writer_init(pi_dict_writer *w, const char *dir, size_t limit,
                         const pc_mem *mem);
void pi_dict_writer_release(pi_dict_writer *w);

/* Has the threads of the pool, which is borrowed, make the blocks; before the
   first entry. A third of a megabyte for each thread, and two more. */
void pi_dict_writer_share(pi_dict_writer *w, pc_pool *pool);

/* Adds an entry; keys strictly ascend. */
void pi_dict_writer_add(pi_dict_writer *w, pc_str key, const pc_entry *e);

/* Writes both sections to `o`, whose status tells of every failure. */
void pi_dict_writer_finish(pi_dict_writer *w, pi_out *o);

#endif
