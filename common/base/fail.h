/*
 * Filling a parasol_error: the only place that formats error sentences.
 *
 * Usage: return pc_fail(err, PARASOL_CORRUPT, "%s: bad magic", name);
 */
#ifndef PARASOL_COMMON_BASE_FAIL_H
#define PARASOL_COMMON_BASE_FAIL_H

#include "common/base/base.h"

/* Fills *err (if not NULL) and returns `code`. */
int pc_fail(parasol_error *err, int code, const char *fmt, ...) PC_PRINTF(3, 4);

/* The same with a byte offset. */
int pc_fail_at(parasol_error *err, int code, uint64_t offset, const char *fmt,
               ...) PC_PRINTF(4, 5);

/* A system call failed with `os_errno`: appends ": " and the system's text.
   ENOMEM gives PARASOL_NOMEM, ENOSPC/EDQUOT/EFBIG PARASOL_FULL, ENOENT/ESTALE
   PARASOL_NOTFOUND, all else PARASOL_IO. Returns the code chosen. */
int pc_fail_os(parasol_error *err, int os_errno, const char *fmt, ...)
    PC_PRINTF(3, 4);

/* For a file that has to be there: of `rc`, which is returned, NOTFOUND becomes
   CORRUPT, or IO where the file system says that its handle is stale. The
   sentence, which names the file, stays. */
int pc_fail_lost(int rc, parasol_error *err);

/* Shorthand for PARASOL_NOMEM with its standard sentence. */
int pc_fail_nomem(parasol_error *err);

#endif
