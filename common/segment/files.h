/*
 * The catalog of walked folders: what the file system said of each file when
 * the index was written, and what became of it (docs/format.md, "FILES").
 * A later run compares a walk with it and reads only what differs.
 */
#ifndef PARASOL_COMMON_SEGMENT_FILES_H
#define PARASOL_COMMON_SEGMENT_FILES_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/format/manifest.h"
#include "common/format/sealed.h"

/* What a file was. Paths are those of the documents. */
typedef struct pc_file_entry {
    pc_str path;   /* zero-terminated */
    uint64_t size; /* bytes */
    int64_t mtime; /* as in pc_node */
    int64_t ctime;
    uint64_t hash[2]; /* of the content; zeros where it was not read */
    unsigned skip;    /* enum parasol_skip; 0: it is a document */
} pc_file_entry;

/* A folder that was walked. */
typedef struct pc_files_root {
    pc_str prefix; /* of its paths, without the slash behind it; or "" */
    pc_str place;  /* absolute, or relative to the index */
} pc_files_root;

/* Immutable once open; any number of threads, each with its own cursor. */
typedef struct pc_files {
    const pc_mem *mem;
    pc_sealed *file;
    pc_section section;
    pc_arena arena;
    int64_t taken;     /* when the walk began, by the clock, as in pc_node: a
                          file with a later time may have changed unseen */
    uint64_t count;    /* entries */
    uint32_t reader;   /* of the files: a newer one may read more of them */
    uint64_t max_file; /* larger ones were left out */
    bool gitignore;    /* rules of .gitignore counted */
    uint32_t blocks;
    pc_files_root *roots;
    uint32_t n_roots;
    uint64_t first; /* offset of the first block */
    uint64_t index; /* offset of the offsets of blocks */
} pc_files;

/*
 * Opens the catalog that the manifest names, in the directory `dir`. *out is
 * owned by the caller (pc_files_close); NULL when the commit has none.
 * Errors: CORRUPT (also: not the file that the manifest means), VERSION,
 * NOTFOUND, IO, NOMEM. Cost: does not grow with the catalog.
 */
int pc_files_open(pc_files **out, const char *dir, const pc_manifest *m,
                  const pc_mem *mem, parasol_error *err) PC_MUST_USE;

/*
 * The same of a damaged one, for salvage: it is not required that its folders
 * can be read (there are then none, and *lost_roots is true), and blocks
 * (pc_files_block) may fail one by one.
 */
int pc_files_open_damaged(pc_files **out, const char *dir, const pc_manifest *m,
                          const pc_mem *mem, bool *lost_roots,
                          parasol_error *err) PC_MUST_USE;

/* Accepts NULL. */
void pc_files_close(pc_files *f);

/* A place in a catalog. */
typedef struct pc_files_cursor {
    const pc_files *files;
    uint32_t block;      /* the one that `at` is in, or blocks at the end */
    uint64_t next;       /* number of the entry at `at` */
    uint64_t at;         /* offset in the section */
    uint64_t end;        /* of the block */
    pc_buf path;         /* of the entry before */
    pc_file_entry entry; /* what pc_files_find looked at last */
    uint64_t number;
} pc_files_cursor;

void pc_files_cursor_init(pc_files_cursor *c, const pc_files *files);
void pc_files_cursor_release(pc_files_cursor *c);

/* The next entry, in the byte order of paths, borrowed until the next call;
   *number is its place; *more is false behind the last one.
   Errors: CORRUPT, NOMEM. */
int pc_files_next(pc_files_cursor *c, pc_file_entry *entry, uint64_t *number,
                  bool *more, parasol_error *err) PC_MUST_USE;

/* Puts the cursor at the start of a block, for pc_files_next to take its
   PC_FILES_BLOCK entries, or those that are left, from. Errors: CORRUPT. */
int pc_files_block(pc_files_cursor *c, uint32_t block,
                   parasol_error *err) PC_MUST_USE;

/*
 * The entry with that path; *found is false when there is none. The cursor
 * then stands behind it, or somewhere before where it would be.
 * Errors: CORRUPT, NOMEM. Cost: hardly any where paths ascend from call to
 * call, else a binary search.
 */
int pc_files_find(pc_files_cursor *c, pc_str path, pc_file_entry *entry,
                  uint64_t *number, bool *found,
                  parasol_error *err) PC_MUST_USE;

#endif
