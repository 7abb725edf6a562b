/*
 * Looking after an index: what it consists of, and copies of it. Nothing here
 * takes the writer's lock or changes the index; a writer may be at work.
 *
 * `path` is the directory of an index, or a packed index. `options` may be
 * NULL. Any thread may call anything here.
 */
#ifndef PARASOL_UPKEEP_H
#define PARASOL_UPKEEP_H

#include <stddef.h>
#include <stdint.h>

#include <parasol/alloc.h>
#include <parasol/status.h>
#include <parasol/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- copies ------------------------------------------------------------- */

typedef struct parasol_copy_options {
    size_t struct_size;
    const parasol_allocator *alloc; /* NULL: the C library's; called by the
                                       calling thread only */
    int link; /* backup: give the files of the index a second name instead of
                 copying them, which takes neither time nor room, and no copy
                 of its own of what the disk may lose */
    /* Called now and then with the share that is done, 0 to 1; may be NULL. Not
       0 stops with PARASOL_ARG, and nothing is left behind. */
    int (*progress)(double done, void *user);
    void *user;
} parasol_copy_options;

#define PARASOL_COPY_OPTIONS_INIT                                              \
    {                                                                          \
        sizeof(parasol_copy_options), NULL, 0, NULL, NULL                      \
    }

typedef struct parasol_copy_info {
    size_t struct_size;
    uint64_t commit; /* the one that was copied */
    uint64_t documents;
    uint64_t files; /* of the commit */
    uint64_t bytes; /* of the copy */
} parasol_copy_info;

#define PARASOL_COPY_INFO_INIT                                                 \
    {                                                                          \
        sizeof(parasol_copy_info), 0, 0, 0, 0                                  \
    }

/*
 * Copies the newest commit to the directory `dest`, which is made (its parent
 * must exist) or must be empty. The copy is an index like any other. All its
 * checksums are verified, it is made durable, and only then its manifest gets
 * its name: a copy that was broken off is no index. Of a packed index it makes
 * a directory again.
 * `info` may be NULL. Files of the index stay open meanwhile, one for each
 * segment and list, so that a writer cannot take them away.
 * Errors: NOTFOUND (no index; no parent of `dest`), ARG (`dest` is not empty;
 * stopped), CORRUPT (of the index, or of what was just written), VERSION, IO
 * (also: linking across file systems), FULL, NOMEM; what was made of the copy
 * is then removed again.
 */
PARASOL_API int parasol_index_backup(const char *path, const char *dest,
                                     const parasol_copy_options *options,
                                     parasol_copy_info *info,
                                     parasol_error *err) PARASOL_MUST_USE;

/*
 * Writes the newest commit to one file, the packed index `file`, which can be
 * searched as it is. It is verified and made durable under the name FILE.tmp
 * and then takes the place of a packed index of that name, if there is one.
 * The same commit gives the same bytes. `link` does not count.
 * Errors: NOTFOUND (no index; no folder for `file`), ARG (`file` is something
 * else than a packed index; stopped), and as parasol_index_backup.
 */
PARASOL_API int parasol_index_pack(const char *path, const char *file,
                                   const parasol_copy_options *options,
                                   parasol_copy_info *info,
                                   parasol_error *err) PARASOL_MUST_USE;

#ifdef __cplusplus
}
#endif
#endif
