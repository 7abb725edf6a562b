/*
 * The plan and the records of faultfs.h; faultfs_wrap.c has the system calls.
 */
#define _XOPEN_SOURCE 700 /* realpath */
#include "tests/support/faultfs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/faultfs_wrap.h"

static faultfs *plan;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local int held;

void faultfs_die(const char *what)
{
    perror(what);
    _exit(99);
}

static faultfs *map_plan(const char *control, int flags)
{
    int fd = __real_open(control, flags | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        faultfs_die(control);
    if ((flags & O_CREAT) && __real_ftruncate(fd, sizeof(faultfs)) != 0)
        faultfs_die(control);
    void *p = __real_mmap(NULL, sizeof(faultfs), PROT_READ | PROT_WRITE,
                          MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        faultfs_die(control);
    (void)close(fd);
    return p;
}

static void find_plan(void)
{
    const char *control = getenv(FAULTFS_VARIABLE);
    if (control && control[0])
        plan = map_plan(control, 0);
}

faultfs *faultfs_begin(const char *control)
{
    faultfs *made = map_plan(control, O_CREAT | O_TRUNC);
    if (setenv(FAULTFS_VARIABLE, control, 1) != 0)
        faultfs_die(control);
    (void)pthread_once(&once, find_plan);
    plan = made;
    return plan;
}

faultfs *faultfs_active(void)
{
    (void)pthread_once(&once, find_plan);
    if (!plan || held || !plan->prefix[0])
        return NULL;
    return plan->record || plan->kinds ? plan : NULL;
}

void faultfs_hold(int on)
{
    held = on;
}

void faultfs_lock(void)
{
    (void)pthread_mutex_lock(&mutex);
}

void faultfs_unlock(void)
{
    (void)pthread_mutex_unlock(&mutex);
}

void faultfs_rest(faultfs *f)
{
    f->record = 0;
    f->kinds = 0;
    f->prefix[0] = 0;
    f->log[0] = 0;
}

static void set_prefix(faultfs *f, const char *prefix)
{
    char real[4096];
    if (!realpath(prefix, real) || strlen(real) >= sizeof f->prefix)
        faultfs_die(prefix);
    (void)snprintf(f->prefix, sizeof f->prefix, "%s", real);
}

void faultfs_plan(faultfs *f, const char *prefix, unsigned kinds,
                  enum faultfs_what what, uint64_t at, uint64_t times,
                  int error)
{
    faultfs_rest(f);
    atomic_store(&f->count, 0);
    atomic_store(&f->hit, 0);
    f->what = what;
    f->at = at;
    f->times = times;
    f->error = error;
    set_prefix(f, prefix);
    f->kinds = kinds;
}

void faultfs_log(faultfs *f, const char *log, int record)
{
    int fd = __real_open(log, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        faultfs_die(log);
    (void)close(fd);
    (void)snprintf(f->log, sizeof f->log, "%s", log);
    f->record = record;
}

/* ---- what happens ------------------------------------------------------- */

enum faultfs_what faultfs_decide(faultfs *f, enum faultfs_kind kind)
{
    if (!(f->kinds & (unsigned)kind))
        return FAULTFS_NOTHING;
    unsigned long long n = atomic_fetch_add(&f->count, 1) + 1;
    if (f->what == FAULTFS_NOTHING || n < f->at ||
        (f->times && n >= f->at + f->times))
        return FAULTFS_NOTHING;
    atomic_fetch_add(&f->hit, 1);
    if (f->what == FAULTFS_KILL_BEFORE)
        _exit(FAULTFS_KILLED);
    errno = f->error;
    return f->what;
}

void faultfs_end(enum faultfs_what what)
{
    if (what == FAULTFS_KILL_AFTER || what == FAULTFS_KILL_TORN)
        _exit(FAULTFS_KILLED);
}

/* ---- records ------------------------------------------------------------ */

static void put(int fd, const void *bytes, size_t n, const char *log)
{
    if (n > 0 && __real_write(fd, bytes, n) != (ssize_t)n)
        faultfs_die(log);
}

static void append(const faultfs *f, const faultfs_record_head *head,
                   const char *path, const char *path2, const void *data)
{
    int fd = __real_open(f->log, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0)
        faultfs_die(f->log);
    put(fd, head, sizeof *head, f->log);
    put(fd, path, head->path_len, f->log);
    put(fd, path2, head->path2_len, f->log);
    put(fd, data, (size_t)head->data_len, f->log);
    (void)close(fd);
}

/* A path as it is recorded: from the prefix on. */
static const char *below(const faultfs *f, const char *path)
{
    if (!path)
        return "";
    path += strlen(f->prefix);
    return *path == '/' ? path + 1 : path;
}

void faultfs_note(const faultfs *f, enum faultfs_op op, uint64_t inode,
                  uint64_t off, int result, const char *path, const char *path2,
                  const void *data, size_t data_len)
{
    int saved = errno;
    if (!f->record)
        return;
    const char *a = below(f, path);
    const char *b = below(f, path2);
    faultfs_record_head head = {
        (uint32_t)op,        result,  inode, off, (uint32_t)strlen(a),
        (uint32_t)strlen(b), data_len};
    append(f, &head, a, b, data);
    errno = saved;
}

void faultfs_say(faultfs *f, uint64_t number, const char *words)
{
    if (!f->log[0])
        return;
    faultfs_record_head head = {FAULTFS_OP_SAY,          0, 0, number,
                                (uint32_t)strlen(words), 0, 0};
    faultfs_lock();
    append(f, &head, words, "", "");
    faultfs_unlock();
}
