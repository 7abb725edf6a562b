/*
 * Acronyms that the documents themselves explain.
 */
#include "common/base/fail.h"
#include "common/text/acronym.h"
#include "searcher/plan/word_internal.h"

#define WORDS_MAX 16u /* of what an acronym stands for */

/* The documents that hold the acronym of these small letters. */
static int count_docs(ps_word_maker *m, pc_str acronym, uint64_t *df)
{
    return m->lexicon->df(m->lexicon->user, acronym, false, df);
}

int ps_word_add_learned(ps_word_maker *m, ps_word_slot *slot, uint32_t i)
{
    const ps_word_place *p = &m->places[i];
    const ps_acronym *v = NULL;
    size_t n = 0;
    uint64_t df;
    char small[PC_ACRONYM_MAX];
    pc_str form = p->part.form;
    if (!m->lexicon->acronyms || !p->capitals || form.len > PC_ACRONYM_MAX)
        return PARASOL_OK;
    for (size_t k = 0; k < form.len; k++)
        small[k] = (char)(form.ptr[k] | 0x20);
    int rc = count_docs(m, p->part.stem, &df);
    if (!rc)
        rc = m->lexicon->acronyms(m->lexicon->user, (pc_str){small, form.len},
                                  df, &v, &n);
    for (size_t k = 0; !rc && k < n; k++)
        rc = ps_word_add_text(m, slot, v[k].text, PS_WHY_LEARNED);
    return rc;
}

/* ---- the reverse -------------------------------------------------------- */

static bool is_small_word(pc_str w)
{
    static const char *const words[] = {"of",  "the", "and", "for", "on", "in",
                                        "to",  "de",  "du",  "des", "la", "le",
                                        "und", "der", "a",   "an",  "at", "by"};
    for (size_t i = 0; i < PC_COUNTOF(words); i++)
        if (pc_str_eq(w, pc_str_of(words[i])))
            return true;
    return false;
}

/* The first letters of the words; their number. */
static size_t initials(const ps_word_maker *m, bool all, char *out)
{
    size_t n = 0;
    for (uint32_t i = 0; i < m->n; i++) {
        pc_str form = m->places[i].part.form;
        if (form.len == 0 || (!all && is_small_word(form)))
            continue;
        if (n == PC_ACRONYM_MAX || (uint8_t)((form.ptr[0] | 0x20) - 'a') >= 26)
            return 0;
        out[n++] = (char)(form.ptr[0] | 0x20);
    }
    return n;
}

/* Has the text the words of the query, by their stems? */
static int same_words(ps_word_maker *m, pc_str text, bool *same)
{
    ps_words unused = {0};
    ps_word_maker other = *m;
    other.out = &unused;
    int rc = ps_word_read_text(&other, text);
    *same = !rc && other.n == m->n;
    for (uint32_t i = 0; *same && i < m->n; i++)
        *same = pc_str_eq(other.places[i].part.stem, m->places[i].part.stem);
    return rc;
}

/* The acronym of these letters, if it stands for all words of the query. */
static int add_short(ps_word_maker *m, ps_word_slot *slot, pc_str letters)
{
    const ps_acronym *v = NULL;
    size_t n = 0;
    uint64_t df;
    char capitals[PC_ACRONYM_MAX];
    bool same = false;
    int rc = count_docs(m, letters, &df);
    if (!rc && df > 0)
        rc = m->lexicon->acronyms(m->lexicon->user, letters, df, &v, &n);
    for (size_t i = 0; !rc && !same && i < n; i++)
        rc = same_words(m, v[i].text, &same);
    if (rc || !same)
        return rc;
    for (size_t i = 0; i < letters.len; i++)
        capitals[i] = (char)(letters.ptr[i] - 0x20);
    return ps_word_add_text(m, slot, (pc_str){capitals, letters.len},
                            PS_WHY_LEARNED);
}

int ps_word_add_short(ps_word_maker *m, ps_word_slot *slot)
{
    char some[PC_ACRONYM_MAX], all[PC_ACRONYM_MAX];
    if (m->n > WORDS_MAX)
        return PARASOL_OK;
    size_t n = initials(m, false, some), n_all = initials(m, true, all);
    int rc = n > 1 ? add_short(m, slot, (pc_str){some, n}) : PARASOL_OK;
    if (!rc && n_all > n)
        rc = add_short(m, slot, (pc_str){all, n_all});
    return rc;
}
