/*
 * realpath() is POSIX of 2008, but glibc declares it for XSI only.
 */
#define _XOPEN_SOURCE 700 /* NOLINT: the name is given */

#include "common/os/path.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "common/base/fail.h"

int pc_path_real(pc_buf *out, const char *path, parasol_error *err)
{
    char real[PATH_MAX];
    pc_buf_clear(out);
    if (!realpath(path, real))
        return pc_fail_os(err, errno, "cannot find %s", path);
    pc_buf_put(out, real, strlen(real) + 1);
    if (out->status)
        return pc_fail_nomem(err);
    out->len--;
    return PARASOL_OK;
}
