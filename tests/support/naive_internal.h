/*
 * What the files of the oracle share.
 */
#ifndef PARASOL_TESTS_SUPPORT_NAIVE_INTERNAL_H
#define PARASOL_TESTS_SUPPORT_NAIVE_INTERNAL_H

#include <stdbool.h>

#include "common/text/analyzer.h"
#include "tests/support/naive.h"

typedef struct token {
    uint32_t pos;
    uint32_t form, stem; /* numbers of strings */
    uint32_t start, len; /* of the raw word in the document's source */
} token;

typedef struct document {
    token *tokens;
    size_t n, cap;
    char *source; /* title, a line feed, text */
} document;

struct naive {
    pc_analyzer *analyzer;
    document *docs;
    size_t n_docs, cap_docs;
    uint64_t total; /* tokens of all documents */
    char **strings; /* by number; a chained hash table over them */
    uint32_t *next; /* in the chain, + 1 */
    size_t n_strings, cap_strings;
    uint32_t heads[65536]; /* + 1 */
};

/* What a node is worth: by document, negative where it does not match. */
typedef struct value {
    double *scores;
    bool ignored; /* analysis left nothing of it */
} value;

typedef struct search {
    naive *n;
    double k1, b, average;
    double *classes; /* by document */
    double weights;  /* sum over the leaves that can score */
    unsigned leaves;
} search;

/* n zeroed items; running out of memory ends the program. */
void *naive_zeroed(size_t n, size_t size);

/* Evaluates a prefix, wildcard, fuzzy word or expression. */
value naive_eval_pattern(search *s, const ps_node *node, double boost);

#endif
