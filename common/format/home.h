/*
 * Where the files of an index are: in a directory, or in one packed file.
 * Whoever only reads an index opens its files through here and need not know.
 *
 * A writer may remove files of a directory at any time: NOTFOUND then means
 * that there is a newer commit, and is to be asked for again.
 *
 * Threads: one at a time.
 */
#ifndef PARASOL_COMMON_FORMAT_HOME_H
#define PARASOL_COMMON_FORMAT_HOME_H

#include "common/format/pack.h"
#include "common/format/sealed.h"

typedef struct pc_home {
    const pc_mem *mem;
    const char *path; /* borrowed */
    pc_pack *pack;    /* NULL: a directory, or nothing at all */
    pc_buf name;      /* of the file that was last named */
} pc_home;

/*
 * Looks what is at `path`, which is borrowed until close, as is `mem`. *h is
 * initialised also on error and closed by pc_home_close. That there is nothing
 * is no error yet: pc_home_manifest tells.
 * Errors: NOTFOUND (a file that is no packed index), CORRUPT, VERSION, IO,
 * NOMEM.
 */
int pc_home_open(pc_home *h, const char *path, const pc_mem *mem,
                 parasol_error *err) PC_MUST_USE;

void pc_home_close(pc_home *h);

/* As pc_manifest_newest. */
int pc_home_manifest(pc_home *h, pc_manifest *m,
                     parasol_error *err) PC_MUST_USE;

/* What a file is called in sentences: DIR/s1.seg, or FILE:s1.seg. Borrowed
   until the next call of any function here; NULL: NOMEM. */
const char *pc_home_name(pc_home *h, enum pc_name kind, uint64_t number,
                         parasol_error *err);

/*
 * Where the bytes of a file are. The descriptor stays open until
 * pc_home_release, which follows each success.
 * Errors: NOTFOUND (of a directory), CORRUPT (a pack without it), IO, NOMEM.
 */
int pc_home_extent(pc_home *h, enum pc_name kind, uint64_t number,
                   pc_extent *out, parasol_error *err) PC_MUST_USE;
void pc_home_release(const pc_home *h, pc_extent *part);

/* Opens a sealed file, as pc_sealed_open does. It outlives *h. Errors: as that,
   and CORRUPT for a pack that does not have the file. */
int pc_home_sealed(pc_home *h, pc_sealed **out, enum pc_name kind,
                   uint64_t number, parasol_error *err) PC_MUST_USE;

/*
 * The same for a file of a commit; also CORRUPT when its length, its trailer
 * checksum or its number are not what the manifest says.
 */
int pc_home_commit_file(pc_home *h, pc_sealed **out, const pc_commit_file *file,
                        parasol_error *err) PC_MUST_USE;

#endif
