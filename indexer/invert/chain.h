/*
 * Chain: the occurrences of one stem, appended as they come, in chunks of a
 * slab that double in size. All chains of an inverter grow side by side, so a
 * chain holds what an append needs in half a cache line.
 *
 * An occurrence is a varint (gap << 2 | new document << 1 | other form),
 * where gap counts from the position before in the document, from 0 for the
 * first. Behind it stand, each as a varint, the distance to the document
 * before (in the first, the number plus 1) if the document is new, and the
 * number of the form among the forms of the stem if that is not 0.
 */
#ifndef PARASOL_INDEXER_INVERT_CHAIN_H
#define PARASOL_INDEXER_INVERT_CHAIN_H

#include <stdbool.h>

#include "common/base/ints.h"
#include "indexer/invert/slab.h"

#define PI_CODE_FORM 1u
#define PI_CODE_DOC 2u
#define PI_CODE_SHIFT 2u

/* Longest code of one occurrence. */
#define PI_CODE_MAX 20u

/* Bytes of chunk number n of a chain, the address of the next one at its end
   included. */
#define PI_CHUNK_LEVELS 9u
#define PI_CHUNK_NEXT 4u
static inline uint32_t pi_chunk_bytes(uint32_t n)
{
    return 16u << (n < PI_CHUNK_LEVELS - 1 ? n : PI_CHUNK_LEVELS - 1);
}

typedef struct pi_chain {
    uint8_t *at;    /* where the next byte goes */
    uint32_t head;  /* address of the first chunk */
    uint32_t doc;   /* the last one, + 1; 0: the chain is empty */
    uint32_t pos;   /* the last one in doc */
    uint32_t bytes; /* in all chunks */
    uint32_t forms; /* the stem has */
    uint16_t room;  /* bytes from `at` to the address of the next chunk */
    uint16_t level; /* of the last chunk */
} pi_chain;

/* What pi_chain_put does where the code is long, or little room left. */
int pi_chain_put_slow(pi_chain *c, pi_slab *slab, uint32_t doc, uint32_t pos,
                      uint32_t form) PC_MUST_USE;

/* The bytes of the varint of v, below 2^28, lowest first; *n of them. */
static inline uint64_t pi_short_varint(uint32_t v, unsigned *n)
{
    if (v < 0x80) {
        *n = 1;
        return v;
    }
    uint32_t bytes = (v & 0x7F) | 0x80 | (v & 0x3F80) << 1;
    *n = 2;
    if (v < 0x4000)
        return bytes;
    *n = v < 0x200000 ? 3 : 4;
    bytes |= 0x8000 | (v & 0x1FC000) << 2 | (v & 0xFE00000) << 3;
    return v < 0x200000 ? bytes : bytes | 0x800000;
}

/* Appends an occurrence. PARASOL_OK, or PARASOL_NOMEM: out of memory, or
   4 GiB in one chain. Documents ascend, and positions within them. */
PC_MUST_USE static inline int pi_chain_put(pi_chain *c, pi_slab *slab,
                                           uint32_t doc, uint32_t pos,
                                           uint32_t form)
{
    unsigned n, more = 0;
    bool is_new = c->doc != doc + 1;
    uint32_t gap = is_new ? pos : pos - c->pos, step = doc + 1 - c->doc;
    if (PC_UNLIKELY((gap | step | form) >> (28 - PI_CODE_SHIFT)) ||
        c->room < 8 - PI_CHUNK_NEXT || c->bytes > UINT32_MAX - PI_CODE_MAX)
        return pi_chain_put_slow(c, slab, doc, pos, form);
    uint64_t code =
        pi_short_varint(gap << PI_CODE_SHIFT | (is_new ? PI_CODE_DOC : 0) |
                            (form ? PI_CODE_FORM : 0),
                        &n);
    if (is_new) {
        code |= pi_short_varint(step, &more) << 8 * n;
        n += more;
    }
    if (form) {
        uint64_t last = pi_short_varint(form, &more);
        if (n + more > 8)
            return pi_chain_put_slow(c, slab, doc, pos, form);
        code |= last << 8 * n;
        n += more;
    }
    if (n > c->room)
        return pi_chain_put_slow(c, slab, doc, pos, form);
    /* What is too much is written over, at the end of a chunk by the address
       of the next. */
    pc_store64le(c->at, code);
    c->at += n;
    c->room = (uint16_t)(c->room - n);
    c->bytes += n;
    c->doc = doc + 1;
    c->pos = pos;
    return PARASOL_OK;
}

/* Reads the bytes of a chain, a chunk at a time. */
typedef struct pi_chain_reader {
    const pi_slab *slab;
    uint32_t next; /* address of the next chunk */
    uint32_t level;
    uint32_t left; /* bytes not given out yet */
} pi_chain_reader;

void pi_chain_read(pi_chain_reader *r, const pi_chain *c, const pi_slab *slab);

/* The next bytes, borrowed from the slab; false at the end. */
bool pi_chain_next(pi_chain_reader *r, const uint8_t **bytes, uint32_t *n);

#endif
