/*
 * How long things take.
 */
#ifndef PARASOL_COMMON_TOOL_CLOCK_H
#define PARASOL_COMMON_TOOL_CLOCK_H

/* Seconds since some moment in the past, by a clock that nobody sets. */
double pc_clock(void);

#endif
