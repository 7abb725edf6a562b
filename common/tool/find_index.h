/*
 * Which index a command means when it is not told.
 */
#ifndef PARASOL_COMMON_TOOL_FIND_INDEX_H
#define PARASOL_COMMON_TOOL_FIND_INDEX_H

#include <stddef.h>

/* Bytes for a path, with its zero. */
#define PC_PATH_BYTES 4096

/*
 * Writes the path of the index to `out`, of PC_PATH_BYTES: `given` if not
 * NULL; else the variable PARASOL_INDEX; else the first folder .parasol found
 * from the current directory upwards. A path may name the index or the folder
 * that holds it.
 * Returns an exit status; if it is not 0, a sentence has gone to stderr.
 */
int pc_find_index(const char *given, char *out);

#endif
