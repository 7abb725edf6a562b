/*
 * Mending a damaged index from what is still there, and bringing an old one up
 * to date.
 */
#ifndef PARASOL_REPAIR_H
#define PARASOL_REPAIR_H

#include <stddef.h>
#include <stdint.h>

#include <parasol/alloc.h>
#include <parasol/status.h>
#include <parasol/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a repair or an upgrade has to tell. */
enum parasol_repair_kind {
    PARASOL_REPAIR_DID = 0,     /* what is done, or would be; a sentence */
    PARASOL_REPAIR_LOST = 1,    /* a document that cannot be made again */
    PARASOL_REPAIR_REREAD = 2,  /* a document that is read from its file again,
                                   as that is now */
    PARASOL_REPAIR_DOUBTFUL = 3 /* something cannot be known; a sentence */
};

/* Strings are borrowed for the call. */
typedef struct parasol_repair_event {
    size_t struct_size;
    int kind;         /* enum parasol_repair_kind */
    const char *file; /* of the index that it is about, or "" */
    const char *id;   /* LOST, REREAD: of the document; "" if not known */
    const char *text; /* a sentence without a dot; of LOST: why */
} parasol_repair_event;

typedef struct parasol_repair_options {
    size_t struct_size;
    const parasol_allocator *alloc; /* NULL: the C library's; called by the
                                       calling thread only */
    const char *folder; /* where the files are that were indexed; NULL: where
                           the index says, if it does */
    int dry_run;        /* not 0: only tell what would be done */
    unsigned jobs;      /* threads; 0: one for each processor */
    uint64_t memory;    /* bytes to use, about; 0: as parasol_indexer_open */
    /* Called for each event; may be NULL. Not 0 stops with PARASOL_ARG, and the
       index stays as it was. */
    int (*report)(const parasol_repair_event *e, void *user);
    void *user;
} parasol_repair_options;

#define PARASOL_REPAIR_OPTIONS_INIT                                            \
    {                                                                          \
        sizeof(parasol_repair_options), NULL, NULL, 0, 0, 0, NULL, NULL        \
    }

typedef struct parasol_repair_info {
    size_t struct_size;
    int changed;        /* 0: nothing was to be done, or dry_run */
    uint64_t commit;    /* the newest one now */
    uint64_t documents; /* that can be searched in it */
    uint64_t rebuilt;   /* segments that were made again */
    uint64_t stored;    /* documents that were indexed again from stored text */
    uint64_t reread;    /* documents that were read from their files again */
    uint64_t lost;      /* documents that are not in the index any more */
    uint64_t kept;      /* damaged segments that stay, as nothing better can
                           be made of them */
} parasol_repair_info;

#define PARASOL_REPAIR_INFO_INIT                                               \
    {                                                                          \
        sizeof(parasol_repair_info), 0, 0, 0, 0, 0, 0, 0, 0                    \
    }

/*
 * Checks the index in `path`, deeply, and makes again what is damaged, and
 * nothing else. Header, checksums, table of contents and footer of a file are
 * made again from its pages, and the file is what it was. Documents of a
 * damaged segment are indexed again from their stored text, or else from their
 * files; what cannot be made again is lost and told. A catalog of files is
 * written again with what can be read of it; the next run of indexing reads the
 * other files. Where the newest manifest is damaged, it is made again of the
 * segments that are whole. If that is not all, the result is a new commit:
 * files of the old one are removed only when that is durable. `options` and
 * `info` may be NULL.
 *
 * Errors: NOTFOUND (no index), LOCKED (another writer), VERSION (another
 * version wrote it: see parasol_upgrade), ARG (stopped; it is a packed index),
 * IO, FULL, NOMEM; the index is then as it was.
 * Cost: two deep checks, and indexing the documents of damaged segments. Needs
 * room on the disk for these segments, twice.
 */
PARASOL_API int parasol_repair(const char *path,
                               const parasol_repair_options *options,
                               parasol_repair_info *info,
                               parasol_error *err) PARASOL_MUST_USE;

/*
 * Makes an index that an older version wrote, or whose words were analysed
 * otherwise than this version does, as if this version had made it: every
 * document is indexed again from its stored text, or else from its file. If one
 * cannot be, nothing is changed (NOTFOUND, and LOST is reported for each).
 * Documents keep their order. The rest as parasol_repair; CORRUPT when the
 * index is damaged.
 */
PARASOL_API int parasol_upgrade(const char *path,
                                const parasol_repair_options *options,
                                parasol_repair_info *info,
                                parasol_error *err) PARASOL_MUST_USE;

#ifdef __cplusplus
}
#endif
#endif
