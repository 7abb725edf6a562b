/*
 * Being told by the system what happens in folders: inotify on Linux, nothing
 * elsewhere. And waiting, with a way to be woken up, also where the system
 * does not tell.
 *
 * One thread at a time, but for pc_notify_wake.
 */
#ifndef PARASOL_COMMON_OS_NOTIFY_H
#define PARASOL_COMMON_OS_NOTIFY_H

#include <stdbool.h>

#include "common/base/mem.h"
#include "common/base/str.h"

typedef struct pc_notify pc_notify;

typedef struct pc_notify_event {
    int folder;     /* the number that pc_notify_add gave */
    pc_str name;    /* in it, zero-terminated; empty: the folder itself was
                       moved, removed or changed. Borrowed until the next
                       call */
    bool is_folder; /* the name is that of a folder, which came or went */
    bool lost;      /* the system left events out; all else is not set */
} pc_notify_event;

/*
 * Prepares to wait. `events` false: only to be woken up. *out is owned by the
 * caller (pc_notify_close). Errors: NOMEM; IO, by pc_fail_os: the system does
 * not tell, or not one more program.
 */
int pc_notify_open(pc_notify **out, bool events, const pc_mem *mem,
                   parasol_error *err) PC_MUST_USE;

/* Accepts NULL. */
void pc_notify_close(pc_notify *n);

/*
 * Follows the folder that is open as `fd`; `path` is its name for systems
 * that need one, and for the sentence. *folder is a number of 0 or more, the
 * same as before if the folder is followed already. From now on, what happens
 * to names in it and to the content of its files is told.
 * Errors: FULL (so many folders cannot be followed), IO.
 */
int pc_notify_add(pc_notify *n, int fd, const char *path, int *folder,
                  parasol_error *err) PC_MUST_USE;

/* Does not follow it any more. */
void pc_notify_remove(pc_notify *n, int folder);

/*
 * The next event; *got is false when there was none within `ms` milliseconds
 * (below 0: waits as long as it takes), or after pc_notify_wake.
 * Errors: IO.
 */
int pc_notify_next(pc_notify *n, int ms, pc_notify_event *event, bool *got,
                   parasol_error *err) PC_MUST_USE;

/* Ends a wait that goes on, or the next one. Any thread, and signal handlers;
   errno stays as it is. */
void pc_notify_wake(pc_notify *n);

/* Milliseconds of a clock that only goes forward. */
uint64_t pc_notify_clock(void);

#endif
