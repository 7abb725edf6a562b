/*
 * `parasol complete` and `parasol terms`.
 */
#ifndef PARASOL_SEARCHER_CLI_WORDS_VERB_H
#define PARASOL_SEARCHER_CLI_WORDS_VERB_H

#include <stdbool.h>

/* Whether `verb` is one of them. */
bool ps_is_words_verb(const char *verb);

/* argv[0] is the verb. Returns the exit status; has said what went wrong. */
int ps_words_verb(int argc, char **argv);

/* Writes the help of the verb to stdout. */
void ps_words_help(const char *verb);

#endif
