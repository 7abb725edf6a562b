/*
 * What `parasol repair` and `parasol upgrade` have in common.
 */
#ifndef PARASOL_INDEXER_CLI_REPAIR_VERB_H
#define PARASOL_INDEXER_CLI_REPAIR_VERB_H

#include <parasol/repair.h>

#include "indexer/cli/verb.h"

enum { PI_OPT_DRY_RUN = PI_OPT_OWN, PI_OPT_JOBS, PI_OPT_MEMORY };

#define PI_REPAIR_OPTION_LINES                                                 \
    {PI_OPT_DRY_RUN, 0, "dry-run", NULL,                                       \
     "only say what would be done and what would be lost"},                    \
        {PI_OPT_JOBS, 'j', "jobs", "N",                                        \
         "threads (default one for each processor)"},                          \
        {PI_OPT_MEMORY, 0, "memory", "SIZE",                                   \
         "memory to use, about (default a quarter of the RAM, at\n"            \
         "most 1G)"},                                                          \
        PI_OPT_WAIT_LINE, PI_OPT_JSON_LINE, PI_OPT_QUIET_LINE,                 \
        PI_OPT_HELP_LINE

typedef int pi_repair_call(const char *path,
                           const parasol_repair_options *options,
                           parasol_repair_info *info, parasol_error *err);

/* Runs the verb: INDEX and DIR are its operands. Returns the exit status. */
int pi_repair_main(const pi_verb *v, pi_repair_call *call, const char *nothing,
                   int argc, char **argv);

#endif
