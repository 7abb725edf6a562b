/*
 * The clock that only goes forward.
 */
#include "common/tool/stopwatch.h"

#include <time.h>

double pc_stopwatch(void)
{
    struct timespec t = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
