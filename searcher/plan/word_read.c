/*
 * The words of a query at their places.
 */
#include "common/base/fail.h"
#include "common/text/words.h"
#include "searcher/plan/word_internal.h"

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

bool ps_word_is_simple(pc_str text, char form[PS_SIMPLE_MAX])
{
    size_t capitals = 0;
    if (text.len == 0 || text.len > PS_SIMPLE_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = (uint8_t)text.ptr[i];
        if ((uint8_t)((c | 0x20) - 'a') >= 26)
            return false;
        capitals += c < 'a';
        form[i] = (char)(c | 0x20);
    }
    return capitals <= 1;
}

/* The term of a simple word from the index, which has stemmed it before; its
   form stays empty when the index does not have it. */
static int find_term(ps_word_maker *m, pc_str form, ps_word_term *out)
{
    ps_known_form known;
    int rc = m->lexicon->form(m->lexicon->user, form, &known);
    out->absent = !rc && known.absent;
    if (rc || known.stem.len == 0)
        return rc;
    out->there = true;
    char *copy = pc_arena_copy(m->arena, form.ptr, form.len);
    if (!copy)
        return pc_fail_nomem(m->err);
    out->stem = known.stem;
    out->form = (pc_str){copy, form.len};
    return PARASOL_OK;
}

int ps_word_make_term(ps_word_maker *m, pc_str raw, uint8_t kind,
                      ps_word_term *out)
{
    char simple[PS_SIMPLE_MAX];
    pc_term term;
    *out = (ps_word_term){0};
    if (kind == PC_TOKEN_WORD && m->lexicon->form &&
        ps_word_is_simple(raw, simple)) {
        int rc = find_term(m, (pc_str){simple, raw.len}, out);
        if (rc || out->form.len)
            return rc;
    }
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
    out->absent &= pc_str_eq(out->stem, out->form);
    out->kind = kind;
    return PARASOL_OK;
}

static bool has_capitals(pc_str raw)
{
    unsigned n = 0;
    for (size_t i = 0; i < raw.len; i++)
        n += (uint8_t)(raw.ptr[i] - 'A') < 26;
    return n > 1;
}

static int read_token(ps_word_maker *m, pc_str text, const pc_token *tok)
{
    ps_word_term term;
    pc_str raw = {text.ptr + tok->start, tok->end - tok->start};
    if (tok->rule == PC_RULE_DEFINITION)
        return PARASOL_OK; /* of documents only */
    int rc = ps_word_make_term(m, raw, tok->kind, &term);
    if (rc)
        return rc;
    if (tok->span == 1) {
        ps_word_place *p = &m->places[tok->pos];
        p->part = term;
        p->kind = tok->kind;
        p->chained = tok->rule == PC_RULE_PART;
        p->capitals = has_capitals(raw);
        p->character = tok->rule == PC_RULE_CHAR;
        return PARASOL_OK;
    }
    ps_word_place *p = &m->places[tok->pos - tok->back];
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

int ps_word_read_text(ps_word_maker *m, pc_str text)
{
    pc_words words;
    pc_token tok;
    char simple[PS_SIMPLE_MAX];
    bool one = ps_word_is_simple(text, simple);
    m->n = one ? 1 : count_tokens(text);
    m->places = pc_arena_zalloc(m->arena, m->n, sizeof *m->places);
    m->out->slots = pc_arena_zalloc(m->arena, m->n, sizeof *m->out->slots);
    if (!m->places || !m->out->slots)
        return pc_fail_nomem(m->err);
    if (one) {
        m->places[0].kind = PC_TOKEN_WORD;
        return ps_word_make_term(m, text, PC_TOKEN_WORD, &m->places[0].part);
    }
    pc_words_init(&words, text.ptr, text.len);
    while (pc_words_next(&words, &tok)) {
        int rc = read_token(m, text, &tok);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}
