/*
 * How long things take.
 */
#ifndef PARASOL_COMMON_TOOL_STOPWATCH_H
#define PARASOL_COMMON_TOOL_STOPWATCH_H

/* Seconds since some moment in the past, by a clock that nobody sets. */
double pc_stopwatch(void);

#endif
