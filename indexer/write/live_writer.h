/*
 * Dead documents of a segment, writing side (docs/format.md, "LIVE").
 */
#ifndef PARASOL_INDEXER_WRITE_LIVE_WRITER_H
#define PARASOL_INDEXER_WRITE_LIVE_WRITER_H

#include "common/format/manifest.h"

/*
 * Writes the file l<number>.seg in `dir`, durable but for its name, and enters
 * it in *entry, whose `docs` are those of the segment: bit d % 64 of
 * alive[d / 64] says that document d is alive. If all are, no file is written
 * and *entry names none; the number is then still free.
 * On error there is no such file, and *entry is as before.
 * Errors: IO (also: the name is taken), FULL, NOMEM. Cost: a pass over the
 * bitmap; memory: a few bytes for each dead document.
 */
int pi_live_write(const char *dir, uint64_t number, const uint64_t *alive,
                  pc_manifest_segment *entry, const pc_mem *mem,
                  parasol_error *err) PC_MUST_USE;

#endif
