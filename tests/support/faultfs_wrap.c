/*
 * The system calls on files as they are while a plan of faultfs.h is on. The
 * linker's --wrap leads the calls of all objects here; calls that the C
 * library makes itself are not seen.
 */
#include "tests/support/faultfs_wrap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROOM 4608

int __wrap_open(const char *path, int flags, ...);
int __wrap_openat(int at, const char *path, int flags, ...);
ssize_t __wrap_read(int fd, void *bytes, size_t n);
ssize_t __wrap_pread(int fd, void *bytes, size_t n, off_t off);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t n, off_t off);
int __wrap_fsync(int fd);
int __wrap_fdatasync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_renameat(int at, const char *from, int to_at, const char *to);
int __wrap_unlink(const char *path);
int __wrap_unlinkat(int at, const char *path, int flags);
int __wrap_rmdir(const char *path);
int __wrap_link(const char *from, const char *to);
int __wrap_linkat(int at, const char *from, int to_at, const char *to,
                  int flags);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_mkdirat(int at, const char *path, mode_t mode);
int __wrap_ftruncate(int fd, off_t size);
int __wrap_stat(const char *path, struct stat *st);
int __wrap_lstat(const char *path, struct stat *st);
int __wrap_fstat(int fd, struct stat *st);
int __wrap_fstatat(int at, const char *path, struct stat *st, int flags);
void *__wrap_mmap(void *p, size_t n, int access, int flags, int fd, off_t off);
int __wrap_flock(int fd, int how);
DIR *__wrap_fdopendir(int fd);
struct dirent *__wrap_readdir(DIR *dir);

/* ---- whose business ----------------------------------------------------- */

static int is_below(const faultfs *f, const char *path)
{
    size_t n = strlen(f->prefix);
    return strncmp(path, f->prefix, n) == 0 && (!path[n] || path[n] == '/');
}

static int name_of_fd(int fd, char *out)
{
    char link[64];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, out, ROOM - 300);
    out[n > 0 ? n : 0] = 0;
    return n > 0;
}

/* Whether the file of a descriptor is below the prefix; `out` is its path. */
static int fd_below(const faultfs *f, int fd, char *out)
{
    int saved = errno;
    int found = fd >= 0 && name_of_fd(fd, out) && is_below(f, out);
    errno = saved;
    return found;
}

/* The same for a path, whose folder must exist. */
static int path_below(const faultfs *f, int at, const char *path, char *out)
{
    char folder[ROOM];
    int saved = errno;
    size_t len = strlen(path);
    if (len >= ROOM - 300)
        return 0;
    memcpy(folder, path, len + 1);
    while (len > 1 && folder[len - 1] == '/')
        folder[--len] = 0;
    char *slash = strrchr(folder, '/');
    const char *base = slash ? path + (slash + 1 - folder) : path;
    size_t base_len = len - (size_t)(base - path);
    if (base_len == 0 || strncmp(base, "..", base_len) == 0)
        base_len = 0; /* "/", "." and "..": the folder itself */
    else if (slash)
        slash[slash == folder] = 0;
    else
        memcpy(folder, ".", 2);
    int fd = __real_openat(at, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int found = fd >= 0 && name_of_fd(fd, out);
    if (fd >= 0)
        (void)close(fd);
    if (found && base_len > 0) {
        size_t n = strlen(out);
        (void)snprintf(out + n, ROOM - n, "/%.*s", (int)base_len, base);
    }
    errno = saved;
    return found && is_below(f, out);
}

static uint64_t inode_of_fd(int fd)
{
    struct stat st;
    return __real_fstat(fd, &st) == 0 ? st.st_ino : 0;
}

static uint64_t inode_of(const char *path)
{
    struct stat st;
    int saved = errno;
    uint64_t n = __real_lstat(path, &st) == 0 ? st.st_ino : 0;
    errno = saved;
    return n;
}

/* ---- opening ------------------------------------------------------------ */

static int open_at(int at, const char *path, int flags, mode_t mode)
{
    char name[ROOM];
    faultfs *f = faultfs_active();
    if (!f || !path_below(f, at, path, name))
        return __real_openat(at, path, flags, mode);
    int writes = (flags & O_CREAT) || (flags & O_ACCMODE) != O_RDONLY;
    faultfs_lock();
    enum faultfs_what what =
        faultfs_decide(f, writes ? FAULTFS_CREATE : FAULTFS_OPEN);
    uint64_t before = inode_of(name);
    int fd = what == FAULTFS_FAIL ? -1 : __real_openat(at, path, flags, mode);
    if (fd >= 0 && !before && (flags & O_CREAT))
        faultfs_note(f, FAULTFS_OP_CREATE, inode_of_fd(fd), 0, 0, name, NULL,
                     NULL, 0);
    else if (fd >= 0 && (flags & O_TRUNC))
        faultfs_note(f, FAULTFS_OP_TRUNCATE, before, 0, 0, name, NULL, NULL, 0);
    faultfs_unlock();
    faultfs_end(what);
    return fd;
}

int __wrap_open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list args;
        va_start(args, flags);
        mode = va_arg(args, mode_t);
        va_end(args);
    }
    return open_at(AT_FDCWD, path, flags, mode);
}

int __wrap_openat(int at, const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list args;
        va_start(args, flags);
        mode = va_arg(args, mode_t);
        va_end(args);
    }
    return open_at(at, path, flags, mode);
}

/* ---- writing ------------------------------------------------------------ */

static off_t place_of(int fd, off_t off)
{
    struct stat st;
    if (off >= 0)
        return off;
    if ((fcntl(fd, F_GETFL) & O_APPEND) && __real_fstat(fd, &st) == 0)
        return st.st_size;
    return lseek(fd, 0, SEEK_CUR);
}

/* off -1: where the file stands. */
static ssize_t write_at(int fd, const void *bytes, size_t n, off_t off)
{
    char name[ROOM];
    ssize_t did = -1;
    faultfs *f = faultfs_active();
    if (!f || n == 0 || !fd_below(f, fd, name))
        return off < 0 ? __real_write(fd, bytes, n)
                       : __real_pwrite(fd, bytes, n, off);
    faultfs_lock();
    enum faultfs_what what = faultfs_decide(f, FAULTFS_WRITE);
    if (what == FAULTFS_SHORT || what == FAULTFS_KILL_TORN)
        n -= n / 2;
    if (what != FAULTFS_FAIL) {
        off_t place = place_of(fd, off);
        did = off < 0 ? __real_write(fd, bytes, n)
                      : __real_pwrite(fd, bytes, n, off);
        if (did > 0)
            faultfs_note(f, FAULTFS_OP_WRITE, inode_of_fd(fd), (uint64_t)place,
                         0, name, NULL, bytes, (size_t)did);
    }
    faultfs_unlock();
    faultfs_end(what);
    return did;
}

ssize_t __wrap_write(int fd, const void *bytes, size_t n)
{
    return write_at(fd, bytes, n, -1);
}

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t n, off_t off)
{
    return write_at(fd, bytes, n, off);
}

int __wrap_ftruncate(int fd, off_t size)
{
    char name[ROOM];
    faultfs *f = faultfs_active();
    if (!f || !fd_below(f, fd, name))
        return __real_ftruncate(fd, size);
    faultfs_lock();
    enum faultfs_what what = faultfs_decide(f, FAULTFS_SIZE);
    int rc = what == FAULTFS_FAIL ? -1 : __real_ftruncate(fd, size);
    if (rc == 0)
        faultfs_note(f, FAULTFS_OP_TRUNCATE, inode_of_fd(fd), (uint64_t)size, 0,
                     name, NULL, NULL, 0);
    faultfs_unlock();
    faultfs_end(what);
    return rc;
}

/* A sync that failed may have thrown the data away, so a later one of the same
   open file that succeeds would prove nothing. It is not noticed here: in
   the records, what a failed sync was for never becomes durable. */
int __wrap_fsync(int fd)
{
    char name[ROOM];
    struct stat st;
    faultfs *f = faultfs_active();
    if (!f || !fd_below(f, fd, name))
        return 0;
    faultfs_lock();
    enum faultfs_what what = faultfs_decide(f, FAULTFS_SYNC);
    int rc = what == FAULTFS_FAIL ? -1 : 0;
    int why = errno;
    if (__real_fstat(fd, &st) != 0)
        faultfs_die(name);
    faultfs_note(f, S_ISDIR(st.st_mode) ? FAULTFS_OP_SYNC_DIR : FAULTFS_OP_SYNC,
                 st.st_ino, 0, rc ? why : 0, name, NULL, NULL, 0);
    faultfs_unlock();
    faultfs_end(what);
    errno = why;
    return rc;
}

int __wrap_fdatasync(int fd)
{
    return __wrap_fsync(fd);
}

/* ---- names -------------------------------------------------------------- */

int __wrap_renameat(int at, const char *from, int to_at, const char *to)
{
    char name[ROOM], target[ROOM];
    faultfs *f = faultfs_active();
    if (!f || !path_below(f, at, from, name) ||
        !path_below(f, to_at, to, target))
        return __real_renameat(at, from, to_at, to);
    faultfs_lock();
    enum faultfs_what what = faultfs_decide(f, FAULTFS_NAME);
    uint64_t inode = inode_of(name);
    int rc = what == FAULTFS_FAIL ? -1 : __real_renameat(at, from, to_at, to);
    if (rc == 0)
        faultfs_note(f, FAULTFS_OP_RENAME, inode, 0, 0, name, target, NULL, 0);
    faultfs_unlock();
    faultfs_end(what);
    return rc;
}

int __wrap_rename(const char *from, const char *to)
{
    return __wrap_renameat(AT_FDCWD, from, AT_FDCWD, to);
}

/* To remove what is not there is no operation. */
int __wrap_unlinkat(int at, const char *path, int flags)
{
    char name[ROOM];
    faultfs *f = faultfs_active();
    uint64_t inode = 0;
    if (f && path_below(f, at, path, name))
        inode = inode_of(name);
    if (!inode)
        return __real_unlinkat(at, path, flags);
    faultfs_lock();
    enum faultfs_what what = faultfs_decide(f, FAULTFS_NAME);
    int rc = what == FAULTFS_FAIL ? -1 : __real_unlinkat(at, path, flags);
    if (rc == 0)
        faultfs_note(
            f, flags & AT_REMOVEDIR ? FAULTFS_OP_RMDIR : FAULTFS_OP_UNLINK,
            inode, 0, 0, name, NULL, NULL, 0);
    faultfs_unlock();
    faultfs_end(what);
    return rc;
}

int __wrap_unlink(const char *path)
{
    return __wrap_unlinkat(AT_FDCWD, path, 0);
}

int __wrap_rmdir(const char *path)
{
    return __wrap_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int __wrap_linkat(int at, const char *from, int to_at, const char *to,
                  int flags)
{
    char name[ROOM], target[ROOM];
    faultfs *f = faultfs_active();
    if (!f || !path_below(f, to_at, to, target))
        return __real_linkat(at, from, to_at, to, flags);
    faultfs_lock();
    enum faultfs_what what = faultfs_decide(f, FAULTFS_NAME);
    int rc =
        what == FAULTFS_FAIL ? -1 : __real_linkat(at, from, to_at, to, flags);
    /* From outside: a file whose content nobody recorded. */
    if (rc == 0 && f->record && !path_below(f, at, from, name))
        faultfs_die("a link from outside");
    if (rc == 0)
        faultfs_note(f, FAULTFS_OP_LINK, inode_of(target), 0, 0, name, target,
                     NULL, 0);
    faultfs_unlock();
    faultfs_end(what);
    return rc;
}

int __wrap_link(const char *from, const char *to)
{
    return __wrap_linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* To make what is there is no operation. */
int __wrap_mkdirat(int at, const char *path, mode_t mode)
{
    char name[ROOM];
    faultfs *f = faultfs_active();
    if (!f || !path_below(f, at, path, name) || inode_of(name))
        return __real_mkdirat(at, path, mode);
    faultfs_lock();
    enum faultfs_what what = faultfs_decide(f, FAULTFS_NAME);
    int rc = what == FAULTFS_FAIL ? -1 : __real_mkdirat(at, path, mode);
    if (rc == 0)
        faultfs_note(f, FAULTFS_OP_MKDIR, inode_of(name), 0, 0, name, NULL,
                     NULL, 0);
    faultfs_unlock();
    faultfs_end(what);
    return rc;
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    return __wrap_mkdirat(AT_FDCWD, path, mode);
}

/* ---- reading ------------------------------------------------------------ */

/* What happens to an operation that changes nothing. */
static enum faultfs_what ask(faultfs *f, enum faultfs_kind kind)
{
    enum faultfs_what what = faultfs_decide(f, kind);
    faultfs_end(what);
    return what;
}

static enum faultfs_what ask_fd(int fd, enum faultfs_kind kind)
{
    char name[ROOM];
    faultfs *f = faultfs_active();
    if (!f || !(f->kinds & (unsigned)kind) || !fd_below(f, fd, name))
        return FAULTFS_NOTHING;
    return ask(f, kind);
}

static enum faultfs_what ask_path(int at, const char *path,
                                  enum faultfs_kind kind)
{
    char name[ROOM];
    faultfs *f = faultfs_active();
    if (!f || !(f->kinds & (unsigned)kind) || !path_below(f, at, path, name))
        return FAULTFS_NOTHING;
    return ask(f, kind);
}

ssize_t __wrap_read(int fd, void *bytes, size_t n)
{
    enum faultfs_what what = ask_fd(fd, FAULTFS_READ);
    if (what == FAULTFS_FAIL)
        return -1;
    return __real_read(fd, bytes, what == FAULTFS_SHORT ? n - n / 2 : n);
}

ssize_t __wrap_pread(int fd, void *bytes, size_t n, off_t off)
{
    enum faultfs_what what = ask_fd(fd, FAULTFS_READ);
    if (what == FAULTFS_FAIL)
        return -1;
    return __real_pread(fd, bytes, what == FAULTFS_SHORT ? n - n / 2 : n, off);
}

int __wrap_stat(const char *path, struct stat *st)
{
    if (ask_path(AT_FDCWD, path, FAULTFS_LOOK) == FAULTFS_FAIL)
        return -1;
    return __real_stat(path, st);
}

int __wrap_lstat(const char *path, struct stat *st)
{
    if (ask_path(AT_FDCWD, path, FAULTFS_LOOK) == FAULTFS_FAIL)
        return -1;
    return __real_lstat(path, st);
}

int __wrap_fstat(int fd, struct stat *st)
{
    if (ask_fd(fd, FAULTFS_LOOK) == FAULTFS_FAIL)
        return -1;
    return __real_fstat(fd, st);
}

int __wrap_fstatat(int at, const char *path, struct stat *st, int flags)
{
    if (ask_path(at, path, FAULTFS_LOOK) == FAULTFS_FAIL)
        return -1;
    return __real_fstatat(at, path, st, flags);
}

int __wrap_flock(int fd, int how)
{
    return ask_fd(fd, FAULTFS_LOOK) == FAULTFS_FAIL ? -1
                                                    : __real_flock(fd, how);
}

void *__wrap_mmap(void *p, size_t n, int access, int flags, int fd, off_t off)
{
    if (ask_fd(fd, FAULTFS_LOOK) == FAULTFS_FAIL)
        return MAP_FAILED;
    char name[ROOM];
    const faultfs *f = faultfs_active();
    if (f && fd >= 0 && (flags & MAP_SHARED) && (access & PROT_WRITE) &&
        fd_below(f, fd, name))
        faultfs_die("a shared mapping that can be written");
    return __real_mmap(p, n, access, flags, fd, off);
}

DIR *__wrap_fdopendir(int fd)
{
    return ask_fd(fd, FAULTFS_LOOK) == FAULTFS_FAIL ? NULL
                                                    : __real_fdopendir(fd);
}

struct dirent *__wrap_readdir(DIR *dir)
{
    return ask_fd(dirfd(dir), FAULTFS_LOOK) == FAULTFS_FAIL
               ? NULL
               : __real_readdir(dir);
}
