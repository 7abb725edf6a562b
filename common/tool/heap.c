/*
 * Settings of the heap.
 */
#include "common/tool/heap.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#define SHARE 32u
#define LEAST ((uint64_t)256 << 10)
#define MOST ((uint64_t)64 << 20)

void pc_heap_tune(uint64_t memory)
{
    uint64_t keep = (memory ? memory : (uint64_t)1 << 30) / SHARE;
    keep = keep < LEAST ? LEAST : keep > MOST ? MOST : keep;
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, (int)keep);
    (void)mallopt(M_TRIM_THRESHOLD, (int)(2 * keep));
#endif
}
