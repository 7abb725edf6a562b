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
#include <parasol/indexer.h>
#include <parasol/status.h>
#include <parasol/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- how it is ---------------------------------------------------------- */

/* Whether somebody writes the index. */
enum parasol_writer {
    PARASOL_WRITER_NONE = 0,
    PARASOL_WRITER_AT_WORK = 1,
    PARASOL_WRITER_ENDED = 2,  /* the process that took the lock is gone; one
                                  that it started holds it still */
    PARASOL_WRITER_UNKNOWN = 3 /* the lock cannot be read */
};

/* Whether the index is what its folders are now. */
enum parasol_fresh {
    PARASOL_FRESH_UNKNOWN = 0, /* `why` says why */
    PARASOL_FRESH = 1,
    PARASOL_FRESH_STALE = 2
};

typedef struct parasol_status_options {
    size_t struct_size;
    int compare; /* 0: leave the folders alone, and `fresh` UNKNOWN */
    /* For the folders, as in parasol_tree_options: */
    uint64_t max_file_bytes;
    int gitignore;
    int (*changed)(const parasol_change *c, void *user); /* may be NULL; each
                                  document that is not as it was; not 0 stops
                                  with PARASOL_ARG */
    void *user;
} parasol_status_options;

#define PARASOL_STATUS_OPTIONS_INIT                                            \
    {                                                                          \
        sizeof(parasol_status_options), 1, 0, 0, NULL, NULL                    \
    }

typedef struct parasol_status_info {
    size_t struct_size;
    int packed; /* not 0: a packed index */
    uint64_t commit;
    int64_t committed;      /* seconds since 1970 by the log, or 0 */
    uint64_t documents;     /* that can be found */
    uint64_t dead;          /* that are still in the files */
    uint64_t dead_segments; /* that have dead documents */
    uint64_t segments;
    uint64_t files;      /* of the commit, with the manifest */
    uint64_t bytes;      /* of these */
    uint64_t left_files; /* of ours in the directory, of no commit: those of a
                            writer at work, or left by one that was stopped */
    uint64_t left_bytes;
    uint64_t foreign_files; /* that no index has */
    uint64_t disk_bytes;    /* of all files of ours in the directory */
    uint64_t seen;          /* files or lines that were looked at */
    uint64_t skipped[16];   /* of them not searchable, by enum parasol_skip */
    int writer;             /* enum parasol_writer */
    long writer_pid;      /* of the writer, or of the last one; 0: not known */
    int64_t writer_since; /* seconds since 1970 */
    char writer_host[256];
    int fresh;                                 /* enum parasol_fresh */
    uint64_t folders;                          /* that the index was made of */
    uint64_t added, changed, removed, renamed; /* documents since then */
    char why[512];
} parasol_status_info;

/*
 * Fills *info. Comparing walks the folders that the index was made of, and
 * reads files whose size or times are not what the index knows. Errors:
 * NOTFOUND (no index), CORRUPT, VERSION, IO, NOMEM, ARG (stopped).
 */
PARASOL_API int parasol_index_status(const char *path,
                                     const parasol_status_options *options,
                                     parasol_status_info *info,
                                     parasol_error *err) PARASOL_MUST_USE;

/* A file or line that is not searchable. Strings are borrowed for the call. */
typedef struct parasol_problem {
    size_t struct_size;
    int skip; /* enum parasol_skip */
    uint64_t bytes;
    const char *path;   /* of a line: FILE:LINE:COLUMN */
    const char *detail; /* more about it, or "" */
} parasol_problem;

/* Calls `problem` for each of them, in the order in which they were met. Not 0
   from it ends the call with PARASOL_OK. Errors: NOTFOUND (no index), CORRUPT,
   VERSION, IO, NOMEM. */
PARASOL_API int
parasol_index_problems(const char *path,
                       int (*problem)(const parasol_problem *p, void *user),
                       void *user, parasol_error *err) PARASOL_MUST_USE;

/* ---- the log ------------------------------------------------------------ */

/*
 * What each commit changed, as far as anybody wrote it down. The log is no part
 * of the index: lines may be missing or damaged, and a packed index has none.
 */
typedef struct parasol_log parasol_log; /* immutable: any number of threads */

enum parasol_log_state {
    PARASOL_LOG_WRITTEN = 0, /* as it was written */
    PARASOL_LOG_DAMAGED = 1, /* a line that nobody wrote so: see `text` */
    PARASOL_LOG_MISSING = 2  /* there is no line for `commit` to `last` */
};

typedef struct parasol_log_entry {
    size_t struct_size;
    int state;        /* enum parasol_log_state */
    uint64_t line;    /* its number in the file, from 1; MISSING: 0 */
    uint64_t commit;  /* DAMAGED: 0 */
    uint64_t last;    /* MISSING: the last that is; else as `commit` */
    int64_t time;     /* seconds since 1970, UTC, by the clock of the writer */
    const char *what; /* what was done: "index"; this and `text` live as long
                         as the log */
    uint64_t added, changed, removed; /* documents */
    uint64_t documents;               /* in the index since then */
    uint64_t bytes;                   /* of the index since then */
    const char *text;                 /* DAMAGED: the beginning of the line */
} parasol_log_entry;

/* Reads the log of the index in `path`. *out is owned by the caller
   (parasol_log_close). Errors: NOTFOUND (no index), CORRUPT, VERSION (of its
   manifest), IO, NOMEM. Cost: some 200 bytes for each commit. */
PARASOL_API int parasol_log_open(parasol_log **out, const char *path,
                                 parasol_error *err) PARASOL_MUST_USE;
PARASOL_API void parasol_log_close(parasol_log *log); /* accepts NULL */

PARASOL_API size_t parasol_log_count(const parasol_log *log);

/* Entry i, the oldest is 0; PARASOL_NOTFOUND behind the last one. */
PARASOL_API int parasol_log_get(const parasol_log *log, size_t i,
                                parasol_log_entry *entry);

/* ---- what it consists of ------------------------------------------------ */

typedef struct parasol_stat parasol_stat; /* immutable: any number of threads */

typedef struct parasol_stat_options {
    size_t struct_size;
    const parasol_allocator *alloc; /* NULL: the C library's; called by the
                                       calling thread only */
    unsigned top; /* words and documents to list at most; 0: none */
} parasol_stat_options;

#define PARASOL_STAT_OPTIONS_INIT                                              \
    {                                                                          \
        sizeof(parasol_stat_options), NULL, 10                                 \
    }

/* Strings in these structs live as long as the parasol_stat. */
typedef struct parasol_stat_info {
    size_t struct_size;
    uint64_t commit;
    uint64_t documents; /* that can be found */
    uint64_t dead;      /* that are still in the files */
    uint64_t tokens;    /* of all texts with titles, also of dead documents */
    uint64_t title_tokens;
    uint64_t segments;
    uint64_t files;       /* of the commit, with the manifest */
    uint64_t bytes;       /* of these */
    uint64_t checksums;   /* bytes of that for sums of pages */
    uint64_t frames;      /* and for headers, tables and padding */
    const char *analysis; /* what became of the words */
} parasol_stat_info;

/* A section, over all files of the commit. */
typedef struct parasol_stat_section {
    size_t struct_size;
    unsigned id; /* as in docs/format.md; 0: the manifest */
    const char *name;
    uint64_t bytes;
} parasol_stat_section;

/* A field, in one language, over all segments. Dead documents count. Pairs of
   frequent words, which have lists, too, are no stems and no forms. */
typedef struct parasol_stat_field {
    size_t struct_size;
    const char *name;     /* "text" (with titles), "title" */
    const char *language; /* of the stems: "en"; "none": not stemmed */
    uint64_t stems;       /* different ones, which have a posting list */
    uint64_t forms;       /* different words as written */
    uint64_t entries;     /* of the dictionaries: a word counts once for each
                             segment that has it */
    uint64_t postings;    /* documents of all lists */
    uint64_t positions;   /* occurrences */
    uint64_t inline_postings;  /* of these in the dictionary, not in lists of */
    uint64_t inline_positions; /* their own */
    uint64_t posting_bytes;    /* of the lists of their own */
    uint64_t position_bytes;
} parasol_stat_field;

typedef struct parasol_stat_word {
    size_t struct_size;
    const char *stem;
    uint64_t df;  /* documents that have it */
    uint64_t ctf; /* occurrences */
} parasol_stat_word;

typedef struct parasol_stat_document {
    size_t struct_size;
    const char *path;
    uint64_t bytes;  /* of its stored text */
    uint64_t tokens; /* rounded down to the class that scores know */
} parasol_stat_document;

enum parasol_stat_order { PARASOL_STAT_BY_DF = 0, PARASOL_STAT_BY_CTF = 1 };

/*
 * Reads the newest commit and adds up. *out is owned by the caller
 * (parasol_stat_close). Errors: NOTFOUND, CORRUPT, VERSION, IO, NOMEM.
 * Cost: reads the dictionaries and the table of documents, no lists and no
 * text.
 */
PARASOL_API int parasol_stat_open(parasol_stat **out, const char *path,
                                  const parasol_stat_options *options,
                                  parasol_error *err) PARASOL_MUST_USE;
PARASOL_API void parasol_stat_close(parasol_stat *s); /* accepts NULL */

PARASOL_API void parasol_stat_describe(const parasol_stat *s,
                                       parasol_stat_info *info);

/* The i-th of something, from 0; PARASOL_NOTFOUND behind the last one.
   Sections stand in the order of their bytes, words and documents the largest
   first. */
PARASOL_API int parasol_stat_get_section(const parasol_stat *s, size_t i,
                                         parasol_stat_section *out);
PARASOL_API int parasol_stat_get_field(const parasol_stat *s, size_t i,
                                       parasol_stat_field *out);
PARASOL_API int parasol_stat_get_word(const parasol_stat *s, size_t field,
                                      int order, size_t i,
                                      parasol_stat_word *out);
PARASOL_API int parasol_stat_get_document(const parasol_stat *s, size_t i,
                                          parasol_stat_document *out);

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
 * a directory again. The lines of the log come along where they can be read.
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
