/*
 * Parts, and what they are together.
 */
#include "common/text/word_chain.h"

#include <string.h>

#include "common/base/base.h"
#include "common/text/pieces.h"
#include "common/text/utf8.h"

/*
 * Two words with a hyphen are often written as one, and are then a word
 * beside their parts: where the first is a prefix, and where both are short.
 * That leaves out most of what nobody writes as one (Washington-based), which
 * would fill the dictionary.
 */
#define COMPOUND_MAX 13u /* bytes, the hyphen among them */
#define PREFIXED_MAX 28u

/* ---- marks -------------------------------------------------------------- */

/* Hyphens, the dash that stands for one between numbers and names, and the
   minus sign. */
static bool is_wide_hyphen(const char *p)
{
    static const char *const forms[] = {"\u2010", "\u2011", "\u2012", "\u2013",
                                        "\u2212", "\uFE63", "\uFF0D"};
    for (size_t i = 0; i < PC_COUNTOF(forms); i++)
        if (memcmp(p, forms[i], 3) == 0)
            return true;
    return false;
}

uint32_t pc_chain_mark(const char *text, uint32_t len, uint32_t at, char *kind)
{
    uint32_t n = 1;
    if (at + 1 >= len)
        return 0;
    char c = text[at];
    if (PC_UNLIKELY((uint8_t)c >= 0x80)) {
        if (len - at < 4 || !is_wide_hyphen(text + at))
            return 0;
        c = '-';
        n = 3;
    } else if (c != '-' && c != '/' && c != '@' && c != '.') {
        return 0;
    }
    *kind = c;
    return pc_chain_wordish(text[at + n]) ? n : 0;
}

bool pc_chain_splits(const char *text, uint32_t at)
{
    return (text[at] == '.' || text[at] == ':') &&
           !(pc_chain_digit(text[at - 1]) && pc_chain_digit(text[at + 1]));
}

bool pc_chain_is_acronym(const char *text, uint32_t start, uint32_t end)
{
    const char *p = text + start;
    const char *stop = text + end;
    uint32_t letters = 0;
    while (p < stop) {
        if (pc_chain_digit(*p) || *p == '.')
            return false;
        (void)pc_utf8_next(&p, stop);
        letters++;
        if (p < stop && *p++ != '.')
            return false;
    }
    return letters > 1;
}

static uint32_t count_digits(const char *text, uint32_t at, uint32_t end)
{
    uint32_t n = 0;
    while (at + n < end && pc_chain_digit(text[at + n]))
        n++;
    return n;
}

uint32_t pc_chain_glued(const char *text, uint32_t len, uint32_t start,
                        uint32_t end)
{
    uint32_t letters = 0;
    char mark;
    if (end - start < 4 || end - start > 8 || !pc_chain_digit(text[end - 1]))
        return 0;
    while ((uint8_t)((text[start + letters] | 0x20) - 'a') < 26)
        letters++;
    uint32_t digits = count_digits(text, start + letters, end);
    if (letters < 2 || digits < 2 || start + letters + digits != end)
        return 0;
    uint32_t n = pc_chain_mark(text, len, end, &mark);
    return n > 0 && mark == '-' && pc_chain_digit(text[end + n]) ? letters : 0;
}

/* ---- parts -------------------------------------------------------------- */

static void add_part(pc_chain *c, const pc_token *t, uint32_t start,
                     uint32_t end, char mark, enum pc_word_rule rule)
{
    if (c->n == PC_WORDS_CHAIN) {
        /* What is too long stays together. */
        c->v[c->n - 1].end = end;
        return;
    }
    pc_part *p = &c->v[c->n++];
    *p = (pc_part){start, end, mark, t->kind, t->ascii, (uint8_t)rule};
}

/* A number is one part, but for a day (12.06.2014). */
static void add_number(pc_chain *c, const char *text, const pc_token *t,
                       char mark)
{
    char key[PC_IDENT_MAX];
    uint32_t start = t->start, n = t->end - t->start;
    bool day = n >= 8 && n <= 10 && text[t->end - 5] == '.' &&
               pc_ident_dotted((pc_str){text + t->start, n}, key);
    for (uint32_t i = start; day && i < t->end; i++) {
        if (text[i] != '.')
            continue;
        add_part(c, t, start, i, mark, PC_RULE_NUMBER);
        mark = '.';
        start = i + 1;
    }
    add_part(c, t, start, t->end, mark, PC_RULE_NUMBER);
}

/* 3 2016 R 0679 */
static void add_celex(pc_chain *c, const pc_token *t, uint32_t letters)
{
    const uint32_t year = t->start + 1, letter = year + 4;
    pc_token number = *t;
    number.kind = PC_TOKEN_NUMBER;
    add_part(c, &number, t->start, year, '\0', PC_RULE_NUMBER);
    add_part(c, &number, year, letter, '\0', PC_RULE_NUMBER);
    add_part(c, t, letter, letter + letters, '\0', PC_RULE_PART);
    add_part(c, &number, letter + letters, t->end, '\0', PC_RULE_NUMBER);
    c->celex = true;
}

/* SP 800 */
static void add_glued(pc_chain *c, const pc_token *t, uint32_t letters)
{
    pc_token number = *t;
    number.kind = PC_TOKEN_NUMBER;
    add_part(c, t, t->start, t->start + letters, '\0', PC_RULE_PART);
    add_part(c, &number, t->start + letters, t->end, '\0', PC_RULE_NUMBER);
}

void pc_chain_add(pc_chain *c, const char *text, uint32_t len,
                  const pc_token *t, char mark)
{
    uint32_t start = t->start;
    uint32_t letters =
        t->ascii && c->n == 0 && pc_chain_digit(text[start])
            ? pc_ident_celex((pc_str){text + start, t->end - start})
            : 0;
    if (letters) {
        add_celex(c, t, letters);
        return;
    }
    if (t->kind == PC_TOKEN_NUMBER) {
        add_number(c, text, t, mark);
        return;
    }
    letters =
        t->ascii && c->n == 0 ? pc_chain_glued(text, len, t->start, t->end) : 0;
    if (letters) {
        add_glued(c, t, letters);
        return;
    }
    if (t->inner && memchr(text + t->start, '\n', t->end - t->start)) {
        add_part(c, t, t->start, t->end, mark, PC_RULE_DIVIDED);
        return;
    }
    if (t->inner && pc_chain_is_acronym(text, t->start, t->end)) {
        add_part(c, t, t->start, t->end, mark, PC_RULE_ACRONYM);
        return;
    }
    for (uint32_t i = start + 1; t->inner && i + 1 < t->end; i++) {
        if (!pc_chain_splits(text, i))
            continue;
        add_part(c, t, start, i, mark, PC_RULE_WORD);
        mark = text[i];
        start = i + 1;
    }
    add_part(c, t, start, t->end, mark, PC_RULE_WORD);
}

/* ---- what a chain is ---------------------------------------------------- */

static bool begins_with_digit(const char *text, const pc_part *p)
{
    return pc_chain_digit(text[p->start]);
}

static bool all_digits(const char *text, const pc_part *p)
{
    for (uint32_t i = p->start; i < p->end; i++)
        if (!pc_chain_digit(text[i]))
            return false;
    return true;
}

/* W23, behind its year. */
static bool is_week(const char *text, const pc_part *p)
{
    return p->end - p->start == 3 && (text[p->start] | 0x20) == 'w' &&
           pc_chain_digit(text[p->start + 1]) &&
           pc_chain_digit(text[p->start + 2]);
}

/* Two capitals at least, nothing else: C4-ISR. */
static bool is_acronym(const char *text, const pc_part *p)
{
    for (uint32_t i = p->start; i < p->end; i++)
        if ((uint8_t)(text[i] - 'A') >= 26)
            return false;
    return p->end - p->start > 1;
}

bool pc_chain_is_designator(const char *text, const pc_part *a,
                            const pc_part *b)
{
    uint32_t an = a->end - a->start;
    uint32_t bn = b->end - b->start;
    if ((b->mark != '-' && b->mark != '\0') || a->rule == PC_RULE_DIVIDED)
        return false;
    if (begins_with_digit(text, a))
        return all_digits(text, a) && an <= 4 && !begins_with_digit(text, b) &&
               (bn <= 2 || (an == 4 && is_week(text, b)));
    return an <= 6 && bn <= 7 &&
           (begins_with_digit(text, b) ||
            (an <= 3 && pc_chain_digit(text[a->end - 1]) &&
             is_acronym(text, b)));
}

/* Is the part, in small letters, a word of a list with a space around each? */
static bool is_listed(const char *text, const pc_part *p, const char *list)
{
    char key[16] = " ";
    size_t n = p->end - p->start;
    if (n > sizeof key - 3 || !p->ascii)
        return false;
    for (size_t i = 0; i < n; i++)
        key[1 + i] = (char)(text[p->start + i] | 0x20);
    key[1 + n] = ' ';
    return strstr(list, key) != NULL;
}

static bool is_prefix(const char *text, const pc_part *p)
{
    static const char prefixes[] =
        " after agro air al all ante anti arch audio auto bi bio by co con "
        "contra counter cross crypto cyber de dis e eco el electro en equi "
        "ethno euro ex extra fore geo hetero hydro hyper in infra inter intra "
        "intro iso macro mal mega meta micro mid mini mis mono multi nano "
        "narco neo neuro non off on out over pan para per petro photo poly "
        "post pre pro proto pseudo psycho quasi re retro semi socio stereo "
        "sub super supra tele techno thermo trans tri turbo ultra un under "
        "uni up vice war web wide ";
    return is_listed(text, p, prefixes);
}

/* Words that are hardly ever joined to what is behind or before them; those
   here are the ones that texts have most with a hyphen. */
static bool stands_apart(const char *text, const pc_part *a, const pc_part *b)
{
    static const char first[] =
        " one two three four five six seven eight nine ten eleven twelve twenty "
        "single self half high low no double full first second third long short "
        "near zero then top dual free new well saint old late early most max id "
        "git key server error link node path "
        "source site client local a b c d f g h i j k l m n o p q r s v w y z ";
    static const char second[] =
        " like type types level only name style id free born value list class "
        "mode era led driven rich specific size bound day year a b c d e f g h "
        "i j k l m n o p q r s t u v w x y z by to second term grade scale held "
        "aware built made key length info field tag param uri index port string "
        "count node path rate number ref address ";
    return is_listed(text, a, first) || is_listed(text, b, second);
}

/* Participles are hardly ever joined to what is before them, */
static bool is_participle(const char *text, const pc_part *p)
{
    return p->end - p->start > 3 && memcmp(text + p->end - 2, "ed", 2) == 0;
}

/* and acronyms to nothing. */
static bool is_capital(const char *text, const pc_part *p)
{
    uint32_t n = 0;
    for (uint32_t i = p->start; i < p->end; i++)
        n += (uint8_t)(text[i] - 'A') < 26;
    return n > 1;
}

bool pc_chain_is_compound(const char *text, const pc_chain *c)
{
    const pc_part *a = &c->v[0];
    const pc_part *b = &c->v[1];
    if (c->n != 2 || begins_with_digit(text, a) || begins_with_digit(text, b) ||
        a->rule == PC_RULE_DIVIDED || b->rule == PC_RULE_DIVIDED)
        return false;
    if (b->mark == '.')
        return b->end - a->start <= 6;
    uint32_t n = b->end - a->start;
    if (b->mark != '-' || n > PREFIXED_MAX)
        return false;
    return !is_capital(text, a) && !is_capital(text, b) &&
           (is_prefix(text, a) ||
            (n <= COMPOUND_MAX && !is_participle(text, b) &&
             !stands_apart(text, a, b)));
}
