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

#define BIT(letter) (UINT32_C(1) << ((letter)&0x1F))

/* The second letters of the names of months, by their first. */
static const uint32_t second_letters[32] = {
    ['a' & 0x1F] = BIT('b') | BIT('g') | BIT('n') | BIT('o') | BIT('p') |
                   BIT('u') | BIT('v'),
    ['b' & 0x1F] = BIT('e'),
    ['c' & 0x1F] = BIT('e') | BIT('z'),
    ['d' & 0x1F] = BIT('e') | BIT('i'),
    ['e' & 0x1F] = BIT('k') | BIT('n') | BIT('y'),
    ['f' & 0x1F] = BIT('e'),
    ['g' & 0x1F] = BIT('e') | BIT('i') | BIT('r'),
    ['h' & 0x1F] = BIT('a'),
    ['i' & 0x1F] = BIT('u'),
    ['j' & 0x1F] = BIT('a') | BIT('u'),
    ['k' & 0x1F] = BIT('v') | BIT('w'),
    ['l' & 0x1F] = BIT('i') | BIT('u'),
    ['m' & 0x1F] = BIT('a') | BIT('e'),
    ['n' & 0x1F] = BIT('i') | BIT('o'),
    ['o' & 0x1F] = BIT('c') | BIT('k') | BIT('t') | BIT('u'),
    ['s' & 0x1F] = BIT('e') | BIT('i') | BIT('t'),
    ['t' & 0x1F] = BIT('e') | BIT('r'),
    ['v' & 0x1F] = BIT('e'),
    ['z' & 0x1F] = BIT('o'),
};

/* The month that a word names, 1 to 12; 0 for none. */
static int month_of(const char *word, size_t n)
{
    /* With the letters that they begin with, as few words of a text do. Those
       of Russian and Ukrainian are as pc_cyrillic_letter() has them. */
    static const struct {
        uint32_t first;
        const char *names;
    } months[] = {
        {BIT('a') | BIT('e') | BIT('g') | BIT('j') | BIT('o') | BIT('s'),
         " jan january januar janvier enero gennaio janeiro "
         "januari anvara sicna stycznia ocak "},
        {BIT('f') | BIT('l'), " feb february februar fevrier febrero febbraio "
                              "fevereiro februari fevrala lutogo lutego "},
        {BIT('b') | BIT('m'),
         " mar march marz mars marzo marco maart maerz marts "
         "marta berezna marca "},
        {BIT('a') | BIT('k') | BIT('n'),
         " apr april avril abril aprile aprela kvitna kwietnia "
         "nisan "},
        {BIT('m') | BIT('t'),
         " may mai mayo maggio maio mei maj maa travna maja "},
        {BIT('c') | BIT('g') | BIT('h') | BIT('i') | BIT('j'),
         " jun june juni juin junio giugno junho iuna cervna "
         "czerwca haziran "},
        {BIT('i') | BIT('j') | BIT('l') | BIT('t'),
         " jul july juli juillet julio luglio julho iula lipna "
         "lipca temmuz "},
        {BIT('a') | BIT('s'),
         " aug august aout agosto augustus augusti avgusta serpna "
         "sierpnia "},
        {BIT('e') | BIT('s') | BIT('v'),
         " sep sept september septembre septiembre settembre "
         "setembro sentabra veresna eylul "},
        {BIT('e') | BIT('o') | BIT('z'),
         " oct october oktober octobre octubre ottobre outubro "
         "okt oktabra zovtna ekim "},
        {BIT('l') | BIT('n'),
         " nov november novembre noviembre novembro noabra "
         "listopada "},
        {BIT('d') | BIT('g'),
         " dec december dezember decembre diciembre dicembre "
         "dezembro dez dekabra grudna grudnia "}};
    if (n < 3 || pc_is_digit(word[0]) ||
        !(second_letters[word[0] & 0x1F] & BIT(word[1])))
        return 0; /* as most */
    for (int i = 0; i < 12; i++)
        if ((months[i].first & BIT(word[0])) &&
            is_listed(months[i].names, word, n))
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

bool pc_ident_is_month(const char *word, size_t n)
{
    return month_of(word, n) > 0;
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
    if (p->n == 3 && v[1].mark == 'Y' && v[2].mark == 'M' &&
        pc_piece_year(p, 0))
        return put(out, &v[0], month_number(p, 1), day_of(v[2].ptr, v[2].len));
    return p->n >= 3 ? key_written(p, out) : 0;
}

/* The beginning of the number that ends before the sign at the end of
   text[0, at), of which there are two to choose from; `at` when there is
   none. */
static uint32_t number_before(const char *text, uint32_t at,
                              const char *chinese, const char *korean,
                              uint32_t *digits)
{
    uint32_t end = at;
    if (end > 0 && text[end - 1] == ' ')
        end--;
    if (end < 3 || (memcmp(text + end - 3, chinese, 3) != 0 &&
                    memcmp(text + end - 3, korean, 3) != 0))
        return at;
    uint32_t start = end -= 3;
    while (start > 0 && end - start < 5 && pc_is_digit(text[start - 1]))
        start--;
    *digits = end - start;
    return start;
}

uint32_t pc_ident_eastern(pc_str text, uint32_t start, uint32_t end,
                          uint32_t *stop)
{
    static const char *const signs[] = {"\u65E5", "\uC77C"};
    uint32_t month = 0, year = 0, begin = start;
    *stop = end;
    for (size_t i = 0; i < PC_COUNTOF(signs); i++)
        if (end + 3 <= text.len && memcmp(text.ptr + end, signs[i], 3) == 0)
            *stop = end + 3;
    if (*stop > end)
        begin = number_before(text.ptr, start, "\u6708", "\uC6D4", &month);
    if (month < 1 || month > 2)
        return start;
    begin = number_before(text.ptr, begin, "\u5E74", "\uB144", &year);
    return year == 4 ? begin : start;
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
