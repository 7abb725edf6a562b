/*
 * Which files of a folder parasol_indexer_add_tree leaves out, and by which
 * rule. Rules stand in files .parasolignore, in the syntax of .gitignore, and
 * on request in .gitignore files, too; those of the folder itself and below it
 * count, not those above. Of the files of one name the nearest with a matching
 * rule decides, and in it the last such rule; .gitignore files decide only
 * where no .parasolignore has a matching rule. What is below a folder that is
 * left out is left out, whatever rules say.
 *
 *     parasol_ignore *g = NULL;
 *     parasol_ignore_match m = PARASOL_IGNORE_MATCH_INIT;
 *     parasol_ignore_open(&g, "docs", NULL, &err);
 *     parasol_ignore_find(g, "drafts/a.txt", &m, &err);
 *     if (m.ignored)
 *         printf("%s: %s\n", m.file, m.rule);
 *     parasol_ignore_close(g);
 */
#ifndef PARASOL_IGNORE_H
#define PARASOL_IGNORE_H

#include <stddef.h>
#include <stdint.h>

#include <parasol/alloc.h>
#include <parasol/status.h>
#include <parasol/version.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct parasol_ignore parasol_ignore;

typedef struct parasol_ignore_options {
    size_t struct_size;
    const parasol_allocator *alloc; /* copied; NULL: the C library's */
    int gitignore;                  /* not 0: .gitignore, too */
} parasol_ignore_options;

#define PARASOL_IGNORE_OPTIONS_INIT                                            \
    {                                                                          \
        sizeof(parasol_ignore_options), NULL, 0                                \
    }

/* What is said about a path. Strings are borrowed until the next call. */
typedef struct parasol_ignore_match {
    size_t struct_size;
    int ignored;      /* not 0: it is left out */
    const char *file; /* where the rule stands, relative to the folder; NULL:
                         no rule matches */
    uint64_t line;    /* of it, from 1 */
    const char *rule; /* as it is written there */
} parasol_ignore_match;

#define PARASOL_IGNORE_MATCH_INIT                                              \
    {                                                                          \
        sizeof(parasol_ignore_match), 0, NULL, 0, NULL                         \
    }

/*
 * Opens the folder `root`. `options` may be NULL. *out is owned by the caller
 * (parasol_ignore_close). One thread at a time may use it.
 * Errors: NOTFOUND, IO, NOMEM.
 */
PARASOL_API int parasol_ignore_open(parasol_ignore **out, const char *root,
                                    const parasol_ignore_options *options,
                                    parasol_error *err) PARASOL_MUST_USE;

/* Accepts NULL. */
PARASOL_API void parasol_ignore_close(parasol_ignore *g);

/*
 * The rule that decides about `path`, relative to the folder, which need not
 * exist; with a slash at its end it is a folder, else what is there tells.
 * Ignore files are read anew by each call, never through a symbolic link.
 * Errors: ARG (the path is empty, begins with a slash, or has a part that is
 * empty, "." or ".."), IO (an ignore file cannot be read), NOMEM.
 */
PARASOL_API int parasol_ignore_find(parasol_ignore *g, const char *path,
                                    parasol_ignore_match *match,
                                    parasol_error *err) PARASOL_MUST_USE;

#ifdef __cplusplus
}
#endif
#endif
