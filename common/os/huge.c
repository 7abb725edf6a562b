/*
 * Large pages. The C library maps a block of this size for itself, so what is
 * advised concerns nobody else.
 */
#if defined(__linux__)
#define _DEFAULT_SOURCE /* madvise */
#endif

#include "common/os/huge.h"

#include <sys/mman.h>

#define LARGE_PAGE ((uintptr_t)2 << 20)

void pc_huge_advise(const pc_mem *mem, void *block, size_t bytes)
{
    if (!block || bytes < PC_HUGE_LEAST || (mem && mem->resize))
        return;
#if defined(MADV_HUGEPAGE)
    /* The whole pages inside it. */
    uintptr_t start = ((uintptr_t)block + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
    uintptr_t end = ((uintptr_t)block + bytes) & ~(LARGE_PAGE - 1);
    uint8_t *first = (uint8_t *)block + (start - (uintptr_t)block);
    if (start < end)
        (void)madvise(first, end - start, MADV_HUGEPAGE);
#endif
}
