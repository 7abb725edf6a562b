/*
 * Error sentences. Never prints, never keeps state.
 */
#include "common/base/fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(parasol_error *err, int code, uint64_t offset, int os_errno,
                 const char *fmt, va_list ap) PC_PRINTF(5, 0);

static void fill(parasol_error *err, int code, uint64_t offset, int os_errno,
                 const char *fmt, va_list ap)
{
    err->code = code;
    err->os_errno = os_errno;
    err->offset = offset;
    (void)vsnprintf(err->message, sizeof err->message, fmt, ap);
    if (os_errno == 0)
        return;
    size_t used = strlen(err->message);
    char text[128] = "unknown error";
    (void)strerror_r(os_errno, text, sizeof text);
    (void)snprintf(err->message + used, sizeof err->message - used, ": %s",
                   text);
}

int pc_fail(parasol_error *err, int code, const char *fmt, ...)
{
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        fill(err, code, PARASOL_NO_OFFSET, 0, fmt, ap);
        va_end(ap);
    }
    return code;
}

int pc_fail_at(parasol_error *err, int code, uint64_t offset, const char *fmt,
               ...)
{
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        fill(err, code, offset, 0, fmt, ap);
        va_end(ap);
    }
    return code;
}

static int code_of_errno(int e)
{
    switch (e) {
    case ENOMEM: return PARASOL_NOMEM;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return PARASOL_FULL;
    case ENOENT:
    case ESTALE: return PARASOL_NOTFOUND; /* removed by another machine */
    default: return PARASOL_IO;
    }
}

int pc_fail_os(parasol_error *err, int os_errno, const char *fmt, ...)
{
    int code = code_of_errno(os_errno);
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        fill(err, code, PARASOL_NO_OFFSET, os_errno, fmt, ap);
        va_end(ap);
    }
    return code;
}

int pc_fail_lost(int rc, parasol_error *err)
{
    if (rc != PARASOL_NOTFOUND)
        return rc;
    rc = err && err->os_errno == ESTALE ? PARASOL_IO : PARASOL_CORRUPT;
    if (err)
        err->code = rc;
    return rc;
}

int pc_fail_nomem(parasol_error *err)
{
    return pc_fail(err, PARASOL_NOMEM, "out of memory");
}

const char *parasol_status_str(int status)
{
    switch (status) {
    case PARASOL_OK: return "success";
#define STATUS_CASE(name, number, sentence)                                    \
    case number: return sentence;
        PARASOL_STATUS_MAP(STATUS_CASE)
#undef STATUS_CASE
    default: return "unknown status";
    }
}

const char *parasol_version(void)
{
    return PARASOL_VERSION_STRING;
}
