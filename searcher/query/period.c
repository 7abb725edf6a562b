/*
 * Periods. Day numbers are converted with the algorithms of Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms" (2013).
 */
#include "searcher/query/period.h"

#include "searcher/query/period_written.h"

enum unit { DAY, WEEK, MONTH, QUARTER, YEAR, NO_UNIT };

/* Longest text that is looked at. */
#define TEXT_MAX 40u
#define AGO_MAX 100000u

/* ---- the calendar ------------------------------------------------------- */

static ps_day make_day(int64_t y, uint32_t m, uint32_t d)
{
    return (ps_day)((uint32_t)y * 10000u + m * 100u + d);
}

static uint32_t month_days(int64_t y, uint32_t m)
{
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (m == 2)
        return leap ? 29 : 28;
    return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}

ps_day ps_day_of(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t in_era = days - era * 146097;
    int64_t year =
        (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t m = (5 * in_year + 2) / 153;
    uint32_t d = (uint32_t)(in_year - (153 * m + 2) / 5 + 1);
    uint32_t month = (uint32_t)(m < 10 ? m + 3 : m - 9);
    int64_t y = year + era * 400 + (month <= 2);
    if (y < 0)
        return make_day(0, 1, 1);
    return y > 9999 ? make_day(9999, 12, 31) : make_day(y, month, d);
}

static int64_t number_of(ps_day day)
{
    int64_t y = (int64_t)(day / 10000);
    int64_t m = (int64_t)(day / 100 % 100), d = (int64_t)(day % 100);
    y -= m <= 2;
    int64_t era = y / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    int64_t in_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return era * 146097 + in_era - 719468;
}

/* Months counted from year 0, from the first of one to the last of another. */
static ps_period months(int64_t from, int64_t n)
{
    if (from < 0)
        from = 0;
    int64_t to = from + n - 1;
    uint32_t m = (uint32_t)(to % 12) + 1;
    return (ps_period){make_day(from / 12, (uint32_t)(from % 12) + 1, 1),
                       make_day(to / 12, m, month_days(to / 12, m))};
}

/* The unit that `today` is in, `back` units earlier. */
static ps_period unit_period(enum unit unit, ps_day today, int64_t back)
{
    int64_t month = (int64_t)(today / 10000) * 12 + today / 100 % 100 - 1;
    int64_t n = number_of(today);
    switch (unit) {
    case DAY: n -= back; return (ps_period){ps_day_of(n), ps_day_of(n)};
    case WEEK:
        /* 1 January 1970 was a Thursday. */
        n -= ((n % 7 + 7) % 7 + 3) % 7 + 7 * back;
        return (ps_period){ps_day_of(n), ps_day_of(n + 6)};
    case MONTH: return months(month - back, 1);
    case QUARTER: return months(month - month % 3 - 3 * back, 3);
    case YEAR: return months(month - month % 12 - 12 * back, 12);
    case NO_UNIT: break;
    }
    return (ps_period){today, today};
}

/* ---- words -------------------------------------------------------------- */

/* A folded copy: lower case, runs of separators as one space. */
typedef struct folded {
    char text[TEXT_MAX + 1];
    size_t len;
} folded;

static bool fold(pc_str s, folded *f)
{
    f->len = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        if (c == '-' || c == '_' || c == '/' || c == '.' || (uint8_t)c <= ' ')
            c = ' ';
        if (c == ' ' && (f->len == 0 || f->text[f->len - 1] == ' '))
            continue;
        if (f->len == TEXT_MAX)
            return false;
        f->text[f->len++] = c;
    }
    if (f->len > 0 && f->text[f->len - 1] == ' ')
        f->len--;
    f->text[f->len] = 0;
    return f->len > 0;
}

static enum unit unit_of(const char *s)
{
    static const char *const names[] = {"day", "week", "month", "quarter",
                                        "year"};
    size_t len = strlen(s);
    for (size_t i = 0; i < PC_COUNTOF(names); i++) {
        size_t n = strlen(names[i]);
        if (strncmp(s, names[i], n) == 0 &&
            (len == n || (len == n + 1 && s[n] == 's')))
            return (enum unit)i;
    }
    return NO_UNIT;
}

/* Digits of exactly `width`; -1 if they are not there. */
static int32_t digits(const char *s, size_t width)
{
    int32_t v = 0;
    for (size_t i = 0; i < width; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        v = v * 10 + (s[i] - '0');
    }
    return v;
}

/* A number of one or two digits behind a space, from *i on, which moves behind
   it; -1: there is none. */
static int32_t next_number(const folded *f, size_t *i)
{
    const char *s = f->text + *i;
    if (s[0] != ' ')
        return -1;
    size_t width = digits(s + 1, 1) >= 0 && digits(s + 2, 1) >= 0 ? 2 : 1;
    *i += 1 + width;
    return digits(s + 1, width);
}

/* Qn, Hn behind the year. */
static bool read_part(const char *s, int32_t y, ps_period *out)
{
    s += *s == ' ';
    if (!*s || strlen(s) != 2 || (s[0] != 'q' && s[0] != 'h'))
        return false;
    int32_t length = s[0] == 'q' ? 3 : 6, n = digits(s + 1, 1);
    if (n < 1 || n * length > 12)
        return false;
    *out = months((int64_t)y * 12 + (n - 1) * length, length);
    return true;
}

/* Wnn[ D] behind the year. The first week is the one with 4 January. */
static bool read_week(const char *s, int32_t y, ps_period *out)
{
    s += *s == ' ';
    int32_t week = *s == 'w' && strlen(s) >= 3 ? digits(s + 1, 2) : -1;
    int32_t day = 0;
    if (week < 1 || week > 53)
        return false;
    s += 3;
    s += *s == ' ';
    if (*s)
        day = strlen(s) == 1 ? digits(s, 1) : 8;
    if (day < 0 || day > 7 || (*s && day == 0))
        return false;
    ps_day fourth = unit_period(WEEK, make_day(y, 1, 4), 0).first;
    int64_t monday = number_of(fourth) + 7 * (int64_t)(week - 1);
    if (ps_day_of(monday + 3) / 10000 != (uint32_t)y)
        return false; /* it has but 52 */
    *out = (ps_period){ps_day_of(monday + (day ? day - 1 : 0)),
                       ps_day_of(monday + (day ? day - 1 : 6))};
    return true;
}

/* YYYY[ MM[ DD]], YYYY Qn, YYYY Hn, YYYY Wnn[ D]. */
static bool read_numbers(const folded *f, ps_period *out)
{
    int32_t y = f->len >= 4 ? digits(f->text, 4) : -1;
    size_t i = 4;
    if (y < 0)
        return false;
    if (f->len == 4) {
        *out = months((int64_t)y * 12, 12);
        return true;
    }
    if (read_part(f->text + 4, y, out) || read_week(f->text + 4, y, out))
        return true;
    int32_t m = next_number(f, &i);
    if (m < 1 || m > 12)
        return false;
    *out = months((int64_t)y * 12 + m - 1, 1);
    if (f->len == i)
        return true;
    int32_t d = next_number(f, &i);
    if (f->len != i || d < 1 || (uint32_t)d > month_days(y, (uint32_t)m))
        return false;
    out->first = out->last = make_day(y, (uint32_t)m, (uint32_t)d);
    return true;
}

/* The same day of an earlier month, or its last. */
static ps_day months_before(ps_day today, int64_t n)
{
    ps_period p = unit_period(MONTH, today, n);
    ps_day day = p.first + today % 100 - 1;
    return day < p.last ? day : p.last;
}

/* "last 7 days": from then until today. */
static bool read_last(const folded *f, ps_day today, ps_period *out)
{
    static const char *const words[] = {"last ", "past "};
    int64_t n = 0;
    size_t i = 5;
    bool known = false;
    for (size_t k = 0; k < PC_COUNTOF(words); k++)
        known |= strncmp(f->text, words[k], 5) == 0;
    if (!known)
        return false;
    for (; f->text[i] >= '0' && f->text[i] <= '9' && n <= AGO_MAX; i++)
        n = n * 10 + (f->text[i] - '0');
    if (i == 5 || n == 0 || n > AGO_MAX || f->text[i] != ' ')
        return false;
    out->last = today;
    switch (unit_of(f->text + i + 1)) {
    case DAY: out->first = ps_day_of(number_of(today) - n); return true;
    case WEEK: out->first = ps_day_of(number_of(today) - 7 * n); return true;
    case MONTH: out->first = months_before(today, n); return true;
    case QUARTER: out->first = months_before(today, 3 * n); return true;
    case YEAR: out->first = months_before(today, 12 * n); return true;
    case NO_UNIT: break;
    }
    return false;
}

static bool read_written(pc_str text, ps_period *out)
{
    char iso[PS_PERIOD_ISO];
    folded f;
    return ps_period_iso(text, iso) && fold(pc_str_of(iso), &f) &&
           read_numbers(&f, out);
}

/* "3 months ago" */
static bool read_ago(const folded *f, ps_day today, ps_period *out)
{
    int64_t n = 0;
    size_t i = 0;
    char unit[TEXT_MAX + 1];
    for (; f->text[i] >= '0' && f->text[i] <= '9' && n <= AGO_MAX; i++)
        n = n * 10 + (f->text[i] - '0');
    if (i == 0 || n > AGO_MAX || f->len < 5 ||
        strcmp(f->text + f->len - 4, " ago") != 0)
        return false;
    i += f->text[i] == ' ';
    if (i > f->len - 4)
        return false;
    memcpy(unit, f->text + i, f->len - 4 - i);
    unit[f->len - 4 - i] = 0;
    if (unit_of(unit) == NO_UNIT)
        return false;
    *out = unit_period(unit_of(unit), today, n);
    return true;
}

bool ps_period_read(pc_str text, ps_day today, ps_period *out)
{
    folded f;
    if (!fold(text, &f))
        return false;
    if (read_numbers(&f, out) || read_ago(&f, today, out) ||
        read_last(&f, today, out) || read_written(text, out))
        return true;
    bool last = strncmp(f.text, "last ", 5) == 0;
    bool this = strncmp(f.text, "this ", 5) == 0;
    if (strcmp(f.text, "today") == 0)
        *out = unit_period(DAY, today, 0);
    else if (strcmp(f.text, "yesterday") == 0)
        *out = unit_period(DAY, today, 1);
    else if ((last || this) && unit_of(f.text + 5) != NO_UNIT)
        *out = unit_period(unit_of(f.text + 5), today, last);
    else
        return false;
    return true;
}

bool ps_period_valid(pc_str text)
{
    ps_period any;
    return ps_period_read(text, make_day(2000, 1, 1), &any);
}

static bool is_word(pc_str s, const char *lower)
{
    folded f;
    return fold(s, &f) && strcmp(f.text, lower) == 0;
}

bool ps_period_needs_unit(pc_str word)
{
    return is_word(word, "last") || is_word(word, "this") ||
           ps_period_begins(word);
}

enum ps_period_name ps_period_name(pc_str name)
{
    if (is_word(name, "date"))
        return PS_PERIOD_DATE;
    if (is_word(name, "since"))
        return PS_PERIOD_SINCE;
    if (is_word(name, "after"))
        return PS_PERIOD_AFTER;
    if (is_word(name, "before"))
        return PS_PERIOD_BEFORE;
    return is_word(name, "until") ? PS_PERIOD_UNTIL : PS_PERIOD_NONE;
}
