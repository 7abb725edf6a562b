/*
 * A segment opened for reading: its dictionary, lists, norms, columns
 * and store.
 * Read-only and safe for any number of threads.
 * Format: docs/format.md, "Segments".
 */
#ifndef PARASOL_COMMON_SEGMENT_SEG_H
#define PARASOL_COMMON_SEGMENT_SEG_H

#include <stdatomic.h>

#include "common/codec/bitpack.h"
#include "common/segment/columns.h"
#include "common/segment/dict.h"
#include "common/segment/fields.h"
#include "common/segment/positions.h"
#include "common/segment/seg_languages.h"
#include "common/segment/store.h"

/* The order in which documents were added, where the segment has another. */
typedef struct pc_ranks {
    const uint8_t *packed; /* rank of each document */
    unsigned width;        /* bits of one; 0: documents are in that order */
} pc_ranks;

typedef struct pc_seg {
    const pc_mem *mem;
    atomic_uint refs;
    pc_sealed *file;
    uint32_t docs;
    uint64_t lengths[PC_FIELD_COUNT]; /* tokens of all documents */
    /* K by norm for PC_FIELD_TEXT, usual parameters, the segment's own average:
       what the peaks of its lists refer to. */
    float damp[256];
    pc_dict dict;
    pc_lists lists;
    pc_section norms; /* field after field, one byte a document */
    pc_store store;
    pc_ranks ranks;
    pc_columns columns;
    pc_seg_languages languages;
} pc_seg;

/* Opens the file. *out is owned by the caller (pc_seg_close); `mem` is
   borrowed. Errors: as pc_sealed_open. */
int pc_seg_open(pc_seg **out, const char *path, const pc_mem *mem,
                parasol_error *err) PC_MUST_USE;

/* The same for a file that is open. `file` is taken, also on error. */
int pc_seg_take(pc_seg **out, pc_sealed *file, const pc_mem *mem,
                parasol_error *err) PC_MUST_USE;

/* One more owner, who closes it, too. Any thread. Returns s. */
pc_seg *pc_seg_keep(pc_seg *s);

/* Gives one owner's part back; the last one's closes the file. Accepts NULL. */
void pc_seg_close(pc_seg *s);

/*
 * The norms of a field, one byte a document, every page verified (once per
 * open). Borrowed from the segment; NULL for PC_FIELD_TITLE when no title has
 * a token. CORRUPT.
 */
int pc_seg_norms(const pc_seg *s, uint8_t field, const uint8_t **out,
                 parasol_error *err) PC_MUST_USE;

/* Verifies the pages of the ranks, which pc_seg_rank needs. CORRUPT. */
int pc_seg_ranks(const pc_seg *s, parasol_error *err) PC_MUST_USE;

/* The place of a document among those of the segment in the order in which
   they were added; below `docs` unless the file lies. */
static inline uint32_t pc_seg_rank(const pc_seg *s, uint32_t doc)
{
    return s->ranks.width ? pc_bitpack_at(s->ranks.packed, doc, s->ranks.width)
                          : doc;
}

/* Fills out[rank] with the document of each rank. CORRUPT when a rank is
   missing. */
int pc_seg_by_rank(const pc_seg *s, uint32_t *out,
                   parasol_error *err) PC_MUST_USE;

#endif
