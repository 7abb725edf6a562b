/*
 * What `parasol add` and `parasol remove` share: opening the index that they
 * change, finding what a path is called there, committing.
 */
#ifndef PARASOL_INDEXER_CLI_CHANGE_VERB_H
#define PARASOL_INDEXER_CLI_CHANGE_VERB_H

#include <parasol/indexer.h>

#include "common/tool/find_index.h"
#include "indexer/cli/verb.h"
#include "indexer/cli/wait.h"

/* Where a path is: below a folder that the index was made of. */
typedef struct pi_place {
    char prefix[PC_PATH_BYTES]; /* of paths in the index; "": none */
    char dir[PC_PATH_BYTES];
    char path[PC_PATH_BYTES]; /* below dir */
} pi_place;

typedef struct pi_change_verb {
    const pi_verb *verb;
    pi_verb_line line;
    pi_wait wait;
    char index[PC_PATH_BYTES];
    parasol_indexer *w;
} pi_change_verb;

/* Reads the command line, which names at least one path, and opens the index.
   Returns an exit status; then, or when line.done is set, there is nothing to
   close. */
int pi_change_open(pi_change_verb *c, const pi_verb *verb, int argc,
                   char **argv);

/* Finds the folder of the index that `path`, which need not exist, is below.
   False when there is none. */
bool pi_change_find(const pi_change_verb *c, const char *path, pi_place *out);

/* Commits, if rc is PARASOL_OK, says what has changed, and closes. Returns the
   exit status; `status` if nothing is wrong. */
int pi_change_close(pi_change_verb *c, int rc, parasol_error *err, int status);

#endif
