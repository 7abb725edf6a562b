/*
 * The monotonic clock of POSIX.
 */
#include "common/os/clock.h"

#include <time.h>

uint64_t pc_clock_now(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}
