/*
 * Slab: many small pieces of memory with addresses of four bytes, given back
 * all together. Pieces are packed closely, on multiples of four bytes, in
 * blocks that are large enough for the system to take them back.
 *
 * One thread at a time.
 */
#ifndef PARASOL_INDEXER_INVERT_SLAB_H
#define PARASOL_INDEXER_INVERT_SLAB_H

#include "common/base/mem.h"

#define PI_SLAB_BITS 16u /* units of a block */
#define PI_SLAB_UNIT 4u  /* bytes */
#define PI_SLAB_BLOCK ((size_t)PI_SLAB_UNIT << PI_SLAB_BITS)

/* No piece has this address. */
#define PI_SLAB_NONE UINT32_MAX

typedef struct pi_slab {
    const pc_mem *mem;
    uint8_t **blocks;
    size_t n_blocks, blocks_cap;
    uint32_t used; /* units of the last block */
} pi_slab;

/* An empty slab; nothing is allocated yet. */
void pi_slab_init(pi_slab *s, const pc_mem *mem);
void pi_slab_release(pi_slab *s);

/* `bytes` (at most PI_SLAB_BLOCK), not initialised. PI_SLAB_NONE when out of
   memory or after 16 GiB. */
uint32_t pi_slab_take(pi_slab *s, size_t bytes);

/* Bytes in use, and of the table of blocks. */
size_t pi_slab_memory(const pi_slab *s);

static inline uint8_t *pi_slab_at(const pi_slab *s, uint32_t address)
{
    return s->blocks[address >> PI_SLAB_BITS] +
           (size_t)(address & ((1u << PI_SLAB_BITS) - 1)) * PI_SLAB_UNIT;
}

#endif
