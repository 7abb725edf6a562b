/*
 * Days: 2014-06-12, and as people write them in several languages.
 */
#include <stdio.h>

#include "common/base/base.h"
#include "common/text/pieces.h"

/* Is the word one of a list that has a space around each? */
static bool is_listed(const char *list, const char *word, size_t n)
{
    char key[16] = " ";
    if (n == 0 || n > sizeof key - 3)
        return false;
    memcpy(key + 1, word, n);
    key[n + 1] = ' ';
    return strstr(list, key) != NULL;
}

/* The month that a word names, 1 to 12; 0 for none. */
static int month_of(const char *word, size_t n)
{
    static const char *const months[] = {
        " jan january januar janvier enero gennaio janeiro januari ",
        " feb february februar fevrier febrero febbraio fevereiro februari ",
        " mar march marz mars marzo marco maart maerz ",
        " apr april avril abril aprile ",
        " may mai mayo maggio maio mei ",
        " jun june juni juin junio giugno junho ",
        " jul july juli juillet julio luglio julho ",
        " aug august aout agosto augustus ",
        " sep sept september septembre septiembre settembre setembro ",
        " oct october oktober octobre octubre ottobre outubro okt ",
        " nov november novembre noviembre novembro ",
        " dec december dezember decembre diciembre dicembre dezembro dez "};
    if (n < 3 || pc_is_digit(word[0]))
        return 0;
    for (int i = 0; i < 12; i++)
        if (is_listed(months[i], word, n))
            return i + 1;
    return 0;
}

/* Words between day, month and year. */
static bool is_between(const char *word, size_t n)
{
    return n <= 3 && is_listed(" of de del di den ", word, n);
}

/* The day that a word says: 1 to 31, also 12th; 0 for none. */
static int day_of(const char *word, size_t n)
{
    int day = 0;
    size_t i = 0;
    for (; i < n && i < 2 && pc_is_digit(word[i]); i++)
        day = 10 * day + (word[i] - '0');
    bool bare = i == n;
    bool ordinal =
        n == i + 2 && i > 0 && is_listed(" st nd rd th er ", word + i, 2);
    return (bare || ordinal) && day <= 31 ? day : 0;
}

bool pc_ident_in_date(const char *word, size_t n)
{
    return month_of(word, n) || day_of(word, n) || is_between(word, n);
}

/* A day and the hour behind it: 12T08. */
static bool is_time(const pc_piece *p)
{
    return p->len > 3 && pc_is_digit(p->ptr[0]) && pc_is_digit(p->ptr[1]) &&
           p->ptr[2] == 't' && pc_is_digit(p->ptr[3]);
}

/* A month of one or two digits. */
static int month_number(const pc_pieces *p, uint32_t i)
{
    const pc_piece *v = &p->v[i];
    if (!pc_piece_digits(p, i, 1, 2))
        return 0;
    return v->len == 2 ? 10 * (v->ptr[0] - '0') + v->ptr[1] - '0'
                       : v->ptr[0] - '0';
}

static int put(char *out, const pc_piece *year, int month, int day)
{
    if (month < 1 || month > 12 || day == 0)
        return 0;
    return snprintf(out, PC_IDENT_MAX, "date:%.*s-%02d-%02d", (int)year->len,
                    year->ptr, month, day);
}

/* "12 June 2014", "June 12th, 2014", "12 de junio de 2014" */
static int key_written(const pc_pieces *p, char *out)
{
    const pc_piece *v[3] = {NULL, NULL, NULL};
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->n; i++) {
        if (is_between(p->v[i].ptr, p->v[i].len))
            continue;
        if (n == PC_COUNTOF(v))
            return 0;
        v[n++] = &p->v[i];
    }
    if (n < 3 || v[2] != &p->v[p->n - 1] || v[0] != &p->v[0] ||
        !pc_piece_year(p, p->n - 1))
        return 0;
    int month = month_of(v[1]->ptr, v[1]->len);
    if (month)
        return put(out, v[2], month, day_of(v[0]->ptr, v[0]->len));
    month = month_of(v[0]->ptr, v[0]->len);
    return put(out, v[2], month, day_of(v[1]->ptr, v[1]->len));
}

int pc_ident_date(const pc_pieces *p, char *out)
{
    const pc_piece *v = p->v;
    if (p->n == 3 && v[1].mark == v[2].mark) {
        char mark = v[1].mark;
        /* 2014-06-12, 2014/06/12T08 */
        if (pc_piece_year(p, 0) && pc_piece_digits(p, 1, 2, 2) &&
            (pc_piece_digits(p, 2, 2, 2) || is_time(&v[2])) &&
            (mark == '-' || mark == '/'))
            return put(out, &v[0], month_number(p, 1), day_of(v[2].ptr, 2));
    }
    return p->n >= 3 ? key_written(p, out) : 0;
}

size_t pc_ident_dotted(pc_str raw, char *out)
{
    unsigned value[3] = {0, 0, 0}, digits = 0, part = 0;
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.ptr[i] == '.') {
            if (part == 2 || digits == 0 || digits > 2)
                return 0;
            part++;
            digits = 0;
        } else if (!pc_is_digit(raw.ptr[i]) || ++digits > 4) {
            return 0;
        } else {
            value[part] = 10 * value[part] + (unsigned)(raw.ptr[i] - '0');
        }
    }
    if (part != 2 || digits != 4 || value[0] < 1 || value[0] > 31 ||
        value[1] < 1 || value[1] > 12 || value[2] < 1000 || value[2] > 2999)
        return 0;
    return (size_t)snprintf(out, PC_IDENT_MAX, "date:%u-%02u-%02u", value[2],
                            value[1], value[0]);
}
