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
    const pc_poscode *code;
    const pc_poscode_ops *ops;
    const pc_possizes *sizes;
    const uint8_t *norms;  /* of the list's field; NULL: none */
    const uint16_t *usual; /* sizes of the block's codes; NULL: no table */
    uint32_t block;        /* UINT32_MAX: none open */
    uint32_t known;        /* documents whose sizes were added up */
    uint64_t end;          /* of the code of the last of them */
    /* The current document, in the block: */
    uint32_t doc, tf, bound;
    uint64_t bit;      /* where its code starts */
    uint32_t counted;  /* so many documents have */
    uint64_t before;   /* so many occurrences, for their variants */
    bool has_variants; /* `variants` is of the open block */
    pc_posblock unit;
    pc_variants variants;
} pc_pos_reader;

/* Borrows the list. */
void pc_pos_reader_init(pc_pos_reader *r, const pc_list *l);

/*
 * Goes to document i of block b, whose documents are `ids` and frequencies
 * `tfs`, both for the whole block. Its code lies in the file, so its frequency
 * is not above 8 for each byte of that, or PC_POS_FEW. Documents are best asked
 * for in order: each is found from the one before. CORRUPT.
 */
int pc_pos_reader_seek(pc_pos_reader *r, uint32_t b, uint32_t i,
                       const uint32_t *ids, const uint32_t *tfs,
                       parasol_error *err) PC_MUST_USE;

/* Fetches what opening block b will read first. */
void pc_pos_reader_fetch(const pc_pos_reader *r, uint32_t b);

/* All positions of the current document, into room for its frequency.
   They do not descend. CORRUPT. */
int pc_pos_reader_get(const pc_pos_reader *r, uint32_t *out,
                      parasol_error *err) PC_MUST_USE;

/* May pc_pos_reader_has be asked about the current document? */
static inline bool pc_pos_reader_can_test(const pc_pos_reader *r)
{
    return !r->list->is_inline && !r->unit.shared;
}

/* Is it one of the positions of the current document? Takes about as long as
   reading four. */
static inline bool pc_pos_reader_has(const pc_pos_reader *r, uint32_t pos)
{
    return r->ops->holds(r->code, r->unit.codes, r->bit, r->end, r->tf,
                         r->bound, pos);
}

/*
 * Where the positions of a document are: what a reader knows of its current
 * one, to be read later, when many others have been looked for and what lies
 * there has been fetched. Borrows from the file.
 */
typedef struct pc_pos_spot {
    const uint8_t *codes; /* NULL: in the dictionary */
    uint64_t bit;
    uint32_t bits; /* of the code; of a list in the dictionary its document */
    uint32_t tf, bound;
    bool shared; /* positions may occur twice */
} pc_pos_spot;

/* The spot of the current document. */
pc_pos_spot pc_pos_reader_spot(const pc_pos_reader *r);

/* The spots of n ascending documents of block b, which are there at[i]; `ids`
   and `tfs` as for pc_pos_reader_seek. Fetches the codes. The reader then has
   no current document. CORRUPT. */
int pc_pos_reader_spots(pc_pos_reader *r, uint32_t b, const uint32_t *at,
                        uint32_t n, const uint32_t *ids, const uint32_t *tfs,
                        pc_pos_spot *out, parasol_error *err) PC_MUST_USE;

/* As pc_pos_reader_get, of a document of the reader's list. */
int pc_pos_spot_get(const pc_pos_reader *r, const pc_pos_spot *s, uint32_t *out,
                    parasol_error *err) PC_MUST_USE;

/* May pc_pos_spot_has be asked? */
static inline bool pc_pos_spot_can_test(const pc_pos_spot *s)
{
    return s->codes && !s->shared;
}

/* As pc_pos_reader_has. */
static inline bool pc_pos_spot_has(const pc_pos_reader *r, const pc_pos_spot *s,
                                   uint32_t pos)
{
    return r->ops->holds(r->code, s->codes, s->bit, s->bit + s->bits, s->tf,
                         s->bound, pos);
}

/* The variant of occurrence k of the current document; `ids` and `tfs` as
   before. Cheap when asked in order: a block is read from its start. */
uint32_t pc_pos_reader_variant(pc_pos_reader *r, const uint32_t *ids,
                               const uint32_t *tfs, uint32_t k);

/* The variants of all occurrences of the current document, into room for its
   frequency; `ids` and `tfs` as before. */
void pc_pos_reader_variants(pc_pos_reader *r, const uint32_t *ids,
                            const uint32_t *tfs, uint16_t *out);

#endif
