/*
 * A pattern is a nondeterministic automaton whose states are the places
 * between its steps. Steps that need no byte lead forward only, so one pass
 * over the states in their order does both: it follows them and takes a byte.
 * After K. Thompson, "Regular expression search algorithm", CACM 11 (1968).
 */
#include "indexer/source/glob.h"

#include <string.h>

enum {
    STEP_BYTE,  /* this byte */
    STEP_ONE,   /* one byte, but no slash */
    STEP_SET,   /* a byte of the set, which has no slash */
    STEP_NAME,  /* any bytes but slashes */
    STEP_ANY,   /* any bytes */
    STEP_MAYBE, /* the next two steps, or none of them */
};

/* Steps that STEP_MAYBE leads to: behind itself, and behind two more. */
#define MAYBE_OVER 3u

static bool is_special(char c)
{
    return c == '*' || c == '?' || c == '[' || c == '\\';
}

size_t pi_glob_plain(pc_str pattern)
{
    size_t n = 0;
    while (n < pattern.len && !is_special(pattern.ptr[n]))
        n++;
    return n;
}

/* ---- sets --------------------------------------------------------------- */

static void set_add(uint32_t set[8], unsigned from, unsigned to)
{
    for (unsigned c = from; c <= to; c++)
        set[c / 32] |= (uint32_t)1 << c % 32;
}

static bool set_has(const uint32_t set[8], unsigned c)
{
    return set[c / 32] >> c % 32 & 1;
}

/* Adds what is called [:name:]; false if nothing is. Only ASCII has classes;
   a form feed is no space, as with git. */
static bool set_add_class(uint32_t set[8], pc_str name)
{
    static const struct {
        const char *name;
        const char *ranges; /* pairs: from, to */
    } classes[] = {
        {"alnum", "09AZaz"},   {"alpha", "AZaz"},
        {"blank", "  \t\t"},   {"cntrl", "\001\037\177\177"},
        {"digit", "09"},       {"graph", "!~"},
        {"lower", "az"},       {"print", " ~"},
        {"punct", "!/:@[`{~"}, {"space", "  \t\n\r\r"},
        {"upper", "AZ"},       {"xdigit", "09AFaf"},
    };
    for (size_t i = 0; i < PC_COUNTOF(classes); i++) {
        if (!pc_str_eq(name, pc_str_of(classes[i].name)))
            continue;
        for (const char *r = classes[i].ranges; *r; r += 2)
            set_add(set, (uint8_t)r[0], (uint8_t)r[1]);
        return true;
    }
    return false;
}

/* A place in a set while it is read. */
typedef struct set_reader {
    pc_str p;
    size_t at;
    unsigned before; /* the byte that a range may begin with; 0: none */
    uint32_t *set;
} set_reader;

/* At "[:": the class up to ":]", or the bracket itself. */
static bool read_class(set_reader *r)
{
    size_t start = r->at + 2, end = start;
    while (end < r->p.len && r->p.ptr[end] != ']')
        end++;
    if (end == r->p.len)
        return false;
    if (end == start || r->p.ptr[end - 1] != ':') {
        set_add(r->set, '[', '[');
        r->before = '[';
        return true;
    }
    pc_str name = {r->p.ptr + start, end - 1 - start};
    r->at = end;
    r->before = 0;
    return set_add_class(r->set, name);
}

/* Moves to the next byte, behind a backslash if there is one. */
static bool read_escaped(set_reader *r, unsigned *c)
{
    if (*c != '\\')
        return true;
    if (++r->at >= r->p.len)
        return false;
    *c = (uint8_t)r->p.ptr[r->at];
    return true;
}

/* One member: a byte, a range or a class; r->at stays on its last byte. */
static bool read_member(set_reader *r)
{
    unsigned c = (uint8_t)r->p.ptr[r->at];
    bool more = r->at + 1 < r->p.len;
    char next = more ? r->p.ptr[r->at + 1] : 0;
    if (c == '[' && next == ':')
        return read_class(r);
    if (c == '-' && r->before && more && next != ']') {
        r->at++;
        c = (uint8_t)next;
        if (!read_escaped(r, &c))
            return false;
        set_add(r->set, r->before, c);
        r->before = 0;
        return true;
    }
    if (!read_escaped(r, &c))
        return false;
    set_add(r->set, c, c);
    r->before = c;
    return true;
}

/* Reads the set behind the "[" before *at, and leaves *at behind its "]".
   False: it does not end, or has a class that is none. */
static bool read_set(pc_str p, size_t *at, uint32_t set[8])
{
    set_reader r = {p, *at, 0, set};
    bool inverted = r.at < p.len && (p.ptr[r.at] == '!' || p.ptr[r.at] == '^');
    r.at += inverted;
    size_t first = r.at; /* a "]" there is a member */
    while (r.at < p.len && (p.ptr[r.at] != ']' || r.at == first)) {
        if (!read_member(&r))
            return false;
        r.at++;
    }
    if (r.at >= p.len)
        return false;
    for (size_t i = 0; inverted && i < 8; i++)
        set[i] = ~set[i];
    *at = r.at + 1;
    return true;
}

/* ---- making ------------------------------------------------------------- */

static void put_step(pi_glob *g, unsigned kind, unsigned byte)
{
    g->steps[g->n++] = (pi_glob_step){(uint8_t)kind, (uint8_t)byte, 0};
}

/* A run of stars, which begins at *at. */
static void put_stars(pi_glob *g, pc_str p, size_t *at)
{
    size_t start = *at, end = start;
    while (end < p.len && p.ptr[end] == '*')
        end++;
    *at = end;
    bool slash = end < p.len && p.ptr[end] == '/';
    bool behind =
        end == p.len || slash ||
        (end + 1 < p.len && p.ptr[end] == '\\' && p.ptr[end + 1] == '/');
    bool before = start == 0 || p.ptr[start - 1] == '/';
    if (end - start > 1 && before && behind) {
        if (slash) /* also no folder at all, and then no slash */
            put_step(g, STEP_MAYBE, 0);
        put_step(g, STEP_ANY, 0);
    } else {
        put_step(g, STEP_NAME, 0);
    }
}

/* The step at *at; false: malformed. */
static bool put_next(pi_glob *g, pc_str p, size_t *at, uint32_t *set)
{
    char c = p.ptr[*at];
    if (c == '*') {
        put_stars(g, p, at);
        return true;
    }
    ++*at;
    if (c == '?') {
        put_step(g, STEP_ONE, 0);
        return true;
    }
    if (c == '[') {
        put_step(g, STEP_SET, 0);
        uint32_t *bits = g->sets[g->steps[g->n - 1].set = (*set)++];
        bool well = read_set(p, at, bits);
        bits['/' / 32] &= ~((uint32_t)1 << '/' % 32);
        return well;
    }
    if (c == '\\') {
        if (*at == p.len)
            return false;
        c = p.ptr[(*at)++];
    }
    put_step(g, STEP_BYTE, (uint8_t)c);
    return true;
}

int pi_glob_make(pi_glob *g, pc_str pattern, pc_arena *arena)
{
    size_t sets = 0;
    uint32_t set = 0;
    for (size_t i = 0; i < pattern.len; i++)
        sets += pattern.ptr[i] == '[';
    *g = (pi_glob){.n = 0};
    /* A step takes a byte of the pattern or more. */
    g->steps = pc_arena_zalloc(arena, pattern.len + 1, sizeof *g->steps);
    g->sets = pc_arena_zalloc(arena, sets + 1, sizeof *g->sets);
    if (!g->steps || !g->sets)
        return PARASOL_NOMEM;
    for (size_t at = 0; at < pattern.len && !g->malformed;)
        g->malformed = !put_next(g, pattern, &at, &set);
    g->reached = pc_arena_zalloc(arena, 2, g->n + 1);
    return g->reached ? PARASOL_OK : PARASOL_NOMEM;
}

/* ---- matching ----------------------------------------------------------- */

/* Where a step leads without a byte. */
static void follow(const pi_glob *g, uint8_t *now, size_t i)
{
    unsigned kind = g->steps[i].kind;
    if (kind == STEP_NAME || kind == STEP_ANY || kind == STEP_MAYBE)
        now[i + 1] = 1;
    if (kind == STEP_MAYBE)
        now[i + MAYBE_OVER] = 1;
}

/* One more than the state that byte `c` leads to from step i; 0: none. */
static size_t led_to(const pi_glob *g, size_t i, unsigned c)
{
    const pi_glob_step *s = &g->steps[i];
    switch (s->kind) {
    case STEP_BYTE: return s->byte == c ? i + 2 : 0;
    case STEP_ONE: return c != '/' ? i + 2 : 0;
    case STEP_SET: return set_has(g->sets[s->set], c) ? i + 2 : 0;
    case STEP_NAME: return c != '/' ? i + 1 : 0;
    case STEP_ANY: return i + 1;
    default: return 0;
    }
}

bool pi_glob_matches(const pi_glob *g, pc_str text)
{
    uint8_t *now = g->reached, *next = now + g->n + 1;
    if (g->malformed)
        return false;
    memset(now, 0, g->n + 1);
    now[0] = 1;
    for (size_t at = 0; at < text.len; at++) {
        bool alive = false;
        memset(next, 0, g->n + 1);
        for (size_t i = 0; i < g->n; i++) {
            if (!now[i])
                continue;
            follow(g, now, i);
            size_t to = led_to(g, i, (uint8_t)text.ptr[at]);
            if (to > 0) {
                next[to - 1] = 1;
                alive = true;
            }
        }
        if (!alive)
            return false;
        uint8_t *spare = now;
        now = next;
        next = spare;
    }
    for (size_t i = 0; i < g->n; i++) {
        if (now[i])
            follow(g, now, i);
    }
    return now[g->n] != 0;
}
