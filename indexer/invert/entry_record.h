/*
 * Dictionary entries on their way from the pieces of a join to the dictionary
 * writer, as bytes in a spool of this process; no format of any file.
 */
#ifndef PARASOL_INDEXER_INVERT_ENTRY_RECORD_H
#define PARASOL_INDEXER_INVERT_ENTRY_RECORD_H

#include "common/base/buf.h"
#include "common/codec/entry.h"

/* No record is longer. */
#define PI_ENTRY_MAX ((size_t)1 << 11)

/* Appends the entry; its places are left out but for their lengths. */
void pi_entry_put(pc_buf *out, pc_str word, const pc_entry *e);

/* The reverse; strings are borrowed from the bytes. Returns the byte behind
   the record, or NULL when [p, end) is no record. */
const uint8_t *pi_entry_get(const uint8_t *p, const uint8_t *end, pc_str *word,
                            pc_entry *e);

#endif
