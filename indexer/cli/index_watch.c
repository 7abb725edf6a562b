/*
 * Watching folders. The watch is there before the first run, so that what
 * changes during a run leads to another one.
 */
#include "indexer/cli/index_watch.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <parasol/watch.h>

#include "common/tool/exit.h"
#include "common/tool/say.h"

/* Set and cleared in the main thread, which the handler interrupts. */
static parasol_watch *volatile watch;
static volatile sig_atomic_t stopped;

void pi_index_watch_stop(void)
{
    stopped = 1;
    if (watch)
        parasol_watch_stop(watch);
}

static int fail(int rc, const parasol_error *err)
{
    const char *why = err->message[0] ? err->message : parasol_status_str(rc);
    fputs("parasol index: ", stderr);
    (void)pc_say_text(stderr, why, strlen(why));
    fputs("; the index stays as it is\n", stderr);
    return pc_exit_of(rc);
}

/* Says that it watches, and how when that is not as one expects; tells it
   again only when the latter has changed. */
static void say_watching(const pi_index_settings *s, const char **told)
{
    unsigned ms;
    const char *polling = parasol_watch_polling(watch, &ms);
    if (s->quiet || (*told && (polling != NULL) == (**told == 'p')))
        return;
    if (polling)
        fprintf(stderr, "looking for changes every %g s: %s", ms / 1000.0,
                polling);
    else
        fputs("watching for changes", stderr);
    fputs(*told ? "\n" : " (Ctrl-C ends it)\n", stderr);
    (void)fflush(stderr);
    *told = polling ? "polling" : "told";
}

static bool is_good(int status)
{
    return status == PC_EXIT_OK || status == PC_EXIT_INCOMPLETE;
}

static int follow(pi_index_settings *s, const char *index, pi_index_make *make)
{
    const char *told = NULL;
    parasol_error err = {0};
    int status = make(s, index, false);
    /* From now on others write for a while only, or are waited for. */
    s->rebuild = false;
    s->wait.seconds = -1;
    while (is_good(status) && !stopped) {
        parasol_watch_change change = PARASOL_WATCH_CHANGE_INIT;
        say_watching(s, &told);
        int rc = parasol_watch_wait(watch, &change, &err);
        if (rc)
            return fail(rc, &err);
        if (change.stopped)
            break;
        s->wait.until = 0;
        s->wait.told = false;
        status = make(s, index, true);
    }
    /* Once there is an index, being stopped is how it ends. */
    return stopped && (told || is_good(status)) ? PC_EXIT_OK : status;
}

int pi_index_watch(pi_index_settings *s, const char *index, pi_index_make *make)
{
    parasol_watch_options o = PARASOL_WATCH_OPTIONS_INIT;
    parasol_watch *w = NULL;
    parasol_error err = {0};
    o.index = index;
    o.gitignore = s->gitignore;
    o.poll_ms = s->poll_ms;
    int rc = parasol_watch_open(&w, s->inputs, (size_t)s->n_inputs, &o, &err);
    if (rc)
        return fail(rc, &err);
    watch = w;
    int status = follow(s, index, make);
    watch = NULL;
    parasol_watch_close(w);
    return status;
}
