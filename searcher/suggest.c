/*
 * "Did you mean": the query with its misspelt words replaced.
 */
#include <parasol/searcher.h>

#include "common/base/fail.h"
#include "common/text/words.h"
#include "searcher/expand/spell.h"
#include "searcher/plan/term.h"
#include "searcher/query/print.h"
#include "searcher/query/query.h"
#include "searcher/searcher_internal.h"

#define FEW_RESULTS 10u
#define FEW_DOCUMENTS 5u
#define WORDS_MAX 8u /* looked at in one query */

typedef struct suggester {
    const ps_snapshot *snap;
    pc_analyzer *analyzer;
    pc_arena *arena;
    parasol_error *err;
    bool few;      /* the query has few results */
    uint32_t left; /* words that may still be looked at */
    bool changed;
} suggester;

/* Documents that hold a word with the form's stem. */
static int count_docs(suggester *g, pc_str form, uint64_t *df)
{
    ps_terms terms = {.snap = g->snap,
                      .analyzer = g->analyzer,
                      .arena = g->arena,
                      .err = g->err};
    pc_str stems[PC_LANGUAGES_MAX];
    pc_key key;
    pc_entry e;
    bool found;
    int rc = ps_terms_stems(&terms, form, PC_TOKEN_WORD, stems);
    *df = 0;
    for (uint32_t i = 0; !rc && i < g->snap->n_views; i++) {
        const ps_view *view = &g->snap->views[i];
        if (!pc_key_make(&key, ps_view_field(view, PC_FIELD_TEXT),
                         stems[view->language]))
            continue;
        rc = pc_dict_find(&view->seg->dict, pc_key_str(&key), &found, &e,
                          g->err);
        if (!rc && found && (e.flags & PC_ENTRY_TERM))
            *df += e.df;
    }
    return rc;
}

/* A better word for a token; best->text.len 0: none. */
static int better_word(suggester *g, pc_str raw, uint8_t kind, ps_word *best)
{
    pc_term term;
    uint64_t df;
    *best = (ps_word){.df = 0};
    if (kind != PC_TOKEN_WORD || g->left == 0)
        return PARASOL_OK;
    if (pc_analyzer_term(g->analyzer, raw, kind, &term))
        return pc_fail_nomem(g->err);
    if (term.form.len == 0 || term.stem.len == 0)
        return PARASOL_OK;
    pc_str form = {pc_arena_copy(g->arena, term.form.ptr, term.form.len),
                   term.form.len};
    if (!form.ptr)
        return pc_fail_nomem(g->err);
    int rc = count_docs(g, form, &df);
    if (rc || df > (g->few ? FEW_DOCUMENTS : 0))
        return rc;
    g->left--;
    return ps_spell_word(best, g->snap, form, df, g->arena, g->err);
}

/* The text with better words in place of those that have one. */
static int correct(suggester *g, pc_str *text)
{
    pc_words words;
    pc_token tok;
    pc_buf out;
    size_t from = 0;
    int rc = PARASOL_OK;
    bool changed = false;
    pc_buf_init(&out, g->arena->mem);
    pc_words_init(&words, text->ptr, text->len);
    while (!rc && pc_words_next(&words, &tok)) {
        ps_word best;
        if (tok.span > 1)
            continue;
        pc_str raw = {text->ptr + tok.start, tok.end - tok.start};
        rc = better_word(g, raw, tok.kind, &best);
        if (rc || best.text.len == 0)
            continue;
        pc_buf_put(&out, text->ptr + from, tok.start - from);
        pc_buf_put_str(&out, best.text);
        from = tok.end;
        changed = true;
    }
    if (!rc && changed) {
        pc_buf_put(&out, text->ptr + from, text->len - from);
        const char *copy =
            out.status ? NULL : pc_arena_copy(g->arena, out.ptr, out.len);
        if (copy)
            *text = (pc_str){copy, out.len};
        else
            rc = pc_fail_nomem(g->err);
        g->changed = true;
    }
    pc_buf_release(&out);
    return rc;
}

/* A copy of the tree with its words corrected. Recursion is bounded by the
   height of the tree. */
static int copy_tree(suggester *g, const ps_node *node, ps_node **out)
{
    ps_node *copy = pc_arena_alloc(g->arena, sizeof *copy);
    if (!copy)
        return pc_fail_nomem(g->err);
    *copy = *node;
    *out = copy;
    bool words = node->kind == PS_NODE_WORD || node->kind == PS_NODE_PHRASE;
    if (words && !node->exact)
        return correct(g, &copy->text);
    if (node->n == 0)
        return PARASOL_OK;
    copy->clauses = pc_arena_zalloc(g->arena, node->n, sizeof *copy->clauses);
    if (!copy->clauses)
        return pc_fail_nomem(g->err);
    memcpy(copy->clauses, node->clauses, node->n * sizeof *copy->clauses);
    for (size_t i = 0; i < node->n; i++) {
        if (node->clauses[i].occur == PS_NOT)
            continue;
        int rc = copy_tree(g, node->clauses[i].node, &copy->clauses[i].node);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

static int print(suggester *g, const ps_node *root, parasol_str *text)
{
    pc_buf b;
    pc_buf_init(&b, g->arena->mem);
    ps_print(&b, root);
    const char *copy = b.status ? NULL : pc_arena_copy(g->arena, b.ptr, b.len);
    *text = (parasol_str){copy ? copy : "", copy ? b.len : 0};
    pc_buf_release(&b);
    return copy ? PARASOL_OK : pc_fail_nomem(g->err);
}

int parasol_result_suggestion(parasol_result *r, const parasol_query *q,
                              parasol_str *text, parasol_error *err)
{
    ps_node *root;
    suggester g = {.snap = r->snap,
                   .analyzer = r->context->analyzer,
                   .arena = &r->context->arena,
                   .err = err,
                   .few = r->total_exact && r->total < FEW_RESULTS,
                   .left = WORDS_MAX};
    int rc = copy_tree(&g, q->root, &root);
    if (rc)
        return rc;
    if (!g.changed)
        return pc_fail(err, PARASOL_NOTFOUND, "nothing to propose");
    return print(&g, root, text);
}
