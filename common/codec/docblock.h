/*
 * One block of at most PC_BLOCK postings: document ids as packed gaps or, in
 * dense lists, as a bitmap, then term frequencies. The two runs are separate,
 * so that a reader that wants ids only never touches the frequencies.
 * Format: docs/format.md, "Posting blocks".
 */
#ifndef PARASOL_COMMON_CODEC_DOCBLOCK_H
#define PARASOL_COMMON_CODEC_DOCBLOCK_H

#include "common/base/base.h"
#include "common/codec/bitpack.h"

#define PC_BLOCK 128u
/* Room that arrays of decoded values need: a block and a vector's overrun. */
#define PC_BLOCK_ROOM (PC_BLOCK + 16u)
/* Largest encoded block: 128 gaps and 128 frequencies at 32 bits each. */
#define PC_DOCBLOCK_MAX (2u * PC_BLOCK * 4u)
/* The "last id before" of a list's first block. */
#define PC_NO_DOC UINT32_MAX

/* In the place of a width: the ids are a bitmap. */
#define PC_DOC_BITMAP 255u
/* The longest bitmap, in bits. */
#define PC_BITMAP_RANGE 1024u

typedef struct pc_docblock_widths {
    uint8_t doc_bits; /* of the gaps minus one, or PC_DOC_BITMAP */
    uint8_t tf_bits;  /* of the frequencies minus one */
} pc_docblock_widths;

/*
 * Encodes n ids (ascending, all after `base` in the sense that base + 1 wraps
 * to 0 for PC_NO_DOC) and frequencies (all >= 1), with a bitmap if that is
 * allowed and pays: its reader has to know the last id. Returns the bytes
 * written, at most PC_DOCBLOCK_MAX.
 */
size_t pc_docblock_put(uint8_t *out, const uint32_t *ids, const uint32_t *tfs,
                       uint32_t n, uint32_t base, bool bitmap,
                       pc_docblock_widths *widths);

/* Bytes of the ids of a block; `range` is its last id minus `base`. */
static inline size_t pc_docblock_id_bytes(uint32_t n, unsigned doc_bits,
                                          uint32_t range)
{
    return doc_bits == PC_DOC_BITMAP ? ((size_t)range + 7) / 8
                                     : pc_bitpack_bytes(n, doc_bits);
}

/* Decodes the frequencies, whose run is at `in`, into out (room for
   PC_BLOCK_ROOM). */
void pc_docblock_freqs(uint32_t *out, const uint8_t *in, uint32_t n,
                       unsigned tf_bits);

#endif
