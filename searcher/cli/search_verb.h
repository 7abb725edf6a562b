/*
 * `parasol search`.
 */
#ifndef PARASOL_SEARCHER_CLI_SEARCH_VERB_H
#define PARASOL_SEARCHER_CLI_SEARCH_VERB_H

/* argv[0] is the verb. Returns the exit status; has said what went wrong. */
int ps_search_verb(int argc, char **argv);

/* Writes the help of the verb to stdout. */
void ps_search_help(void);

#endif
