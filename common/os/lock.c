/*
 * The writer's lock. flock() and not fcntl(): a POSIX record lock is dropped
 * when the process closes any descriptor of the file, and the open file
 * description locks that repair this are no part of POSIX; flock() has the
 * same semantics as those and is everywhere.
 */
#include "common/os/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/base/fail.h"
#include "common/base/utc.h"
#include "common/os/file.h"

/* How often, and with which pause, the lock is asked for while somebody looks
   at it. That takes microseconds, unless a process is stopped meanwhile. */
#define LOOKS 1000
#define LOOK_NS 1000000L

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

/* Who took the lock last, as the file says. */
static bool read_holder(int fd, pc_lock_state *out)
{
    char text[320];
    char time[PC_UTC_ROOM];
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = 0;
    return sscanf(text, "%18ld %255s %20s", &out->pid, out->host, time) == 3 &&
           strlen(time) == PC_UTC_ROOM - 1 && pc_utc_get(time, &out->since);
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
    char time[PC_UTC_ROOM];
    pc_lock_state holder = {0};
    /* The holder may be between taking the lock and writing its name. */
    if (!read_holder(fd, &holder))
        return pc_fail(err, PARASOL_LOCKED,
                       "another process is writing the index %s; wait until "
                       "it has ended",
                       dir);
    return pc_fail(
        err, PARASOL_LOCKED,
        "process %ld on %s has been writing the index %s since %s; wait until "
        "it has ended",
        holder.pid, holder.host, dir, pc_utc_put(time, holder.since));
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

static int lock_retry(int fd, int how)
{
    int rc;
    do
        rc = flock(fd, how);
    while (rc < 0 && errno == EINTR);
    return rc;
}

/* Whether it is only for a look (pc_lock_look) that the lock was refused: then
   it can be shared. Keeps errno. */
static bool is_looked_at(int fd)
{
    int why = errno;
    bool shared = why == EWOULDBLOCK && lock_retry(fd, LOCK_SH | LOCK_NB) == 0;
    if (shared)
        (void)lock_retry(fd, LOCK_UN);
    errno = why;
    return shared;
}

int pc_lock_take(pc_lock *lock, const char *dir, parasol_error *err)
{
    int fd = open_lock(dir);
    if (fd < 0)
        return fail_open(errno, dir, err);
    int rc = lock_retry(fd, LOCK_EX | LOCK_NB);
    for (int i = 0; rc < 0 && is_looked_at(fd) && i < LOOKS; i++) {
        struct timespec moment = {0, LOOK_NS};
        (void)nanosleep(&moment, NULL);
        rc = lock_retry(fd, LOCK_EX | LOCK_NB);
    }
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

/* Descriptor of the lock file, for reading; -1 with errno. */
static int open_to_look(const char *dir)
{
    char path[4096];
    int fd;
    int n = snprintf(path, sizeof path, "%s/" PC_LOCK_NAME, dir);
    if (n <= 0 || (size_t)n >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    do
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* Whether a process of this machine is no more. */
static bool has_ended(const pc_lock_state *s)
{
    char host[256] = "";
    return s->pid > 0 && gethostname(host, sizeof host - 1) == 0 &&
           strcmp(host, s->host) == 0 && kill((pid_t)s->pid, 0) < 0 &&
           errno == ESRCH;
}

void pc_lock_look(pc_lock_state *out, const char *dir)
{
    *out = (pc_lock_state){0};
    int fd = open_to_look(dir);
    if (fd < 0) {
        out->known = errno == ENOENT; /* no writer was ever here */
        return;
    }
    int rc = lock_retry(fd, LOCK_SH | LOCK_NB);
    out->known = rc == 0 || errno == EWOULDBLOCK;
    out->held = rc != 0 && out->known;
    if (rc == 0)
        (void)lock_retry(fd, LOCK_UN);
    if (!read_holder(fd, out)) {
        out->pid = 0;
        out->since = 0;
        out->host[0] = 0;
    }
    out->ended = out->held && has_ended(out);
    pc_file_close(fd);
}

void pc_lock_drop(pc_lock *lock)
{
    pc_file_close(lock->fd_plus_1 - 1);
    lock->fd_plus_1 = 0;
}
