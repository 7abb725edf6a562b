/*
 * Query text -> lexemes (docs/query.md, section "Words").
 */
#include "searcher/query/lex.h"

#include "common/text/utf8.h"
#include "searcher/query/ast.h"
#include "searcher/query/utf.h"

#define NOWHERE SIZE_MAX

void ps_lexer_init(ps_lexer *lx, pc_str text, ps_warnings *w)
{
    *lx = (ps_lexer){.text = text, .warnings = w};
}

bool ps_lex_is_operator(pc_str word)
{
    return pc_str_eq(word, PC_STR_LIT("AND")) ||
           pc_str_eq(word, PC_STR_LIT("OR")) ||
           pc_str_eq(word, PC_STR_LIT("NOT"));
}

static bool at(const ps_lexer *lx, size_t pos, char c)
{
    return pos < lx->text.len && lx->text.ptr[pos] == c;
}

/* Whether a word ends at `pos` whatever stands before it. */
static bool ends_word(const ps_lexer *lx, size_t pos)
{
    if (pos >= lx->text.len || at(lx, pos, '(') || at(lx, pos, ')'))
        return true;
    return ps_utf_space(lx->text, pos) || ps_utf_quote(lx->text, pos).len;
}

/*
 * Reads `^` and a number at `pos`. Returns the bytes read, 0 if there is no
 * such thing. The number is kept in thousandths, so that it prints and parses
 * to the same float; *clamped says that it was beyond the limit.
 */
static size_t read_boost(const ps_lexer *lx, size_t pos, float *boost,
                         bool *clamped)
{
    uint32_t milli = 0;
    size_t digits = 0;
    size_t i = pos + 1;
    int decimals = -1;
    if (!at(lx, pos, '^'))
        return 0;
    for (; i < lx->text.len; i++) {
        char c = lx->text.ptr[i];
        if (c == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        digits++;
        uint32_t v = (uint32_t)(c - '0');
        if (decimals < 0 && milli <= PS_MAX_BOOST * 1000)
            milli = milli * 10 + v * 1000;
        else if (decimals >= 0 && decimals < 3)
            milli += v * (decimals == 0 ? 100u : decimals == 1 ? 10u : 1u);
        if (decimals >= 0 && decimals < 3)
            decimals++;
    }
    if (digits == 0 || !ends_word(lx, i))
        return 0;
    *clamped = milli > PS_MAX_BOOST * 1000;
    if (*clamped)
        milli = PS_MAX_BOOST * 1000;
    *boost = (float)((double)milli / 1000.0);
    return i - pos;
}

/* The boost behind a word, phrase or group that ends at lx->pos. */
static void take_boost(ps_lexer *lx, ps_lexeme *x)
{
    bool clamped = false;
    size_t n = read_boost(lx, lx->pos, &x->boost, &clamped);
    if (clamped)
        ps_warn(lx->warnings, lx->pos, lx->pos + n,
                "a boost goes from 0 to 1000: 1000 is taken");
    lx->pos += n;
}

/* What the scan of a word found besides its end. */
typedef struct word_scan {
    size_t end;
    size_t tilde; /* of a trailing ~ with digits, or NOWHERE */
    bool star;    /* the last character is an unescaped * */
} word_scan;

static word_scan scan_word(ps_lexer *lx, size_t start)
{
    word_scan s = {.end = start, .tilde = NOWHERE};
    while (s.end == start || !ends_word(lx, s.end)) {
        char c = lx->text.ptr[s.end];
        float boost;
        bool clamped;
        if (c == '^') {
            if (s.end > start && read_boost(lx, s.end, &boost, &clamped))
                break;
            ps_warn(lx->warnings, s.end, s.end + 1,
                    "^ is read as text: no number after it, or no word "
                    "before it");
        }
        s.star = c == '*';
        if (c == '~')
            s.tilde = s.end;
        else if (c != '.' && (c < '0' || c > '9'))
            s.tilde = NOWHERE;
        s.end += ps_utf_escape(lx->text, s.end) ? 2 : 1;
    }
    return s;
}

static void lex_word(ps_lexer *lx, ps_lexeme *x)
{
    size_t start = lx->pos;
    word_scan s = scan_word(lx, start);
    size_t end = s.end;
    if (s.tilde != NOWHERE && s.tilde > start) {
        ps_warn(lx->warnings, s.tilde, s.end,
                "fuzzy words are not known yet: ~ is ignored");
        end = s.tilde;
    }
    x->kind = PS_LEX_WORD;
    x->raw = (pc_str){lx->text.ptr + start, end - start};
    x->end = s.end;
    lx->pos = s.end;
    take_boost(lx, x);
    if (x->exact)
        return;
    if (pc_str_eq(x->raw, PC_STR_LIT("*")))
        x->kind = PS_LEX_ALL;
    else if (s.star && end == s.end)
        ps_warn(lx->warnings, s.end - 1, s.end,
                "wildcards are not known yet: * is read as text");
    /* An operator stands alone: no sign, no boost, nothing cut off. */
    if (x->sign || lx->pos != end || !ps_lex_is_operator(x->raw))
        return;
    x->kind = x->raw.ptr[0] == 'A'   ? PS_LEX_AND
              : x->raw.ptr[0] == 'O' ? PS_LEX_OR
                                     : PS_LEX_NOT;
}

/* Skips ~ and digits behind a phrase. */
static void skip_distance(ps_lexer *lx)
{
    size_t i = lx->pos;
    if (!at(lx, i, '~'))
        return;
    for (i++; i < lx->text.len; i++) {
        char c = lx->text.ptr[i];
        if (c < '0' || c > '9')
            break;
    }
    ps_warn(lx->warnings, lx->pos, i,
            "distances are not known yet: the words must be neighbours");
    lx->pos = i;
}

/* lx->pos is at the opening quote. False: the phrase is empty. */
static bool lex_phrase(ps_lexer *lx, ps_lexeme *x, ps_quote open)
{
    size_t start = lx->pos + open.len;
    size_t i = start;
    ps_quote close = {0, 0};
    bool empty = true;
    while (i < lx->text.len) {
        close = ps_utf_quote(lx->text, i);
        if (close.len && ps_quote_closes(open, close))
            break;
        close.len = 0;
        size_t space = ps_utf_space(lx->text, i);
        empty = empty && space != 0;
        if (space)
            i += space;
        else
            i += ps_utf_quote_escape(lx->text, i) ? 2 : 1;
    }
    if (i > lx->text.len)
        i = lx->text.len;
    x->kind = PS_LEX_PHRASE;
    x->raw = (pc_str){lx->text.ptr + start, i - start};
    if (empty)
        ps_warn(lx->warnings, x->start, i + close.len,
                "a phrase without words is ignored");
    else if (!close.len)
        ps_warn(lx->warnings, lx->pos, i,
                "the quote is not closed: all after it is the phrase");
    lx->pos = i + close.len;
    x->end = lx->pos;
    skip_distance(lx);
    take_boost(lx, x);
    return !empty;
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
        if (!ends_word(lx, end))
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

ps_lexeme ps_lexer_next(ps_lexer *lx)
{
    for (;;) {
        ps_lexeme x = {.kind = PS_LEX_END, .boost = 1.0F};
        while (lx->pos < lx->text.len) {
            size_t space = ps_utf_space(lx->text, lx->pos);
            if (!space)
                break;
            lx->pos += space;
        }
        take_sign(lx, &x);
        x.start = x.end = lx->pos;
        if (lx->pos >= lx->text.len)
            return x;
        take_exact(lx, &x);
        ps_quote open = ps_utf_quote(lx->text, lx->pos);
        if (open.len) {
            if (lex_phrase(lx, &x, open))
                return x;
            continue;
        }
        if (at(lx, lx->pos, '(') || at(lx, lx->pos, ')')) {
            x.kind = at(lx, lx->pos, '(') ? PS_LEX_OPEN : PS_LEX_CLOSE;
            x.start = lx->pos++;
            x.end = lx->pos;
            if (x.kind == PS_LEX_CLOSE)
                take_boost(lx, &x);
            return x;
        }
        lex_word(lx, &x);
        return x;
    }
}

int ps_lexeme_text(const ps_lexer *lx, const ps_lexeme *x, pc_arena *arena,
                   pc_str *out)
{
    bool phrase = x->kind == PS_LEX_PHRASE;
    size_t base = (size_t)(x->raw.ptr - lx->text.ptr);
    size_t bad = NOWHERE;
    size_t n = 0;
    /* A bad byte becomes three; the encoder may touch four. */
    char *p = pc_arena_alloc(arena, x->raw.len * 3 + PC_UTF8_MAX);
    if (!p)
        return PARASOL_NOMEM;
    for (size_t i = 0; i < x->raw.len;) {
        if (phrase ? ps_utf_quote_escape(x->raw, i)
                   : ps_utf_escape(x->raw, i))
            i++;
        else if (!phrase && i == 0 && x->raw.ptr[0] == '\\' &&
                 ps_lex_is_operator(
                     (pc_str){x->raw.ptr + 1, x->raw.len - 1}))
            i++;
        const char *from = x->raw.ptr + i;
        const char *to = from;
        uint32_t cp = pc_utf8_next(&to, x->raw.ptr + x->raw.len);
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
