/*
 * Large pages for memory that is read and written all over: fewer faults when
 * it is touched first, and fewer misses when addresses are looked up.
 */
#ifndef PARASOL_COMMON_OS_HUGE_H
#define PARASOL_COMMON_OS_HUGE_H

#include "common/base/mem.h"

/* A block needs so many bytes to have whole large pages in it. */
#define PC_HUGE_LEAST ((size_t)4 << 20)

/* Advises the system to back the block with large pages; it may know none.
   Without effect on smaller blocks and on memory of an allocator of the
   caller's. */
void pc_huge_advise(const pc_mem *mem, void *block, size_t bytes);

#endif
