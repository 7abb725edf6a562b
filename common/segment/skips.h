/*
 * The files that an index could not make searchable, and why
 * (docs/format.md, "SKIPS").
 */
#ifndef PARASOL_COMMON_SEGMENT_SKIPS_H
#define PARASOL_COMMON_SEGMENT_SKIPS_H

#include <stdbool.h>

#include "common/format/manifest.h"
#include "common/format/sealed.h"

/* Strings are not zero-terminated and borrowed from the file. */
typedef struct pc_skip {
    unsigned reason; /* enum parasol_skip */
    uint64_t bytes;
    pc_str path;
    pc_str detail;
} pc_skip;

typedef struct pc_skips {
    pc_sealed *file;
    const uint8_t *at, *end;
    uint64_t left; /* records */
} pc_skips;

/*
 * Opens the file of skips that the manifest names, in `dir`; without one,
 * there are no records. *out is initialised here, also on error
 * (pc_skips_close). Errors: CORRUPT (also: not the file that the manifest
 * means), VERSION, NOTFOUND, IO, NOMEM. Cost: verifies the file.
 */
int pc_skips_open(pc_skips *out, const char *dir, const pc_manifest *m,
                  const pc_mem *mem, parasol_error *err) PC_MUST_USE;

/* The same from its file, which is open and that of the manifest; it is taken,
   also on error. */
int pc_skips_take(pc_skips *out, pc_sealed *file,
                  parasol_error *err) PC_MUST_USE;

void pc_skips_close(pc_skips *s);

/* The next record, borrowed until close; *more is false behind the last one.
   Errors: CORRUPT. */
int pc_skips_next(pc_skips *s, pc_skip *skip, bool *more,
                  parasol_error *err) PC_MUST_USE;

#endif
