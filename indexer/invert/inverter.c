/*
 * Texts to chains.
 */
#include "indexer/invert/inverter.h"

#include "common/base/fail.h"
#include "common/text/token.h"

#define MAX_DOCS INT32_MAX
#define MAX_POSITION ((uint32_t)INT32_MAX)

/* A slice whose key does not fit here is analysed each time. */
#define RAW_KEY_MAX 64u

/* In place of a form: nothing is indexed. */
#define NO_FORM (PI_TERMTAB_NONE - 1)

int pi_inverter_init(pi_inverter *v, pc_analyzer *analyzer, const pc_mem *mem)
{
    *v = (pi_inverter){.mem = mem, .analyzer = analyzer};
    pi_slab_init(&v->chunks, mem);
    if (pi_termtab_init(&v->raw, mem) || pi_termtab_init(&v->forms, mem) ||
        pi_termtab_init(&v->stems, mem)) {
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
           v->docs_cap * sizeof *v->docs;
}

/* ---- analysis ----------------------------------------------------------- */

/* The number of a stem, with an empty chain if it is new. */
static uint32_t stem_of(pi_inverter *v, pc_str text)
{
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
    v->info[id] = (pi_form){stem, v->chains[stem].forms++, 0};
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

/* ---- batches ------------------------------------------------------------ */

/* Tokens that go through the steps together: each step asks the processor to
   fetch what the next one reads, since the tables do not fit the cache. */
#define BATCH 32u

/* A token on its way to its chain. */
typedef struct pending {
    pc_token tok;
    uint32_t form;
    pc_str key; /* in `raw`; empty: too long for it */
    uint64_t hash;
    char copy[RAW_KEY_MAX + 1]; /* the key, unless the text itself is */
} pending;

static pc_str slice(pc_str text, const pc_token *tok)
{
    return (pc_str){text.ptr + tok->start, tok->end - tok->start};
}

static void prepare(const pi_inverter *v, pc_str text, pending *p)
{
    pc_str raw = slice(text, &p->tok);
    p->key = raw;
    if (raw.len > RAW_KEY_MAX) {
        p->key.len = 0;
        return;
    }
    if (p->tok.kind != PC_TOKEN_WORD) {
        /* No word begins with a control character. */
        p->copy[0] = (char)(p->tok.kind + 1);
        memcpy(p->copy + 1, raw.ptr, raw.len);
        p->key = (pc_str){p->copy, raw.len + 1};
    }
    p->hash = pi_termtab_hash(&v->raw, p->key);
}

/* The form of a token, through the table of slices seen before. */
static int lookup(pi_inverter *v, pc_str text, pending *p)
{
    pc_str raw = slice(text, &p->tok);
    if (p->key.len == 0)
        return analyse(v, raw, p->tok.kind, &p->form);
    uint32_t id = pi_termtab_put_hashed(&v->raw, p->key, p->hash);
    if (id == PI_TERMTAB_NONE)
        return PARASOL_NOMEM;
    p->form = v->raw.values[id];
    if (p->form != PI_TERMTAB_NONE)
        return PARASOL_OK;
    int rc = analyse(v, raw, p->tok.kind, &p->form);
    v->raw.values[id] = p->form;
    return rc;
}

static int lookup_batch(pi_inverter *v, pc_str text, pending *batch, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (lookup(v, text, &batch[i]))
            return PARASOL_NOMEM;
        if (batch[i].form != NO_FORM)
            PC_PREFETCH(&v->info[batch[i].form]);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (batch[i].form != NO_FORM)
            PC_PREFETCH(&v->chains[v->info[batch[i].form].stem]);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (batch[i].form != NO_FORM)
            PC_PREFETCH(v->chains[v->info[batch[i].form].stem].at);
    }
    return PARASOL_OK;
}

/* Appends the tokens of a batch, whose positions count from `base`, to their
   chains; *length counts those that are words. */
static int put_batch(pi_inverter *v, const pending *batch, uint32_t n,
                     uint32_t base, uint32_t *length)
{
    for (uint32_t i = 0; i < n; i++) {
        const pending *p = &batch[i];
        if (p->form == NO_FORM)
            continue;
        pi_form *f = &v->info[p->form];
        f->ctf++;
        ++*length;
        if (pi_chain_put(&v->chains[f->stem], &v->chunks, v->n_docs,
                         base + p->tok.pos, f->local))
            return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}

/* Adds the tokens of one text, at positions from *base on, which moves behind
   the last one. */
static int add_text(pi_inverter *v, pc_str text, uint32_t *base,
                    uint32_t *length, parasol_error *err)
{
    pc_tokenizer t;
    pending batch[BATCH];
    uint32_t n, end = *base;
    pc_tokenizer_init(&t, text.ptr, text.len);
    do {
        for (n = 0; n < BATCH && pc_tokenizer_next(&t, &batch[n].tok); n++)
            prepare(v, text, &batch[n]);
        if (n == 0)
            break;
        if (batch[n - 1].tok.pos >= MAX_POSITION - *base)
            return pc_fail(err, PARASOL_FULL, "a document of over %u positions",
                           MAX_POSITION);
        end = *base + batch[n - 1].tok.pos + 1;
        if (lookup_batch(v, text, batch, n) ||
            put_batch(v, batch, n, *base, length))
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

int pi_inverter_add(pi_inverter *v, pc_str title, pc_str text,
                    parasol_error *err)
{
    pi_invdoc *doc = &v->last;
    uint32_t at = 0;
    *doc = (pi_invdoc){0};
    if (v->n_docs >= MAX_DOCS)
        return pc_fail(err, PARASOL_FULL, "more than %d documents", MAX_DOCS);
    if (text.len > PC_TOKENIZER_MAX || title.len > PC_TOKENIZER_MAX)
        return pc_fail(err, PARASOL_FULL, "a text of more than 4 GiB");
    int rc = add_text(v, title, &at, &doc->lengths[PC_FIELD_TITLE], err);
    if (rc)
        return rc;
    doc->title_end = at;
    if (at > 0)
        at += PI_FIELD_GAP;
    rc = add_text(v, text, &at, &doc->lengths[PC_FIELD_TEXT], err);
    if (rc)
        return rc;
    v->n_tokens += doc->lengths[PC_FIELD_TEXT] + doc->lengths[PC_FIELD_TITLE];
    doc->lengths[PC_FIELD_TEXT] += doc->lengths[PC_FIELD_TITLE];
    rc = v->keep_docs ? keep_doc(v, err) : PARASOL_OK;
    v->n_docs++;
    return rc;
}
