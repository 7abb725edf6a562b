/*
 * Patterns, obviously.
 */
#include "tests/support/naive_pattern.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/text/utf8.h"
#include "searcher/expand/key_fold.h"

/* Longest word looked at, in code points; more than a dictionary holds. */
#define LONG 800u

typedef struct cps {
    uint32_t v[LONG];
    uint32_t n;
} cps;

static void fold(pc_str text, cps *out)
{
    pc_arena arena;
    uint32_t *v, n = 0;
    out->n = 0;
    if (text.len == 0)
        return;
    pc_arena_init(&arena, NULL, 0);
    if (ps_fold_text(text, NULL, &arena, &v, &n) || n > LONG) {
        (void)fprintf(stderr, "the oracle cannot fold\n");
        exit(99);
    }
    memcpy(out->v, v, n * sizeof *v);
    out->n = n;
    pc_arena_release(&arena);
}

/* ---- edits -------------------------------------------------------------- */

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

uint32_t naive_edits(const uint32_t *a, uint32_t n, const uint32_t *b,
                     uint32_t m)
{
    static uint32_t d[LONG + 1][LONG + 1];
    for (uint32_t i = 0; i <= n; i++) {
        for (uint32_t j = 0; j <= m; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            d[i][j] = least(d[i][j], d[i - 1][j] + 1);
            d[i][j] = least(d[i][j], d[i][j - 1] + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[n][m];
}

/* ---- wildcards ---------------------------------------------------------- */

static bool same_text(const cps *text, const cps *word, uint32_t at)
{
    return word->n - at >= text->n &&
           memcmp(word->v + at, text->v, text->n * sizeof *text->v) == 0;
}

static bool wildcard(pc_str p, const cps *word, uint32_t at)
{
    cps text;
    size_t i = 0;
    if (p.len == 0)
        return at == word->n;
    if (p.ptr[0] == '*') {
        for (; at <= word->n; at++)
            if (wildcard((pc_str){p.ptr + 1, p.len - 1}, word, at))
                return true;
        return false;
    }
    if (p.ptr[0] == '?')
        return at < word->n &&
               wildcard((pc_str){p.ptr + 1, p.len - 1}, word, at + 1);
    if (p.len > 1 && p.ptr[0] == '\\' && strchr("*?\\", p.ptr[1])) {
        fold((pc_str){p.ptr + 1, 1}, &text);
        i = 2;
    } else {
        for (i = 1; i < p.len && !strchr("*?\\", p.ptr[i]);)
            i++;
        fold((pc_str){p.ptr, i}, &text);
    }
    return same_text(&text, word, at) &&
           wildcard((pc_str){p.ptr + i, p.len - i}, word, at + text.n);
}

/* ---- regular expressions ------------------------------------------------ */

/* Where a match may be at, in the word. */
typedef struct places {
    bool at[LONG + 1];
} places;

static bool any(const places *p, const cps *word)
{
    return memchr(p->at, 1, word->n + 1) != NULL;
}

static void join(places *to, const places *from, const cps *word)
{
    for (uint32_t i = 0; i <= word->n; i++)
        to->at[i] |= from->at[i];
}

static places nowhere(const cps *word)
{
    places p;
    memset(p.at, 0, word->n + 1);
    return p;
}

typedef struct matcher {
    const char *p, *end;
    const cps *word;
} matcher;

static places alternatives(matcher *m, places from);

static uint32_t take_cp(matcher *m)
{
    return pc_utf8_next(&m->p, m->end);
}

/* For classes, in which characters that fold to several mean nothing. */
static uint32_t low(uint32_t cp)
{
    static cps one;
    char bytes[PC_UTF8_MAX];
    fold((pc_str){bytes, pc_utf8_encode(cp, bytes)}, &one);
    return one.n == 1 ? one.v[0] : UINT32_MAX;
}

static bool known_class(char c, uint32_t cp, bool *in)
{
    bool digit = cp >= '0' && cp <= '9';
    bool word = digit || (cp >= 'a' && cp <= 'z') || cp > 127;
    *in = c == 'd' ? digit : c == 'D' ? !digit : c == 'w' ? word : !word;
    return c == 'd' || c == 'D' || c == 'w' || c == 'W';
}

/* Whether `cp` is in the class behind [; m->p moves behind the ]. */
static bool in_class(matcher *m, uint32_t cp)
{
    bool not = m->p < m->end && *m->p == '^', found = false, in;
    m->p += not ;
    do {
        if (*m->p == '\\' && known_class(m->p[1], cp, &in)) {
            found |= in;
            m->p += 2;
            continue;
        }
        m->p += *m->p == '\\';
        uint32_t a = take_cp(m), b = a;
        if (*m->p == '-' && m->p[1] != ']') {
            m->p++;
            m->p += *m->p == '\\';
            b = take_cp(m);
        }
        for (uint32_t c = a; c <= b; c++)
            found |= low(c) == cp;
    } while (*m->p != ']');
    m->p++;
    return found != not ;
}

/* One code point by `accepts` at m->p; moves behind the atom. */
static places one(matcher *m, places from)
{
    places to = nowhere(m->word);
    const char *start = m->p, *end = m->p;
    for (uint32_t i = 0; i <= m->word->n; i++) {
        /* Beyond the word, only to find the end of the atom. */
        uint32_t cp = i < m->word->n ? m->word->v[i] : 0;
        bool in = false;
        m->p = start;
        if (*m->p == '[') {
            m->p++;
            in = in_class(m, cp);
        } else if (*m->p == '.') {
            m->p++;
            in = true;
        } else if (*m->p == '\\' && known_class(m->p[1], cp, &in)) {
            m->p += 2;
        }
        end = m->p;
        if (i < m->word->n && in && from.at[i])
            to.at[i + 1] = true;
    }
    m->p = end;
    return to;
}

/* A character that stands for itself, or for what it folds to. */
static places literal(matcher *m, places from)
{
    static cps meant;
    m->p += *m->p == '\\';
    const char *start = m->p;
    (void)take_cp(m);
    fold((pc_str){start, (size_t)(m->p - start)}, &meant);
    for (uint32_t k = 0; k < meant.n; k++) {
        places to = nowhere(m->word);
        for (uint32_t i = 0; i < m->word->n; i++)
            to.at[i + 1] = from.at[i] && m->word->v[i] == meant.v[k];
        from = to;
    }
    return from;
}

static places atom(matcher *m, places from)
{
    bool ignored;
    if (*m->p == '[' || *m->p == '.' ||
        (*m->p == '\\' && known_class(m->p[1], 0, &ignored)))
        return one(m, from);
    if (*m->p != '(')
        return literal(m, from);
    m->p += m->p[1] == '?' ? 3 : 1;
    places to = alternatives(m, from);
    m->p++; /* ) */
    return to;
}

static places piece(matcher *m, places from)
{
    const char *start = m->p;
    unsigned long min = 1, max = 1;
    places all = nowhere(m->word), at = all;
    (void)atom(m, at);
    at = from;
    const char *behind = m->p;
    char c = behind < m->end ? *behind : 0;
    if (c == '*' || c == '+' || c == '?') {
        min = c == '+';
        max = c == '?' ? 1 : 1000;
        behind++;
    } else if (c == '{') {
        char *next;
        min = max = strtoul(behind + 1, &next, 10);
        if (*next == ',')
            max = next[1] == '}' ? 1000 : strtoul(next + 1, &next, 10);
        behind = strchr(behind, '}') + 1;
    }
    for (unsigned long i = 0; i <= max && any(&at, m->word); i++) {
        if (i >= min)
            join(&all, &at, m->word);
        if (i > min + m->word->n)
            break; /* as far as it goes */
        m->p = start;
        at = atom(m, at);
    }
    m->p = behind;
    return all;
}

static places alternatives(matcher *m, places from)
{
    places all = nowhere(m->word);
    for (;;) {
        places at = from;
        while (m->p < m->end && *m->p != '|' && *m->p != ')')
            at = piece(m, at);
        join(&all, &at, m->word);
        if (m->p == m->end || *m->p != '|')
            return all;
        m->p++;
    }
}

static bool regex(pc_str text, const cps *word)
{
    char copy[512];
    if (text.len >= sizeof copy) {
        (void)fprintf(stderr, "too long for the oracle\n");
        exit(99);
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    matcher m = {copy, copy + text.len, word};
    places from = nowhere(word);
    from.at[0] = true;
    return alternatives(&m, from).at[word->n];
}

/* ---- any ---------------------------------------------------------------- */

bool naive_pattern_reads(pc_str word)
{
    return word.len > 0 && !memchr(word.ptr, ':', word.len) &&
           word.ptr[word.len - 1] != '-' && word.ptr[0] != '\1';
}

int naive_pattern_distance(const ps_pattern *p, pc_str word)
{
    static cps folded, text;
    if (!naive_pattern_reads(word))
        return -1;
    fold(word, &folded);
    switch ((enum ps_pattern_kind)p->kind) {
    case PS_PATTERN_PREFIX:
        fold(p->text, &text);
        return same_text(&text, &folded, 0) ? 0 : -1;
    case PS_PATTERN_WILDCARD: return wildcard(p->text, &folded, 0) ? 0 : -1;
    case PS_PATTERN_FUZZY: {
        fold(p->text, &text);
        uint32_t most = ps_fuzzy_distance(text.v, text.n, p->distance);
        uint32_t edits = naive_edits(text.v, text.n, folded.v, folded.n);
        return edits <= most ? (int)edits : -1;
    }
    case PS_PATTERN_REGEX: return regex(p->text, &folded) ? 0 : -1;
    }
    return -1;
}
