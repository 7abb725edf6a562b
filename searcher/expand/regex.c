/*
 * Regular expressions to position automata: recursive descent over the text,
 * one pass, bounded by depth, places and steps.
 */
#include "common/base/fail.h"
#include "common/text/utf8.h"
#include "searcher/expand/glushkov.h"
#include "searcher/expand/key_fold.h"
#include "searcher/expand/pattern.h"

#define DEPTH_MAX 64u
#define COUNT_MAX 255u
/* Atoms read, those read again for a count too. */
#define STEPS_MAX 20000u
/* Longer ranges of characters are not folded one by one. */
#define FOLD_RANGE 512u
#define SPANS_MAX 600u /* more than FOLD_RANGE */

typedef struct span {
    uint32_t low, high;
} span;

typedef struct regex {
    ps_positions p;
    pc_str text;
    size_t at;
    uint32_t depth;
    uint32_t steps;
    span spans[SPANS_MAX]; /* of the class being read, by `low` */
    uint32_t n_spans;
    int rc; /* sticky */
    parasol_error *err;
} regex;

static void refuse(regex *r, size_t at, const char *why)
{
    if (!r->rc)
        r->rc = pc_fail_at(r->err, PARASOL_QUERY, at, "%s", why);
}

static bool more(const regex *r)
{
    return !r->rc && r->at < r->text.len;
}

static bool peek(const regex *r, char c)
{
    return more(r) && r->text.ptr[r->at] == c;
}

static bool take(regex *r, char c)
{
    bool is = peek(r, c);
    r->at += is;
    return is;
}

static uint32_t take_cp(regex *r)
{
    const char *p = r->text.ptr + r->at;
    uint32_t cp = pc_utf8_next(&p, r->text.ptr + r->text.len);
    r->at = (size_t)(p - r->text.ptr);
    return cp;
}

/* What `cp` folds to. */
static uint32_t *fold(regex *r, uint32_t cp, uint32_t *n)
{
    char bytes[PC_UTF8_MAX];
    uint32_t *cps;
    size_t len = pc_utf8_encode(cp, bytes);
    if (ps_fold_text((pc_str){bytes, len}, r->p.arena->mem, r->p.arena, &cps,
                     n)) {
        r->rc = pc_fail_nomem(r->err);
        return NULL;
    }
    return cps;
}

static ps_fragment literal(regex *r, uint32_t cp)
{
    uint32_t n = 1, plain = cp - 'A' < 26 ? cp | 0x20 : cp, *cps = &plain;
    ps_fragment all = ps_empty();
    if (cp >= 128)
        cps = fold(r, cp, &n);
    for (uint32_t i = 0; cps && i < n; i++) {
        ps_fragment one = ps_place(&r->p);
        ps_place_add(&r->p, cps[i], cps[i]);
        all = ps_concat(&r->p, &all, &one);
    }
    return all;
}

/* ---- classes ------------------------------------------------------------ */

static void add_span(regex *r, uint32_t low, uint32_t high)
{
    if (r->n_spans == SPANS_MAX) {
        refuse(r, r->at, "the class has too many characters");
        return;
    }
    uint32_t i = r->n_spans++;
    for (; i > 0 && r->spans[i - 1].low > low; i--)
        r->spans[i] = r->spans[i - 1];
    r->spans[i] = (span){low, high};
}

static void add_folded(regex *r, uint32_t low, uint32_t high)
{
    for (uint32_t cp = low; cp <= high && !r->rc; cp++) {
        uint32_t n = 1, plain = cp - 'A' < 26 ? cp | 0x20 : cp, *cps = &plain;
        if (cp >= 128)
            cps = fold(r, cp, &n);
        if (cps && n == 1)
            add_span(r, *cps, *cps);
    }
}

/* \d, \w and what they are not; false if `c` is none of them. */
static bool add_known(regex *r, char c)
{
    switch (c) {
    case 'd': add_span(r, '0', '9'); return true;
    case 'D':
        add_span(r, 0, '0' - 1);
        add_span(r, '9' + 1, PS_CP_MAX);
        return true;
    case 'w':
        add_span(r, '0', '9');
        add_span(r, 'a', 'z');
        add_span(r, 0x80, PS_CP_MAX);
        return true;
    case 'W':
        add_span(r, 0, '0' - 1);
        add_span(r, '9' + 1, 'a' - 1);
        add_span(r, 'z' + 1, 0x7F);
        return true;
    default: return false;
    }
}

static bool is_word_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* The character behind a backslash, which stands for itself. */
static uint32_t escaped(regex *r)
{
    if (!more(r) || is_word_char(r->text.ptr[r->at])) {
        refuse(r, r->at, "\\ stands before d, w, D, W or a sign");
        return 0;
    }
    return take_cp(r);
}

static void class_item(regex *r)
{
    size_t start = r->at;
    if (take(r, '\\')) {
        if (more(r) && add_known(r, r->text.ptr[r->at])) {
            r->at++;
            return;
        }
        uint32_t cp = escaped(r);
        add_folded(r, cp, cp);
        return;
    }
    uint32_t low = take_cp(r), high = low;
    if (peek(r, '-') && r->at + 1 < r->text.len &&
        r->text.ptr[r->at + 1] != ']') {
        r->at++;
        high = take(r, '\\') ? escaped(r) : take_cp(r);
    }
    if (high < low)
        refuse(r, start, "a range ends before it begins");
    else if (high - low < FOLD_RANGE)
        add_folded(r, low, high);
    else
        add_span(r, low, high);
}

/* A place that reads the spans, or all else. */
static ps_fragment place_of(regex *r, bool inverse)
{
    ps_fragment f = ps_place(&r->p);
    uint32_t from = 0; /* behind what is covered */
    for (uint32_t i = 0; i < r->n_spans; i++) {
        uint32_t low = r->spans[i].low, high = r->spans[i].high;
        if (!inverse)
            ps_place_add(&r->p, low, high);
        else if (low > from)
            ps_place_add(&r->p, from, low - 1);
        if (high >= from)
            from = high + 1;
    }
    if (inverse && from <= PS_CP_MAX)
        ps_place_add(&r->p, from, PS_CP_MAX);
    return f;
}

static ps_fragment class(regex *r)
{
    size_t start = r->at - 1;
    r->n_spans = 0;
    bool inverse = take(r, '^');
    do {
        if (!more(r)) {
            refuse(r, start, "the class is not closed");
            break;
        }
        class_item(r);
    } while (!take(r, ']'));
    return place_of(r, inverse);
}

/* ---- expressions -------------------------------------------------------- */

static ps_fragment expression(regex *r);

static ps_fragment atom(regex *r)
{
    size_t start = r->at;
    r->n_spans = 0;
    if (++r->steps > STEPS_MAX)
        refuse(r, start, "the expression repeats too much");
    if (r->rc)
        return ps_empty();
    if (take(r, '(')) {
        if (peek(r, '?')) {
            r->at++;
            if (!take(r, ':'))
                refuse(r, start, "behind (? only : is known");
        }
        if (++r->depth > DEPTH_MAX)
            refuse(r, start, "the expression is nested too deep");
        ps_fragment f = r->rc ? ps_empty() : expression(r);
        r->depth--;
        if (!take(r, ')'))
            refuse(r, start, "the parenthesis is not closed");
        return f;
    }
    if (take(r, '['))
        return class(r);
    if (take(r, '.')) {
        add_span(r, 0, PS_CP_MAX);
        return place_of(r, false);
    }
    if (take(r, '\\')) {
        if (more(r) && add_known(r, r->text.ptr[r->at])) {
            r->at++;
            return place_of(r, false);
        }
        return literal(r, escaped(r));
    }
    if (peek(r, '*') || peek(r, '+') || peek(r, '?') || peek(r, '{'))
        refuse(r, start, "nothing stands here that could be repeated");
    return r->rc ? ps_empty() : literal(r, take_cp(r));
}

static uint32_t number(regex *r)
{
    uint32_t n = 0;
    size_t start = r->at;
    while (more(r) && r->text.ptr[r->at] >= '0' && r->text.ptr[r->at] <= '9') {
        n = n * 10 + (uint32_t)(r->text.ptr[r->at++] - '0');
        if (n > COUNT_MAX) {
            refuse(r, start, "a count goes to 255");
            return 0;
        }
    }
    if (r->at == start)
        refuse(r, start, "a count is missing");
    return n;
}

/* How often a piece may occur; `most` UINT32_MAX: without end. */
typedef struct count {
    uint32_t least, most;
} count;

/* Reads what may stand behind an atom; false if nothing does. */
static bool take_count(regex *r, count *c)
{
    size_t start = r->at;
    if (take(r, '*')) {
        *c = (count){0, UINT32_MAX};
    } else if (take(r, '+')) {
        *c = (count){1, UINT32_MAX};
    } else if (take(r, '?')) {
        *c = (count){0, 1};
    } else if (take(r, '{')) {
        c->least = c->most = number(r);
        if (take(r, ','))
            c->most = peek(r, '}') ? UINT32_MAX : number(r);
        if (!take(r, '}'))
            refuse(r, start, "the count is not closed");
        else if (c->most < c->least)
            refuse(r, start, "the second count is below the first");
    } else {
        return false;
    }
    return !r->rc;
}

/* The atom at `start`, which was read as `one`, as often as it says: places
   cannot be used twice, so it is read again. */
static ps_fragment counted(regex *r, size_t start, ps_fragment one, count c)
{
    size_t end = r->at;
    ps_fragment all = ps_empty();
    uint32_t copies = c.most != UINT32_MAX ? c.most : c.least ? c.least : 1;
    if (c.most == 0)
        return all;
    for (uint32_t i = 0; i < copies && !r->rc && !r->p.too_large; i++) {
        if (i > 0) {
            r->at = start;
            one = atom(r);
        }
        if (c.most == UINT32_MAX && i + 1 == copies)
            one = ps_repeat(&r->p, &one);
        one.nullable |= i >= c.least;
        all = ps_concat(&r->p, &all, &one);
    }
    r->at = end;
    return all;
}

static ps_fragment piece(regex *r)
{
    size_t start = r->at;
    count c;
    ps_fragment f = atom(r);
    if (take_count(r, &c))
        f = counted(r, start, f, c);
    if (peek(r, '*') || peek(r, '+') || peek(r, '?') || peek(r, '{'))
        refuse(r, r->at, "a repetition cannot be repeated: use parentheses");
    return f;
}

static ps_fragment branch(regex *r)
{
    ps_fragment all = ps_empty();
    while (more(r) && !peek(r, '|') && !peek(r, ')') && !r->p.too_large) {
        ps_fragment one = piece(r);
        all = ps_concat(&r->p, &all, &one);
    }
    return all;
}

/* Recursion is bounded by DEPTH_MAX. */
static ps_fragment expression(regex *r)
{
    ps_fragment all = branch(r);
    while (take(r, '|') && !r->p.too_large) {
        ps_fragment one = branch(r);
        all = ps_either(&all, &one);
    }
    return all;
}

int ps_regex_compile(const ps_machine **out, pc_str text, pc_arena *arena,
                     parasol_error *err)
{
    regex r = {.text = text, .err = err};
    if (ps_positions_init(&r.p, arena))
        return pc_fail_nomem(err);
    ps_fragment all = expression(&r);
    if (r.p.too_large)
        return pc_fail_at(err, PARASOL_QUERY, 0,
                          "the expression has more than %u places",
                          PS_POSITIONS_MAX);
    if (!r.rc && r.at < text.len)
        refuse(&r, r.at, "no parenthesis is open that this could close");
    if (r.rc)
        return r.rc;
    *out = ps_positions_machine(&r.p, &all);
    return *out ? PARASOL_OK : pc_fail_nomem(err);
}
