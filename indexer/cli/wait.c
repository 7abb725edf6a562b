/*
 * The lock is asked for again and again: the kernel would also wake us, but
 * then a signal could not end the waiting between two calls.
 */
#include "indexer/cli/wait.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/tool/interrupt.h"
#include "common/tool/opt.h"
#include "common/tool/say.h"
#include "common/tool/stopwatch.h"

#define PAUSE_NS 100000000L /* between two tries */

bool pi_wait_read(pi_wait *w, const char *arg)
{
    w->seconds = -1;
    return !arg || (pc_opt_real(arg, &w->seconds) && w->seconds >= 0);
}

static void tell(const char *verb, const parasol_error *err)
{
    fprintf(stderr, "parasol %s: waiting: ", verb);
    (void)pc_say_text(stderr, err->message, strlen(err->message));
    fputc('\n', stderr);
}

bool pi_wait_more(pi_wait *w, const char *verb, const parasol_error *err)
{
    struct timespec pause = {0, PAUSE_NS};
    double t = pc_stopwatch();
    if (w->until <= 0)
        w->until = t + w->seconds;
    if (w->seconds == 0 || (w->seconds > 0 && t >= w->until) ||
        pc_interrupted())
        return false;
    if (!w->told)
        tell(verb, err);
    w->told = true;
    (void)nanosleep(&pause, NULL);
    return !pc_interrupted();
}
