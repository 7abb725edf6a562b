/*
 * Identifiers among the words of a query.
 */
#include <stdio.h>

#include "common/base/fail.h"
#include "common/text/ident.h"
#include "common/text/token.h"
#include "searcher/plan/word_internal.h"

/*
 * An identifier stands at the position of its number. How many words a document
 * has before that, and how many from there on, depends on how it is written:
 * "E.O. 13636" has one, "Executive Order 13636" two; 2014-06-12 has three from
 * its first number on, June 12, 2014 one from its last.
 */
typedef struct place {
    uint8_t before, from;
} place;

#define PLACES (PS_WORD_IDENTS - 1) /* and that of the query */

static const struct {
    const char *type; /* what its keys begin with */
    place v[PLACES];  /* from == 0: no more */
} writings[] = {
    {"date:", {{0, 3}, {2, 1}, {3, 1}, {4, 1}, {4, 2}}},
    {"eu:", {{0, 2}, {1, 2}, {2, 2}, {3, 2}, {4, 2}, {0, 3}, {1, 3}, {2, 3}}},
    {"celex:", {{0, 4}}},
    {"usc:", {{2, 1}, {3, 1}, {2, 2}, {3, 2}, {2, 3}}},
    {"cfr:", {{2, 1}, {3, 1}, {2, 2}}},
    {"pl:", {{1, 2}, {2, 2}, {3, 2}}},
    {"eo:", {{1, 1}, {2, 1}, {3, 1}}},
    {"cve:", {{0, 3}, {1, 2}}},
    {"cwe:", {{0, 2}, {1, 1}}},
    {"art:", {{1, 1}}},
    {"un:s/res/",
     {{0, 3}, {0, 4}, {1, 1}, {1, 2}, {3, 1}, {3, 2}, {4, 1}, {4, 2}}},
    {"un:a/res/", {{0, 4}, {1, 2}, {2, 2}, {3, 2}}},
};

/* The places of a key's type; NULL for a type that is written in one way. */
static const place *places_of(pc_str key)
{
    for (size_t i = 0; i < PC_COUNTOF(writings); i++)
        if (pc_str_starts(key, pc_str_of(writings[i].type)))
            return writings[i].v;
    return NULL;
}

/* Adds one: *behind says whether anything stands behind the slot. */
static int add_place(ps_word_maker *m, ps_word_slot *slot, ps_word_term *term,
                     place p, bool behind)
{
    bool before = m->out->n > 1;
    term->offset = before ? p.before : 0;
    /* Where nothing is to follow, how long it is does not matter, unless it is
       all there is. */
    uint32_t len = term->offset + (behind || !before ? p.from : 1);
    ps_word_alt *alt = ps_word_add_alt(m, slot, 1, len, PS_WHY_IDENTIFIER);
    if (!alt)
        return pc_fail_nomem(m->err);
    alt->terms[alt->n++] = *term;
    ps_word_drop_repeated(slot);
    return PARASOL_OK;
}

/* In all ways to write it, or the one where it stands alone. */
static int add_places(ps_word_maker *m, ps_word_slot *slot, ps_word_term term,
                      place own, bool behind)
{
    const place *v = places_of(term.form);
    int rc = add_place(m, slot, &term, own, behind);
    if (m->out->n == 1 && !behind)
        return rc;
    for (size_t i = 0; !rc && v && i < PLACES && v[i].from > 0; i++)
        rc = add_place(m, slot, &term, v[i], behind);
    for (uint8_t i = 0; !rc && !v && i < 4; i++) /* words before it */
        rc = add_place(m, slot, &term, (place){i, own.from}, behind);
    return rc;
}

/* The term of a key, which is copied; its form is empty when memory is out. */
static ps_word_term term_of(ps_word_maker *m, const char *key, size_t n)
{
    const char *copy = pc_arena_copy(m->arena, key, n);
    pc_str form = {copy, copy ? n : 0};
    return (ps_word_term){.stem = form, .form = form, .kind = PC_TOKEN_IDENT};
}

/* The act that a number of EUR-Lex stands for, where it has its own. */
static int act_of(ps_word_maker *m, pc_str celex, ps_word_term *out)
{
    char key[PC_IDENT_MAX];
    const pc_str sector = PC_STR_LIT("celex:3");
    out->form.len = 0;
    if (!pc_str_starts(celex, sector))
        return PARASOL_OK;
    size_t n = pc_ident_key(
        (pc_str){celex.ptr + sector.len, celex.len - sector.len}, key);
    if (n == 0)
        return PARASOL_OK;
    *out = term_of(m, key, n);
    return out->form.len ? PARASOL_OK : pc_fail_nomem(m->err);
}

int ps_word_add_act(ps_word_maker *m, ps_word_slot *slot, pc_str celex)
{
    ps_word_term act;
    int rc = m->exact ? PARASOL_OK : act_of(m, celex, &act);
    if (rc || m->exact || act.form.len == 0)
        return rc;
    return add_place(m, slot, &act, (place){0, 2}, true);
}

int ps_word_add_key(ps_word_maker *m, ps_word_slot *slot,
                    const ps_word_term *term, uint32_t behind, bool last)
{
    ps_word_term act;
    place own = {(uint8_t)term->offset, (uint8_t)behind};
    int rc = add_places(m, slot, *term, own, !last);
    if (rc || m->exact)
        return rc;
    rc = act_of(m, term->form, &act);
    if (!rc && act.form.len)
        rc = add_places(m, slot, act, (place){0, 2}, !last);
    return rc ? rc : ps_word_add_roman(m, slot, term->form);
}

int ps_word_add_ident(ps_word_maker *m, ps_word_slot *slot, pc_str text,
                      uint32_t behind, bool last)
{
    char key[PC_IDENT_MAX];
    size_t n = pc_ident_key(text, key);
    if (n == 0)
        return PARASOL_OK;
    ps_word_term term = term_of(m, key, n);
    return term.form.len ? ps_word_add_key(m, slot, &term, behind, last)
                         : pc_fail_nomem(m->err);
}

/* "Resolution 1540" is most often one of the Security Council, and "2016/679"
   may be an act: what a text may mean that does not say so. */
static size_t meant_key(pc_str text, char key[PC_IDENT_MAX])
{
    char full[PC_IDENT_MAX];
    bool digit = (uint8_t)(text.ptr[0] - '0') < 10;
    bool other = (text.ptr[0] | 0x20) == 'r';
    int n = digit || other
                ? snprintf(full, sizeof full, "%s %.*s",
                           digit ? "regulation" : "un", PC_STR_ARG(text))
                : 0;
    return n > 0 && n < (int)sizeof full
               ? pc_ident_key((pc_str){full, (size_t)n}, key)
               : 0;
}

int ps_word_find_ident(ps_word_maker *m, pc_str text, ps_word_term *out,
                       bool *said)
{
    char key[PC_IDENT_MAX];
    bool may = false;
    out->form.len = 0;
    for (size_t i = 0; i < text.len && !may; i++)
        may = (uint8_t)(text.ptr[i] - '/') <= '9' - '/' || text.ptr[i] == '@';
    size_t n = may ? pc_ident_key(text, key) : 0;
    *said = n > 0;
    if (may && n == 0 && !m->exact)
        n = meant_key(text, key);
    if (n == 0)
        return PARASOL_OK;
    *out = term_of(m, key, n);
    return out->form.len ? PARASOL_OK : pc_fail_nomem(m->err);
}
