/*
 * What the smaller verbs have in common.
 */
#include "indexer/cli/verb.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "common/tool/say.h"

int pi_verb_refuse(const pi_verb *v, const char *message)
{
    fprintf(stderr, "parasol %s: ", v->name);
    (void)pc_say_text(stderr, message, strlen(message));
    fprintf(stderr, "\nTry: parasol %s --help\n", v->name);
    return PC_EXIT_USAGE;
}

int pi_verb_fail(const pi_verb *v, int rc, const parasol_error *err)
{
    const char *why = err->message[0] ? err->message : parasol_status_str(rc);
    fprintf(stderr, "parasol %s: ", v->name);
    (void)pc_say_text(stderr, why, strlen(why));
    fputc('\n', stderr);
    return pc_exit_of(rc);
}

int pi_verb_fail_writing(const pi_verb *v, int rc, const parasol_error *err)
{
    int status = pi_verb_fail(v, rc, err);
    return rc == PARASOL_IO ? PC_EXIT_RESOURCE : status;
}

int pi_verb_finish(const pi_verb *v)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return PC_EXIT_OK;
    if (errno == EPIPE)
        return PC_EXIT_PIPE;
    fprintf(stderr, "parasol %s: the output cannot be written: %s\n", v->name,
            strerror(errno));
    return PC_EXIT_RESOURCE;
}

static int help(const pi_verb *v, pi_verb_line *line)
{
    line->done = true;
    fputs(v->before, stdout);
    printf("\nOptions%s:\n",
           v->sizes ? " (SIZE is in bytes, or ends in K, M or G)" : "");
    pc_opts_usage(v->table, v->n, stdout);
    fputs(v->after, stdout);
    return pi_verb_finish(v);
}

/* The files of a commit are held open, more than a shell may allow at first. */
static void allow_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

int pi_verb_read(const pi_verb *v, int argc, char **argv, pi_verb_take take,
                 void *settings, pi_verb_line *line)
{
    pc_opts o;
    int i;
    *line = (pi_verb_line){0};
    pc_opts_init(&o, v->table, v->n, argc, argv);
    while ((i = pc_opts_next(&o)) != PC_OPTS_END) {
        const char *wrong = NULL;
        if (i == PC_OPTS_ERROR)
            return pi_verb_refuse(v, o.message);
        switch (v->table[i].id) {
        case PI_OPT_INDEX: line->index = o.value; break;
        case PI_OPT_JSON: line->json = true; break;
        case PI_OPT_QUIET: line->quiet = true; break;
        case PI_OPT_HELP: return help(v, line);
        default:
            wrong = take ? take(settings, v->table[i].id, o.value) : NULL;
            break;
        }
        if (wrong) {
            (void)pc_opts_reject(&o, i, wrong);
            return pi_verb_refuse(v, o.message);
        }
    }
    allow_files();
    line->operands = o.operands;
    line->operand_count = o.operand_count;
    return PC_EXIT_OK;
}

int pi_verb_index(const pi_verb *v, const pi_verb_line *line, char *out)
{
    if (line->operand_count > 1 || (line->operand_count == 1 && line->index))
        return pi_verb_refuse(v, "one index at a time");
    return pc_find_index(
        line->operand_count > 0 ? line->operands[0] : line->index, out);
}

const char *pi_verb_time(char out[32], int64_t seconds, bool json)
{
    struct tm tm;
    time_t t = (time_t)seconds;
    if (!gmtime_r(&t, &tm) ||
        !strftime(out, 32, json ? "%Y-%m-%dT%H:%M:%SZ" : "%Y-%m-%d %H:%M:%S",
                  &tm))
        (void)snprintf(out, 32, "%" PRId64, seconds);
    return out;
}

void pi_json_number(const char *before, const char *name, uint64_t value)
{
    printf("%s\"%s\":%" PRIu64, before, name, value);
}

void pi_json_text(const char *before, const char *name, const char *value)
{
    printf("%s\"%s\":", before, name);
    pc_say_json(stdout, value, strlen(value));
}
