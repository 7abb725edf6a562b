/*
 * Learning that a folder has changed, so that its index can be made anew.
 *
 *     parasol_watch *w = NULL;
 *     parasol_watch_change c = PARASOL_WATCH_CHANGE_INIT;
 *     const char *dirs[] = {"docs"};
 *     parasol_watch_open(&w, dirs, 1, NULL, &err);
 *     do
 *         ... index "docs" ...
 *     while (parasol_watch_wait(w, &c, &err) == PARASOL_OK && !c.stopped);
 *     parasol_watch_close(w);
 *
 * What happens between open and wait, and between two waits, is not missed:
 * the next wait tells of it at once.
 */
#ifndef PARASOL_WATCH_H
#define PARASOL_WATCH_H

#include <stddef.h>
#include <stdint.h>

#include <parasol/alloc.h>
#include <parasol/status.h>
#include <parasol/version.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct parasol_watch parasol_watch;

typedef struct parasol_watch_options {
    size_t struct_size;
    const parasol_allocator *alloc; /* copied; NULL: the C library's */
    const char *index; /* a folder whose changes do not matter; may be NULL */
    int gitignore;     /* as parasol_tree_options.gitignore; 0 is as `index` was
                          made, if there is one */
    unsigned poll_ms;  /* not 0: look at all files so often, instead of being
                          told by the system */
    unsigned quiet_ms; /* wait until nothing has changed for so long; 0: 200 */
    unsigned longest_ms; /* but not longer than this; 0: 2000 */
} parasol_watch_options;

#define PARASOL_WATCH_OPTIONS_INIT                                             \
    {                                                                          \
        sizeof(parasol_watch_options), NULL, NULL, 0, 0, 0, 0                  \
    }

/* What has changed. Borrowed until the next call. */
typedef struct parasol_watch_change {
    size_t struct_size;
    int stopped;    /* parasol_watch_stop was called; all else is not set */
    int everything; /* it is not known, or too much, or rules have changed */
    const char *const *paths; /* else these, each once, in byte order: DIR/PATH
                                 with the DIR that was given. What is a folder,
                                 or was one, stands for all below it */
    size_t count;
} parasol_watch_change;

#define PARASOL_WATCH_CHANGE_INIT                                              \
    {                                                                          \
        sizeof(parasol_watch_change), 0, 0, NULL, 0                            \
    }

/*
 * Watches the `count` folders `dirs`, and those below them, but what ignore
 * rules leave out. Where the system does not tell of changes, or of so many
 * folders not (a limit of inotify), all files are looked at every five seconds
 * instead; parasol_watch_polling says so. `options` may be NULL; strings are
 * copied. *out is owned by the caller (parasol_watch_close). One thread at a
 * time may use it. Cost: lists all folders.
 * Errors: NOTFOUND or IO (a folder), NOMEM.
 */
PARASOL_API int parasol_watch_open(parasol_watch **out, const char *const *dirs,
                                   size_t count,
                                   const parasol_watch_options *options,
                                   parasol_error *err) PARASOL_MUST_USE;

/* Accepts NULL. */
PARASOL_API void parasol_watch_close(parasol_watch *w);

/*
 * Waits until something changes, or until parasol_watch_stop is called.
 * Errors: NOTFOUND or IO (a folder is gone), NOMEM.
 */
PARASOL_API int parasol_watch_wait(parasol_watch *w,
                                   parasol_watch_change *change,
                                   parasol_error *err) PARASOL_MUST_USE;

/* Makes parasol_watch_wait return, this time and ever after. Any thread, and
   signal handlers. */
PARASOL_API void parasol_watch_stop(parasol_watch *w);

/* Why files are looked at again and again: a sentence without a dot; NULL when
   the system tells of changes. *ms (may be NULL): how often. Borrowed until
   close. */
PARASOL_API const char *parasol_watch_polling(const parasol_watch *w,
                                              unsigned *ms);

#ifdef __cplusplus
}
#endif
#endif
