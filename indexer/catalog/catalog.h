/*
 * The catalog of an index in the making: what a walk finds is looked up in
 * the catalog of the commit before, and what has changed is put down anew.
 * An entry that nobody asked for stays as it is.
 *
 * One thread at a time.
 * Memory: two bits for each file of the catalog before; path and about 100
 * bytes for each file that was read.
 */
#ifndef PARASOL_INDEXER_CATALOG_CATALOG_H
#define PARASOL_INDEXER_CATALOG_CATALOG_H

#include "common/segment/files.h"

/* What became of a file since the commit before. */
enum pi_change {
    PI_CHANGE_NONE,    /* its content and what became of it are as before */
    PI_CHANGE_ADDED,   /* a document now */
    PI_CHANGE_CHANGED, /* another document now */
    PI_CHANGE_REMOVED, /* a document before; the file is gone, or unreadable */
    PI_CHANGE_RENAMED, /* added; a document with this content was removed */
    PI_CHANGE_OTHER    /* neither before nor now a document */
};

/* A file that was read, or is not there any more. */
typedef struct pi_known {
    pc_file_entry entry; /* its path is in the catalog's arena */
    enum pi_change change;
    pc_str from; /* RENAMED: the path before */
    bool gone;   /* is not there any more */
} pi_known;

typedef struct pi_catalog {
    const pc_mem *mem;
    const char *dir; /* of the index */
    pc_files *old;   /* NULL: none */
    pc_files_cursor at;
    uint64_t *seen; /* by number in `old`: was asked for */
    uint64_t *kept; /* and stays as it is */
    pi_known *known;
    size_t n_known, cap_known;
    pc_files_root *roots;
    size_t n_roots, cap_roots;
    pc_arena arena;
    int64_t taken;     /* when this run began */
    uint64_t max_file; /* of this run: as in pc_files */
    bool gitignore;
    uint64_t stale; /* bytes that were read though nothing had changed */
    uint64_t n_stale;
    bool whole;   /* all folders are walked: none of before counts any more */
    bool changed; /* something is not as before */
} pi_catalog;

/* `dir` and `mem` are borrowed until release. Cannot fail. */
void pi_catalog_init(pi_catalog *c, const char *dir, const pc_mem *mem);
void pi_catalog_release(pi_catalog *c);

/* Reads what the commit `now` has. Errors: CORRUPT and others of
   pc_files_open; the catalog is then as after init. */
int pi_catalog_open(pi_catalog *c, const pc_manifest *now,
                    parasol_error *err) PC_MUST_USE;

/* How the folders of the commit `now` were read, if it has a catalog that can
   be read: which files were too large, and whether .gitignore counted. Else
   *out stays as it is. Errors: NOMEM. */
typedef struct pi_recorded {
    uint64_t max_file;
    bool gitignore;
} pi_recorded;
int pi_catalog_recorded(pi_recorded *out, const char *dir,
                        const pc_manifest *now, const pc_mem *mem,
                        parasol_error *err) PC_MUST_USE;

/* Notes a folder of this run. Both are copied. NOMEM. */
int pi_catalog_root(pi_catalog *c, pc_str prefix, pc_str place,
                    parasol_error *err) PC_MUST_USE;

/* What the commit before has of a path: *found, and its entry, borrowed until
   the next call, with the number for pi_catalog_keep. Errors: CORRUPT. */
int pi_catalog_look(pi_catalog *c, pc_str path, pc_file_entry *entry,
                    uint64_t *number, bool *found,
                    parasol_error *err) PC_MUST_USE;

/* Whether a file with these times cannot have changed behind the back of the
   run that wrote the entry. */
bool pi_catalog_is_clean(const pi_catalog *c, const pc_file_entry *old);

/* The entry stays as it is. */
void pi_catalog_keep(pi_catalog *c, uint64_t number);

/* Puts an entry down; the path is copied. It must have been looked up. NOMEM.
 */
int pi_catalog_put(pi_catalog *c, const pc_file_entry *entry,
                   enum pi_change change, parasol_error *err) PC_MUST_USE;

/* Puts down that a file is not there any more; NOMEM. */
int pi_catalog_gone(pi_catalog *c, const pc_file_entry *entry,
                    parasol_error *err) PC_MUST_USE;

/* Puts down as gone every file below the folder `prefix` ("": all) that
   nobody asked for. Errors: CORRUPT, NOMEM. */
int pi_catalog_sweep(pi_catalog *c, pc_str prefix,
                     parasol_error *err) PC_MUST_USE;

/* From `first` on: known files by path, and of each pair of one that was added
   and one that was removed with the same content one renamed file.
   Errors: NOMEM. */
int pi_catalog_pair(pi_catalog *c, size_t first,
                    parasol_error *err) PC_MUST_USE;

/* For qsort: by path, and what is gone behind what is there. */
int pi_known_by_path(const void *a, const void *b);

/*
 * Writes the catalog as the file f<number>.seg, durable but for its name, and
 * enters it in *next; nothing when it has neither files nor folders, and the
 * number is then still free. `synced` false: not durable either.
 * Errors: IO, FULL, NOMEM, CORRUPT (the one before). Cost: reads and writes
 * all of it.
 */
int pi_catalog_write(pi_catalog *c, uint64_t number, bool synced,
                     pc_manifest *next, parasol_error *err) PC_MUST_USE;

/* Whether the entry that the commit before had stays as it is: true also when
   it had none. For what else is known of the path. Errors: CORRUPT. */
int pi_catalog_stays(pi_catalog *c, pc_str path, bool *stays,
                     parasol_error *err) PC_MUST_USE;

#endif
