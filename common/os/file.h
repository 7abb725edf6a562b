/*
 * Files and directories: the only place, with map.c and lock.c, where the
 * system is called. Every function retries what a signal interrupted,
 * finishes what the system did in part, and names the path in its error.
 *
 * All paths are zero-terminated and borrowed for the call. Common errors, by
 * pc_fail_os: NOTFOUND (no such file, or none any more), FULL (no space),
 * NOMEM, IO (all else). Any thread may call anything here.
 */
#ifndef PARASOL_COMMON_OS_FILE_H
#define PARASOL_COMMON_OS_FILE_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/buf.h"

/* Opens for reading; *fd is owned by the caller (pc_file_close). Never waits
   for the other end of a pipe. */
int pc_file_open(int *fd, const char *path, parasol_error *err) PC_MUST_USE;

/* Opens for reading what may be a pipe: waits until somebody has opened its
   other end, as reading then waits. *fd is owned by the caller. */
int pc_file_open_stream(int *fd, const char *path,
                        parasol_error *err) PC_MUST_USE;

/* Creates for reading and writing; IO if anything of that name exists, be it
   a symbolic link. *fd is owned by the caller (pc_file_close). */
int pc_file_create(int *fd, const char *path, parasol_error *err) PC_MUST_USE;

/*
 * Opens a regular file for appending, never through a symbolic link, and makes
 * it when missing. *cut tells whether its last byte is no line end. *fd is
 * owned by the caller (pc_file_close).
 */
int pc_file_append(int *fd, bool *cut, const char *path,
                   parasol_error *err) PC_MUST_USE;

/* Closes; accepts -1. Nothing is lost after pc_file_sync, so that there is no
   error to report. */
void pc_file_close(int fd);

/* Writes all `n` bytes at the file's position. `path` is for the error. */
int pc_file_write(int fd, const void *bytes, size_t n, const char *path,
                  parasol_error *err) PC_MUST_USE;

/* Reads up to `n` bytes at the file's position, fewer only at its end; *got is
   how many. Waits where the file is a pipe. */
int pc_file_next(int fd, void *bytes, size_t n, size_t *got, const char *path,
                 parasol_error *err) PC_MUST_USE;

/* Reads exactly `n` bytes from `off`; IO when the file ends before. */
int pc_file_pread(int fd, void *bytes, size_t n, uint64_t off, const char *path,
                  parasol_error *err) PC_MUST_USE;

/* Makes the content of the file durable (fsync). */
int pc_file_sync(int fd, const char *path, parasol_error *err) PC_MUST_USE;

/* Size in bytes; IO unless it is a regular file. */
int pc_file_size(int fd, uint64_t *size, const char *path,
                 parasol_error *err) PC_MUST_USE;

/* Size in bytes of the regular file of that name, without opening it. */
int pc_file_size_of(const char *path, uint64_t *size,
                    parasol_error *err) PC_MUST_USE;

/* Appends the whole of a regular file to *out; FULL when it is larger than
   `limit` bytes. On error *out keeps the length it had. */
int pc_file_read(pc_buf *out, const char *path, uint64_t limit,
                 parasol_error *err) PC_MUST_USE;

/* Gives `from` the name `to`, replacing what had it, atomically. */
int pc_file_rename(const char *from, const char *to,
                   parasol_error *err) PC_MUST_USE;

/* Gives the file `from` the second name `to`; IO when that is taken, and where
   the two cannot be one file. */
int pc_file_link(const char *from, const char *to,
                 parasol_error *err) PC_MUST_USE;

/* May be called without a look at the status: often best effort. */
int pc_file_unlink(const char *path, parasol_error *err);

/* Makes the directory; *made (may be NULL) is false when one was there.
   IO when the name belongs to something else; NOTFOUND without a parent. */
int pc_dir_make(const char *path, bool *made, parasol_error *err) PC_MUST_USE;

/* Removes an empty directory. As pc_file_unlink. */
int pc_dir_remove(const char *path, parasol_error *err);

/* Makes the names in the directory durable: creations, renames, removals. */
int pc_dir_sync(const char *path, parasol_error *err) PC_MUST_USE;

/*
 * The names in the directory open as `fd`, without "." and "..", in no order.
 * `fd` is taken in any case; below 0, errno tells why. The array and the names,
 * zero-terminated, live in the arena. Returns 0 or an errno.
 */
int pc_dir_names(pc_str **names, size_t *n, int fd,
                 pc_arena *arena) PC_MUST_USE;

/*
 * The names in the directory, without "." and "..", in byte order. The array
 * and the zero-terminated names are borrowed until the arena is cleared.
 * Names that come or go during the call may be seen or not.
 * Cost: reads the directory, n log n comparisons.
 */
int pc_dir_list(pc_str **names, size_t *n, const char *path, pc_arena *arena,
                parasol_error *err) PC_MUST_USE;

#endif
