/*
 * The query tree: node kinds and nothing else. Nodes live in the arena of
 * the parse and are read-only afterwards. They hold raw text: what a word
 * means is the analyzer's matter (searcher/plan).
 *
 * Normal form, which the parser gives and the printer relies on:
 * - NONE occurs as the root only (nothing was asked), clauses == NULL.
 * - A BOOL has two clauses or more; or one, which is a PS_NOT (all documents
 *   but those); or one PS_SHOULD, when both it and its child have a boost.
 * - `either` BOOLs have PS_SHOULD clauses only.
 * - No node has a height over PS_MAX_DEPTH, so that recursion is bounded.
 */
#ifndef PARASOL_SEARCHER_QUERY_AST_H
#define PARASOL_SEARCHER_QUERY_AST_H

#include "common/base/str.h"

/* The limits of docs/query.md. */
#define PS_MAX_QUERY_BYTES 65536u
#define PS_MAX_DEPTH       64u
#define PS_MAX_LEAVES      1024u
#define PS_MAX_BOOST       1000u

enum ps_node_kind {
    PS_NODE_WORD,   /* one word as written; may analyse to several terms */
    PS_NODE_PHRASE, /* words next to one another, in order */
    PS_NODE_BOOL,   /* clauses */
    PS_NODE_ALL,    /* every document */
    PS_NODE_NONE    /* no document */
};

enum ps_occur {
    PS_SHOULD, /* adds to the score; one of them must match if none is MUST */
    PS_MUST,   /* must match, adds to the score */
    PS_NOT     /* must not match */
};

typedef struct ps_node ps_node;

typedef struct ps_clause {
    uint8_t occur; /* enum ps_occur */
    ps_node *node;
} ps_clause;

struct ps_node {
    uint8_t kind;   /* enum ps_node_kind */
    uint8_t exact;  /* WORD, PHRASE: surface forms, not stems */
    uint8_t either; /* BOOL: its clauses were joined by OR, not just listed */
    uint8_t height; /* 0: a leaf; else one more than the highest child */
    float boost;    /* a whole number of thousandths; 1 unless given */
    uint32_t start; /* byte range in the query text, quotes and parentheses */
    uint32_t end;   /*   included, sign and boost not */
    pc_str text;    /* WORD, PHRASE: valid UTF-8, escapes undone */
    size_t n;
    ps_clause *clauses; /* BOOL: n of them, in the order written */
};

#endif
