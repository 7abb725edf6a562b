/*
 * Which files of a tree are to be left out: the rules of all ignore files
 * between its root and a file, read folder by folder on the way down.
 *
 * `.parasolignore` is always looked at, `.gitignore` if asked for. Of the
 * files of one name the nearest that has a matching rule decides, as with
 * git; `.gitignore` has a say only where no `.parasolignore` has a rule that
 * matches. Below a folder that is left out nothing is looked at, so that no
 * rule can bring it back. Ignore files above the root have no part in it.
 *
 * One thread at a time. Memory: the rules of the folders on the way.
 */
#ifndef PARASOL_INDEXER_SOURCE_IGNORE_FILES_H
#define PARASOL_INDEXER_SOURCE_IGNORE_FILES_H

#include "indexer/source/rules.h"

/* A larger ignore file is not used. */
#define PI_IGNORE_BYTES ((uint64_t)1 << 20)

/* Ignore files of one folder. */
enum { PI_IGNORE_OWN, PI_IGNORE_GIT, PI_IGNORE_FILES };

typedef struct pi_ignore_file {
    pi_rules rules;
    int os_errno;  /* it could not be read, and has no rules: why; else 0 */
    bool unusable; /* it is there and has no rules: not readable, too large or
                      no regular file */
} pi_ignore_file;

/* Private: a folder on the way. */
typedef struct pi_ignore_level {
    pc_arena arena;
    size_t start; /* of a path relative to it, in one relative to the root */
    pi_ignore_file files[PI_IGNORE_FILES];
} pi_ignore_level;

typedef struct pi_ignore {
    const pc_mem *mem;
    bool git; /* .gitignore, too */
    pi_ignore_level *levels;
    size_t n, cap;
} pi_ignore;

/* A rule that matched, and where it stands. */
typedef struct pi_ignore_match {
    const pi_rule *rule; /* NULL: none */
    size_t folder;       /* bytes of the path of the file's folder, with its
                            slash: so much of the path that was asked about */
    int file;            /* PI_IGNORE_OWN or PI_IGNORE_GIT */
} pi_ignore_match;

/* The name of an ignore file. Borrowed for ever. */
const char *pi_ignore_name(int file);

/* `mem` is borrowed until release. */
void pi_ignore_init(pi_ignore *g, bool git, const pc_mem *mem);
void pi_ignore_release(pi_ignore *g);

/*
 * Goes down into the open folder `fd`, and reads its ignore files. `start` is
 * the length of its path with the slash behind, 0 for the root. What cannot be
 * read is marked in pi_ignore_file and has no rules. Errors: NOMEM.
 */
int pi_ignore_enter(pi_ignore *g, int fd, size_t start,
                    parasol_error *err) PC_MUST_USE;

/* Goes up again. */
void pi_ignore_leave(pi_ignore *g);

/* An ignore file of the folder that was entered last. */
const pi_ignore_file *pi_ignore_here(const pi_ignore *g, int file);

/*
 * The rule that decides about `path`, relative to the root, of which the
 * folders that were entered are the first parts. True: it is to be left out.
 * `match` may be NULL.
 */
bool pi_ignore_has(const pi_ignore *g, pc_str path, bool is_folder,
                   pi_ignore_match *match);

#endif
