/*
 * Dictionary, writing side: sorted entries to TERMS and TERM_INDEX.
 * Sticky status; one thread at a time.
 */
#ifndef PARASOL_INDEXER_WRITE_DICT_WRITER_H
#define PARASOL_INDEXER_WRITE_DICT_WRITER_H

#include "common/codec/termblock.h"
#include "indexer/write/out.h"
#include "indexer/write/spool.h"
#include "indexer/write/symbol_maker.h"

typedef struct pi_dict_writer {
    const pc_mem *mem;
    pc_termblock_writer block;
    pi_symbol_maker symbols;
    pc_buf bytes;    /* of one draft */
    pi_spool drafts; /* of all blocks: their sizes, their bytes */
    pc_buf prefixes; /* u64 of each block */
    uint64_t entries;
} pi_dict_writer;

/* `dir` and `mem` are borrowed until release. */
void pi_dict_writer_init(pi_dict_writer *w, const char *dir, const pc_mem *mem);
void pi_dict_writer_release(pi_dict_writer *w);

/* Adds an entry; keys strictly ascend. */
void pi_dict_writer_add(pi_dict_writer *w, pc_str key, const pc_entry *e);

/* Writes both sections to `o`, whose status tells of every failure. */
void pi_dict_writer_finish(pi_dict_writer *w, pi_out *o);

#endif
