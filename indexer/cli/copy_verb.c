/*
 * The verbs that copy an index.
 */
#include "indexer/cli/copy_verb.h"

#include <string.h>
#include <unistd.h>

#include "common/tool/exit.h"
#include "common/tool/interrupt.h"
#include "common/tool/say.h"
#include "common/tool/stopwatch.h"

#define LIVE_EVERY 0.1 /* seconds */

typedef struct live {
    bool on, shown;
    double next;
} live;

static int on_progress(double done, void *user)
{
    live *l = user;
    double t = l->on ? pc_stopwatch() : 0;
    if (l->on && t >= l->next) {
        fprintf(stderr, "\r\033[Kcopying and verifying %3.0f %%", 100 * done);
        l->shown = true;
        l->next = t + LIVE_EVERY;
    }
    return pc_interrupted();
}

static void say_json(const char *to, const parasol_copy_info *info)
{
    pi_json_text("{", "path", to);
    pi_json_number(",", "commit", info->commit);
    pi_json_number(",", "documents", info->documents);
    pi_json_number(",", "files", info->files);
    pi_json_number(",", "bytes", info->bytes);
    puts("}");
}

static void say_done(const char *to, const parasol_copy_info *info,
                     double seconds)
{
    char size[32];
    (void)pc_say_text(stderr, to, strlen(to));
    fprintf(stderr,
            "  %s  commit %llu with %llu document%s  verified, in %.2f s\n",
            pc_say_size(size, info->bytes), (unsigned long long)info->commit,
            (unsigned long long)info->documents,
            info->documents == 1 ? "" : "s", seconds);
}

int pi_copy_run(const pi_verb *v, const pi_verb_line *line, pi_copy copy,
                const char *from, const char *to, bool link)
{
    parasol_error err = {0};
    parasol_copy_options o = PARASOL_COPY_OPTIONS_INIT;
    parasol_copy_info info = PARASOL_COPY_INFO_INIT;
    live l = {.on = !line->quiet && isatty(STDERR_FILENO) == 1};
    double start = pc_stopwatch();
    o.link = link;
    o.progress = on_progress;
    o.user = &l;
    pc_interrupt_catch(NULL);
    int rc = copy(from, to, &o, &info, &err);
    if (l.shown)
        fputs("\r\033[K", stderr);
    if (rc && pc_interrupted()) {
        fprintf(stderr, "parasol %s: interrupted; there is no copy\n", v->name);
        return PC_EXIT_INTERRUPTED;
    }
    if (rc)
        return pi_verb_fail(v, rc, &err);
    if (line->json)
        say_json(to, &info);
    else if (!line->quiet)
        say_done(to, &info, pc_stopwatch() - start);
    return pi_verb_finish(v);
}
