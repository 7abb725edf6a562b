/*
 * The positions of one block of postings, a *unit*: for each document the
 * code of its positions (common/codec/poscode.h), and then the numbers of the
 * surface forms ("variants") that stood there, as far as they are not 0.
 *
 * A document's positions are below the longest length of its norm plus the
 * unit's slack; so where its code lies follows from the frequencies and norms
 * of the documents before it.
 * Format: docs/format.md, "Position units".
 */
#ifndef PARASOL_COMMON_CODEC_POSBLOCK_H
#define PARASOL_COMMON_CODEC_POSBLOCK_H

#include "common/codec/poscode.h"

/* Units of so many documents, a whole block, say where the codes of each
   PC_POS_SAMPLE-th start. */
#define PC_POS_UNIT 128u
#define PC_POS_SAMPLE 32u

/* Frequencies with a table of sizes. */
#define PC_POS_SIZES 32u

/* Sizes of codes, by the usual slacks of a unit, norm and frequency; 0 at
   impossible ones. And the bounds they come from. */
typedef struct pc_possizes {
    uint16_t bits[2][256][PC_POS_SIZES];
    uint32_t bounds[256]; /* of positions, without slack */
} pc_possizes;

/* The tables: made at the first call, borrowed for ever; any thread. */
const pc_possizes *pc_possizes_tables(void);

/* ---- writing ---- */

typedef struct pc_posblock_docs {
    uint32_t n;
    const uint32_t *tfs;
    const uint8_t *norms;
    /* Of all documents, one after the other. Gaps count from the position
       before in the document, the first from 0; they are overwritten. */
    uint32_t *gaps;
    const uint16_t *variants; /* NULL: all are 0 */
} pc_posblock_docs;

/* Appends the unit. Positions are below PC_POS_LIMIT. */
void pc_posblock_put(pc_buf *out, const pc_posblock_docs *docs);

/* ---- reading ---- */

/* A unit opened for reading; borrowed from the bytes. */
typedef struct pc_posblock {
    const uint8_t *codes;
    uint64_t bits; /* from there to the unit's end */
    uint32_t slack;
    uint8_t usual;          /* index in pc_possizes.bits; 2: none */
    uint8_t variants;       /* 0: all are 0; else how to read them */
    bool shared;            /* positions may occur twice in a document */
    const uint8_t *samples; /* u16: first bits; NULL: none */
} pc_posblock;

/* Opens the unit of n documents and `len` bytes, with PC_PAD readable ones
   behind it. PARASOL_OK or PARASOL_CORRUPT. */
int pc_posblock_open(pc_posblock *p, const uint8_t *in, size_t len,
                     uint32_t n) PC_MUST_USE;

/* The bound that the code of a document has; below `tf` if there is none. */
static inline uint32_t pc_posblock_bound(const pc_posblock *p,
                                         const pc_possizes *sizes, uint8_t norm,
                                         uint32_t tf)
{
    uint64_t bound = (uint64_t)sizes->bounds[norm] + p->slack;
    bound = bound < PC_POS_LIMIT ? bound : PC_POS_LIMIT;
    return (uint32_t)bound + (p->shared ? tf - 1 : 0);
}

/* Reads the variants of a unit from its first occurrence on. */
typedef struct pc_variants {
    const uint8_t *in;
    uint64_t bit, end;
    uint64_t next;   /* the next occurrence that has one above 0 */
    uint64_t before; /* occurrences known to be passed: those below */
    uint16_t value;
    uint8_t run_bits;
} pc_variants;

/* `bit` is where the codes of the unit end, at most p->bits. */
void pc_variants_init(pc_variants *v, const pc_posblock *p, uint64_t bit);

/* Goes on to the occurrence behind `next`. */
void pc_variants_next(pc_variants *v);

#endif
