/*
 * Read-only view of a file, or of a part of one. The file must not be changed
 * while it is mapped: the index never changes a file that has its final name,
 * and a file that is removed stays readable until it is unmapped.
 */
#ifndef PARASOL_COMMON_OS_MAP_H
#define PARASOL_COMMON_OS_MAP_H

#include "common/base/base.h"

typedef struct pc_map {
    const uint8_t *ptr; /* NULL when there are no bytes */
    size_t len;
    size_t before; /* bytes that are mapped in front of ptr */
} pc_map;

/* A part of an open file. */
typedef struct pc_extent {
    int fd;
    uint64_t off;
    uint64_t len;
} pc_extent;

/* *out is released by pc_map_close. Errors: NOTFOUND, IO (also: not a regular
   file), NOMEM. Cost: does not grow with the file. */
int pc_map_open(pc_map *out, const char *path, parasol_error *err) PC_MUST_USE;

/*
 * The same for a part of an open regular file, which may be closed afterwards.
 * `path` is for the sentence. Any `off` will do. IO: also when the file ends
 * before the part does.
 */
int pc_map_extent(pc_map *out, const pc_extent *part, const char *path,
                  parasol_error *err) PC_MUST_USE;

/* Tells the system that the whole map will be read from front to back. */
void pc_map_read_ahead(const pc_map *map);

/*
 * The bytes that were read so far do not count as memory of the process any
 * more; whoever reads them again gets them from the system's cache, or from
 * the disk. For those who read a large file once and may not grow with it.
 * No other thread may be reading. Does nothing on systems without it.
 */
void pc_map_forget(const pc_map *map);

/* The map is empty afterwards; an empty one is accepted. */
void pc_map_close(pc_map *map);

#endif
