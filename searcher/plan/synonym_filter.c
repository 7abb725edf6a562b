/*
 * First letters of words, in small letters; whatever is not ASCII may be any
 * letter, since folding may make it one.
 */
#include "searcher/plan/synonym_filter.h"

#define OTHER (PS_FILTER_SIGNS - 1)

static unsigned sign_of(char c)
{
    if ((uint8_t)((c | 0x20) - 'a') < 26)
        return (uint8_t)((c | 0x20) - 'a');
    if ((uint8_t)(c - '0') < 10)
        return 26u + (uint8_t)(c - '0');
    return c == '%' ? 36u : OTHER;
}

static bool is_inside(char c)
{
    return c != '%' && (sign_of(c) != OTHER || (uint8_t)c >= 0x80);
}

/* The next word of the text from *at on: its first two signs; OTHER where it
   has none of ASCII. False at the end. */
static bool next_word(pc_str text, size_t *at, unsigned *first,
                      unsigned *second)
{
    while (*at < text.len && !is_inside(text.ptr[*at]) && text.ptr[*at] != '%')
        ++*at;
    if (*at == text.len)
        return false;
    if (text.ptr[*at] == '%') { /* a word of its own */
        *first = sign_of(text.ptr[(*at)++]);
        *second = OTHER;
        return true;
    }
    *first = sign_of(text.ptr[*at]);
    *second = *at + 1 < text.len ? sign_of(text.ptr[*at + 1]) : OTHER;
    while (*at < text.len && is_inside(text.ptr[*at]))
        ++*at;
    return true;
}

void ps_synonym_filter_init(ps_synonym_filter *f, pc_str query)
{
    size_t at = 0;
    unsigned first, second;
    memset(f, 0, sizeof *f);
    while (next_word(query, &at, &first, &second)) {
        f->all |= first == OTHER;
        f->begins[first][second] = true;
        f->begins[first][OTHER] |= second == OTHER;
        /* A word of the line that has one letter asks this. */
        for (unsigned i = 0; i < OTHER && second == OTHER; i++)
            f->begins[first][i] = true;
    }
    for (unsigned i = 0; i < PS_FILTER_SIGNS; i++)
        for (unsigned k = 0; k < OTHER; k++)
            f->begins[i][OTHER] |= f->begins[i][k];
}

bool ps_synonym_filter_keeps(const ps_synonym_filter *f, pc_str line)
{
    size_t at = 0;
    unsigned first, second;
    if (f->all)
        return true;
    while (next_word(line, &at, &first, &second))
        if (first == OTHER || f->begins[first][second])
            return true;
    return false;
}
