/*
 * Reading a tree of folders from a root that is held open: each name is
 * opened relative to its folder and never through a symbolic link, so that a
 * tree that changes under the reader cannot lead it elsewhere. Nothing here
 * blocks on a pipe or wakes a device, and a file is read with read(2), so
 * that one that shrinks costs nothing but its missing end.
 *
 * Common errors, by pc_fail_os with os_errno set: NOTFOUND, NOMEM, IO.
 * `path` is only for the sentence. Any thread may call anything here.
 */
#ifndef PARASOL_COMMON_OS_DIR_H
#define PARASOL_COMMON_OS_DIR_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/buf.h"

typedef enum pc_kind {
    PC_KIND_FILE,
    PC_KIND_DIR,
    PC_KIND_LINK,
    PC_KIND_OTHER /* pipe, socket, device */
} pc_kind;

typedef struct pc_node {
    pc_kind kind;
    uint64_t size; /* bytes; a hint, for a file may grow */
    uint64_t dev;
    uint64_t ino;
    int64_t mtime; /* of the content, in nanoseconds since 1970 */
    int64_t ctime; /* of the content or of anything that is known about it */
} pc_node;

typedef struct pc_dirent {
    pc_str name; /* zero-terminated */
    pc_kind kind;
    pc_node node; /* what it was when it was listed; zeros where not known */
} pc_dirent;

/* Opens the folder `path`, following links. *fd is owned by the caller
   (pc_node_close). */
int pc_dir_open_root(int *fd, const char *path, parasol_error *err) PC_MUST_USE;

/*
 * Opens the file or folder `name` of the folder `dir` for reading, and tells
 * what it is. A link, a pipe or a device is not opened: *fd is then -1 and
 * node->kind says why. *fd is owned by the caller (pc_node_close).
 */
int pc_node_open_at(int *fd, pc_node *node, int dir, const char *name,
                    const char *path, parasol_error *err) PC_MUST_USE;

/* What an open file or folder is. */
int pc_node_stat(int fd, pc_node *node, const char *path,
                 parasol_error *err) PC_MUST_USE;

/* What has the name `name` in the folder `dir`, not following a link. */
int pc_node_stat_at(pc_node *node, int dir, const char *name, const char *path,
                    parasol_error *err) PC_MUST_USE;

/* What the file or folder `path` is, following links. */
int pc_node_stat_path(const char *path, pc_node *node,
                      parasol_error *err) PC_MUST_USE;

/* Accepts -1. */
void pc_node_close(int fd);

/*
 * The entries of an open folder without "." and "..", in no order. The array
 * and the names are borrowed from the arena. An entry whose kind cannot be
 * learnt is called a file; opening it tells.
 */
int pc_dir_entries(pc_dirent **list, size_t *n, int fd, pc_arena *arena,
                   const char *path, parasol_error *err) PC_MUST_USE;

/*
 * Appends what can be read from `fd` until its end or until `limit` + 1
 * bytes, whichever comes first; `hint` is the size to expect. On error *out
 * keeps the length it had.
 */
int pc_node_read(pc_buf *out, int fd, uint64_t hint, uint64_t limit,
                 const char *path, parasol_error *err) PC_MUST_USE;

#endif
