/*
 * What parasol-status says, for people or as JSON: an object a line for each
 * change and each file that is not searchable, and one for the index.
 */
#ifndef PARASOL_INDEXER_CLI_STATUS_REPORT_H
#define PARASOL_INDEXER_CLI_STATUS_REPORT_H

#include <stdbool.h>

#include <parasol/upkeep.h>

typedef struct pi_status_report {
    const char *index;
    bool json;
    bool problems; /* are to be listed */
    int reason;    /* of those that are being listed */
} pi_status_report;

/* For parasol_status_options.changed; `user` is the report. */
int pi_status_change(const parasol_change *c, void *user);

/* Says everything else. Errors: as parasol_index_problems. */
int pi_status_end(pi_status_report *r, const parasol_status_info *in,
                  parasol_error *err);

#endif
