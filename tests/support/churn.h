/*
 * A writer that goes on and on: each commit adds, replaces and deletes a few
 * documents, some merge segments; half of them are made by the indexer, half by
 * hand, as no policy of it would. Whoever reads can tell from one result
 * whether it is that of one commit: a document called "stamp" says what the
 * others are.
 */
#ifndef PARASOL_TESTS_SUPPORT_CHURN_H
#define PARASOL_TESTS_SUPPORT_CHURN_H

#include <stddef.h>
#include <stdint.h>

#include <parasol/searcher.h>

enum { CHURN_KEYS = 300 };

typedef struct churn {
    char path[600]; /* the index */
    char side[640]; /* where segments are made */
    uint64_t rng;
    uint64_t commits;
    uint64_t deleted, replaced, merges;
    uint64_t version[CHURN_KEYS]; /* commit of each document; 0: none */
} churn;

/* Makes the index `folder`/index with a first commit. Any failure ends the
   program, here and below. */
void churn_begin(churn *c, const char *folder, uint64_t seed);

/* Makes the next commit. */
void churn_commit(churn *c);

/* Whether the searcher's answers are those of one commit; if not, says what is
   wrong. `alone`: nobody else moves the searcher to another commit. */
int churn_is_whole(parasol_searcher *s, int alone);

/* The result of a query that finds every document; NULL and a sentence printed
   if it cannot be had. */
parasol_result *churn_all(parasol_searcher *s);

/* Whether what is stored of the hits of churn_all is that of one commit. */
int churn_is_sound(parasol_result *r);

#endif
