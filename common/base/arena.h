/*
 * Bump arena: many small allocations, freed together. With
 * PARASOL_ARENA_DEBUG each allocation is a block of its own, so that the
 * address sanitizer sees overruns between neighbours.
 */
#ifndef PARASOL_COMMON_BASE_ARENA_H
#define PARASOL_COMMON_BASE_ARENA_H

#include "common/base/mem.h"

typedef struct pc_arena_chunk pc_arena_chunk;

typedef struct pc_arena {
    const pc_mem *mem;
    pc_arena_chunk *head; /* the chunk being filled */
    uint8_t *at;
    uint8_t *end;
    size_t chunk_size; /* of the next chunk */
    size_t total;      /* bytes obtained from mem */
} pc_arena;

/* An empty arena; nothing is allocated yet. chunk_size 0 means 64 KiB. */
void pc_arena_init(pc_arena *a, const pc_mem *mem, size_t chunk_size);

/* `size` bytes aligned for any scalar type, not initialised; NULL when out
   of memory. Borrowed until pc_arena_clear or pc_arena_release. */
void *pc_arena_alloc(pc_arena *a, size_t size);

/* n zeroed items of `size` bytes; NULL when out of memory or on overflow. */
void *pc_arena_zalloc(pc_arena *a, size_t n, size_t size);

/* Copy of n bytes with a zero byte behind it; NULL when out of memory. */
char *pc_arena_copy(pc_arena *a, const void *bytes, size_t n);

/* Forgets everything but keeps one chunk for reuse. */
void pc_arena_clear(pc_arena *a);

/* Gives all memory back; the arena is as after init. */
void pc_arena_release(pc_arena *a);

#endif
