/*
 * Commits: how an index goes from one state to the next so that a crash at
 * any instant leaves the one or the other (docs/format.md, "Commit").
 *
 *     pi_commit_prepare(dir, &lock, &now, mem, &err);
 *     ... write files with pi_out and numbers from now.next_segment on ...
 *     next.commit = now.commit + 1;
 *     pi_commit_publish(dir, &next, mem, &err);
 *     pi_commit_collect(dir, &next, mem);
 *     pc_lock_drop(&lock);
 *
 * Only the holder of the lock may call these functions.
 */
#ifndef PARASOL_INDEXER_COMMIT_COMMIT_H
#define PARASOL_INDEXER_COMMIT_COMMIT_H

#include "common/format/manifest.h"
#include "common/os/lock.h"

/*
 * Makes `dir` ready for a writer: makes it if it is missing (its parent must
 * exist), takes the lock, reads the newest manifest into *now and removes
 * what a writer that crashed left behind.
 *
 * *now is initialised here, also on error, and owned by the caller
 * (pc_manifest_release). In a new index it is empty, with commit 0. When the
 * newest manifest is damaged or of a format that is not read any more, *now
 * holds only commit and next_segment, from which the next commit counts on.
 * The lock is held on success only (pc_lock_drop).
 * Errors: ARG (the directory holds other files and no index), LOCKED,
 * VERSION (a newer parasol wrote the index), NOTFOUND (no parent), IO, FULL,
 * NOMEM.
 */
int pi_commit_prepare(const char *dir, pc_lock *lock, pc_manifest *now,
                      const pc_mem *mem, parasol_error *err) PC_MUST_USE;

/* Writers of an index that has to be there refuse a file in its place as
   pi_commit_prepare does: ARG, for what is packed is only read. */
int pi_commit_refuse_file(const char *path, parasol_error *err) PC_MUST_USE;

/*
 * Makes *next the newest commit, durably. Its files must have been written
 * by pi_out_finish; their presence and lengths are checked. next->commit must
 * be higher than every commit in the directory. With PC_MANIFEST_RELAXED among
 * its flags, nothing is made durable.
 * On error the commit before is still the newest; the files of *next may be
 * removed only by pi_commit_collect with the manifest of that commit, because
 * it takes care that none is lost that a reader could still be sent to.
 * Errors: FULL, IO, CORRUPT (a file of the commit is missing, or its length),
 * NOMEM.
 */
int pi_commit_publish(const char *dir, const pc_manifest *next,
                      const pc_mem *mem, parasol_error *err) PC_MUST_USE;

/*
 * Makes the content of all files that a manifest names durable: for a commit
 * that is to be durable and follows one that is not (PC_MANIFEST_RELAXED).
 * Errors: IO, NOTFOUND, NOMEM.
 */
int pi_commit_sync(const char *dir, const pc_manifest *m, const pc_mem *mem,
                   parasol_error *err) PC_MUST_USE;

/*
 * Removes every manifest, segment and temporary file that *keep, the newest
 * commit, does not name. Foreign files stay. A file that cannot be removed
 * stays too: it costs space and nothing else. Readers that have removed files
 * open keep them.
 */
void pi_commit_collect(const char *dir, const pc_manifest *keep,
                       const pc_mem *mem);

#endif
