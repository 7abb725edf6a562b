/*
 * Definitions of acronyms.
 */
#include "common/text/acronym.h"

#include "common/text/ident.h"

#define NOWHERE SIZE_MAX

static bool is_upper(char c)
{
    return (uint8_t)(c - 'A') < 26;
}

static bool is_letter(char c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26;
}

static bool is_wordish(char c)
{
    return is_letter(c) || (uint8_t)(c - '0') < 10 || (uint8_t)c >= 0x80;
}

static char small(char c)
{
    return is_upper(c) ? (char)(c | 0x20) : c;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The letters of an acronym without a plural s; 0 when it is none. */
static size_t acronym_letters(pc_str w)
{
    size_t capitals = 0;
    for (size_t i = 0; i < w.len; i++) {
        if (!is_letter(w.ptr[i]))
            return 0;
        capitals += is_upper(w.ptr[i]);
    }
    if (w.len > 2 && capitals + 1 == w.len && w.ptr[w.len - 1] == 's')
        w.len--;
    return capitals >= 2 && w.len <= PC_ACRONYM_MAX ? w.len : 0;
}

static size_t count_words(pc_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += is_wordish(s.ptr[i]) && (i == 0 || !is_wordish(s.ptr[i - 1]));
    return n;
}

/* Letters of the acronym that begin a word each, in order. */
static size_t count_initials(pc_str acronym, pc_str s)
{
    size_t n = 0, from = 0;
    for (size_t i = 0; i < acronym.len; i++) {
        size_t at = from;
        while (at < s.len && !(small(s.ptr[at]) == small(acronym.ptr[i]) &&
                               (at == 0 || !is_wordish(s.ptr[at - 1]))))
            at++;
        if (at < s.len) {
            n++;
            from = at + 1;
        }
    }
    return n;
}

/* Where the words that the acronym stands for begin, of those that end with
   `s`; NOWHERE when it stands for none. */
static size_t match(pc_str acronym, pc_str s)
{
    size_t at = s.len;
    for (size_t i = acronym.len; i-- > 0;) {
        char c = small(acronym.ptr[i]);
        for (;; at--) {
            if (at == 0)
                return NOWHERE;
            bool begins = at == 1 || !is_wordish(s.ptr[at - 2]);
            if (small(s.ptr[at - 1]) == c && (begins || i > 0))
                break;
        }
        at--;
    }
    pc_str words = {s.ptr + at, s.len - at};
    size_t n = count_words(words), first = count_initials(acronym, words);
    size_t most =
        acronym.len + 5 < 2 * acronym.len ? acronym.len + 5 : 2 * acronym.len;
    bool good = acronym.len == 2 ? first == 2 : 3 * first >= 2 * acronym.len;
    good = good && n >= 2 && n <= most && words.len > acronym.len + 2;
    return good ? at : NOWHERE;
}

/* May the character be inside what an acronym stands for? */
static bool is_inside(pc_str text, size_t at)
{
    char c = text.ptr[at];
    if (c == '.')
        return at > 0 && is_upper(text.ptr[at - 1]);
    if (c == '\n' && at + 1 < text.len && text.ptr[at + 1] == '\n')
        return false;
    return is_wordish(c) || is_space(c) || c == '-' || c == '\'' || c == '/' ||
           c == '&' || c == ',';
}

/* "Ministry of Defence (MoD)": the word is in the parentheses. */
static bool find_before(pc_str text, size_t start, pc_str acronym, size_t *from)
{
    size_t end = start - 1, begin;
    while (end > 0 && is_space(text.ptr[end - 1]))
        end--;
    begin = end;
    while (begin > 0 && end - begin < PC_IDENT_MAX &&
           is_inside(text, begin - 1))
        begin--;
    pc_str s = {text.ptr + begin, end - begin};
    size_t at = match(acronym, s);
    *from = begin + at;
    return at != NOWHERE;
}

/* "MoD (Ministry of Defence)": what is in the parentheses is all of it. */
static bool find_behind(pc_str text, size_t open, pc_str acronym, size_t *to)
{
    size_t end = open + 1;
    while (end < text.len && end - open < PC_IDENT_MAX && is_inside(text, end))
        end++;
    if (end >= text.len || text.ptr[end] != ')')
        return false;
    *to = end + 1;
    return match(acronym, (pc_str){text.ptr + open + 1, end - open - 1}) == 0;
}

bool pc_acronym_find(pc_str text, size_t start, size_t end, size_t *from,
                     size_t *to)
{
    pc_str acronym = {text.ptr + start, end - start};
    acronym.len = acronym_letters(acronym);
    *from = start;
    *to = end + 1;
    if (acronym.len == 0)
        return false;
    bool found;
    if (text.ptr[end] == ')')
        found = start > 2 && text.ptr[start - 1] == '(' &&
                find_before(text, start, acronym, from);
    else
        found = find_behind(text, end + 1, acronym, to);
    /* The key is no longer than this. */
    return found && *to - *from + sizeof PC_ACRONYM_TYPE <= PC_IDENT_MAX;
}

/* Appends words in small letters with one space between them. */
static size_t put_words(char *out, pc_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_space(s.ptr[i]))
            out[n++] = small(s.ptr[i]);
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    return n;
}

size_t pc_acronym_key(pc_str raw, char *out)
{
    const char *open = raw.len ? memchr(raw.ptr, '(', raw.len) : NULL;
    if (!open || raw.ptr[raw.len - 1] != ')' ||
        raw.len + sizeof PC_ACRONYM_TYPE > PC_IDENT_MAX)
        return 0;
    pc_str a = {raw.ptr, (size_t)(open - raw.ptr)};
    pc_str b = {open + 1, raw.len - a.len - 2};
    while (a.len && is_space(a.ptr[a.len - 1]))
        a.len--;
    size_t letters = acronym_letters(b);
    if (letters == 0 || match((pc_str){b.ptr, letters}, a) != 0) {
        pc_str t = a;
        a = b;
        b = t;
        letters = acronym_letters(b);
        if (letters == 0 || match((pc_str){b.ptr, letters}, a) != 0)
            return 0;
    }
    size_t n = sizeof PC_ACRONYM_TYPE - 1;
    memcpy(out, PC_ACRONYM_TYPE, n);
    n += put_words(out + n, (pc_str){b.ptr, letters});
    out[n++] = '=';
    return n + put_words(out + n, a);
}
