/*
 * Lexer: what stands behind the name of a field that is not searched as text.
 */
#include "searcher/query/ast.h"
#include "searcher/query/lex.h"
#include "searcher/query/period.h"
#include "searcher/query/scan.h"

/* Where a bare value ends besides at the end of a word. */
enum where { ALONE, COMPARED, IN_SET, IN_RANGE };

static size_t skip_space(pc_str text, size_t pos)
{
    for (size_t n; (n = ps_utf_space(text, pos)) > 0;)
        pos += n;
    return pos;
}

/* Whether = and wildcards mean something there. */
static bool takes_forms(enum where where)
{
    return where == ALONE || where == IN_SET;
}

/* Reads a value without quotes; false if there is none. */
static bool bare_value(pc_str text, size_t *pos, enum where where,
                       ps_lex_value *v)
{
    size_t i = *pos;
    while (!ps_scan_ends_word(text, i)) {
        char c = text.ptr[i];
        if ((where == IN_SET && c == '|') ||
            (where == IN_RANGE && (c == ']' || c == '}')))
            break;
        if ((where == ALONE || where == COMPARED) && c == '^' && i > *pos &&
            ps_scan_boost(text, i).len)
            break;
        bool escape = ps_utf_escape(text, i);
        if (!escape && takes_forms(where) && v->form == PS_VALUE_WORDS &&
            (c == '*' || c == '?'))
            v->form = PS_VALUE_GLOB;
        i += escape ? 2 : 1;
    }
    v->raw = (pc_str){text.ptr + *pos, i - *pos};
    *pos = i;
    return v->raw.len > 0;
}

/* Reads a value, quoted or not; false if there is none. */
static bool value(pc_str text, size_t *pos, enum where where, ps_lex_value *v)
{
    size_t at = *pos;
    *v = (ps_lex_value){.form = PS_VALUE_WORDS};
    if (takes_forms(where) && ps_scan_at(text, at, '=')) {
        v->form = PS_VALUE_EXACT;
        at++;
    }
    ps_quote open = ps_utf_quote(text, at);
    if (open.len) {
        ps_quoted q = ps_scan_quoted(text, at, open);
        v->raw = q.raw;
        v->quoted = true;
        *pos = q.end;
        return q.closed && !q.empty;
    }
    *pos = at;
    return bare_value(text, pos, where, v);
}

/* "last month" without quotes: two words that are a period. */
static void second_word(pc_str text, size_t *pos, ps_lex_value *v)
{
    ps_lex_value more = {.form = PS_VALUE_WORDS};
    size_t at = skip_space(text, *pos);
    if (v->quoted || !ps_period_needs_unit(v->raw) ||
        !bare_value(text, &at, ALONE, &more))
        return;
    size_t len = (size_t)(more.raw.ptr - v->raw.ptr) + more.raw.len;
    if (ps_period_valid((pc_str){v->raw.ptr, len})) {
        v->raw.len = len;
        *pos = at;
    }
}

/* One end of a range and what follows it. */
static bool range_end(pc_str text, size_t *pos, ps_lex_value *v)
{
    *pos = skip_space(text, *pos);
    if (!value(text, pos, IN_RANGE, v))
        return false;
    if (!v->quoted && pc_str_eq(v->raw, PC_STR_LIT("*")))
        v->form = PS_VALUE_OPEN;
    *pos = skip_space(text, *pos);
    return true;
}

static bool lex_range(ps_lexer *lx, ps_lexeme *x)
{
    pc_str text = lx->text;
    size_t pos = lx->pos + 1;
    x->filter = PS_LEX_RANGE;
    x->without_low = ps_scan_at(text, lx->pos, '{');
    if (!range_end(text, &pos, &x->low) || !ps_scan_at(text, pos, 'T') ||
        !ps_scan_at(text, pos + 1, 'O') ||
        !(ps_utf_space(text, pos + 2) || ps_utf_quote(text, pos + 2).len))
        return false;
    pos += 2;
    if (!range_end(text, &pos, &x->high) ||
        !(ps_scan_at(text, pos, ']') || ps_scan_at(text, pos, '}')))
        return false;
    x->without_high = ps_scan_at(text, pos, '}');
    lx->pos = pos + 1;
    return true;
}

static void lex_set(ps_lexer *lx, ps_lexeme *x)
{
    pc_str text = lx->text;
    size_t start = lx->pos + 1, i = start;
    while (i < text.len && !ps_scan_at(text, i, ')')) {
        ps_quote open = ps_utf_quote(text, i);
        if (open.len)
            i = ps_scan_quoted(text, i, open).end;
        else
            i += ps_utf_escape(text, i) ? 2 : 1;
    }
    x->filter = PS_LEX_SET;
    x->raw = (pc_str){text.ptr + start, i - start};
    if (i >= text.len)
        ps_warn(lx->warnings, lx->pos, start,
                "the parenthesis is not closed: it ends with the query");
    lx->pos = i < text.len ? i + 1 : i;
}

/* A comparison: where its value begins, or 0. */
static size_t lex_compare(const ps_lexer *lx, ps_lexeme *x)
{
    size_t pos = lx->pos;
    bool less = ps_scan_at(lx->text, pos, '<');
    if (!less && !ps_scan_at(lx->text, pos, '>'))
        return 0;
    bool with = ps_scan_at(lx->text, pos + 1, '=');
    x->filter = less ? PS_LEX_UPTO : PS_LEX_FROM;
    x->without_high = less && !with;
    x->without_low = !less && !with;
    return pos + (with ? 2 : 1);
}

bool ps_lex_filter(ps_lexer *lx, ps_lexeme *x)
{
    pc_str text = lx->text;
    size_t pos = lx->pos;
    x->kind = PS_LEX_FILTER;
    enum ps_period_name name = ps_period_name(x->name);
    if (name != PS_PERIOD_NONE && name != PS_PERIOD_DATE) {
        bool from = name == PS_PERIOD_SINCE || name == PS_PERIOD_AFTER;
        x->filter = from ? PS_LEX_FROM : PS_LEX_UPTO;
        x->without_low = name == PS_PERIOD_AFTER;
        x->without_high = name == PS_PERIOD_BEFORE;
    } else if (ps_scan_at(text, pos, '[') || ps_scan_at(text, pos, '{')) {
        return lex_range(lx, x);
    } else if (ps_scan_at(text, pos, '(')) {
        lex_set(lx, x);
        return true;
    } else {
        size_t behind = lex_compare(lx, x);
        pos = behind ? behind : pos;
    }
    bool alone = x->filter == PS_LEX_VALUE;
    if (!value(text, &pos, alone ? ALONE : COMPARED, &x->low))
        return false;
    if (ps_period_name(x->name) != PS_PERIOD_NONE)
        second_word(text, &pos, &x->low);
    lx->pos = pos;
    return true;
}

bool ps_lexer_set_next(ps_lexer *lx, const ps_lexeme *x, size_t *pos,
                       ps_lex_value *out)
{
    size_t base = (size_t)(x->raw.ptr - lx->text.ptr);
    /* What ends the set ends its last value. */
    pc_str text = {lx->text.ptr, base + x->raw.len};
    size_t at = base + *pos;
    bool found = false;
    while (!found && at < text.len) {
        at = skip_space(text, at);
        size_t start = at;
        if (at >= text.len)
            break;
        found = value(text, &at, IN_SET, out);
        if (!found) { /* a separator, or a stray mark */
            if (!ps_scan_at(text, start, '|'))
                ps_warn(lx->warnings, start, start + 1,
                        "a set holds values separated by |: ignored");
            at = at > start ? at : start + 1;
            continue;
        }
        while (!out->quoted && out->raw.len > 1 &&
               out->raw.ptr[out->raw.len - 1] == ',')
            out->raw.len--;
        bool word = !out->quoted && out->form == PS_VALUE_WORDS;
        if (word && pc_str_eq(out->raw, PC_STR_LIT("OR")))
            found = false;
        if (word && pc_str_eq(out->raw, PC_STR_LIT("AND"))) {
            found = false;
            ps_warn(lx->warnings, start, at,
                    "a set holds alternatives: AND is ignored");
        }
    }
    *pos = at - base;
    return found;
}
