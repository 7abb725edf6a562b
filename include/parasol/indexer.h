/*
 * Making an index.
 *
 *     parasol_indexer *w = NULL;
 *     parasol_indexer_open(&w, "docs/.parasol", NULL, &err);
 *     parasol_document doc = PARASOL_DOCUMENT_INIT;
 *     doc.id = "2014/treaty.txt";
 *     doc.title = "A treaty";
 *     doc.text = bytes;
 *     doc.text_len = n;
 *     parasol_indexer_add(w, &doc, &err);
 *     parasol_indexer_commit(w, &err);
 *     parasol_indexer_close(w);
 *
 * An indexer starts empty and, when it commits, replaces what the index held;
 * or, with the option `update`, starts from what it holds, and a document that
 * is added takes the place of the one with the same id. Until the commit
 * readers see the old one, and afterwards those that are open keep it. One
 * thread at a time may use an indexer. No function prints or exits.
 */
#ifndef PARASOL_INDEXER_H
#define PARASOL_INDEXER_H

#include <stddef.h>
#include <stdint.h>

#include <parasol/alloc.h>
#include <parasol/status.h>
#include <parasol/version.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct parasol_indexer parasol_indexer;

/* What becomes of the documents that the index holds. */
enum parasol_update {
    PARASOL_UPDATE_NONE = 0, /* none stays: the commit has what was added */
    PARASOL_UPDATE = 1,      /* they stay. ARG, if their words were analysed
                                otherwise than the options say, or if their text
                                is stored and new text is not to be, or the
                                reverse */
    /* As UPDATE, where that is possible and the commit was made of folders,
       whose catalog of files can be read. Else as NONE: parasol_indexer_why
       tells. */
    PARASOL_UPDATE_FOLDERS = 2
};

/* What a commit waits for. */
enum parasol_durability {
    PARASOL_DURABILITY_FULL = 0, /* everything is on the disk: after a power cut
                                    the index is the old commit or the new */
    PARASOL_DURABILITY_FAST = 1  /* nothing: after a power cut or a crash of the
                                    system soon afterwards the index may be
                                    damaged, so that it has to be made again.
                                    A crash of the program does no harm */
};

typedef struct parasol_indexer_options {
    size_t struct_size;
    const parasol_allocator *alloc; /* copied; NULL: the C library's */
    const char *language; /* of all documents: a code ("de"), an English name, a
                             libstemmer algorithm, "none" for no stemming; or
                             "auto", "auto/de": each document in its own, in
                             English or German where that is not clear. NULL:
                             as the index that is updated, else new_language */
    uint64_t memory;      /* bytes to use in all; what does not fit goes through
                             temporary files in the index directory. 0: a
                             quarter of the RAM, at most 1 GiB */
    int store_text;       /* 0: titles and paths only, no snippets; below 0: as
                             the index that is updated has it, else 1 */
    unsigned jobs;        /* threads that work; 0: one for each processor; 1:
                             none but the caller's */
    uint64_t segment_docs; /* a segment ends after so many documents that
                              were added one by one; 0: one segment holds all,
                              which is searched faster */
    /* Called while the commit is made, with what is done of it, in the thread
       that commits; may be NULL. Not 0 stops the commit with PARASOL_ARG. */
    int (*merging)(uint64_t done, uint64_t total, void *user);
    void *user;
    int ids;    /* 0: leave out what finds documents by their ids: the index is
                   smaller, the first update of it reads all ids, and filters
                   do not know `path:` */
    int update; /* enum parasol_update */
    int durability; /* enum parasol_durability */
    int no_merge;   /* not 0: an update leaves segments as they are; else it
                       merges small ones, and writes those anew in which more
                       than a third of the documents are dead */
    int dry_run;    /* not 0: nothing is written, no lock is taken, and the
                       commit only tells what it would do. For folders */
    unsigned title_weight; /* a word of a title counts as so many of the text,
                              in scores and in the length of the document, 1 to
                              9; 0: as the index that is updated has it, else
                              1 */
    const char *new_language; /* where there is no index yet; NULL: "english" */
} parasol_indexer_options;

#define PARASOL_INDEXER_OPTIONS_INIT                                           \
    {                                                                          \
        sizeof(parasol_indexer_options), NULL, NULL, 0, 1, 0, 0, NULL, NULL,   \
            1, 0, 0, 0, 0, 0, NULL                                             \
    }

/*
 * Prepares to write the index directory `path`, made if missing (its parent
 * must exist). `options` may be NULL. Holds the writer's lock until close.
 * *out is owned by the caller (parasol_indexer_close).
 * Errors: LOCKED (another writer; the sentence says who, and since when), ARG
 * (the directory holds something that is not an index; unknown language; see
 * PARASOL_UPDATE), IO (also: the directory cannot be written), NOMEM, FULL;
 * CORRUPT and VERSION when the index is to be updated and cannot be read.
 */
PARASOL_API int parasol_indexer_open(parasol_indexer **out, const char *path,
                                     const parasol_indexer_options *options,
                                     parasol_error *err) PARASOL_MUST_USE;

/* Forgets what was not committed and releases the lock. Accepts NULL. */
PARASOL_API void parasol_indexer_close(parasol_indexer *w);

/* With PARASOL_UPDATE_FOLDERS: why the index that is there is not updated but
   made anew, as the end of a sentence; "" when it is updated, or when there was
   none. Borrowed until close. */
PARASOL_API const char *parasol_indexer_why(const parasol_indexer *w);

/* Not 0 when the documents of the commit before stay. */
PARASOL_API int parasol_indexer_is_update(const parasol_indexer *w);

typedef struct parasol_meta {
    const char *name;
    const char *value;
} parasol_meta;

/* A document as the caller has it. Strings are UTF-8 (each bad sequence is
   replaced by U+FFFD), borrowed for the call. */
typedef struct parasol_document {
    size_t struct_size;
    const char *id;    /* path or name, unique; shown with each hit */
    const char *title; /* may be NULL; searched together with the text */
    const char *date;  /* ISO 8601 day, month or year; may be NULL */
    const char *text;  /* may be NULL when text_len is 0 */
    size_t text_len;
    const parasol_meta *meta; /* other stored fields; may be NULL */
    size_t meta_count;
} parasol_document;

#define PARASOL_DOCUMENT_INIT                                                  \
    {                                                                          \
        sizeof(parasol_document), NULL, NULL, NULL, NULL, 0, NULL, 0           \
    }

/*
 * Adds one document. Documents keep the order in which they are added, which
 * is also the order among equal scores.
 * Errors: ARG (no id), FULL (a limit of docs/format.md or the disk), NOMEM,
 * IO. After NOMEM, FULL or IO only close is allowed.
 */
PARASOL_API int parasol_indexer_add(parasol_indexer *w,
                                    const parasol_document *doc,
                                    parasol_error *err) PARASOL_MUST_USE;

/*
 * The document with that id is not in the index any more, be it of the commit
 * before or added since; one that is added later with the same id is. *found
 * (may be NULL) tells whether there was one. Errors: ARG (no id), CORRUPT,
 * IO, NOMEM.
 */
PARASOL_API int parasol_indexer_remove(parasol_indexer *w, const char *id,
                                       int *found,
                                       parasol_error *err) PARASOL_MUST_USE;

/* Why a file is not in the index. X(name, word, sentence) */
#define PARASOL_SKIP_MAP(X)                                                    \
    X(EMPTY, "empty", "has no bytes")                                          \
    X(NOTEXT, "no-text", "holds no words")                                     \
    X(BINARY, "binary", "is binary data")                                      \
    X(TYPE, "type", "is of a type that is not read yet")                       \
    X(DECODE, "decode", "cannot be decoded as text")                           \
    X(TOOLARGE, "too-large", "is larger than the limit")                       \
    X(UNREADABLE, "unreadable", "cannot be read")                              \
    X(VANISHED, "vanished", "vanished while it was read")                      \
    X(LINK, "link", "is a symbolic link, which is not followed")               \
    X(SPECIAL, "special", "is not a regular file")                             \
    X(NAME, "name", "has a name that is not UTF-8")                            \
    X(JSON, "json", "is not a JSON object with an id")

enum parasol_skip {
    PARASOL_SKIP_NONE = 0,
#define PARASOL_SKIP_ENUM(name, word, sentence) PARASOL_SKIP_##name,
    PARASOL_SKIP_MAP(PARASOL_SKIP_ENUM)
#undef PARASOL_SKIP_ENUM
        PARASOL_SKIP_COUNT
};

/* The short word and the sentence of a reason. Borrowed for ever. */
PARASOL_API const char *parasol_skip_word(int skip);
PARASOL_API const char *parasol_skip_str(int skip);

/* What an indexing run did with one file or folder, or one line. */
typedef struct parasol_progress {
    const char *path;   /* relative to the folder, or the id of a document, or
                           FILE:LINE:COLUMN; borrowed for the call */
    uint64_t bytes;     /* its size */
    int skip;           /* PARASOL_SKIP_NONE: it was indexed */
    const char *detail; /* more about a skip, or "" */
    uint64_t done;      /* bytes of the input that were read so far */
    uint64_t total;     /* bytes that a file of lines has; 0: not known */
} parasol_progress;

/* What became of a file, in an update. */
enum parasol_change_kind {
    PARASOL_CHANGE_ADDED = 1,
    PARASOL_CHANGE_CHANGED = 2,
    PARASOL_CHANGE_REMOVED = 3, /* gone, or not readable any more */
    PARASOL_CHANGE_RENAMED = 4  /* has the content of one that is gone */
};

typedef struct parasol_change {
    int kind;         /* enum parasol_change_kind */
    const char *path; /* borrowed for the call, like the next one */
    const char *from; /* RENAMED: its path before */
} parasol_change;

typedef struct parasol_tree_options {
    size_t struct_size;
    uint64_t max_file_bytes; /* larger files are skipped; 0: as when the index
                                was made, else 64 MiB */
    /* Called for every file, in order; may be NULL. Not 0 stops the run with
       PARASOL_ARG. */
    int (*progress)(const parasol_progress *p, void *user);
    void *user;
    const char *prefix; /* put before each path, with a slash; NULL: none */
    int gitignore;      /* 1: the rules of .gitignore files count, too; -1: they
                           do not; 0: as when the index was made, else -1 */
    /* Called at the end for every document that is not as in the commit before,
       in order of path, with `user`; may be NULL. Not 0 stops the run with
       PARASOL_ARG. */
    int (*changed)(const parasol_change *c, void *user);
} parasol_tree_options;

#define PARASOL_TREE_OPTIONS_INIT                                              \
    {                                                                          \
        sizeof(parasol_tree_options), 0, NULL, NULL, NULL, 0, NULL             \
    }

typedef struct parasol_tree_summary {
    size_t struct_size;
    uint64_t files;                       /* seen */
    uint64_t indexed;                     /* searchable now */
    uint64_t bytes;                       /* of the files indexed */
    uint64_t text_bytes;                  /* of the text in them */
    uint64_t skipped[PARASOL_SKIP_COUNT]; /* by reason */
    uint64_t repaired;        /* documents in which bytes that are no UTF-8, or
                                 escapes that are no character, were replaced */
    uint64_t ignored_files;   /* left out by rules, and not in `files` */
    uint64_t ignored_folders; /* the same, with all that is in them */
    /* Of an update. Files that were indexed are counted above, too; those that
       are as they were are counted here and among `files`, and what is not
       searchable among them also in `skipped`: */
    uint64_t added;
    uint64_t changed;
    uint64_t removed;
    uint64_t renamed; /* and neither added nor removed */
    uint64_t unchanged;
} parasol_tree_summary;

#define PARASOL_TREE_SUMMARY_INIT                                              \
    {                                                                          \
        sizeof(parasol_tree_summary), 0, 0, 0, 0, {0}, 0, 0, 0, 0, 0, 0, 0, 0  \
    }

/*
 * Walks the folder `dir` in sorted order (byte order of the relative path),
 * extracts text, Markdown and HTML files and adds them; every other file is
 * recorded with its reason. Symbolic links are not followed; the index
 * directory itself and folders named .git are left out, and so is what the
 * rules of .parasolignore files say (see parasol/ignore.h).
 *
 * In an update, a file whose size and times are those in the index's catalog is
 * not read; one whose content is the same, by a hash of 128 bits, is not
 * indexed again; and documents of files that are not there any more, below the
 * prefix, are removed. Cost: the walk, and what has changed.
 * `options` may be NULL; *summary is added to.
 * Errors: NOTFOUND or IO (the folder itself), else as parasol_indexer_add.
 */
PARASOL_API int parasol_indexer_add_tree(parasol_indexer *w, const char *dir,
                                         const parasol_tree_options *options,
                                         parasol_tree_summary *summary,
                                         parasol_error *err) PARASOL_MUST_USE;

/*
 * The same for several folders, of which an update makes the whole catalog: no
 * file stays that is below none of them. With more than one, each path begins
 * with the folder as it is named here, instead of options->prefix.
 */
PARASOL_API int parasol_indexer_sync_trees(parasol_indexer *w,
                                           const char *const *dirs, size_t n,
                                           const parasol_tree_options *options,
                                           parasol_tree_summary *summary,
                                           parasol_error *err) PARASOL_MUST_USE;

/*
 * The same for one file or folder alone: `path`, below the folder `dir`,
 * through no symbolic link. Where the rules leave it out, or it is not there
 * any more, an update removes what the index had of it. Errors: as
 * parasol_indexer_add_tree; ARG (a path that leads out of the folder).
 */
PARASOL_API int parasol_indexer_add_path(parasol_indexer *w, const char *dir,
                                         const char *path,
                                         const parasol_tree_options *options,
                                         parasol_tree_summary *summary,
                                         parasol_error *err) PARASOL_MUST_USE;

/*
 * Calls `each` for every folder that the newest commit of the index was made
 * of, with the prefix of its paths, "" for none, and where it is: absolute, or
 * below `index`. Not 0 from `each` ends that. Errors: NOTFOUND (no index),
 * CORRUPT, VERSION, IO, NOMEM.
 */
PARASOL_API int parasol_index_folders(const char *index,
                                      int (*each)(const char *prefix,
                                                  const char *dir, void *user),
                                      void *user,
                                      parasol_error *err) PARASOL_MUST_USE;

/*
 * The bytes of all files below `dir` that parasol_indexer_add_tree would look
 * at, as far as they are known without reading; `index` is left out and may be
 * NULL, as may `options`. For telling how far a run is. Errors: NOTFOUND or IO
 * (the folder itself), NOMEM. Cost: lists all folders.
 */
PARASOL_API int parasol_tree_size(const char *dir, const char *index,
                                  const parasol_tree_options *options,
                                  uint64_t *bytes,
                                  parasol_error *err) PARASOL_MUST_USE;

typedef struct parasol_lines_options {
    size_t struct_size;
    const char *id;    /* key of the id; NULL: "id" */
    const char *title; /* key of the title; NULL: "title"; "": there is none */
    const char *const *fields; /* keys of the text, which is joined in this
                                  order; NULL: "text" alone */
    size_t field_count;
    int strict; /* not 0: a line that is no document stops the run */
    /* Called for every line that is not empty, in order, in the caller's
       thread; may be NULL. Not 0 stops the run with PARASOL_ARG. */
    int (*progress)(const parasol_progress *p, void *user);
    void *user;
} parasol_lines_options;

#define PARASOL_LINES_OPTIONS_INIT                                             \
    {                                                                          \
        sizeof(parasol_lines_options), NULL, NULL, NULL, 0, 0, NULL, NULL      \
    }

/*
 * Adds the documents in the file `path`, "-" for standard input: one JSON
 * object (RFC 8259) a line, in UTF-8; compressed with gzip or Zstandard or
 * not. Empty lines are passed over. A string is taken as it is, a number or
 * true or false as it is written; of an array or object all strings, numbers
 * and words count. The id must be there and not be empty. The member "date" is
 * the date if it is one; members that are neither id, title, date nor text are
 * kept with the document and shown with it.
 *
 * An object whose member "_delete" is true has only an id: the document with
 * that id is removed, be it of the commit before or from a line before. One
 * that is neither true nor false is a wrong line.
 *
 * A line that is no such object is recorded with its place and counted, and
 * the rest goes on. An update forgets what it knew of wrong lines of this file.
 * `options` may be NULL; *summary is added to, where `files` counts lines.
 * Errors: NOTFOUND or IO (the file), DECODE (compressed data are damaged or
 * cut short, a wrong line if `strict`), NOMEM (also: a line needs more memory
 * than there is), else as parasol_indexer_add.
 */
PARASOL_API int parasol_indexer_add_lines(parasol_indexer *w, const char *path,
                                          const parasol_lines_options *options,
                                          parasol_tree_summary *summary,
                                          parasol_error *err) PARASOL_MUST_USE;

typedef struct parasol_commit_info {
    size_t struct_size;
    uint64_t commit; /* its number */
    uint64_t documents;
    uint64_t index_bytes; /* of all files of the commit */
    uint64_t replaced;    /* documents that are not in it, because another one
                             with the same id was added later */
    uint64_t added;       /* documents that the commit before did not have */
    uint64_t changed;     /* those that it had otherwise */
    uint64_t removed;     /* by parasol_indexer_remove, lines that delete, and
                             walks that did not find their file any more */
    int unchanged; /* not 0: nothing was to be done, and the commit is the
                      one before */
} parasol_commit_info;

#define PARASOL_COMMIT_INFO_INIT                                               \
    {                                                                          \
        sizeof(parasol_commit_info), 0, 0, 0, 0, 0, 0, 0, 0                    \
    }

/*
 * Makes everything added so far the new content of the index, or of an update
 * a part of it, atomically and durably: after a crash at any instant the index
 * is the old commit or the new one. An update that changes nothing makes no
 * commit. `info` may be NULL. Afterwards only close is allowed.
 * Errors: IO, FULL, NOMEM, in an update CORRUPT; the old commit is then
 * untouched.
 */
PARASOL_API int parasol_indexer_commit(parasol_indexer *w,
                                       parasol_commit_info *info,
                                       parasol_error *err) PARASOL_MUST_USE;

/* Bytes of an id as text, with its zero. */
#define PARASOL_ID_ROOM 65

/*
 * The id of the newest commit of the index `path`: the SHA-256, in
 * hexadecimal, of how its words were analysed and of the content of every
 * section of its files, in their order; numbers of files and commits have no
 * part in it. Any thread. Errors: NOTFOUND, CORRUPT, VERSION, IO, NOMEM.
 * Cost: reads the whole index, about 0.3 GB a second.
 */
PARASOL_API int parasol_index_id(const char *path, char out[PARASOL_ID_ROOM],
                                 parasol_error *err) PARASOL_MUST_USE;

#ifdef __cplusplus
}
#endif
#endif
