/*
 * The writer's lock of an index directory: a lock of the kernel on the file
 * `lock`, which is made when missing and never removed. The kernel lets go of
 * it when the process that holds it ends, however it ends, so that no lock is
 * ever stale. The file's text ("PID HOST TIME") only serves the sentence that
 * the loser prints.
 *
 * A child made by fork shares the lock until it execs or ends; a second lock
 * of the same directory in the same process is refused like any other.
 */
#ifndef PARASOL_COMMON_OS_LOCK_H
#define PARASOL_COMMON_OS_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/base.h"

#define PC_LOCK_NAME "lock"

typedef struct pc_lock {
    int fd_plus_1; /* 0: not held, so that a zeroed pc_lock is valid */
} pc_lock;

/* Takes the lock without waiting. Errors: LOCKED, with a sentence that names
   the process and host that hold it and since when; IO (also: a directory that
   may not be written, with whose it is), NOTFOUND (no directory). */
int pc_lock_take(pc_lock *lock, const char *dir,
                 parasol_error *err) PC_MUST_USE;

/* What can be seen of the lock of a directory. */
typedef struct pc_lock_state {
    bool known; /* false: it cannot be read; the rest is then false and 0 */
    bool held;
    bool ended; /* held, though the process that took it has ended: one that it
                   started has it still */
    long pid;   /* of who took it last; 0: not known */
    int64_t since;
    char host[256];
} pc_lock_state;

/* Looks at the lock without writing anything. For a moment it is held for
   reading, which pc_lock_take outlasts. */
void pc_lock_look(pc_lock_state *out, const char *dir);

/* Lets go; accepts a lock that is not held. */
void pc_lock_drop(pc_lock *lock);

#endif
