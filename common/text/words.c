/*
 * From tokens to words. Most tokens stand alone and pass through. A *chain*
 * is parts with nothing but one mark between each two; it is read as a whole
 * before its parts are given out, since what it is as a whole takes the
 * position of its first part.
 */
#include "common/text/words.h"

#include <string.h>

#include "common/text/acronym.h"
#include "common/text/ident.h"
#include "common/text/spaced.h"
#include "common/text/utf8.h"

/*
 * Two words with a hyphen are often written as one, and are then a word
 * beside their parts: where the first is a prefix, and where both are short.
 * That leaves out most of what nobody writes as one (Washington-based), which
 * would fill the dictionary.
 */
#define COMPOUND_MAX 13u /* bytes, the hyphen among them */
#define PREFIXED_MAX 28u

/* A part of a chain. */
typedef struct part {
    uint32_t start, end;
    char mark; /* before it */
    uint8_t kind, ascii, rule;
} part;

typedef struct chain {
    part v[PC_WORDS_CHAIN];
    uint32_t n;
} chain;

void pc_words_init(pc_words *w, const char *text, size_t len)
{
    pc_tokenizer_init(&w->t, text, len);
    w->has_ahead = false;
    w->pos = 0;
    w->head = 0;
    w->count = 0;
    w->read = pc_marks_get();
    w->window = UINT32_MAX;
}

/* ---- marks -------------------------------------------------------------- */

static bool is_digit(char c)
{
    return (uint8_t)(c - '0') < 10;
}

static bool is_wordish(char c)
{
    return (uint8_t)c >= 0x80 || is_digit(c) ||
           (uint8_t)((c | 0x20) - 'a') < 26;
}

/* Hyphens, the dash that stands for one between numbers and names, and the
   minus sign. */
static bool is_wide_hyphen(const char *p)
{
    static const char *const forms[] = {"\u2010", "\u2011", "\u2013", "\u2212",
                                        "\uFF0D"};
    for (size_t i = 0; i < PC_COUNTOF(forms); i++)
        if (memcmp(p, forms[i], 3) == 0)
            return true;
    return false;
}

/* The length of the mark at `at` if it may join what is before to what is
   behind, else 0; *kind is one of - / @ and dot. */
static uint32_t joining_mark(const char *text, uint32_t len, uint32_t at,
                             char *kind)
{
    uint32_t n = 1;
    if (at + 1 >= len)
        return 0;
    char c = text[at];
    if (PC_UNLIKELY((uint8_t)c >= 0x80)) {
        if (len - at < 4 || !is_wide_hyphen(text + at))
            return 0;
        c = '-';
        n = 3;
    } else if (c != '-' && c != '/' && c != '@' && c != '.') {
        return 0;
    }
    *kind = c;
    return is_wordish(text[at + n]) ? n : 0;
}

/* Is the . or : at `at`, inside a word, a mark between words? */
static bool splits_word(const char *text, uint32_t at)
{
    return (text[at] == '.' || text[at] == ':') &&
           !(is_digit(text[at - 1]) && is_digit(text[at + 1]));
}

/* Single letters with dots between? */
static bool is_acronym(const char *text, uint32_t start, uint32_t end)
{
    const char *p = text + start;
    const char *stop = text + end;
    uint32_t letters = 0;
    while (p < stop) {
        if (is_digit(*p) || *p == '.')
            return false;
        (void)pc_utf8_next(&p, stop);
        letters++;
        if (p < stop && *p++ != '.')
            return false;
    }
    return letters > 1;
}

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
    if (t->kind == PC_TOKEN_NUMBER)
        return (uint32_t)pc_spaced_number(text, t->start);
    return t->kind == PC_TOKEN_WORD && t->end - t->start == 1
               ? (uint32_t)pc_spaced_known(text, t->start)
               : 0;
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
    char mark;
    return t->kind == PC_TOKEN_WORD && !is_digit(text[t->start]) &&
           !(t->end - t->start == 1 && spaced_end(w, t)) &&
           !(t->ascii && pc_acronym_may(text, w->t.len, t->start, t->end) &&
             capitals(text, t->start, t->end) > 1) &&
           !(t->inner && has_mark(text, t)) &&
           !joining_mark(text, w->t.len, t->end, &mark);
}

/* ---- chains ------------------------------------------------------------- */

static void add_part(chain *c, const pc_token *t, uint32_t start, uint32_t end,
                     char mark, enum pc_word_rule rule)
{
    if (c->n == PC_WORDS_CHAIN) {
        /* What is too long stays together. */
        c->v[c->n - 1].end = end;
        return;
    }
    part *p = &c->v[c->n++];
    *p = (part){start, end, mark, t->kind, t->ascii, (uint8_t)rule};
}

/* Adds a token, in parts if marks split it. */
static void add_token(chain *c, const char *text, const pc_token *t, char mark)
{
    uint32_t start = t->start;
    if (t->kind == PC_TOKEN_NUMBER) {
        add_part(c, t, t->start, t->end, mark, PC_RULE_NUMBER);
        return;
    }
    if (t->inner && memchr(text + t->start, '\n', t->end - t->start)) {
        add_part(c, t, t->start, t->end, mark, PC_RULE_DIVIDED);
        return;
    }
    if (t->inner && is_acronym(text, t->start, t->end)) {
        add_part(c, t, t->start, t->end, mark, PC_RULE_ACRONYM);
        return;
    }
    for (uint32_t i = start + 1; t->inner && i + 1 < t->end; i++) {
        if (!splits_word(text, i))
            continue;
        add_part(c, t, start, i, mark, PC_RULE_WORD);
        mark = text[i];
        start = i + 1;
    }
    add_part(c, t, start, t->end, mark, PC_RULE_WORD);
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
static void read_chain(pc_words *w, chain *c, const pc_token *first)
{
    const char *text = w->t.text;
    uint32_t end = first->end;
    pc_token t;
    char mark;
    c->n = 0;
    add_token(c, text, first, '\0');
    for (;;) {
        uint32_t n = joining_mark(text, w->t.len, end, &mark);
        if (n == 0 || c->n >= PC_WORDS_CHAIN || !read_token(w, &t))
            break;
        if (t.start != end + n || t.kind == PC_TOKEN_GRAM) {
            w->ahead = t;
            w->has_ahead = true;
            break;
        }
        add_token(c, text, &t, mark);
        end = t.end;
    }
}

/* ---- what a chain is as a whole ----------------------------------------- */

static void put(pc_words *w, pc_token t)
{
    if (w->count < PC_COUNTOF(w->queue))
        w->queue[w->count++] = t;
}

/* One token of the parts [from, to). */
static pc_token whole(const pc_words *w, const chain *c, uint32_t from,
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

static bool begins_with_digit(const pc_words *w, const part *p)
{
    return is_digit(w->t.text[p->start]);
}

static bool all_digits(const pc_words *w, const part *p)
{
    for (uint32_t i = p->start; i < p->end; i++)
        if (!is_digit(w->t.text[i]))
            return false;
    return true;
}

/* Letters then a number, or a short number then one or two letters. */
static bool is_designator(const pc_words *w, const part *a, const part *b)
{
    uint32_t an = a->end - a->start;
    uint32_t bn = b->end - b->start;
    if (b->mark != '-' || a->rule == PC_RULE_DIVIDED)
        return false;
    if (begins_with_digit(w, a))
        return all_digits(w, a) && an <= 4 && bn <= 2 &&
               !begins_with_digit(w, b);
    return an <= 6 && bn <= 5 && begins_with_digit(w, b);
}

static bool is_prefix(const char *text, const part *p)
{
    static const char prefixes[] =
        " after agro air al all ante anti arch audio auto bi bio by co con "
        "contra counter cross crypto cyber de dis e eco el electro en equi "
        "ethno euro ex extra fore geo hetero hydro hyper in infra inter intra "
        "intro iso macro mal mega meta micro mid mini mis mono multi nano "
        "narco neo neuro non off on out over pan para per petro photo poly "
        "post pre pro proto pseudo psycho quasi re retro semi socio stereo "
        "sub super supra tele techno thermo trans tri turbo ultra un under "
        "uni up vice war web wide ";
    char key[12] = " ";
    size_t n = p->end - p->start;
    if (n > sizeof key - 3 || !p->ascii)
        return false;
    for (size_t i = 0; i < n; i++)
        key[1 + i] = (char)(text[p->start + i] | 0x20);
    key[1 + n] = ' ';
    return strstr(prefixes, key) != NULL;
}

/* Participles are hardly ever joined to what is before them, */
static bool is_participle(const char *text, const part *p)
{
    return p->end - p->start > 3 && memcmp(text + p->end - 2, "ed", 2) == 0;
}

/* and acronyms to nothing. */
static bool is_capital(const char *text, const part *p)
{
    return capitals(text, p->start, p->end) > 1;
}

static bool is_compound(const pc_words *w, const chain *c)
{
    const part *a = &c->v[0];
    const part *b = &c->v[1];
    if (c->n != 2 || begins_with_digit(w, a) || begins_with_digit(w, b) ||
        a->rule == PC_RULE_DIVIDED || b->rule == PC_RULE_DIVIDED)
        return false;
    if (b->mark == '.')
        return b->end - a->start <= 6;
    const char *text = w->t.text;
    uint32_t n = b->end - a->start;
    if (b->mark != '-' || n > PREFIXED_MAX)
        return false;
    return !is_capital(text, a) && !is_capital(text, b) &&
           (is_prefix(text, a) ||
            (n <= COMPOUND_MAX && !is_participle(text, b)));
}

/* Positions of the text [start, end), which begins and ends with a token. */
static uint32_t count_parts(const char *text, uint32_t start, uint32_t end)
{
    pc_words w;
    pc_token t;
    uint32_t n = 0, spaced = 0;
    pc_words_init(&w, text + start, end - start);
    while (pc_tokenizer_next(&w.t, &t)) {
        if (t.start < spaced)
            continue;
        n++;
        spaced = spaced_end(&w, &t);
        if (spaced || !t.inner || t.kind != PC_TOKEN_WORD ||
            is_acronym(text + start, t.start, t.end))
            continue;
        for (uint32_t i = t.start + 1; i + 1 < t.end; i++)
            n += splits_word(text + start, i);
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
        if (!is_digit(text[i]))
            return 0;
    return at + 5;
}

/* An identifier that ends with the first part, a number, or with the whole
   chain: it may begin before. */
static bool put_ident_before(pc_words *w, const chain *c, uint32_t to)
{
    const char *text = w->t.text;
    uint32_t start = c->v[0].start, end = c->v[to - 1].end;
    uint32_t begin = pc_ident_begin(text, start, end);
    if (begin == start) {
        end = year_behind(text, w->t.len, end);
        begin = end ? pc_ident_begin(text, start, end) : start;
    }
    if (begin == start)
        return false;
    uint32_t back = count_parts(text, begin, start);
    if (back > w->pos || back + to > UINT8_MAX)
        return false;
    pc_token t = whole(w, c, 0, to, PC_TOKEN_IDENT, PC_RULE_IDENT);
    t.start = begin;
    t.end = end;
    t.back = (uint8_t)back;
    t.span = (uint8_t)(back + to);
    put(w, t);
    return true;
}

/* The longest identifier at the beginning of the chain: its parts, or 0. */
static uint32_t put_ident(pc_words *w, const chain *c)
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
        put(w, whole(w, c, 0, to, PC_TOKEN_IDENT, PC_RULE_IDENT));
        return to;
    }
    return 0;
}

/* What stands beside part i. */
static void put_beside(pc_words *w, const chain *c, uint32_t i, uint32_t *ident)
{
    if (i == 0 && begins_with_digit(w, &c->v[0]) &&
        (put_ident_before(w, c, c->n) ||
         (c->n > 1 && put_ident_before(w, c, 1))))
        *ident = c->n;
    if (i == 0 && c->n > 1 && *ident == 0)
        *ident = put_ident(w, c);
    if (i + 1 >= c->n || i < *ident)
        return;
    if (is_designator(w, &c->v[i], &c->v[i + 1]))
        put(w, whole(w, c, i, i + 2, PC_TOKEN_JOIN, PC_RULE_DESIGNATOR));
    else if (i == 0 && is_compound(w, c))
        put(w, whole(w, c, 0, 2, PC_TOKEN_JOIN, PC_RULE_COMPOUND));
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
    while (read_token(w, &skipped)) {
        if (skipped.start < end)
            continue;
        w->ahead = skipped;
        w->has_ahead = true;
        break;
    }
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
    chain c;
    uint32_t ident = 0, spaced = spaced_end(w, first);
    if (spaced) {
        put_spaced(w, first, spaced);
        return;
    }
    read_chain(w, &c, first);
    for (uint32_t i = 0; i < c.n; i++) {
        const part *p = &c.v[i];
        pc_token t = whole(w, &c, i, i + 1, (enum pc_token_kind)p->kind,
                           (enum pc_word_rule)p->rule);
        if (c.n > 1 && t.rule == PC_RULE_WORD)
            t.rule = PC_RULE_PART;
        put(w, t);
        put_beside(w, &c, i, &ident);
    }
    if (c.n == 1 && first->kind == PC_TOKEN_WORD && first->ascii &&
        pc_acronym_may(w->t.text, w->t.len, first->start, first->end))
        put_definition(w, first);
    w->pos += c.n;
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
