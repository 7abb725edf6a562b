/*
 * Query text -> lexemes (docs/query.md, section "Words").
 */
#include "searcher/query/lex.h"

#include "common/text/utf8.h"
#include "searcher/query/ast.h"
#include "searcher/query/scan.h"

#define NOWHERE SIZE_MAX

void ps_lexer_init(ps_lexer *lx, pc_str text, ps_warnings *w)
{
    *lx = (ps_lexer){.text = text, .warnings = w};
}

static bool at(const ps_lexer *lx, size_t pos, char c)
{
    return ps_scan_at(lx->text, pos, c);
}

void ps_lex_boost(ps_lexer *lx, ps_lexeme *x)
{
    ps_boost b = ps_scan_boost(lx->text, lx->pos);
    if (b.clamped)
        ps_warn(lx->warnings, lx->pos, lx->pos + b.len,
                "a boost goes from 0 to 1000: 1000 is taken");
    x->boost = b.value;
    x->constant = b.constant;
    lx->pos += b.len;
}

/* ~ and a distance behind a phrase. */
static void take_distance(ps_lexer *lx, ps_lexeme *x)
{
    size_t start = lx->pos;
    bool clamped = false;
    if (!at(lx, start, '~'))
        return;
    size_t digits = ps_scan_number(lx->text, start + 1, PS_MAX_DISTANCE,
                                   &x->number, &clamped);
    lx->pos += 1 + digits;
    if (digits == 0)
        ps_warn(lx->warnings, start, lx->pos,
                "a number belongs behind ~: ignored");
    else if (clamped)
        ps_warn(lx->warnings, start, lx->pos,
                "a distance goes up to 1000: 1000 is taken");
}

/* lx->pos is at the opening quote. False: the phrase is empty. */
static bool lex_phrase(ps_lexer *lx, ps_lexeme *x, ps_quote open)
{
    ps_quoted q = ps_scan_quoted(lx->text, lx->pos, open);
    x->kind = PS_LEX_PHRASE;
    x->raw = q.raw;
    if (q.empty)
        ps_warn(lx->warnings, x->start, q.end,
                "a phrase without words is ignored");
    else if (!q.closed)
        ps_warn(lx->warnings, lx->pos, q.end,
                "the quote is not closed: all after it is the phrase");
    x->end = lx->pos = q.end;
    take_distance(lx, x);
    ps_lex_boost(lx, x);
    return !q.empty;
}

/* Takes a sign that touches what it signs. */
static void take_sign(ps_lexer *lx, ps_lexeme *x)
{
    size_t pos = lx->pos;
    size_t next = pos + 1;
    if (!at(lx, pos, '+') && !at(lx, pos, '-'))
        return;
    if (at(lx, next, '+') || at(lx, next, '-')) {
        size_t end = next + 1;
        if (!ps_scan_ends_word(lx->text, end))
            ps_warn(lx->warnings, pos, end, "two signs are read as text");
        return;
    }
    if (next >= lx->text.len || at(lx, next, ')') || at(lx, next, '^') ||
        ps_utf_space(lx->text, next))
        return;
    x->sign = lx->text.ptr[pos];
    lx->pos = next;
}

/* Takes a `=` that touches a word or a phrase. */
static void take_exact(ps_lexer *lx, ps_lexeme *x)
{
    size_t next = lx->pos + 1;
    if (!at(lx, lx->pos, '='))
        return;
    if (at(lx, next, '(')) {
        ps_warn(lx->warnings, lx->pos, next,
                "= stands before a word or a phrase: ignored");
        lx->pos = next;
        return;
    }
    if (next >= lx->text.len || at(lx, next, ')') ||
        ps_utf_space(lx->text, next))
        return;
    x->exact = 1;
    lx->pos = next;
}

static bool is_title(pc_str name)
{
    static const char title[] = "title";
    if (name.len != sizeof title - 1)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if ((name.ptr[i] | 0x20) != title[i])
            return false;
    return true;
}

/* Takes the name of a field; true when the whole lexeme is a filter. */
static bool take_field(ps_lexer *lx, ps_lexeme *x)
{
    size_t start = lx->pos, n = ps_scan_field(lx->text, start);
    if (n == 0)
        return false;
    x->name = (pc_str){lx->text.ptr + start, n - 1};
    lx->pos = start + n;
    if (is_title(x->name)) {
        x->field = PS_FIELD_TITLE;
        return false;
    }
    if (ps_lex_filter(lx, x)) {
        x->end = lx->pos;
        ps_lex_boost(lx, x);
        return true;
    }
    *x = (ps_lexeme){.sign = x->sign, .boost = 1.0F, .start = x->start};
    lx->pos = start; /* text after all */
    return false;
}

/* A parenthesis, with what belongs to a closing one. */
static void lex_parenthesis(ps_lexer *lx, ps_lexeme *x)
{
    bool clamped = false;
    x->kind = at(lx, lx->pos, '(') ? PS_LEX_OPEN : PS_LEX_CLOSE;
    x->start = lx->pos++;
    x->end = lx->pos;
    if (x->kind == PS_LEX_OPEN)
        return;
    if (at(lx, lx->pos, '@')) {
        size_t n = ps_scan_number(lx->text, lx->pos + 1, PS_MAX_LEAVES,
                                  &x->number, &clamped);
        size_t end = lx->pos + 1 + n;
        if (n > 0 && (ps_scan_ends_word(lx->text, end) ||
                      ps_scan_boost(lx->text, end).len))
            lx->pos = x->end = end;
        else
            x->number = 0;
    }
    ps_lex_boost(lx, x);
}

/* What follows sign and field. False: nothing, go on. */
static bool lex_operand(ps_lexer *lx, ps_lexeme *x)
{
    take_exact(lx, x);
    ps_quote open = ps_utf_quote(lx->text, lx->pos);
    if (open.len)
        return lex_phrase(lx, x, open);
    if (at(lx, lx->pos, '(') || at(lx, lx->pos, ')'))
        lex_parenthesis(lx, x);
    else if (x->exact || !ps_lex_regex(lx, x))
        ps_lex_word(lx, x);
    return true;
}

/* Letters a to z and digits, which mean nothing but themselves: how many there
   are from `pos` on. */
static size_t plain_run(pc_str text, size_t pos)
{
    size_t i = pos;
    while (i < text.len && ((uint8_t)(text.ptr[i] - 'a') < 26 ||
                            (uint8_t)(text.ptr[i] - '0') < 10))
        i++;
    return i - pos;
}

/* Takes a word of such letters alone, which is what most lexemes are. */
static bool take_plain(ps_lexer *lx, ps_lexeme *x)
{
    size_t start = lx->pos, end = start + plain_run(lx->text, start);
    if (end == start || (end < lx->text.len && !at(lx, end, ' ')))
        return false;
    x->kind = PS_LEX_WORD;
    x->raw = (pc_str){lx->text.ptr + start, end - start};
    x->end = lx->pos = end;
    return true;
}

ps_lexeme ps_lexer_next(ps_lexer *lx)
{
    for (;;) {
        ps_lexeme x = {.kind = PS_LEX_END, .boost = 1.0F};
        for (size_t n; (n = ps_utf_space(lx->text, lx->pos)) > 0;)
            lx->pos += n;
        take_sign(lx, &x);
        x.start = x.end = lx->pos;
        if (lx->pos >= lx->text.len)
            return x;
        if (take_plain(lx, &x) || take_field(lx, &x) || lex_operand(lx, &x))
            return x;
    }
}

/* Bytes to leave out at raw[i], which escape what follows. */
static size_t escape_at(pc_str raw, size_t i, enum ps_escapes escapes)
{
    switch (escapes) {
    case PS_ESCAPES_NONE: return 0;
    case PS_ESCAPES_PHRASE: return ps_utf_quote_escape(raw, i);
    case PS_ESCAPES_PATTERN:
    case PS_ESCAPES_WORD: break;
    }
    return ps_utf_escape(raw, i) ||
           (i == 0 && raw.ptr[0] == '\\' &&
            ps_lex_is_operator((pc_str){raw.ptr + 1, raw.len - 1}));
}

static bool is_wild(char c)
{
    return c == '*' || c == '?' || c == '\\';
}

int ps_lexer_text(const ps_lexer *lx, pc_str raw, enum ps_escapes escapes,
                  pc_arena *arena, pc_str *out)
{
    size_t base = (size_t)(raw.ptr - lx->text.ptr);
    size_t bad = NOWHERE, n = 0;
    bool pattern = escapes == PS_ESCAPES_PATTERN, star = false;
    /* A bad byte becomes three, one in a pattern two; the encoder may touch
       four. */
    char *p = pc_arena_alloc(arena, raw.len * 3 + PC_UTF8_MAX + 1);
    if (!p)
        return PARASOL_NOMEM;
    n = plain_run(raw, 0);
    memcpy(p, raw.ptr, n);
    for (size_t i = n; i < raw.len;) {
        size_t escape = escape_at(raw, i, escapes);
        i += escape;
        char c = raw.ptr[i];
        if (pattern && is_wild(c) && (escape || c == '\\'))
            p[n++] = '\\';
        bool again = pattern && !escape && c == '*';
        if (again && star) { /* two stars mean one */
            i++;
            continue;
        }
        star = again;
        const char *from = raw.ptr + i;
        const char *to = from;
        uint32_t cp = pc_utf8_next(&to, raw.ptr + raw.len);
        size_t len = pc_utf8_encode(cp, p + n);
        bool kept = len == (size_t)(to - from) && !memcmp(p + n, from, len);
        if (!kept && bad == NOWHERE)
            bad = base + i;
        n += len;
        i += (size_t)(to - from);
    }
    p[n] = 0;
    if (bad != NOWHERE)
        ps_warn(lx->warnings, bad, bad + 1,
                "bytes that are not UTF-8 are replaced");
    *out = (pc_str){p, n};
    return PARASOL_OK;
}
