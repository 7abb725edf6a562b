/*
 * Texts to the stream of form numbers.
 */
#include "indexer/invert/inverter.h"

#include "common/base/fail.h"
#include "common/text/words.h"

#define MAX_DOCS INT32_MAX
#define MAX_ITEMS ((size_t)INT32_MAX) /* stream items of one document */

/* A slice whose key does not fit here is analysed each time. */
#define RAW_KEY_MAX 64u

int pi_inverter_init(pi_inverter *v, pc_analyzer *analyzer, const pc_mem *mem)
{
    *v = (pi_inverter){.mem = mem, .analyzer = analyzer};
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
    pc_free(v->mem, v->tokens);
    pc_free(v->mem, v->docs);
    *v = (pi_inverter){.mem = v->mem};
}

size_t pi_inverter_memory(const pi_inverter *v)
{
    return pi_termtab_memory(&v->raw) + pi_termtab_memory(&v->forms) +
           pi_termtab_memory(&v->stems) + v->tokens_cap * sizeof *v->tokens +
           v->docs_cap * sizeof *v->docs;
}

/* The form number of a slice: PI_TOKEN_HOLE when nothing is left of it. */
static int analyse(pi_inverter *v, pc_str raw, uint8_t kind, uint32_t *form)
{
    pc_term term;
    *form = PI_TOKEN_HOLE;
    int rc = pc_analyzer_term(v->analyzer, raw, kind, &term);
    if (rc || term.form.len == 0 || term.stem.len == 0)
        return rc;
    uint32_t id = pi_termtab_put(&v->forms, term.form);
    if (id >= PI_TOKEN_FIELD_GAP)
        return PARASOL_NOMEM;
    if (v->forms.values[id] == PI_TERMTAB_NONE) {
        uint32_t stem = pi_termtab_put(&v->stems, term.stem);
        if (stem == PI_TERMTAB_NONE)
            return PARASOL_NOMEM;
        v->forms.values[id] = stem;
    }
    *form = id;
    return PARASOL_OK;
}

/* Tokens that are looked up together. */
#define BATCH 32u

/* A token on its way to the stream. */
typedef struct pending {
    pc_token tok;
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
static int lookup(pi_inverter *v, pc_str text, const pending *p, uint32_t *form)
{
    pc_str raw = slice(text, &p->tok);
    if (p->key.len == 0)
        return analyse(v, raw, p->tok.kind, form);
    uint32_t id = pi_termtab_put_hashed(&v->raw, p->key, p->hash);
    if (id == PI_TERMTAB_NONE)
        return PARASOL_NOMEM;
    *form = v->raw.values[id];
    if (*form != PI_TERMTAB_NONE)
        return PARASOL_OK;
    int rc = analyse(v, raw, p->tok.kind, form);
    v->raw.values[id] = *form;
    return rc;
}

static int push(pi_inverter *v, uint32_t item)
{
    if (v->n_tokens == v->tokens_cap &&
        pc_grow(v->mem, (void **)&v->tokens, &v->tokens_cap, v->n_tokens + 1,
                sizeof *v->tokens))
        return PARASOL_NOMEM;
    v->tokens[v->n_tokens++] = item;
    return PARASOL_OK;
}

/* Is a form of the same stem among the tokens that stand where the last one
   does? */
static bool stands_here(const pi_inverter *v, uint32_t form)
{
    size_t i = v->n_tokens;
    for (;;) {
        uint32_t there = v->tokens[--i];
        if (there < PI_TOKEN_FIELD_GAP &&
            v->forms.values[there] == v->forms.values[form])
            return true;
        if (i == 0 || v->tokens[--i] != PI_TOKEN_SAME)
            return false;
    }
}

/* Appends a token beside the one before. */
static int push_beside(pi_inverter *v, uint32_t form, uint32_t *length)
{
    if (form == PI_TOKEN_HOLE || stands_here(v, form))
        return PARASOL_OK;
    ++*length;
    int rc = push(v, PI_TOKEN_SAME);
    return rc ? rc : push(v, form);
}

/* Appends a batch of tokens to the stream; *next is the position that is to
   come, *length counts the tokens that are words. */
static int add_batch(pi_inverter *v, pc_str text, const pending *batch,
                     uint32_t n, uint32_t *next, uint32_t *length)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t form;
        int rc = lookup(v, text, &batch[i], &form);
        if (!rc && PC_LIKELY(batch[i].tok.pos == *next)) {
            rc = push(v, form);
            ++*next;
            *length += form != PI_TOKEN_HOLE;
        } else if (!rc) {
            rc = push_beside(v, form, length);
        }
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

/* Appends the tokens of one text. */
static int add_text(pi_inverter *v, pc_str text, uint32_t *length)
{
    pc_words words;
    pending batch[BATCH];
    uint32_t next = 0, n;
    pc_words_init(&words, text.ptr, text.len);
    do {
        for (n = 0; n < BATCH && pc_words_next(&words, &batch[n].tok); n++)
            prepare(v, text, &batch[n]);
        if (add_batch(v, text, batch, n, &next, length))
            return PARASOL_NOMEM;
    } while (n == BATCH);
    return PARASOL_OK;
}

int pi_inverter_add(pi_inverter *v, pc_str title, pc_str text,
                    parasol_error *err)
{
    pi_invdoc doc = {.start = v->n_tokens};
    uint32_t *lengths = doc.lengths;
    if (v->n_docs >= MAX_DOCS)
        return pc_fail(err, PARASOL_FULL, "more than %d documents", MAX_DOCS);
    if (text.len > PC_TOKENIZER_MAX || title.len > PC_TOKENIZER_MAX)
        return pc_fail(err, PARASOL_FULL, "a text of more than 4 GiB");
    int rc = pc_grow(v->mem, (void **)&v->docs, &v->docs_cap, v->n_docs + 1,
                     sizeof *v->docs);
    if (!rc)
        rc = add_text(v, title, &lengths[PC_FIELD_TITLE]);
    doc.title_items = (uint32_t)(v->n_tokens - doc.start);
    if (!rc && doc.title_items > 0)
        rc = push(v, PI_TOKEN_FIELD_GAP);
    if (!rc)
        rc = add_text(v, text, &lengths[PC_FIELD_TEXT]);
    lengths[PC_FIELD_TEXT] += lengths[PC_FIELD_TITLE];
    if (rc)
        rc = pc_fail_nomem(err);
    else if (v->n_tokens - doc.start > MAX_ITEMS)
        rc = pc_fail(err, PARASOL_FULL, "a document of over %zu tokens",
                     MAX_ITEMS);
    if (rc)
        v->n_tokens = (size_t)doc.start;
    else
        v->docs[v->n_docs++] = doc;
    return rc;
}
