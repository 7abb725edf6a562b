/*
 * Recognition of identifiers. A text is cut into pieces, words and numbers in
 * small letters with the mark before each; a type is a pattern over pieces.
 * Nothing here looks at more than PC_IDENT_MAX bytes.
 */
#include "common/text/ident.h"

#include <stdio.h>

#include "common/base/base.h"
#include "common/text/spaced.h"

#define PIECES 12u
#define WORDS_BEFORE 6u

typedef struct piece {
    const char *ptr; /* in small letters, dots of an acronym left out */
    uint8_t len;
    char mark;   /* before it: one of - / @ . : or a space for all others */
    bool number; /* begins with a digit */
} piece;

typedef struct pieces {
    char bytes[PC_IDENT_MAX];
    piece v[PIECES];
    uint32_t n;
} pieces;

/* ---- pieces ------------------------------------------------------------- */

static bool is_digit(char c)
{
    return (uint8_t)(c - '0') < 10;
}

static bool is_letter(char c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26;
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_letter(c);
}

/* Bytes of the mark at p that stands for an ASCII one, which is *c; 0 when it
   is none that an identifier may hold. */
static size_t read_mark(pc_str s, size_t at, char *c)
{
    static const struct {
        const char *bytes;
        char c;
    } wide[] = {{"\u2010", '-'}, {"\u2011", '-'}, {"\u2013", '-'},
                {"\u2212", '-'}, {"\u00A7", ' '}, {"\u00A0", ' '},
                {"\u202F", ' '}, {"\u2009", ' '}, {"\uFF0D", '-'}};
    static const char plain[128] = {
        ['\t'] = ' ', ['\r'] = ' ', ['\n'] = ' ', [','] = ' ', ['('] = ' ',
        [')'] = ' ',  [' '] = ' ',  ['-'] = '-',  ['/'] = '/', ['@'] = '@',
        ['.'] = '.',  [':'] = ':',  ['_'] = '_',  ['%'] = '%', ['+'] = '+'};
    if ((uint8_t)s.ptr[at] < 0x80) {
        *c = plain[(uint8_t)s.ptr[at]];
        return *c != 0;
    }
    *c = s.ptr[at];
    for (size_t i = 0; i < PC_COUNTOF(wide); i++) {
        pc_str w = pc_str_of(wide[i].bytes);
        if (pc_str_starts((pc_str){s.ptr + at, s.len - at}, w)) {
            *c = wide[i].c;
            return w.len;
        }
    }
    return 0;
}

/* Does the word or number that is being read go on behind the mark at `at`?
   Acronyms have dots, numbers have dots and commas before three digits. */
static bool goes_on(pc_str s, size_t at, const piece *p)
{
    char c = s.ptr[at];
    if (at + 1 >= s.len || !is_alnum(s.ptr[at + 1]))
        return false;
    char before = s.ptr[at - 1];
    char behind = s.ptr[at + 1];
    if (p->number)
        return (c == '.' || c == ',') && is_digit(before) && is_digit(behind);
    bool single = at + 2 >= s.len || !is_alnum(s.ptr[at + 2]);
    bool alone = at < 2 || !is_alnum(s.ptr[at - 2]);
    return c == '.' && single && alone && is_letter(before) &&
           is_letter(behind);
}

static bool read_piece(pieces *out, pc_str s, size_t *at, size_t *used)
{
    piece *p = &out->v[out->n++];
    p->ptr = out->bytes + *used;
    p->number = is_digit(s.ptr[*at]);
    p->len = 0;
    for (size_t end = pc_spaced_acronym(s, *at); *at < end; ++*at)
        if (is_letter(s.ptr[*at]))
            out->bytes[*used + p->len++] = (char)(s.ptr[*at] | 0x20);
    for (; *at < s.len; ++*at) {
        char c = s.ptr[*at];
        if (is_alnum(c))
            out->bytes[*used + p->len++] = is_letter(c) ? (char)(c | 0x20) : c;
        else if (!goes_on(s, *at, p))
            break;
        else if (p->number && c == '.')
            out->bytes[*used + p->len++] = c;
    }
    *used += p->len;
    return true;
}

/* False when there are too many, or other characters. */
static bool cut(pieces *out, pc_str s)
{
    size_t used = 0;
    char mark = '\0', c;
    out->n = 0;
    if (s.len > PC_IDENT_MAX)
        return false;
    for (size_t at = 0; at < s.len;) {
        if (is_alnum(s.ptr[at])) {
            if (out->n == PIECES)
                return false;
            out->v[out->n].mark = mark;
            read_piece(out, s, &at, &used);
            mark = '\0';
            continue;
        }
        size_t n = read_mark(s, at, &c);
        if (n == 0)
            return false;
        /* A space beside another mark says nothing, unless it is a hyphen. */
        if (mark == '\0' || mark == ' ' || mark == '.')
            mark = c == ' ' && mark == '.' ? ' ' : c;
        else if (c != ' ')
            return false;
        at += n;
    }
    return out->n > 0;
}

static bool is(const pieces *p, uint32_t i, const char *word)
{
    /* Mostly the first letters tell. */
    return i < p->n && p->v[i].len > 0 && word[0] == p->v[i].ptr[0] &&
           strlen(word) == p->v[i].len &&
           memcmp(word, p->v[i].ptr, p->v[i].len) == 0;
}

static bool is_any(const pieces *p, uint32_t i, const char *const *words)
{
    for (; *words; words++)
        if (is(p, i, *words))
            return true;
    return false;
}

static bool digits(const pieces *p, uint32_t i, unsigned least, unsigned most)
{
    if (i >= p->n || p->v[i].len < least || p->v[i].len > most)
        return false;
    for (unsigned k = 0; k < p->v[i].len; k++)
        if (!is_digit(p->v[i].ptr[k]))
            return false;
    return true;
}

/* ---- types -------------------------------------------------------------- */

#define P(i) (int)p->v[i].len, p->v[i].ptr

static int key_cve(const pieces *p, char *out)
{
    if (p->n != 3 || !is(p, 0, "cve") || !digits(p, 1, 4, 4) ||
        !digits(p, 2, 4, 9) || p->v[2].mark != '-')
        return 0;
    return snprintf(out, PC_IDENT_MAX, "cve:%.*s-%.*s", P(1), P(2));
}

static int key_cwe(const pieces *p, char *out)
{
    if (p->n != 2 || !is(p, 0, "cwe") || !digits(p, 1, 1, 5))
        return 0;
    return snprintf(out, PC_IDENT_MAX, "cwe:%.*s", P(1));
}

static const char *const section_words[] = {
    "s", "ss", "sec", "section", "sect", "sections", "part", NULL};

/* "10 USC 2304", "42 USC Sec. 2000e-2", "22 CFR Part 120.1" */
static int key_code(const pieces *p, char *out)
{
    bool usc = is(p, 1, "usc") || is(p, 1, "usca");
    uint32_t i = 2;
    if (!digits(p, 0, 1, 2) || (!usc && !is(p, 1, "cfr")))
        return 0;
    i += is_any(p, i, section_words);
    if (i >= p->n || !p->v[i].number)
        return 0;
    int n = snprintf(out, PC_IDENT_MAX, "%s:%.*s/%.*s", usc ? "usc" : "cfr",
                     P(0), P(i));
    if (i + 1 == p->n)
        return n;
    if (i + 2 != p->n || p->v[i + 1].mark != '-' || p->v[i + 1].len > 6)
        return 0;
    return n + snprintf(out + n, PC_IDENT_MAX - (size_t)n, "-%.*s", P(i + 1));
}

/* "Public Law 107-56", "Pub. L. No. 107-56", "P.L. 107-56" */
static int key_law(const pieces *p, char *out)
{
    uint32_t i = 0;
    if (is(p, 0, "pl"))
        i = 1;
    else if ((is(p, 0, "pub") && is(p, 1, "l")) ||
             (is(p, 0, "public") && is(p, 1, "law")))
        i = 2;
    if (i == 0)
        return 0;
    i += is(p, i, "no");
    if (i + 2 != p->n || !digits(p, i, 2, 3) || !digits(p, i + 1, 1, 4) ||
        p->v[i + 1].mark != '-')
        return 0;
    return snprintf(out, PC_IDENT_MAX, "pl:%.*s-%.*s", P(i), P(i + 1));
}

/* "Executive Order 13636", "E.O. 13,636" */
static int key_order(const pieces *p, char *out)
{
    uint32_t i = is(p, 0, "eo") ? 1 : 0;
    if (is(p, 0, "executive") && is(p, 1, "order"))
        i = 2;
    if (i == 0)
        return 0;
    i += is(p, i, "no");
    if (i + 1 != p->n || !digits(p, i, 4, 5))
        return 0;
    return snprintf(out, PC_IDENT_MAX, "eo:%.*s", P(i));
}

/* 1000 to 2999 */
static bool is_year(const pieces *p, uint32_t i)
{
    return digits(p, i, 4, 4) &&
           (p->v[i].ptr[0] == '1' || p->v[i].ptr[0] == '2');
}

/* "UNSCR 1929", "UN Security Council Resolution 1929", "resolution 1929
   (2010)" */
static int key_resolution(const pieces *p, char *out)
{
    static const char *const names[] = {"resolution", "res", "resolutions",
                                        NULL};
    uint32_t i = 0;
    i += is(p, i, "un");
    if (is(p, i, "united") && is(p, i + 1, "nations"))
        i += 2;
    if (is(p, i, "unscr") || is(p, i, "scr"))
        i++;
    else if ((is(p, i, "unsc") || is(p, i, "sc")) && is_any(p, i + 1, names))
        i += 2;
    else if (is(p, i, "security") && is(p, i + 1, "council") &&
             is_any(p, i + 2, names))
        i += 3;
    else if (i == 0 && is_any(p, 0, names) && p->n == 3)
        i = 1; /* only with its year */
    else
        return 0;
    i += is(p, i, "no");
    bool year = i + 2 == p->n && p->v[i + 1].mark == ' ' && is_year(p, i + 1);
    if (i + 1 + year != p->n || (i == 1 && is_any(p, 0, names) && !year) ||
        !digits(p, i, 1, 4))
        return 0;
    return snprintf(out, PC_IDENT_MAX, "un:s/res/%.*s", P(i));
}

static int key_article(const pieces *p, char *out)
{
    static const char *const names[] = {"art", "article", "articles", "arts",
                                        NULL};
    if (p->n != 2 || !is_any(p, 0, names) || !digits(p, 1, 1, 3) ||
        p->v[1].mark == '-')
        return 0;
    return snprintf(out, PC_IDENT_MAX, "art:%.*s", P(1));
}

/* The month that a word names, 1 to 12; 0 for none. */
static int month_of(const char *word, size_t n)
{
    static const char names[] = " jan january feb february mar march apr april "
                                "may jun june jul july aug august sep "
                                "september oct october nov november dec "
                                "december ";
    static const char *const months[] = {"jan", "feb", "mar", "apr",
                                         "may", "jun", "jul", "aug",
                                         "sep", "oct", "nov", "dec"};
    char key[16] = " ";
    if (n < 3 || n > 9)
        return 0;
    if (n == 4 && memcmp(word, "sept", 4) == 0)
        return 9;
    memcpy(key + 1, word, n);
    key[n + 1] = ' ';
    if (!strstr(names, key))
        return 0;
    for (int i = 0; i < 12; i++)
        if (memcmp(word, months[i], 3) == 0)
            return i + 1;
    return 0;
}

/* The day that a word says: 1 to 31, also 12th; 0 for none. */
static int day_of(const char *word, size_t n)
{
    int day = 0;
    size_t i = 0;
    for (; i < n && i < 2 && is_digit(word[i]); i++)
        day = 10 * day + (word[i] - '0');
    bool bare = i == n;
    bool ordinal =
        n == i + 2 && i > 0 &&
        (memcmp(word + i, "st", 2) == 0 || memcmp(word + i, "nd", 2) == 0 ||
         memcmp(word + i, "rd", 2) == 0 || memcmp(word + i, "th", 2) == 0);
    return (bare || ordinal) && day <= 31 ? day : 0;
}

/* A day and the hour behind it: 12T08. */
static bool is_time(const piece *p)
{
    return p->len > 3 && is_digit(p->ptr[0]) && is_digit(p->ptr[1]) &&
           p->ptr[2] == 't' && is_digit(p->ptr[3]);
}

/* "2014-06-12", "2014/06/12", "June 12, 2014", "12th of June 2014" */
static int key_date(const pieces *p, char *out)
{
    const piece *v = p->v;
    int month = 0, day = 0;
    uint32_t year = p->n - 1;
    if (p->n == 3 && is_year(p, 0) && digits(p, 1, 2, 2) &&
        (digits(p, 2, 2, 2) || is_time(&v[2])) && v[1].mark == v[2].mark &&
        (v[1].mark == '-' || v[1].mark == '/')) {
        year = 0;
        month = (v[1].ptr[0] - '0') * 10 + v[1].ptr[1] - '0';
        day = day_of(v[2].ptr, 2);
    } else if (p->n >= 3 && p->n <= 4 && is_year(p, year)) {
        uint32_t second = p->n == 4 && is(p, 1, "of") ? 2 : 1;
        month = month_of(v[second].ptr, v[second].len);
        day = day_of(v[0].ptr, v[0].len);
        if (p->n == 3 && !month) {
            month = month_of(v[0].ptr, v[0].len);
            day = day_of(v[1].ptr, v[1].len);
        } else if (p->n != second + 2) {
            return 0;
        }
    }
    if (month < 1 || month > 12 || day == 0)
        return 0;
    return snprintf(out, PC_IDENT_MAX, "date:%.*s-%02d-%02d", P(year), month,
                    day);
}

/* A document of the United Nations and its bodies: parts between slashes. */
static int key_symbol(const pieces *p, char *out)
{
    static const char *const bodies[] = {
        "a",    "s",    "e",     "st",    "cd",    "t",    "dp",  "td",
        "npt",  "ccw",  "bwc",   "ece",   "ccpr",  "cat",  "crc", "cerd",
        "unep", "fccc", "cedaw", "aplc",  "hri",   "crpd", "wha", "infcirc",
        "cbd",  "gov",  "isba",  "unodc", "escap", NULL};
    uint32_t slashes = 0, numbers = 0;
    int n = 0;
    if (p->n < 2 || p->v[1].mark != '/' || !is_any(p, 0, bodies))
        return 0;
    n = snprintf(out, PC_IDENT_MAX, "un:%.*s", P(0));
    for (uint32_t i = 1; i < p->n; i++) {
        char mark = p->v[i].mark;
        if (p->v[i].len > 16)
            return 0;
        slashes += mark == '/';
        if (p->v[i].number)
            numbers += p->v[i].len;
        /* The year of a resolution in parentheses is not part of it. */
        if (mark == ' ' && i + 1 == p->n && digits(p, i, 4, 4) && i >= 2)
            break;
        if (mark != '/' && mark != '.' && mark != '-')
            return 0;
        n += snprintf(out + n, PC_IDENT_MAX - (size_t)n, "%c%.*s", mark, P(i));
        if (n >= (int)PC_IDENT_MAX)
            return 0;
    }
    return numbers > 0 && slashes + numbers > 2 ? n : 0;
}

#undef P

/* ---- all ---------------------------------------------------------------- */

size_t pc_ident_key(pc_str raw, char *out)
{
    static int (*const types[])(const pieces *, char *) = {
        key_cve,  key_cwe,        key_code,    key_law,   key_order,
        key_date, key_resolution, key_article, key_symbol};
    pieces p;
    int n = 0;
    if (raw.len < 3 || raw.len > PC_IDENT_MAX)
        return 0;
    if (!cut(&p, raw))
        return 0;
    for (size_t i = 0; i < PC_COUNTOF(types) && n == 0; i++)
        n = types[i](&p, out);
    return n > 0 && n < (int)PC_IDENT_MAX ? (size_t)n : 0;
}

/* Words that may stand just before the number of an identifier. */
static bool may_precede(const char *word, size_t n)
{
    static const char words[] =
        " usc usca cfr s ss sec sect section sections part no l pl law order "
        "eo resolution res resolutions unscr scr art article arts articles "
        "cve cwe ";
    char key[16] = " ";
    if (n == 0 || n > sizeof key - 3 || !memchr("ucspnloera", word[0], 10))
        return false;
    memcpy(key + 1, word, n);
    key[n + 1] = ' ';
    return strstr(words, key) != NULL;
}

/* The start of the word that ends before `at`, skipping marks; its letters
   without dots, small, go to word[0..16), *n of them. */
static uint32_t word_before(const char *text, uint32_t at, uint32_t least,
                            char *word, size_t *n)
{
    char c;
    uint32_t end = at, skipped = 0;
    *n = 0;
    while (end > least && !is_alnum(text[end - 1])) {
        end--;
        if ((uint8_t)text[end] >= 0x80 && (uint8_t)text[end] < 0xC0)
            continue; /* inside a character */
        pc_str mark = {text + end, at - end};
        if (++skipped > 6 || read_mark(mark, 0, &c) == 0)
            return at;
    }
    uint32_t start = end;
    while (start > least && *n < 16) {
        c = text[start - 1];
        bool inner = c == '.' && start < end && start - 1 > least &&
                     is_letter(text[start - 2]);
        if (!is_alnum(c) && !inner)
            break;
        start--;
        *n += is_alnum(c);
    }
    if (start + 1 == end)
        start = (uint32_t)pc_spaced_acronym_begin(text, start, least);
    size_t k = 0;
    for (uint32_t i = start; i < end && k < 16; i++)
        if (is_alnum(text[i]))
            word[k++] = is_letter(text[i]) ? (char)(text[i] | 0x20) : text[i];
    *n = k;
    return start == end ? at : start;
}

uint32_t pc_ident_begin(const char *text, uint32_t start, uint32_t end)
{
    char word[16], key[PC_IDENT_MAX];
    size_t n;
    uint32_t best = start, at = start;
    if (end - start > PC_IDENT_MAX)
        return start;
    uint32_t least = end > PC_IDENT_MAX ? end - PC_IDENT_MAX : 0;
    bool dated = end - start == 4 && (text[start] == '1' || text[start] == '2');
    for (unsigned i = 0; i < WORDS_BEFORE; i++) {
        uint32_t from = word_before(text, at, least, word, &n);
        if (from == at || (i == 0 && !may_precede(word, n) &&
                           !(dated && (month_of(word, n) || day_of(word, n)))))
            break;
        at = from;
        if (pc_ident_key((pc_str){text + at, end - at}, key))
            best = at;
    }
    return best;
}

static const char *const type_names[] = {"cve", "cwe", "usc", "cfr", "pl",
                                         "eo",  "un",  "art", "date"};

bool pc_ident_is_type(pc_str type)
{
    for (size_t i = 0; i < PC_COUNTOF(type_names); i++)
        if (pc_str_eq(type, pc_str_of(type_names[i])))
            return true;
    return false;
}

/* True when out[0..n) is a key of the type. */
static bool has_type(const char *out, size_t n, pc_str type)
{
    return n > type.len && out[type.len] == ':' &&
           memcmp(out, type.ptr, type.len) == 0;
}

size_t pc_ident_typed(pc_str type, pc_str value, char *out)
{
    char raw[PC_IDENT_MAX + 8];
    if (!pc_ident_is_type(type) || value.len > PC_IDENT_MAX)
        return 0;
    size_t n = pc_ident_key(value, out);
    if (n && has_type(out, n, type))
        return n;
    int len = snprintf(raw, sizeof raw, "%.*s %.*s", PC_STR_ARG(type),
                       PC_STR_ARG(value));
    const char *slash = memchr(value.ptr, '/', value.len);
    if (slash && (type.ptr[0] == 'c' || pc_str_eq(type, PC_STR_LIT("usc"))))
        len = snprintf(raw, sizeof raw, "%.*s %.*s %.*s",
                       (int)(slash - value.ptr), value.ptr, PC_STR_ARG(type),
                       (int)(value.len - (size_t)(slash - value.ptr) - 1),
                       slash + 1);
    if (len < 0 || len >= (int)sizeof raw)
        return 0;
    n = pc_ident_key((pc_str){raw, (size_t)len}, out);
    return n && has_type(out, n, type) ? n : 0;
}
