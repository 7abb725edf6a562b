/*
 * parasol-check: is an index as it was written? `parasol check` runs it. Sees
 * the public headers and common/tool only.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <parasol/check.h>

#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "common/tool/opt.h"
#include "common/tool/say.h"

#define EXIT_INTERRUPTED 130
#define LIVE_EVERY 0.1 /* seconds */

enum { OPT_DEEP, OPT_JSON, OPT_QUIET, OPT_HELP };

static const pc_opt table[] = {
    {OPT_DEEP, 'd', "deep", NULL,
     "also make again what can be made of the rest, and compare:\n"
     "the words of each document, counts, bounds, orders"},
    {OPT_JSON, 0, "json", NULL, "one JSON object a line"},
    {OPT_QUIET, 'q', "quiet", NULL, "only say what is damaged"},
    {OPT_HELP, 'h', "help", NULL, "print this text"},
};

typedef struct settings {
    parasol_check_options o;
    const char *index; /* NULL: to be looked for */
    bool json, quiet;
    bool live, shown; /* a line of progress */
    double start, next;
} settings;

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

static void usage(FILE *out)
{
    fputs("Usage: parasol check [OPTIONS] [INDEX]\n\n"
          "Reads every byte of an index and compares it with its checksums. "
          "What is damaged\nis told with its file, section, offset, and what "
          "it affects; then the check goes\non. Also tells of files that do "
          "not belong to the index. Changes nothing; the\nindex may be in use "
          "meanwhile.\n\n"
          "INDEX is the folder of an index; without it, that of "
          "PARASOL_INDEX, else the\nnearest .parasol, looked for upwards.\n\n"
          "Options:\n",
          out);
    pc_opts_usage(table, PC_COUNTOF(table), out);
    fputs("\nExamples:\n"
          "  parasol check\n"
          "  parasol check --deep /srv/docs/.parasol\n\n"
          "Exit status: 0 it is sound; 2 usage; 4 there is no index; 5 it is "
          "damaged; 6 its\nformat is too old or too new; 8 no memory left; "
          "130 interrupted.\n",
          out);
}

/* ---- command line ------------------------------------------------------- */

/* PC_EXIT_OK, or the status to end with; *done when nothing is left to do. */
static int read_command_line(settings *s, int argc, char **argv, bool *done)
{
    pc_opts o;
    int i;
    pc_opts_init(&o, table, PC_COUNTOF(table), argc, argv);
    while ((i = pc_opts_next(&o)) != PC_OPTS_END) {
        if (i == PC_OPTS_ERROR)
            return pc_opts_refuse("check", o.message);
        switch (table[i].id) {
        case OPT_DEEP: s->o.deep = 1; break;
        case OPT_JSON: s->json = true; break;
        case OPT_QUIET: s->quiet = true; break;
        default:
            usage(stdout);
            *done = true;
            return fflush(stdout) ? PC_EXIT_RESOURCE : PC_EXIT_OK;
        }
    }
    if (o.operand_count > 1)
        return pc_opts_refuse("check", "one index at a time");
    s->index = o.operand_count > 0 ? o.operands[0] : NULL;
    return PC_EXIT_OK;
}

/* ---- findings ----------------------------------------------------------- */

static void say(const char *text)
{
    (void)pc_say_text(stdout, text, strlen(text));
}

static void end_live(settings *s)
{
    if (s->shown)
        fputs("\r\033[K", stderr);
    s->shown = false;
}

static void report_text(const parasol_finding *f)
{
    fputs(f->severity == PARASOL_DAMAGE ? "damage: " : "note: ", stdout);
    say(f->file);
    if (f->section[0])
        printf(", %s", f->section);
    if (f->offset != PARASOL_NO_OFFSET)
        printf(", byte %llu", (unsigned long long)f->offset);
    if (f->length > 0)
        printf(", %llu bytes", (unsigned long long)f->length);
    fputs(": ", stdout);
    say(f->problem);
    if (f->affects[0]) {
        fputs("; affects ", stdout);
        say(f->affects);
    }
    fputc('\n', stdout);
}

static void member(const char *name, const char *value)
{
    printf(",\"%s\":", name);
    pc_say_json(stdout, value, strlen(value));
}

static void report_json(const parasol_finding *f)
{
    printf("{\"type\":\"%s\"",
           f->severity == PARASOL_DAMAGE ? "damage" : "note");
    member("file", f->file);
    if (f->section[0])
        member("section", f->section);
    if (f->offset != PARASOL_NO_OFFSET)
        printf(",\"offset\":%llu", (unsigned long long)f->offset);
    if (f->length > 0)
        printf(",\"length\":%llu", (unsigned long long)f->length);
    member("problem", f->problem);
    if (f->affects[0])
        member("affects", f->affects);
    fputs("}\n", stdout);
}

static int on_finding(const parasol_finding *f, void *user)
{
    settings *s = user;
    end_live(s);
    if (f->severity == PARASOL_NOTE && s->quiet)
        return 0;
    if (s->json)
        report_json(f);
    else
        report_text(f);
    return 0;
}

/* ---- progress and the end ----------------------------------------------- */

static double now(void)
{
    struct timespec t = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int on_progress(double done, void *user)
{
    settings *s = user;
    double t = s->live ? now() : 0;
    if (s->live && t >= s->next) {
        fprintf(stderr, "\r\033[Kchecking %3.0f %%", 100 * done);
        s->shown = true;
        s->next = t + LIVE_EVERY;
    }
    return interrupted != 0;
}

static void sum_up_json(const parasol_check_info *i, double seconds)
{
    printf("{\"type\":\"summary\",\"sound\":%s,\"commit\":%llu",
           i->damages ? "false" : "true", (unsigned long long)i->commit);
    printf(",\"documents\":%llu,\"files\":%llu,\"bytes\":%llu",
           (unsigned long long)i->documents, (unsigned long long)i->files,
           (unsigned long long)i->bytes);
    printf(",\"damages\":%llu,\"notes\":%llu,\"elapsed_ms\":%.0f}\n",
           (unsigned long long)i->damages, (unsigned long long)i->notes,
           seconds * 1e3);
}

static void sum_up_text(const settings *s, const char *index,
                        const parasol_check_info *i, double seconds)
{
    char size[32];
    fputs("index ", stdout);
    say(index);
    if (i->damages)
        printf(": damaged in %llu place%s", (unsigned long long)i->damages,
               i->damages > 1 ? "s" : "");
    else
        fputs(s->o.deep ? ": sound, also in depth" : ": sound", stdout);
    printf("  commit %llu  %llu documents\n", (unsigned long long)i->commit,
           (unsigned long long)i->documents);
    printf("checked %llu files, %s in %.2f s\n", (unsigned long long)i->files,
           pc_say_size(size, i->bytes), seconds);
    if (i->damages)
        fputs("To mend it: parasol repair, or parasol index DIR\n", stdout);
}

static int failed(int rc, const parasol_error *err)
{
    if (interrupted != 0 && rc == PARASOL_ARG) {
        fputs("parasol check: interrupted\n", stderr);
        return EXIT_INTERRUPTED;
    }
    const char *why = err->message[0] ? err->message : parasol_status_str(rc);
    fputs("parasol check: ", stderr);
    (void)pc_say_text(stderr, why, strlen(why));
    fputc('\n', stderr);
    return pc_exit_of(rc);
}

static int run(settings *s, const char *index)
{
    parasol_error err = {0};
    parasol_check_info info = PARASOL_CHECK_INFO_INIT;
    s->live = !s->quiet && isatty(STDERR_FILENO) == 1;
    s->o.report = on_finding;
    s->o.progress = on_progress;
    s->o.user = s;
    s->start = now();
    int rc = parasol_check(index, &s->o, &info, &err);
    double seconds = now() - s->start;
    end_live(s);
    if (rc && rc != PARASOL_CORRUPT)
        return failed(rc, &err);
    if (s->json)
        sum_up_json(&info, seconds);
    else if (!s->quiet)
        sum_up_text(s, index, &info, seconds);
    return fflush(stdout) || ferror(stdout) ? PC_EXIT_RESOURCE : pc_exit_of(rc);
}

int main(int argc, char **argv)
{
    settings s = {.o = PARASOL_CHECK_OPTIONS_INIT};
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
