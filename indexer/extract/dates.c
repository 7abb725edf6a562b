/*
 * A date is read as up to four words: numbers, names of months, the rest.
 */
#include "indexer/extract/dates.h"

#include <stdio.h>

#include "common/text/ident.h"
#include "indexer/extract/ascii.h"

typedef struct cursor {
    const char *p;
    const char *end;
} cursor;

static bool at_digit(const cursor *c)
{
    return c->p < c->end && pi_is_digit(*c->p);
}

/* Reads a number of at most 8 digits; the count of digits, 0 if none. */
static unsigned take_number(cursor *c, unsigned *value)
{
    unsigned n = 0;
    unsigned v = 0;
    while (at_digit(c) && n < 9) {
        v = v * 10 + (unsigned)(*c->p - '0');
        c->p++;
        n++;
    }
    *value = v;
    return n > 8 ? 0 : n;
}

static unsigned take_month(cursor *c)
{
    static const char *const names[] = {
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december"};
    const char *start = c->p;
    while (c->p < c->end && pi_is_alpha(*c->p))
        c->p++;
    pc_str word = {start, (size_t)(c->p - start)};
    if (word.len < 3)
        return 0;
    for (unsigned m = 0; m < PC_COUNTOF(names); m++) {
        pc_str name = pc_str_of(names[m]);
        if (word.len <= name.len && pi_eq_nocase(word, name, word.len))
            return m + 1;
    }
    return 0;
}

static void skip_blanks(cursor *c, const char *also)
{
    while (c->p < c->end &&
           (pi_is_space(*c->p) || (*c->p && strchr(also, *c->p))))
        c->p++;
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30,
                                         31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

/* day 0: not given; month 0: not given. */
static bool put(char out[PI_DATE_MAX], unsigned year, unsigned month,
                unsigned day)
{
    if (year < 1000 || year > 9999 || month > 12)
        return false;
    if (day > 0 && (month == 0 || day > days_in(year, month)))
        return false;
    int n;
    if (month == 0)
        n = snprintf(out, PI_DATE_MAX, "%04u", year);
    else if (day == 0)
        n = snprintf(out, PI_DATE_MAX, "%04u-%02u", year, month);
    else
        n = snprintf(out, PI_DATE_MAX, "%04u-%02u-%02u", year, month, day);
    return n > 0 && n < PI_DATE_MAX;
}

/* What may follow a date of digits: nothing, a blank, a time. */
static bool at_end_of_digits(const cursor *c)
{
    return c->p == c->end || pi_is_space(*c->p) || *c->p == 'T' ||
           *c->p == ',' || *c->p == 'Z' || *c->p == '+';
}

static bool from_digits(char out[PI_DATE_MAX], cursor *c, unsigned year)
{
    unsigned month = 0;
    unsigned day = 0;
    if (at_end_of_digits(c))
        return put(out, year, 0, 0);
    char sep = *c->p++;
    if (sep != '-' && sep != '/' && sep != '.')
        return false;
    unsigned n = take_number(c, &month);
    if (n < 1 || n > 2 || month == 0)
        return false;
    if (at_end_of_digits(c))
        return put(out, year, month, 0);
    if (*c->p++ != sep)
        return false;
    n = take_number(c, &day);
    if (n < 1 || n > 2 || day == 0 || !at_end_of_digits(c))
        return false;
    return put(out, year, month, day);
}

/* "5 September 2014", behind the 5. */
static bool from_day(char out[PI_DATE_MAX], cursor *c, unsigned day)
{
    unsigned year = 0;
    if (c->end - c->p >= 2 && pi_is_alpha(c->p[0]) && pi_is_alpha(c->p[1]) &&
        (c->end - c->p == 2 || !pi_is_alpha(c->p[2])))
        c->p += 2; /* 5th */
    skip_blanks(c, ".-");
    unsigned month = take_month(c);
    skip_blanks(c, ".,-");
    unsigned n = take_number(c, &year);
    if (month == 0 || n != 4 || day == 0)
        return false;
    return put(out, year, month, day);
}

/* "September 5, 2014" or "September 2014", behind the month. */
static bool from_month(char out[PI_DATE_MAX], cursor *c, unsigned month)
{
    unsigned first = 0;
    unsigned year = 0;
    skip_blanks(c, ".,");
    unsigned n = take_number(c, &first);
    if (n == 4)
        return put(out, first, month, 0);
    if (n < 1 || n > 2 || first == 0)
        return false;
    while (c->p < c->end && pi_is_alpha(*c->p))
        c->p++; /* 5th */
    skip_blanks(c, ".,");
    n = take_number(c, &year);
    return n == 4 && put(out, year, month, first);
}

/* As texts write days in other languages: 31.10.2026, 31. Mai 2026. */
static bool from_text(char out[PI_DATE_MAX], pc_str s)
{
    static const char type[] = "date:";
    char key[PC_IDENT_MAX];
    const size_t before = sizeof type - 1;
    while (s.len && pi_is_space(s.ptr[s.len - 1]))
        s.len--;
    while (s.len && pi_is_space(*s.ptr)) {
        s.ptr++;
        s.len--;
    }
    size_t n = pc_ident_key(s, key);
    if (n != before + 10 || memcmp(key, type, before) != 0)
        return false;
    unsigned year = 0, month = 0, day = 0;
    for (size_t i = before; i < before + 4; i++)
        year = 10 * year + (unsigned)(key[i] - '0');
    for (size_t i = before + 5; i < before + 7; i++)
        month = 10 * month + (unsigned)(key[i] - '0');
    for (size_t i = before + 8; i < n; i++)
        day = 10 * day + (unsigned)(key[i] - '0');
    return put(out, year, month, day);
}

bool pi_date_normal(char out[PI_DATE_MAX], pc_str s)
{
    cursor c = {s.ptr, s.ptr ? s.ptr + s.len : s.ptr};
    unsigned value = 0;
    bool found = false;
    out[0] = 0;
    skip_blanks(&c, "");
    if (!at_digit(&c) && c.p < c.end) {
        unsigned month = take_month(&c);
        if (month == 0) {
            /* A weekday, or what cannot be a date. */
            skip_blanks(&c, ".,");
            const char *word = c.p;
            month = take_month(&c);
            if (month == 0)
                c.p = word;
        }
        if (month > 0)
            found = from_month(out, &c, month);
        if (month > 0 || !at_digit(&c))
            goto out;
    }
    unsigned n = take_number(&c, &value);
    if (n == 8 && at_end_of_digits(&c))
        found = put(out, value / 10000, value / 100 % 100, value % 100) &&
                value % 100 > 0 && value / 100 % 100 > 0;
    else if (n == 4)
        found = from_digits(out, &c, value);
    else if (n == 1 || n == 2)
        found = from_day(out, &c, value);
out:
    if (!found)
        found = from_text(out, s);
    if (!found)
        out[0] = 0;
    return found;
}
