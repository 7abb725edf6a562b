/*
 * Words of a query to slots and alternatives.
 */
#include "searcher/plan/word.h"

#include "common/base/fail.h"
#include "common/text/ident.h"
#include "common/text/token.h"
#include "searcher/plan/word_internal.h"

/* ---- alternatives ------------------------------------------------------- */

/* Room for `n` alternatives of a new slot, and for synonyms. */
static ps_word_slot *new_slot(ps_word_maker *m, uint32_t n)
{
    ps_word_slot *slot = &m->out->slots[m->out->n++];
    slot->n = 0;
    n += m->synonyms ? 2 * (PS_SYNONYM_WAYS + PS_ACRONYM_WAYS) : 0;
    slot->alts = pc_arena_zalloc(m->arena, n, sizeof *slot->alts);
    return slot->alts ? slot : NULL;
}

ps_word_alt *ps_word_add_alt(ps_word_maker *m, ps_word_slot *slot, uint32_t n,
                             uint32_t len, enum ps_word_why why)
{
    ps_word_alt *alt = &slot->alts[slot->n];
    alt->n = 0; /* one that was dropped may have stood here */
    alt->terms = pc_arena_zalloc(m->arena, n, sizeof *alt->terms);
    alt->len = len;
    alt->why = (uint8_t)why;
    alt->only = m->only;
    if (!alt->terms)
        return NULL;
    slot->n++;
    return alt;
}

static int add_one(ps_word_maker *m, ps_word_slot *slot,
                   const ps_word_term *term, uint32_t len, enum ps_word_why why)
{
    ps_word_alt *alt = ps_word_add_alt(m, slot, 1, len, why);
    if (!alt)
        return pc_fail_nomem(m->err);
    alt->terms[alt->n++] = *term;
    return PARASOL_OK;
}

/* The parts of the places [from, to) side by side. */
static int add_parts(ps_word_maker *m, ps_word_slot *slot, uint32_t from,
                     uint32_t to)
{
    ps_word_alt *alt =
        ps_word_add_alt(m, slot, to - from, to - from, PS_WHY_WRITTEN);
    if (!alt)
        return pc_fail_nomem(m->err);
    for (uint32_t i = from; i < to; i++) {
        if (m->places[i].part.form.len == 0)
            continue;
        alt->terms[alt->n] = m->places[i].part;
        alt->terms[alt->n++].offset = i - from;
    }
    return PARASOL_OK;
}

/* ---- slots -------------------------------------------------------------- */

/* The pairs of the places [from, to), but for that at `space`. */
static int add_pairs(ps_word_maker *m, ps_word_slot *slot, uint32_t from,
                     uint32_t to, uint32_t space)
{
    ps_word_alt *alt =
        ps_word_add_alt(m, slot, to - from, to - from, PS_WHY_WRITTEN);
    if (!alt)
        return pc_fail_nomem(m->err);
    for (uint32_t k = from; k + 1 < to; k++) {
        if (k == space)
            continue;
        alt->terms[alt->n] = m->places[k].whole;
        alt->terms[alt->n++].offset = k - from;
    }
    return PARASOL_OK;
}

/* A syllable of Korean? */
static bool is_hangul(pc_str form)
{
    return form.len == 3 && (uint8_t)(form.ptr[0] - '\xEA') <= 0xED - 0xEA;
}

/* A run of characters of a script without spaces, from place i on: its pairs,
   or the one character. Korean has spaces, which people leave out or not. */
static int add_run(ps_word_maker *m, uint32_t *i)
{
    uint32_t from = *i, to = from + 1;
    while (m->places[to - 1].pair && to < m->n)
        to++;
    *i = to;
    ps_word_slot *slot = new_slot(m, PS_WORD_RUN);
    if (!slot)
        return pc_fail_nomem(m->err);
    if (to - from == 1)
        return add_one(m, slot, &m->places[from].part, 1, PS_WHY_WRITTEN);
    int rc = add_pairs(m, slot, from, to, to);
    bool spaced = !m->exact && to - from >= 4 && to - from <= PS_WORD_RUN + 2;
    for (uint32_t k = from; spaced && k < to; k++)
        spaced = is_hangul(m->places[k].part.form);
    for (uint32_t k = from + 1; !rc && spaced && k + 2 < to; k++)
        rc = add_pairs(m, slot, from, to, k);
    return rc;
}

/* f16s: the one is split as if it were f16. */
static bool is_plural_designator(pc_str form)
{
    return form.len > 2 && form.ptr[form.len - 1] == 's' &&
           (uint8_t)(form.ptr[form.len - 2] - '0') < 10;
}

/* Appends the key of places [from, to). */
static void put_key(const ps_word_maker *m, pc_buf *key, uint32_t from,
                    uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (m->places[i].part.form.len)
            ps_synonyms_put_word(key, m->places[i].part.form,
                                 m->places[i].part.stem);
}

/* ISO 27001 is ISO/IEC 27001: the first of two words that are one as its
   synonyms. And MiG 29s are MiG-29. */
static int add_series(ps_word_maker *m, ps_word_slot *slot,
                      const ps_word_term *word, pc_str number)
{
    pc_buf key, text;
    size_t n = 0;
    const ps_synonym *found = NULL;
    bool digit = number.len && (uint8_t)(number.ptr[0] - '0') < 10;
    int rc = digit ? ps_word_add_plural(m, slot, word, number) : PARASOL_OK;
    if (rc || !m->synonyms || m->exact || !digit)
        return rc;
    pc_buf_init(&key, m->arena->mem);
    pc_buf_init(&text, m->arena->mem);
    ps_synonyms_put_word(&key, word->form, word->stem);
    rc = key.status ? pc_fail_nomem(m->err) : PARASOL_OK;
    if (!rc && key.len)
        found = ps_synonyms_find(m->synonyms, pc_buf_str(&key), &n);
    for (size_t i = 0; !rc && i < n; i++) {
        pc_buf_clear(&text);
        pc_buf_put_str(&text, found[i].text);
        pc_buf_put_u8(&text, ' ');
        pc_buf_put_str(&text, number);
        char *copy =
            text.status ? NULL : pc_arena_copy(m->arena, text.ptr, text.len);
        rc = copy ? ps_word_add_text(m, slot, (pc_str){copy, text.len},
                                     PS_WHY_SYNONYM)
                  : pc_fail_nomem(m->err);
    }
    pc_buf_release(&key);
    pc_buf_release(&text);
    return rc;
}

/* Places that are something as a whole. */
static int add_whole(ps_word_maker *m, uint32_t *i)
{
    const ps_word_place *p = &m->places[*i];
    uint32_t from = *i, to = from + p->span;
    *i = to;
    ps_word_slot *slot = new_slot(m, 2 + PS_WORD_SPLITS + 1 + PS_WORD_NUMERALS);
    if (!slot)
        return pc_fail_nomem(m->err);
    bool joined = p->why == PS_WHY_JOINED;
    int rc = PARASOL_OK;
    if (!m->exact || !joined)
        rc = add_parts(m, slot, from, to);
    if (!rc && !joined)
        return ps_word_add_key(m, slot, &p->whole, p->span - p->whole.offset,
                               to >= m->n);
    /* A joined word takes one position where it is written as one; where it
       is not, the parts are there. */
    if (!rc)
        rc = add_one(m, slot, &p->whole, 1, PS_WHY_JOINED);
    if (!rc && !m->exact && is_plural_designator(p->whole.form))
        rc = ps_word_add_splits(m, slot, &p->whole);
    return !rc && to - from == 2 ? add_series(m, slot, &m->places[from].part,
                                              m->places[from + 1].part.form)
                                 : rc;
}

/* A number and a unit in the next place: 1.5 billion. */
static bool is_amount(const ps_word_maker *m, uint32_t i)
{
    const ps_word_place *p = &m->places[i];
    return !m->exact && p->kind == PC_TOKEN_NUMBER && i + 1 < m->n &&
           !p[1].span && ps_word_is_unit(m, p[1].part.form);
}

static int add_amount(ps_word_maker *m, uint32_t *i)
{
    const ps_word_place *p = &m->places[*i];
    ps_word_slot *slot = new_slot(m, 2 + PS_WORD_AMOUNTS);
    if (!slot)
        return pc_fail_nomem(m->err);
    int rc = add_parts(m, slot, *i, *i + 2);
    if (!rc)
        rc = ps_word_add_amounts(m, slot, p->part.form, p[1].part.form);
    *i += 2;
    return rc;
}

/* Chapter VII */
static int add_numbered(ps_word_maker *m, uint32_t *i)
{
    ps_word_slot *slot = new_slot(m, 1 + PS_WORD_NUMERALS);
    if (!slot)
        return pc_fail_nomem(m->err);
    int rc = add_parts(m, slot, *i, *i + 2);
    if (!rc)
        rc = ps_word_add_numerals(m, slot, *i);
    *i += 2;
    return rc;
}

/* One word of letters and digits that is several: F16, EO13636, ISO27001. */
static int add_designator(ps_word_maker *m, ps_word_slot *slot,
                          const ps_word_term *word, bool last)
{
    uint32_t before = slot->n;
    int rc = ps_word_add_splits(m, slot, word);
    if (!rc)
        rc = ps_word_add_joined(m, slot, word->form, last);
    if (rc || slot->n == before || slot->alts[before].n != 2)
        return rc;
    const ps_word_term *two = slot->alts[before].terms;
    return add_series(m, slot, &two[0], two[1].form);
}

static int add_word(ps_word_maker *m, uint32_t *i)
{
    const ps_word_place *p = &m->places[*i];
    ps_word_term joined;
    if (is_amount(m, *i))
        return add_amount(m, i);
    if (ps_word_is_numbered(m, *i))
        return add_numbered(m, i);
    int rc = ps_word_join_pair(m, *i, &joined);
    if (rc)
        return rc;
    ps_word_slot *slot = new_slot(m, 3 + PS_WORD_SPLITS + PS_WORD_NUMERALS +
                                         PS_WORD_SPELLINGS + PS_WORD_AMOUNTS);
    if (!slot)
        return pc_fail_nomem(m->err);
    if (joined.form.len) {
        rc = add_parts(m, slot, *i, *i + 2);
        if (!rc)
            rc = add_one(m, slot, &joined, 1, PS_WHY_JOINED);
        *i += 2;
        return rc ? rc : add_series(m, slot, &p->part, p[1].part.form);
    }
    ++*i;
    rc = add_one(m, slot, &p->part, 1, PS_WHY_WRITTEN);
    if (!rc && !m->exact && p->kind == PC_TOKEN_WORD)
        rc = add_designator(m, slot, &p->part, *i >= m->n);
    if (!rc && !m->exact && p->kind == PC_TOKEN_WORD)
        rc = ps_word_add_spellings(m, slot, &p->part);
    size_t digits = m->exact ? 0 : ps_word_amount_digits(m, p->part.form);
    pc_str unit = {p->part.form.ptr + digits, p->part.form.len - digits};
    if (!rc && digits)
        rc = ps_word_add_amounts(m, slot, (pc_str){p->part.form.ptr, digits},
                                 unit);
    return rc;
}

/* A position without a word: anything may stand there. */
static int add_hole(ps_word_maker *m, uint32_t *i)
{
    ++*i;
    ps_word_slot *slot = new_slot(m, 1);
    return slot && ps_word_add_alt(m, slot, 0, 1, PS_WHY_WRITTEN)
               ? PARASOL_OK
               : pc_fail_nomem(m->err);
}

/* ---- synonyms ----------------------------------------------------------- */

/* How many places from i on have synonyms together: the most; 0 for none. */
static int longest_synonym(ps_word_maker *m, uint32_t i, uint32_t *len)
{
    pc_buf key;
    size_t n;
    *len = 0;
    if (!m->synonyms || m->exact)
        return PARASOL_OK;
    pc_buf_init(&key, m->arena->mem);
    for (uint32_t k = i; k < m->n && k < i + PS_SYNONYM_WORDS; k++) {
        put_key(m, &key, k, k + 1);
        if (ps_synonyms_find(m->synonyms, pc_buf_str(&key), &n))
            *len = k + 1 - i;
        if (!ps_synonyms_begins(m->synonyms, pc_buf_str(&key)))
            break;
    }
    int rc = key.status ? pc_fail_nomem(m->err) : PARASOL_OK;
    pc_buf_release(&key);
    return rc;
}

void ps_word_drop_repeated(ps_word_slot *slot)
{
    const ps_word_alt *last = &slot->alts[slot->n - 1];
    for (uint32_t i = 0; i + 1 < slot->n; i++) {
        const ps_word_alt *alt = &slot->alts[i];
        uint32_t k = 0;
        if (alt->n != last->n || alt->len != last->len ||
            (alt->only && alt->only != last->only))
            continue;
        while (k < alt->n && alt->terms[k].offset == last->terms[k].offset &&
               pc_str_eq(alt->terms[k].form, last->terms[k].form) &&
               pc_str_eq(alt->terms[k].stem, last->terms[k].stem))
            k++;
        if (k == alt->n) {
            slot->n--;
            return;
        }
    }
}

int ps_word_add_text(ps_word_maker *m, ps_word_slot *slot, pc_str text,
                     enum ps_word_why why)
{
    ps_words unused = {0};
    ps_word_maker other = *m;
    other.out = &unused;
    int rc = ps_word_read_text(&other, text);
    if (rc || other.n == 0)
        return rc;
    rc = add_parts(&other, slot, 0, other.n);
    const ps_word_place *p = &other.places[0];
    if (!rc && p->span == other.n && p->why == PS_WHY_JOINED && !p->pair) {
        slot->alts[slot->n - 1].why = (uint8_t)why;
        ps_word_drop_repeated(slot);
        rc = add_one(m, slot, &p->whole, 1, why);
    }
    if (rc)
        return rc;
    slot->alts[slot->n - 1].why = (uint8_t)why;
    ps_word_drop_repeated(slot);
    return PARASOL_OK;
}

/* What places [from, to), which the last slot is for, find besides. */
static int add_synonyms(ps_word_maker *m, uint32_t from, uint32_t to)
{
    pc_buf key;
    size_t n = 0;
    const ps_synonym *found = NULL;
    int rc = PARASOL_OK;
    if (!m->synonyms || m->exact || m->out->n == 0)
        return PARASOL_OK;
    pc_buf_init(&key, m->arena->mem);
    put_key(m, &key, from, to);
    if (key.status)
        rc = pc_fail_nomem(m->err);
    else if (key.len)
        found = ps_synonyms_find(m->synonyms, pc_buf_str(&key), &n);
    for (size_t i = 0; !rc && i < n; i++) {
        m->only = found[i].only;
        rc = ps_word_add_text(m, &m->out->slots[m->out->n - 1], found[i].text,
                              PS_WHY_SYNONYM);
    }
    m->only = 0;
    pc_buf_release(&key);
    if (!rc && to - from == 1)
        rc = ps_word_add_learned(m, &m->out->slots[m->out->n - 1], from);
    return rc;
}

/* Places that are one thing for the thesaurus only. */
static int add_row(ps_word_maker *m, uint32_t *i, uint32_t len)
{
    ps_word_slot *slot = new_slot(m, 2);
    ps_word_term joined = {0};
    if (!slot)
        return pc_fail_nomem(m->err);
    int rc = add_parts(m, slot, *i, *i + len);
    if (!rc && len == 2)
        rc = ps_word_join_pair(m, *i, &joined);
    if (!rc && joined.form.len)
        rc = add_one(m, slot, &joined, 1, PS_WHY_JOINED);
    *i += len;
    return rc;
}

/* The slot for what begins at place i, which moves behind it. */
static int add_place(ps_word_maker *m, uint32_t *i)
{
    const ps_word_place *p = &m->places[*i];
    uint32_t from = *i, len;
    if (p->part.form.len == 0 && m->out->n == 0) {
        ++*i;
        return PARASOL_OK;
    }
    int rc = longest_synonym(m, from, &len);
    if (rc)
        return rc;
    if (p->part.form.len == 0)
        rc = add_hole(m, i);
    else if (p->character)
        rc = add_run(m, i);
    else if (len > 1 && p->span < len)
        rc = add_row(m, i, len);
    else if (p->span)
        rc = add_whole(m, i);
    else
        rc = add_word(m, i);
    return rc ? rc : add_synonyms(m, from, *i);
}

/* Are all places behind without a word? */
static bool at_end(const ps_word_maker *m, uint32_t i)
{
    while (i < m->n && m->places[i].part.form.len == 0)
        i++;
    return i == m->n;
}

/* cve:2014-0160: a type, a colon and a value. Sets out->n to 0 when the text
   is none. */
static int make_typed(ps_word_maker *m, pc_str text)
{
    char key[PC_IDENT_MAX];
    const char *colon = text.len ? memchr(text.ptr, ':', text.len) : NULL;
    if (!colon)
        return PARASOL_OK;
    pc_str type = {text.ptr, (size_t)(colon - text.ptr)};
    pc_str value = {colon + 1, text.len - type.len - 1};
    size_t n = pc_ident_typed(type, value, key);
    if (n == 0)
        return PARASOL_OK;
    const char *copy = pc_arena_copy(m->arena, key, n);
    m->out->slots = pc_arena_zalloc(m->arena, 1, sizeof *m->out->slots);
    if (!copy || !m->out->slots)
        return pc_fail_nomem(m->err);
    ps_word_term term = {
        .stem = {copy, n}, .form = {copy, n}, .kind = PC_TOKEN_IDENT};
    ps_word_slot *slot = new_slot(m, 1);
    return slot ? add_one(m, slot, &term, 1, PS_WHY_IDENTIFIER)
                : pc_fail_nomem(m->err);
}

/* A text that is one identifier, also where its last words say nothing more:
   S/RES/1929 (2010). Sets out->n to 0 when it is none. */
static int make_ident(ps_word_maker *m, pc_str text)
{
    ps_word_term term;
    bool known = false, said;
    int rc = ps_word_find_ident(m, text, &term, &said);
    if (rc || term.form.len == 0)
        return rc;
    /* The parts of an address of mail may stand in another one. */
    if (pc_str_starts(term.stem, PC_STR_LIT("email:")) || !said)
        rc = ps_word_known(m, &term, &known);
    if (rc || (!said && !known))
        return rc;
    ps_word_slot *slot = new_slot(m, 6);
    if (!slot)
        return pc_fail_nomem(m->err);
    if (!known || !said)
        rc = add_parts(m, slot, 0, m->n);
    if (!rc)
        rc = ps_word_add_act(m, slot, term.form);
    if (!rc)
        rc = ps_word_add_roman(m, slot, term.form);
    if (!rc)
        rc = add_one(m, slot, &term, m->n, PS_WHY_IDENTIFIER);
    /* Of those who write it otherwise its number may be the last word. */
    return rc ? rc : add_one(m, slot, &term, 1, PS_WHY_IDENTIFIER);
}

/* A text for which documents have an acronym. Sets out->n to 0 for others. */
static int make_row(ps_word_maker *m)
{
    ps_word_slot *slot = m->lexicon->acronyms ? new_slot(m, 1) : NULL;
    if (!m->lexicon->acronyms)
        return PARASOL_OK;
    if (!slot)
        return pc_fail_nomem(m->err);
    int rc = add_parts(m, slot, 0, m->n);
    uint32_t n = slot->n;
    if (!rc)
        rc = ps_word_add_short(m, slot);
    if (!rc && slot->n == n)
        m->out->n = 0;
    else if (!rc)
        rc = add_synonyms(m, 0, m->n);
    return rc;
}

int ps_words_make(ps_words *out, pc_str text, bool exact, pc_analyzer *analyzer,
                  const ps_lexicon *lexicon, const ps_synonyms *synonyms,
                  pc_arena *arena, parasol_error *err)
{
    ps_word_maker m = {.analyzer = analyzer,
                       .lexicon = lexicon,
                       .synonyms = synonyms,
                       .arena = arena,
                       .err = err,
                       .exact = exact,
                       .money = ps_word_is_money(text),
                       .out = out};
    *out = (ps_words){0};
    int rc = make_typed(&m, text);
    if (rc || out->n > 0)
        return rc;
    rc = ps_word_read_text(&m, text);
    if (!rc && m.n > 1) {
        rc = make_ident(&m, text);
        if (rc || out->n > 0)
            return rc;
    }
    if (!rc && m.n > 1 && synonyms && !exact) {
        rc = make_row(&m);
        if (rc || out->n > 0)
            return rc;
    }
    for (uint32_t i = 0; !rc && !at_end(&m, i);)
        rc = add_place(&m, &i);
    return rc;
}
