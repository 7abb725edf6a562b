/*
 * Texts to chains.
 */
#include "indexer/invert/inverter.h"

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/os/huge.h"
#include "common/text/frequent.h"
#include "common/text/words.h"

#define MAX_DOCS INT32_MAX
#define MAX_POSITION ((uint32_t)INT32_MAX)

/* A longer slice is analysed each time. */
#define LONG_MAX 64u

/* In place of a form: nothing is indexed. */
#define NO_FORM (PI_TERMTAB_NONE - 1)

#define PAIR_SLOTS ((size_t)(PC_FREQUENT_MAX + 1) * (PC_FREQUENT_MAX + 1))

int pi_inverter_init(pi_inverter *v, pc_analyzer *analyzer, const pc_mem *mem)
{
    *v = (pi_inverter){.mem = mem, .analyzer = analyzer};
    pi_slab_init(&v->chunks, mem);
    if (pi_wordtab_init(&v->words, mem) || pi_termtab_init(&v->longs, mem) ||
        pi_termtab_init(&v->forms, mem) || pi_termtab_init(&v->stems, mem)) {
        pi_inverter_release(v);
        return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}

void pi_inverter_release(pi_inverter *v)
{
    pi_wordtab_release(&v->words);
    pi_termtab_release(&v->longs);
    pi_termtab_release(&v->forms);
    pi_termtab_release(&v->stems);
    pi_slab_release(&v->chunks);
    for (unsigned i = 0; i < PC_COUNTOF(v->pairs); i++)
        pc_free(v->mem, v->pairs[i]);
    pc_free(v->mem, v->info);
    pc_free(v->mem, v->chains);
    pc_free(v->mem, v->docs);
    *v = (pi_inverter){.mem = v->mem};
}

size_t pi_inverter_memory(const pi_inverter *v)
{
    return pi_wordtab_memory(&v->words) + pi_termtab_memory(&v->longs) +
           pi_termtab_memory(&v->forms) + pi_termtab_memory(&v->stems) +
           pi_slab_memory(&v->chunks) + v->forms.n * sizeof *v->info +
           v->stems.n * sizeof *v->chains + v->docs_cap * sizeof *v->docs +
           (v->pairs[0] ? PAIR_SLOTS * sizeof *v->pairs[0] : 0);
}

/* ---- analysis ----------------------------------------------------------- */

/* Makes an array of *cap items longer than `id`. */
static int grow_for(const pi_inverter *v, void **array, size_t *cap,
                    uint32_t id, size_t size)
{
    size_t before = *cap;
    if (pc_grow(v->mem, array, cap, (size_t)id + 1, size))
        return PARASOL_NOMEM;
    if (*cap != before)
        pc_huge_advise(v->mem, *array, *cap * size);
    return PARASOL_OK;
}

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
    if (grow_for(v, (void **)&v->chains, &v->chains_cap, id, sizeof *v->chains))
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

/* A form as it is named in v->forms: what its stem follows from stands behind
   it. */
typedef struct form_key {
    char bytes[PC_TERM_MAX + PI_FORM_TAIL];
    size_t len;
} form_key;

static void make_form_key(form_key *k, const pi_inverter *v, pc_str text,
                          uint8_t kind)
{
    memcpy(k->bytes, text.ptr, text.len);
    k->bytes[text.len] = (char)kind;
    k->bytes[text.len + 1] = (char)v->other;
    k->len = text.len + PI_FORM_TAIL;
}

/* Adds a form, which is new. */
static uint32_t add_form(pi_inverter *v, const form_key *k, uint32_t stem)
{
    uint32_t id = pi_termtab_put(&v->forms, (pc_str){k->bytes, k->len});
    if (id == PI_TERMTAB_NONE ||
        grow_for(v, (void **)&v->info, &v->info_cap, id, sizeof *v->info))
        return PI_TERMTAB_NONE;
    unsigned frequent = pc_analyzer_frequent(v->analyzer, stem_text(v, stem));
    v->info[id] = (pi_form){stem, v->chains[stem].forms++, 0, frequent};
    return id;
}

/* The form number of a slice: NO_FORM when nothing is left of it. */
static int analyse(pi_inverter *v, pc_str raw, uint8_t kind, uint32_t *form)
{
    pc_str text, stem;
    form_key key;
    *form = NO_FORM;
    int rc = pc_analyzer_form(v->analyzer, raw, kind, &text);
    if (rc || text.len == 0)
        return rc;
    make_form_key(&key, v, text, kind);
    uint32_t id = pi_termtab_find(&v->forms, (pc_str){key.bytes, key.len});
    if (id == PI_TERMTAB_NONE) {
        rc = pc_analyzer_stem(v->analyzer, text, kind, &stem);
        if (rc || stem.len == 0)
            return rc;
        uint32_t number = stem_of(v, stem);
        if (number != PI_TERMTAB_NONE)
            id = add_form(v, &key, number);
        if (id >= NO_FORM)
            return PARASOL_NOMEM;
    }
    *form = id;
    return PARASOL_OK;
}

/* ---- batches ------------------------------------------------------------ */

/* Tokens that go through the steps together: each step asks the processor to
   fetch what the next one reads, since the tables do not fit the cache. */
#define BATCH 64u

/* Tokens on their way to their chains. */
typedef struct batch {
    pc_token toks[BATCH];
    pi_word keys[BATCH]; /* tag 0: too long; with the forms */
    uint64_t hashes[BATCH];
    uint32_t unknown[BATCH]; /* those that are not at hand */
    uint32_t forms[BATCH], stems[BATCH], at[BATCH]; /* what is indexed; where */
} batch;

static pc_str slice(pc_str text, const pc_token *tok)
{
    return (pc_str){text.ptr + tok->start, tok->end - tok->start};
}

static void prepare(const pi_inverter *v, pc_str text, batch *b, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const pc_token *tok = &b->toks[i];
        pi_word *k = &b->keys[i];
        k->tag = 0;
        if (!pi_word_key(k, v->other, text.ptr + tok->start,
                         text.len - tok->start, tok))
            continue;
        b->hashes[i] = pi_word_hash(k);
        PC_PREFETCH(pi_wordtab_set(&v->words, b->hashes[i]));
    }
}

/* Finds the words that are at hand, and has the places of the others
   fetched; returns how many those are. */
static uint32_t find_hot(pi_inverter *v, batch *b, uint32_t n)
{
    uint32_t unknown = 0;
    for (uint32_t i = 0; i < n; i++) {
        pi_word *k = &b->keys[i];
        uint64_t hash = b->hashes[i];
        if (k->tag && pi_wordtab_hot(pi_wordtab_set(&v->words, hash), k)) {
            if (k->form != NO_FORM)
                PC_PREFETCH(&v->info[k->form]);
            continue;
        }
        b->unknown[unknown++] = i;
        if (k->tag)
            pi_wordtab_fetch(&v->words, hash);
    }
    return unknown;
}

/* The form of a slice that is too long for a key. */
static int lookup_long(pi_inverter *v, pc_str raw, uint8_t kind, uint32_t *form)
{
    char key[LONG_MAX + 2];
    if (raw.len > LONG_MAX)
        return analyse(v, raw, kind, form);
    /* What is less than a word begins with control characters. */
    key[0] = (char)(kind + 1);
    key[1] = (char)v->other;
    memcpy(key + 2, raw.ptr, raw.len);
    uint32_t id = pi_termtab_put(&v->longs, (pc_str){key, raw.len + 2});
    if (id == PI_TERMTAB_NONE)
        return PARASOL_NOMEM;
    *form = v->longs.values[id];
    if (*form != PI_TERMTAB_NONE)
        return PARASOL_OK;
    int rc = analyse(v, raw, kind, form);
    v->longs.values[id] = *form;
    return rc;
}

/* The form of a token that is not at hand. */
static int lookup(pi_inverter *v, pc_str raw, uint8_t kind, pi_word *k,
                  uint64_t hash)
{
    if (!k->tag)
        return lookup_long(v, raw, kind, &k->form);
    if (!pi_wordtab_find(&v->words, k, hash) &&
        (analyse(v, raw, kind, &k->form) || pi_wordtab_add(&v->words, k, hash)))
        return PARASOL_NOMEM;
    pi_wordtab_set(&v->words, hash)[1] = *k;
    return PARASOL_OK;
}

/* Has the place of the form fetched that the slice of a word is, but for its
   capital letters, if it is new: a guess, since it is not folded yet. */
static void guess_form(const pi_inverter *v, const pi_word *k)
{
    union {
        uint8_t bytes[PI_WORD_MAX + PI_FORM_TAIL];
        uint64_t part[PI_WORD_MAX / 8];
    } key;
    uint32_t tag = k->tag - 1, len = tag >> 3 & 0x1F;
    for (unsigned i = 0; i < PC_COUNTOF(k->part); i++)
        key.part[i] = k->part[i] | UINT64_C(0x2020202020202020);
    key.bytes[len] = (uint8_t)(tag & 7);
    key.bytes[len + 1] = (uint8_t)v->other;
    pi_termtab_fetch(&v->forms, key.bytes, len + PI_FORM_TAIL);
}

/* Finds the words that are not at hand in the large table; what is left are
   those that are new. */
static uint32_t find_all(const pi_inverter *v, batch *b, uint32_t n)
{
    uint32_t left = 0;
    for (uint32_t u = 0; u < n; u++) {
        uint32_t i = b->unknown[u];
        pi_word *k = &b->keys[i];
        if (k->tag && pi_wordtab_find(&v->words, k, b->hashes[i])) {
            pi_wordtab_set(&v->words, b->hashes[i])[1] = *k;
            if (k->form != NO_FORM)
                PC_PREFETCH(&v->info[k->form]);
            continue;
        }
        if (k->tag)
            guess_form(v, k);
        b->unknown[left++] = i;
    }
    return left;
}

/* The forms of all tokens. */
static int lookup_batch(pi_inverter *v, pc_str text, batch *b, uint32_t n)
{
    prepare(v, text, b, n);
    uint32_t unknown = find_all(v, b, find_hot(v, b, n));
    for (uint32_t u = 0; u < unknown; u++) {
        uint32_t i = b->unknown[u];
        pi_word *k = &b->keys[i];
        if (lookup(v, slice(text, &b->toks[i]), b->toks[i].kind, k,
                   b->hashes[i]))
            return PARASOL_NOMEM;
        if (k->form != NO_FORM)
            PC_PREFETCH(&v->info[k->form]);
    }
    return PARASOL_OK;
}

/* Gathers what is indexed, at positions from `base` on, and has its chains
   fetched; returns how many. */
static uint32_t gather(const pi_inverter *v, batch *b, uint32_t n,
                       uint32_t base)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        b->forms[kept] = b->keys[i].form;
        b->at[kept] = base + b->toks[i].pos;
        kept += b->keys[i].form != NO_FORM;
    }
    for (uint32_t i = 0; i < kept; i++) {
        b->stems[i] = v->info[b->forms[i]].stem;
        PC_PREFETCH(&v->chains[b->stems[i]]);
    }
    for (uint32_t i = 0; i < kept; i++)
        PC_PREFETCH(v->chains[b->stems[i]].at);
    return kept;
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
        form_key name;
        make_form_key(&name, v, (pc_str){key, len}, PC_TOKEN_JOIN);
        uint32_t stem = stem_of(v, (pc_str){key, len});
        uint32_t form =
            stem == PI_TERMTAB_NONE ? stem : add_form(v, &name, stem);
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

/* Appends the tokens of a batch to their chains; *length counts those that are
   words. */
static int put_batch(pi_inverter *v, const batch *b, uint32_t n,
                     neighbour *last, uint32_t *length)
{
    uint32_t doc = v->n_docs, beside = 0;
    for (uint32_t i = 0; i < n; i++) {
        pi_form *f = &v->info[b->forms[i]];
        pi_chain *chain = &v->chains[b->stems[i]];
        uint32_t pos = b->at[i];
        /* What stands beside a part may have the part's stem. */
        if (chain->pos == pos && chain->doc == doc + 1) {
            beside++;
            continue;
        }
        f->ctf++;
        if (pi_chain_put(chain, &v->chunks, doc, pos, f->local))
            return PARASOL_NOMEM;
        if (f->frequent && put_pair(v, last, b->forms[i], pos))
            return PARASOL_NOMEM;
    }
    *length += n - beside;
    return PARASOL_OK;
}

/* Adds the tokens of one text, at positions from *base on, which moves behind
   the last one. */
static int add_text(pi_inverter *v, pc_str text, uint32_t *base,
                    uint32_t *length, parasol_error *err)
{
    pc_words words;
    batch b;
    neighbour last = {0, 0, 0};
    uint32_t n, end = *base;
    pc_words_init(&words, text.ptr, text.len);
    do {
        n = pc_words_some(&words, b.toks, BATCH);
        if (n == 0)
            break;
        if (b.toks[n - 1].pos >= MAX_POSITION - *base)
            return pc_fail(err, PARASOL_FULL, "a document of over %u positions",
                           MAX_POSITION);
        end = *base + b.toks[n - 1].pos + 1;
        if (lookup_batch(v, text, &b, n) ||
            put_batch(v, &b, gather(v, &b, n, *base), &last, length))
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
