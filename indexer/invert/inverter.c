/*
 * Texts to chains.
 */
#include "indexer/invert/inverter.h"

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/text/frequent.h"
#include "common/text/words.h"

#define MAX_DOCS INT32_MAX
#define MAX_POSITION ((uint32_t)INT32_MAX)

/* A slice whose key does not fit here is analysed each time. */
#define RAW_KEY_MAX 64u

/* In place of a form: nothing is indexed. */
#define NO_FORM (PI_TERMTAB_NONE - 1)

#define PAIR_SLOTS ((size_t)(PC_FREQUENT_MAX + 1) * (PC_FREQUENT_MAX + 1))

int pi_inverter_init(pi_inverter *v, pc_analyzer *analyzer, const pc_mem *mem)
{
    *v = (pi_inverter){.mem = mem, .analyzer = analyzer};
    pi_slab_init(&v->chunks, mem);
    v->hot = pc_zalloc(mem, (size_t)2 << PI_HOT_BITS, sizeof *v->hot);
    if (!v->hot || pi_termtab_init(&v->raw, mem) ||
        pi_termtab_init(&v->forms, mem) || pi_termtab_init(&v->stems, mem)) {
        pi_inverter_release(v);
        return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}

void pi_inverter_release(pi_inverter *v)
{
    pi_termtab_release(&v->raw);
    pi_termtab_release(&v->forms);
    pi_termtab_release(&v->stems);
    pi_slab_release(&v->chunks);
    pc_free(v->mem, v->hot);
    for (unsigned i = 0; i < PC_COUNTOF(v->pairs); i++)
        pc_free(v->mem, v->pairs[i]);
    pc_free(v->mem, v->info);
    pc_free(v->mem, v->chains);
    pc_free(v->mem, v->docs);
    *v = (pi_inverter){.mem = v->mem};
}

size_t pi_inverter_memory(const pi_inverter *v)
{
    return pi_termtab_memory(&v->raw) + pi_termtab_memory(&v->forms) +
           pi_termtab_memory(&v->stems) + pi_slab_memory(&v->chunks) +
           v->forms.n * sizeof *v->info + v->stems.n * sizeof *v->chains +
           v->docs_cap * sizeof *v->docs +
           (v->pairs[0] ? PAIR_SLOTS * sizeof *v->pairs[0] : 0);
}

/* ---- analysis ----------------------------------------------------------- */

/* The number of a stem, with an empty chain if it is new. */
static uint32_t stem_of(pi_inverter *v, pc_str text)
{
    char key[PI_LANGUAGE_HEAD + PC_TERM_MAX];
    if (v->other) {
        key[0] = (char)PI_LANGUAGE_MARK;
        key[1] = (char)v->other;
        memcpy(key + PI_LANGUAGE_HEAD, text.ptr, text.len);
        text = (pc_str){key, text.len + PI_LANGUAGE_HEAD};
    }
    uint32_t before = v->stems.n;
    uint32_t id = pi_termtab_put(&v->stems, text);
    if (id == PI_TERMTAB_NONE || v->stems.n == before)
        return id;
    if (pc_grow(v->mem, (void **)&v->chains, &v->chains_cap, (size_t)id + 1,
                sizeof *v->chains))
        return PI_TERMTAB_NONE;
    v->chains[id] = (pi_chain){.at = NULL};
    return id;
}

/* The stem as such. */
static pc_str stem_text(const pi_inverter *v, uint32_t id)
{
    pc_str s = pi_termtab_str(&v->stems, id);
    size_t head =
        s.len && (uint8_t)s.ptr[0] == PI_LANGUAGE_MARK ? PI_LANGUAGE_HEAD : 0;
    return (pc_str){s.ptr + head, s.len - head};
}

/* The number of a form; one form may belong to two stems when it came about
   in two ways, so the stem is part of its name. */
static uint32_t form_of(pi_inverter *v, pc_str text, uint32_t stem)
{
    uint8_t key[PC_TERM_MAX + 4];
    memcpy(key, text.ptr, text.len);
    pc_store32le(key + text.len, stem);
    uint32_t before = v->forms.n;
    uint32_t id =
        pi_termtab_put(&v->forms, (pc_str){(const char *)key, text.len + 4});
    if (id == PI_TERMTAB_NONE || v->forms.n == before)
        return id;
    if (pc_grow(v->mem, (void **)&v->info, &v->info_cap, (size_t)id + 1,
                sizeof *v->info))
        return PI_TERMTAB_NONE;
    unsigned frequent = pc_analyzer_frequent(v->analyzer, stem_text(v, stem));
    v->info[id] = (pi_form){stem, v->chains[stem].forms++, 0, frequent};
    return id;
}

/* The form number of a slice: NO_FORM when nothing is left of it. */
static int analyse(pi_inverter *v, pc_str raw, uint8_t kind, uint32_t *form)
{
    pc_term term;
    *form = NO_FORM;
    int rc = pc_analyzer_term(v->analyzer, raw, kind, &term);
    if (rc || term.form.len == 0 || term.stem.len == 0)
        return rc;
    uint32_t stem = stem_of(v, term.stem);
    if (stem == PI_TERMTAB_NONE)
        return PARASOL_NOMEM;
    uint32_t id = form_of(v, term.form, stem);
    if (id >= NO_FORM)
        return PARASOL_NOMEM;
    *form = id;
    return PARASOL_OK;
}

/* ---- the words that are at hand ----------------------------------------- */

/* Most of the tokens of a text are few words. Those are found in a small table
   that stays in the cache of the core, in sets of two: the first of a set has
   been found again since it came. */

static size_t set_of(const pi_hot *k)
{
    uint64_t h = (k->part[0] ^ (k->part[1] << 21 | k->part[1] >> 43) ^
                  (k->part[2] << 42 | k->part[2] >> 22)) +
                 k->tag;
    return (size_t)(h * UINT64_C(0x9E3779B97F4A7C15) >> (64 - PI_HOT_BITS));
}

static bool same_key(const pi_hot *a, const pi_hot *b)
{
    return ((a->part[0] ^ b->part[0]) | (a->part[1] ^ b->part[1]) |
            (a->part[2] ^ b->part[2]) | (a->tag ^ b->tag)) == 0;
}

/* The first n of the eight bytes that were loaded. */
static uint64_t first_bytes(uint64_t v, size_t n)
{
    return n >= 8 ? v : v & ((UINT64_C(1) << 8 * n) - 1);
}

/* A slice as a key; false when it is too long. */
static bool make_key(pi_hot *k, uint32_t other, pc_str text,
                     const pc_token *tok)
{
    uint8_t copy[sizeof k->part] = {0};
    const uint8_t *p = (const uint8_t *)text.ptr + tok->start;
    size_t len = tok->end - tok->start;
    if (len > sizeof copy)
        return false;
    if (PC_UNLIKELY(text.len - tok->start < sizeof copy)) {
        memcpy(copy, p, len);
        p = copy;
    }
    k->part[0] = first_bytes(pc_load64le(p), len);
    k->part[1] = len > 8 ? first_bytes(pc_load64le(p + 8), len - 8) : 0;
    k->part[2] = len > 16 ? first_bytes(pc_load64le(p + 16), len - 16) : 0;
    k->tag = (other << 16 | (uint32_t)len << 3 | tok->kind) + 1;
    return true;
}

/* The form of a word that is at hand; false if it is not. */
static bool find_hot(pi_inverter *v, pi_hot *k, size_t set)
{
    pi_hot *hot = &v->hot[2 * set];
    if (same_key(&hot[0], k)) {
        k->form = hot[0].form;
        return true;
    }
    if (!same_key(&hot[1], k))
        return false;
    pi_hot found = hot[1];
    hot[1] = hot[0];
    hot[0] = found;
    k->form = found.form;
    return true;
}

/* ---- batches ------------------------------------------------------------ */

/* Tokens that go through the steps together: each step asks the processor to
   fetch what the next one reads, since the tables do not fit the cache. */
#define BATCH 32u

/* A token on its way to its chain. */
typedef struct pending {
    pc_token tok;
    pi_hot hot; /* its key in v->hot, and the form */
    size_t set;
    bool is_short;              /* has such a key */
    bool is_known;              /* has its form */
    uint64_t hash;              /* of the key in v->raw */
    pc_str raw_key;             /* empty: too long for it */
    char copy[RAW_KEY_MAX + 2]; /* the raw key, unless the text itself is */
} pending;

static pc_str slice(pc_str text, const pc_token *tok)
{
    return (pc_str){text.ptr + tok->start, tok->end - tok->start};
}

static void prepare_raw(const pi_inverter *v, pc_str text, pending *p)
{
    pc_str raw = slice(text, &p->tok);
    p->raw_key = raw;
    if (raw.len > RAW_KEY_MAX) {
        p->raw_key.len = 0;
        return;
    }
    if (p->tok.kind != PC_TOKEN_WORD || v->other) {
        /* No word begins with a control character. */
        p->copy[0] = (char)(p->tok.kind + 1 + (v->other ? 16 : 0));
        p->copy[1] = (char)v->other;
        size_t head = v->other ? 2 : 1;
        memcpy(p->copy + head, raw.ptr, raw.len);
        p->raw_key = (pc_str){p->copy, raw.len + head};
    }
    p->hash = pi_termtab_hash(&v->raw, p->raw_key);
}

static void prepare(const pi_inverter *v, pc_str text, pending *p)
{
    p->is_known = false;
    p->is_short = make_key(&p->hot, v->other, text, &p->tok);
    if (p->is_short) {
        p->set = set_of(&p->hot);
        PC_PREFETCH(&v->hot[2 * p->set]);
    }
}

/* Finds the words that are at hand, and has the places of the others
   fetched. */
static void find_batch(pi_inverter *v, pc_str text, pending *batch, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        pending *p = &batch[i];
        if (p->is_short)
            p->is_known = find_hot(v, &p->hot, p->set);
        if (!p->is_known)
            prepare_raw(v, text, p);
        else if (p->hot.form != NO_FORM)
            PC_PREFETCH(&v->info[p->hot.form]);
    }
}

/* The form of a token, through the table of slices seen before. */
static int lookup(pi_inverter *v, pc_str text, pending *p)
{
    pc_str raw = slice(text, &p->tok);
    if (p->raw_key.len == 0)
        return analyse(v, raw, p->tok.kind, &p->hot.form);
    uint32_t id = pi_termtab_put_hashed(&v->raw, p->raw_key, p->hash);
    if (id == PI_TERMTAB_NONE)
        return PARASOL_NOMEM;
    p->hot.form = v->raw.values[id];
    if (p->hot.form == PI_TERMTAB_NONE) {
        if (analyse(v, raw, p->tok.kind, &p->hot.form))
            return PARASOL_NOMEM;
        v->raw.values[id] = p->hot.form;
    }
    if (p->is_short)
        v->hot[2 * p->set + 1] = p->hot;
    return PARASOL_OK;
}

static int lookup_batch(pi_inverter *v, pc_str text, pending *batch, uint32_t n)
{
    find_batch(v, text, batch, n);
    for (uint32_t i = 0; i < n; i++) {
        if (batch[i].is_known)
            continue;
        if (lookup(v, text, &batch[i]))
            return PARASOL_NOMEM;
        if (batch[i].hot.form != NO_FORM)
            PC_PREFETCH(&v->info[batch[i].hot.form]);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (batch[i].hot.form != NO_FORM)
            PC_PREFETCH(&v->chains[v->info[batch[i].hot.form].stem]);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (batch[i].hot.form != NO_FORM)
            PC_PREFETCH(v->chains[v->info[batch[i].hot.form].stem].at);
    }
    return PARASOL_OK;
}

/* ---- pairs -------------------------------------------------------------- */

/* The word that a pair may begin with. */
typedef struct neighbour {
    uint32_t frequent; /* 0: none */
    uint32_t stem, pos;
} neighbour;

/* The form of a pair of frequent words. PI_TERMTAB_NONE: no memory. */
static uint32_t pair_form(pi_inverter *v, const neighbour *a, const pi_form *b)
{
    uint32_t **pairs = &v->pairs[v->other];
    if (!*pairs)
        *pairs = pc_zalloc(v->mem, PAIR_SLOTS, sizeof **pairs);
    if (!*pairs)
        return PI_TERMTAB_NONE;
    uint32_t *slot =
        &(*pairs)[a->frequent * (PC_FREQUENT_MAX + 1) + b->frequent];
    if (*slot == 0) {
        char key[PC_PAIR_MAX];
        size_t len =
            pc_pair_key(key, stem_text(v, a->stem), stem_text(v, b->stem));
        uint32_t stem = stem_of(v, (pc_str){key, len});
        uint32_t form = stem == PI_TERMTAB_NONE
                            ? stem
                            : form_of(v, (pc_str){key, len}, stem);
        if (form >= NO_FORM)
            return PI_TERMTAB_NONE;
        *slot = form + 1;
    }
    return *slot - 1;
}

/* Adds the pair of *last and a frequent word at `pos` if they are
   neighbours. */
static int put_pair(pi_inverter *v, neighbour *last, uint32_t form,
                    uint32_t pos)
{
    neighbour next = {v->info[form].frequent, v->info[form].stem, pos};
    neighbour before = *last;
    *last = next;
    if (before.pos + 1 != pos ||
        !pc_analyzer_pairs(v->analyzer, before.frequent, next.frequent))
        return PARASOL_OK;
    uint32_t pair = pair_form(v, &before, &v->info[form]);
    if (pair == PI_TERMTAB_NONE)
        return PARASOL_NOMEM;
    v->info[pair].ctf++;
    return pi_chain_put(&v->chains[v->info[pair].stem], &v->chunks, v->n_docs,
                        before.pos, 0);
}

/* ---- texts -------------------------------------------------------------- */

/* Appends the tokens of a batch, whose positions count from `base`, to their
   chains; *length counts those that are words. */
static int put_batch(pi_inverter *v, const pending *batch, uint32_t n,
                     uint32_t base, neighbour *last, uint32_t *length)
{
    for (uint32_t i = 0; i < n; i++) {
        const pending *p = &batch[i];
        if (p->hot.form == NO_FORM)
            continue;
        pi_form *f = &v->info[p->hot.form];
        pi_chain *chain = &v->chains[f->stem];
        uint32_t pos = base + p->tok.pos;
        /* What stands beside a part may have the part's stem. */
        if (chain->doc == v->n_docs + 1 && chain->pos == pos)
            continue;
        f->ctf++;
        ++*length;
        if (pi_chain_put(chain, &v->chunks, v->n_docs, pos, f->local))
            return PARASOL_NOMEM;
        if (f->frequent && put_pair(v, last, p->hot.form, pos))
            return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}

/* Adds the tokens of one text, at positions from *base on, which moves behind
   the last one. */
static int add_text(pi_inverter *v, pc_str text, uint32_t *base,
                    uint32_t *length, parasol_error *err)
{
    pc_words words;
    pending batch[BATCH];
    neighbour last = {0, 0, 0};
    uint32_t n, end = *base;
    pc_words_init(&words, text.ptr, text.len);
    do {
        for (n = 0; n < BATCH && pc_words_next(&words, &batch[n].tok); n++)
            prepare(v, text, &batch[n]);
        if (n == 0)
            break;
        if (batch[n - 1].tok.pos >= MAX_POSITION - *base)
            return pc_fail(err, PARASOL_FULL, "a document of over %u positions",
                           MAX_POSITION);
        end = *base + batch[n - 1].tok.pos + 1;
        if (lookup_batch(v, text, batch, n) ||
            put_batch(v, batch, n, *base, &last, length))
            return pc_fail_nomem(err);
    } while (n == BATCH);
    *base = end;
    return PARASOL_OK;
}

static int keep_doc(pi_inverter *v, parasol_error *err)
{
    if (pc_grow(v->mem, (void **)&v->docs, &v->docs_cap, (size_t)v->n_docs + 1,
                sizeof *v->docs))
        return pc_fail_nomem(err);
    v->docs[v->n_docs] = v->last;
    return PARASOL_OK;
}

int pi_inverter_add(pi_inverter *v, uint8_t language, pc_str title, pc_str text,
                    parasol_error *err)
{
    pi_invdoc *doc = &v->last;
    uint32_t at = 0;
    *doc = (pi_invdoc){.language = language};
    if (v->n_docs >= MAX_DOCS)
        return pc_fail(err, PARASOL_FULL, "more than %d documents", MAX_DOCS);
    if (text.len > PC_TOKENIZER_MAX || title.len > PC_TOKENIZER_MAX)
        return pc_fail(err, PARASOL_FULL, "a text of more than 4 GiB");
    v->other =
        language == pc_analyzer_language(v->analyzer) ? 0 : language + 1u;
    if (pc_analyzer_use(v->analyzer, language))
        return pc_fail_nomem(err);
    int rc = add_text(v, title, &at, &doc->lengths[PC_FIELD_TITLE], err);
    if (rc)
        return rc;
    doc->title_end = at;
    if (at > 0)
        at += PI_FIELD_GAP;
    /* A title that counts twice is as one that the text begins with. */
    unsigned more = at > 0 ? pc_analyzer_title_weight(v->analyzer) - 1 : 0;
    for (; !rc && more > 0; more--) {
        rc = add_text(v, title, &at, &doc->lengths[PC_FIELD_TEXT], err);
        at += PI_FIELD_GAP;
    }
    if (!rc)
        rc = add_text(v, text, &at, &doc->lengths[PC_FIELD_TEXT], err);
    if (rc)
        return rc;
    v->n_tokens += doc->lengths[PC_FIELD_TEXT] + doc->lengths[PC_FIELD_TITLE];
    doc->lengths[PC_FIELD_TEXT] += doc->lengths[PC_FIELD_TITLE];
    rc = v->keep_docs ? keep_doc(v, err) : PARASOL_OK;
    v->n_docs++;
    return rc;
}
