/*
 * The file `log` of an index, writing side: one line for each commit, when it
 * is durable (common/format/log_line.h).
 */
#ifndef PARASOL_INDEXER_COMMIT_LOG_H
#define PARASOL_INDEXER_COMMIT_LOG_H

#include "common/format/log_line.h"

/*
 * Appends a line with the time of now; line->time is not looked at. Only the
 * holder of the writer's lock may call it.
 * A log that cannot be written does not undo the commit that it tells of, so
 * there is no error: whoever reads the log sees that a number is missing.
 */
void pi_log_append(const char *dir, const pc_log_line *line, const pc_mem *mem);

#endif
