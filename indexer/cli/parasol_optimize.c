/*
 * parasol-optimize: from the command line to the library. `parasol optimize`
 * runs it. Sees the public headers and common/tool only.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <parasol/optimize.h>

#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "common/tool/opt.h"
#include "common/tool/say.h"

#define EXIT_INTERRUPTED 130
#define JOBS_MAX 64
#define LIVE_EVERY 0.1 /* seconds */

enum { OPT_REORDER, OPT_JOBS, OPT_MEMORY, OPT_QUIET, OPT_HELP };

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
    {OPT_QUIET, 'q', "quiet", NULL, "print errors only"},
    {OPT_HELP, 'h', "help", NULL, "print this text"},
};

typedef struct settings {
    parasol_optimize_options o;
    const char *index; /* NULL: to be looked for */
    bool quiet;
} settings;

typedef struct live {
    bool on, shown;
    int phase;
    double next;
} live;

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

static void usage(FILE *out)
{
    fputs("Usage: parasol optimize [OPTIONS] [INDEX]\n\n"
          "Makes an index smaller and faster: merges all its parts into one "
          "and puts\ndocuments that are alike next to each other. Searches "
          "find the same as before,\nin the same order and with the same "
          "scores.\n\n"
          "INDEX is the folder of an index; without it, that of "
          "PARASOL_INDEX, else the\nnearest .parasol, looked for upwards. "
          "The new index is written beside the old\none, which stays as it "
          "is until all is done; so there has to be room for both.\n\n"
          "Options (SIZE is in bytes, or ends in K, M or G):\n",
          out);
    pc_opts_usage(table, PC_COUNTOF(table), out);
    fputs("\nExamples:\n"
          "  parasol optimize\n"
          "  parasol optimize --reorder=none /srv/docs/.parasol\n\n"
          "Exit status: 0 done; 2 usage; 4 there is no index; 5 the index is "
          "damaged;\n6 its format is too old or too new; 7 another program "
          "is writing it; 8 no memory\nor disk left; 130 interrupted.\n",
          out);
}

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

static bool take_option(settings *s, pc_opts *o, int i)
{
    uint64_t jobs;
    const char *wrong = NULL;
    switch (table[i].id) {
    case OPT_QUIET: s->quiet = true; break;
    case OPT_REORDER:
        if (!read_order(s, o->value))
            wrong = "not bisect, path or none";
        break;
    case OPT_JOBS:
        if (pc_opt_uint(o->value, JOBS_MAX, &jobs) && jobs > 0)
            s->o.jobs = (unsigned)jobs;
        else
            wrong = "not a number from 1 to 64";
        break;
    case OPT_MEMORY:
        if (!pc_opt_size(o->value, &s->o.memory))
            wrong = "not a size such as 500K, 64M or 2G";
        break;
    default: break;
    }
    if (wrong)
        (void)pc_opts_reject(o, i, wrong);
    return !wrong;
}

static int usage_error(const char *message)
{
    fputs("parasol optimize: ", stderr);
    (void)pc_say_text(stderr, message, strlen(message));
    fputs("\nTry: parasol optimize --help\n", stderr);
    return PC_EXIT_USAGE;
}

/* PC_EXIT_OK, or the status to end with; *done when nothing is left to do. */
static int read_command_line(settings *s, int argc, char **argv, bool *done)
{
    pc_opts o;
    int i;
    pc_opts_init(&o, table, PC_COUNTOF(table), argc, argv);
    while ((i = pc_opts_next(&o)) != PC_OPTS_END) {
        if (i == PC_OPTS_ERROR || !take_option(s, &o, i))
            return usage_error(o.message);
        if (table[i].id == OPT_HELP) {
            usage(stdout);
            *done = true;
            return fflush(stdout) ? PC_EXIT_RESOURCE : PC_EXIT_OK;
        }
    }
    if (o.operand_count > 1)
        return usage_error("one index at a time");
    s->index = o.operand_count > 0 ? o.operands[0] : NULL;
    return PC_EXIT_OK;
}

/* ---- progress ----------------------------------------------------------- */

static double now(void)
{
    struct timespec t = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int on_progress(int phase, double done, void *user)
{
    live *l = user;
    double t = l->on ? now() : 0;
    if (l->on && (phase != l->phase || t >= l->next)) {
        fprintf(stderr, "\r\033[K%s %3.0f %%",
                phase == PARASOL_PHASE_COMPARING ? "comparing documents"
                                                 : "merging",
                100 * done);
        l->phase = phase;
        l->shown = true;
        l->next = t + LIVE_EVERY;
    }
    return interrupted != 0;
}

/* ---- running ------------------------------------------------------------ */

static int failed(int rc, const parasol_error *err)
{
    if (interrupted != 0 && rc == PARASOL_ARG) {
        fputs("parasol optimize: interrupted; the index is as it was before\n",
              stderr);
        return EXIT_INTERRUPTED;
    }
    const char *why = err->message[0] ? err->message : parasol_status_str(rc);
    fputs("parasol optimize: ", stderr);
    (void)pc_say_text(stderr, why, strlen(why));
    fputc('\n', stderr);
    if (rc == PARASOL_NOMEM)
        fputs("Give more --memory, or --reorder=path, which needs less.\n",
              stderr);
    if (rc == PARASOL_LOCKED)
        fputs("Wait until it is done.\n", stderr);
    return pc_exit_of(rc);
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
    live l = {.on = !s->quiet && isatty(STDERR_FILENO) == 1, .phase = -1};
    s->o.progress = on_progress;
    s->o.user = &l;
    int rc = parasol_optimize(index, &s->o, &info, &err);
    if (l.shown)
        fputs("\r\033[K", stderr);
    if (rc)
        return failed(rc, &err);
    if (!s->quiet)
        say_done(index, &info);
    return PC_EXIT_OK;
}

int main(int argc, char **argv)
{
    settings s = {.o = PARASOL_OPTIMIZE_OPTIONS_INIT};
    bool done = false;
    static char path[PC_PATH_BYTES];
    int status = read_command_line(&s, argc, argv, &done);
    if (!status && !done)
        status = pc_find_index(s.index, path);
    if (status || done)
        return status;
    struct sigaction act = {0};
    act.sa_handler = on_interrupt;
    (void)sigemptyset(&act.sa_mask);
    /* Once only: a second Ctrl-C ends the program on the spot. */
    act.sa_flags = (int)SA_RESETHAND;
    (void)sigaction(SIGINT, &act, NULL);
    (void)sigaction(SIGTERM, &act, NULL);
    return run(&s, path);
}
