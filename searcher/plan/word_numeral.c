/*
 * Chapter VII is Chapter 7; and what is an identifier without its marks.
 */
#include <stdio.h>

#include "common/base/fail.h"
#include "common/text/ident.h"
#include "common/text/token.h"
#include "searcher/plan/word_internal.h"

#define NUMERAL_MAX 39 /* the largest of I, V and X */
#define NUMERAL_ROOM 8u

/* Words that have a number behind them, which is written in either way. */
static const char divisions[] =
    " amendment annex appendix art article arts articles category chapter class "
    "clause division level paragraph para part phase principle protocol rule "
    "schedule section stage tier title type volume war ";

/* The number in small letters, as Romans wrote it; its length. */
static size_t put_roman(char out[NUMERAL_ROOM], unsigned value)
{
    static const char *const ones[] = {"",  "i",  "ii",  "iii",  "iv",
                                       "v", "vi", "vii", "viii", "ix"};
    int n = snprintf(out, NUMERAL_ROOM, "%.*s%s", (int)(value / 10), "xxx",
                     ones[value % 10]);
    return n > 0 ? (size_t)n : 0;
}

/* The value of a number in digits; of another in letters; 0 for neither. */
static unsigned value_of(pc_str form, bool *roman)
{
    char text[NUMERAL_ROOM];
    unsigned value = 0;
    *roman = false;
    for (size_t i = 0; i < form.len && value <= NUMERAL_MAX; i++) {
        if ((uint8_t)(form.ptr[i] - '0') >= 10 || form.ptr[0] == '0')
            value = NUMERAL_MAX;
        value = 10 * value + (uint8_t)(form.ptr[i] - '0');
    }
    if (value > 0 && value <= NUMERAL_MAX)
        return value;
    *roman = true;
    if (form.len == 0 || form.len >= NUMERAL_ROOM ||
        !memchr("ivx", form.ptr[0], 3))
        return 0;
    for (value = 1; value <= NUMERAL_MAX; value++)
        if (pc_str_eq(form, (pc_str){text, put_roman(text, value)}))
            return value;
    return 0;
}

static bool is_division(pc_str form)
{
    char key[16] = " ";
    if (form.len < 3 || form.len > sizeof key - 3)
        return false;
    memcpy(key + 1, form.ptr, form.len);
    key[form.len + 1] = ' ';
    return strstr(divisions, key) != NULL;
}

bool ps_word_is_numbered(const ps_word_maker *m, uint32_t i)
{
    const ps_word_place *p = &m->places[i];
    bool roman;
    return m->synonyms && !m->exact && i + 1 < m->n && !p->span && !p[1].span &&
           p->kind == PC_TOKEN_WORD && is_division(p->part.form) &&
           value_of(p[1].part.form, &roman);
}

/* Adds the word and the other number as an alternative, if the index has
   both. */
static int add_other(ps_word_maker *m, ps_word_slot *slot,
                     const ps_word_term *word, pc_str number, bool roman)
{
    ps_word_term two[2] = {*word};
    bool yes;
    int rc = ps_word_make_term(
        m, number, roman ? PC_TOKEN_WORD : PC_TOKEN_NUMBER, &two[1]);
    if (!rc)
        rc = ps_word_known(m, &two[1], &yes);
    if (!rc && yes)
        rc = ps_word_known(m, &two[0], &yes);
    if (rc || !yes)
        return rc;
    ps_word_alt *alt = ps_word_add_alt(m, slot, 2, 2, PS_WHY_SPELLING);
    if (!alt)
        return pc_fail_nomem(m->err);
    for (uint32_t k = 0; k < 2; k++) {
        two[k].offset = k;
        alt->terms[alt->n++] = two[k];
    }
    return PARASOL_OK;
}

int ps_word_add_numerals(ps_word_maker *m, ps_word_slot *slot, uint32_t i)
{
    const ps_word_place *p = &m->places[i];
    char text[NUMERAL_ROOM], key[32];
    bool roman;
    unsigned value = value_of(p[1].part.form, &roman);
    int n = (int)put_roman(text, value);
    if (roman)
        n = snprintf(text, sizeof text, "%u", value);
    int rc = add_other(m, slot, &p->part, (pc_str){text, (size_t)n}, !roman);
    n = snprintf(key, sizeof key, "%.*s %u", PC_STR_ARG(p->part.form), value);
    return rc ? rc
              : ps_word_add_ident(m, slot, (pc_str){key, (size_t)n}, 1,
                                  i + 2 >= m->n);
}

int ps_word_add_roman(ps_word_maker *m, ps_word_slot *slot, pc_str key)
{
    static const char *const words[] = {"article", "art"};
    const pc_str type = PC_STR_LIT("art:");
    char text[NUMERAL_ROOM];
    bool roman;
    pc_str number = {key.ptr + type.len, key.len - type.len};
    unsigned value = !m->synonyms || m->exact || !pc_str_starts(key, type)
                         ? 0
                         : value_of(number, &roman);
    int rc = PARASOL_OK;
    size_t n = value ? put_roman(text, value) : 0;
    for (size_t i = 0; !rc && value && i < PC_COUNTOF(words); i++) {
        ps_word_term word;
        rc = ps_word_make_term(m, pc_str_of(words[i]), PC_TOKEN_WORD, &word);
        if (!rc)
            rc = add_other(m, slot, &word, (pc_str){text, n}, true);
    }
    return rc;
}

int ps_word_add_joined(ps_word_maker *m, ps_word_slot *slot, pc_str form,
                       bool last)
{
    char text[PC_IDENT_MAX];
    size_t letters = 0;
    while (letters < form.len && (uint8_t)(form.ptr[letters] - 'a') < 26)
        letters++;
    if (letters < 2 || letters == form.len || form.len + 1 > sizeof text)
        return PARASOL_OK;
    memcpy(text, form.ptr, letters);
    text[letters] = ' ';
    memcpy(text + letters + 1, form.ptr + letters, form.len - letters);
    return ps_word_add_ident(m, slot, (pc_str){text, form.len + 1}, 1, last);
}
