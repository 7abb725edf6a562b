/*
 * The only file that may call malloc.
 */
#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/ints.h"

void *pc_resize(const pc_mem *mem, void *ptr, size_t n, size_t size)
{
    size_t bytes;
    if (!pc_mul(n, size, &bytes))
        return NULL;
    if (bytes == 0)
        bytes = 1;
    if (mem && mem->resize)
        return mem->resize(ptr, bytes, mem->user);
    return realloc(ptr, bytes);
}

void *pc_alloc(const pc_mem *mem, size_t n, size_t size)
{
    return pc_resize(mem, NULL, n, size);
}

void *pc_zalloc(const pc_mem *mem, size_t n, size_t size)
{
    size_t bytes;
    if (!pc_mul(n, size, &bytes))
        return NULL;
    if (!mem || !mem->resize)
        return calloc(bytes ? bytes : 1, 1);
    void *p = pc_alloc(mem, n, size);
    if (p)
        memset(p, 0, bytes);
    return p;
}

void pc_free(const pc_mem *mem, void *ptr)
{
    if (!ptr)
        return;
    if (mem && mem->release)
        mem->release(ptr, mem->user);
    else
        free(ptr);
}

int pc_grow(const pc_mem *mem, void **ptr, size_t *cap, size_t need,
            size_t size)
{
    if (need <= *cap)
        return PARASOL_OK;
    size_t want = *cap < 8 ? 8 : *cap;
    while (want < need) {
        if (!pc_mul(want, 2, &want))
            return PARASOL_NOMEM;
    }
    void *p = pc_resize(mem, *ptr, want, size);
    if (!p)
        return PARASOL_NOMEM;
    *ptr = p;
    *cap = want;
    return PARASOL_OK;
}
