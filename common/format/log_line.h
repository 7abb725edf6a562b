/*
 * One line of the file `log` of an index: what a commit changed, for people
 * and for `parasol log`. No part of a commit: a line may be missing, cut short
 * or changed by somebody, and only then is shown as such.
 *
 *     7 2026-11-23T18:09:34Z update +12 ~3 -1 documents 480 bytes 91234 crc
 *     1a2b3c4d
 *
 * on one line: number of the commit, time, what was done, documents added,
 * changed and removed, documents and bytes of the index now, and CRC-32C of
 * all bytes of the line before " crc".
 */
#ifndef PARASOL_COMMON_FORMAT_LOG_LINE_H
#define PARASOL_COMMON_FORMAT_LOG_LINE_H

#include "common/base/buf.h"

#define PC_LOG_NAME "log"
#define PC_LOG_WORD_ROOM 16 /* bytes, with the zero */
#define PC_LOG_LINE_MAX 256 /* bytes of a line, at most */

typedef struct pc_log_line {
    uint64_t commit;
    int64_t time;                /* seconds since 1970, UTC */
    char what[PC_LOG_WORD_ROOM]; /* small letters and minus: "index" */
    uint64_t added, changed, removed;
    uint64_t documents, bytes;
} pc_log_line;

/* Appends the line with its line end; see out->status. */
void pc_log_line_put(const pc_log_line *line, pc_buf *out);

/* Reads a line, given without its line end. False when it is not exactly what
   pc_log_line_put writes. */
bool pc_log_line_get(pc_log_line *line, pc_str text);

#endif
