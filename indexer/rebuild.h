/*
 * Making a segment of an index again from documents: repair and upgrade.
 *
 *     pi_rebuild_begin(&r, ...);
 *     pi_rebuild_document(&r, ...) for each
 *     pi_rebuild_end(&r, &next, &entry, ...);
 *
 * The documents go through the usual indexer into a temporary index inside the
 * index directory, and what comes out is merged to a segment with its final
 * number. So nothing of the commit that is there is touched.
 *
 * One thread at a time. Only the holder of the writer's lock may use it.
 */
#ifndef PARASOL_INDEXER_REBUILD_H
#define PARASOL_INDEXER_REBUILD_H

#include <stdbool.h>

#include <parasol/indexer.h>
#include <parasol/repair.h>

#include "common/format/manifest.h"
#include "common/segment/files.h"
#include "common/segment/store.h"

/* The folder of the temporary index. */
#define PI_REBUILD_NAME "rebuild.tmp"

typedef struct pi_rebuild {
    const pc_mem *mem;
    const char *dir; /* of the index */
    char *tmp;       /* owned: the folder */
    parasol_indexer_options o;
    char *language;     /* owned */
    parasol_indexer *w; /* NULL: none has begun */
    parasol_meta *meta;
    size_t meta_cap;
    uint64_t documents; /* since the beginning */
    pc_file_entry read; /* the last file that was found: its size, times and
                           content */
    bool dry;           /* nothing is made, only tried */
} pi_rebuild;

/*
 * `spec` describes the analysis of the index, which is used again (its
 * language at least). Everything else is borrowed until release, which always
 * follows. Removes what an interrupted run has left. Errors: NOMEM, IO.
 */
int pi_rebuild_init(pi_rebuild *r, const char *dir, pc_str spec,
                    const parasol_repair_options *o, const pc_mem *mem,
                    parasol_error *err) PC_MUST_USE;
void pi_rebuild_release(pi_rebuild *r);

/* Begins a segment. Errors: as parasol_indexer_open. */
int pi_rebuild_begin(pi_rebuild *r, bool store_text,
                     parasol_error *err) PC_MUST_USE;

/* Adds a document with its stored fields and its text. */
int pi_rebuild_document(pi_rebuild *r, const pc_field *fields, size_t n,
                        pc_str text, parasol_error *err) PC_MUST_USE;

/* Whether what kept a file from being read may pass; that it is gone, a link or
   somebody else's will not. */
bool pi_rebuild_may_pass(int rc, const parasol_error *err);

/* Adds the document `id` that the file with that path, without its first `skip`
   bytes, below `folder` holds now; *found is false if there is no such file, it
   is no regular one, or there is no text in it. No symbolic link is followed
   (reread.c). Errors: as pi_rebuild_document, IO (it cannot be read now). */
int pi_rebuild_file(pi_rebuild *r, const char *folder, pc_str id, size_t skip,
                    bool *found, parasol_error *err) PC_MUST_USE;

/* Whether there is such a regular file (reread.c). Errors: NOMEM, and IO of the
   folder. */
int pi_rebuild_has_file(const pi_rebuild *r, const char *folder, pc_str id,
                        size_t skip, bool *found,
                        parasol_error *err) PC_MUST_USE;

/*
 * Ends the segment: it is in *entry, and durable but for its name. Without any
 * document there is no file, and entry->docs is 0. Takes its number from
 * next->next_segment. `made` may be NULL; else it gets the analysis that was
 * used (spec and fingerprint).
 */
int pi_rebuild_end(pi_rebuild *r, pc_manifest *next, pc_manifest_segment *entry,
                   pc_manifest *made, parasol_error *err) PC_MUST_USE;

#endif
