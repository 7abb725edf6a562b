/*
 * Checking an index: is every byte as it was written, and does it say what it
 * should?
 */
#ifndef PARASOL_CHECK_H
#define PARASOL_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include <parasol/alloc.h>
#include <parasol/status.h>
#include <parasol/version.h>

#ifdef __cplusplus
extern "C" {
#endif

enum parasol_severity {
    PARASOL_DAMAGE = 0, /* the index is not as it was written */
    PARASOL_NOTE = 1    /* worth to know; searches are right */
};

/* Something that a check has found. Strings are borrowed for the call. */
typedef struct parasol_finding {
    size_t struct_size;
    int severity;        /* enum parasol_severity */
    const char *file;    /* its name in the index directory */
    const char *section; /* of the file, as in docs/format.md; several are
                            separated by ", "; "" where it is none */
    uint64_t offset;     /* in the file, or PARASOL_NO_OFFSET */
    uint64_t length;     /* bytes from there on that are concerned; 0: not
                            known */
    const char *problem; /* what is wrong, without a dot */
    const char *affects; /* what may be wrong because of it, or "" */
} parasol_finding;

typedef struct parasol_check_options {
    size_t struct_size;
    const parasol_allocator *alloc; /* NULL: the C library's; called by the
                                       calling thread only */
    int deep; /* not 0: also make again what can be made of the rest, and
                 compare: the words of each document from its stored text, the
                 counts, the bounds, the order of everything */
    /* Called for each finding; may be NULL. Not 0 stops with PARASOL_ARG. */
    int (*report)(const parasol_finding *f, void *user);
    /* Called now and then with the share that is done, 0 to 1; may be NULL.
       Not 0 stops with PARASOL_ARG. */
    int (*progress)(double done, void *user);
    void *user;
} parasol_check_options;

#define PARASOL_CHECK_OPTIONS_INIT                                             \
    {                                                                          \
        sizeof(parasol_check_options), NULL, 0, NULL, NULL, NULL               \
    }

typedef struct parasol_check_info {
    size_t struct_size;
    uint64_t commit;    /* that was checked; 0: its manifest is damaged */
    uint64_t files;     /* that were read */
    uint64_t bytes;     /* in them */
    uint64_t documents; /* searchable ones, by the manifest */
    uint64_t damages;   /* findings of each severity */
    uint64_t notes;
} parasol_check_info;

#define PARASOL_CHECK_INFO_INIT                                                \
    {                                                                          \
        sizeof(parasol_check_info), 0, 0, 0, 0, 0, 0                           \
    }

/*
 * Checks the newest commit of the index in `path`. `options` and `info` may be
 * NULL; *info is filled whenever the check came to its end, also when it found
 * damage. Goes on after each finding; of many findings of one kind in a file
 * the first are reported and the rest counted. Takes no lock and writes
 * nothing; a writer may be at work.
 *
 * Returns PARASOL_OK when the index is sound (there may be notes),
 * PARASOL_CORRUPT when there is damage. Errors: NOTFOUND (no index), VERSION
 * (another version wrote it), ARG (stopped by a callback), IO, NOMEM.
 * Cost: reads each byte once, at 2 GB a second or as fast as the disk; a deep
 * check takes about as long as indexing with one thread, and 40 bytes of memory
 * for each document and 24 for each form of a word.
 */
PARASOL_API int parasol_check(const char *path,
                              const parasol_check_options *options,
                              parasol_check_info *info,
                              parasol_error *err) PARASOL_MUST_USE;

#ifdef __cplusplus
}
#endif
#endif
