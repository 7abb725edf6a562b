/*
 * Where memory comes from. An allocator is passed at open and kept for the
 * life of the object; NULL means the C library's.
 */
#ifndef PARASOL_ALLOC_H
#define PARASOL_ALLOC_H

#include <stddef.h>

/*
 * `resize` has the contract of realloc: `ptr` NULL allocates `size` bytes,
 * and NULL is returned when there is no memory (the old block stays valid).
 * `size` is never 0. Blocks are aligned for any type. `release` accepts NULL.
 * Both may be called from any thread that uses the object they were given to.
 */
typedef struct parasol_allocator {
    void *(*resize)(void *ptr, size_t size, void *user);
    void (*release)(void *ptr, void *user);
    void *user; /* handed back to both; not owned */
} parasol_allocator;

#endif
