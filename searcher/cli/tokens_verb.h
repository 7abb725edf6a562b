/*
 * `parasol tokens`.
 */
#ifndef PARASOL_SEARCHER_CLI_TOKENS_VERB_H
#define PARASOL_SEARCHER_CLI_TOKENS_VERB_H

/* argv[0] is the verb. Returns the exit status; has said what went wrong. */
int ps_tokens_verb(int argc, char **argv);

/* Writes the help of the verb to stdout. */
void ps_tokens_help(void);

#endif
