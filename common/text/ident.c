/*
 * Recognition of identifiers. A text is cut into pieces (pieces.h), and a type
 * is a pattern over these; addresses (address.h) are looked at byte by byte.
 * But for addresses nothing here looks at more than PC_IDENT_MAX bytes.
 */
#include "common/text/ident.h"

#include <stdio.h>

#include "common/base/base.h"
#include "common/text/address.h"
#include "common/text/pieces.h"
#include "common/text/spaced.h"

#define WORDS_BEFORE 7u

/* First pieces of the identifiers that begin with letters, by their first
   letter, with a space around each; months are known to ident_date.c. */
static const char *const beginnings[26] = {
    ['a' - 'a'] = " a action aplc art article articles articolo articulo "
                  "artigo artikel artikels arts ",
    ['b' - 'a'] = " beschluss bwc ",
    ['c' - 'a'] = " cat cbd ccpr ccw cd cedaw cerd commission common council "
                  "crc crpd cve cwe ",
    ['d' - 'a'] = " decision decisions delegated directiva directive "
                  "directives direttiva dp ",
    ['e' - 'a'] = " e ece eo escap exec executive ",
    ['f' - 'a'] = " fccc framework ",
    ['g' - 'a'] = " ga general gov ",
    ['h' - 'a'] = " hrc hri human ",
    ['i' - 'a'] = " implementing infcirc isba ",
    ['j' - 'a'] = " joint ",
    ['n' - 'a'] = " npt ",
    ['p' - 'a'] = " pl position pub public publ ",
    ['r' - 'a'] = " reglamento reglement regolamento regulation regulations "
                  "res resolucao resolucion resoluciones resolution "
                  "resolutions resolutie richtlinie risoluzione ",
    ['s' - 'a'] = " s sc scr security st ",
    ['t' - 'a'] = " t td ",
    ['u' - 'a'] = " un unep unga unhrc united unodc unsc unscr ",
    ['v' - 'a'] = " verordnung ",
    ['w' - 'a'] = " wha "};

/* May the text be an identifier, going by its first piece? Most are not, and
   need not be cut. */
static bool may_begin(pc_str raw)
{
    char key[16] = " ";
    size_t n = 0;
    for (; n < raw.len && pc_is_letter(raw.ptr[n]); n++) {
        if (n == sizeof key - 3)
            return false;
        key[1 + n] = (char)(raw.ptr[n] | 0x20);
    }
    /* Numbers, acronyms with dots and other letters need a closer look. */
    if (n == 0 || n == raw.len || raw.ptr[n] == '.' ||
        (uint8_t)raw.ptr[n] >= 0x80 || pc_is_digit(raw.ptr[n]))
        return true;
    key[1 + n] = ' ';
    const char *list = beginnings[key[1] - 'a'];
    if (list && strstr(list, key))
        return true;
    /* A day with its month first ends with a year; marks may follow. */
    size_t end = raw.len;
    while (end > n && !pc_is_alnum(raw.ptr[end - 1]))
        end--;
    return end > 9 && pc_is_digit(raw.ptr[end - 4]) &&
           pc_is_digit(raw.ptr[end - 1]) && pc_ident_is_month(key + 1, n);
}

/* Of a text that is cut into pieces. */
static size_t key_of_pieces(pc_str raw, char *out)
{
    static int (*const types[])(const pc_pieces *, char *) = {
        pc_ident_law, pc_ident_date, pc_ident_un, pc_ident_eu};
    pc_pieces p;
    int n = 0;
    if (raw.len > PC_IDENT_MAX || !may_begin(raw) || !pc_pieces_cut(&p, raw))
        return 0;
    for (size_t i = 0; i < PC_COUNTOF(types) && n == 0; i++)
        n = types[i](&p, out);
    return n > 0 && n < (int)PC_IDENT_MAX ? (size_t)n : 0;
}

size_t pc_ident_key(pc_str raw, char *out)
{
    if (raw.len < 3)
        return 0;
    size_t n = key_of_pieces(raw, out);
    if (n || memchr(raw.ptr, ' ', raw.len))
        return n; /* in what is looked at as a whole there is no space */
    n = pc_ident_dotted(raw, out);
    return n ? n : pc_address_key(raw, out);
}

/* Words that may stand just before the number of an identifier, by their first
   letter. */
static const char *const preceding[26] = {
    ['a' - 'a'] = " art article articles articolo articulo artigo artikel arts "
                  "action ",
    ['b' - 'a'] = " beschluss ",
    ['c' - 'a'] = " cfr cfsp cve cwe ",
    ['d' - 'a'] =
        " decision decisions directiva directive directives direttiva ",
    ['e' - 'a'] = " ec eec eo eu euratom ",
    ['j' - 'a'] = " jha ",
    ['l' - 'a'] = " l law ",
    ['n' - 'a'] = " n no nos nr ",
    ['o' - 'a'] = " order orders ",
    ['p' - 'a'] = " part pl position publ ",
    ['r' - 'a'] =
        " reglamento reglement regolamento regulation regulations res "
        "resolucao resolucion resoluciones resolution resolutions "
        "resolutie richtlinie risoluzione ",
    ['s' - 'a'] = " s scr sec sect section sections ss ",
    ['u' - 'a'] = " unscr usc usca ",
    ['v' - 'a'] = " verordnung "};

static bool may_precede(const char *word, size_t n)
{
    char key[16] = " ";
    if (n == 0 || n > sizeof key - 3 || (uint8_t)(word[0] - 'a') >= 26)
        return false;
    const char *list = preceding[word[0] - 'a'];
    memcpy(key + 1, word, n);
    key[n + 1] = ' ';
    return list && strstr(list, key);
}

static bool is_letter_pair(const char *p)
{
    return (p[0] == '\xC3' && (p[1] & 0x1F) != 0x17) || /* signs: ×, ÷ */
           pc_cyrillic_letter(p);
}

/* Does a letter of Latin-1 that is not ASCII, or of Cyrillic, end at `end`? */
static inline bool is_wide(const char *text, uint32_t end, uint32_t least)
{
    return PC_UNLIKELY((uint8_t)text[end - 1] >= 0x80) && end >= least + 2 &&
           is_letter_pair(text + end - 2);
}

/* The start of the word that ends before `at`, skipping marks; its letters
   without dots, small, go to word[0..16), *n of them. */
static uint32_t word_before(const char *text, uint32_t at, uint32_t least,
                            char *word, size_t *n)
{
    char c;
    uint32_t end = at, skipped = 0;
    *n = 0;
    while (end > least && !pc_is_alnum(text[end - 1]) &&
           !is_wide(text, end, least)) {
        end--;
        if ((uint8_t)text[end] >= 0x80 && (uint8_t)text[end] < 0xC0)
            continue; /* inside a character */
        pc_str mark = {text + end, at - end};
        if (++skipped > 6 || pc_pieces_mark(mark, 0, &c) == 0)
            return at;
    }
    uint32_t start = end;
    while (start > least && *n < 16) {
        c = text[start - 1];
        if (is_wide(text, start, least)) {
            start -= 2;
            ++*n;
            continue;
        }
        bool inner = c == '.' && start < end && start - 1 > least &&
                     pc_is_letter(text[start - 2]);
        if (!pc_is_alnum(c) && !inner)
            break;
        start--;
        *n += pc_is_alnum(c);
    }
    if (start + 1 == end)
        start = (uint32_t)pc_spaced_acronym_begin(text, start, least);
    size_t k = 0;
    for (uint32_t i = start; i < end && k < 16; i++)
        if (pc_is_alnum(text[i]))
            word[k++] =
                pc_is_letter(text[i]) ? (char)(text[i] | 0x20) : text[i];
        else if (text[i] == '\xC3' && i + 1 < end)
            word[k++] = pc_latin_letter(text[++i]);
        else if (i + 1 < end && pc_cyrillic_letter(text + i))
            word[k++] = pc_cyrillic_letter(text + i++);
    *n = k;
    return start == end ? at : start;
}

uint32_t pc_ident_begin(const char *text, uint32_t start, uint32_t end)
{
    char word[16], key[PC_IDENT_MAX];
    size_t n;
    uint32_t best = start, at = start;
    if (end - start > PC_IDENT_MAX)
        return start;
    uint32_t least = end > PC_IDENT_MAX ? end - PC_IDENT_MAX : 0;
    bool dated = end - start == 4 && (text[start] == '1' || text[start] == '2');
    for (unsigned i = 0; i < WORDS_BEFORE; i++) {
        uint32_t from = word_before(text, at, least, word, &n);
        if (from == at || (i == 0 && !may_precede(word, n) &&
                           !(dated && pc_ident_in_date(word, n))))
            break;
        at = from;
        if (pc_ident_key((pc_str){text + at, end - at}, key))
            best = at;
    }
    return best;
}

static const char *const type_names[] = {
    "cve",  "cwe", "usc",   "cfr",   "pl",  "eo", "un",  "art",
    "date", "eu",  "celex", "email", "url", "ip", "hash"};

bool pc_ident_is_type(pc_str type)
{
    for (size_t i = 0; i < PC_COUNTOF(type_names); i++)
        if (pc_str_eq(type, pc_str_of(type_names[i])))
            return true;
    return false;
}

bool pc_ident_has_type(const char *key, size_t n, pc_str type)
{
    return n > type.len && key[type.len] == ':' &&
           memcmp(key, type.ptr, type.len) == 0;
}

size_t pc_ident_typed(pc_str type, pc_str value, char *out)
{
    char raw[PC_IDENT_MAX + 8];
    if (pc_str_eq(type, PC_STR_LIT("mail")))
        type = PC_STR_LIT("email");
    if (!pc_ident_is_type(type))
        return 0;
    size_t n = pc_address_typed(type, value, out);
    if (n || value.len > PC_IDENT_MAX)
        return n;
    bool act = pc_str_eq(type, PC_STR_LIT("eu"));
    if (act && pc_ident_celex(value))
        value = (pc_str){value.ptr + 1, value.len - 1};
    n = pc_ident_key(value, out);
    if (pc_ident_has_type(out, n, type))
        return n;
    int len = snprintf(raw, sizeof raw, "%s%.*s %.*s", act ? "directive " : "",
                       PC_STR_ARG(type), PC_STR_ARG(value));
    const char *slash = memchr(value.ptr, '/', value.len);
    if (slash && (type.ptr[0] == 'c' || pc_str_eq(type, PC_STR_LIT("usc"))))
        len = snprintf(raw, sizeof raw, "%.*s %.*s %.*s",
                       (int)(slash - value.ptr), value.ptr, PC_STR_ARG(type),
                       (int)(value.len - (size_t)(slash - value.ptr) - 1),
                       slash + 1);
    if (len < 0 || len >= (int)sizeof raw)
        return 0;
    n = pc_ident_key((pc_str){raw, (size_t)len}, out);
    return pc_ident_has_type(out, n, type) ? n : 0;
}
