/*
 * Parser: a filter and its values.
 */
#include "searcher/query/parser.h"
#include "searcher/query/period.h"

/* The name in lower case; since and until are about the date. */
static bool set_name(ps_parser *p, const ps_lexeme *x, ps_filter *f)
{
    f->name = PC_STR_LIT("date");
    if (ps_period_name(x->name) != PS_PERIOD_NONE)
        return true;
    char *name = pc_arena_copy(p->arena, x->name.ptr, x->name.len);
    if (!name)
        return false;
    for (size_t i = 0; i < x->name.len; i++)
        if (name[i] >= 'A' && name[i] <= 'Z')
            name[i] = (char)(name[i] | 0x20);
    f->name = (pc_str){name, x->name.len};
    return true;
}

/* Whether a value of the field is one; tells if not. */
static bool is_period(ps_parser *p, const ps_lexeme *x, const ps_value *v)
{
    if (ps_period_name(x->name) == PS_PERIOD_NONE || v->form == PS_VALUE_OPEN ||
        v->form == PS_VALUE_GLOB || ps_period_valid(v->text))
        return true;
    ps_warn(p->warnings, x->start, x->end,
            "not a date, as in 2014, 2014-03, 2014-03-31, 2014-Q2 or \"last "
            "month\": ignored");
    return false;
}

/* Copies one value; false if it is left out. */
static bool add_value(ps_parser *p, const ps_lexeme *x,
                      const ps_lex_value *from, ps_value *to)
{
    size_t at = (size_t)(from->raw.ptr - p->lx.text.ptr);
    enum ps_escapes escapes = PS_ESCAPES_WORD;
    if (from->quoted)
        escapes = PS_ESCAPES_PHRASE;
    else if (from->form == PS_VALUE_GLOB)
        escapes = PS_ESCAPES_PATTERN;
    to->form = from->form;
    to->text = PC_STR_LIT("");
    if (from->form == PS_VALUE_OPEN)
        return true;
    if (!ps_parser_count(p, at))
        return false;
    if (ps_lexer_text(&p->lx, from->raw, escapes, p->arena, &to->text)) {
        ps_parser_nomem(p);
        return false;
    }
    return is_period(p, x, to);
}

static void add_set(ps_parser *p, const ps_lexeme *x, ps_filter *f)
{
    ps_lex_value v;
    ps_value *values = NULL;
    size_t cap = 0;
    for (size_t pos = 0; !p->rc && ps_lexer_set_next(&p->lx, x, &pos, &v);) {
        if (f->n == cap) {
            cap = cap ? 2 * cap : 4;
            ps_value *more = pc_arena_zalloc(p->arena, cap, sizeof *more);
            if (!more) {
                ps_parser_nomem(p);
                return;
            }
            if (f->n)
                memcpy(more, values, f->n * sizeof *more);
            f->values = values = more;
        }
        f->n += add_value(p, x, &v, &values[f->n]);
    }
    if (!p->rc && f->n == 0)
        ps_warn(p->warnings, x->start, x->end, "an empty set is ignored");
}

static void add_range(ps_parser *p, const ps_lexeme *x, ps_filter *f)
{
    ps_value *v = pc_arena_zalloc(p->arena, 2, sizeof *v);
    if (!v) {
        ps_parser_nomem(p);
        return;
    }
    v[0].form = v[1].form = PS_VALUE_OPEN;
    v[0].text = v[1].text = PC_STR_LIT("");
    bool ok = true;
    if (x->filter == PS_LEX_RANGE)
        ok =
            add_value(p, x, &x->low, &v[0]) && add_value(p, x, &x->high, &v[1]);
    else
        ok = add_value(p, x, &x->low, &v[x->filter == PS_LEX_UPTO]);
    f->op = PS_FILTER_RANGE;
    f->without_low = x->without_low && v[0].form != PS_VALUE_OPEN;
    f->without_high = x->without_high && v[1].form != PS_VALUE_OPEN;
    f->values = v;
    f->n = ok ? 2 : 0;
    if (v[0].form == PS_VALUE_OPEN && v[1].form == PS_VALUE_OPEN && ok) {
        /* Any value at all. */
        f->op = PS_FILTER_SET;
        v[0] = (ps_value){PS_VALUE_GLOB, PC_STR_LIT("*")};
        f->n = 1;
    }
}

static void add_values(ps_parser *p, const ps_lexeme *x, ps_filter *f)
{
    switch ((enum ps_lex_filter)x->filter) {
    case PS_LEX_SET: add_set(p, x, f); break;
    case PS_LEX_VALUE: {
        ps_value *v = pc_arena_zalloc(p->arena, 1, sizeof *v);
        if (!v)
            ps_parser_nomem(p);
        else
            f->n = add_value(p, x, &x->low, v);
        f->values = v;
        break;
    }
    case PS_LEX_FROM:
    case PS_LEX_UPTO:
    case PS_LEX_RANGE: add_range(p, x, f); break;
    }
}

ps_node *ps_parser_filter(ps_parser *p)
{
    ps_lexeme x = p->tok;
    ps_node *node = ps_parser_node(p, PS_NODE_FILTER, x.start, x.end);
    ps_filter *f = pc_arena_zalloc(p->arena, 1, sizeof *f);
    ps_parser_advance(p);
    if (!node || !f || !set_name(p, &x, f)) {
        ps_parser_nomem(p);
        return NULL;
    }
    add_values(p, &x, f);
    node->filter = f;
    return p->rc || f->n == 0 ? NULL : node;
}
