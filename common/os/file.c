/*
 * Files and directories over POSIX. Holds every system call that changes the
 * file system; knows nothing of what is in the files.
 */
#include "common/os/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/fail.h"
#include "common/base/ints.h"

/* Linux writes and reads at most this much at a time. */
#define ONE_CALL ((size_t)1 << 30)

static int open_retry(const char *path, int flags, mode_t mode)
{
    int fd;
    do
        fd = open(path, flags | O_CLOEXEC | O_NOCTTY, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

static int open_to_read(int *fd, const char *path, int flags,
                        parasol_error *err)
{
    int got = open_retry(path, O_RDONLY | flags, 0);
    if (got < 0)
        return pc_fail_os(err, errno, "cannot open %s", path);
    *fd = got;
    return PARASOL_OK;
}

int pc_file_open(int *fd, const char *path, parasol_error *err)
{
    /* O_NONBLOCK means nothing to a regular file; it keeps a pipe of that
       name from stopping us before pc_file_size can refuse it. */
    return open_to_read(fd, path, O_NONBLOCK, err);
}

int pc_file_open_stream(int *fd, const char *path, parasol_error *err)
{
    return open_to_read(fd, path, 0, err);
}

int pc_file_create(int *fd, const char *path, parasol_error *err)
{
    int got = open_retry(path, O_RDWR | O_CREAT | O_EXCL, 0666);
    if (got < 0)
        return pc_fail_os(err, errno, "cannot create %s", path);
    *fd = got;
    return PARASOL_OK;
}

int pc_file_append(int *fd, bool *cut, const char *path, parasol_error *err)
{
    struct stat st;
    char last = '\n';
    *fd = -1;
    int got = open_retry(
        path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (got < 0)
        return pc_fail_os(err, errno, "cannot open %s", path);
    int rc = PARASOL_OK;
    if (fstat(got, &st) < 0)
        rc = pc_fail_os(err, errno, "cannot read %s", path);
    else if (!S_ISREG(st.st_mode))
        rc = pc_fail(err, PARASOL_IO, "%s is not a regular file", path);
    else if (st.st_size > 0)
        rc = pc_file_pread(got, &last, 1, (uint64_t)st.st_size - 1, path, err);
    if (rc) {
        pc_file_close(got);
        return rc;
    }
    *cut = last != '\n';
    *fd = got;
    return PARASOL_OK;
}

void pc_file_close(int fd)
{
    if (fd >= 0)
        (void)close(fd);
}

int pc_file_write(int fd, const void *bytes, size_t n, const char *path,
                  parasol_error *err)
{
    const uint8_t *at = bytes;
    while (n > 0) {
        ssize_t did = write(fd, at, n < ONE_CALL ? n : ONE_CALL);
        if (did < 0 && errno == EINTR)
            continue;
        if (did < 0)
            return pc_fail_os(err, errno, "cannot write %s", path);
        if (did == 0) /* never seen on Linux; would loop for ever */
            return pc_fail_os(err, EIO, "cannot write %s", path);
        at += did;
        n -= (size_t)did;
    }
    return PARASOL_OK;
}

int pc_file_next(int fd, void *bytes, size_t n, size_t *got, const char *path,
                 parasol_error *err)
{
    uint8_t *at = bytes;
    *got = 0;
    while (*got < n) {
        size_t left = n - *got;
        ssize_t did = read(fd, at + *got, left < ONE_CALL ? left : ONE_CALL);
        if (did < 0 && errno == EINTR)
            continue;
        if (did < 0)
            return pc_fail_os(err, errno, "cannot read %s", path);
        if (did == 0)
            break;
        *got += (size_t)did;
    }
    return PARASOL_OK;
}

int pc_file_pread(int fd, void *bytes, size_t n, uint64_t off, const char *path,
                  parasol_error *err)
{
    uint8_t *at = bytes;
    if (off > (uint64_t)INT64_MAX || n > (uint64_t)INT64_MAX - off)
        return pc_fail_os(err, EOVERFLOW, "cannot read %s", path);
    while (n > 0) {
        ssize_t did = pread(fd, at, n < ONE_CALL ? n : ONE_CALL, (off_t)off);
        if (did < 0 && errno == EINTR)
            continue;
        if (did < 0)
            return pc_fail_os(err, errno, "cannot read %s", path);
        if (did == 0)
            return pc_fail_at(err, PARASOL_IO, off,
                              "cannot read %s: it ends at byte %llu", path,
                              (unsigned long long)off);
        at += did;
        off += (uint64_t)did;
        n -= (size_t)did;
    }
    return PARASOL_OK;
}

static int sync_retry(int fd)
{
    int rc;
    do
        rc = fsync(fd);
    while (rc < 0 && errno == EINTR);
    return rc;
}

int pc_file_sync(int fd, const char *path, parasol_error *err)
{
    if (sync_retry(fd) < 0)
        return pc_fail_os(err, errno, "cannot make %s durable", path);
    return PARASOL_OK;
}

static int size_of_stat(const struct stat *st, uint64_t *size, const char *path,
                        parasol_error *err)
{
    if (!S_ISREG(st->st_mode))
        return pc_fail(err, PARASOL_IO, "%s is not a regular file", path);
    *size = (uint64_t)st->st_size;
    return PARASOL_OK;
}

int pc_file_size(int fd, uint64_t *size, const char *path, parasol_error *err)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return pc_fail_os(err, errno, "cannot get the size of %s", path);
    return size_of_stat(&st, size, path, err);
}

int pc_file_size_of(const char *path, uint64_t *size, parasol_error *err)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return pc_fail_os(err, errno, "cannot get the size of %s", path);
    return size_of_stat(&st, size, path, err);
}

int pc_file_read(pc_buf *out, const char *path, uint64_t limit,
                 parasol_error *err)
{
    int fd = -1;
    uint64_t size = 0;
    uint8_t *room;
    int rc = pc_file_open(&fd, path, err);
    if (rc)
        goto out;
    rc = pc_file_size(fd, &size, path, err);
    if (rc)
        goto out;
    if (size > limit) {
        rc = pc_fail(err, PARASOL_FULL,
                     "%s is too large: %llu bytes, at most %llu are read", path,
                     (unsigned long long)size, (unsigned long long)limit);
        goto out;
    }
    room = pc_buf_reserve(out, (size_t)size);
    if (!room) {
        rc = pc_fail_nomem(err);
        goto out;
    }
    rc = pc_file_pread(fd, room, (size_t)size, 0, path, err);
    if (!rc)
        out->len += (size_t)size;
out:
    pc_file_close(fd);
    return rc;
}

int pc_file_rename(const char *from, const char *to, parasol_error *err)
{
    if (rename(from, to) < 0)
        return pc_fail_os(err, errno, "cannot rename %s to %s", from, to);
    return PARASOL_OK;
}

int pc_file_link(const char *from, const char *to, parasol_error *err)
{
    if (link(from, to) < 0)
        return pc_fail_os(err, errno, "cannot link %s to %s", from, to);
    return PARASOL_OK;
}

int pc_file_unlink(const char *path, parasol_error *err)
{
    if (unlink(path) < 0)
        return pc_fail_os(err, errno, "cannot remove %s", path);
    return PARASOL_OK;
}

int pc_dir_make(const char *path, bool *made, parasol_error *err)
{
    struct stat st;
    if (made)
        *made = false;
    if (mkdir(path, 0777) == 0) {
        if (made)
            *made = true;
        return PARASOL_OK;
    }
    int why = errno;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return PARASOL_OK;
    return pc_fail_os(err, why, "cannot make the directory %s", path);
}

int pc_dir_remove(const char *path, parasol_error *err)
{
    if (rmdir(path) < 0)
        return pc_fail_os(err, errno, "cannot remove %s", path);
    return PARASOL_OK;
}

int pc_dir_sync(const char *path, parasol_error *err)
{
    int fd = open_retry(path, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return pc_fail_os(err, errno, "cannot open the directory %s", path);
    int rc = PARASOL_OK;
    /* EINVAL: a file system that cannot sync a directory on request; there
       is nothing more that we could do. */
    if (sync_retry(fd) < 0 && errno != EINVAL)
        rc =
            pc_fail_os(err, errno, "cannot make the names in %s durable", path);
    pc_file_close(fd);
    return rc;
}

static int by_bytes(const void *a, const void *b)
{
    const pc_str *x = a;
    const pc_str *y = b;
    return pc_str_cmp(*x, *y);
}

/* Appends the names, copied to the arena; returns errno. */
static int list_into(DIR *dir, pc_arena *arena, pc_str **list, size_t *n,
                     size_t *cap)
{
    for (;;) {
        errno = 0;
        const struct dirent *e = readdir(dir);
        if (!e)
            return errno;
        const char *name = e->d_name;
        if (name[0] == '.' &&
            (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
            continue;
        void *grown = *list;
        if (pc_grow(arena->mem, &grown, cap, *n + 1, sizeof **list))
            return ENOMEM;
        *list = grown;
        pc_str copy = pc_str_of(name);
        copy.ptr = pc_arena_copy(arena, name, copy.len);
        if (!copy.ptr)
            return ENOMEM;
        (*list)[(*n)++] = copy;
    }
}

int pc_dir_names(pc_str **names, size_t *n, int fd, pc_arena *arena)
{
    pc_str *list = NULL;
    size_t count = 0, cap = 0;
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    int why = dir ? 0 : errno;
    if (dir)
        why = list_into(dir, arena, &list, &count, &cap);
    else
        pc_file_close(fd);
    if (!why) {
        *names = pc_arena_zalloc(arena, count ? count : 1, sizeof *list);
        why = *names ? 0 : ENOMEM;
    }
    if (!why) {
        if (count > 0)
            memcpy(*names, list, count * sizeof *list);
        *n = count;
    }
    pc_free(arena->mem, list);
    if (dir)
        (void)closedir(dir);
    return why;
}

int pc_dir_list(pc_str **names, size_t *n, const char *path, pc_arena *arena,
                parasol_error *err)
{
    int fd = open_retry(path, O_RDONLY | O_DIRECTORY, 0);
    int why = pc_dir_names(names, n, fd, arena);
    if (why)
        return pc_fail_os(err, why, "cannot list the directory %s", path);
    qsort(*names, *n, sizeof **names, by_bytes);
    return PARASOL_OK;
}
