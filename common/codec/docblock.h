/*
 * One block of at most PC_BLOCK postings: document ids as packed gaps or, in
 * dense lists, as a bitmap, then term frequencies. The two runs are separate,
 * so that a reader that wants ids only never touches the frequencies.
 *
 * A run of numbers is packed at one width. Few that are wider are exceptions:
 * their lowest bits are packed with the others, the high ones follow. So they
 * cost two bytes each instead of a wider place for everybody (patched frames
 * of reference: M. Zukowski, S. Heman, N. Nes, P. Boncz 2006; D. Lemire,
 * L. Boytsov 2015). A decoder unpacks, then adds what is missing.
 *
 * Format: docs/format.md, "Posting blocks".
 */
#ifndef PARASOL_COMMON_CODEC_DOCBLOCK_H
#define PARASOL_COMMON_CODEC_DOCBLOCK_H

#include "common/base/base.h"
#include "common/base/swar.h"
#include "common/codec/bitpack.h"

#define PC_BLOCK 128u
/* Room that arrays of decoded values need: a block and a vector's overrun. */
#define PC_BLOCK_ROOM (PC_BLOCK + 16u)
/* Largest encoded block: 128 gaps and 128 frequencies of four bytes each. */
#define PC_DOCBLOCK_MAX (2u * PC_BLOCK * 4u)
/* The "last id before" of a list's first block. */
#define PC_NO_DOC UINT32_MAX

/* In the place of a width: the ids are a bitmap. */
#define PC_DOC_BITMAP 255u
/* The longest bitmap, in bits. */
#define PC_BITMAP_RANGE 1024u

/* A run is described by a byte: its width, at most 31, and the number of its
   exceptions, at most 7, from bit 5 on. */
#define PC_RUN_WIDTH(run) ((run)&31u)
#define PC_RUN_EXTRA(run) ((run) >> 5)
/* The widest run with exceptions. Each adds less than 2^8 units of 2^width; so
   the numbers of a block stay below 2^31 in sum, whatever the bytes are. */
#define PC_RUN_PATCHED 20u

typedef struct pc_docblock_widths {
    uint8_t doc_bits; /* run of the gaps minus one, or PC_DOC_BITMAP */
    uint8_t tf_bits;  /* run of the frequencies minus one */
} pc_docblock_widths;

/*
 * Encodes n ids (ascending, all after `base` in the sense that base + 1 wraps
 * to 0 for PC_NO_DOC; no gap is above 2^31) and frequencies (1 to 2^31), with a
 * bitmap if that is allowed and pays: its reader has to know the last id.
 * Returns the bytes written, at most PC_DOCBLOCK_MAX.
 */
size_t pc_docblock_put(uint8_t *out, const uint32_t *ids, const uint32_t *tfs,
                       uint32_t n, uint32_t base, bool bitmap,
                       pc_docblock_widths *widths);

/* Can a run be like this? */
static inline bool pc_run_sound(unsigned run)
{
    return run < 32 || PC_RUN_WIDTH(run) <= PC_RUN_PATCHED;
}

/* Bytes of a run of n numbers. */
static inline size_t pc_run_bytes(uint32_t n, unsigned run)
{
    return pc_bitpack_bytes(n, PC_RUN_WIDTH(run)) + 2 * PC_RUN_EXTRA(run);
}

/* Bytes of the ids of a block; `range` is its last id minus `base`. */
static inline size_t pc_docblock_id_bytes(uint32_t n, unsigned doc_bits,
                                          uint32_t range)
{
    return doc_bits == PC_DOC_BITMAP ? ((size_t)range + 7) / 8
                                     : pc_run_bytes(n, doc_bits);
}

/*
 * Decoders of the two runs of n numbers at `in`, into out (room for
 * PC_BLOCK_ROOM). As those of bitpack.h they cannot fail: the caller checks
 * that the run is sound and its bytes are there. Ids that are a bitmap are for
 * ops->get_set.
 */
void pc_docblock_ids(const pc_bitpack_ops *ops, uint32_t *out,
                     const uint8_t *in, uint32_t n, unsigned doc_bits,
                     uint32_t base);

void pc_docblock_freqs(const pc_bitpack_ops *ops, uint32_t *out,
                       const uint8_t *in, uint32_t n, unsigned tf_bits);

/* What the exceptions at `in` add to number i, in units of 2^width. */
static inline uint32_t pc_run_extra_at(const uint8_t *in, unsigned extra,
                                       uint32_t i)
{
    uint64_t others = UINT64_MAX << (8 * extra);
    /* Zero where the place is i; the lowest zero byte is found exactly. */
    uint64_t zero =
        pc_swar_below((pc_load64le(in) ^ PC_EACH_BYTE(i)) | others, 1);
    return zero ? in[extra + pc_ctz64(zero) / 8] : 0;
}

/* Frequency i alone, of the run of n at `in`. */
static inline uint32_t pc_docblock_freq_at(const uint8_t *in, uint32_t n,
                                           unsigned tf_bits, uint32_t i)
{
    unsigned width = PC_RUN_WIDTH(tf_bits), extra = PC_RUN_EXTRA(tf_bits);
    uint32_t v = pc_bitpack_at(in, i, width) + 1;
    if (extra)
        v += pc_run_extra_at(in + pc_bitpack_bytes(n, width), extra, i)
             << width;
    return v;
}

/* Those that `at` names, `count` of them; cheaper than all if they are few. */
void pc_docblock_freqs_at(uint32_t *out, const uint8_t *in, uint32_t n,
                          unsigned tf_bits, const uint32_t *at, uint32_t count);

#endif
