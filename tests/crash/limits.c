/*
 * The real thing: a file system that is full, one without inodes, a process
 * that may open no more files; and a reader whose every read fails.
 *
 *     limits STORY PROGRAMS [--share N] [--only WORD]
 *
 * The full file systems are small ones in memory, mounted in a name space of
 * this process; where that is not permitted it says so, and goes on. Of the
 * sizes, one in N is tried.
 */
#define _GNU_SOURCE /* unshare */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <parasol/check.h>
#include <parasol/parasol.h>

#include "tests/crash/judge.h"
#include "tests/support/scratch.h"

enum {
    SHOWN_MAX = 10,
    LIMIT_SECONDS = 120,
    PAGES_MAX = 400,
    INODES_MAX = 24,
    FILES_MAX = 24
};

typedef struct settings {
    const story *story;
    const char *programs;
    uint64_t share;
    const char *only;
    faultfs *f;
} settings;

/* One run under the limit n; gives an exit status of judge_play. */
typedef int runner(const settings *set, uint64_t n, const char *folder);

typedef struct figures {
    uint64_t runs;
    uint64_t failed;
    uint64_t bad;
} figures;

/* Runs in a process of its own, which may die. */
static int apart(const settings *set, runner *run, uint64_t n)
{
    scratch dir;
    int status = 0;
    scratch_make(&dir);
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        scratch_die("fork");
    if (pid == 0) {
        (void)alarm(LIMIT_SECONDS);
        exit(run(set, n, dir.dir));
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    faultfs_rest(set->f);
    scratch_remove(&dir);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}

static void add_run(figures *sum, const char *name, uint64_t n, int status)
{
    sum->runs++;
    sum->failed += status == JUDGE_SOME_FAILED;
    if (status == JUDGE_ALL_DONE || status == JUDGE_SOME_FAILED)
        return;
    if (sum->bad++ < SHOWN_MAX)
        (void)fprintf(stderr, "%s, %llu: status %d\n", name,
                      (unsigned long long)n, status);
}

static int tell(const settings *set, const char *name, const figures *sum)
{
    printf("limits, %s, %s: %llu runs, in %llu a step failed, %llu bad\n",
           set->story->name, name, (unsigned long long)sum->runs,
           (unsigned long long)sum->failed, (unsigned long long)sum->bad);
    (void)fflush(stdout);
    return sum->bad > 0 || sum->runs == 0;
}

static int judge(const char *index, const char *log, int status)
{
    judge_said said;
    parasol_error why = {0};
    int found = 0;
    if (status != JUDGE_ALL_DONE && status != JUDGE_SOME_FAILED)
        return status;
    judge_said_read(&said, log);
    int rc = judge_index(index, &said, 0, &found, &why);
    if (!rc)
        rc = judge_go_on(index, found, &why);
    if (rc)
        (void)fprintf(stderr, "%s\n", why.message);
    return rc ? JUDGE_BAD : status;
}

/* ---- full file systems -------------------------------------------------- */

static void write_text(const char *path, const char *text)
{
    scratch_write(path, text, strlen(text));
}

/* A name space where this process may mount. */
static int may_mount(void)
{
    char map[64];
    uid_t uid = geteuid();
    if (uid == 0)
        return unshare(CLONE_NEWNS) == 0 &&
               mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return 0;
    (void)snprintf(map, sizeof map, "0 %u 1", (unsigned)uid);
    write_text("/proc/self/uid_map", map);
    return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static int run_full(const settings *set, const char *folder,
                    const char *options)
{
    story_place place;
    char log[700];
    story_place_make(&place, folder);
    (void)snprintf(place.programs, sizeof place.programs, "%s", set->programs);
    (void)snprintf(log, sizeof log, "%s/log", folder);
    if (mount("none", place.watched, "tmpfs", 0, options) != 0)
        scratch_die("mount");
    faultfs_plan(set->f, place.watched, 0, FAULTFS_NOTHING, 0, 0, 0);
    faultfs_log(set->f, log, 0);
    int status = judge_play(set->story, &place, set->f);
    if (mount("none", place.watched, NULL, MS_REMOUNT,
              "size=64m,nr_inodes=1000") != 0)
        scratch_die("mount");
    status = judge(place.index, log, status);
    if (umount(place.watched) != 0)
        scratch_die("umount");
    return status;
}

static int run_pages(const settings *set, uint64_t n, const char *folder)
{
    char options[64];
    (void)snprintf(options, sizeof options, "nr_blocks=%llu",
                   (unsigned long long)n);
    return run_full(set, folder, options);
}

static int run_inodes(const settings *set, uint64_t n, const char *folder)
{
    char options[64];
    (void)snprintf(options, sizeof options, "size=64m,nr_inodes=%llu",
                   (unsigned long long)n);
    return run_full(set, folder, options);
}

/* All of it in one process that may mount: what it mounted ends with it. */
static int full_disks(const settings *set)
{
    figures pages = {0}, inodes = {0};
    if (!may_mount()) {
        printf("limits, full disk: skipped, this process may not mount\n");
        return 0;
    }
    int status = JUDGE_SOME_FAILED;
    for (uint64_t n = 1; n < PAGES_MAX && status; n += set->share) {
        status = apart(set, run_pages, n);
        add_run(&pages, "pages", n, status);
    }
    for (uint64_t n = 1; n < INODES_MAX; n += 1 + set->share / 8)
        add_run(&inodes, "inodes", n, apart(set, run_inodes, n));
    int bad = tell(set, "full disk", &pages);
    return tell(set, "no inodes left", &inodes) || bad;
}

static int in_name_space(const settings *set)
{
    int status = 0;
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        scratch_die("fork");
    if (pid == 0)
        exit(full_disks(set));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status != 0;
}

/* ---- open files --------------------------------------------------------- */

static rlim_t files_now;

/* The limit holds for the step, not for the look at it. */
static int limited_run(const story_place *place, unsigned j,
                       const story_model *from, const story_model *to,
                       parasol_error *err)
{
    struct rlimit was, now;
    if (getrlimit(RLIMIT_NOFILE, &was) != 0)
        scratch_die("getrlimit");
    now = was;
    now.rlim_cur = files_now;
    if (setrlimit(RLIMIT_NOFILE, &now) != 0)
        scratch_die("setrlimit");
    int rc = story_find("library")->run(place, j, from, to, err);
    if (setrlimit(RLIMIT_NOFILE, &was) != 0)
        scratch_die("setrlimit");
    return rc;
}

static int run_files(const settings *set, uint64_t n, const char *folder)
{
    static const story limited = {"limited", limited_run};
    story_place place;
    char log[700];
    story_place_make(&place, folder);
    (void)snprintf(log, sizeof log, "%s/log", folder);
    faultfs_plan(set->f, place.watched, 0, FAULTFS_NOTHING, 0, 0, 0);
    faultfs_log(set->f, log, 0);
    files_now = (rlim_t)n;
    return judge(place.index, log, judge_play(&limited, &place, set->f));
}

static int few_files(const settings *set)
{
    figures sum = {0};
    for (uint64_t n = 3; n < FILES_MAX; n++)
        add_run(&sum, "open files", n, apart(set, run_files, n));
    return tell(set, "few open files", &sum);
}

/* ---- readers ------------------------------------------------------------ */

typedef struct reading {
    const char *name;
    enum faultfs_what what;
    uint64_t times;
    int error;
    int harmless;
} reading;

static const reading readings[] = {
    {"a reader, EIO once", FAULTFS_FAIL, 1, EIO, 0},
    {"a reader, EIO for ever", FAULTFS_FAIL, 0, EIO, 0},
    {"a reader, EMFILE once", FAULTFS_FAIL, 1, EMFILE, 0},
    {"a reader, ENOMEM once", FAULTFS_FAIL, 1, ENOMEM, 0},
    {"a reader, ESTALE once", FAULTFS_FAIL, 1, ESTALE, 0},
    {"a reader, EACCES for ever", FAULTFS_FAIL, 0, EACCES, 0},
    {"a reader, short reads", FAULTFS_SHORT, 1, 0, 1},
};

static const char *reader_index; /* of the index that is read */
static const reading *reader_plan;

/* The right answer, or an error with a sentence; never "there is none". */
static int run_reader(const settings *set, uint64_t n, const char *folder)
{
    story_model m;
    parasol_error err = {0};
    char id[PARASOL_ID_ROOM];
    unsigned long long commit = 0;
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    const reading *r = reader_plan;
    unsigned kinds = FAULTFS_READ;
    (void)folder;
    if (!r->harmless)
        kinds |= FAULTFS_OPEN | FAULTFS_LOOK;
    story_model_after((int)story_steps() - 1, &m);
    faultfs_plan(set->f, reader_index, kinds, r->what, n, r->times, r->error);
    int rc = story_holds(reader_index, &m, &commit, &err);
    if (!rc)
        rc = parasol_index_id(reader_index, id, &err);
    o.deep = 1;
    if (!rc)
        rc = parasol_check(reader_index, &o, NULL, &err);
    if (!rc)
        return atomic_load(&set->f->hit) ? JUDGE_ALL_DONE : 1;
    if (rc == PARASOL_CORRUPT || rc == PARASOL_INTERNAL ||
        rc == PARASOL_NOTFOUND || !err.message[0] || r->harmless) {
        (void)fprintf(stderr, "%s: status %d, %s\n", r->name, rc, err.message);
        return JUDGE_BAD;
    }
    return JUDGE_SOME_FAILED;
}

static int readers(const settings *set)
{
    scratch dir;
    story_place place;
    int bad = 0;
    scratch_make(&dir);
    story_place_make(&place, dir.dir);
    (void)snprintf(place.programs, sizeof place.programs, "%s", set->programs);
    bad = judge_play(set->story, &place, set->f);
    reader_index = place.index;
    for (size_t i = 0; i < sizeof readings / sizeof *readings && !bad; i++) {
        figures sum = {0};
        reader_plan = &readings[i];
        /* 1: the operation was not reached. */
        for (uint64_t n = 1;; n++) {
            int status = apart(set, run_reader, n);
            if (status == 1)
                break;
            add_run(&sum, readings[i].name, n, status);
        }
        bad |= tell(set, readings[i].name, &sum);
    }
    scratch_remove(&dir);
    return bad;
}

static int run(const settings *set)
{
    static const struct {
        const char *name;
        int (*run)(const settings *set);
    } all[] = {
        {"readers", readers}, {"files", few_files}, {"disks", in_name_space}};
    int bad = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strncmp(all[i].name, set->only, strlen(set->only)) == 0)
            bad |= all[i].run(set);
    }
    return bad;
}

int main(int argc, char **argv)
{
    scratch dir;
    settings set = {NULL, "", 1, "", NULL};
    for (int i = 3; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--share") == 0)
            set.share = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--only") == 0)
            set.only = argv[i + 1];
    }
    set.story = argc < 3 ? NULL : story_find(argv[1]);
    if (!set.story || !set.share) {
        (void)fprintf(stderr,
                      "usage: %s STORY PROGRAMS [--share N] [--only WORD]\n",
                      argv[0]);
        return 2;
    }
    set.programs = argv[2];
    scratch_make(&dir);
    set.f = faultfs_begin(scratch_path(&dir, "control"));
    int bad = run(&set);
    scratch_remove(&dir);
    return bad;
}
