/*
 * Faults under a program that follows a folder (parasol index --watch): it is
 * started, the folder changes, and it is told to end; at each operation on the
 * index in turn the program dies or the operation fails. It may end with a
 * sentence, but not go on without what has changed; what it reported is there.
 *
 *     following PROGRAMS [--share N] [--only WORD]
 *
 * As in faults.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <parasol/check.h>

#include "common/base/fail.h"
#include "tests/crash/plans.h"
#include "tests/crash/story.h"
#include "tests/crash/story_programs.h"
#include "tests/support/scratch.h"

/* What the folder holds first and later: after these steps of a story. */
static const int states[] = {0, 2};
enum { STATES = 2, PATIENCE = 40 /* seconds */ };

typedef struct run_place {
    story_place story;
    char said[700];     /* what the program printed */
    char reported[700]; /* what it was seen to have done */
} run_place;

static void set_up(run_place *r, const char *folder, const char *programs,
                   int make)
{
    if (make)
        story_place_make(&r->story, folder);
    (void)snprintf(r->story.watched, sizeof r->story.watched, "%s/watched",
                   folder);
    (void)snprintf(r->story.index, sizeof r->story.index, "%s/index",
                   r->story.watched);
    (void)snprintf(r->story.source, sizeof r->story.source, "%s/source",
                   folder);
    (void)snprintf(r->story.programs, sizeof r->story.programs, "%s", programs);
    (void)snprintf(r->said, sizeof r->said, "%s/said", folder);
    (void)snprintf(r->reported, sizeof r->reported, "%s/reported", folder);
}

/* ---- the program -------------------------------------------------------- */

static void become(const run_place *r)
{
    char path[700], program[] = "parasol-index", watch[] = "--watch",
                    option[] = "--index", index[640], source[600];
    (void)snprintf(path, sizeof path, "%s/%s", r->story.programs, program);
    (void)snprintf(index, sizeof index, "%s", r->story.index);
    (void)snprintf(source, sizeof source, "%s", r->story.source);
    char *words[] = {program, watch, option, index, source, NULL};
    int fd = open(r->said, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
        _exit(99);
    (void)alarm(2 * PATIENCE);
    (void)execv(path, words);
    _exit(99);
}

/* How often the program has said a word. */
static unsigned says(const run_place *r, const char *word)
{
    size_t n = 0;
    unsigned times = 0;
    if (!scratch_exists(r->said))
        return 0;
    char *text = (char *)scratch_read(r->said, &n);
    text[n] = 0;
    for (const char *p = text; (p = strstr(p, word)) != NULL; p++)
        times++;
    free(text);
    return times;
}

/* Waits until a word was said so often; 0 if it was, 1 if the program ended
   before, with *status. */
static int wait_for(const run_place *r, pid_t pid, const char *word,
                    unsigned times, int *status)
{
    struct timespec moment = {0, 5000000};
    for (int i = 0; i < PATIENCE * 200; i++) {
        if (says(r, word) >= times)
            return 0;
        if (waitpid(pid, status, WNOHANG) == pid)
            return 1;
        (void)nanosleep(&moment, NULL);
    }
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, status, 0);
    return 1;
}

/* Lets the program follow the folder; gives its status as of waitpid, and how
   many states the folder had. */
static int follow(const run_place *r, unsigned *begun)
{
    int status = 0, ended = 0;
    story_model m;
    story_model_after(states[0], &m);
    story_write_sources(r->story.source, &m);
    *begun = 1;
    pid_t pid = fork();
    if (pid < 0)
        scratch_die("fork");
    if (pid == 0)
        become(r);
    ended = wait_for(r, pid, "watching for changes", 1, &status);
    if (!ended) {
        *begun = 2;
        story_model_after(states[1], &m);
        story_write_sources(r->story.source, &m);
        ended = wait_for(r, pid, "  commit ", 2, &status);
    }
    if (!ended) {
        (void)kill(pid, SIGTERM);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            continue;
    }
    return status;
}

static int has_sentence(const run_place *r)
{
    return says(r, "parasol index: ") > 0;
}

static int run(const plan_trial *t, const plan *p, uint64_t at,
               const char *folder, faultfs *f)
{
    run_place r;
    unsigned begun = 0;
    char text[64];
    set_up(&r, folder, t->user, 1);
    plan_begin(p, at, r.story.watched, f);
    faultfs_hold(1);
    int status = follow(&r, &begun);
    (void)snprintf(text, sizeof text, "%u %u", says(&r, "  commit "), begun);
    scratch_write(r.reported, text, strlen(text));
    if (!WIFEXITED(status))
        return PLAN_BAD;
    int code = WEXITSTATUS(status);
    if (code == 0 || code == FAULTFS_KILLED)
        return code;
    return (code == 4 || code == 8) && has_sentence(&r) ? PLAN_FAILED
                                                        : PLAN_BAD;
}

/* ---- what is left ------------------------------------------------------- */

static int is_sound(const char *index, parasol_error *why)
{
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    o.deep = 1;
    return parasol_check(index, &o, NULL, why);
}

static int holds(const run_place *r, int state, parasol_error *why)
{
    story_model m;
    unsigned long long commit;
    story_model_after(state < 0 ? STORY_NONE : states[state], &m);
    return story_holds(r->story.index, &m, &commit, why);
}

static int judge(const plan_trial *t, const plan *p, const char *folder,
                 int status, parasol_error *why)
{
    run_place r;
    size_t n;
    int commits = 0, begun = 0, rc = PARASOL_CORRUPT, found = -1;
    (void)p;
    set_up(&r, folder, t->user, 0);
    char *text = (char *)scratch_read(r.reported, &n);
    text[n] = 0;
    if (sscanf(text, "%d %d", &commits, &begun) != 2)
        scratch_die(r.reported);
    free(text);
    if (status == PLAN_DONE && (commits != STATES || begun != STATES))
        return pc_fail(why, PARASOL_CORRUPT, "it ended too early");
    for (int i = commits - 1; rc && i < begun; i++) {
        rc = holds(&r, i, why);
        found = i;
    }
    if (!rc && found >= 0)
        rc = is_sound(r.story.index, why);
    if (!rc)
        rc = story_program(&r.story, "parasol-index", "--index", r.story.index,
                           why);
    if (!rc)
        rc = holds(&r, begun - 1, why);
    return rc ? rc : is_sound(r.story.index, why);
}

int main(int argc, char **argv)
{
    scratch dir;
    uint64_t share = 1;
    const char *only = "";
    for (int i = 2; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--share") == 0)
            share = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--only") == 0)
            only = argv[i + 1];
    }
    if (argc < 2 || argc % 2 || share == 0) {
        (void)fprintf(stderr, "usage: %s PROGRAMS [--share N] [--only WORD]\n",
                      argv[0]);
        return 2;
    }
    scratch_make(&dir);
    faultfs *f = faultfs_begin(scratch_path(&dir, "control"));
    plan_trial t = {"watch", argv[1], run, judge};
    uint64_t bad = plans_try(&t, f, share, only);
    scratch_remove(&dir);
    return bad > 0;
}
