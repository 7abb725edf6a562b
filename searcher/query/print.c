/*
 * Tree -> canonical text. Recursion is bounded by the height of the tree.
 */
#include "searcher/query/print.h"

#include "searcher/query/lex.h"

/* Characters that would mean something else in a word. */
static bool is_special(char c, size_t i)
{
    if (c == '\\' || c == '"' || c == '(' || c == ')' || c == '^' ||
        c == '*' || c == '~')
        return true;
    return i == 0 && (c == '+' || c == '-' || c == '=');
}

static void print_word(pc_buf *b, pc_str text)
{
    if (ps_lex_is_operator(text))
        pc_buf_put_u8(b, '\\');
    for (size_t i = 0; i < text.len; i++) {
        if (is_special(text.ptr[i], i))
            pc_buf_put_u8(b, '\\');
        pc_buf_put_u8(b, (uint8_t)text.ptr[i]);
    }
}

static void print_phrase(pc_buf *b, pc_str text)
{
    pc_buf_put_u8(b, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            pc_buf_put_u8(b, '\\');
        pc_buf_put_u8(b, (uint8_t)text.ptr[i]);
    }
    pc_buf_put_u8(b, '"');
}

/* In thousandths, without floats: printf would follow the locale. */
static void print_boost(pc_buf *b, float boost)
{
    if (boost == 1.0F)
        return;
    unsigned milli = (unsigned)((double)boost * 1000.0 + 0.5);
    pc_buf_put_fmt(b, "^%u", milli / 1000);
    milli %= 1000;
    if (milli == 0)
        return;
    char digits[5] = {'.', (char)('0' + milli / 100),
                      (char)('0' + milli / 10 % 10),
                      (char)('0' + milli % 10), 0};
    for (size_t i = 3; digits[i] == '0'; i--)
        digits[i] = 0;
    pc_buf_put_z(b, digits);
}

static void print_node(pc_buf *b, const ps_node *node, bool nested);

static void print_clauses(pc_buf *b, const ps_node *node)
{
    for (size_t i = 0; i < node->n; i++) {
        if (i > 0)
            pc_buf_put_z(b, node->either ? " OR " : " ");
        if (node->clauses[i].occur != PS_SHOULD)
            pc_buf_put_u8(b, node->clauses[i].occur == PS_MUST ? '+' : '-');
        print_node(b, node->clauses[i].node, true);
    }
}

static void print_node(pc_buf *b, const ps_node *node, bool nested)
{
    if (node->exact)
        pc_buf_put_u8(b, '=');
    switch ((enum ps_node_kind)node->kind) {
    case PS_NODE_WORD: print_word(b, node->text); break;
    case PS_NODE_PHRASE: print_phrase(b, node->text); break;
    case PS_NODE_ALL: pc_buf_put_u8(b, '*'); break;
    case PS_NODE_NONE: break;
    case PS_NODE_BOOL:
        nested = nested || node->boost != 1.0F;
        if (nested)
            pc_buf_put_u8(b, '(');
        print_clauses(b, node);
        if (nested)
            pc_buf_put_u8(b, ')');
        break;
    }
    print_boost(b, node->boost);
}

void ps_print(pc_buf *b, const ps_node *root)
{
    print_node(b, root, false);
}

bool ps_node_equal(const ps_node *a, const ps_node *b)
{
    if (a->kind != b->kind || a->exact != b->exact ||
        a->either != b->either || a->height != b->height ||
        a->boost != b->boost || a->n != b->n || !pc_str_eq(a->text, b->text))
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->clauses[i].occur != b->clauses[i].occur ||
            !ps_node_equal(a->clauses[i].node, b->clauses[i].node))
            return false;
    return true;
}
