/*
 * A pool of threads that work off a queue of jobs. With no threads, a job is
 * done by whoever puts it: the same program runs on one core without any
 * hand-over.
 *
 * The threads leave all signals to the rest of the program.
 */
#ifndef PARASOL_COMMON_OS_POOL_H
#define PARASOL_COMMON_OS_POOL_H

#include <stdbool.h>

#include "common/base/mem.h"

typedef struct pc_pool pc_pool;

/* Part of what the caller has for a job; all but `run` is private. `worker` is
   the number of the thread, from 0: two jobs with the same never overlap. */
typedef struct pc_job {
    void (*run)(struct pc_job *job, unsigned worker);
    struct pc_job *next;
    bool done;
} pc_job;

/* Starts `threads` threads, or as many of them as the system allows, and none
   for 0 and 1. *out is owned by the caller (pc_pool_close). Errors: NOMEM. */
int pc_pool_open(pc_pool **out, unsigned threads, const pc_mem *mem,
                 parasol_error *err) PC_MUST_USE;

/* Ends the threads; every job must have been waited for. Accepts NULL. */
void pc_pool_close(pc_pool *p);

/* Numbers that `worker` can have: at least 1. */
unsigned pc_pool_workers(const pc_pool *p);

/* Puts a job at the end of the queue, or in front if it is urgent. The job is
   borrowed until it is done. Any thread. */
void pc_pool_put(pc_pool *p, pc_job *job, bool urgent);

/* Waits until the job is done. */
void pc_pool_wait(pc_pool *p, pc_job *job);

bool pc_pool_is_done(pc_pool *p, pc_job *job);

/* Processors that this process may use, at least 1. */
unsigned pc_processors(void);

#endif
