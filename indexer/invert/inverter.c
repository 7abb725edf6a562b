/*
 * Texts to the stream of form numbers.
 */
#include "indexer/invert/inverter.h"

#include "common/base/fail.h"
#include "common/text/token.h"

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
    if (v->forms.items[id].value == PI_TERMTAB_NONE) {
        uint32_t stem = pi_termtab_put(&v->stems, term.stem);
        if (stem == PI_TERMTAB_NONE)
            return PARASOL_NOMEM;
        v->forms.items[id].value = stem;
    }
    *form = id;
    return PARASOL_OK;
}

/* The same through the table of slices seen before. */
static int lookup(pi_inverter *v, pc_str raw, uint8_t kind, uint32_t *form)
{
    char key[RAW_KEY_MAX + 1];
    if (raw.len > RAW_KEY_MAX)
        return analyse(v, raw, kind, form);
    pc_str s = raw;
    if (kind != PC_TOKEN_WORD) {
        /* No word begins with a control character. */
        key[0] = (char)(kind + 1);
        memcpy(key + 1, raw.ptr, raw.len);
        s = (pc_str){key, raw.len + 1};
    }
    uint32_t id = pi_termtab_put(&v->raw, s);
    if (id == PI_TERMTAB_NONE)
        return PARASOL_NOMEM;
    pi_interned *item = &v->raw.items[id];
    if (item->value == PI_TERMTAB_NONE) {
        int rc = analyse(v, raw, kind, form);
        item->value = *form;
        return rc;
    }
    *form = item->value;
    return PARASOL_OK;
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

/* Appends the tokens of one text; *length counts those that are words. */
static int add_text(pi_inverter *v, pc_str text, uint32_t *length)
{
    pc_tokenizer t;
    pc_token tok;
    uint32_t next = 0;
    pc_tokenizer_init(&t, text.ptr, text.len);
    while (pc_tokenizer_next(&t, &tok)) {
        uint32_t form;
        pc_str raw = {text.ptr + tok.start, tok.end - tok.start};
        int rc = lookup(v, raw, tok.kind, &form);
        for (; !rc && next < tok.pos; next++)
            rc = push(v, PI_TOKEN_HOLE);
        if (!rc)
            rc = push(v, form);
        if (rc)
            return rc;
        next = tok.pos + 1;
        *length += form != PI_TOKEN_HOLE;
    }
    return PARASOL_OK;
}

int pi_inverter_add(pi_inverter *v, pc_str title, pc_str text,
                    parasol_error *err)
{
    pi_invdoc doc = {.start = v->n_tokens};
    uint32_t *lengths = doc.lengths;
    if (v->n_docs >= MAX_DOCS)
        return pc_fail(err, PARASOL_FULL, "more than %d documents", MAX_DOCS);
    if (text.len > UINT32_MAX || title.len > UINT32_MAX)
        return pc_fail(err, PARASOL_FULL, "a text of more than 4 GiB");
    if (pc_grow(v->mem, (void **)&v->docs, &v->docs_cap, v->n_docs + 1,
                sizeof *v->docs) ||
        add_text(v, title, &lengths[PC_FIELD_TITLE]))
        goto nomem;
    doc.title_items = (uint32_t)(v->n_tokens - doc.start);
    if (doc.title_items > 0 && push(v, PI_TOKEN_FIELD_GAP))
        goto nomem;
    if (add_text(v, text, &lengths[PC_FIELD_TEXT]))
        goto nomem;
    lengths[PC_FIELD_TEXT] += lengths[PC_FIELD_TITLE];
    if (v->n_tokens - doc.start > MAX_ITEMS) {
        v->n_tokens = (size_t)doc.start;
        return pc_fail(err, PARASOL_FULL, "a document of over %zu tokens",
                       MAX_ITEMS);
    }
    v->docs[v->n_docs++] = doc;
    return PARASOL_OK;
nomem:
    v->n_tokens = (size_t)doc.start;
    return pc_fail_nomem(err);
}
