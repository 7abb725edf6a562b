/*
 * What the parts of the oracle share.
 */
#ifndef PARASOL_TESTS_SUPPORT_NAIVE_INTERNAL_H
#define PARASOL_TESTS_SUPPORT_NAIVE_INTERNAL_H

#include "common/base/arena.h"
#include "common/text/analyzer.h"
#include "common/text/token.h"
#include "tests/support/naive.h"

typedef struct token {
    uint32_t pos;
    uint32_t form, stem; /* numbers of strings */
    uint32_t start, len; /* of the raw word in the document's source */
} token;

typedef struct document {
    token *tokens; /* parts and what stands beside them, by position */
    size_t n, cap;
    token *parts; /* one for each position that has a word */
    size_t n_parts, cap_parts;
    size_t title_n; /* of these, in the title: the first ones */
    char *source;   /* title, a line feed, text */
    naive_meta *meta;
    size_t meta_n;
    bool dead;
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
    double *dfs[4];        /* what naive_df found, by word; < 0: not asked */
    size_t dfs_n, dfs_docs;
};

/* What a node is worth: by document, negative where it does not match. */
typedef struct naive_value {
    double *scores;
    bool ignored; /* analysis left nothing of it */
} naive_value;

typedef struct search {
    naive *n;
    double k1, b;
    double averages[2]; /* by field */
    double *classes[2]; /* by field and document */
    double weights;     /* sum over the leaves that can score */
    unsigned leaves;
    const ps_node *root;
} search;

/* A word of a leaf. */
typedef struct wanted {
    uint32_t word;   /* a stem or, if exact, a form */
    uint32_t offset; /* from the beginning of the slot */
    bool exact;
    double df;
} wanted;

/* One way to fill a slot (searcher/plan/word.h). */
typedef struct way {
    wanted *words;
    size_t n;
    uint32_t len;
} way;

typedef struct slot {
    way *ways;
    size_t n;
} slot;

typedef struct naive_leaf {
    slot *slots; /* without the ways that nothing can match */
    size_t n;
    wanted *apart; /* not NULL: words that may be apart, instead of slots */
    size_t n_apart;
    uint32_t distance;
    uint8_t field;
    bool ignored; /* analysis left nothing */
    double idf;   /* negative: nothing can match */
    pc_arena arena;
} naive_leaf;

/* What a WORD or PHRASE asks for; to be freed. */
void naive_leaf_make(naive_leaf *l, naive *n, const ps_node *node);
void naive_leaf_free(naive_leaf *l);

typedef struct stretch {
    uint32_t start;
    uint32_t end; /* behind the last position */
} stretch;

typedef struct stretches {
    stretch *v;
    size_t n, cap;
} stretches;

void naive_stretch(stretches *s, uint32_t start, uint32_t end);

/* Of equal ones only one stays, and none that holds another. */
void naive_innermost(stretches *s);

/* The largest number that do not overlap. */
double naive_apart(stretches *s);

/* Where the leaf stands in the document. */
void naive_leaf_places(const document *d, const naive_leaf *l, stretches *out);

/* The number of a string, always the same. */
uint32_t naive_intern(naive *n, pc_str s);

pc_term naive_analyse(naive *n, const char *text, const pc_token *tok);

/* Documents that hold the word in the field. */
double naive_df(naive *n, uint32_t word, bool exact, uint8_t field);

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
double naive_leaf_tf(const document *d, const naive_leaf *l);

/* How often NEAR holds in the document. */
double naive_near_tf(naive *n, const document *d, const ps_node *node);

/* Whether the document's metadata satisfies the filter. */
bool naive_filter(const document *d, const ps_filter *f);

/* n zeroed items; running out of memory ends the program. */
void *naive_zeroed(size_t n, size_t size);

/* Evaluates a prefix, wildcard, fuzzy word or expression. */
naive_value naive_eval_pattern(search *s, const ps_node *node, double boost);

/* The lowest idf of the words of a pattern; negative if there are none. */
double naive_pattern_idf(search *s, const ps_node *node);

/* Whether a form matches the pattern. */
bool naive_pattern_has(const naive *n, const ps_node *node, uint32_t form);

/* Whether the node is a prefix, wildcard, fuzzy word or expression. */
static inline bool naive_is_pattern(const ps_node *node)
{
    return node->kind == PS_NODE_PREFIX || node->kind == PS_NODE_WILDCARD ||
           node->kind == PS_NODE_FUZZY || node->kind == PS_NODE_REGEX;
}

#endif
