/*
 * Slabs.
 */
#include "indexer/invert/slab.h"

#include <stdbool.h>

#include "common/os/huge.h"

#define UNITS (1u << PI_SLAB_BITS)

/* The addresses of the last block would reach PI_SLAB_NONE. */
#define BLOCKS_MAX ((size_t)UINT16_MAX)

void pi_slab_init(pi_slab *s, const pc_mem *mem)
{
    *s = (pi_slab){.mem = mem, .used = UNITS};
}

/* When there are so many blocks, they are allocated several at a time, so that
   large pages fit into them. What of these is not used yet is a small part of
   what is. */
#define MANY_BLOCKS ((size_t)128)
#define AT_A_TIME ((size_t)32)

/* Does a piece of memory of its own begin with the block? */
static bool is_first(size_t block)
{
    return block < MANY_BLOCKS || (block - MANY_BLOCKS) % AT_A_TIME == 0;
}

void pi_slab_release(pi_slab *s)
{
    for (size_t i = 0; i < s->n_blocks; i++) {
        if (is_first(i))
            pc_free(s->mem, s->blocks[i]);
    }
    pc_free(s->mem, s->blocks);
    pi_slab_init(s, s->mem);
}

static int add_block(pi_slab *s)
{
    if (s->n_blocks == BLOCKS_MAX ||
        pc_grow(s->mem, (void **)&s->blocks, &s->blocks_cap, s->n_blocks + 1,
                sizeof *s->blocks))
        return PARASOL_NOMEM;
    size_t i = s->n_blocks;
    if (!is_first(i)) {
        s->blocks[i] = s->blocks[i - 1] + PI_SLAB_BLOCK;
    } else {
        size_t n = i < MANY_BLOCKS ? 1 : AT_A_TIME;
        s->blocks[i] = pc_alloc(s->mem, n, PI_SLAB_BLOCK);
        if (!s->blocks[i])
            return PARASOL_NOMEM;
        pc_huge_advise(s->mem, s->blocks[i], n * PI_SLAB_BLOCK);
    }
    s->n_blocks++;
    s->used = 0;
    return PARASOL_OK;
}

uint32_t pi_slab_take(pi_slab *s, size_t bytes)
{
    size_t units = (bytes + PI_SLAB_UNIT - 1) / PI_SLAB_UNIT;
    if (bytes > PI_SLAB_BLOCK)
        return PI_SLAB_NONE;
    if (units > UNITS - s->used && add_block(s))
        return PI_SLAB_NONE;
    uint32_t address = (uint32_t)((s->n_blocks - 1) << PI_SLAB_BITS) + s->used;
    s->used += (uint32_t)units;
    return address;
}

size_t pi_slab_memory(const pi_slab *s)
{
    size_t table = s->blocks_cap * sizeof *s->blocks;
    if (s->n_blocks == 0)
        return table;
    return table + (s->n_blocks - 1) * PI_SLAB_BLOCK +
           (size_t)s->used * PI_SLAB_UNIT;
}
