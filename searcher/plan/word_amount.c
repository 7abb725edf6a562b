/*
 * Amounts: 1.5bn, 1.5 bn and 1.5 billion are one, 300km and 300 km.
 */
#include "common/base/fail.h"
#include "common/text/token.h"
#include "searcher/plan/word_internal.h"

/* The ways to write a unit, which may also stand behind its number without a
   space; the last of four only directly behind its number, and asked
   for only with a sign of a currency. A k is left out, since what it stands for
   is written in figures. */
static const char *const units[][4] = {
    {"bn", "billion", "milliard", "b"},
    {"m", "mn", "million"},
    {"tn", "trn", "trillion"},
    {"km"},
    {"cm"},
    {"mm"},
    {"kg"},
    {"kt"},
    {"kw"},
    {"mw"},
    {"gw"},
    {"mb"},
    {"gb"},
    {"tb"},
    {"mhz"},
    {"ghz"},
    {"mph"},
};

/* The row of a unit; PC_COUNTOF(units) for none. */
static size_t row_of(pc_str unit, bool money)
{
    for (size_t i = 0; i < PC_COUNTOF(units); i++)
        for (size_t k = 0; k < PC_COUNTOF(units[i]) - !money; k++)
            if (units[i][k] && pc_str_eq(unit, pc_str_of(units[i][k])))
                return i;
    return PC_COUNTOF(units);
}

bool ps_word_is_unit(const ps_word_maker *m, pc_str form)
{
    return row_of(form, m->money) < PC_COUNTOF(units);
}

bool ps_word_is_money(pc_str text)
{
    static const char *const signs[] = {"$", "\u20AC", "\u00A3", "\u00A5"};
    for (size_t i = 0; i < PC_COUNTOF(signs); i++) {
        pc_str sign = pc_str_of(signs[i]);
        const char *at =
            text.len ? memchr(text.ptr, sign.ptr[0], text.len) : NULL;
        size_t left = at ? text.len - (size_t)(at - text.ptr) : 0;
        if (left && pc_str_starts((pc_str){at, left}, sign))
            return true;
    }
    return false;
}

/* Adds an alternative of one or two terms that the index has. */
static int add(ps_word_maker *m, ps_word_slot *slot, const ps_word_term *terms,
               uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        bool yes = false;
        int rc = ps_word_known(m, &terms[i], &yes);
        if (rc || !yes)
            return rc;
    }
    ps_word_alt *alt = ps_word_add_alt(m, slot, n, n, PS_WHY_SPELLING);
    if (!alt)
        return pc_fail_nomem(m->err);
    for (; alt->n < n; alt->n++) {
        alt->terms[alt->n] = terms[alt->n];
        alt->terms[alt->n].offset = alt->n;
    }
    ps_word_drop_repeated(slot);
    return PARASOL_OK;
}

int ps_word_add_amounts(ps_word_maker *m, ps_word_slot *slot, pc_str number,
                        pc_str unit)
{
    char text[64];
    ps_word_term two[2], one;
    size_t row = row_of(unit, m->money);
    if (row == PC_COUNTOF(units) || number.len > sizeof text / 2)
        return PARASOL_OK;
    memcpy(text, number.ptr, number.len);
    int rc = ps_word_make_term(m, (pc_str){text, number.len}, PC_TOKEN_NUMBER,
                               &two[0]);
    for (size_t k = 0; !rc && k < PC_COUNTOF(units[row]); k++) {
        if (!units[row][k])
            continue;
        pc_str name = pc_str_of(units[row][k]);
        bool apart = k + 1 < PC_COUNTOF(units[row]);
        memcpy(text + number.len, name.ptr, name.len);
        rc = ps_word_make_term(m, name, PC_TOKEN_WORD, &two[1]);
        if (!rc && apart)
            rc = add(m, slot, two, 2);
        if (!rc)
            rc = ps_word_make_term(m, (pc_str){text, number.len + name.len},
                                   PC_TOKEN_WORD, &one);
        if (!rc)
            rc = add(m, slot, &one, 1);
    }
    return rc;
}

size_t ps_word_amount_digits(const ps_word_maker *m, pc_str form)
{
    size_t n = 0;
    while (n < form.len && ((uint8_t)(form.ptr[n] - '0') < 10 ||
                            form.ptr[n] == '.' || form.ptr[n] == ','))
        n++;
    pc_str unit = {form.ptr + n, form.len - n};
    return n > 0 && unit.len > 0 && ps_word_is_unit(m, unit) ? n : 0;
}
