/*
 * Thread pools: one mutex, one queue.
 */
#include "common/os/pool.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "common/base/fail.h"

#define THREADS_MAX 1024u

typedef struct worker {
    pc_pool *pool;
    unsigned number;
    pthread_t thread;
} worker;

struct pc_pool {
    const pc_mem *mem;
    pthread_mutex_t lock;
    pthread_cond_t work; /* there is a job, or the end */
    pthread_cond_t done; /* a job is done */
    pc_job *first, *last;
    bool end;
    unsigned n; /* threads that run */
    worker *workers;
};

static pc_job *take(pc_pool *p)
{
    pc_job *job = p->first;
    if (job) {
        p->first = job->next;
        if (!p->first)
            p->last = NULL;
    }
    return job;
}

static void *work(void *arg)
{
    worker *w = arg;
    pc_pool *p = w->pool;
    (void)pthread_mutex_lock(&p->lock);
    for (;;) {
        pc_job *job = take(p);
        if (job) {
            (void)pthread_mutex_unlock(&p->lock);
            job->run(job, w->number);
            (void)pthread_mutex_lock(&p->lock);
            job->done = true;
            (void)pthread_cond_broadcast(&p->done);
        } else if (p->end) {
            break;
        } else {
            (void)pthread_cond_wait(&p->work, &p->lock);
        }
    }
    (void)pthread_mutex_unlock(&p->lock);
    return NULL;
}

static void start_threads(pc_pool *p, unsigned threads)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    for (; p->n < threads; p->n++) {
        worker *w = &p->workers[p->n];
        *w = (worker){.pool = p, .number = p->n};
        if (pthread_create(&w->thread, NULL, work, w))
            break;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int pc_pool_open(pc_pool **out, unsigned threads, const pc_mem *mem,
                 parasol_error *err)
{
    *out = NULL;
    if (threads > THREADS_MAX)
        threads = THREADS_MAX;
    pc_pool *p = pc_zalloc(mem, 1, sizeof *p);
    if (!p)
        return pc_fail_nomem(err);
    p->mem = mem;
    p->workers = pc_alloc(mem, threads, sizeof *p->workers);
    if (!p->workers) {
        pc_free(mem, p);
        return pc_fail_nomem(err);
    }
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->work, NULL);
    (void)pthread_cond_init(&p->done, NULL);
    if (threads > 1)
        start_threads(p, threads);
    *out = p;
    return PARASOL_OK;
}

void pc_pool_close(pc_pool *p)
{
    if (!p)
        return;
    (void)pthread_mutex_lock(&p->lock);
    p->end = true;
    (void)pthread_cond_broadcast(&p->work);
    (void)pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->n; i++)
        (void)pthread_join(p->workers[i].thread, NULL);
    (void)pthread_cond_destroy(&p->work);
    (void)pthread_cond_destroy(&p->done);
    (void)pthread_mutex_destroy(&p->lock);
    pc_free(p->mem, p->workers);
    pc_free(p->mem, p);
}

unsigned pc_pool_workers(const pc_pool *p)
{
    return p->n > 0 ? p->n : 1;
}

void pc_pool_put(pc_pool *p, pc_job *job, bool urgent)
{
    job->next = NULL;
    job->done = false;
    if (p->n == 0) {
        job->run(job, 0);
        job->done = true;
        return;
    }
    (void)pthread_mutex_lock(&p->lock);
    if (!p->first) {
        p->first = p->last = job;
    } else if (urgent) {
        job->next = p->first;
        p->first = job;
    } else {
        p->last->next = job;
        p->last = job;
    }
    (void)pthread_cond_signal(&p->work);
    (void)pthread_mutex_unlock(&p->lock);
}

void pc_pool_wait(pc_pool *p, pc_job *job)
{
    if (p->n == 0)
        return;
    (void)pthread_mutex_lock(&p->lock);
    while (!job->done)
        (void)pthread_cond_wait(&p->done, &p->lock);
    (void)pthread_mutex_unlock(&p->lock);
}

bool pc_pool_is_done(pc_pool *p, pc_job *job)
{
    if (p->n == 0)
        return job->done;
    (void)pthread_mutex_lock(&p->lock);
    bool done = job->done;
    (void)pthread_mutex_unlock(&p->lock);
    return done;
}

unsigned pc_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > (long)THREADS_MAX ? THREADS_MAX : (unsigned)n;
}
