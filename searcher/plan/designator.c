/*
 * Names that end with a number.
 */
#include "searcher/plan/designator.h"

#include "common/base/base.h"

#define WORD_MAX 24u

/* The letters and digits of word i in small letters, a space for each run of
   other characters; "" when it is too long. */
static void plain(const ps_node *parent, size_t i, char out[WORD_MAX + 1])
{
    pc_str text = parent->clauses[i].node->text;
    size_t n = 0;
    out[0] = 0;
    if (text.len > WORD_MAX)
        return;
    for (size_t k = 0; k < text.len; k++) {
        char c = text.ptr[k];
        bool upper = (uint8_t)(c - 'A') < 26;
        if (upper || (uint8_t)(c - 'a') < 26 || (uint8_t)(c - '0') < 10)
            out[n++] = upper ? (char)(c | 0x20) : c;
        else if (c != '.' && n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    out[n] = 0;
}

/* Does word i begin with a digit? */
static bool is_number(const ps_node *parent, size_t i)
{
    pc_str text = parent->clauses[i].node->text;
    return text.len > 0 && (uint8_t)(text.ptr[0] - '0') < 10;
}

static bool is_listed(const char *const *list, const char *word)
{
    for (; *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

/* Series of documents, standards and bills, of one word. */
static const char *const series[] = {
    "rfc",  "iso",     "iec",  "iso iec", "ieee", "stanag", "ajp",
    "fips", "nist",    "nspd", "hspd",    "nsdd", "nspm",   "ppd",
    "pdd",  "nssm",    "nsdm", "dodd",    "dodi", "afi",    "jp",
    "itar", "mil std", "std",  "apt",     "unc",  "kb",     "com",
    "join", "swd",     "hr",   "hres",    "sres", NULL};

/* What is numbered: parts of texts, classes, diseases, aircraft by the letters
   of their makers. */
static const char *const numbered[] = {
    "amendment", "annex",     "appendix", "block",      "category",
    "chapter",   "class",     "clause",   "convention", "division",
    "level",     "paragraph", "para",     "part",       "phase",
    "principle", "protocol",  "rule",     "resolution", "schedule",
    "section",   "stage",     "tier",     "title",      "type",
    "volume",    "covid",     "su",       "tu",         "mig",
    "yak",       "mi",        "ka",       "il",         "mk",
    NULL};

/* The same, which are identifiers with digits. */
static const char *const articles[] = {"article", "articles", "art", "arts",
                                       NULL};

/* A number of I, V and X in capitals. */
static bool is_roman(pc_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!memchr("IVX", s.ptr[i], 3))
            return false;
    return s.len > 0 && s.len <= 7;
}

/* Two capitals at least and no more than five, nothing else. */
static bool is_acronym(pc_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((uint8_t)(s.ptr[i] - 'A') >= 26)
            return false;
    return s.len >= 2 && s.len <= 5;
}

/* Up to seven digits, and not a year of our times. */
static bool is_plain_number(pc_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((uint8_t)(s.ptr[i] - '0') >= 10)
            return false;
    bool year = s.len == 4 && ((s.ptr[0] == '1' && s.ptr[1] == '9') ||
                               (s.ptr[0] == '2' && s.ptr[1] == '0'));
    return s.len > 0 && s.len <= 7 && !year;
}

/* FY 2015, Q2 2014, H1 2014 */
static bool is_period(const char *word, pc_str year)
{
    bool part = (word[0] == 'q' || word[0] == 'h') && word[1] >= '1' &&
                word[1] <= '4' && word[2] == 0;
    return (part || strcmp(word, "fy") == 0) && year.len == 4 &&
           (year.ptr[0] == '1' || year.ptr[0] == '2');
}

/* F 16: one capital, but no English word, and up to four digits. */
static bool is_letter_and_number(pc_str a, pc_str b)
{
    return a.len == 1 && (uint8_t)(a.ptr[0] - 'A') < 26 && a.ptr[0] != 'A' &&
           a.ptr[0] != 'I' && b.len <= 4 && is_plain_number(b);
}

/* "542 U.S. 507", "81 Fed. Reg. 12345", "116 Stat. 2135" */
static size_t citation(const ps_node *parent, size_t i, size_t run)
{
    static const char *const reporters[] = {"us",  "stat", "fr",   "sct", "f2d",
                                            "f3d", "ust",  "unts", "ilm", NULL};
    char a[WORD_MAX + 1], b[WORD_MAX + 1];
    if (run < 3 || !is_number(parent, i))
        return 0;
    plain(parent, i + 1, a);
    plain(parent, i + 2, b);
    if (is_listed(reporters, a) && is_number(parent, i + 2))
        return 3;
    bool fed = strcmp(a, "fed") == 0 && strcmp(b, "reg") == 0;
    return fed && run >= 4 && is_number(parent, i + 3) ? 4 : 0;
}

/* "$5 billion", "1.5 bn": with a sign or a fraction, as prose counts millions
   of all kinds. */
static bool is_amount(const ps_node *parent, size_t i)
{
    static const char *const units[] = {"bn",       "billion", "million", "mn",
                                        "trillion", "trn",     "tn",      NULL};
    char word[WORD_MAX + 1];
    pc_str text = parent->clauses[i].node->text;
    size_t k = 0;
    while (k < text.len && ((uint8_t)text.ptr[k] >= 0x80 || text.ptr[k] == '$'))
        k++;
    if (k >= text.len || (uint8_t)(text.ptr[k] - '0') >= 10 ||
        (k == 0 && !memchr(text.ptr, '.', text.len)))
        return false;
    plain(parent, i + 1, word);
    return is_listed(units, word);
}

/* "50 %", "50 percent", "50 per cent", "5 pour cent": the words with the
   number; 0 when it is none. */
static size_t percentage(const ps_node *parent, size_t i, size_t run)
{
    static const char *const one[] = {"percent", "pct", "prozent", "procent",
                                      NULL};
    static const char *const first[] = {"per", "pour", "por", NULL};
    static const char *const second[] = {"cent", "ciento", "cento", NULL};
    char word[WORD_MAX + 1];
    if (run < 2 || !is_number(parent, i))
        return 0;
    plain(parent, i + 1, word);
    if (is_listed(one, word) ||
        pc_str_eq(parent->clauses[i + 1].node->text, PC_STR_LIT("%")))
        return 2;
    if (run < 3 || !is_listed(first, word))
        return 0;
    plain(parent, i + 2, word);
    return is_listed(second, word) ? 3 : 0;
}

/* "Title 50", "Chapter VII", "Su 27" */
static bool is_numbered(const ps_node *parent, size_t i)
{
    char word[WORD_MAX + 1];
    pc_str number = parent->clauses[i + 1].node->text;
    plain(parent, i, word);
    bool roman = is_roman(number);
    return (is_listed(numbered, word) && (roman || is_plain_number(number))) ||
           (roman && is_listed(articles, word)) || is_period(word, number);
}

/* H. R. 1960 */
static bool is_bill(const ps_node *parent, size_t i)
{
    char a[WORD_MAX + 1], b[WORD_MAX + 1];
    plain(parent, i, a);
    plain(parent, i + 1, b);
    return a[0] == 'h' && !a[1] && b[0] == 'r' && !b[1] &&
           is_plain_number(parent->clauses[i + 2].node->text);
}

/* Words before the number of a series: 0 for none. */
static size_t series_words(const ps_node *parent, size_t i, size_t run)
{
    static const char *const publication[] = {"special", "publication"};
    char word[WORD_MAX + 1];
    size_t n = 0;
    plain(parent, i, word);
    if (is_listed(series, word)) {
        bool nist = strcmp(word, "nist") == 0;
        n = 1;
        if (run < 3)
            return n;
        plain(parent, i + 1, word);
        /* ISO IEC 27001, NIST SP 800-53 */
        if (is_listed(series, word) || strcmp(word, "sp") == 0)
            return 2;
        if (!nist)
            return n;
    }
    if (strcmp(word, "sp") == 0 && n == 0)
        return 1;
    for (size_t k = 0; k < 2; k++) {
        if (i + n + k >= i + run)
            return n;
        plain(parent, i + n + k, word);
        if (strcmp(word, publication[k]) != 0)
            return n;
    }
    return n + 2;
}

bool ps_designator_says_all(const ps_node *parent, size_t i, size_t run)
{
    char word[WORD_MAX + 1];
    if (run < 2)
        return false;
    pc_str number = parent->clauses[i + 1].node->text;
    plain(parent, i + 1, word);
    bool sp = memcmp(word, "sp", 2) == 0 && (uint8_t)(word[2] - '0') < 10;
    plain(parent, i, word);
    return strcmp(word, "nist") == 0 && (sp || is_number(parent, i + 1)) &&
           memchr(number.ptr, '-', number.len);
}

/* Every name here has a number: is any of these words more than letters, or
   roman? */
static bool has_number(const ps_node *parent, size_t i, size_t run)
{
    for (size_t k = i; k < i + run; k++) {
        pc_str text = parent->clauses[k].node->text;
        size_t n = 0;
        while (n < text.len && (uint8_t)((text.ptr[n] | 0x20) - 'a') < 26)
            n++;
        if (n < text.len || is_roman(text))
            return true;
    }
    return false;
}

size_t ps_designator(const ps_node *parent, size_t i, size_t run)
{
    if (run < 2 || !has_number(parent, i, run))
        return 0;
    size_t n = citation(parent, i, run);
    if (n == 0)
        n = percentage(parent, i, run);
    if (n > 0)
        return n;
    n = series_words(parent, i, run);
    if (n > 0 && n < run && is_number(parent, i + n) &&
        !ps_designator_says_all(parent, i, run))
        return n + 1;
    pc_str a = parent->clauses[i].node->text;
    pc_str b = parent->clauses[i + 1].node->text;
    if (run > 2 && is_bill(parent, i))
        return 3;
    if (is_amount(parent, i) || is_numbered(parent, i) ||
        is_letter_and_number(a, b) || (is_acronym(a) && is_plain_number(b)))
        return 2;
    return 0;
}
