/*
 * Where something is.
 */
#ifndef PARASOL_COMMON_OS_PATH_H
#define PARASOL_COMMON_OS_PATH_H

#include "common/base/buf.h"

/* Replaces *out by the absolute path of a file or folder that is there, without
   links, zero-terminated; the zero is not counted. */
int pc_path_real(pc_buf *out, const char *path, parasol_error *err) PC_MUST_USE;

#endif
