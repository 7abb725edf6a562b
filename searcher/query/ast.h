/*
 * The query tree: node kinds and nothing else. Nodes live in the arena of
 * the parse and are read-only afterwards. They hold raw text: what a word
 * means is the analyzer's matter (searcher/plan).
 *
 * Normal form, which the parser gives and the printer relies on:
 * - NONE occurs as the root only (nothing was asked), clauses == NULL.
 * - A BOOL has two clauses or more; or one, which is a PS_NOT (all documents
 *   but those); or one PS_SHOULD, when both it and its child have a boost or
 *   its child has a constant score.
 * - `either` BOOLs have PS_SHOULD clauses only, and no `least`.
 * - A NEAR has two clauses, both PS_SHOULD, of one field: words, phrases,
 *   patterns, other NEARs, and BOOLs of such with PS_SHOULD clauses only and
 *   no `least`. None of what is below it has a boost.
 * - A clause that is a filter (ps_node_is_filter) is PS_FILTER, PS_NOT, or
 *   stands in an `either` BOOL or beside `least`; no other clause is
 *   PS_FILTER.
 * - No node has a height over PS_MAX_DEPTH, so that recursion is bounded.
 */
#ifndef PARASOL_SEARCHER_QUERY_AST_H
#define PARASOL_SEARCHER_QUERY_AST_H

#include "common/base/str.h"

/* The limits of docs/query.md. */
#define PS_MAX_QUERY_BYTES 65536u
#define PS_MAX_DEPTH 64u
#define PS_MAX_LEAVES 1024u
#define PS_MAX_BOOST 1000u
#define PS_MAX_DISTANCE 1000u
#define PS_MAX_FUZZY 2u

enum ps_node_kind {
    PS_NODE_WORD,     /* one word as written; may analyse to several terms */
    PS_NODE_PHRASE,   /* words next to one another, in order; with `distance`
                         in any order with so many others between them */
    PS_NODE_PREFIX,   /* words that begin with `text` */
    PS_NODE_WILDCARD, /* words like `text`: * any characters, ? one, and a
                         backslash before a * ? or backslash that is meant */
    PS_NODE_FUZZY,    /* words within `distance` edits of `text` */
    PS_NODE_REGEX,    /* words that match the expression `text` */
    PS_NODE_NEAR,     /* two clauses with at most `distance` words between */
    PS_NODE_FILTER,   /* documents by their metadata: `filter` */
    PS_NODE_BOOL,     /* clauses */
    PS_NODE_ALL,      /* every document */
    PS_NODE_NONE      /* no document */
};

enum ps_occur {
    PS_SHOULD, /* adds to the score; one of them must match if none is MUST */
    PS_MUST,   /* must match, adds to the score */
    PS_NOT,    /* must not match */
    PS_FILTER  /* must match; neither scores nor stands in for a SHOULD */
};

/* Which part of a document a word is looked for in; the numbers are those of
   enum pc_field_id. */
enum ps_field { PS_FIELD_TEXT, PS_FIELD_TITLE };

enum ps_filter_op {
    PS_FILTER_SET,  /* one of the values */
    PS_FILTER_RANGE /* from values[0] to values[1] */
};

enum ps_value_form {
    PS_VALUE_WORDS, /* its words stand in the value, next to one another */
    PS_VALUE_EXACT, /* it is the value, but for case and accents */
    PS_VALUE_GLOB,  /* a pattern, as in PS_NODE_WILDCARD, of the value */
    PS_VALUE_OPEN   /* of a range: no end on this side */
};

typedef struct ps_value {
    uint8_t form; /* enum ps_value_form */
    pc_str text;  /* valid UTF-8, escapes undone but in a GLOB */
} ps_value;

typedef struct ps_filter {
    pc_str name; /* of the metadata, ASCII in lower case; since: and until:
                    are "date" */
    uint8_t op;  /* enum ps_filter_op */
    bool without_low, without_high; /* RANGE: the end itself is not meant */
    const ps_value *values;         /* SET: n >= 1; RANGE: 2, not both OPEN */
    size_t n;
} ps_filter;

typedef struct ps_node ps_node;

typedef struct ps_clause {
    uint8_t occur; /* enum ps_occur */
    ps_node *node;
} ps_clause;

struct ps_node {
    uint8_t kind;     /* enum ps_node_kind */
    uint8_t field;    /* enum ps_field; of leaves that hold text */
    uint8_t exact;    /* WORD, PHRASE: surface forms, not stems */
    uint8_t either;   /* BOOL: its clauses were joined by OR, not just listed */
    uint8_t ordered;  /* NEAR: ADJ, the first clause first */
    uint8_t constant; /* scores `boost` wherever it matches */
    uint8_t extra;    /* made by planning: nobody asked for it as such */
    uint8_t height;   /* 0: a leaf; else one more than the highest child */
    float boost;      /* a whole number of thousandths; 1 unless given */
    uint32_t distance; /* PHRASE: 0 if in order; FUZZY: 1, 2; NEAR */
    uint32_t least; /* BOOL: so many SHOULD clauses must match; 0: as usual */
    uint32_t start; /* byte range in the query text, quotes and parentheses */
    uint32_t end;   /*   included, sign and boost not */
    pc_str text;    /* of a leaf: valid UTF-8, escapes undone */
    const ps_filter *filter; /* FILTER */
    size_t n;
    ps_clause *clauses; /* BOOL, NEAR: n of them, in the order written */
};

/* Whether the node only says which documents are meant, and never scores:
   a FILTER without a score of its own, or a BOOL of such. Cost: the BOOL. */
bool ps_node_is_filter(const ps_node *node);

/* Whether two trees are the same but for their byte ranges. */
bool ps_node_equal(const ps_node *a, const ps_node *b);

#endif
