/*
 * parasol-optimize: from the command line to the library. `parasol optimize`
 * runs it. Sees the public headers and common/tool only.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <parasol/optimize.h>

#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "common/tool/heap.h"
#include "common/tool/interrupt.h"
#include "common/tool/say.h"
#include "common/tool/stopwatch.h"
#include "indexer/cli/verb.h"
#include "indexer/cli/wait.h"

#define JOBS_MAX 64
#define LIVE_EVERY 0.1 /* seconds */

enum { OPT_REORDER = PI_OPT_OWN, OPT_JOBS, OPT_MEMORY };

static const pc_opt table[] = {
    {OPT_REORDER, 0, "reorder", "HOW",
     "bisect: documents with the same words together, which\n"
     "makes the smallest index (default); path: by path;\n"
     "none: as they were added"},
    {OPT_JOBS, 'j', "jobs", "N",
     "threads (default one for each processor); the index is\n"
     "the same for any number"},
    {OPT_MEMORY, 0, "memory", "SIZE",
     "memory to use, about (default half of the RAM)"},
    PI_OPT_WAIT_LINE,
    PI_OPT_QUIET_LINE,
    PI_OPT_HELP_LINE};

static const pi_verb verb = {
    "optimize",
    "Usage: parasol optimize [OPTIONS] [INDEX]\n\n"
    "Makes an index smaller and faster: merges all its parts into one "
    "and puts\ndocuments that are alike next to each other. Searches "
    "find the same as before,\nin the same order and with the same "
    "scores.\n\n"
    "INDEX is the folder of an index; without it, that of "
    "PARASOL_INDEX, else the\nnearest .parasol, looked for upwards. "
    "The new index is written beside the old\none, which stays as it "
    "is until all is done; so there has to be room for both.\n",
    "\nExamples:\n"
    "  parasol optimize\n"
    "  parasol optimize --reorder=none /srv/docs/.parasol\n\n"
    "Exit status: 0 done; 2 usage; 4 there is no index; 5 the index is "
    "damaged;\n6 its format is too old or too new; 7 another program "
    "is writing it; 8 no memory\nor disk left, or the index cannot be written; "
    "130 interrupted.\n",
    table,
    PC_COUNTOF(table),
    true};

typedef struct settings {
    parasol_optimize_options o;
    pi_verb_line line;
    pi_wait wait;
} settings;

typedef struct live {
    bool on, shown;
    int phase;
    double next;
} live;

/* ---- command line ------------------------------------------------------- */

static bool read_order(settings *s, const char *word)
{
    static const struct {
        const char *word;
        int order;
    } words[] = {{"bisect", PARASOL_ORDER_BISECT},
                 {"path", PARASOL_ORDER_PATH},
                 {"none", PARASOL_ORDER_NONE}};
    for (size_t i = 0; i < PC_COUNTOF(words); i++) {
        if (strcmp(word, words[i].word) == 0) {
            s->o.order = words[i].order;
            return true;
        }
    }
    return false;
}

static const char *take(void *user, int id, const char *value)
{
    settings *s = user;
    uint64_t jobs;
    switch (id) {
    case OPT_REORDER:
        return read_order(s, value) ? NULL : "not bisect, path or none";
    case OPT_JOBS:
        if (!pc_opt_uint(value, JOBS_MAX, &jobs) || jobs == 0)
            return "not a number from 1 to 64";
        s->o.jobs = (unsigned)jobs;
        break;
    case PI_OPT_WAIT:
        return pi_wait_read(&s->wait, value) ? NULL : "not a number of seconds";
    default:
        if (!pc_opt_size(value, &s->o.memory))
            return "not a size such as 500K, 64M or 2G";
        break;
    }
    return NULL;
}

/* ---- progress ----------------------------------------------------------- */

static int on_progress(int phase, double done, void *user)
{
    live *l = user;
    double t = l->on ? pc_stopwatch() : 0;
    if (l->on && (phase != l->phase || t >= l->next)) {
        fprintf(stderr, "\r\033[K%s %3.0f %%",
                phase == PARASOL_PHASE_COMPARING ? "comparing documents"
                                                 : "merging",
                100 * done);
        l->phase = phase;
        l->shown = true;
        l->next = t + LIVE_EVERY;
    }
    return pc_interrupted();
}

/* ---- running ------------------------------------------------------------ */

static int failed(int rc, const parasol_error *err)
{
    if (pc_interrupted() && (rc == PARASOL_ARG || rc == PARASOL_LOCKED)) {
        fputs("parasol optimize: interrupted; the index is as it was before\n",
              stderr);
        return PC_EXIT_INTERRUPTED;
    }
    int status = pi_verb_fail_writing(&verb, rc, err);
    if (rc == PARASOL_NOMEM)
        fputs("Give more --memory, or --reorder=path, which needs less.\n",
              stderr);
    if (rc == PARASOL_LOCKED)
        fputs("Give --wait, or try again later.\n", stderr);
    return status;
}

static void say_done(const char *index, const parasol_optimize_info *info)
{
    char before[32], now[32];
    fputs("index ", stderr);
    (void)pc_say_text(stderr, index, strlen(index));
    if (!info->changed) {
        fputs(": nothing to do\n", stderr);
        return;
    }
    fprintf(stderr, "  %s instead of %s", pc_say_size(now, info->bytes),
            pc_say_size(before, info->bytes_before));
    if (info->segments > 1)
        fprintf(stderr, "  one part instead of %llu",
                (unsigned long long)info->segments);
    fprintf(stderr, "  commit %llu\n", (unsigned long long)info->commit);
}

static int run(settings *s, const char *index)
{
    parasol_error err = {0};
    parasol_optimize_info info = PARASOL_OPTIMIZE_INFO_INIT;
    live l = {.on = !s->line.quiet && isatty(STDERR_FILENO) == 1, .phase = -1};
    s->o.progress = on_progress;
    s->o.user = &l;
    int rc;
    do
        rc = parasol_optimize(index, &s->o, &info, &err);
    while (rc == PARASOL_LOCKED && pi_wait_more(&s->wait, verb.name, &err));
    if (l.shown)
        fputs("\r\033[K", stderr);
    if (rc)
        return failed(rc, &err);
    if (!s->line.quiet)
        say_done(index, &info);
    return PC_EXIT_OK;
}

int main(int argc, char **argv)
{
    settings s = {.o = PARASOL_OPTIMIZE_OPTIONS_INIT};
    static char path[PC_PATH_BYTES];
    int status = pi_verb_read(&verb, argc, argv, take, &s, &s.line);
    if (!status && !s.line.done)
        status = pi_verb_index(&verb, &s.line, path);
    if (status || s.line.done)
        return status;
    pc_heap_tune(s.o.memory);
    pc_interrupt_catch(NULL);
    return run(&s, path);
}
