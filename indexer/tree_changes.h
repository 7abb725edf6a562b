/*
 * What a walk means for an index that holds documents of an earlier one.
 */
#ifndef PARASOL_INDEXER_TREE_CHANGES_H
#define PARASOL_INDEXER_TREE_CHANGES_H

#include "indexer/indexer_internal.h"
#include "indexer/source/walk.h"

/* Larger files are left out, if nothing else is said. */
#define PI_MAX_FILE ((uint64_t)64 << 20)

/* The hash of 128 bits that tells contents apart; never both zero. */
void pi_content_hash(pc_str bytes, uint64_t hash[2]);

/* Whether the file that was read is what the commit before has. */
bool pi_is_known(const pi_input *in, const uint64_t hash[2]);

/* Whether a file that the walk has met need not be read: what is known of it
   says that it is as it was. `trusted`: the catalog is about this folder. */
bool pi_is_as_before(const pi_catalog *c, const pi_entry *entry,
                     const pc_file_entry *old, bool trusted, uint64_t limit);

void pi_count_same(parasol_tree_summary *summary, int skip);

/* Puts down what became of a file that was read. NOMEM, CORRUPT. */
int pi_note_file(parasol_indexer *w, const pi_item *item,
                 parasol_tree_summary *summary, parasol_error *err) PC_MUST_USE;

/* Where a folder is, as the catalog has it: from the index upwards if that is
   in it, so that both can be moved together; else absolute. Replaces *out.
   NOMEM, and errors of pc_path_real. */
int pi_folder_place(const char *dir, const char *index, pc_buf *out,
                    parasol_error *err) PC_MUST_USE;

/* Notes a folder in the catalog; *trusted is false when the catalog before had
   another one with that prefix. NOMEM. */
int pi_note_folder(parasol_indexer *w, pc_str prefix, const char *dir,
                   bool *trusted, parasol_error *err) PC_MUST_USE;

/* When all files are done: documents go whose files, below `prefix` and known
   before, were not met; what has changed since is counted, from the entry
   `first` of the catalog on, and told. NOMEM, CORRUPT, ARG (the caller). */
int pi_finish_changes(parasol_indexer *w, size_t first, pc_str prefix,
                      parasol_tree_summary *summary,
                      const parasol_tree_options *options,
                      parasol_error *err) PC_MUST_USE;

#endif
