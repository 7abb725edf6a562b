/*
 * The postings of one term in one segment, for reading.
 *
 * A list is cut into blocks of PC_BLOCK documents. Of each block the last
 * document, the widths, the peak and the place are known without decoding;
 * so they are for each superblock of PC_SUPER blocks. Lists of a few
 * documents live in the dictionary and look like a list of one block.
 * Every byte is verified and every bound checked before use.
 * Format: docs/format.md, "POSTINGS", "POSITIONS".
 */
#ifndef PARASOL_COMMON_SEGMENT_LIST_H
#define PARASOL_COMMON_SEGMENT_LIST_H

#include "common/codec/docblock.h"
#include "common/codec/peak.h"
#include "common/codec/termblock.h"
#include "common/format/sealed.h"
#include "common/segment/fields.h"

#define PC_SUPER 32u /* blocks in a superblock */
/* A long list knows the shares that its 10th, 100th and 1000th best postings
   reach. */
#define PC_HINTS 3u

/* The sections that lists live in, of one segment. */
typedef struct pc_lists {
    pc_sealed *file;
    pc_section postings;
    pc_section positions;
    uint32_t docs; /* of the segment */
    /* Of each field, one byte a document, in the file and not verified; NULL:
       as if all were 255. Set by who opens the lists. */
    const uint8_t *norms[PC_FIELD_COUNT];
} pc_lists;

int pc_lists_open(pc_lists *l, pc_sealed *file, uint32_t docs,
                  parasol_error *err) PC_MUST_USE;

typedef struct pc_list {
    const pc_lists *in;
    uint32_t df;
    uint64_t ctf;
    uint32_t blocks;
    uint32_t supers; /* 0 for a list of one block */
    uint8_t field;
    bool is_inline;
    bool wide_pos; /* items of pos_off are u32, not u16 */
    /* Long lists: arrays, one item per block. */
    const uint8_t *last;     /* u32: last document */
    const uint8_t *data_off; /* u16: from the superblock's data */
    const uint8_t *pos_off;  /* pc_list_pos_off */
    const uint8_t *widths;   /* 2 bytes: doc_bits, tf_bits */
    const uint8_t *peaks;    /* u16 */
    /* One item per superblock. */
    const uint8_t *super_last;  /* u32 */
    const uint8_t *super_data;  /* u64: from `data` */
    const uint8_t *super_pos;   /* u64: from `pos` */
    const uint8_t *super_peaks; /* u16 */
    uint16_t hints[PC_HINTS];   /* peaks rounded down; 0: none */
    uint16_t peak;              /* of the whole list */
    const uint8_t *data, *data_end;
    const uint8_t *pos, *pos_end;
    pc_docblock_widths small; /* widths of a list of one block */
    pc_inline inl;            /* of a list in the dictionary; the last member */
} pc_list;

/* Opens the list of a dictionary entry (flags & PC_ENTRY_TERM). Borrows from
   the file. CORRUPT. Cost: reads the superblocks' arrays only. */
int pc_list_open(pc_list *l, const pc_lists *in, const pc_entry *e,
                 parasol_error *err) PC_MUST_USE;

/* Fetches what opening the list of an entry and reading its first block will
   read, which comes from memory as a rule. Reads nothing itself. */
void pc_list_fetch(const pc_lists *in, const pc_entry *e);

/* Documents in block b. */
static inline uint32_t pc_list_block_len(const pc_list *l, uint32_t b)
{
    return b + 1 < l->blocks ? PC_BLOCK : l->df - b * PC_BLOCK;
}

/* Are the documents of block b a bitmap? */
static inline bool pc_list_is_bitmap(const pc_list *l, uint32_t b)
{
    return l->widths && l->widths[2 * (size_t)b] == PC_DOC_BITMAP;
}

/* Last document of block b. The array was verified by pc_list_open. */
uint32_t pc_list_last(const pc_list *l, uint32_t b);

/* Where the positions of block b of a long list start, from the
   superblock's. */
uint32_t pc_list_pos_off(const pc_list *l, uint32_t b);

/* First block at or after `from` whose last document is not before `doc`;
   l->blocks if there is none. Gallops. */
uint32_t pc_list_seek(const pc_list *l, uint32_t from, uint32_t doc);

/* Where the parts of a block are. */
typedef struct pc_block {
    const uint8_t *ids, *tfs;
    pc_docblock_widths widths;
    uint32_t n;     /* documents */
    uint32_t base;  /* the last document before; PC_NO_DOC before the first */
    uint32_t range; /* of a bitmap: its bits; bit i is document base + 1 + i */
} pc_block;

/* Finds and verifies block b of a list that is not inline. CORRUPT. */
int pc_list_block(const pc_list *l, uint32_t b, pc_block *out,
                  parasol_error *err) PC_MUST_USE;

/*
 * The same for the documents alone of a block that is a bitmap, without
 * counting its bits: whoever reads it compares them with k->n. Of `out` fills
 * ids, n, base and range. CORRUPT.
 */
int pc_list_bits(const pc_list *l, uint32_t b, pc_block *out,
                 parasol_error *err) PC_MUST_USE;

/* What is said of a list that is damaged. */
int pc_list_damaged(const pc_list *l, parasol_error *err);

/*
 * Decodes the document ids of block b into `ids` (room for PC_BLOCK_ROOM).
 * They ascend and are below the segment's count. CORRUPT.
 */
int pc_list_ids(const pc_list *l, uint32_t b, uint32_t *ids,
                parasol_error *err) PC_MUST_USE;

/* The same, and says where the block is, for what else is asked about it. Of a
   list in the dictionary *out says nothing. */
int pc_list_ids_of(const pc_list *l, uint32_t b, pc_block *out, uint32_t *ids,
                   parasol_error *err) PC_MUST_USE;

/* Decodes the term frequencies of a block that was found (room for
   PC_BLOCK_ROOM). */
void pc_block_freqs(const pc_block *k, uint32_t *tfs);

/* Decodes the term frequencies of block b (room for PC_BLOCK_ROOM). */
int pc_list_freqs(const pc_list *l, uint32_t b, uint32_t *tfs,
                  parasol_error *err) PC_MUST_USE;

#endif
