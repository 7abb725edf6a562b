/*
 * The oracle: filters. Values are ASCII here; everything is done by the words
 * of docs/query.md, one value and one document at a time.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/naive_internal.h"

#define ROOM 256

/* Lower case. */
static void lower(char out[ROOM], const char *s, size_t len)
{
    size_t n = 0;
    for (; n < len && n + 1 < ROOM; n++)
        out[n] = (char)tolower((unsigned char)s[n]);
    out[n] = 0;
}

/* Words, a space before and behind each. */
static void spaced(char out[2 * ROOM], const char *s)
{
    size_t n = 0;
    out[n++] = ' ';
    for (; *s; s++) {
        if (isalnum((unsigned char)*s))
            out[n++] = *s;
        else if (out[n - 1] != ' ')
            out[n++] = ' ';
    }
    if (out[n - 1] != ' ')
        out[n++] = ' ';
    out[n] = 0;
}

static bool is_like(const char *pattern, const char *s)
{
    if (!*pattern)
        return !*s;
    if (*pattern == '*')
        return is_like(pattern + 1, s) || (*s && is_like(pattern, s + 1));
    return *s && (*pattern == '?' || *pattern == *s) &&
           is_like(pattern + 1, s + 1);
}

/* First and last day of a stored date or of a period, as text that orders. */
static void days(const char *s, char first[16], char last[16])
{
    if (strlen(s) == 7 && s[5] == 'q') {
        int q = s[6] - '0';
        (void)snprintf(first, 16, "%.4s-%02d-01", s, 3 * q - 2);
        (void)snprintf(last, 16, "%.4s-%02d-31", s, 3 * q);
        return;
    }
    (void)snprintf(first, 16, "%s%s", s, &"-01-01"[strlen(s) - 4]);
    (void)snprintf(last, 16, "%s%s", s, &"-12-31"[strlen(s) - 4]);
}

static bool is_path(const char *value, const char *part, bool glob)
{
    size_t n = strlen(part);
    for (const char *at = value; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (glob ? is_like(part, at)
                 : strncmp(at, part, n) == 0 && strchr("/.", at[n]))
            return true;
    }
    return false;
}

static bool is_value(const char *name, const char *value, const ps_value *want)
{
    char part[ROOM], a[2 * ROOM], b[2 * ROOM];
    lower(part, want->text.ptr, want->text.len);
    if (want->form == PS_VALUE_EXACT)
        return strcmp(value, part) == 0;
    if (strcmp(name, "path") == 0)
        return is_path(value, part, want->form == PS_VALUE_GLOB);
    if (want->form == PS_VALUE_GLOB) {
        for (size_t i = 0; value[i]; i++)
            if ((i == 0 || !isalnum((unsigned char)value[i - 1]) ||
                 !isalnum((unsigned char)value[i])) &&
                is_like(part, value + i))
                return true;
        return false;
    }
    if (strcmp(name, "date") == 0) {
        char first[16], last[16], from[16], to[16];
        days(value, first, last);
        days(part, from, to);
        return strcmp(last, from) >= 0 && strcmp(first, to) <= 0;
    }
    spaced(a, value);
    spaced(b, part);
    return strstr(a, b) != NULL;
}

/* Below, in, or above what the end of a range names. */
static int against(const char *name, const char *value, const ps_value *end,
                   bool low)
{
    char part[ROOM];
    lower(part, end->text.ptr, end->text.len);
    if (strcmp(name, "date") == 0) {
        char first[16], last[16], from[16], to[16];
        days(value, first, last);
        days(part, from, to);
        const char *day = low ? last : first;
        return strcmp(day, from) < 0 ? -1 : strcmp(day, to) > 0;
    }
    if (isdigit((unsigned char)part[0])) {
        double x = strtod(value, NULL), y = strtod(part, NULL);
        return x < y ? -1 : x > y;
    }
    return strcmp(value, part);
}

static bool is_in(const char *name, const char *value, const ps_filter *f)
{
    const ps_value *low = &f->values[0], *high = &f->values[1];
    if (low->form != PS_VALUE_OPEN) {
        int order = against(name, value, low, true);
        if (order < 0 || (f->without_low && order == 0))
            return false;
    }
    if (high->form != PS_VALUE_OPEN) {
        int order = against(name, value, high, false);
        if (order > 0 || (f->without_high && order == 0))
            return false;
    }
    return true;
}

bool naive_filter(const document *d, const ps_filter *f)
{
    char name[ROOM], value[ROOM];
    lower(name, f->name.ptr, f->name.len);
    for (size_t i = 0; i < d->meta_n; i++) {
        if (strcmp(d->meta[i].name, name) != 0)
            continue;
        lower(value, d->meta[i].value, strlen(d->meta[i].value));
        if (f->op == PS_FILTER_RANGE) {
            if (is_in(name, value, f))
                return true;
            continue;
        }
        for (size_t k = 0; k < f->n; k++)
            if (is_value(name, value, &f->values[k]))
                return true;
    }
    return false;
}
