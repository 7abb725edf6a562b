/*
 * Query text -> tree: recursive descent over groups, loops for all else.
 *
 *   list  = { or }          one level per group; an `or` is a clause of it
 *   or    = and { OR and }
 *   and   = near { AND near }
 *   near  = unary { NEAR/n unary }
 *   unary = { NOT } ( leaf | filter | * | "(" list ")" )
 *
 * Operands wait on a stack of clauses until their list is complete.
 */
#include "searcher/query/parse.h"

#include "common/base/fail.h"
#include "searcher/query/parser.h"

typedef ps_parser parser;

/* An operand; node NULL: there is none. */
typedef ps_clause operand;

static const operand NO_OPERAND = {PS_SHOULD, NULL};

static operand parse_list(parser *p);

void ps_parser_nomem(parser *p)
{
    if (!p->rc)
        p->rc = pc_fail_nomem(p->err);
}

void ps_parser_too_deep(parser *p, size_t at)
{
    if (!p->rc)
        p->rc =
            pc_fail_at(p->err, PARASOL_QUERY, at,
                       "the query is nested more than %u deep", PS_MAX_DEPTH);
}

bool ps_parser_count(parser *p, size_t at)
{
    if (p->leaves++ < PS_MAX_LEAVES)
        return true;
    if (!p->rc)
        p->rc = pc_fail_at(p->err, PARASOL_QUERY, at,
                           "the query has more than %u words, phrases and "
                           "values",
                           PS_MAX_LEAVES);
    return false;
}

void ps_parser_advance(parser *p)
{
    for (;;) {
        p->tok = ps_lexer_next(&p->lx);
        if (p->rc || p->warnings->status)
            p->tok.kind = PS_LEX_END;
        if (p->tok.kind != PS_LEX_CLOSE || p->depth > 0)
            return;
        ps_warn(p->warnings, p->tok.start, p->tok.end,
                "nothing is open that this could close: ignored");
    }
}

static void push(parser *p, operand c)
{
    if (p->n == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 16;
        ps_clause *more = pc_arena_zalloc(p->arena, cap, sizeof *more);
        if (!more) {
            ps_parser_nomem(p);
            return;
        }
        if (p->n)
            memcpy(more, p->stack, p->n * sizeof *more);
        p->stack = more;
        p->cap = cap;
    }
    p->stack[p->n++] = c;
}

ps_node *ps_parser_node(parser *p, enum ps_node_kind kind, size_t start,
                        size_t end)
{
    ps_node *node = pc_arena_zalloc(p->arena, 1, sizeof *node);
    if (!node) {
        ps_parser_nomem(p);
        return NULL;
    }
    node->kind = (uint8_t)kind;
    node->boost = 1.0F;
    node->start = (uint32_t)start;
    node->end = (uint32_t)end;
    return node;
}

ps_node *ps_parser_many(parser *p, enum ps_node_kind kind,
                        const ps_clause *clauses, size_t n)
{
    ps_node *node = ps_parser_node(p, kind, clauses[0].node->start,
                                   clauses[n - 1].node->end);
    if (!node)
        return NULL;
    node->clauses = pc_arena_zalloc(p->arena, n, sizeof *clauses);
    if (!node->clauses) {
        ps_parser_nomem(p);
        return NULL;
    }
    memcpy(node->clauses, clauses, n * sizeof *clauses);
    node->n = n;
    unsigned height = 0;
    for (size_t i = 0; i < n; i++)
        if (clauses[i].node->height > height)
            height = clauses[i].node->height;
    if (height >= PS_MAX_DEPTH) {
        ps_parser_too_deep(p, node->start);
        return NULL;
    }
    node->height = (uint8_t)(height + 1);
    return node;
}

static ps_node *new_bool(parser *p, const ps_clause *clauses, size_t n)
{
    return ps_parser_many(p, PS_NODE_BOOL, clauses, n);
}

/* The clauses stacked since `base` as one node; NULL if there are none. */
static ps_node *take_list(parser *p, size_t base)
{
    size_t n = p->n - base;
    ps_node *node = NULL;
    p->n = base;
    if (p->rc || n == 0)
        return NULL;
    if (n == 1 && p->stack[base].occur != PS_NOT)
        node = p->stack[base].node;
    else
        node = new_bool(p, p->stack + base, n);
    return node;
}

static bool has_must(const ps_node *node)
{
    for (size_t i = 0; i < node->n; i++)
        if (node->clauses[i].occur == PS_MUST)
            return true;
    return false;
}

/* Stacks a clause of a list or of an AND. A required group that requires
   something itself gives its clauses to the list: the meaning is the same. */
static void push_clause(parser *p, operand c)
{
    if (c.occur != PS_NOT && ps_node_is_filter(c.node))
        c.occur = PS_FILTER;
    if (c.occur != PS_MUST || !ps_parser_is_open(c.node) || !has_must(c.node)) {
        push(p, c);
        return;
    }
    for (size_t i = 0; i < c.node->n; i++)
        push(p, c.node->clauses[i]);
}

/* Stacks a clause of an OR. */
static void push_either(parser *p, operand c)
{
    if (c.node->either && ps_parser_is_open(c.node) && c.occur != PS_NOT) {
        for (size_t i = 0; i < c.node->n; i++)
            push(p, c.node->clauses[i]);
        return;
    }
    if (c.occur == PS_NOT)
        c.node = new_bool(p, &c, 1);
    if (c.occur == PS_MUST)
        ps_warn(p->warnings, c.node->start, c.node->end,
                "+ has no meaning beside OR: ignored");
    c.occur = PS_SHOULD;
    if (c.node)
        push(p, c);
}

static ps_node *parse_group(parser *p)
{
    size_t start = p->tok.start;
    size_t end = p->tok.end;
    uint8_t outer = p->field;
    ps_lexeme close = {.boost = 1.0F};
    if (p->depth == PS_MAX_DEPTH) {
        ps_parser_too_deep(p, start);
        return NULL;
    }
    p->depth++;
    if (p->tok.field)
        p->field = p->tok.field;
    ps_parser_advance(p);
    ps_node *node = parse_list(p).node;
    p->depth--;
    p->field = outer;
    if (p->rc)
        return NULL;
    if (p->tok.kind == PS_LEX_CLOSE) {
        end = p->tok.end;
        close = p->tok;
        ps_parser_advance(p);
    } else {
        ps_warn(p->warnings, start, end,
                "the parenthesis is not closed: it ends with the query");
        end = p->tok.end;
    }
    if (!node) {
        ps_warn(p->warnings, start, end, "an empty group is ignored");
        return NULL;
    }
    ps_parser_least(p, node, &close);
    node = ps_parser_boost(p, node, &close);
    if (node && node->kind == PS_NODE_BOOL) {
        node->start = (uint32_t)start;
        node->end = (uint32_t)end;
    }
    return node;
}

static ps_node *parse_filter(parser *p)
{
    ps_lexeme tok = p->tok;
    return ps_parser_boost(p, ps_parser_filter(p), &tok);
}

static void warn_dangling(parser *p, const ps_lexeme *op, const char *message)
{
    ps_warn(p->warnings, op->start, op->end, message);
}

static operand parse_unary(parser *p)
{
    bool negative = false;
    ps_lexeme not_op = p->tok;
    while (p->tok.kind == PS_LEX_NOT) {
        negative = !negative;
        not_op = p->tok;
        ps_parser_advance(p);
    }
    operand c = NO_OPERAND;
    char sign = p->tok.sign;
    switch ((enum ps_lexeme_kind)p->tok.kind) {
    case PS_LEX_WORD:
    case PS_LEX_PHRASE:
    case PS_LEX_PREFIX:
    case PS_LEX_WILDCARD:
    case PS_LEX_FUZZY:
    case PS_LEX_REGEX:
    case PS_LEX_ALL: c.node = ps_parser_leaf(p); break;
    case PS_LEX_FILTER: c.node = parse_filter(p); break;
    case PS_LEX_OPEN: c.node = parse_group(p); break;
    case PS_LEX_END:
    case PS_LEX_CLOSE:
    case PS_LEX_AND:
    case PS_LEX_OR:
    case PS_LEX_NOT:
    case PS_LEX_NEAR:
        if (not_op.kind == PS_LEX_NOT)
            warn_dangling(p, &not_op, "NOT has nothing after it: ignored");
        return NO_OPERAND;
    }
    if (p->rc || !c.node)
        return NO_OPERAND;
    if (sign == '-')
        negative = !negative;
    if (negative)
        c.occur = PS_NOT;
    else if (sign == '+')
        c.occur = PS_MUST;
    return c;
}

static void push_required(parser *p, operand c)
{
    if (c.occur == PS_SHOULD)
        c.occur = PS_MUST;
    push_clause(p, c);
}

/* `a NEAR/n b`, or an AND of the two if they cannot be near each other. */
static ps_node *make_near(parser *p, const ps_lexeme *op, ps_node *a,
                          ps_node *b)
{
    operand both[2] = {{PS_SHOULD, a}, {PS_SHOULD, b}};
    size_t base = p->n;
    if (!ps_nodes_can_be_near(a, b)) {
        ps_warn(p->warnings, op->start, op->end,
                "NEAR and ADJ stand between words, phrases and alternatives "
                "of one field: AND is taken");
        push_required(p, both[0]);
        push_required(p, both[1]);
        return take_list(p, base);
    }
    ps_node *node = ps_parser_many(p, PS_NODE_NEAR, both, 2);
    if (node) {
        node->distance = op->number;
        node->ordered = op->ordered;
    }
    return node;
}

static operand parse_near(parser *p)
{
    operand first = parse_unary(p);
    while (p->tok.kind == PS_LEX_NEAR && first.node) {
        ps_lexeme op = p->tok;
        ps_parser_advance(p);
        operand c = parse_unary(p);
        if (!c.node) {
            warn_dangling(p, &op, "the operator has nothing after it: ignored");
            continue;
        }
        if (c.occur != PS_SHOULD)
            ps_warn(p->warnings, c.node->start, c.node->end,
                    "a sign has no meaning behind NEAR and ADJ: ignored");
        first.node = make_near(p, &op, first.node, c.node);
    }
    return first.node ? first : NO_OPERAND;
}

static operand parse_and(parser *p)
{
    size_t base = p->n;
    operand first = parse_near(p);
    bool alone = true;
    while (p->tok.kind == PS_LEX_AND && first.node) {
        ps_lexeme op = p->tok;
        ps_parser_advance(p);
        operand c = parse_near(p);
        if (!c.node) {
            warn_dangling(p, &op, "AND has nothing after it: ignored");
            continue;
        }
        if (alone)
            push_required(p, first);
        alone = false;
        push_required(p, c);
    }
    if (alone)
        return first;
    return (operand){PS_SHOULD, take_list(p, base)};
}

static operand parse_or(parser *p)
{
    size_t base = p->n;
    operand first = parse_and(p);
    bool alone = true;
    while (p->tok.kind == PS_LEX_OR && first.node) {
        ps_lexeme op = p->tok;
        ps_parser_advance(p);
        operand c = parse_and(p);
        if (!c.node) {
            warn_dangling(p, &op, "OR has nothing after it: ignored");
            continue;
        }
        if (alone)
            push_either(p, first);
        alone = false;
        push_either(p, c);
    }
    if (alone)
        return first;
    operand all = {PS_SHOULD, take_list(p, base)};
    if (all.node)
        all.node->either = 1;
    return all;
}

/* The clauses up to the end of the group or of the text. */
static operand parse_list(parser *p)
{
    size_t base = p->n;
    while (!p->rc && p->tok.kind != PS_LEX_END && p->tok.kind != PS_LEX_CLOSE) {
        ps_lexeme op = p->tok;
        if (op.kind == PS_LEX_AND || op.kind == PS_LEX_OR ||
            op.kind == PS_LEX_NEAR) {
            warn_dangling(p, &op,
                          op.kind == PS_LEX_AND
                              ? "AND has nothing before it: ignored"
                          : op.kind == PS_LEX_OR
                              ? "OR has nothing before it: ignored"
                              : "the operator has nothing before it: ignored");
            ps_parser_advance(p);
            continue;
        }
        operand c = parse_or(p);
        if (c.node)
            push_clause(p, c);
    }
    return (operand){PS_SHOULD, take_list(p, base)};
}

int ps_parse(ps_node **out, ps_warnings *warnings, pc_str text, pc_arena *arena,
             parasol_error *err)
{
    ps_warnings_init(warnings, arena, "warning", " from here on");
    if (text.len > PS_MAX_QUERY_BYTES)
        return pc_fail_at(err, PARASOL_QUERY, PS_MAX_QUERY_BYTES,
                          "the query is longer than %u bytes",
                          PS_MAX_QUERY_BYTES);
    parser p = {.arena = arena, .warnings = warnings, .err = err};
    ps_lexer_init(&p.lx, text, warnings);
    ps_parser_advance(&p);
    ps_node *root = parse_list(&p).node;
    if (!p.rc && !root) {
        if (warnings->n == 0)
            ps_warn(warnings, 0, text.len, "the query asks for nothing");
        root = ps_parser_node(&p, PS_NODE_NONE, 0, text.len);
    }
    if (!p.rc && warnings->status)
        ps_parser_nomem(&p);
    if (p.rc)
        return p.rc;
    ps_warnings_sort(warnings);
    *out = root;
    return PARASOL_OK;
}
