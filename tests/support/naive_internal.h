/*
 * What the parts of the oracle share.
 */
#ifndef PARASOL_TESTS_SUPPORT_NAIVE_INTERNAL_H
#define PARASOL_TESTS_SUPPORT_NAIVE_INTERNAL_H

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
    size_t title_n; /* of these, in the title: the first ones */
    char *source;   /* title, a line feed, text */
    naive_meta *meta;
    size_t meta_n;
} document;

struct naive {
    pc_analyzer *analyzer;
    document *docs;
    size_t n_docs, cap_docs;
    uint64_t total;       /* tokens of all documents */
    uint64_t title_total; /* of these, in titles */
    char **strings;       /* by number; a chained hash table over them */
    uint32_t *next;       /* in the chain, + 1 */
    size_t n_strings, cap_strings;
    uint32_t heads[65536]; /* + 1 */
};

/* One word of a leaf. */
typedef struct wanted {
    uint32_t word;   /* a stem or, if exact, a form */
    uint32_t offset; /* from the first word's position */
} wanted;

/* The words of a leaf; owned by the caller. Returns their number. */
size_t naive_leaf_words(naive *n, const ps_node *node, wanted **out);

/* Documents that hold the word in the field. */
double naive_df(const naive *n, uint32_t word, bool exact, uint8_t field);

/* Whether the token is the word. */
static inline bool naive_is_word(const token *t, uint32_t word, bool exact)
{
    return (exact ? t->form : t->stem) == word;
}

/* Tokens of the document that belong to the field. */
static inline size_t naive_tokens(const document *d, uint8_t field)
{
    return field == PS_FIELD_TITLE ? d->title_n : d->n;
}

/* How often the leaf stands in the document. */
double naive_leaf_tf(const document *d, const ps_node *leaf, const wanted *w,
                     size_t n);

/* How often NEAR holds in the document. */
double naive_near_tf(naive *n, const document *d, const ps_node *node);

/* Whether the document's metadata satisfies the filter. */
bool naive_filter(const document *d, const ps_filter *f);

#endif
