/*
 * Allocation through a parasol_allocator. mem.c is the one file that may
 * call malloc. NULL as allocator means the C library's.
 */
#ifndef PARASOL_COMMON_BASE_MEM_H
#define PARASOL_COMMON_BASE_MEM_H

#include <parasol/alloc.h>

#include "common/base/base.h"

typedef parasol_allocator pc_mem;

/* n items of `size` bytes, not initialised; NULL when out of memory or when
   n * size overflows. n * size may be 0: a block that must be freed. */
void *pc_alloc(const pc_mem *mem, size_t n, size_t size);

/* The same, filled with zero bytes. */
void *pc_zalloc(const pc_mem *mem, size_t n, size_t size);

/* Resizes to n items; NULL leaves the old block valid. `ptr` may be NULL. */
void *pc_resize(const pc_mem *mem, void *ptr, size_t n, size_t size);

/* Accepts NULL. */
void pc_free(const pc_mem *mem, void *ptr);

/* Grows *ptr (an array of *cap items of `size` bytes) so that it holds at
   least `need` items, doubling. PARASOL_OK or PARASOL_NOMEM. */
int pc_grow(const pc_mem *mem, void **ptr, size_t *cap, size_t need,
            size_t size) PC_MUST_USE;

#endif
