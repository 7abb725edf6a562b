/*
 * The flag and its handler.
 */
#include "common/tool/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t interrupted;
static void (*then)(void); /* set before the handler is */

static void on_signal(int number)
{
    int before = errno;
    (void)number;
    interrupted = 1;
    if (then)
        then();
    errno = before;
}

void pc_interrupt_catch(void (*also)(void))
{
    struct sigaction act = {0};
    then = also;
    act.sa_handler = on_signal;
    (void)sigemptyset(&act.sa_mask);
    /* Once only: a second Ctrl-C ends the program on the spot. */
    act.sa_flags = (int)SA_RESETHAND;
    (void)sigaction(SIGINT, &act, NULL);
    (void)sigaction(SIGTERM, &act, NULL);
}

bool pc_interrupted(void)
{
    return interrupted != 0;
}
