/*
 * Power cuts: plays a story once, recording, makes the states that a disk may
 * be in after each operation, and judges each of them.
 *
 *     power posix|journal STORY PROGRAMS [--share N] [--random N] [--fail N]
 *           [--forget files|folders]
 *
 * One state in N is judged (1: all), with so many random mixes at each
 * operation; with --fail, the N-th sync of the story fails. The last line has
 * the figures. --forget is the control: syncs of files or folders do nothing,
 * and it is a failure if no bad state is found.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <parasol/parasol.h>

#include "tests/crash/judge.h"
#include "tests/crash/states.h"
#include "tests/support/scratch.h"

enum { GO_ON_EVERY = 4, SHOWN_MAX = 10 };

typedef struct settings {
    enum world_model model;
    const story *story;
    const char *programs;
    uint64_t share;
    uint64_t fail;
    unsigned random;
    int forget; /* enum faultfs_op, or 0 */
} settings;

/* Shared with the process that judges, which may die. */
typedef struct progress {
    char now[200];
    uint64_t records;
    uint64_t built;
    uint64_t states[STATES_CLASSES];
    uint64_t went_on;
    uint64_t bad;
} progress;

typedef struct replay {
    const settings *set;
    progress *p;
    scratch dir;
    char index[700];
    judge_said said;
    uint64_t *seen; /* hashes of states, open addressing; 0: empty */
    size_t n_seen, cap_seen;
    /* What lies in the directory. */
    struct laid {
        char path[256];
        uint64_t hash;
        int keep;
    } laid[256];
    size_t n_laid;
} replay;

static uint64_t sum_states(const progress *p)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < STATES_CLASSES; i++)
        n += p->states[i];
    return n;
}

/* ---- recording ---------------------------------------------------------- */

static void record(const settings *set, const char *folder, const char *log)
{
    story_place place;
    char control[700];
    story_place_make(&place, folder);
    (void)snprintf(place.programs, sizeof place.programs, "%s", set->programs);
    (void)snprintf(control, sizeof control, "%s/control", folder);
    faultfs *f = faultfs_begin(control);
    faultfs_plan(f, place.watched, FAULTFS_SYNC,
                 set->fail ? FAULTFS_FAIL : FAULTFS_NOTHING, set->fail, 1, EIO);
    faultfs_log(f, log, 1);
    int status = judge_play(set->story, &place, f);
    faultfs_rest(f);
    /* A sync may fail where nothing depends on it. */
    if (status != JUDGE_ALL_DONE &&
        !(set->fail && status == JUDGE_SOME_FAILED)) {
        (void)fprintf(stderr, "the story ended with status %d\n", status);
        exit(1);
    }
}

/* ---- one state ---------------------------------------------------------- */

static int is_new(replay *r, uint64_t hash)
{
    hash |= 1;
    if (r->n_seen * 2 >= r->cap_seen) {
        size_t old = r->cap_seen;
        uint64_t *was = r->seen;
        r->cap_seen = old ? old * 2 : 1 << 16;
        r->seen = calloc(r->cap_seen, sizeof *r->seen);
        if (!r->seen)
            scratch_die("calloc");
        r->n_seen = 0;
        for (size_t i = 0; i < old; i++) {
            if (was[i])
                (void)is_new(r, was[i]);
        }
        free(was);
    }
    size_t at = (hash >> 7) & (r->cap_seen - 1);
    while (r->seen[at] && r->seen[at] != hash)
        at = (at + 1) & (r->cap_seen - 1);
    if (r->seen[at])
        return 0;
    r->seen[at] = hash;
    r->n_seen++;
    return 1;
}

/* After the next writer nobody knows what lies there. */
static void wipe(replay *r)
{
    scratch_empty(r->dir.dir, 4);
    r->n_laid = 0;
}

/* Writes a file unless it lies there already; nearly all do. */
static void lay_file(replay *r, const world_file *f)
{
    size_t i = 0;
    while (i < r->n_laid && strcmp(r->laid[i].path, f->path) != 0)
        i++;
    if (i == r->n_laid && (i == 256 || strlen(f->path) >= 256))
        scratch_die("too many files");
    if (i == r->n_laid || r->laid[i].hash != f->hash) {
        const char *path = scratch_path(&r->dir, f->path);
        if (f->bytes)
            scratch_write(path, f->bytes, f->len);
        else if (mkdir(path, 0777) != 0)
            scratch_die(path);
    }
    if (i == r->n_laid)
        r->n_laid++;
    (void)snprintf(r->laid[i].path, sizeof r->laid[i].path, "%s", f->path);
    r->laid[i].hash = f->hash;
    r->laid[i].keep = 1;
}

static void lay(replay *r, const world_image *image)
{
    for (size_t i = 0; i < r->n_laid; i++)
        r->laid[i].keep = 0;
    for (size_t i = 0; i < image->n; i++)
        lay_file(r, &image->files[i]);
    for (size_t i = 0; i < r->n_laid;) {
        if (r->laid[i].keep) {
            i++;
            continue;
        }
        if (r->laid[i].hash == 0) { /* a folder: rare */
            wipe(r);
            lay(r, image);
            return;
        }
        if (remove(scratch_path(&r->dir, r->laid[i].path)) != 0)
            scratch_die(r->laid[i].path);
        r->laid[i] = r->laid[--r->n_laid];
    }
}

static void judge_state(const world_image *image, enum states_class c,
                        void *user)
{
    replay *r = user;
    parasol_error why = {0};
    int found = 0;
    uint64_t hash = image->hash ^ (r->said.commit * 0x9e3779b97f4a7c15u);
    hash += r->said.n_begun * 31u + r->said.failed;
    r->p->built++;
    if ((hash >> 20) % r->set->share || !is_new(r, hash))
        return;
    uint64_t n = r->p->states[c]++;
    (void)snprintf(r->p->now, sizeof r->p->now, "after record %llu, %s (%llu)",
                   (unsigned long long)r->p->records, states_class_words(c),
                   (unsigned long long)n);
    lay(r, image);
    int rc = judge_index(r->index, &r->said, 0, &found, &why);
    if (!rc && (hash >> 40) % GO_ON_EVERY == 0) {
        rc = judge_go_on(r->index, found, &why);
        r->p->went_on++;
        wipe(r);
    }
    if (rc && r->p->bad++ < SHOWN_MAX && !r->set->forget)
        (void)fprintf(stderr, "%s: %s\n", r->p->now, why.message);
}

/* ---- all states --------------------------------------------------------- */

static void replay_all(const settings *set, const char *log, progress *p)
{
    replay *r = calloc(1, sizeof *r);
    if (!r)
        scratch_die("calloc");
    *r = (replay){.set = set, .p = p};
    scratch_make(&r->dir);
    (void)snprintf(r->index, sizeof r->index, "%s/index", r->dir.dir);
    judge_said_init(&r->said);
    world *w = world_open(log, set->model);
    if (set->forget)
        world_forget(w, (enum faultfs_op)set->forget);
    faultfs_record_head head = {0};
    const char *words = NULL;
    do {
        if (head.op == FAULTFS_OP_SAY)
            judge_said_add(&r->said, head.off, words);
        p->records++;
        states_each(w, set->model, set->random, 1, judge_state, r);
    } while (world_step(w, &head, &words));
    world_close(w);
    scratch_remove(&r->dir);
    free(r->seen);
    free(r);
}

static int report(const settings *set, const progress *p, int status)
{
    if (status != 0)
        (void)fprintf(stderr, "%s: the judge ended with status %x\n", p->now,
                      (unsigned)status);
    for (unsigned i = 0; i < STATES_CLASSES; i++)
        printf("  %s: %llu\n", states_class_words((enum states_class)i),
               (unsigned long long)p->states[i]);
    printf("power cuts, %s, %s%s: %llu operations, %llu distinct states of "
           "%llu, %llu went on, %llu bad\n",
           set->model == WORLD_POSIX ? "names one by one" : "ordered journal",
           set->story->name,
           set->fail     ? ", a sync failed"
           : set->forget ? ", control without some syncs"
                         : "",
           (unsigned long long)p->records - 1,
           (unsigned long long)sum_states(p), (unsigned long long)p->built,
           (unsigned long long)p->went_on, (unsigned long long)p->bad);
    return status != 0 || (p->bad > 0) != (set->forget != 0) ||
           sum_states(p) < 100;
}

static int run(const settings *set)
{
    scratch dir;
    char log[700];
    int status = 0;
    progress *p = mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        scratch_die("mmap");
    scratch_make(&dir);
    (void)snprintf(log, sizeof log, "%s/log", dir.dir);
    record(set, dir.dir, log);
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        scratch_die("fork");
    if (pid == 0) {
        replay_all(set, log, p);
        exit(0);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    scratch_remove(&dir);
    return report(set, p, status);
}

static int usage(const char *program)
{
    (void)fprintf(stderr,
                  "usage: %s posix|journal STORY PROGRAMS [--share N] "
                  "[--random N] [--fail N] [--forget files|folders]\n",
                  program);
    return 2;
}

int main(int argc, char **argv)
{
    settings set = {WORLD_POSIX, NULL, "", 1, 0, 8, 0};
    if (argc < 4)
        return usage(argv[0]);
    if (strcmp(argv[1], "journal") == 0)
        set.model = WORLD_JOURNAL;
    set.story = story_find(argv[2]);
    set.programs = argv[3];
    for (int i = 4; i + 1 < argc; i += 2) {
        uint64_t n = strtoull(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--share") == 0)
            set.share = n ? n : 1;
        else if (strcmp(argv[i], "--random") == 0)
            set.random = (unsigned)n;
        else if (strcmp(argv[i], "--fail") == 0)
            set.fail = n;
        else if (strcmp(argv[i], "--forget") == 0)
            set.forget =
                argv[i + 1][1] == 'i' ? FAULTFS_OP_SYNC : FAULTFS_OP_SYNC_DIR;
        else
            return usage(argv[0]);
    }
    return set.story ? run(&set) : usage(argv[0]);
}
