/*
 * parasol-index: from the command line to the library. `parasol index` runs
 * it. Sees the public headers and common/tool only.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <parasol/indexer.h>

#include "common/tool/exit.h"
#include "common/tool/heap.h"
#include "common/tool/interrupt.h"
#include "common/tool/say.h"
#include "indexer/cli/index_options.h"
#include "indexer/cli/index_report.h"
#include "indexer/cli/index_watch.h"

#define PATH_BYTES 4096

/* A read of standard input may wait for ever: it is told that there is no
   more. */
static void on_interrupt(void)
{
    pi_index_watch_stop();
    int none = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (none >= 0) {
        (void)dup2(none, STDIN_FILENO);
        (void)close(none);
    }
}

static void say_error(const char *message)
{
    fputs("parasol index: ", stderr);
    (void)pc_say_text(stderr, message, strlen(message));
    fputc('\n', stderr);
}

/* The folder first, so that a wrong name is not reported as a missing place
   for the index. */
static bool can_read_folder(const char *dir)
{
    DIR *d = opendir(dir);
    if (d) {
        (void)closedir(d);
        return true;
    }
    char text[128] = "unknown error";
    int why = errno;
    (void)strerror_r(why, text, sizeof text);
    fputs("parasol index: cannot read the folder ", stderr);
    (void)pc_say_text(stderr, dir, strlen(dir));
    fprintf(stderr, ": %s\n", text);
    if (why == ENOTDIR)
        fputs("Give the folder that holds the file.\n", stderr);
    return false;
}

/* Not by opening it: who writes a pipe would lose its reader. */
static bool can_read_file(const char *path)
{
    if (strcmp(path, "-") == 0 || access(path, R_OK) == 0)
        return true;
    char text[128] = "unknown error";
    (void)strerror_r(errno, text, sizeof text);
    fputs("parasol index: cannot read ", stderr);
    (void)pc_say_text(stderr, path, strlen(path));
    fprintf(stderr, ": %s\n", text);
    return false;
}

static bool can_read_inputs(const pi_index_settings *s)
{
    for (int i = 0; i < s->n_inputs; i++) {
        if (!(s->jsonl ? can_read_file : can_read_folder)(s->inputs[i]))
            return false;
    }
    return true;
}

/* DIR/.parasol, into `out`; false when that is too long. */
static bool default_index(char out[PATH_BYTES], const char *dir)
{
    size_t n = strlen(dir);
    const char *slash = dir[n - 1] == '/' ? "" : "/";
    int got = snprintf(out, PATH_BYTES, "%s%s.parasol", dir, slash);
    return got > 0 && got < PATH_BYTES;
}

static int on_progress(const parasol_progress *p, void *user)
{
    pi_index_report_file(user, p);
    return pc_interrupted();
}

static int on_merge(uint64_t done, uint64_t total, void *user)
{
    pi_index_report_merge(user, done, total);
    return pc_interrupted();
}

/* The exit status for a failure of the library while writing. */
static int exit_of_failure(int rc)
{
    /* The folder could be read: what fails now is the place of the index. */
    return rc == PARASOL_IO ? PC_EXIT_RESOURCE : pc_exit_of(rc);
}

static int failed(pi_index_report *report, int rc, const parasol_error *err)
{
    pi_index_report_clear(report);
    say_error(err->message[0] ? err->message : parasol_status_str(rc));
    if (rc == PARASOL_LOCKED)
        fputs("Give --wait, or choose another --index.\n", stderr);
    if (rc == PARASOL_DECODE)
        fputs("The index is as it was before.\n", stderr);
    return exit_of_failure(rc);
}

/* Bytes of all files of lines, for the live line; 0: one has no size. */
static uint64_t measure_files(const pi_index_settings *s)
{
    uint64_t sum = 0;
    for (int i = 0; i < s->n_inputs; i++) {
        bool in = strcmp(s->inputs[i], "-") == 0;
        struct stat st;
        if ((in ? fstat(STDIN_FILENO, &st) : stat(s->inputs[i], &st)) < 0 ||
            !S_ISREG(st.st_mode))
            return 0;
        sum += (uint64_t)st.st_size;
    }
    return sum;
}

static int add_lines(const pi_index_settings *s, parasol_indexer *w,
                     pi_index_report *report, parasol_error *err)
{
    parasol_lines_options o = PARASOL_LINES_OPTIONS_INIT;
    int rc = PARASOL_OK;
    o.id = s->id;
    o.title = s->n_fields > 0 && !s->title ? "" : NULL;
    o.fields = s->n_fields > 0 || s->title ? s->fields : NULL;
    o.field_count = s->n_fields;
    o.strict = s->strict;
    o.progress = on_progress;
    o.user = report;
    pi_index_report_inputs(report, measure_files(s));
    for (int i = 0; !rc && i < s->n_inputs; i++) {
        pi_index_report_input(report);
        rc = parasol_indexer_add_lines(w, s->inputs[i], &o, &report->summary,
                                       err);
    }
    return rc;
}

/* Bytes below all folders, for the live line. */
static uint64_t measure(const pi_index_settings *s, const char *index,
                        const parasol_tree_options *o)
{
    uint64_t sum = 0;
    for (int i = 0; i < s->n_inputs; i++) {
        uint64_t bytes = 0;
        if (parasol_tree_size(s->inputs[i], index, o, &bytes, NULL) ==
            PARASOL_OK)
            sum += bytes;
    }
    return sum;
}

static int on_change(const parasol_change *c, void *user)
{
    pi_index_report_change(user, c);
    return pc_interrupted();
}

static int add_trees(const pi_index_settings *s, const char *index,
                     parasol_indexer *w, pi_index_report *report,
                     parasol_error *err)
{
    parasol_tree_options o = PARASOL_TREE_OPTIONS_INIT;
    o.max_file_bytes = s->max_file;
    o.gitignore = s->gitignore;
    o.progress = on_progress;
    o.changed = on_change;
    o.user = report;
    /* How much an update will read is not known before. */
    if (report->live && !report->update)
        report->total = measure(s, index, &o);
    return parasol_indexer_sync_trees(w, s->inputs, (size_t)s->n_inputs, &o,
                                      &report->summary, err);
}

static void say_why(const pi_index_settings *s, const char *why)
{
    if (s->quiet || !why[0])
        return;
    fputs("making the index anew: ", stderr);
    (void)pc_say_text(stderr, why, strlen(why));
    fputc('\n', stderr);
}

static int fill_index(const pi_index_settings *s, const char *index,
                      parasol_indexer *w, pi_index_report *report,
                      parasol_commit_info *info, parasol_error *err)
{
    report->update = parasol_indexer_is_update(w) != 0;
    say_why(s, parasol_indexer_why(w));
    int rc = s->jsonl ? add_lines(s, w, report, err)
                      : add_trees(s, index, w, report, err);
    if (!rc && !pc_interrupted())
        rc = parasol_indexer_commit(w, info, err);
    return rc;
}

static parasol_indexer_options options_of(const pi_index_settings *s,
                                          pi_index_report *report)
{
    parasol_indexer_options io = PARASOL_INDEXER_OPTIONS_INIT;
    io.language = s->language;
    io.new_language = "auto";
    io.title_weight = s->title_weight;
    io.memory = s->memory;
    io.jobs = s->jobs;
    io.store_text = s->no_text ? 0 : -1;
    io.merging = on_merge;
    io.user = report;
    io.dry_run = s->dry_run;
    io.durability = s->fast ? PARASOL_DURABILITY_FAST : PARASOL_DURABILITY_FULL;
    if (s->jsonl)
        io.update = s->update ? PARASOL_UPDATE : PARASOL_UPDATE_NONE;
    else
        io.update = s->rebuild ? PARASOL_UPDATE_NONE : PARASOL_UPDATE_FOLDERS;
    return io;
}

/* One attempt, from opening to closing. */
static int make_index(const pi_index_settings *s, const char *index,
                      pi_index_report *report, parasol_commit_info *info,
                      parasol_error *err)
{
    parasol_indexer *w = NULL;
    pi_wait wait = s->wait;
    parasol_indexer_options io = options_of(s, report);
    pi_index_report_init(report, s->quiet, s->verbose, s->jsonl);
    report->dry = s->dry_run;
    report->fast = s->fast;
    int rc;
    do
        rc = parasol_indexer_open(&w, index, &io, err);
    while (rc == PARASOL_LOCKED && pi_wait_more(&wait, "index", err));
    if (!rc)
        rc = fill_index(s, index, w, report, info, err);
    parasol_indexer_close(w);
    return rc;
}

static int run(pi_index_settings *s, const char *index, bool again)
{
    parasol_error err = {0};
    parasol_commit_info info = PARASOL_COMMIT_INFO_INIT;
    static pi_index_report report; /* large for a stack */
    int rc = make_index(s, index, &report, &info, &err);
    /* Damage that an update came upon: the files are still there. */
    if (rc == PARASOL_CORRUPT && report.update && !s->jsonl) {
        pi_index_report_clear(&report);
        say_why(s, err.message);
        s->rebuild = true;
        rc = make_index(s, index, &report, &info, &err);
    }
    if (pc_interrupted() && info.commit == 0) {
        pi_index_report_clear(&report);
        fputs("parasol index: interrupted; the index is as it was before\n",
              stderr);
        return PC_EXIT_INTERRUPTED;
    }
    if (rc)
        return failed(&report, rc, &err);
    if (again && info.unchanged)
        pi_index_report_clear(&report);
    else
        pi_index_report_end(&report, s->inputs[0], index, &info);
    if (fflush(stdout))
        return PC_EXIT_RESOURCE;
    return pi_index_report_is_complete(&report) ? PC_EXIT_OK
                                                : PC_EXIT_INCOMPLETE;
}

int main(int argc, char **argv)
{
    static pi_index_settings s;
    bool done = false;
    static char path[PATH_BYTES];
    int status = pi_index_settings_read(&s, argc, argv, &done);
    if (status || done)
        return status;
    pc_heap_tune(s.memory);
    pc_interrupt_catch(on_interrupt);
    if (!can_read_inputs(&s))
        return PC_EXIT_NOINDEX;
    if (!s.index) {
        if (!default_index(path, s.inputs[0]))
            return pi_index_usage_error("the name of the folder is too long");
        s.index = path;
    }
    return s.watch ? pi_index_watch(&s, s.index, run) : run(&s, s.index, false);
}
