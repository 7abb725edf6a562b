/*
 * Which thesauri a search reads.
 */
#ifndef PARASOL_SEARCHER_CLI_THESAURUS_H
#define PARASOL_SEARCHER_CLI_THESAURUS_H

#include <stdbool.h>

#include <parasol/searcher.h>

/*
 * Gives the searcher the thesaurus that is installed with the program (unless
 * `without`, or when there is none; what of it can matter to `query`) and then
 * the n files.
 */
int ps_add_thesauri(parasol_searcher *s, parasol_str query, bool without,
                    const char *const *files, size_t n, parasol_error *err);

#endif
