/*
 * Faults at every operation: plays a story as often as it has operations, and
 * at each in turn kills the writer or makes the operation fail; then judges
 * what is left and lets the next writer go on.
 *
 *     faults STORY PROGRAMS [--share N] [--only WORD]
 *
 * One operation in N is looked at (1: all), of the plans whose names begin
 * with WORD. Each plan has a line of figures at the end.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <parasol/parasol.h>

#include "tests/crash/judge.h"
#include "tests/support/scratch.h"

enum { SHOWN_MAX = 10, LIMIT_SECONDS = 120 };

typedef struct plan {
    const char *name;
    unsigned kinds;
    enum faultfs_what what;
    uint64_t times; /* 0: for ever */
    int error;
    int harmless; /* no step may fail because of it */
} plan;

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

typedef struct settings {
    const story *story;
    const char *programs;
    uint64_t share;
    const char *only;
} settings;

typedef struct figures {
    uint64_t runs;
    uint64_t failed; /* runs in which the writer reported a failure */
    uint64_t bad;
} figures;

static int play(const settings *set, const plan *p, uint64_t at,
                const char *folder, faultfs *f)
{
    story_place place;
    char log[700];
    story_place_make(&place, folder);
    (void)snprintf(place.programs, sizeof place.programs, "%s", set->programs);
    (void)snprintf(log, sizeof log, "%s/log", folder);
    (void)alarm(LIMIT_SECONDS);
    faultfs_plan(f, place.watched, p->kinds, p->what, at, p->times, p->error);
    faultfs_log(f, log, 0);
    return judge_play(set->story, &place, f);
}

/* What is left of a writer that ended with this status. */
static int judge(const plan *p, const char *folder, int status,
                 parasol_error *why)
{
    judge_said said;
    char path[700];
    int found = 0;
    int kills = p->what == FAULTFS_KILL_BEFORE ||
                p->what == FAULTFS_KILL_TORN || p->what == FAULTFS_KILL_AFTER;
    why->message[0] = 0;
    if (!WIFEXITED(status))
        return -1;
    int code = WEXITSTATUS(status);
    if (code != JUDGE_ALL_DONE &&
        code != (kills ? FAULTFS_KILLED : JUDGE_SOME_FAILED))
        return -1;
    if (code != JUDGE_ALL_DONE && p->harmless) {
        (void)snprintf(why->message, sizeof why->message,
                       "a step failed for nothing");
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/log", folder);
    judge_said_read(&said, path);
    (void)snprintf(path, sizeof path, "%s/watched/index", folder);
    int rc = judge_index(path, &said, !kills && p->times == 1, &found, why);
    return rc ? rc : judge_go_on(path, found, why);
}

/* One run; 0 when the operation was never reached. */
static int run_at(const settings *set, const plan *p, uint64_t at, faultfs *f,
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
        exit(play(set, p, at, dir.dir, f));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    int reached = atomic_load(&f->hit) > 0;
    faultfs_rest(f);
    sum->runs += (uint64_t)reached;
    sum->failed +=
        WIFEXITED(status) && WEXITSTATUS(status) == JUDGE_SOME_FAILED;
    if (judge(p, dir.dir, status, &why) && sum->bad++ < SHOWN_MAX)
        (void)fprintf(stderr, "%s, operation %llu: status %x: %s\n", p->name,
                      (unsigned long long)at, (unsigned)status, why.message);
    scratch_remove(&dir);
    return reached;
}

static uint64_t run_plan(const settings *set, const plan *p, faultfs *f)
{
    figures sum = {0};
    for (uint64_t at = 1; run_at(set, p, at, f, &sum); at += set->share)
        continue;
    printf("faults, %s, %s: %llu runs, in %llu a step failed, %llu bad\n",
           set->story->name, p->name, (unsigned long long)sum.runs,
           (unsigned long long)sum.failed, (unsigned long long)sum.bad);
    (void)fflush(stdout);
    return sum.bad + (sum.runs == 0);
}

static int run(const settings *set)
{
    scratch dir;
    uint64_t bad = 0;
    scratch_make(&dir);
    faultfs *f = faultfs_begin(scratch_path(&dir, "control"));
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        if (strncmp(plans[i].name, set->only, strlen(set->only)) == 0)
            bad += run_plan(set, &plans[i], f);
    }
    scratch_remove(&dir);
    return bad > 0;
}

static int usage(const char *program)
{
    (void)fprintf(stderr,
                  "usage: %s STORY PROGRAMS [--share N] [--only WORD]\n",
                  program);
    return 2;
}

int main(int argc, char **argv)
{
    settings set = {NULL, "", 1, ""};
    if (argc < 3)
        return usage(argv[0]);
    set.story = story_find(argv[1]);
    set.programs = argv[2];
    for (int i = 3; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--share") == 0)
            set.share = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--only") == 0)
            set.only = argv[i + 1];
        else
            return usage(argv[0]);
    }
    return set.story && set.share ? run(&set) : usage(argv[0]);
}
