/*
 * What the parts of the parser share; for parse*.c only.
 */
#ifndef PARASOL_SEARCHER_QUERY_PARSER_H
#define PARASOL_SEARCHER_QUERY_PARSER_H

#include "searcher/query/lex.h"
#include "searcher/query/parse.h"

typedef struct ps_parser {
    ps_lexer lx;
    ps_lexeme tok; /* the next one, not yet taken */
    pc_arena *arena;
    ps_warnings *warnings;
    parasol_error *err;
    ps_clause *stack; /* in the arena; outgrown ones are left there */
    size_t n;
    size_t cap;
    size_t leaves;
    size_t depth;  /* groups that are open */
    uint8_t field; /* of the innermost group that names one */
    int rc;        /* sticky */
} ps_parser;

/* Each sets p->rc, unless it is set. */
void ps_parser_nomem(ps_parser *p);
void ps_parser_too_deep(ps_parser *p, size_t at);

/* Counts a word, phrase or value; false if there are too many. */
bool ps_parser_count(ps_parser *p, size_t at);

/* Takes the next lexeme; after a failure there are no more. */
void ps_parser_advance(ps_parser *p);

/* NULL after a failure, here and below. */
ps_node *ps_parser_node(ps_parser *p, enum ps_node_kind kind, size_t start,
                        size_t end);

/* A BOOL or NEAR of the n clauses given, which are copied. */
ps_node *ps_parser_many(ps_parser *p, enum ps_node_kind kind,
                        const ps_clause *clauses, size_t n);

/* Whether a BOOL may give its clauses to the one it stands in: nothing is said
   about it as a whole. */
bool ps_parser_is_open(const ps_node *node);

/* The node with the boost of `by`, wrapped if it has one already. `node` may
   be NULL. */
ps_node *ps_parser_boost(ps_parser *p, ps_node *node, const ps_lexeme *by);

/* The word, phrase, pattern or * that p->tok is, which is taken. */
ps_node *ps_parser_leaf(ps_parser *p);

/* The @n behind a group, which may be NULL. */
void ps_parser_least(ps_parser *p, ps_node *node, const ps_lexeme *close);

/* The filter that p->tok is, which is taken. NULL also when nothing is left
   of it. */
ps_node *ps_parser_filter(ps_parser *p);

/* Whether both have positions in the same field, so that one can be near the
   other. */
bool ps_nodes_can_be_near(const ps_node *a, const ps_node *b);

#endif
