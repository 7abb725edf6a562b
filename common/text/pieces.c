/*
 * Cutting into pieces.
 */
#include "common/text/pieces.h"

#include "common/base/base.h"
#include "common/text/spaced.h"

size_t pc_pieces_mark(pc_str s, size_t at, char *c)
{
    static const struct {
        const char *bytes;
        char c;
    } wide[] = {
        {"\u2010", '-'}, {"\u2011", '-'}, {"\u2012", '-'}, {"\u2013", '-'},
        {"\u2212", '-'}, {"\uFE63", '-'}, {"\u00A7", ' '}, {"\u00A0", ' '},
        {"\u00B0", ' '}, {"\u202F", ' '}, {"\u2009", ' '}, {"\uFF0D", '-'},
        {"\u00BA", ' '}, {"\u2116", ' '}, {"\u5E74", 'Y'}, {"\u6708", 'M'},
        {"\u65E5", ' '}, {"\uB144", 'Y'}, {"\uC6D4", 'M'}, {"\uC77C", ' '}};
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
static bool goes_on(pc_str s, size_t at, const pc_piece *p)
{
    char c = s.ptr[at];
    if (at + 1 >= s.len || !pc_is_alnum(s.ptr[at + 1]))
        return false;
    char before = s.ptr[at - 1];
    char behind = s.ptr[at + 1];
    if (p->number)
        return (c == '.' || c == ',') && pc_is_digit(before) &&
               pc_is_digit(behind);
    bool single = at + 2 >= s.len || !pc_is_alnum(s.ptr[at + 2]);
    bool alone = at < 2 || !pc_is_alnum(s.ptr[at - 2]);
    return c == '.' && single && alone && pc_is_letter(before) &&
           pc_is_letter(behind);
}

static void read_piece(pc_pieces *out, pc_str s, size_t *at, size_t *used)
{
    pc_piece *p = &out->v[out->n++];
    p->ptr = out->bytes + *used;
    p->number = pc_is_digit(s.ptr[*at]);
    p->len = 0;
    for (size_t end = pc_spaced_acronym(s, *at); *at < end; ++*at)
        if (pc_is_letter(s.ptr[*at]))
            out->bytes[*used + p->len++] = (char)(s.ptr[*at] | 0x20);
    for (; *at < s.len; ++*at) {
        char c = s.ptr[*at];
        if (pc_is_alnum(c))
            out->bytes[*used + p->len++] =
                pc_is_letter(c) ? (char)(c | 0x20) : c;
        else if (!goes_on(s, *at, p))
            break;
        else if (p->number && c == '.')
            out->bytes[*used + p->len++] = c;
    }
    *used += p->len;
}

/* The bytes of a sign at `at` that is a word, or the rest of one: № is "no", as
   are Nº and N°. What it stands for is written as long as it. */
static size_t number_sign(pc_str s, size_t at, const char **plain)
{
    pc_str rest = {s.ptr + at, s.len - at};
    *plain = "no ";
    if (pc_str_starts(rest, PC_STR_LIT("\u2116")))
        return 3;
    *plain = "o ";
    bool behind = at > 0 && (s.ptr[at - 1] | 0x20) == 'n' &&
                  (at == 1 || !pc_is_alnum(s.ptr[at - 2]));
    return behind && (pc_str_starts(rest, PC_STR_LIT("\u00BA")) ||
                      pc_str_starts(rest, PC_STR_LIT("\u00B0")))
               ? 2
               : 0;
}

static bool is_ascii(pc_str s)
{
    uint64_t all = 0, eight;
    for (; s.len >= sizeof eight;
         s.ptr += sizeof eight, s.len -= sizeof eight) {
        memcpy(&eight, s.ptr, sizeof eight);
        all |= eight;
    }
    for (size_t i = 0; i < s.len; i++)
        all |= (uint8_t)s.ptr[i];
    return !(all & UINT64_C(0x8080808080808080));
}

/* Letters of Latin-1 and Cyrillic as plain ones and signs as words, in `to`. */
static pc_str plain_letters(pc_str s, char to[PC_IDENT_MAX])
{
    const char *plain;
    size_t n = 0, sign;
    if (is_ascii(s))
        return s;
    for (size_t i = 0; i < s.len; i++) {
        bool latin = s.ptr[i] == '\xC3' && i + 1 < s.len;
        char other = i + 1 < s.len ? pc_cyrillic_letter(s.ptr + i) : 0;
        sign = (uint8_t)s.ptr[i] < 0x80 ? 0 : number_sign(s, i, &plain);
        if (sign) {
            memcpy(to + n, plain, sign);
            n += sign;
            i += sign - 1;
            continue;
        }
        i += latin || other;
        to[n++] = other ? other : latin ? pc_latin_letter(s.ptr[i]) : s.ptr[i];
    }
    return (pc_str){to, n};
}

bool pc_pieces_cut(pc_pieces *out, pc_str given)
{
    size_t used = 0;
    char mark = '\0', c, plain[PC_IDENT_MAX];
    out->n = 0;
    if (given.len == 0 || given.len > PC_IDENT_MAX)
        return false;
    pc_str s = plain_letters(given, plain);
    for (size_t at = 0; at < s.len;) {
        if (pc_is_alnum(s.ptr[at])) {
            if (out->n == PC_PIECES)
                return false;
            out->v[out->n].mark = mark;
            read_piece(out, s, &at, &used);
            mark = '\0';
            continue;
        }
        size_t n = pc_pieces_mark(s, at, &c);
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

bool pc_piece_is(const pc_pieces *p, uint32_t i, const char *word)
{
    /* Mostly the first letters tell. */
    return i < p->n && p->v[i].len > 0 && word[0] == p->v[i].ptr[0] &&
           strlen(word) == p->v[i].len &&
           memcmp(word, p->v[i].ptr, p->v[i].len) == 0;
}

bool pc_piece_is_any(const pc_pieces *p, uint32_t i, const char *const *words)
{
    for (; *words; words++)
        if (pc_piece_is(p, i, *words))
            return true;
    return false;
}

bool pc_piece_digits(const pc_pieces *p, uint32_t i, unsigned least,
                     unsigned most)
{
    if (i >= p->n || p->v[i].len < least || p->v[i].len > most)
        return false;
    for (unsigned k = 0; k < p->v[i].len; k++)
        if (!pc_is_digit(p->v[i].ptr[k]))
            return false;
    return true;
}

bool pc_piece_year(const pc_pieces *p, uint32_t i)
{
    return pc_piece_digits(p, i, 4, 4) &&
           (p->v[i].ptr[0] == '1' || p->v[i].ptr[0] == '2');
}

char pc_latin_letter(char second)
{
    static const char letters[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts";
    return letters[(uint8_t)second & 0x1F];
}

char pc_cyrillic_letter(const char *p)
{
    /* The letters from U+0430 on. */
    static const char letters[] = "abvgdezziiklmnoprstufxccsqyyyeua";
    uint32_t cp = ((uint8_t)p[0] & 0x1Fu) << 6 | ((uint8_t)p[1] & 0x3Fu);
    if ((uint8_t)(p[0] - 0xD0) > 1 || ((uint8_t)p[1] & 0xC0) != 0x80)
        return 0;
    if (cp == 0x406 || cp == 0x456)
        return 'i';
    cp += cp < 0x430 ? 0x20 : 0;
    return cp - 0x430 < 32 ? letters[cp - 0x430] : 0;
}
