/*
 * The names of the files in an index directory (docs/format.md, "Files").
 * A name that is not exactly one of ours is foreign, and never touched.
 */
#ifndef PARASOL_COMMON_FORMAT_NAME_H
#define PARASOL_COMMON_FORMAT_NAME_H

#include "common/base/buf.h"

enum pc_name {
    PC_NAME_FOREIGN,
    PC_NAME_SEGMENT,  /* s<number>.seg */
    PC_NAME_SKIPS,    /* k<number>.seg */
    PC_NAME_LIVE,     /* l<number>.seg */
    PC_NAME_FILES,    /* f<number>.seg */
    PC_NAME_MANIFEST, /* manifest.<number> */
    PC_NAME_LOCK,     /* lock */
    PC_NAME_LOG,      /* log */
    PC_NAME_TEMPORARY /* one of the first five with .tmp, or t<number>.tmp */
};

/* What the name is. *number (may be NULL) is set for the first five kinds:
   decimal, from 1 to UINT64_MAX, without leading zeros; else it is 0. */
enum pc_name pc_name_parse(pc_str name, uint64_t *number);

/*
 * The zero-terminated path of a file in `dir`, in *path, whose earlier content
 * is forgotten; borrowed from *path. `kind` is one with a number; `suffix` is
 * appended, "" or ".tmp". NULL and NOMEM when out of memory.
 */
const char *pc_name_path(pc_buf *path, const char *dir, enum pc_name kind,
                         uint64_t number, const char *suffix,
                         parasol_error *err);

#endif
