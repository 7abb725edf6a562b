/*
 * Parser: words, phrases and patterns, and what stands behind an operand.
 */
#include "searcher/query/parser.h"

bool ps_parser_is_open(const ps_node *node)
{
    return node->kind == PS_NODE_BOOL && node->boost == 1.0F &&
           !node->constant && node->least == 0;
}

/* One clause that is there for the sake of a second boost. */
static bool is_wrapper(const ps_node *node)
{
    return node->kind == PS_NODE_BOOL && node->n == 1 &&
           node->clauses[0].occur == PS_SHOULD;
}

ps_node *ps_parser_boost(ps_parser *p, ps_node *node, const ps_lexeme *by)
{
    if (!node || (by->boost == 1.0F && !by->constant))
        return node;
    if (!by->constant && ps_node_is_filter(node)) {
        ps_warn(p->warnings, by->start, by->end,
                "a filter has no weight that ^ could change: ignored");
        return node;
    }
    if (!by->constant && (node->boost != 1.0F || node->constant)) {
        ps_clause c = {PS_SHOULD, node};
        node = ps_parser_many(p, PS_NODE_BOOL, &c, 1);
    }
    /* What only multiplied the score means nothing under a constant one. */
    while (node && by->constant && is_wrapper(node))
        node = node->clauses[0].node;
    if (node) {
        node->boost = by->boost;
        node->constant = by->constant;
    }
    return node;
}

static enum ps_node_kind leaf_kind(const ps_lexeme *x)
{
    switch ((enum ps_lexeme_kind)x->kind) {
    case PS_LEX_WORD: return PS_NODE_WORD;
    case PS_LEX_PHRASE: return PS_NODE_PHRASE;
    case PS_LEX_PREFIX: return PS_NODE_PREFIX;
    case PS_LEX_WILDCARD: return PS_NODE_WILDCARD;
    case PS_LEX_FUZZY: return PS_NODE_FUZZY;
    case PS_LEX_REGEX: return PS_NODE_REGEX;
    case PS_LEX_ALL:
    case PS_LEX_FILTER:
    case PS_LEX_OPEN:
    case PS_LEX_CLOSE:
    case PS_LEX_AND:
    case PS_LEX_OR:
    case PS_LEX_NOT:
    case PS_LEX_NEAR:
    case PS_LEX_END: break;
    }
    return PS_NODE_ALL;
}

static enum ps_escapes leaf_escapes(enum ps_node_kind kind)
{
    if (kind == PS_NODE_PHRASE)
        return PS_ESCAPES_PHRASE;
    if (kind == PS_NODE_WILDCARD)
        return PS_ESCAPES_PATTERN;
    return kind == PS_NODE_REGEX ? PS_ESCAPES_NONE : PS_ESCAPES_WORD;
}

ps_node *ps_parser_leaf(ps_parser *p)
{
    enum ps_node_kind kind = leaf_kind(&p->tok);
    if (!ps_parser_count(p, p->tok.start))
        return NULL;
    ps_node *node = ps_parser_node(p, kind, p->tok.start, p->tok.end);
    if (!node)
        return NULL;
    node->exact = p->tok.exact;
    if (kind != PS_NODE_ALL) {
        node->field = p->tok.field ? p->tok.field : p->field;
        node->distance = p->tok.number;
        if (ps_lexer_text(&p->lx, p->tok.raw, leaf_escapes(kind), p->arena,
                          &node->text))
            ps_parser_nomem(p);
    }
    node = ps_parser_boost(p, node, &p->tok);
    ps_parser_advance(p);
    return node;
}

void ps_parser_least(ps_parser *p, ps_node *node, const ps_lexeme *close)
{
    uint32_t should = 0, least = close->number;
    if (!node || least == 0)
        return;
    bool list = ps_parser_is_open(node);
    for (size_t i = 0; list && i < node->n; i++)
        should += node->clauses[i].occur == PS_SHOULD;
    if (should < 2) {
        ps_warn(p->warnings, close->start, close->end,
                "@ and a number stand behind a group of several: ignored");
        return;
    }
    if (least > should)
        ps_warn(p->warnings, close->start, close->end,
                "the group has fewer clauses than that: all are required");
    node->least = least < should ? least : should;
    /* A filter that is one of several stays so only between ORs; elsewhere it
       would be required. */
    bool filters = false;
    for (size_t i = 0; i < node->n; i++)
        filters |= node->clauses[i].occur == PS_SHOULD &&
                   ps_node_is_filter(node->clauses[i].node);
    node->either = node->either && filters;
}
