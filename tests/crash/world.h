/*
 * What may be on a disk after the power was cut, by the records of faultfs.h.
 *
 * A write is durable after a sync of its file that succeeded; after one that
 * failed it never is. A name (made, renamed, removed) is durable after a sync
 * of its folder. Until then anything may be lost, in two models: WORLD_POSIX,
 * where each name is lost or kept by itself, and WORLD_JOURNAL, where names
 * are lost from the last one backwards only, and a sync of any file makes all
 * names before it durable.
 *
 * It must never know what the files mean.
 */
#ifndef PARASOL_TESTS_CRASH_WORLD_H
#define PARASOL_TESTS_CRASH_WORLD_H

#include <stddef.h>
#include <stdint.h>

#include "tests/support/faultfs.h"

enum world_model { WORLD_POSIX, WORLD_JOURNAL };

typedef struct world world;

/* What of a pending write survives. */
enum world_keep {
    WORLD_DROP,
    WORLD_KEEP,
    WORLD_HEAD,      /* the sectors before the middle */
    WORLD_TAIL,      /* those from there on */
    WORLD_FIRST,     /* the first sector only */
    WORLD_ALTERNATE, /* every other one */
    WORLD_SOME       /* each by chance */
};

enum world_fill { WORLD_NO_FILL, WORLD_ZEROS, WORLD_GARBAGE };

/* A choice: for each pending write and each pending name what survives. */
typedef struct world_choice {
    uint8_t *writes;      /* enum world_keep */
    uint8_t *names;       /* not 0: survives */
    enum world_fill fill; /* of a file whose size is known to the disk, and the
                             bytes are not */
    uint64_t seed;
} world_choice;

typedef struct world_file {
    const char *path;
    const uint8_t *bytes; /* NULL: a folder */
    size_t len;
    uint64_t hash;
} world_file;

/* One state; folders come before what is in them. */
typedef struct world_image {
    world_file *files;
    size_t n;
    uint64_t hash;
} world_image;

/* For controls: the disk does as if it had synced, files or folders, and has
   not. */
void world_forget(world *w, enum faultfs_op sync);

/* Reads the whole log. Ends the process if it cannot. */
world *world_open(const char *log, enum world_model model);
void world_close(world *w);

/* Applies the next record and gives its head and, for FAULTFS_OP_SAY, its
   words (borrowed until the next step). 0 at the end. */
int world_step(world *w, faultfs_record_head *head, const char **words);

size_t world_steps(const world *w); /* records so far */

/* Pending writes and names now. */
size_t world_writes(const world *w);
size_t world_names(const world *w);

/* The file that write i belongs to, and whether it is of the last record. */
size_t world_write_file(const world *w, size_t i);
int world_write_is_last(const world *w, size_t i);

/* Borrowed until the next call of this or of world_step. */
const world_image *world_build(world *w, const world_choice *choice);

#endif
