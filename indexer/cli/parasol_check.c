/*
 * parasol-check: is an index as it was written? `parasol check` runs it. Sees
 * the public headers and common/tool only.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <parasol/check.h>

#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "common/tool/interrupt.h"
#include "common/tool/say.h"
#include "common/tool/stopwatch.h"
#include "indexer/cli/verb.h"

#define LIVE_EVERY 0.1 /* seconds */

enum { OPT_DEEP = PI_OPT_OWN };

static const pc_opt table[] = {
    {OPT_DEEP, 'd', "deep", NULL,
     "also make again what can be made of the rest, and compare:\n"
     "the words of each document, counts, bounds, orders"},
    {PI_OPT_JSON, 0, "json", NULL, "one JSON object a line"},
    {PI_OPT_QUIET, 'q', "quiet", NULL, "only say what is damaged"},
    PI_OPT_HELP_LINE};

static const pi_verb verb = {
    "check",
    "Usage: parasol check [OPTIONS] [INDEX]\n\n"
    "Reads every byte of an index and compares it with its checksums. "
    "What is damaged\nis told with its file, section, offset, and what "
    "it affects; then the check goes\non. Also tells of files that do "
    "not belong to the index. Changes nothing; the\nindex may be in use "
    "meanwhile.\n\n"
    "INDEX is the folder of an index; without it, that of "
    "PARASOL_INDEX, else the\nnearest .parasol, looked for upwards.\n",
    "\nExamples:\n"
    "  parasol check\n"
    "  parasol check --deep /srv/docs/.parasol\n\n"
    "Exit status: 0 it is sound; 2 usage; 4 there is no index; 5 it is "
    "damaged; 6 its\nformat is too old or too new; 8 no memory left; "
    "130 interrupted.\n",
    table,
    PC_COUNTOF(table),
    false};

typedef struct settings {
    parasol_check_options o;
    pi_verb_line line;
    bool live, shown; /* a line of progress */
    double start, next;
} settings;

static const char *take(void *user, int id, const char *value)
{
    settings *s = user;
    (void)id; /* there is one option */
    (void)value;
    s->o.deep = 1;
    return NULL;
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

static void report_json(const parasol_finding *f)
{
    pi_json_text("{", "type",
                 f->severity == PARASOL_DAMAGE ? "damage" : "note");
    pi_json_text(",", "file", f->file);
    if (f->section[0])
        pi_json_text(",", "section", f->section);
    if (f->offset != PARASOL_NO_OFFSET)
        pi_json_number(",", "offset", f->offset);
    if (f->length > 0)
        pi_json_number(",", "length", f->length);
    pi_json_text(",", "problem", f->problem);
    if (f->affects[0])
        pi_json_text(",", "affects", f->affects);
    fputs("}\n", stdout);
}

static int on_finding(const parasol_finding *f, void *user)
{
    settings *s = user;
    end_live(s);
    if (f->severity == PARASOL_NOTE && s->line.quiet)
        return 0;
    if (s->line.json)
        report_json(f);
    else
        report_text(f);
    return 0;
}

/* ---- progress and the end ----------------------------------------------- */

static int on_progress(double done, void *user)
{
    settings *s = user;
    double t = s->live ? pc_stopwatch() : 0;
    if (s->live && t >= s->next) {
        fprintf(stderr, "\r\033[Kchecking %3.0f %%", 100 * done);
        s->shown = true;
        s->next = t + LIVE_EVERY;
    }
    return pc_interrupted();
}

static void sum_up_json(const parasol_check_info *i, double seconds)
{
    printf("{\"type\":\"summary\",\"sound\":%s", i->damages ? "false" : "true");
    pi_json_number(",", "commit", i->commit);
    pi_json_number(",", "documents", i->documents);
    pi_json_number(",", "files", i->files);
    pi_json_number(",", "bytes", i->bytes);
    pi_json_number(",", "damages", i->damages);
    pi_json_number(",", "notes", i->notes);
    printf(",\"elapsed_ms\":%.0f}\n", seconds * 1e3);
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

static int run(settings *s, const char *index)
{
    parasol_error err = {0};
    parasol_check_info info = PARASOL_CHECK_INFO_INIT;
    s->live = !s->line.quiet && isatty(STDERR_FILENO) == 1;
    s->o.report = on_finding;
    s->o.progress = on_progress;
    s->o.user = s;
    s->start = pc_stopwatch();
    int rc = parasol_check(index, &s->o, &info, &err);
    double seconds = pc_stopwatch() - s->start;
    end_live(s);
    if (pc_interrupted() && rc == PARASOL_ARG) {
        fputs("parasol check: interrupted\n", stderr);
        return PC_EXIT_INTERRUPTED;
    }
    if (rc && rc != PARASOL_CORRUPT)
        return pi_verb_fail(&verb, rc, &err);
    if (s->line.json)
        sum_up_json(&info, seconds);
    else if (!s->line.quiet)
        sum_up_text(s, index, &info, seconds);
    int status = pi_verb_finish(&verb);
    return status ? status : pc_exit_of(rc);
}

int main(int argc, char **argv)
{
    settings s = {.o = PARASOL_CHECK_OPTIONS_INIT};
    static char path[PC_PATH_BYTES];
    int status = pi_verb_read(&verb, argc, argv, take, &s, &s.line);
    if (!status && !s.line.done)
        status = pi_verb_index(&verb, &s.line, path);
    if (status || s.line.done)
        return status;
    pc_interrupt_catch(NULL);
    return run(&s, path);
}
