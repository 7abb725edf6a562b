/*
 * Bump arena over a list of chunks.
 */
#include "common/base/arena.h"

#include <string.h>

#include "common/base/ints.h"

#define ALIGN 16u

struct pc_arena_chunk {
    pc_arena_chunk *next;
    size_t size; /* usable bytes after the header */
};

_Static_assert(sizeof(pc_arena_chunk) % ALIGN == 0, "chunk header alignment");

void pc_arena_init(pc_arena *a, const pc_mem *mem, size_t chunk_size)
{
    *a = (pc_arena){.mem = mem, .chunk_size = chunk_size ? chunk_size : 65536};
}

static void *new_chunk(pc_arena *a, size_t size)
{
    size_t bytes;
    if (!pc_add(size, sizeof(pc_arena_chunk), &bytes))
        return NULL;
    pc_arena_chunk *c = pc_alloc(a->mem, 1, bytes);
    if (!c)
        return NULL;
    c->size = size;
    a->total += bytes;
    return c;
}

void *pc_arena_alloc(pc_arena *a, size_t size)
{
    if (size > SIZE_MAX - ALIGN)
        return NULL;
    if (size == 0)
        size = 1; /* an address, not NULL, also from an empty arena */
#ifndef PARASOL_ARENA_DEBUG
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (size <= (size_t)(a->end - a->at)) {
        void *p = a->at;
        a->at += size;
        return p;
    }
    if (size < a->chunk_size / 4) {
        pc_arena_chunk *c = new_chunk(a, a->chunk_size);
        if (!c)
            return NULL;
        c->next = a->head;
        a->head = c;
        a->at = (uint8_t *)(c + 1) + size;
        a->end = (uint8_t *)(c + 1) + c->size;
        return c + 1;
    }
#endif
    /* A large item gets a chunk of its own, behind the one being filled. */
    pc_arena_chunk *c = new_chunk(a, size);
    if (!c)
        return NULL;
    if (a->head) {
        c->next = a->head->next;
        a->head->next = c;
    } else {
        c->next = NULL;
        a->head = c;
        a->at = a->end = (uint8_t *)(c + 1) + size;
    }
    return c + 1;
}

void *pc_arena_zalloc(pc_arena *a, size_t n, size_t size)
{
    size_t bytes;
    if (!pc_mul(n, size, &bytes))
        return NULL;
    void *p = pc_arena_alloc(a, bytes);
    if (p)
        memset(p, 0, bytes);
    return p;
}

char *pc_arena_copy(pc_arena *a, const void *bytes, size_t n)
{
    if (n == SIZE_MAX)
        return NULL;
    char *p = pc_arena_alloc(a, n + 1);
    if (!p)
        return NULL;
    if (n)
        memcpy(p, bytes, n);
    p[n] = 0;
    return p;
}

static void free_chunks(pc_arena *a, pc_arena_chunk *c)
{
    while (c) {
        pc_arena_chunk *next = c->next;
        pc_free(a->mem, c);
        c = next;
    }
}

void pc_arena_clear(pc_arena *a)
{
    pc_arena_chunk *keep = a->head;
    if (!keep)
        return;
    free_chunks(a, keep->next);
    keep->next = NULL;
    a->total = keep->size + sizeof *keep;
    a->at = (uint8_t *)(keep + 1);
    a->end = a->at + keep->size;
#ifdef PARASOL_ARENA_DEBUG
    pc_arena_release(a);
#endif
}

void pc_arena_release(pc_arena *a)
{
    free_chunks(a, a->head);
    pc_arena_init(a, a->mem, a->chunk_size);
}
