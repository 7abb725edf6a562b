/*
 * What happens, and where: in what, others say.
 */
#include "tests/crash/plans.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/scratch.h"

enum { SHOWN_MAX = 10, LIMIT_SECONDS = 120 };

static const plan plans[] = {
    {"kill before", FAULTFS_CHANGES, FAULTFS_KILL_BEFORE, 1, 0, 0},
    {"kill within a write", FAULTFS_WRITE, FAULTFS_KILL_TORN, 1, 0, 0},
    {"kill after", FAULTFS_CHANGES, FAULTFS_KILL_AFTER, 1, 0, 0},
    {"ENOSPC once", FAULTFS_CHANGES, FAULTFS_FAIL, 1, ENOSPC, 0},
    {"ENOSPC for ever", FAULTFS_CHANGES, FAULTFS_FAIL, 0, ENOSPC, 0},
    {"EIO once", FAULTFS_ALL, FAULTFS_FAIL, 1, EIO, 0},
    {"EIO for ever", FAULTFS_ALL, FAULTFS_FAIL, 0, EIO, 0},
    {"EMFILE once", FAULTFS_CREATE | FAULTFS_OPEN, FAULTFS_FAIL, 1, EMFILE, 0},
    {"EMFILE for ever", FAULTFS_CREATE | FAULTFS_OPEN, FAULTFS_FAIL, 0, EMFILE,
     0},
    {"EACCES for ever", FAULTFS_ALL, FAULTFS_FAIL, 0, EACCES, 0},
    {"ESTALE once", FAULTFS_ALL, FAULTFS_FAIL, 1, ESTALE, 0},
    {"short writes and reads", FAULTFS_WRITE | FAULTFS_READ, FAULTFS_SHORT, 1,
     0, 1},
    {"short for ever", FAULTFS_WRITE | FAULTFS_READ, FAULTFS_SHORT, 0, 0, 1},
    {"EINTR once",
     FAULTFS_CREATE | FAULTFS_WRITE | FAULTFS_SYNC | FAULTFS_OPEN |
         FAULTFS_READ,
     FAULTFS_FAIL, 1, EINTR, 1},
};

typedef struct figures {
    uint64_t runs;
    uint64_t failed; /* runs in which a failure was reported */
    uint64_t bad;
} figures;

int plan_kills(const plan *p)
{
    return p->what == FAULTFS_KILL_BEFORE || p->what == FAULTFS_KILL_TORN ||
           p->what == FAULTFS_KILL_AFTER;
}

void plan_begin(const plan *p, uint64_t at, const char *watched, faultfs *f)
{
    (void)alarm(LIMIT_SECONDS);
    faultfs_plan(f, watched, p->kinds, p->what, at, p->times, p->error);
}

/* What is left of a process that ended with this status. */
static int judge(const plan_trial *t, const plan *p, const char *folder,
                 int status, parasol_error *why)
{
    why->message[0] = 0;
    if (!WIFEXITED(status))
        return -1;
    int code = WEXITSTATUS(status);
    if (code != PLAN_DONE &&
        code != (plan_kills(p) ? FAULTFS_KILLED : PLAN_FAILED))
        return -1;
    if (code != PLAN_DONE && p->harmless) {
        (void)snprintf(why->message, sizeof why->message,
                       "it failed for nothing");
        return -1;
    }
    return t->judge(t, p, folder, code, why);
}

/* One run; 0 when the operation was never reached. */
static int run_at(const plan_trial *t, const plan *p, uint64_t at, faultfs *f,
                  figures *sum)
{
    scratch dir;
    parasol_error why = {0};
    int status = 0;
    scratch_make(&dir);
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        scratch_die("fork");
    if (pid == 0)
        exit(t->run(t, p, at, dir.dir, f));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    int reached = atomic_load(&f->hit) > 0;
    faultfs_rest(f);
    sum->runs += (uint64_t)reached;
    sum->failed += WIFEXITED(status) && WEXITSTATUS(status) == PLAN_FAILED;
    if (judge(t, p, dir.dir, status, &why) && sum->bad++ < SHOWN_MAX)
        (void)fprintf(stderr, "%s, %s, operation %llu: status %x: %s\n",
                      t->name, p->name, (unsigned long long)at,
                      (unsigned)status, why.message);
    scratch_remove(&dir);
    return reached;
}

static uint64_t try_plan(const plan_trial *t, const plan *p, faultfs *f,
                         uint64_t share)
{
    figures sum = {0};
    for (uint64_t at = 1; run_at(t, p, at, f, &sum); at += share)
        continue;
    printf("faults, %s, %s: %llu runs, in %llu a step failed, %llu bad\n",
           t->name, p->name, (unsigned long long)sum.runs,
           (unsigned long long)sum.failed, (unsigned long long)sum.bad);
    (void)fflush(stdout);
    return sum.bad + (sum.runs == 0);
}

uint64_t plans_try(const plan_trial *t, faultfs *f, uint64_t share,
                   const char *only)
{
    uint64_t bad = 0;
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        if (strncmp(plans[i].name, only, strlen(only)) == 0)
            bad += try_plan(t, &plans[i], f, share);
    }
    return bad;
}
