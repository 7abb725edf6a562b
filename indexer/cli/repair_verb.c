/*
 * Running a repair or an upgrade from the command line.
 */
#include "indexer/cli/repair_verb.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "common/tool/interrupt.h"
#include "common/tool/say.h"
#include "indexer/cli/wait.h"

#define JOBS_MAX 64

typedef struct settings {
    parasol_repair_options o;
    pi_verb_line line;
    pi_wait wait;
} settings;

static const char *take(void *user, int id, const char *value)
{
    settings *s = user;
    uint64_t jobs;
    switch (id) {
    case PI_OPT_DRY_RUN: s->o.dry_run = 1; break;
    case PI_OPT_WAIT:
        return pi_wait_read(&s->wait, value) ? NULL : "not a number of seconds";
    case PI_OPT_JOBS:
        if (!pc_opt_uint(value, JOBS_MAX, &jobs) || jobs == 0)
            return "not a number from 1 to 64";
        s->o.jobs = (unsigned)jobs;
        break;
    default:
        if (!pc_opt_size(value, &s->o.memory))
            return "not a size such as 500K, 64M or 2G";
        break;
    }
    return NULL;
}

/* ---- events ------------------------------------------------------------- */

static const char *word_of(int kind)
{
    switch ((enum parasol_repair_kind)kind) {
    case PARASOL_REPAIR_LOST: return "lost";
    case PARASOL_REPAIR_REREAD: return "reread";
    case PARASOL_REPAIR_DOUBTFUL: return "doubtful";
    case PARASOL_REPAIR_DID: break;
    }
    return "did";
}

static void say(const char *text)
{
    (void)pc_say_text(stdout, text, strlen(text));
}

static int on_event(const parasol_repair_event *e, void *user)
{
    settings *s = user;
    bool matters =
        e->kind == PARASOL_REPAIR_LOST || e->kind == PARASOL_REPAIR_DOUBTFUL;
    if (s->line.json) {
        pi_json_text("{", "type", word_of(e->kind));
        pi_json_text(",", "file", e->file);
        if (e->id[0])
            pi_json_text(",", "id", e->id);
        pi_json_text(",", "text", e->text);
        puts("}");
    } else if (matters || !s->line.quiet) {
        printf("%s: ", word_of(e->kind));
        say(e->id[0] ? e->id : e->file);
        printf("%s", e->id[0] || e->file[0] ? ": " : "");
        say(e->text);
        fputc('\n', stdout);
    }
    return pc_interrupted();
}

static void sum_up(const settings *s, const parasol_repair_info *i,
                   const char *nothing)
{
    if (s->line.json) {
        pi_json_text("{", "type", "summary");
        pi_json_number(",", "changed", (uint64_t)i->changed);
        pi_json_number(",", "commit", i->commit);
        pi_json_number(",", "documents", i->documents);
        pi_json_number(",", "rebuilt", i->rebuilt);
        pi_json_number(",", "stored", i->stored);
        pi_json_number(",", "reread", i->reread);
        pi_json_number(",", "lost", i->lost);
        pi_json_number(",", "kept", i->kept);
        puts("}");
        return;
    }
    if (s->line.quiet)
        return;
    if (!i->changed && !s->o.dry_run) {
        puts(nothing);
        return;
    }
    if (s->o.dry_run)
        fputs("nothing was changed; this would be done: ", stdout);
    else
        printf("commit %llu with %llu documents: ",
               (unsigned long long)i->commit, (unsigned long long)i->documents);
    printf("%llu from stored text, %llu from files, %llu lost\n",
           (unsigned long long)i->stored, (unsigned long long)i->reread,
           (unsigned long long)i->lost);
}

/* ---- running ------------------------------------------------------------ */

static int run(settings *s, const pi_verb *v, pi_repair_call *call,
               const char *path, const char *nothing)
{
    parasol_error err = {0};
    parasol_repair_info info = PARASOL_REPAIR_INFO_INIT;
    pc_interrupt_catch(NULL);
    s->o.report = on_event;
    s->o.user = s;
    int rc;
    do
        rc = call(path, &s->o, &info, &err);
    while (rc == PARASOL_LOCKED && pi_wait_more(&s->wait, v->name, &err));
    if (rc && pc_interrupted())
        return PC_EXIT_INTERRUPTED;
    if (rc)
        return pi_verb_fail_writing(v, rc, &err);
    sum_up(s, &info, nothing);
    int status = pi_verb_finish(v);
    if (!status && info.kept > 0)
        return PC_EXIT_DAMAGED;
    return status || info.lost == 0 ? status : PC_EXIT_INCOMPLETE;
}

int pi_repair_main(const pi_verb *v, pi_repair_call *call, const char *nothing,
                   int argc, char **argv)
{
    static char path[PC_PATH_BYTES];
    settings s = {.o = PARASOL_REPAIR_OPTIONS_INIT};
    int status = pi_verb_read(v, argc, argv, take, &s, &s.line);
    if (status || s.line.done)
        return status;
    if (s.line.operand_count > 2)
        return pi_verb_refuse(v, "one index, and one folder, at a time");
    status = pc_find_index(s.line.operand_count > 0 ? s.line.operands[0] : NULL,
                           path);
    if (status)
        return status;
    if (s.line.operand_count > 1)
        s.o.folder = s.line.operands[1];
    return run(&s, v, call, path, nothing);
}
