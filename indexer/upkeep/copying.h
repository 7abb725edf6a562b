/*
 * What all copies of an index have in common: the commit that is held, the
 * bytes that are moved, the checksums of the copy, how far it is.
 */
#ifndef PARASOL_INDEXER_UPKEEP_COPYING_H
#define PARASOL_INDEXER_UPKEEP_COPYING_H

#include <parasol/upkeep.h>

#include "indexer/upkeep/held.h"

typedef struct pi_copying {
    pc_mem alloc; /* copy of the caller's */
    parasol_copy_options o;
    pi_held held;
    pc_buf buffer;
    uint64_t done, total; /* bytes that were copied or verified */
} pi_copying;

/* Reads the options, without `link` where that may not be, and holds the newest
   commit of `path`. *c is initialised also on error; pi_copying_end follows in
   any case. Errors: ARG, and as pi_held_open. */
int pi_copying_begin(pi_copying *c, const char *path,
                     const parasol_copy_options *options, bool may_link,
                     parasol_error *err) PC_MUST_USE;

/* Writes the bytes of file i of the commit at the position of `fd`, whose path
   is `to`. Errors: ARG (stopped), IO, FULL. */
int pi_copying_file(pi_copying *c, size_t i, int fd, const char *to,
                    parasol_error *err) PC_MUST_USE;

/* Opens every file of the commit in the copy `home` and verifies all its
   bytes. Errors: CORRUPT, ARG (stopped), IO, NOMEM. */
int pi_copying_verify(pi_copying *c, pc_home *home,
                      parasol_error *err) PC_MUST_USE;

/* Makes the name of `path` in its folder durable, as far as we may. */
int pi_copying_sync_folder(const char *path, const pc_mem *mem,
                           parasol_error *err) PC_MUST_USE;

/* Fills *info, which may be NULL. */
void pi_copying_tell(const pi_copying *c, uint64_t bytes,
                     parasol_copy_info *info);

void pi_copying_end(pi_copying *c);

#endif
