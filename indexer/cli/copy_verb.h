/*
 * The verbs that copy an index: progress on a terminal, interruption, what is
 * said at the end.
 */
#ifndef PARASOL_INDEXER_CLI_COPY_VERB_H
#define PARASOL_INDEXER_CLI_COPY_VERB_H

#include <parasol/upkeep.h>

#include "indexer/cli/verb.h"

typedef int (*pi_copy)(const char *from, const char *to,
                       const parasol_copy_options *options,
                       parasol_copy_info *info, parasol_error *err);

/* Makes the copy `to` of the index `from`. Returns an exit status, what is to
   be said having been said. */
int pi_copy_run(const pi_verb *v, const pi_verb_line *line, pi_copy copy,
                const char *from, const char *to, bool link);

#endif
