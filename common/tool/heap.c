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
/* Below, what threads free is not kept apart for each: threads that wait for
   each other cost less than memory that only one of them can have again. */
#define TIGHT ((uint64_t)256 << 20)

void pc_heap_tune(uint64_t memory)
{
    uint64_t keep = (memory ? memory : (uint64_t)1 << 30) / SHARE;
    keep = keep < LEAST ? LEAST : keep > MOST ? MOST : keep;
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, (int)keep);
    (void)mallopt(M_TRIM_THRESHOLD, (int)(2 * keep));
    if (memory > 0 && memory < TIGHT)
        (void)mallopt(M_ARENA_MAX, 1);
#endif
}
