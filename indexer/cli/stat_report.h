/*
 * A parasol_stat as tables for people, or as one JSON object.
 */
#ifndef PARASOL_INDEXER_CLI_STAT_REPORT_H
#define PARASOL_INDEXER_CLI_STAT_REPORT_H

#include <parasol/upkeep.h>

void pi_stat_text(const parasol_stat *s);
void pi_stat_json(const parasol_stat *s, const char *index);

#endif
