/*
 * Positions of a posting list, document by document.
 *
 * A unit's codes are found by the frequencies and norms of its block, and the
 * sums over them go only as far as documents are asked for.
 * Format: docs/format.md, "POSITIONS".
 */
#ifndef PARASOL_COMMON_SEGMENT_POSITIONS_H
#define PARASOL_COMMON_SEGMENT_POSITIONS_H

#include "common/codec/posblock.h"
#include "common/segment/list.h"

/* One thread at a time. Nothing to release. */
typedef struct pc_pos_reader {
    const pc_list *list;
    const uint8_t *norms; /* of the list's field; NULL: none */
    uint32_t block;       /* UINT32_MAX: none open */
    uint32_t known;       /* documents whose places are known */
    uint32_t doc, tf;     /* the current one, in the block */
    uint8_t norm;
    bool has_variants; /* `variants` is of the open block */
    pc_posblock unit;
    pc_variants variants;
    uint64_t bits[PC_BLOCK + 1]; /* where the code of each document starts */
} pc_pos_reader;

/* Borrows the list. */
void pc_pos_reader_init(pc_pos_reader *r, const pc_list *l);

/*
 * Goes to document i of block b, whose documents are `ids` and frequencies
 * `tfs`, both for the whole block. Its code lies in the file, so its frequency
 * is not above 8 for each byte of that, or 8. CORRUPT.
 */
int pc_pos_reader_seek(pc_pos_reader *r, uint32_t b, uint32_t i,
                       const uint32_t *ids, const uint32_t *tfs,
                       parasol_error *err) PC_MUST_USE;

/* All positions of the current document, into room for its frequency.
   They do not descend. CORRUPT. */
int pc_pos_reader_get(const pc_pos_reader *r, uint32_t *out,
                      parasol_error *err) PC_MUST_USE;

/* The variant of occurrence k of the current document; `ids` and `tfs` as
   before. Cheap when asked in order: a block is read from its start. */
uint32_t pc_pos_reader_variant(pc_pos_reader *r, const uint32_t *ids,
                               const uint32_t *tfs, uint32_t k);

#endif
