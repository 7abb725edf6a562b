/*
 * Waiting for another program that writes the index (--wait).
 */
#ifndef PARASOL_INDEXER_CLI_WAIT_H
#define PARASOL_INDEXER_CLI_WAIT_H

#include <stdbool.h>

#include <parasol/status.h>

typedef struct pi_wait {
    double seconds; /* 0: do not wait; below 0: for ever */
    double until;   /* set by the first call of pi_wait_more */
    bool told;
} pi_wait;

/* Reads the argument of --wait, NULL for none. False: not a number of
   seconds. */
bool pi_wait_read(pi_wait *w, const char *arg);

/*
 * After a failure with PARASOL_LOCKED: true, after a while, when to try again;
 * false when the time is over or the program was interrupted. The first time it
 * says on stderr, as `verb` of parasol, who is waited for.
 */
bool pi_wait_more(pi_wait *w, const char *verb, const parasol_error *err);

#endif
