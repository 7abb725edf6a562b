/*
 * From tokens to words. Most tokens stand alone and pass through. A *chain*
 * is parts with nothing but one mark between each two; it is read as a whole
 * before its parts are given out, since what it is as a whole takes the
 * position of its first part.
 */
#include "common/text/words.h"

#include <string.h>

#include "common/base/simd.h"
#include "common/text/acronym.h"
#include "common/text/ident.h"
#include "common/text/pieces.h"
#include "common/text/spaced.h"
#include "common/text/word_address.h"
#include "common/text/word_chain.h"

static bool has_mark(const char *text, const pc_token *t)
{
    for (uint32_t i = t->start + 1; i + 1 < t->end; i++)
        if ((text[i] == '.' || text[i] == ':' || text[i] == '\n'))
            return true;
    return false;
}

/* Where a word with spaces in it ends that begins with the token; 0: it is
   none. */
static uint32_t spaced_end(const pc_words *w, const pc_token *t)
{
    pc_str text = {w->t.text, w->t.len};
    if (t->kind == PC_TOKEN_NUMBER) {
        char behind = t->end < text.len ? text.ptr[t->end] : ' ';
        size_t end = behind == '[' ? pc_spaced_host(text, t->start)
                     : behind == '\'' || behind == '\xE2'
                         ? pc_spaced_decade(text, t->start)
                         : 0;
        return (uint32_t)(end ? end : pc_spaced_number(text, t->start));
    }
    return t->kind == PC_TOKEN_WORD && t->end - t->start == 1
               ? (uint32_t)pc_spaced_known(text, t->start)
               : 0;
}

/* Signs that belong to the name of a programming language, or to an N that says
   "number": *start and *end are where the token does with them. C++, C#, F#,
   .NET, N°. */
static bool has_sign(const pc_words *w, const pc_token *t, uint32_t *start,
                     uint32_t *end)
{
    const char *text = w->t.text + t->start;
    uint32_t n = t->end - t->start, left = w->t.len - t->end;
    bool before = t->start == 0 || !pc_chain_wordish(text[-1]);
    *start = t->start;
    *end = t->end;
    if (n == 3) {
        *start -= t->start > 0;
        return t->start > 0 && text[-1] == '.' && text[0] == 'N' &&
               (text[1] | 0x20) == 'e' && (text[2] | 0x20) == 't' &&
               (t->start == 1 || !pc_chain_wordish(text[-2]));
    }
    if (n != 1 || left == 0 || !before)
        return false;
    if ((text[0] | 0x20) == 'n' && left > 1 &&
        memcmp(text + 1, "\u00B0", 2) == 0) {
        *end += 2; /* N° 5 */
        return true;
    }
    bool twice = left > 1 && text[1] == '+' && text[2] == '+';
    bool sharp = text[1] == '#' && strchr("cfjCFJ", text[0]);
    *end += twice ? 2 : 1;
    return ((twice && strchr("cC", text[0])) || sharp) &&
           (*end == w->t.len || !pc_chain_wordish(w->t.text[*end]));
}

/* One letter may begin a word with spaces in it or have signs behind it; Net
   one before it. */
static bool is_odd(const pc_words *w, const pc_token *t)
{
    uint32_t start, end, n = t->end - t->start;
    if (n == 1)
        return spaced_end(w, t) || has_sign(w, t, &start, &end);
    return n == 3 && w->t.text[t->start] == 'N' && has_sign(w, t, &start, &end);
}

static uint32_t capitals(const char *text, uint32_t start, uint32_t end)
{
    uint32_t n = 0;
    for (uint32_t i = start; i < end; i++)
        n += (uint8_t)(text[i] - 'A') < 26;
    return n;
}

static bool is_plain(const pc_words *w, const pc_token *t)
{
    const char *text = w->t.text;
    return t->kind == PC_TOKEN_WORD && !pc_chain_digit(text[t->start]) &&
           !(t->end - t->start <= 3 && is_odd(w, t)) &&
           !(t->ascii && pc_acronym_may(text, w->t.len, t->start, t->end) &&
             capitals(text, t->start, t->end) > 1) &&
           !(t->inner && has_mark(text, t)) &&
           !pc_chain_may(text, w->t.len, t->end);
}

static bool read_token(pc_words *w, pc_token *t)
{
    if (!w->has_ahead)
        return pc_tokenizer_next(&w->t, t);
    *t = w->ahead;
    w->has_ahead = false;
    return true;
}

/* Reads the chain that begins with the token. */
static void read_chain(pc_words *w, pc_chain *c, const pc_token *first)
{
    const char *text = w->t.text;
    uint32_t end = first->end;
    pc_token t;
    char mark;
    c->n = 0;
    c->celex = false;
    pc_chain_add(c, text, w->t.len, first, '\0');
    while (!c->celex) {
        uint32_t n = pc_chain_mark(text, w->t.len, end, &mark);
        if (n == 0 || c->n >= PC_WORDS_CHAIN || !read_token(w, &t))
            break;
        if (t.start != end + n || t.kind == PC_TOKEN_GRAM) {
            w->ahead = t;
            w->has_ahead = true;
            break;
        }
        pc_chain_add(c, text, w->t.len, &t, mark);
        end = t.end;
    }
}

static bool begins_with_digit(const pc_words *w, const pc_part *p)
{
    return pc_chain_digit(w->t.text[p->start]);
}

/* ---- what stands beside a chain ----------------------------------------- */

static void put(pc_words *w, pc_token t)
{
    if (w->count < PC_COUNTOF(w->queue))
        w->queue[w->count++] = t;
}

/* One token of the parts [from, to). */
static pc_token whole(const pc_words *w, const pc_chain *c, uint32_t from,
                      uint32_t to, enum pc_token_kind kind,
                      enum pc_word_rule rule)
{
    bool ascii = true;
    for (uint32_t i = from; i < to; i++)
        ascii &= c->v[i].ascii;
    return (pc_token){.start = c->v[from].start,
                      .end = c->v[to - 1].end,
                      .pos = w->pos + from,
                      .kind = (uint8_t)kind,
                      .ascii = ascii,
                      .span = (uint8_t)(to - from),
                      .rule = (uint8_t)rule};
}

/* Positions that a token takes beyond its first and what splits it: those of
   a percent sign behind a number, of a number of EUR-Lex its parts. */
static uint32_t number_more(const pc_words *w, const pc_token *t, uint32_t end)
{
    size_t start;
    if (t->kind == PC_TOKEN_NUMBER)
        return pc_percent_behind((pc_str){w->t.text, w->t.len}, end, &start) >
               0;
    pc_str raw = {w->t.text + t->start, t->end - t->start};
    return t->ascii && pc_ident_celex(raw) ? PC_CELEX_PARTS - 1 : 0;
}

/* Positions of the text [start, end), which begins and ends with a token. */
static uint32_t count_parts(const char *text, uint32_t start, uint32_t end)
{
    pc_words w;
    pc_token t;
    uint32_t n = 0, spaced = 0;
    bool chained = false; /* to the word before */
    char mark;
    pc_words_init(&w, text + start, end - start);
    while (pc_tokenizer_next(&w.t, &t)) {
        if (t.start < spaced)
            continue;
        n++;
        spaced = spaced_end(&w, &t);
        n += number_more(&w, &t, spaced ? spaced : t.end);
        n += !spaced && t.ascii && !chained &&
             pc_chain_glued(w.t.text, w.t.len, t.start, t.end) > 0;
        chained = pc_chain_mark(w.t.text, w.t.len, t.end, &mark) > 0;
        if (spaced || !t.inner || t.kind != PC_TOKEN_WORD ||
            pc_chain_is_acronym(text + start, t.start, t.end))
            continue;
        for (uint32_t i = t.start + 1; i + 1 < t.end; i++)
            n += pc_chain_splits(text + start, i);
    }
    return n;
}

/* The end of a year that stands in parentheses behind `at`, 0 for none. */
static uint32_t year_behind(const char *text, uint32_t len, uint32_t at)
{
    at += at < len && text[at] == ' ';
    if (len < 6 || at > len - 6 || text[at] != '(' || text[at + 5] != ')' ||
        (text[at + 1] != '1' && text[at + 1] != '2'))
        return 0;
    for (uint32_t i = at + 2; i < at + 5; i++)
        if (!pc_chain_digit(text[i]))
            return 0;
    return at + 5;
}

/* An identifier that ends with the first part, a number, or with the whole
   chain: it may begin before. */
static bool put_ident_before(pc_words *w, const pc_chain *c, uint32_t to)
{
    const char *text = w->t.text;
    uint32_t start = c->v[0].start, end = c->v[to - 1].end;
    uint32_t begin = pc_ident_begin(text, start, end);
    uint32_t year = year_behind(text, w->t.len, end);
    uint32_t dated = year ? pc_ident_begin(text, start, year) : start;
    if (dated < start) { /* resolution 1929 (2010) */
        begin = dated;
        end = year;
    }
    if (begin == start)
        return false;
    uint32_t back = count_parts(text, begin, start);
    if (back > w->pos || back + to >= UINT8_MAX)
        return false;
    pc_token t = whole(w, c, 0, to, PC_TOKEN_IDENT, PC_RULE_IDENT);
    t.start = begin;
    t.end = end;
    t.back = (uint8_t)back;
    t.span = (uint8_t)(back + to + (end == year));
    put(w, t);
    return true;
}

/* A day of which the number is the last, with a sign behind it. */
static bool put_eastern(pc_words *w, const pc_chain *c)
{
    const char *text = w->t.text;
    uint32_t start = c->v[0].start, end = c->v[0].end, stop;
    if (c->n > 1 || end == w->t.len || (uint8_t)text[end] < 0xE0)
        return false;
    uint32_t begin =
        pc_ident_eastern((pc_str){text, w->t.len}, start, end, &stop);
    uint32_t back = begin < start ? count_parts(text, begin, start) : 0;
    if (back == 0 || back > w->pos)
        return false;
    pc_token t = whole(w, c, 0, 1, PC_TOKEN_IDENT, PC_RULE_IDENT);
    t.start = begin;
    t.end = stop;
    t.ascii = 0;
    t.back = (uint8_t)back;
    t.span = (uint8_t)(back + 2);
    put(w, t);
    return true;
}

/* The longest identifier at the beginning of the chain: its parts, or 0. */
static uint32_t put_ident(pc_words *w, const pc_chain *c)
{
    char key[PC_IDENT_MAX];
    bool maybe = false;
    for (uint32_t i = 0; i < c->n; i++)
        maybe |= begins_with_digit(w, &c->v[i]) || c->v[i].mark == '@' ||
                 c->v[i].mark == '.' || c->v[i].mark == '/';
    if (!maybe)
        return 0;
    for (uint32_t to = c->n; to > 1; to--) {
        pc_str raw = {w->t.text + c->v[0].start,
                      c->v[to - 1].end - c->v[0].start};
        if (!pc_ident_key(raw, key))
            continue;
        pc_token t = whole(w, c, 0, to, PC_TOKEN_IDENT, PC_RULE_IDENT);
        uint32_t end = to == c->n ? year_behind(w->t.text, w->t.len, t.end) : 0;
        raw.len = end > t.end ? end - t.start : 0;
        if (raw.len && pc_ident_key(raw, key)) {
            t.end = end; /* S/RES/1929 (2010) */
            t.span++;
        }
        put(w, t);
        return to;
    }
    return 0;
}

/* ---- addresses ---------------------------------------------------------- */

static void put_address(pc_words *w, const pc_chain *c, const pc_chain_place *a)
{
    const pc_part *p = &c->v[a->part];
    pc_token t =
        whole(w, c, a->part, a->part + 1, PC_TOKEN_IDENT, PC_RULE_IDENT);
    uint32_t span = count_parts(w->t.text, a->start, a->end);
    uint32_t back =
        a->start < p->start ? count_parts(w->t.text, a->start, p->start) : 0;
    if (span < 2 || span > UINT8_MAX || back > t.pos || back >= span)
        return;
    t.start = a->start;
    t.end = a->end;
    t.span = (uint8_t)span;
    t.back = (uint8_t)back;
    w->address = a->end;
    put(w, t);
}

/* What stands beside part i. */
static void put_beside(pc_words *w, const pc_chain *c, uint32_t i,
                       uint32_t *ident)
{
    if (i == 0 && *ident == 0 && begins_with_digit(w, &c->v[0]) &&
        (put_eastern(w, c) || put_ident_before(w, c, c->n) ||
         (c->n > 1 && put_ident_before(w, c, 1))))
        *ident = c->n;
    if (i == 0 && c->n > 1 && *ident == 0)
        *ident = put_ident(w, c);
    if (i + 1 >= c->n || i < *ident)
        return;
    if (pc_chain_is_designator(w->t.text, &c->v[i], &c->v[i + 1]))
        put(w, whole(w, c, i, i + 2, PC_TOKEN_JOIN, PC_RULE_DESIGNATOR));
    else if (i == 0 && pc_chain_is_compound(w->t.text, c))
        put(w, whole(w, c, 0, 2, PC_TOKEN_JOIN, PC_RULE_COMPOUND));
}

/* The percent sign behind a number that ends at `end`, at w->pos. */
static void put_percent(pc_words *w, uint32_t end)
{
    size_t start,
        stop = pc_percent_behind((pc_str){w->t.text, w->t.len}, end, &start);
    if (stop)
        put(w, (pc_token){.start = (uint32_t)start,
                          .end = (uint32_t)stop,
                          .pos = w->pos++,
                          .kind = PC_TOKEN_WORD,
                          .span = 1,
                          .rule = PC_RULE_SIGN});
}

/* The parts of a number of EUR-Lex, and the act it is beside them: 32016R0679
   is (EU) 2016/679. */
static void put_celex(pc_words *w, const pc_chain *c, bool inside)
{
    pc_token t;
    for (uint32_t i = 0; i < c->n; i++) {
        const pc_part *p = &c->v[i];
        put(w, whole(w, c, i, i + 1, (enum pc_token_kind)p->kind,
                     (enum pc_word_rule)p->rule));
        if (i == 0 && !inside)
            put(w,
                whole(w, c, 0, PC_CELEX_PARTS, PC_TOKEN_IDENT, PC_RULE_IDENT));
        if (i != 1 || inside)
            continue;
        char key[PC_IDENT_MAX];
        t = whole(w, c, 1, PC_CELEX_PARTS, PC_TOKEN_IDENT, PC_RULE_IDENT);
        if (pc_ident_key((pc_str){w->t.text + t.start, t.end - t.start}, key))
            put(w, t);
    }
    w->pos += c->n;
}

/* A word with spaces in it, up to `end`. */
static void put_spaced(pc_words *w, const pc_token *first, uint32_t end)
{
    pc_token t = *first, skipped;
    t.end = end;
    t.pos = w->pos++;
    t.ascii = 0;
    t.span = 1;
    t.back = 0;
    t.rule = t.kind == PC_TOKEN_NUMBER ? PC_RULE_NUMBER : PC_RULE_ACRONYM;
    put(w, t);
    if (t.kind == PC_TOKEN_NUMBER)
        put_percent(w, end);
    while (read_token(w, &skipped)) {
        if (skipped.start < end)
            continue;
        w->ahead = skipped;
        w->has_ahead = true;
        break;
    }
}

/* A word with signs, from `start` to `end`. */
static void put_sign(pc_words *w, const pc_token *word, uint32_t start,
                     uint32_t end)
{
    pc_token t = *word;
    t.start = start;
    t.end = end;
    t.pos = w->pos++;
    t.ascii = 0;
    t.span = 1;
    t.back = 0;
    t.rule = PC_RULE_SIGN;
    put(w, t);
}

/* Passes over the s of U.S.'s, which stands behind the last dot, and of
   F-16's. */
static void skip_possessive(pc_words *w, const pc_chain *c)
{
    const pc_part *last = &c->v[c->n - 1];
    pc_str text = {w->t.text, w->t.len};
    bool acronym = last->rule == PC_RULE_ACRONYM && last->end < text.len &&
                   text.ptr[last->end] == '.';
    if (!acronym && last->kind != PC_TOKEN_NUMBER)
        return;
    size_t end = pc_spaced_possessive(text, last->end + acronym);
    pc_token t;
    if (end == 0 || !read_token(w, &t) || t.end == end)
        return;
    w->ahead = t;
    w->has_ahead = true;
}

/* The definition of the acronym that was put before, at w->pos. */
static void put_definition(pc_words *w, const pc_token *acronym)
{
    pc_str text = {w->t.text, w->t.len};
    size_t from, to;
    if (!pc_acronym_find(text, acronym->start, acronym->end, &from, &to))
        return;
    uint32_t start = from < acronym->start ? (uint32_t)from : acronym->end;
    uint32_t end = from < acronym->start ? acronym->start : (uint32_t)to;
    uint32_t others = count_parts(text.ptr, start, end);
    if (others >= PC_WORDS_CHAIN || (start == from && others > w->pos))
        return;
    pc_token t = *acronym;
    t.start = (uint32_t)from;
    t.end = (uint32_t)to;
    t.pos = w->pos;
    t.ascii = 0;
    t.kind = PC_TOKEN_IDENT;
    t.span = (uint8_t)(1 + others);
    t.back = from < acronym->start ? (uint8_t)others : 0;
    t.rule = PC_RULE_DEFINITION;
    put(w, t);
}

static PC_NOINLINE void put_chain(pc_words *w, const pc_token *first)
{
    pc_chain c;
    pc_chain_place a;
    uint32_t ident = 0, start, end, spaced = spaced_end(w, first);
    if (spaced) {
        put_spaced(w, first, spaced);
        return;
    }
    if (has_sign(w, first, &start, &end)) {
        put_sign(w, first, start, end);
        return;
    }
    read_chain(w, &c, first);
    bool inside = first->start < w->address;
    if (c.celex) {
        put_celex(w, &c, inside);
        return;
    }
    bool found =
        !inside && pc_chain_address((pc_str){w->t.text, w->t.len}, &c, &a);
    if (found || inside)
        ident = c.n; /* what an address holds is nothing else */
    for (uint32_t i = 0; i < c.n; i++) {
        const pc_part *p = &c.v[i];
        pc_token t = whole(w, &c, i, i + 1, (enum pc_token_kind)p->kind,
                           (enum pc_word_rule)p->rule);
        if (c.n > 1 && t.rule == PC_RULE_WORD)
            t.rule = PC_RULE_PART;
        put(w, t);
        if (found && a.part == i)
            put_address(w, &c, &a);
        put_beside(w, &c, i, &ident);
    }
    if (c.n == 1 && first->kind == PC_TOKEN_WORD && first->ascii &&
        pc_acronym_may(w->t.text, w->t.len, first->start, first->end))
        put_definition(w, first);
    w->pos += c.n;
    if (c.v[c.n - 1].kind == PC_TOKEN_NUMBER)
        put_percent(w, c.v[c.n - 1].end);
    skip_possessive(w, &c);
}

/* ---- scripts without spaces --------------------------------------------- */

static void put_char(pc_words *w, pc_token t, uint32_t start, uint32_t end)
{
    t.start = start;
    t.end = end;
    t.pos = w->pos++;
    t.span = 1;
    t.rule = PC_RULE_CHAR;
    put(w, t);
}

static PC_NOINLINE void put_gram(pc_words *w, const pc_token *gram)
{
    pc_token t = *gram;
    uint32_t second = w->t.gram; /* where its second character begins */
    t.back = 0;
    if (second == t.start) { /* there is none */
        put_char(w, t, t.start, t.end);
        return;
    }
    put_char(w, t, t.start, second);
    t.pos = w->pos - 1;
    t.span = 2;
    t.rule = PC_RULE_PAIR;
    put(w, t);
    if (!w->t.in_run)
        put_char(w, t, second, t.end);
}

/* ---- all ---------------------------------------------------------------- */

void pc_words_init(pc_words *w, const char *text, size_t len)
{
    pc_tokenizer_init(&w->t, text, len);
    w->has_ahead = false;
    w->pos = 0;
    w->address = 0;
    w->head = 0;
    w->count = 0;
    w->read = pc_marks_at(pc_simd_level());
    w->window = UINT32_MAX;
    /* Whoever asks for nothing but the sign means the word it is elsewhere. */
    if (len == 1 && text[0] == '%')
        put_percent(w, 0);
}

bool pc_words_next(pc_words *w, pc_token *tok)
{
    if (w->head == w->count) {
        if (!read_token(w, tok))
            return false;
        if (PC_LIKELY(is_plain(w, tok))) {
            tok->pos = w->pos++;
            tok->span = 1;
            tok->back = 0;
            tok->rule = PC_RULE_WORD;
            return true;
        }
        w->head = 0;
        w->count = 0;
        if (tok->kind == PC_TOKEN_GRAM)
            put_gram(w, tok);
        else
            put_chain(w, tok);
    }
    *tok = w->queue[w->head++];
    return true;
}

const char *pc_word_rule_name(enum pc_word_rule rule)
{
    switch (rule) {
    case PC_RULE_WORD: return "word";
    case PC_RULE_NUMBER: return "number";
    case PC_RULE_ACRONYM: return "acronym";
    case PC_RULE_SIGN: return "sign";
    case PC_RULE_DIVIDED: return "divided";
    case PC_RULE_PART: return "part";
    case PC_RULE_COMPOUND: return "compound";
    case PC_RULE_DESIGNATOR: return "designator";
    case PC_RULE_IDENT: return "identifier";
    case PC_RULE_DEFINITION: return "definition";
    case PC_RULE_PAIR: return "pair";
    case PC_RULE_CHAR: return "character";
    }
    return "";
}
