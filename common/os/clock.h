/*
 * A clock for deadlines.
 */
#ifndef PARASOL_COMMON_OS_CLOCK_H
#define PARASOL_COMMON_OS_CLOCK_H

#include <stdint.h>

/* A clock that only goes on, in nanoseconds. Any thread. */
uint64_t pc_clock_now(void);

#endif
