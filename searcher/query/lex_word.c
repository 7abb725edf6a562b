/*
 * Lexer: words, patterns, fuzzy words, operators, regular expressions.
 */
#include "searcher/query/ast.h"
#include "searcher/query/lex.h"
#include "searcher/query/scan.h"

#define NOWHERE SIZE_MAX

/* Characters that stand in addresses and in no term: no pattern has them. */
#define ADDRESS "/=&@:"

/* Letters and digits of a parenthesis that belongs to a number. */
#define SUBSECTION_MAX 4u

/* What may follow a pattern without being part of it. */
#define PUNCTUATION ".,;!?"

/* ---- operators ---------------------------------------------------------- */

/* Reads NEAR/n or ADJ/n, which has to be all of `word`. */
static bool read_near(pc_str word, bool *ordered, uint32_t *n, bool *clamped)
{
    size_t name = 0;
    if (pc_str_starts(word, PC_STR_LIT("NEAR/")))
        name = 5;
    else if (pc_str_starts(word, PC_STR_LIT("ADJ/")))
        name = 4;
    *ordered = name == 4;
    if (name == 0)
        return false;
    size_t digits = ps_scan_number(word, name, PS_MAX_DISTANCE, n, clamped);
    return digits > 0 && name + digits == word.len;
}

static enum ps_lexeme_kind operator_kind(pc_str word)
{
    if (pc_str_eq(word, PC_STR_LIT("AND")))
        return PS_LEX_AND;
    if (pc_str_eq(word, PC_STR_LIT("OR")) || pc_str_eq(word, PC_STR_LIT("|")))
        return PS_LEX_OR;
    if (pc_str_eq(word, PC_STR_LIT("NOT")))
        return PS_LEX_NOT;
    bool ordered, clamped;
    uint32_t n;
    return read_near(word, &ordered, &n, &clamped) ? PS_LEX_NEAR : PS_LEX_WORD;
}

bool ps_lex_is_operator(pc_str word)
{
    return operator_kind(word) != PS_LEX_WORD;
}

/* ---- words and patterns ------------------------------------------------- */

/* What the scan of a word found besides its end. */
typedef struct word_scan {
    size_t end;
    size_t tilde; /* of a trailing ~ with digits, or NOWHERE */
    size_t body;  /* end without punctuation, which no pattern ends with */
    size_t run;   /* where a run of * up to `body` begins, or NOWHERE */
    bool wild;    /* a wildcard before that run */
    bool letters; /* something that terms are made of */
    bool address; /* characters of addresses: no pattern */
    /* Behind `body`: */
    bool gap;      /* punctuation */
    bool question; /* a ? among it */
} word_scan;

static bool is_one_of(char c, const char *set)
{
    return c != 0 && strchr(set, c) != NULL;
}

static bool is_term_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (uint8_t)c >= 0x80;
}

/* The body goes on up to `end`; what was a run or a gap is inside it. */
static void extend_body(word_scan *s, size_t end, bool star)
{
    bool joins = star && !s->gap && s->run != NOWHERE;
    s->wild |= s->question || (s->run != NOWHERE && !joins);
    if (!joins)
        s->run = star ? end - 1 : NOWHERE;
    s->gap = s->question = false;
    s->body = end;
}

static void scan_char(word_scan *s, char c)
{
    size_t pos = s->end;
    if (c == '~')
        s->tilde = pos;
    else if (c != '.' && (c < '0' || c > '9'))
        s->tilde = NOWHERE;
    s->address |= is_one_of(c, ADDRESS);
    s->letters |= is_term_byte(c);
    if (is_one_of(c, PUNCTUATION)) {
        s->gap = true;
        s->question |= c == '?';
    } else {
        extend_body(s, pos + 1, c == '*');
    }
    s->end++;
}

/* A backslash and `c`, which is only itself. */
static void scan_escape(word_scan *s, char c)
{
    s->tilde = NOWHERE;
    s->address |= is_one_of(c, ADDRESS);
    if (is_one_of(c, PUNCTUATION))
        s->gap = true;
    else
        extend_body(s, s->end + 2, false);
    s->end += 2;
}

static bool is_digit(char c)
{
    return (uint8_t)(c - '0') < 10;
}

/* Bytes of a parenthesis at `at` that is part of the number before it, as in
   2304(a) and 501(c)(3); else 0. */
static size_t subsection(pc_str text, size_t start, size_t at)
{
    size_t end = at + 1;
    if (at == start || !ps_scan_at(text, at, '(') ||
        !(is_digit(text.ptr[at - 1]) || text.ptr[at - 1] == ')'))
        return 0;
    while (end < text.len && end - at <= SUBSECTION_MAX &&
           (uint8_t)text.ptr[end] < 0x80 && is_term_byte(text.ptr[end]))
        end++;
    if (end == at + 1 || !ps_scan_at(text, end, ')'))
        return 0;
    end++;
    bool last =
        ps_scan_ends_word(text, end) || is_one_of(text.ptr[end], PUNCTUATION);
    return last ? end - at : 0;
}

/* Scans the word at `start`, which ends at `limit` at the latest. */
static word_scan scan_word(ps_lexer *lx, size_t start, size_t limit, bool quiet)
{
    word_scan s = {
        .end = start, .tilde = NOWHERE, .body = start, .run = NOWHERE};
    pc_str text = {lx->text.ptr, limit};
    while (s.end < limit) {
        size_t n = s.tilde == NOWHERE ? subsection(text, start, s.end) : 0;
        if (n == 0 && s.end > start && ps_scan_ends_word(text, s.end))
            break;
        for (; n > 0; n--)
            scan_char(&s, text.ptr[s.end]);
        if (s.end >= limit)
            break;
        if (ps_scan_ends_word(text, s.end) && s.end > start)
            continue;
        if (ps_utf_escape(text, s.end)) {
            scan_escape(&s, text.ptr[s.end + 1]);
            continue;
        }
        if (text.ptr[s.end] == '^') {
            if (s.end > start && ps_scan_boost(text, s.end).len)
                break;
            if (!quiet)
                ps_warn(lx->warnings, s.end, s.end + 1,
                        "^ is read as text: no number after it, or no word "
                        "before it");
        }
        scan_char(&s, text.ptr[s.end]);
    }
    return s;
}

/* A prefix, a pattern, or the word as it is. */
static void set_pattern(ps_lexer *lx, ps_lexeme *x, const word_scan *s)
{
    size_t start = (size_t)(x->raw.ptr - lx->text.ptr);
    if (!s->letters || s->address || (!s->wild && s->run == NOWHERE))
        return;
    if (s->wild) {
        x->kind = PS_LEX_WILDCARD;
        x->raw.len = s->body - start;
    } else {
        x->kind = PS_LEX_PREFIX;
        x->raw.len = s->run - start;
    }
}

/* The ~ behind a word that is raw up to it. */
static void set_fuzzy(ps_lexer *lx, ps_lexeme *x, size_t tilde, size_t end)
{
    bool clamped = false;
    uint32_t n = PS_MAX_FUZZY;
    size_t digits =
        ps_scan_number(lx->text, tilde + 1, PS_MAX_FUZZY, &n, &clamped);
    if (digits == 0)
        n = PS_MAX_FUZZY;
    if (x->kind != PS_LEX_WORD) {
        ps_warn(lx->warnings, tilde, end, "~ is ignored behind a pattern");
        return;
    }
    if (clamped || tilde + 1 + digits != end) {
        ps_warn(lx->warnings, tilde, end,
                "a word may differ by 1 or 2 letters: 2 is taken");
        n = PS_MAX_FUZZY;
    }
    if (n > 0) {
        x->kind = PS_LEX_FUZZY;
        x->number = n;
    }
}

static void set_operator(ps_lexer *lx, ps_lexeme *x)
{
    bool clamped = false;
    x->kind = (uint8_t)operator_kind(x->raw);
    if (x->kind != PS_LEX_NEAR)
        return;
    (void)read_near(x->raw, &x->ordered, &x->number, &clamped);
    if (clamped)
        ps_warn(lx->warnings, x->start, x->end,
                "a distance goes up to 1000: 1000 is taken");
}

void ps_lex_word(ps_lexer *lx, ps_lexeme *x)
{
    size_t start = lx->pos;
    word_scan s = scan_word(lx, start, lx->text.len, false);
    size_t end = s.end;
    x->kind = PS_LEX_WORD;
    x->end = lx->pos = end;
    x->raw = (pc_str){lx->text.ptr + start, end - start};
    if (!x->exact) {
        bool fuzzy = s.tilde != NOWHERE && s.tilde > start;
        if (fuzzy) {
            x->raw.len = s.tilde - start;
            s = scan_word(lx, start, s.tilde, true);
        }
        set_pattern(lx, x, &s);
        if (fuzzy)
            set_fuzzy(lx, x, s.end, end);
    }
    ps_lex_boost(lx, x);
    if (x->kind != PS_LEX_WORD || x->exact || x->raw.len != lx->pos - start ||
        x->sign || x->field)
        goto out;
    /* An operator stands alone: no sign, no boost, nothing cut off. */
    set_operator(lx, x);
out:
    if (x->kind == PS_LEX_WORD && !x->exact &&
        pc_str_eq(x->raw, PC_STR_LIT("*")))
        x->kind = PS_LEX_ALL;
}

/* The slash that ends the expression that begins at `i`; NOWHERE if there is
   none. White space, and parentheses that are not in pairs, are outside. */
static size_t regex_end(pc_str text, size_t i)
{
    size_t open = 0;
    for (; i < text.len && !ps_utf_space(text, i); i++) {
        char c = text.ptr[i];
        if (c == '/')
            return open == 0 ? i : NOWHERE;
        open += c == '(';
        if (c == ')' && open-- == 0)
            return NOWHERE;
        if (c == '\\' && i + 1 < text.len && !ps_utf_space(text, i + 1))
            i++;
    }
    return NOWHERE;
}

bool ps_lex_regex(ps_lexer *lx, ps_lexeme *x)
{
    pc_str text = lx->text;
    size_t start = lx->pos + 1;
    if (!ps_scan_at(text, lx->pos, '/'))
        return false;
    size_t end = regex_end(text, start);
    if (end == NOWHERE || end == start ||
        !(ps_scan_ends_word(text, end + 1) || ps_scan_boost(text, end + 1).len))
        return false;
    x->kind = PS_LEX_REGEX;
    x->raw = (pc_str){text.ptr + start, end - start};
    x->end = lx->pos = end + 1;
    ps_lex_boost(lx, x);
    return true;
}
