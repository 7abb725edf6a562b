/*
 * Folders and files relative to an open folder, over POSIX. Knows nothing of
 * what is in them.
 */
#include "common/os/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/os/file.h"

#define READ_FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
#define ONE_CALL ((size_t)1 << 30)
#define FIRST_READ ((size_t)16 << 10)

static int open_at_retry(int dir, const char *name, int flags)
{
    int fd;
    do
        fd = openat(dir, name, flags);
    while (fd < 0 && errno == EINTR);
    return fd;
}

static pc_kind kind_of_mode(mode_t mode)
{
    if (S_ISREG(mode))
        return PC_KIND_FILE;
    if (S_ISDIR(mode))
        return PC_KIND_DIR;
    return S_ISLNK(mode) ? PC_KIND_LINK : PC_KIND_OTHER;
}

/* Years before 1678 and after 2261 wrap around: they only have to differ. */
static int64_t nanoseconds(const struct timespec *t)
{
    return (int64_t)((uint64_t)t->tv_sec * 1000000000u + (uint64_t)t->tv_nsec);
}

static void node_of_stat(pc_node *node, const struct stat *st)
{
    node->kind = kind_of_mode(st->st_mode);
    node->size = st->st_size > 0 ? (uint64_t)st->st_size : 0;
    node->dev = (uint64_t)st->st_dev;
    node->ino = (uint64_t)st->st_ino;
    node->mtime = nanoseconds(&st->st_mtim);
    node->ctime = nanoseconds(&st->st_ctim);
}

int pc_dir_open_root(int *fd, const char *path, parasol_error *err)
{
    int got = open_at_retry(AT_FDCWD, path, READ_FLAGS | O_DIRECTORY);
    if (got < 0)
        return pc_fail_os(err, errno, "cannot open the folder %s", path);
    *fd = got;
    return PARASOL_OK;
}

int pc_node_open_at(int *fd, pc_node *node, int dir, const char *name,
                    const char *path, parasol_error *err)
{
    struct stat st;
    *fd = -1;
    /* Asked before opening, because opening a device may already do
       something, and again afterwards, because the name may have got another
       owner in between. */
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return pc_fail_os(err, errno, "cannot read %s", path);
    node_of_stat(node, &st);
    if (node->kind == PC_KIND_LINK || node->kind == PC_KIND_OTHER)
        return PARASOL_OK;
    int got = open_at_retry(dir, name, READ_FLAGS | O_NOFOLLOW);
    if (got < 0 && errno == ELOOP) {
        node->kind = PC_KIND_LINK;
        return PARASOL_OK;
    }
    if (got < 0)
        return pc_fail_os(err, errno, "cannot open %s", path);
    int rc = pc_node_stat(got, node, path, err);
    if (rc || node->kind == PC_KIND_OTHER) {
        pc_node_close(got);
        return rc;
    }
    *fd = got;
    return PARASOL_OK;
}

int pc_node_stat(int fd, pc_node *node, const char *path, parasol_error *err)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return pc_fail_os(err, errno, "cannot read %s", path);
    node_of_stat(node, &st);
    return PARASOL_OK;
}

int pc_node_stat_at(pc_node *node, int dir, const char *name, const char *path,
                    parasol_error *err)
{
    struct stat st;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return pc_fail_os(err, errno, "cannot read %s", path);
    node_of_stat(node, &st);
    return PARASOL_OK;
}

int pc_node_stat_path(const char *path, pc_node *node, parasol_error *err)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return pc_fail_os(err, errno, "cannot read %s", path);
    node_of_stat(node, &st);
    return PARASOL_OK;
}

void pc_node_close(int fd)
{
    if (fd >= 0)
        (void)close(fd);
}

/* POSIX 2008 has no d_type, so that each entry costs a call. */
static pc_dirent entry_at(int dir, pc_str name)
{
    struct stat st;
    pc_dirent e = {name, PC_KIND_FILE, {0}};
    if (fstatat(dir, name.ptr, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return e;
    node_of_stat(&e.node, &st);
    e.kind = e.node.kind;
    return e;
}

int pc_dir_entries(pc_dirent **list, size_t *n, int fd, pc_arena *arena,
                   const char *path, parasol_error *err)
{
    pc_str *names;
    size_t count;
    /* Listing takes what it was given; a second open of "." rather than a
       dup, so that the position in the folder is not shared. */
    int own = open_at_retry(fd, ".", READ_FLAGS | O_DIRECTORY);
    int why = pc_dir_names(&names, &count, own, arena);
    if (!why) {
        *list = pc_arena_zalloc(arena, count ? count : 1, sizeof **list);
        why = *list ? 0 : ENOMEM;
    }
    if (why)
        return pc_fail_os(err, why, "cannot list the folder %s", path);
    for (size_t i = 0; i < count; i++)
        (*list)[i] = entry_at(fd, names[i]);
    *n = count;
    return PARASOL_OK;
}

int pc_node_read(pc_buf *out, int fd, uint64_t hint, uint64_t limit,
                 const char *path, parasol_error *err)
{
    size_t start = out->len;
    uint64_t left = limit < UINT64_MAX ? limit + 1 : limit;
    /* One byte more than expected, so that the end is seen without growing
       the buffer. */
    uint64_t want = hint < left ? hint + 1 : left;
    while (left > 0) {
        size_t n = (size_t)(want < ONE_CALL ? want : ONE_CALL);
        uint8_t *at = pc_buf_reserve(out, n);
        if (!at) {
            out->len = start;
            return pc_fail_nomem(err);
        }
        ssize_t did = read(fd, at, n);
        if (did < 0 && errno == EINTR)
            continue;
        if (did < 0) {
            out->len = start;
            return pc_fail_os(err, errno, "cannot read %s", path);
        }
        if (did == 0)
            break;
        out->len += (size_t)did;
        left -= (uint64_t)did;
        want = want > (uint64_t)did ? want - (uint64_t)did : FIRST_READ;
        if (want > left)
            want = left;
    }
    return PARASOL_OK;
}
