/*
 * Ctrl-C and kill in programs that clean up before they end: the signal sets a
 * flag, and what takes long looks at it.
 */
#ifndef PARASOL_COMMON_TOOL_INTERRUPT_H
#define PARASOL_COMMON_TOOL_INTERRUPT_H

#include <stdbool.h>

/*
 * From now on SIGINT and SIGTERM make pc_interrupted() true; a second one ends
 * the program on the spot. `also`, if not NULL, is called by the handler after
 * that: it may call what a handler may, and errno is kept for it. Call it once,
 * before threads start.
 */
void pc_interrupt_catch(void (*also)(void));

/* Has there been such a signal? False if nobody asked to catch them. */
bool pc_interrupted(void);

#endif
