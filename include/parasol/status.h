/*
 * Status codes and the error a caller may pass in to learn the details.
 *
 * Every function that can fail returns an int: PARASOL_OK (0) or one of the
 * negative codes below. The list only grows; numbers never change.
 */
#ifndef PARASOL_STATUS_H
#define PARASOL_STATUS_H

#include <stddef.h>
#include <stdint.h>

#include <parasol/version.h>

#define PARASOL_OK 0

/* X(name, number, sentence) */
#define PARASOL_STATUS_MAP(X)                                                  \
    X(NOMEM, -1, "out of memory")                                              \
    X(IO, -2, "the operating system refused to read or write")                 \
    X(CORRUPT, -3, "the index is damaged")                                     \
    X(VERSION, -4, "the index was written by another version")                 \
    X(LOCKED, -5, "another program is writing this index")                     \
    X(QUERY, -6, "the query is not valid")                                     \
    X(ARG, -7, "an argument is not valid")                                     \
    X(NOTFOUND, -8, "not found")                                               \
    X(FULL, -9, "no space left, or a limit of the format is reached")          \
    X(INTERNAL, -10, "internal error: please report it")                       \
    X(DECODE, -11, "the document cannot be decoded as text")

enum parasol_status {
#define PARASOL_STATUS_ENUM(name, number, sentence) PARASOL_##name = (number),
    PARASOL_STATUS_MAP(PARASOL_STATUS_ENUM)
#undef PARASOL_STATUS_ENUM
        PARASOL_STATUS_LAST_ = -1000 /* keeps the list open; not a status */
};

/* No offset is known. */
#define PARASOL_NO_OFFSET UINT64_MAX

/*
 * Details of the last failure. The caller owns it and may pass NULL instead.
 * A function that succeeds leaves it untouched. `message` is one sentence in
 * UTF-8 that names the file, offset or byte concerned, without a final dot.
 */
typedef struct parasol_error {
    int code;           /* the status returned, or PARASOL_OK */
    int os_errno;       /* errno of the system call that failed, or 0 */
    uint64_t offset;    /* byte in the file or query, or PARASOL_NO_OFFSET */
    char message[1024]; /* zero-terminated sentence */
} parasol_error;

#ifdef __cplusplus
extern "C" {
#endif

/* The general sentence of a status code. Borrowed for ever; never NULL, also
   for a number that is no status; any thread. */
PARASOL_API const char *parasol_status_str(int status);

#ifdef __cplusplus
}
#endif
#endif
