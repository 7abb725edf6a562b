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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/crash/judge.h"
#include "tests/crash/plans.h"
#include "tests/support/scratch.h"

typedef struct settings {
    const story *story;
    const char *programs;
    uint64_t share;
    const char *only;
} settings;

static int play(const plan_trial *t, const plan *p, uint64_t at,
                const char *folder, faultfs *f)
{
    const settings *set = t->user;
    story_place place;
    char log[700];
    story_place_make(&place, folder);
    (void)snprintf(place.programs, sizeof place.programs, "%s", set->programs);
    (void)snprintf(log, sizeof log, "%s/log", folder);
    plan_begin(p, at, place.watched, f);
    faultfs_log(f, log, 0);
    return judge_play(set->story, &place, f);
}

static int judge(const plan_trial *t, const plan *p, const char *folder,
                 int status, parasol_error *why)
{
    judge_said said;
    char path[700];
    int found = 0;
    (void)t;
    (void)status;
    (void)snprintf(path, sizeof path, "%s/log", folder);
    judge_said_read(&said, path);
    (void)snprintf(path, sizeof path, "%s/watched/index", folder);
    int rc =
        judge_index(path, &said, !plan_kills(p) && p->times == 1, &found, why);
    return rc ? rc : judge_go_on(path, found, why);
}

static int run(const settings *set)
{
    scratch dir;
    plan_trial t = {set->story->name, set, play, judge};
    scratch_make(&dir);
    faultfs *f = faultfs_begin(scratch_path(&dir, "control"));
    uint64_t bad = plans_try(&t, f, set->share, set->only);
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
