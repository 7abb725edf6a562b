/*
 * parasol-log: what each commit changed. `parasol log` runs it.
 */
#include <inttypes.h>
#include <string.h>

#include <parasol/upkeep.h>

#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "common/tool/say.h"
#include "indexer/cli/verb.h"

enum { OPT_LIMIT = PI_OPT_OWN, OPT_REVERSE };

static const pc_opt table[] = {
    PI_OPT_INDEX_LINE,
    {OPT_LIMIT, 'n', "limit", "N", "the newest N lines only"},
    {OPT_REVERSE, 0, "reverse", NULL, "the oldest first"},
    PI_OPT_JSON_LINE,
    PI_OPT_HELP_LINE,
};

static const pi_verb verb = {
    "log",
    "Usage: parasol log [OPTIONS] [INDEX]\n\n"
    "Shows what each commit of an index changed, the newest first: its "
    "number, when it\nwas made (UTC), by what, documents added (+), changed "
    "(~) and removed (-), and\nhow many documents and bytes the index has "
    "since then. A file that was renamed is\na document that was removed and one "
    "that was added.\n\n"
    "The file 'log' of an index is written after each commit and is no part "
    "of it: what\nis missing there, or was changed by somebody, is shown as "
    "such. A packed index has\nnone.\n",
    "\nExamples:\n"
    "  parasol log -n 5\n"
    "  parasol log --json /srv/docs/.parasol\n\n"
    "Exit status: 0 shown; 2 usage; 4 there is no index; 5 it is damaged; "
    "6 its format\nis too old or too new; 8 no memory, or the output cannot "
    "be written.\n",
    table,
    PC_COUNTOF(table),
    false};

typedef struct settings {
    uint64_t limit;
    bool reverse;
} settings;

static const char *take(void *user, int id, const char *value)
{
    settings *s = user;
    if (id == OPT_REVERSE)
        s->reverse = true;
    else if (!pc_opt_uint(value, UINT64_MAX, &s->limit))
        return "not a number";
    return NULL;
}

static void say_json(const parasol_log_entry *e)
{
    static const char *const states[] = {"written", "damaged", "missing"};
    char when[32];
    pi_json_text("{", "state", states[e->state]);
    if (e->state == PARASOL_LOG_DAMAGED) {
        pi_json_number(",", "line", e->line);
        pi_json_text(",", "text", e->text);
    } else {
        pi_json_number(",", "commit", e->commit);
    }
    if (e->state == PARASOL_LOG_MISSING)
        pi_json_number(",", "last", e->last);
    if (e->state == PARASOL_LOG_WRITTEN) {
        pi_json_text(",", "time", pi_verb_time(when, e->time, true));
        pi_json_text(",", "what", e->what);
        pi_json_number(",", "added", e->added);
        pi_json_number(",", "changed", e->changed);
        pi_json_number(",", "removed", e->removed);
        pi_json_number(",", "documents", e->documents);
        pi_json_number(",", "bytes", e->bytes);
    }
    puts("}");
}

static void say_line(const parasol_log_entry *e)
{
    char when[32], size[32];
    if (e->state == PARASOL_LOG_DAMAGED) {
        printf("line %" PRIu64 " of the log is damaged: ", e->line);
        (void)pc_say_text(stdout, e->text, strlen(e->text));
        putchar('\n');
        return;
    }
    if (e->state == PARASOL_LOG_MISSING) {
        if (e->last > e->commit)
            printf("%" PRIu64 " to %" PRIu64 "  not in the log\n", e->commit,
                   e->last);
        else
            printf("%" PRIu64 "  not in the log\n", e->commit);
        return;
    }
    printf("%" PRIu64 "  %s  %s  +%" PRIu64 " ~%" PRIu64 " -%" PRIu64
           "  %" PRIu64 " document%s  %s\n",
           e->commit, pi_verb_time(when, e->time, false), e->what, e->added,
           e->changed, e->removed, e->documents, e->documents == 1 ? "" : "s",
           pc_say_size(size, e->bytes));
}

static void say_all(const parasol_log *log, const settings *s, bool json)
{
    size_t n = parasol_log_count(log);
    size_t shown = s->limit < n ? (size_t)s->limit : n;
    for (size_t k = 0; k < shown; k++) {
        parasol_log_entry e = {.struct_size = sizeof e};
        size_t i = s->reverse ? n - shown + k : n - 1 - k;
        if (parasol_log_get(log, i, &e) == PARASOL_OK)
            (json ? say_json : say_line)(&e);
    }
}

int main(int argc, char **argv)
{
    static char index[PC_PATH_BYTES];
    settings s = {.limit = UINT64_MAX};
    pi_verb_line line;
    parasol_log *log = NULL;
    parasol_error err = {0};
    int status = pi_verb_read(&verb, argc, argv, take, &s, &line);
    if (!status && !line.done)
        status = pi_verb_index(&verb, &line, index);
    if (status || line.done)
        return status;
    int rc = parasol_log_open(&log, index, &err);
    if (rc)
        return pi_verb_fail(&verb, rc, &err);
    say_all(log, &s, line.json);
    parasol_log_close(log);
    return pi_verb_finish(&verb);
}
