/*
 * What the parts of a repair and of an upgrade share.
 */
#ifndef PARASOL_INDEXER_REPAIR_INTERNAL_H
#define PARASOL_INDEXER_REPAIR_INTERNAL_H

#include <parasol/repair.h>

#include "common/base/arena.h"
#include "common/base/sort.h"
#include "common/format/name.h"
#include "common/os/lock.h"
#include "common/segment/files.h"
#include "indexer/rebuild.h"
#include "indexer/salvage.h"

/* A file that a check found damaged. */
typedef struct pi_bad_file {
    struct pi_bad_file *next;
    const char *name;
} pi_bad_file;

/* A file from which a document was made again, as it was then. */
typedef struct pi_reread {
    struct pi_reread *next;
    pc_file_entry entry;
} pi_reread;

typedef struct pi_repair {
    pc_mem alloc;
    const pc_mem *mem;
    const char *dir;
    parasol_repair_options o;
    parasol_repair_info info;
    pc_lock lock;
    pc_manifest now, next;
    pc_arena arena;
    pi_bad_file *bad;
    pi_rebuild rebuild;
    pc_files *files;     /* the catalog of `now`, or NULL */
    pc_sort_item *known; /* hashes of ids of documents that can be read */
    size_t n_known, known_cap;
    pi_reread *reread;  /* the last one first */
    bool lost_manifest; /* `now` was put together */
    bool lost_deletes;  /* and which documents are deleted is not known */
} pi_repair;

/* Copies options, fills what is left. ARG. */
int pi_repair_init(pi_repair *x, const char *path,
                   const parasol_repair_options *options,
                   parasol_error *err) PC_MUST_USE;
void pi_repair_release(pi_repair *x);

/* Hands what was counted to the caller. */
void pi_repair_tell(const pi_repair *x, parasol_repair_info *info);

/* Tells the caller; ARG when that stops the run. */
int pi_repair_say(pi_repair *x, int kind, const char *file, pc_str id,
                  parasol_error *err, const char *fmt, ...)
    PC_PRINTF(6, 7) PC_MUST_USE;

/* Takes the lock, and numbers for x->next above all that are in use. */
int pi_repair_lock(pi_repair *x, parasol_error *err) PC_MUST_USE;

/* Checks the index, deeply, and fills x->bad. PARASOL_OK: it is sound;
   PARASOL_CORRUPT; else an error. */
int pi_repair_check(pi_repair *x, parasol_error *err) PC_MUST_USE;

bool pi_repair_is_bad(const pi_repair *x, enum pc_name of, uint64_t number);

/* The file counts as sound from now on. */
void pi_repair_forget(pi_repair *x, enum pc_name of, uint64_t number);

/*
 * Makes header, checksums, table of contents and footer of a damaged file of
 * that kind again and puts it in place of the old one, under its name: with the
 * bytes that the manifest means (length and trailer checksum), but for pages
 * that are damaged. *mended is set if that could be done, or could be in a dry
 * run. Does nothing with a file that a check has not found damaged.
 * Errors: those of writing, NOMEM, ARG (repair_frame.c).
 */
int pi_repair_frame(pi_repair *x, enum pc_name of, uint64_t number,
                    uint64_t bytes, uint32_t crc, bool *mended,
                    parasol_error *err) PC_MUST_USE;

/* "s7.seg" in the arena; "" when out of memory. */
const char *pi_repair_name(pi_repair *x, enum pc_name of, uint64_t number);

/* Puts a manifest together of what is in the directory, into x->now
   (repair_manifest.c). */
int pi_repair_manifest(pi_repair *x, parasol_error *err) PC_MUST_USE;

/*
 * Finds out which documents of a segment of x->now are dead when its file of
 * dead documents cannot be read: those with an id that a later segment has.
 * alive[] gets a bit for each document (repair_live.c).
 */
int pi_repair_live(pi_repair *x, size_t segment, uint64_t *alive,
                   parasol_error *err) PC_MUST_USE;

/* Adds a document from its file, in the caller's folder or where the catalog
   says that it was (repair_files.c). */
int pi_repair_reread(pi_repair *x, pc_str id, bool *found,
                     parasol_error *err) PC_MUST_USE;

/* Where the folder of a root is, as a path from here, in the arena; NULL: out
   of memory. */
const char *pi_repair_place(pi_repair *x, const pc_files_root *root);

/* Is the id that of a file below the root? Then *skip bytes of it are the
   prefix. */
bool pi_repair_is_below(const pc_files_root *root, pc_str id, size_t *skip);

/*
 * Writes the catalog anew into x->next, whose other files are there, or leaves
 * it out: entries stay that can be read and whose documents are in x->next.
 * What was a file and cannot be known otherwise is read by the next run of
 * indexing (repair_catalog.c).
 */
int pi_repair_catalog(pi_repair *x, parasol_error *err) PC_MUST_USE;

/*
 * Calls `each` with the ids of documents that the catalog has and no segment
 * that can be read: those of segments that cannot.
 */
typedef int pi_repair_each(pc_str id, void *user, parasol_error *err);
int pi_repair_unnamed(pi_repair *x, pi_repair_each *each, void *user,
                      parasol_error *err) PC_MUST_USE;

/*
 * Makes the documents of a segment again, but those that are dead (`alive` may
 * be NULL); *entry is the new one, without documents if there are none. Where
 * no document can be made again and `keep` is set, *entry is left as it is, and
 * nothing is counted as lost.
 */
int pi_repair_segment(pi_repair *x, const pc_manifest_segment *from,
                      const uint64_t *alive, bool keep, pc_manifest *made,
                      pc_manifest_segment *entry,
                      parasol_error *err) PC_MUST_USE;

/* Publishes x->next, of which the segments and other files are filled in, and
   writes the line `what` to the log; unless `rc`, which comes back, tells of a
   failure: then what was written is removed. Does nothing in a dry run. */
int pi_repair_publish(pi_repair *x, const char *what, int rc,
                      parasol_error *err) PC_MUST_USE;

#endif
