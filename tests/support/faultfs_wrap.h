/*
 * Between the two halves of faultfs.h: what the wrapped system calls ask, and
 * the system calls themselves under the names that the linker gives them.
 */
#ifndef PARASOL_TESTS_SUPPORT_FAULTFS_WRAP_H
#define PARASOL_TESTS_SUPPORT_FAULTFS_WRAP_H

#include <dirent.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "tests/support/faultfs.h"

/* The plan, if it is any business of this thread. */
faultfs *faultfs_active(void);

/* One operation and its record at a time. */
void faultfs_lock(void);
void faultfs_unlock(void);

/* Counts an operation and says what happens to it; may not return. Sets errno
   for FAULTFS_FAIL. faultfs_end is called when it is done. */
enum faultfs_what faultfs_decide(faultfs *f, enum faultfs_kind kind);
void faultfs_end(enum faultfs_what what);

/* Records an operation, if that is wanted. Keeps errno. */
void faultfs_note(const faultfs *f, enum faultfs_op op, uint64_t inode,
                  uint64_t off, int result, const char *path, const char *path2,
                  const void *data, size_t data_len);

/* The harness itself is broken. */
void faultfs_die(const char *what);

int __real_open(const char *path, int flags, ...);
int __real_openat(int at, const char *path, int flags, ...);
ssize_t __real_read(int fd, void *bytes, size_t n);
ssize_t __real_pread(int fd, void *bytes, size_t n, off_t off);
ssize_t __real_write(int fd, const void *bytes, size_t n);
ssize_t __real_pwrite(int fd, const void *bytes, size_t n, off_t off);
int __real_fsync(int fd);
int __real_fdatasync(int fd);
int __real_rename(const char *from, const char *to);
int __real_renameat(int at, const char *from, int to_at, const char *to);
int __real_unlink(const char *path);
int __real_unlinkat(int at, const char *path, int flags);
int __real_rmdir(const char *path);
int __real_link(const char *from, const char *to);
int __real_linkat(int at, const char *from, int to_at, const char *to,
                  int flags);
int __real_mkdir(const char *path, mode_t mode);
int __real_mkdirat(int at, const char *path, mode_t mode);
int __real_ftruncate(int fd, off_t size);
int __real_stat(const char *path, struct stat *st);
int __real_lstat(const char *path, struct stat *st);
int __real_fstat(int fd, struct stat *st);
int __real_fstatat(int at, const char *path, struct stat *st, int flags);
void *__real_mmap(void *p, size_t n, int access, int flags, int fd, off_t off);
int __real_flock(int fd, int how);
DIR *__real_fdopendir(int fd);
struct dirent *__real_readdir(DIR *dir);

#endif
