/*
 * Tree -> canonical text. Recursion is bounded by the height of the tree.
 */
#include "searcher/query/print.h"

#include "searcher/query/lex.h"
#include "searcher/query/scan.h"
#include "searcher/query/utf.h"

/* ---- leaves ------------------------------------------------------------- */

/* Characters that would mean something else in a word. */
static bool is_special(char c, size_t i)
{
    if (c == '\\' || c == '"' || c == '(' || c == ')' || c == '^' || c == '*' ||
        c == '~')
        return true;
    return i == 0 && (c == '+' || c == '-' || c == '=' || c == '/' || c == ':');
}

static bool is_wild(char c)
{
    return c == '*' || c == '?' || c == '\\';
}

/* Where the question marks begin that end the text: they are no wildcards. */
static size_t questions_at(pc_str text)
{
    size_t n = text.len;
    while (n > 0 && text.ptr[n - 1] == '?')
        n--;
    return n;
}

enum shape {
    AS_WORD,
    AS_START,  /* of something: no question mark is at its end */
    AS_PATTERN /* wildcards and their escapes stay as they are */
};

/* Bytes of what would be read as the name of a field. */
static size_t field_to_escape(pc_str text, enum shape shape)
{
    size_t n = ps_scan_name(text, 0);
    bool text_anyway =
        (shape == AS_WORD && n == text.len) || ps_scan_at(text, n, ':') ||
        (ps_scan_at(text, n, '/') && ps_scan_at(text, n + 1, '/'));
    return text_anyway ? 0 : n;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

/* Nothing but letters and digits means nothing else. */
static bool is_all_plain(pc_str text)
{
    size_t i = 0;
    while (i < text.len && is_plain(text.ptr[i]))
        i++;
    return i == text.len;
}

static void print_word(pc_buf *b, const ps_node *node, enum shape shape)
{
    pc_str text = node->text;
    /* Behind a field's name there are no operators. */
    if (node->field == PS_FIELD_TEXT && ps_lex_is_operator(text))
        pc_buf_put_u8(b, '\\');
    if (shape == AS_WORD && is_all_plain(text)) {
        pc_buf_put_str(b, text);
        return;
    }
    bool pattern = shape == AS_PATTERN;
    size_t field = field_to_escape(text, shape);
    size_t questions = shape == AS_WORD ? questions_at(text) : text.len;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (pattern && is_wild(c)) {
            pc_buf_put_u8(b, (uint8_t)c);
            if (c == '\\' && i + 1 < text.len)
                pc_buf_put_u8(b, (uint8_t)text.ptr[++i]);
            continue;
        }
        if (is_special(c, i) || (c == '?' && i < questions) ||
            (field > 0 && i + 1 == field))
            pc_buf_put_u8(b, '\\');
        pc_buf_put_u8(b, (uint8_t)c);
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

static void print_leaf(pc_buf *b, const ps_node *node)
{
    if (node->field == PS_FIELD_TITLE)
        pc_buf_put_z(b, "title:");
    if (node->exact)
        pc_buf_put_u8(b, '=');
    switch ((enum ps_node_kind)node->kind) {
    case PS_NODE_WORD: print_word(b, node, AS_WORD); break;
    case PS_NODE_PHRASE:
        print_phrase(b, node->text);
        if (node->distance)
            pc_buf_put_fmt(b, "~%u", (unsigned)node->distance);
        break;
    case PS_NODE_PREFIX:
        print_word(b, node, AS_START);
        pc_buf_put_u8(b, '*');
        break;
    case PS_NODE_WILDCARD: print_word(b, node, AS_PATTERN); break;
    case PS_NODE_FUZZY:
        print_word(b, node, AS_START);
        pc_buf_put_fmt(b, "~%u", (unsigned)node->distance);
        break;
    case PS_NODE_REGEX:
        pc_buf_put_u8(b, '/');
        pc_buf_put_str(b, node->text);
        pc_buf_put_u8(b, '/');
        break;
    case PS_NODE_ALL: pc_buf_put_u8(b, '*'); break;
    case PS_NODE_NEAR:
    case PS_NODE_FILTER:
    case PS_NODE_BOOL:
    case PS_NODE_NONE: break;
    }
}

/* ---- filters ------------------------------------------------------------ */

/* Whether a value means the same without quotes wherever it stands. */
static bool is_bare(pc_str text)
{
    if (text.len == 0 || !is_plain(text.ptr[0]) ||
        pc_str_eq(text, PC_STR_LIT("OR")) || pc_str_eq(text, PC_STR_LIT("AND")))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!is_plain(text.ptr[i]) && text.ptr[i] != '-' &&
            text.ptr[i] != '_' && text.ptr[i] != '.' && text.ptr[i] != '/' &&
            text.ptr[i] != ':')
            return false;
    return true;
}

/* Whether a backslash before `c` in a word escapes it. */
static bool is_escapable(char c)
{
    char two[2] = {'\\', c};
    return ps_utf_escape((pc_str){two, 2}, 0);
}

static void print_glob(pc_buf *b, pc_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_wild(c) && is_escapable(c))
            pc_buf_put_u8(b, '\\');
        pc_buf_put_u8(b, (uint8_t)c);
        if (c == '\\' && i + 1 < text.len)
            pc_buf_put_u8(b, (uint8_t)text.ptr[++i]);
    }
}

static void print_value(pc_buf *b, const ps_value *v)
{
    switch ((enum ps_value_form)v->form) {
    case PS_VALUE_OPEN: pc_buf_put_u8(b, '*'); return;
    case PS_VALUE_GLOB: print_glob(b, v->text); return;
    case PS_VALUE_EXACT: pc_buf_put_u8(b, '='); break;
    case PS_VALUE_WORDS: break;
    }
    if (is_bare(v->text))
        pc_buf_put_str(b, v->text);
    else
        print_phrase(b, v->text);
}

static void print_range(pc_buf *b, const ps_filter *f)
{
    if (f->values[1].form == PS_VALUE_OPEN) {
        pc_buf_put_z(b, f->without_low ? ">" : ">=");
        print_value(b, &f->values[0]);
    } else if (f->values[0].form == PS_VALUE_OPEN) {
        pc_buf_put_z(b, f->without_high ? "<" : "<=");
        print_value(b, &f->values[1]);
    } else {
        pc_buf_put_u8(b, f->without_low ? '{' : '[');
        print_value(b, &f->values[0]);
        pc_buf_put_z(b, " TO ");
        print_value(b, &f->values[1]);
        pc_buf_put_u8(b, f->without_high ? '}' : ']');
    }
}

static void print_filter(pc_buf *b, const ps_filter *f)
{
    pc_buf_put_str(b, f->name);
    pc_buf_put_u8(b, ':');
    if (f->op == PS_FILTER_RANGE) {
        print_range(b, f);
        return;
    }
    if (f->n > 1)
        pc_buf_put_u8(b, '(');
    for (size_t i = 0; i < f->n; i++) {
        if (i > 0)
            pc_buf_put_z(b, " | ");
        print_value(b, &f->values[i]);
    }
    if (f->n > 1)
        pc_buf_put_u8(b, ')');
}

/* ---- trees -------------------------------------------------------------- */

/* In thousandths, without floats: printf would follow the locale. */
static void print_boost(pc_buf *b, const ps_node *node)
{
    if (node->boost == 1.0F && !node->constant)
        return;
    unsigned milli = (unsigned)((double)node->boost * 1000.0 + 0.5);
    pc_buf_put_fmt(b, "^%s%u", node->constant ? "=" : "", milli / 1000);
    milli %= 1000;
    if (milli == 0)
        return;
    char digits[5] = {'.', (char)('0' + milli / 100),
                      (char)('0' + milli / 10 % 10), (char)('0' + milli % 10),
                      0};
    for (size_t i = 3; digits[i] == '0'; i--)
        digits[i] = 0;
    pc_buf_put_z(b, digits);
}

static void print_node(pc_buf *b, const ps_node *node, bool nested);

static void print_clauses(pc_buf *b, const ps_node *node)
{
    for (size_t i = 0; i < node->n; i++) {
        uint8_t occur = node->clauses[i].occur;
        if (i > 0)
            pc_buf_put_z(b, node->either ? " OR " : " ");
        if (occur == PS_MUST || occur == PS_NOT)
            pc_buf_put_u8(b, occur == PS_MUST ? '+' : '-');
        print_node(b, node->clauses[i].node, true);
    }
}

static void print_near(pc_buf *b, const ps_node *node)
{
    print_node(b, node->clauses[0].node, true);
    pc_buf_put_fmt(b, " %s/%u ", node->ordered ? "ADJ" : "NEAR",
                   (unsigned)node->distance);
    print_node(b, node->clauses[1].node, true);
}

static void print_node(pc_buf *b, const ps_node *node, bool nested)
{
    bool many = node->kind == PS_NODE_BOOL || node->kind == PS_NODE_NEAR;
    nested = many && (nested || node->boost != 1.0F || node->constant ||
                      node->least > 0);
    if (nested)
        pc_buf_put_u8(b, '(');
    if (node->kind == PS_NODE_NEAR)
        print_near(b, node);
    else if (node->kind == PS_NODE_BOOL)
        print_clauses(b, node);
    else if (node->kind == PS_NODE_FILTER)
        print_filter(b, node->filter);
    else
        print_leaf(b, node);
    if (nested)
        pc_buf_put_u8(b, ')');
    if (node->least > 0)
        pc_buf_put_fmt(b, "@%u", (unsigned)node->least);
    print_boost(b, node);
}

void ps_print(pc_buf *b, const ps_node *root)
{
    print_node(b, root, false);
}
