/*
 * parasol index --watch: makes the index again whenever its folders change.
 */
#ifndef PARASOL_INDEXER_CLI_INDEX_WATCH_H
#define PARASOL_INDEXER_CLI_INDEX_WATCH_H

#include "indexer/cli/index_options.h"

/* Makes the index; `again`: it was made before, and only what has changed is
   to be told. Returns an exit status. */
typedef int pi_index_make(pi_index_settings *s, const char *index, bool again);

/*
 * Makes the index and follows its folders until pi_index_watch_stop is called,
 * or until something fails. Returns the exit status, 0 when it was stopped.
 */
int pi_index_watch(pi_index_settings *s, const char *index,
                   pi_index_make *make);

/* Ends it; for signal handlers. Does nothing when nothing is watched. */
void pi_index_watch_stop(void);

#endif
