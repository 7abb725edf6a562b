/*
 * Posting lists, writing side: the postings of one term after the other to
 * POSTINGS and POSITIONS, or into the dictionary entry if they are few.
 * Sticky status; one thread at a time.
 */
#ifndef PARASOL_INDEXER_WRITE_POST_WRITER_H
#define PARASOL_INDEXER_WRITE_POST_WRITER_H

#include <stdbool.h>

#include "common/codec/docblock.h"
#include "common/codec/termblock.h"
#include "indexer/write/out.h"
#include "indexer/write/spool.h"

typedef struct pi_post_writer {
    const float *damp; /* K of tf / (tf + K) for each norm, 256 of them */
    pi_spool postings, positions;
    /* The list being written: */
    uint32_t df, n, base;
    uint64_t ctf;
    uint32_t ids[PC_BLOCK], tfs[PC_BLOCK];
    uint8_t norms[PC_BLOCK];
    uint32_t *gaps; /* of all occurrences in the block */
    uint16_t *variants;
    size_t occurrences, gaps_cap, variants_cap;
    bool any_variant;
    /* Arrays over its blocks and superblocks; docs/format.md, "POSTINGS". */
    pc_buf last, data_off, pos_off, widths, peaks;
    pc_buf super_last, super_data, super_pos, super_peaks;
    pc_buf shares; /* of every posting, rounded down: u16 */
    pc_buf data, pos;
    uint64_t super_data_at, super_pos_at;
    uint16_t super_peak, whole_peak;
    bool wide_pos; /* an offset of positions does not fit in 16 bits */
    int status;
    const char *why; /* the limit, when the status is FULL */
} pi_post_writer;

/* `dir`, `mem` and `damp` are borrowed until release. */
void pi_post_writer_init(pi_post_writer *w, const char *dir, const pc_mem *mem,
                         const float damp[256]);
void pi_post_writer_release(pi_post_writer *w);

/* Starts a list. */
void pi_post_begin(pi_post_writer *w);

/*
 * Adds a document: ids ascend; `gaps` and `variants` have tf items, each gap
 * from the position before in the document, the first from 0.
 */
void pi_post_add(pi_post_writer *w, uint32_t doc, uint32_t tf, uint8_t norm,
                 const uint32_t *gaps, const uint16_t *variants);

/*
 * The same in two steps, for who makes the positions where they are wanted.
 * pi_post_room gives how many gaps (at pi_post_gaps) and variants (at
 * pi_post_variants) can be written for the next document, at least `tf`; 0
 * after a failure, of which pi_post_status tells. What was written stays when
 * more room is asked for. pi_post_put adds the document; where `any` is false
 * all its variants are 0, and need not have been written in a list where none
 * is anything else.
 */
static inline size_t pi_post_room(pi_post_writer *w, size_t tf);
static inline void pi_post_put(pi_post_writer *w, uint32_t doc, uint32_t tf,
                               uint8_t norm, bool any);

/* What pi_post_room does where a block or the room ends. */
size_t pi_post_room_slow(pi_post_writer *w, size_t tf);

static inline uint32_t *pi_post_gaps(const pi_post_writer *w)
{
    return w->gaps + w->occurrences;
}

static inline uint16_t *pi_post_variants(const pi_post_writer *w)
{
    return w->variants + w->occurrences;
}

static inline size_t pi_post_room(pi_post_writer *w, size_t tf)
{
    size_t cap = w->gaps_cap < w->variants_cap ? w->gaps_cap : w->variants_cap;
    if (PC_UNLIKELY(w->n == PC_BLOCK || w->occurrences + tf > cap ||
                    cap > UINT32_MAX || w->status))
        return pi_post_room_slow(w, tf);
    return cap - w->occurrences;
}

static inline void pi_post_put(pi_post_writer *w, uint32_t doc, uint32_t tf,
                               uint8_t norm, bool any)
{
    w->any_variant |= any;
    w->occurrences += tf;
    w->ids[w->n] = doc;
    w->tfs[w->n] = tf;
    w->norms[w->n] = norm;
    w->n++;
    w->df++;
    w->ctf += tf;
}

/* Ends the list (of at least one document) and fills the entry's flags TERM,
   INLINE, VARIANTS, its counts and its place or postings. */
void pi_post_end(pi_post_writer *w, pc_entry *e);

/* Between two lists: what went wrong, but for the spools, which tell of
   themselves (FULL, NOMEM); fills *err. */
int pi_post_status(pi_post_writer *w, parasol_error *err);

/* Writes both sections to `o`, whose status tells of every failure. */
void pi_post_writer_finish(pi_post_writer *w, pi_out *o);

#endif
