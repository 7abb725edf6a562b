/*
 * Events in folders, over inotify(7), and a pipe to be woken by.
 */
#include "common/os/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/inotify.h>
#endif

#include "common/base/fail.h"

/* Room for the largest event, and for some of the usual size. */
#define EVENTS_BYTES 16384u

struct pc_notify {
    const pc_mem *mem;
    int events;     /* of inotify; -1: none */
    int wake[2];    /* a pipe */
    size_t at, len; /* events that are read and not given out */
    /* Aligned as the system's struct wants it. */
    uint64_t bytes[EVENTS_BYTES / sizeof(uint64_t)];
};

uint64_t pc_notify_clock(void)
{
    struct timespec t = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

/* ---- the system --------------------------------------------------------- */

#if defined(__linux__)

#define FOLLOWED                                                               \
    (IN_CREATE | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB |          \
     IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF |             \
     IN_EXCL_UNLINK | IN_ONLYDIR)

static int open_events(pc_notify *n, parasol_error *err)
{
    n->events = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (n->events < 0)
        return pc_fail_os(err, errno, "the system tells of no changes");
    return PARASOL_OK;
}

int pc_notify_add(pc_notify *n, int fd, const char *path, int *folder,
                  parasol_error *err)
{
    char open_name[64];
    if (n->events < 0)
        return pc_fail(err, PARASOL_IO, "changes are not followed");
    /* The folder that is open, whatever has its name by now, and however long
       that is. */
    (void)snprintf(open_name, sizeof open_name, "/proc/self/fd/%d", fd);
    int got = inotify_add_watch(n->events, open_name, FOLLOWED);
    if (got < 0 && errno == ENOENT)
        got = inotify_add_watch(n->events, path, FOLLOWED | IN_DONT_FOLLOW);
    if (got < 0)
        return pc_fail_os(err, errno, "changes in %s cannot be followed", path);
    *folder = got;
    return PARASOL_OK;
}

void pc_notify_remove(pc_notify *n, int folder)
{
    (void)inotify_rm_watch(n->events, folder);
}

/* The next event that was read; false: none, or one that says nothing. */
static bool take_event(pc_notify *n, pc_notify_event *event)
{
    struct inotify_event e;
    const char *p = (const char *)n->bytes + n->at;
    memcpy(&e, p, sizeof e);
    n->at += sizeof e + e.len;
    *event = (pc_notify_event){.folder = e.wd, .name = PC_STR_LIT("")};
    event->lost = (e.mask & IN_Q_OVERFLOW) != 0;
    if (event->lost)
        return true;
    if (e.mask & IN_IGNORED)
        return false;
    if (e.len > 0)
        event->name = pc_str_of(p + sizeof e);
    event->is_folder = (e.mask & IN_ISDIR) != 0;
    /* That a folder was read or written is told by what is in it. */
    return !event->is_folder ||
           (e.mask & ~(uint32_t)(IN_ISDIR | IN_MODIFY)) != 0;
}

#else

static int open_events(pc_notify *n, parasol_error *err)
{
    PC_UNUSED(n);
    return pc_fail_os(err, ENOSYS, "the system tells of no changes");
}

int pc_notify_add(pc_notify *n, int fd, const char *path, int *folder,
                  parasol_error *err)
{
    PC_UNUSED(n);
    PC_UNUSED(fd);
    PC_UNUSED(folder);
    return pc_fail_os(err, ENOSYS, "changes in %s cannot be followed", path);
}

void pc_notify_remove(pc_notify *n, int folder)
{
    PC_UNUSED(n);
    PC_UNUSED(folder);
}

static bool take_event(pc_notify *n, pc_notify_event *event)
{
    PC_UNUSED(event);
    n->at = n->len;
    return false;
}

#endif

/* ---- opening ------------------------------------------------------------ */

static bool set_up(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) >= 0 &&
           fcntl(fd, F_SETFD, FD_CLOEXEC) >= 0;
}

int pc_notify_open(pc_notify **out, bool events, const pc_mem *mem,
                   parasol_error *err)
{
    int rc = PARASOL_OK;
    pc_notify *n = pc_zalloc(mem, 1, sizeof *n);
    if (!n)
        return pc_fail_nomem(err);
    n->mem = mem;
    n->events = n->wake[0] = n->wake[1] = -1;
    if (pipe(n->wake) < 0 || !set_up(n->wake[0]) || !set_up(n->wake[1]))
        rc = pc_fail_os(err, errno, "a pipe cannot be made");
    if (!rc && events)
        rc = open_events(n, err);
    if (rc)
        pc_notify_close(n);
    else
        *out = n;
    return rc;
}

void pc_notify_close(pc_notify *n)
{
    if (!n)
        return;
    int fds[] = {n->events, n->wake[0], n->wake[1]};
    for (size_t i = 0; i < PC_COUNTOF(fds); i++) {
        if (fds[i] >= 0)
            (void)close(fds[i]);
    }
    pc_free(n->mem, n);
}

/* ---- waiting ------------------------------------------------------------ */

void pc_notify_wake(pc_notify *n)
{
    int before = errno;
    /* Where it is full, it will be read. */
    if (write(n->wake[1], "", 1) < 0)
        errno = before;
    errno = before;
}

/* Whether somebody has called; forgets it. */
static bool was_woken(pc_notify *n)
{
    char bytes[64];
    bool woken = false;
    while (read(n->wake[0], bytes, sizeof bytes) > 0)
        woken = true;
    return woken;
}

/* Reads events that are there. */
static int read_events(pc_notify *n, parasol_error *err)
{
    ssize_t got = read(n->events, n->bytes, sizeof n->bytes);
    n->at = n->len = 0;
    if (got > 0)
        n->len = (size_t)got;
    else if (got < 0 && errno != EAGAIN && errno != EINTR)
        return pc_fail_os(err, errno, "changes cannot be read");
    return PARASOL_OK;
}

/* Sleeps until an event, a call or the time `end`. */
static int sleep_until(pc_notify *n, bool for_ever, uint64_t end,
                       parasol_error *err)
{
    struct pollfd fds[2] = {{n->wake[0], POLLIN, 0}, {n->events, POLLIN, 0}};
    uint64_t now = pc_notify_clock();
    uint64_t left = end > now ? end - now : 0;
    int ms = left > 1000000 ? 1000000 : (int)left;
    if (poll(fds, n->events >= 0 ? 2 : 1, for_ever ? -1 : ms) < 0 &&
        errno != EINTR)
        return pc_fail_os(err, errno, "cannot wait for changes");
    return PARASOL_OK;
}

int pc_notify_next(pc_notify *n, int ms, pc_notify_event *event, bool *got,
                   parasol_error *err)
{
    uint64_t end = pc_notify_clock() + (ms > 0 ? (uint64_t)ms : 0);
    *got = false;
    for (;;) {
        if (was_woken(n))
            return PARASOL_OK;
        while (n->at < n->len) {
            if (take_event(n, event)) {
                *got = true;
                return PARASOL_OK;
            }
        }
        int rc = n->events >= 0 ? read_events(n, err) : PARASOL_OK;
        if (rc || n->len > 0) {
            if (rc)
                return rc;
            continue;
        }
        if (ms >= 0 && pc_notify_clock() >= end)
            return PARASOL_OK;
        rc = sleep_until(n, ms < 0, end, err);
        if (rc)
            return rc;
    }
}
