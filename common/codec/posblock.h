/*
 * The positions of one block of postings.
 *
 * A unit holds, for all occurrences of a term in the documents of one posting
 * block, the gap to the previous occurrence in the same document (the first
 * counts from 0), and the number of the surface form ("variant") that stood
 * there. Gaps are packed in groups of PC_BLOCK, each at a width of its own;
 * because packing is horizontal, the positions of one document are read
 * without unpacking the rest.
 * Format: docs/format.md, "Position units".
 */
#ifndef PARASOL_COMMON_CODEC_POSBLOCK_H
#define PARASOL_COMMON_CODEC_POSBLOCK_H

#include "common/base/buf.h"

/* Appends the unit of n occurrences. `variants` may be NULL: all are 0. */
void pc_posblock_put(pc_buf *out, const uint32_t *gaps,
                     const uint16_t *variants, uint32_t n);

/* A unit opened for reading; borrowed from the bytes. */
typedef struct pc_posblock {
    const uint8_t *widths; /* one byte per group */
    const uint8_t *gaps;
    const uint8_t *variants;
    uint32_t n;
    uint8_t variant_bits;
    /* The group whose start is known, to go on from. */
    uint32_t group;
    const uint8_t *group_at;
} pc_posblock;

/*
 * Opens the unit of n occurrences at `in`, of which `len` bytes belong to the
 * list; PC_PAD readable bytes follow. PARASOL_OK, or PARASOL_CORRUPT when the
 * unit does not fit or a width is impossible. *used gets its size.
 */
int pc_posblock_open(pc_posblock *p, const uint8_t *in, size_t len, uint32_t n,
                     size_t *used) PC_MUST_USE;

/* Reads gaps [from, from + n) into out. The range must lie in the unit. */
void pc_posblock_gaps(pc_posblock *p, uint32_t from, uint32_t n, uint32_t *out);

/* The variant of occurrence i. */
uint32_t pc_posblock_variant(const pc_posblock *p, uint32_t i);

#endif
