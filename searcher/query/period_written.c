/*
 * A written date is up to three words: a day, a month or a quarter, a year.
 */
#include "searcher/query/period_written.h"

#include <stdio.h>
#include <string.h>

#include "common/base/base.h"

#define WORDS_MAX 3u

static bool is_digit(char c)
{
    return (uint8_t)(c - '0') < 10;
}

static bool is_letter(char c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26;
}

/* Are the first `n` letters of `name` the word? */
static bool begins(pc_str word, const char *name, size_t least)
{
    if (word.len < least || word.len > strlen(name))
        return false;
    for (size_t i = 0; i < word.len; i++)
        if ((word.ptr[i] | 0x20) != name[i])
            return false;
    return true;
}

/* 1 to 12, 0 for none. */
static unsigned month_of(pc_str word)
{
    static const char *const names[] = {
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december"};
    for (unsigned i = 0; i < PC_COUNTOF(names); i++)
        if (begins(word, names[i], 3))
            return i + 1;
    return 0;
}

static bool is_quarter(pc_str word)
{
    return word.len == 2 && (word.ptr[0] | 0x20) == 'q' && word.ptr[1] >= '1' &&
           word.ptr[1] <= '4';
}

/* Digits that are the word but for the ending of an ordinal (5th); -1 when it
   is none of at most four. */
static int number_of(pc_str word)
{
    int value = 0;
    size_t n = 0;
    while (n < word.len && n < 4 && is_digit(word.ptr[n]))
        value = 10 * value + (word.ptr[n++] - '0');
    pc_str rest = {word.ptr + n, word.len - n};
    bool ordinal = n < 3 && rest.len == 2 && is_letter(rest.ptr[0]) &&
                   is_letter(rest.ptr[1]);
    return n > 0 && (rest.len == 0 || ordinal) ? value : -1;
}

/* The words of the text, between white space, commas, hyphens and full stops;
 *dots of the latter. 0: there are too many. */
static size_t cut(pc_str text, pc_str words[WORDS_MAX], size_t *dots)
{
    size_t n = 0;
    *dots = 0;
    for (size_t i = 0; i < text.len;) {
        size_t start = i;
        while (i < text.len &&
               (is_digit(text.ptr[i]) || is_letter(text.ptr[i])))
            i++;
        if (i > start) {
            if (n == WORDS_MAX)
                return 0;
            words[n++] = (pc_str){text.ptr + start, i - start};
            continue;
        }
        char c = text.ptr[i++];
        *dots += c == '.';
        if (c != '.' && c != ',' && c != '-' && c != '_' && (uint8_t)c > ' ')
            return 0;
    }
    return n;
}

static bool put_day(char out[PS_PERIOD_ISO], int year, unsigned month, int day)
{
    return year >= 1000 && day >= 1 && day <= 31 && month <= 12 &&
           snprintf(out, PS_PERIOD_ISO, "%04d-%02u-%02d", year, month, day) ==
               10;
}

bool ps_period_iso(pc_str text, char out[PS_PERIOD_ISO])
{
    pc_str w[WORDS_MAX];
    size_t dots, n = cut(text, w, &dots);
    int year = n > 1 ? number_of(w[n - 1]) : -1;
    if (year < 1000 || w[n - 1].len != 4)
        return false;
    if (n == 2 && is_quarter(w[0]))
        return snprintf(out, PS_PERIOD_ISO, "%04d-Q%c", year, w[0].ptr[1]) == 7;
    unsigned month = month_of(w[0]);
    if (n == 2)
        return month &&
               snprintf(out, PS_PERIOD_ISO, "%04d-%02u", year, month) == 7;
    if (month)
        return put_day(out, year, month, number_of(w[1]));
    month = month_of(w[1]);
    int number = number_of(w[1]);
    if (!month && dots == 2 && number > 0 && number <= 12 && w[1].len <= 2)
        month = (unsigned)number;
    return month && put_day(out, year, month, number_of(w[0]));
}

bool ps_period_begins(pc_str word)
{
    return month_of(word) || is_quarter(word);
}
