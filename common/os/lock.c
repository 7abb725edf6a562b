/*
 * The writer's lock. flock() and not fcntl(): a POSIX record lock is dropped
 * when the process closes any descriptor of the file, and the open file
 * description locks that repair this are no part of POSIX; flock() has the
 * same semantics as those and is everywhere.
 */
#include "common/os/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/fail.h"
#include "common/base/utc.h"
#include "common/os/file.h"

/* Descriptor of the lock file, or -1 with errno. */
static int open_lock(const char *dir)
{
    int at;
    int fd;
    do
        at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (at < 0 && errno == EINTR);
    if (at < 0)
        return -1;
    do
        fd = openat(at, PC_LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                    0666);
    while (fd < 0 && errno == EINTR);
    int why = errno;
    pc_file_close(at);
    errno = why;
    return fd;
}

/* Who we are, for the next one. No failure matters: the lock is held. */
static void write_holder(int fd)
{
    char host[256] = "";
    char time[PC_UTC_ROOM];
    char text[320];
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = 0;
    int n = snprintf(text, sizeof text, "%ld %s %s\n", (long)getpid(),
                     host[0] ? host : "-", pc_utc_put(time, pc_utc_now()));
    if (n <= 0 || (size_t)n >= sizeof text || ftruncate(fd, 0) != 0)
        return;
    ssize_t did = pwrite(fd, text, (size_t)n, 0);
    PC_UNUSED(did);
}

static int fail_locked(int fd, const char *dir, parasol_error *err)
{
    char text[320];
    char host[256];
    char time[PC_UTC_ROOM];
    int64_t since;
    long pid = 0;
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = 0;
    /* The holder may be between taking the lock and writing its name. */
    if (sscanf(text, "%18ld %255s %20s", &pid, host, time) != 3 ||
        strlen(time) != PC_UTC_ROOM - 1 || !pc_utc_get(time, &since))
        return pc_fail(err, PARASOL_LOCKED,
                       "another process is writing the index %s; wait until "
                       "it has ended",
                       dir);
    return pc_fail(
        err, PARASOL_LOCKED,
        "process %ld on %s has been writing the index %s since %s; wait until "
        "it has ended",
        pid, host, dir, time);
}

/* Whoever may not write an index is told why not. */
static int fail_open(int why, const char *dir, parasol_error *err)
{
    struct stat st;
    if (why == EROFS) {
        (void)pc_fail_os(err, why,
                         "%s cannot be written, only searched: cannot open "
                         "its " PC_LOCK_NAME,
                         dir);
    } else if ((why == EACCES || why == EPERM) && stat(dir, &st) == 0 &&
               st.st_uid != geteuid()) {
        (void)pc_fail_os(err, why,
                         "%s belongs to user %lu and cannot be written by user "
                         "%lu: cannot open its " PC_LOCK_NAME,
                         dir, (unsigned long)st.st_uid,
                         (unsigned long)geteuid());
    } else {
        return pc_fail_os(err, why, "cannot open %s/" PC_LOCK_NAME, dir);
    }
    return PARASOL_IO;
}

int pc_lock_take(pc_lock *lock, const char *dir, parasol_error *err)
{
    int fd = open_lock(dir);
    if (fd < 0)
        return fail_open(errno, dir, err);
    int rc;
    do
        rc = flock(fd, LOCK_EX | LOCK_NB);
    while (rc < 0 && errno == EINTR);
    if (rc < 0) {
        rc = errno == EWOULDBLOCK
                 ? fail_locked(fd, dir, err)
                 : pc_fail_os(err, errno, "cannot lock %s/" PC_LOCK_NAME, dir);
        pc_file_close(fd);
        return rc;
    }
    write_holder(fd);
    lock->fd_plus_1 = fd + 1;
    return PARASOL_OK;
}

void pc_lock_drop(pc_lock *lock)
{
    pc_file_close(lock->fd_plus_1 - 1);
    lock->fd_plus_1 = 0;
}
