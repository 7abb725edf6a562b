/*
 * One word in two, and two in one.
 */
#include "common/base/fail.h"
#include "common/text/words.h"
#include "searcher/plan/word_internal.h"

/* A compound is looked for in two words when it is written with a hyphen in
   one of so many of its documents. */
#define SPLIT_SHARE 4u
#define PAIR_SHARE 256u  /* of the documents of the rarer of two words */
#define PHRASE_SHARE 64u /* in a phrase, where the places of parts matter */

/* Letters of a word that is looked for in two because the index does not have
   it, and of each part. */
#define UNKNOWN_MIN 7u
#define PART_MIN 3u

/* ---- one word in two ---------------------------------------------------- */

static bool is_digit(char c)
{
    return (uint8_t)(c - '0') < 10;
}

static bool is_small(char c)
{
    return (uint8_t)(c - 'a') < 26;
}

/* Letters, then digits: how many letters; 0 when it is no designator. Up to
   two letters may follow. */
static size_t designator_letters(pc_str form)
{
    size_t letters = 0, digits = 0;
    while (letters < form.len && is_small(form.ptr[letters]))
        letters++;
    while (letters + digits < form.len && is_digit(form.ptr[letters + digits]))
        digits++;
    return letters > 0 && letters <= 6 && digits > 0 && digits <= 7 &&
                   form.len - letters - digits <= 2
               ? letters
               : 0;
}

size_t ps_word_prefix(pc_str form)
{
    static const char *const prefixes[] = {"anti",    "counter", "cyber",
                                           "electro", "multi",   "narco",
                                           "non",     "socio",   "techno"};
    for (size_t i = 0; i < PC_COUNTOF(prefixes); i++) {
        if (form.len == 0 || form.ptr[0] != prefixes[i][0])
            continue; /* as a rule */
        pc_str p = pc_str_of(prefixes[i]);
        if (pc_str_starts(form, p) && form.len >= p.len + 5)
            return p.len;
    }
    return 0;
}

bool ps_word_is_alone(pc_str form, const ps_known_form *known)
{
    return known->stem.len > 0 && known->hyphened == 0 &&
           ps_word_prefix(form) == 0 && !ps_word_has_two(form);
}

static bool is_letters(pc_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_small(s.ptr[i]))
            return false;
    return s.len > 0;
}

int ps_word_known(ps_word_maker *m, const ps_word_term *t, bool *yes)
{
    uint64_t df = 0;
    *yes = t->there;
    if (t->there || t->absent)
        return PARASOL_OK;
    int rc = t->stem.len ? m->lexicon->df(m->lexicon->user, t->stem, false, &df)
                         : PARASOL_OK;
    *yes = df > 0;
    return rc;
}

/* Adds the first `at` bytes of the form and the rest as two words, if the
   index has both. */
static int add_split(ps_word_maker *m, ps_word_slot *slot, pc_str form,
                     size_t at)
{
    ps_word_term a, b;
    bool yes = false;
    pc_str tail = {form.ptr + at, form.len - at};
    if (tail.len > 1 && is_digit(tail.ptr[0]) &&
        tail.ptr[tail.len - 1] == 's' && is_digit(tail.ptr[tail.len - 2]))
        tail.len--; /* F16s */
    uint8_t kind = is_digit(tail.ptr[0]) && is_digit(tail.ptr[tail.len - 1])
                       ? PC_TOKEN_NUMBER
                       : PC_TOKEN_WORD;
    int rc = ps_word_make_term(m, tail, kind, &b);
    if (!rc)
        rc = ps_word_known(m, &b, &yes);
    if (rc || !yes)
        return rc;
    rc = ps_word_make_term(m, (pc_str){form.ptr, at}, PC_TOKEN_WORD, &a);
    if (!rc)
        rc = ps_word_known(m, &a, &yes);
    if (rc || !yes)
        return rc;
    ps_word_alt *alt = ps_word_add_alt(m, slot, 2, 2, PS_WHY_PARTS);
    if (!alt)
        return pc_fail_nomem(m->err);
    b.offset = 1;
    alt->terms[alt->n++] = a;
    alt->terms[alt->n++] = b;
    return PARASOL_OK;
}

/* In how many documents the form occurs as a compound with a hyphen. */
static int compound_df(ps_word_maker *m, pc_str form, uint64_t *df)
{
    char key[PC_TERM_MAX + 1];
    *df = 0;
    if (form.len >= PC_TERM_MAX)
        return PARASOL_OK;
    if (m->lexicon->form) {
        ps_known_form known;
        int rc = m->lexicon->form(m->lexicon->user, form, &known);
        *df = rc ? 0 : known.hyphened;
        return rc;
    }
    memcpy(key, form.ptr, form.len);
    key[form.len] = '-';
    return m->lexicon->df(m->lexicon->user, (pc_str){key, form.len + 1}, true,
                          df);
}

/* Is the word worth looking for in two? *prefix is where, 0 for anywhere with
   parts of *least letters. */
static int wants_split(ps_word_maker *m, const ps_word_term *word,
                       size_t *prefix, size_t *least, bool *yes)
{
    uint64_t hyphened, df = 0;
    *prefix = ps_word_prefix(word->form);
    *yes = *prefix > 0;
    if (*yes)
        return PARASOL_OK;
    int rc = compound_df(m, word->form, &hyphened);
    if (!rc && (hyphened > 0 || m->lexicon->unknown))
        rc = m->lexicon->df(m->lexicon->user, word->stem, false, &df);
    *least = hyphened > 0 ? 1 : PART_MIN;
    if (hyphened > 0)
        *yes = hyphened * (m->n > 1 ? PHRASE_SHARE : SPLIT_SHARE) >= df;
    else
        *yes = m->lexicon->unknown && df == 0 && word->form.len >= UNKNOWN_MIN;
    return rc;
}

int ps_word_add_splits(ps_word_maker *m, ps_word_slot *slot,
                       const ps_word_term *word)
{
    pc_str form = word->form;
    size_t prefix = designator_letters(form);
    size_t least = 1;
    bool yes = prefix > 0;
    int rc = PARASOL_OK;
    if (!yes && (form.len < 6 || !is_letters(form)))
        return PARASOL_OK;
    if (!yes)
        rc = wants_split(m, word, &prefix, &least, &yes);
    if (rc || !yes)
        return rc;
    if (prefix)
        return add_split(m, slot, form, prefix);
    for (size_t at = least; !rc && at + 2 <= form.len; at++)
        if (slot->n <= PS_WORD_SPLITS && at + least <= form.len)
            rc = add_split(m, slot, form, at);
    return rc;
}

int ps_word_add_plural(ps_word_maker *m, ps_word_slot *slot,
                       const ps_word_term *word, pc_str number)
{
    char bytes[16];
    ps_word_term more;
    bool yes = false;
    for (size_t i = 0; i < number.len; i++)
        if (!is_digit(number.ptr[i]))
            return PARASOL_OK;
    if (m->exact || number.len >= sizeof bytes)
        return PARASOL_OK;
    memcpy(bytes, number.ptr, number.len);
    bytes[number.len] = 's';
    int rc = ps_word_make_term(m, (pc_str){bytes, number.len + 1},
                               PC_TOKEN_WORD, &more);
    if (!rc)
        rc = ps_word_known(m, &more, &yes);
    if (rc || !yes)
        return rc;
    ps_word_alt *alt = ps_word_add_alt(m, slot, 2, 2, PS_WHY_SPELLING);
    if (!alt)
        return pc_fail_nomem(m->err);
    more.offset = 1;
    alt->terms[alt->n++] = *word;
    alt->terms[alt->n++] = more;
    return PARASOL_OK;
}

/* ---- two words in one --------------------------------------------------- */

/* Is the form that places i and i + 1 make together a compound, in a share of
   their documents that makes it worth the time? */
static int pair_is_compound(ps_word_maker *m, uint32_t i, pc_str form,
                            bool *yes)
{
    uint64_t hyphened, a = 0, b = 0;
    int rc = compound_df(m, form, &hyphened);
    *yes = false;
    if (rc || hyphened == 0)
        return rc;
    rc = m->lexicon->df(m->lexicon->user, m->places[i].part.stem, false, &a);
    if (!rc)
        rc = m->lexicon->df(m->lexicon->user, m->places[i + 1].part.stem, false,
                            &b);
    *yes = hyphened * PAIR_SHARE >= (a < b ? a : b);
    return rc;
}

/* The word that places i and i + 1 make together, if people write them so:
 *joined with an empty form otherwise. */
int ps_word_join_pair(ps_word_maker *m, uint32_t i, ps_word_term *joined)
{
    char bytes[2 * PC_TERM_MAX];
    joined->form.len = 0;
    if (m->exact || i + 1 >= m->n || m->places[i + 1].span)
        return PARASOL_OK;
    pc_str a = m->places[i].part.form;
    pc_str b = m->places[i + 1].part.form;
    if (!is_letters(a) || b.len == 0 || a.len + b.len > 40)
        return PARASOL_OK;
    memcpy(bytes, a.ptr, a.len);
    memcpy(bytes + a.len, b.ptr, b.len);
    pc_str form = {bytes, a.len + b.len};
    /* With a hyphen between them, or when all else found nothing, it is enough
       that the index has the word. */
    bool yes = designator_letters(form) == a.len || m->lexicon->unknown ||
               (m->places[i].chained && m->places[i + 1].chained) ||
               (is_letters(b) && ps_word_prefix(form) == a.len);
    int rc = PARASOL_OK;
    if (!yes && is_letters(b))
        rc = pair_is_compound(m, i, form, &yes);
    if (rc || !yes || !(is_letters(b) || is_digit(b.ptr[0])))
        return rc;
    rc = ps_word_make_term(m, form, PC_TOKEN_WORD, joined);
    if (!rc)
        rc = ps_word_known(m, joined, &yes);
    if (!yes)
        joined->form.len = 0;
    return rc;
}
