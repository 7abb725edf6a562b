/*
 * How the C library's heap behaves in programs that index.
 */
#ifndef PARASOL_COMMON_TOOL_HEAP_H
#define PARASOL_COMMON_TOOL_HEAP_H

#include <stdint.h>

/*
 * Buffers of some megabytes that come and go stay in the heap. Handing each
 * back to the system interrupts all processors that run a thread of the program
 * (their address translations change), which costs more than the memory is
 * worth. How much stays follows from `memory`, what the program may use, 0: a
 * gibibyte. Call it before threads start; it does nothing with other C
 * libraries.
 */
void pc_heap_tune(uint64_t memory);

#endif
