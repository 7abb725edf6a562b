/*
 * What the files of the indexer's top room share behind parasol_indexer.
 */
#ifndef PARASOL_INDEXER_INDEXER_INTERNAL_H
#define PARASOL_INDEXER_INDEXER_INTERNAL_H

#include <parasol/indexer.h>

#include "common/base/buf.h"

/*
 * Records that a file was seen and why it is not searchable; committed with
 * the rest. `path` and `detail` are copied. Errors: NOMEM.
 */
int pi_indexer_note_skip(parasol_indexer *w, pc_str path, uint64_t bytes,
                         int skip, pc_str detail,
                         parasol_error *err) PC_MUST_USE;

/* The index directory; borrowed until close. */
const char *pi_indexer_dir(const parasol_indexer *w);

/* The allocator; borrowed until close. */
const pc_mem *pi_indexer_mem(const parasol_indexer *w);

#endif
