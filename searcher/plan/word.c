/*
 * Words of a query to slots and alternatives.
 */
#include "searcher/plan/word.h"

#include "common/base/fail.h"
#include "common/text/ident.h"
#include "common/text/words.h"

/* A compound is looked for in two words when it is written with a hyphen in
   one of so many of its documents. */
#define SPLIT_SHARE 4u
#define PAIR_SHARE 256u  /* of the documents of the rarer of two words */
#define PHRASE_SHARE 64u /* in a phrase, where the places of parts matter */

/* Letters of a word that is looked for in two because the index does not have
   it, and of each part. */
#define UNKNOWN_MIN 7u
#define PART_MIN 3u

/* What stands at one position of the text. */
typedef struct place {
    ps_word_term part;  /* form empty: a position without a word */
    uint8_t kind;       /* of the part */
    bool character;     /* of a script without spaces */
    ps_word_term whole; /* what begins here as a whole; form empty: nothing */
    uint8_t span;       /* its positions */
    uint8_t why;
    bool pair; /* `whole` is this character and the next */
} place;

typedef struct maker {
    pc_analyzer *analyzer;
    const ps_lexicon *lexicon;
    const ps_synonyms *synonyms; /* NULL: none */
    pc_arena *arena;
    parasol_error *err;
    bool exact;
    place *places;
    uint32_t n;
    ps_words *out;
} maker;

/* ---- reading ------------------------------------------------------------ */

static uint32_t count_tokens(pc_str text)
{
    pc_words words;
    pc_token tok;
    uint32_t n = 0;
    pc_words_init(&words, text.ptr, text.len);
    while (pc_words_next(&words, &tok))
        n = tok.pos + 1;
    return n;
}

static int make_term(maker *m, pc_str raw, uint8_t kind, ps_word_term *out)
{
    pc_term term;
    *out = (ps_word_term){0};
    if (pc_analyzer_term(m->analyzer, raw, kind, &term))
        return pc_fail_nomem(m->err);
    if (term.form.len == 0 || term.stem.len == 0)
        return PARASOL_OK;
    char *stem = pc_arena_copy(m->arena, term.stem.ptr, term.stem.len);
    char *form = pc_arena_copy(m->arena, term.form.ptr, term.form.len);
    if (!stem || !form)
        return pc_fail_nomem(m->err);
    out->stem = (pc_str){stem, term.stem.len};
    out->form = (pc_str){form, term.form.len};
    return PARASOL_OK;
}

static int read_token(maker *m, pc_str text, const pc_token *tok)
{
    ps_word_term term;
    pc_str raw = {text.ptr + tok->start, tok->end - tok->start};
    int rc = make_term(m, raw, tok->kind, &term);
    if (rc)
        return rc;
    if (tok->span == 1) {
        place *p = &m->places[tok->pos];
        p->part = term;
        p->kind = tok->kind;
        p->character = tok->rule == PC_RULE_CHAR;
        return PARASOL_OK;
    }
    place *p = &m->places[tok->pos - tok->back];
    /* An identifier says more than what else begins here. */
    if (term.form.len == 0 || (p->span && tok->rule != PC_RULE_IDENT))
        return PARASOL_OK;
    term.offset = tok->back;
    p->whole = term;
    p->span = tok->span;
    p->pair = tok->rule == PC_RULE_PAIR;
    p->why = tok->rule == PC_RULE_IDENT ? PS_WHY_IDENTIFIER : PS_WHY_JOINED;
    return PARASOL_OK;
}

static int read_text(maker *m, pc_str text)
{
    pc_words words;
    pc_token tok;
    m->n = count_tokens(text);
    m->places = pc_arena_zalloc(m->arena, m->n, sizeof *m->places);
    m->out->slots = pc_arena_zalloc(m->arena, m->n, sizeof *m->out->slots);
    if (!m->places || !m->out->slots)
        return pc_fail_nomem(m->err);
    pc_words_init(&words, text.ptr, text.len);
    while (pc_words_next(&words, &tok)) {
        int rc = read_token(m, text, &tok);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

/* ---- alternatives ------------------------------------------------------- */

/* Room for `n` alternatives of a new slot, and for synonyms. */
static ps_word_slot *new_slot(maker *m, uint32_t n)
{
    ps_word_slot *slot = &m->out->slots[m->out->n++];
    slot->n = 0;
    n += m->synonyms ? 2 * PS_SYNONYM_WAYS : 0;
    slot->alts = pc_arena_zalloc(m->arena, n, sizeof *slot->alts);
    return slot->alts ? slot : NULL;
}

/* Adds an alternative of n terms, which the caller fills. */
static ps_word_alt *add_alt(maker *m, ps_word_slot *slot, uint32_t n,
                            uint32_t len, enum ps_word_why why)
{
    ps_word_alt *alt = &slot->alts[slot->n];
    alt->terms = pc_arena_zalloc(m->arena, n, sizeof *alt->terms);
    alt->len = len;
    alt->why = (uint8_t)why;
    if (!alt->terms)
        return NULL;
    slot->n++;
    return alt;
}

static int add_one(maker *m, ps_word_slot *slot, const ps_word_term *term,
                   uint32_t len, enum ps_word_why why)
{
    ps_word_alt *alt = add_alt(m, slot, 1, len, why);
    if (!alt)
        return pc_fail_nomem(m->err);
    alt->terms[alt->n++] = *term;
    return PARASOL_OK;
}

/* The parts of the places [from, to) side by side. */
static int add_parts(maker *m, ps_word_slot *slot, uint32_t from, uint32_t to)
{
    ps_word_alt *alt = add_alt(m, slot, to - from, to - from, PS_WHY_WRITTEN);
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
    return letters > 0 && letters <= 6 && digits > 0 && digits <= 5 &&
                   form.len - letters - digits <= 2
               ? letters
               : 0;
}

/* Prefixes that are hardly anything else, so that a word that begins with one
   may be looked for in two words without further evidence. */
static size_t prefix_of(pc_str form)
{
    static const char *const prefixes[] = {"anti",    "counter", "cyber",
                                           "electro", "multi",   "narco",
                                           "non",     "socio",   "techno"};
    for (size_t i = 0; i < PC_COUNTOF(prefixes); i++) {
        pc_str p = pc_str_of(prefixes[i]);
        if (pc_str_starts(form, p) && form.len >= p.len + 5)
            return p.len;
    }
    return 0;
}

static bool is_letters(pc_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_small(s.ptr[i]))
            return false;
    return s.len > 0;
}

static int known(maker *m, const ps_word_term *t, bool *yes)
{
    uint64_t df = 0;
    int rc = t->stem.len ? m->lexicon->df(m->lexicon->user, t->stem, false, &df)
                         : PARASOL_OK;
    *yes = df > 0;
    return rc;
}

/* Adds the first `at` bytes of the form and the rest as two words, if the
   index has both. */
static int add_split(maker *m, ps_word_slot *slot, pc_str form, size_t at)
{
    ps_word_term a, b;
    bool yes = false;
    pc_str tail = {form.ptr + at, form.len - at};
    uint8_t kind = is_digit(tail.ptr[0]) && is_digit(form.ptr[form.len - 1])
                       ? PC_TOKEN_NUMBER
                       : PC_TOKEN_WORD;
    int rc = make_term(m, tail, kind, &b);
    if (!rc)
        rc = known(m, &b, &yes);
    if (rc || !yes)
        return rc;
    rc = make_term(m, (pc_str){form.ptr, at}, PC_TOKEN_WORD, &a);
    if (!rc)
        rc = known(m, &a, &yes);
    if (rc || !yes)
        return rc;
    ps_word_alt *alt = add_alt(m, slot, 2, 2, PS_WHY_PARTS);
    if (!alt)
        return pc_fail_nomem(m->err);
    b.offset = 1;
    alt->terms[alt->n++] = a;
    alt->terms[alt->n++] = b;
    return PARASOL_OK;
}

/* In how many documents the form occurs as a compound with a hyphen. */
static int compound_df(maker *m, pc_str form, uint64_t *df)
{
    char key[PC_TERM_MAX + 1];
    *df = 0;
    if (form.len >= PC_TERM_MAX)
        return PARASOL_OK;
    memcpy(key, form.ptr, form.len);
    key[form.len] = '-';
    return m->lexicon->df(m->lexicon->user, (pc_str){key, form.len + 1}, true,
                          df);
}

/* Is the word worth looking for in two? *prefix is where, 0 for anywhere with
   parts of *least letters. */
static int wants_split(maker *m, const ps_word_term *word, size_t *prefix,
                       size_t *least, bool *yes)
{
    uint64_t hyphened, df = 0;
    *prefix = prefix_of(word->form);
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

static int add_splits(maker *m, ps_word_slot *slot, const ps_word_term *word)
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

/* ---- two words in one --------------------------------------------------- */

/* Is the form that places i and i + 1 make together a compound, in a share of
   their documents that makes it worth the time? */
static int pair_is_compound(maker *m, uint32_t i, pc_str form, bool *yes)
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
static int join_pair(maker *m, uint32_t i, ps_word_term *joined)
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
    bool yes = designator_letters(form) == a.len ||
               (is_letters(b) && prefix_of(form) == a.len);
    int rc = PARASOL_OK;
    if (!yes && is_letters(b))
        rc = pair_is_compound(m, i, form, &yes);
    if (rc || !yes)
        return rc;
    rc = make_term(m, form, PC_TOKEN_WORD, joined);
    if (!rc)
        rc = known(m, joined, &yes);
    if (!yes)
        joined->form.len = 0;
    return rc;
}

/* ---- slots -------------------------------------------------------------- */

/* A run of characters of a script without spaces, from place i on: its pairs,
   or the one character. */
static int add_run(maker *m, uint32_t *i)
{
    uint32_t from = *i, to = from + 1;
    while (m->places[to - 1].pair && to < m->n)
        to++;
    *i = to;
    ps_word_slot *slot = new_slot(m, 1);
    ps_word_alt *alt =
        slot ? add_alt(m, slot, to - from, to - from, PS_WHY_WRITTEN) : NULL;
    if (!alt)
        return pc_fail_nomem(m->err);
    if (to - from == 1)
        alt->terms[alt->n++] = m->places[from].part;
    for (uint32_t k = from; k + 1 < to; k++) {
        alt->terms[alt->n] = m->places[k].whole;
        alt->terms[alt->n++].offset = k - from;
    }
    return PARASOL_OK;
}

/* Places that are something as a whole. */
static int add_whole(maker *m, uint32_t *i)
{
    const place *p = &m->places[*i];
    uint32_t from = *i, to = from + p->span;
    *i = to;
    ps_word_slot *slot = new_slot(m, 2);
    if (!slot)
        return pc_fail_nomem(m->err);
    bool joined = p->why == PS_WHY_JOINED;
    int rc = PARASOL_OK;
    if (!m->exact || !joined)
        rc = add_parts(m, slot, from, to);
    /* A joined word takes one position where it is written as one; where it
       is not, the parts are there. */
    if (!rc)
        rc = add_one(m, slot, &p->whole, joined ? 1 : p->span,
                     (enum ps_word_why)p->why);
    return rc;
}

static int add_word(maker *m, uint32_t *i)
{
    const place *p = &m->places[*i];
    ps_word_term joined;
    int rc = join_pair(m, *i, &joined);
    if (rc)
        return rc;
    ps_word_slot *slot = new_slot(m, 2 + PS_WORD_SPLITS);
    if (!slot)
        return pc_fail_nomem(m->err);
    if (joined.form.len) {
        rc = add_parts(m, slot, *i, *i + 2);
        if (!rc)
            rc = add_one(m, slot, &joined, 1, PS_WHY_JOINED);
        *i += 2;
        return rc;
    }
    ++*i;
    rc = add_one(m, slot, &p->part, 1, PS_WHY_WRITTEN);
    if (!rc && !m->exact && p->kind == PC_TOKEN_WORD)
        rc = add_splits(m, slot, &p->part);
    return rc;
}

/* A position without a word: anything may stand there. */
static int add_hole(maker *m, uint32_t *i)
{
    ++*i;
    ps_word_slot *slot = new_slot(m, 1);
    return slot && add_alt(m, slot, 0, 1, PS_WHY_WRITTEN)
               ? PARASOL_OK
               : pc_fail_nomem(m->err);
}

/* ---- synonyms ----------------------------------------------------------- */

/* Appends the key of places [from, to). */
static void put_key(const maker *m, pc_buf *key, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (m->places[i].part.form.len)
            ps_synonyms_put_word(key, m->places[i].part.form,
                                 m->places[i].part.stem);
}

/* How many places from i on have synonyms together: the most; 0 for none. */
static int longest_synonym(maker *m, uint32_t i, uint32_t *len)
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

/* Adds another text: its parts and, if it is something as a whole, that. */
static int add_text(maker *m, ps_word_slot *slot, pc_str text)
{
    ps_words unused = {0};
    maker other = *m;
    other.out = &unused;
    int rc = read_text(&other, text);
    if (rc || other.n == 0)
        return rc;
    rc = add_parts(&other, slot, 0, other.n);
    const place *p = &other.places[0];
    if (!rc && p->span == other.n && p->why == PS_WHY_JOINED && !p->pair) {
        slot->alts[slot->n - 1].why = PS_WHY_SYNONYM;
        rc = add_one(m, slot, &p->whole, 1, PS_WHY_SYNONYM);
    }
    slot->alts[slot->n - 1].why = PS_WHY_SYNONYM;
    return rc;
}

/* What places [from, to), which the last slot is for, find besides. */
static int add_synonyms(maker *m, uint32_t from, uint32_t to)
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
    for (size_t i = 0; !rc && i < n; i++)
        rc = add_text(m, &m->out->slots[m->out->n - 1], found[i].text);
    pc_buf_release(&key);
    return rc;
}

/* Places that are one thing for the thesaurus only. */
static int add_row(maker *m, uint32_t *i, uint32_t len)
{
    ps_word_slot *slot = new_slot(m, 1);
    if (!slot)
        return pc_fail_nomem(m->err);
    int rc = add_parts(m, slot, *i, *i + len);
    *i += len;
    return rc;
}

/* The slot for what begins at place i, which moves behind it. */
static int add_place(maker *m, uint32_t *i)
{
    const place *p = &m->places[*i];
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
static bool at_end(const maker *m, uint32_t i)
{
    while (i < m->n && m->places[i].part.form.len == 0)
        i++;
    return i == m->n;
}

/* cve:2014-0160: a type, a colon and a value. Sets out->n to 0 when the text
   is none. */
static int make_typed(maker *m, pc_str text)
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
    ps_word_term term = {{copy, n}, {copy, n}, 0};
    ps_word_slot *slot = new_slot(m, 1);
    return slot ? add_one(m, slot, &term, 1, PS_WHY_IDENTIFIER)
                : pc_fail_nomem(m->err);
}

int ps_words_make(ps_words *out, pc_str text, bool exact, pc_analyzer *analyzer,
                  const ps_lexicon *lexicon, const ps_synonyms *synonyms,
                  pc_arena *arena, parasol_error *err)
{
    maker m = {.analyzer = analyzer,
               .lexicon = lexicon,
               .synonyms = synonyms,
               .arena = arena,
               .err = err,
               .exact = exact,
               .out = out};
    *out = (ps_words){0};
    int rc = make_typed(&m, text);
    if (rc || out->n > 0)
        return rc;
    rc = read_text(&m, text);
    for (uint32_t i = 0; !rc && !at_end(&m, i);)
        rc = add_place(&m, &i);
    return rc;
}
