/*
 * Collects the leaves of a plan.
 */
#include "searcher/render/highlight.h"

/* Ways to write a phrase that are looked for in a text. */
#define WAYS_MAX 64u

static size_t count_ways(const ps_plan_spans *spans)
{
    size_t n = 1;
    for (uint32_t i = 0; i < spans->n && n < WAYS_MAX; i++)
        n *= spans->slots[i].n;
    return n < WAYS_MAX ? n : WAYS_MAX;
}

/* Of a leaf that means some forms of its stem: how many; 0: all. */
static uint32_t words_meant(const ps_plan_leaf *leaf)
{
    return leaf->n == 1 ? leaf->terms[0]->n_words : 0;
}

/* Only what stands in the text can be shown there. */
static bool is_shown(const ps_plan_node *node)
{
    return (node->kind == PS_PLAN_LEAF || node->kind == PS_PLAN_SPANS) &&
           node->leaf.field == PC_FIELD_TEXT;
}

static size_t count_leaves(const ps_plan_node *node)
{
    size_t n = 0;
    /* The words of a phrase that may be apart are marked one by one. */
    if (is_shown(node) && node->kind == PS_PLAN_SPANS)
        n = count_ways(&node->spans);
    else if (is_shown(node) && words_meant(&node->leaf))
        n = words_meant(&node->leaf);
    else if (is_shown(node))
        n = node->leaf.distance > 0 ? node->leaf.n : 1;
    for (size_t i = 0; i < node->n; i++) {
        if (node->clauses[i].occur != PS_NOT)
            n += count_leaves(node->clauses[i].node);
    }
    return n;
}

typedef struct making {
    uint32_t language; /* of the text, by number in the index */
    pc_arena *arena;
} making;

static ps_match_term make_term(const making *m, const ps_plan_term *t,
                               uint32_t gap)
{
    return (ps_match_term){ps_term_stem(t, m->language), t->form, t->exact,
                           gap};
}

/* The terms of a leaf that begins at *at, of which all that is before *behind
   is taken. */
static void add_terms(const making *m, ps_match_term *to, size_t *used,
                      const ps_plan_leaf *leaf, uint32_t at, uint32_t *behind)
{
    for (uint32_t i = 0; i < leaf->n; i++) {
        uint32_t here = at + leaf->offsets[i];
        to[(*used)++] =
            make_term(m, leaf->terms[i], here > *behind ? here - *behind : 0);
        *behind = here + 1;
    }
}

/* The words of a leaf in a row. */
static int add_leaf(const making *m, ps_highlight_leaf *out,
                    const ps_plan_leaf *leaf)
{
    ps_match_term *terms = pc_arena_zalloc(m->arena, leaf->n, sizeof *terms);
    size_t used = 0;
    uint32_t behind = 0;
    if (!terms)
        return PARASOL_NOMEM;
    add_terms(m, terms, &used, leaf, 0, &behind);
    *out = (ps_highlight_leaf){terms, leaf->n, leaf->weight, false};
    return PARASOL_OK;
}

/* One of them for itself. */
static int add_apart(const making *m, ps_highlight_leaf *out,
                     const ps_plan_leaf *leaf, uint32_t i)
{
    ps_match_term *term = pc_arena_zalloc(m->arena, 1, sizeof *term);
    if (!term)
        return PARASOL_NOMEM;
    *term = make_term(m, leaf->terms[i], 0);
    *out = (ps_highlight_leaf){term, 1, leaf->weight, false};
    return PARASOL_OK;
}

/* Each word that is meant is marked as written. */
static int add_words(const making *m, ps_highlight_leaf *out, size_t *n,
                     const ps_plan_leaf *leaf)
{
    const ps_plan_term *t = leaf->terms[0];
    ps_match_term *terms = pc_arena_zalloc(m->arena, t->n_words, sizeof *terms);
    if (!terms)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < t->n_words; i++) {
        terms[i] =
            (ps_match_term){ps_term_stem(t, m->language), t->words[i], true, 0};
        out[(*n)++] = (ps_highlight_leaf){&terms[i], 1, leaf->weight, false};
    }
    return PARASOL_OK;
}

/* An identifier, which the matcher knows to take its words in. */
static bool is_identifier(const ps_plan_alt *alt)
{
    if (alt->leaf.n != 1)
        return false;
    pc_str form = alt->leaf.terms[0]->form;
    return form.len > 0 && memchr(form.ptr, ':', form.len);
}

/* The same one before it in the slot, of which it differs only in how many
   words it has? */
static bool is_repeated(const ps_plan_slot *slot, const ps_plan_alt *alt)
{
    for (const ps_plan_alt *a = slot->alts; a < alt; a++)
        if (is_identifier(a) && a->leaf.terms[0] == alt->leaf.terms[0])
            return true;
    return false;
}

/* The `way`-th way to fill the slots, counted with the first slot fastest. */
static int add_way(const making *m, ps_highlight_leaf *out, size_t *n,
                   const ps_plan_node *node, size_t way)
{
    const ps_plan_spans *spans = &node->spans;
    size_t terms = 0, used = 0;
    uint32_t at = 0, behind = 0;
    ps_match_term *all;
    for (uint32_t i = 0; i < spans->n; i++)
        for (uint32_t k = 0; k < spans->slots[i].n; k++)
            terms += spans->slots[i].alts[k].leaf.n;
    all = pc_arena_zalloc(m->arena, terms, sizeof *all);
    if (!all)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < spans->n; i++) {
        const ps_plan_slot *slot = &spans->slots[i];
        const ps_plan_alt *alt = &slot->alts[way % slot->n];
        way /= slot->n;
        if (is_identifier(alt)) {
            if (spans->n > 1 && is_repeated(slot, alt))
                return PARASOL_OK;
            all[used++] = make_term(m, alt->leaf.terms[0], at - behind);
            behind = at += alt->len;
            continue;
        }
        add_terms(m, all, &used, &alt->leaf, at, &behind);
        at += alt->len;
        behind = behind > at ? at : behind;
    }
    out[(*n)++] = (ps_highlight_leaf){all, used, node->leaf.weight, true};
    return PARASOL_OK;
}

static int add_spans(const making *m, ps_highlight_leaf *out, size_t *n,
                     const ps_plan_node *node)
{
    size_t first = *n;
    for (size_t i = 0; i < count_ways(&node->spans); i++) {
        if (add_way(m, out, n, node, i))
            return PARASOL_NOMEM;
    }
    if (*n > first)
        out[first].again = false;
    return PARASOL_OK;
}

static int add_leaves(const making *m, ps_highlight_leaf *out, size_t *n,
                      const ps_plan_node *node)
{
    const ps_plan_leaf *leaf = &node->leaf;
    if (is_shown(node) && node->kind == PS_PLAN_SPANS)
        return add_spans(m, out, n, node);
    if (is_shown(node) && words_meant(leaf))
        return add_words(m, out, n, leaf);
    if (is_shown(node) && leaf->distance == 0)
        return add_leaf(m, &out[(*n)++], leaf);
    for (uint32_t i = 0; is_shown(node) && i < leaf->n; i++)
        if (add_apart(m, &out[(*n)++], leaf, i))
            return PARASOL_NOMEM;
    for (size_t i = 0; i < node->n; i++) {
        if (node->clauses[i].occur == PS_NOT)
            continue;
        if (add_leaves(m, out, n, node->clauses[i].node))
            return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}

int ps_highlight_plan(ps_highlighter *out, const ps_plan *plan,
                      uint32_t language, pc_arena *arena)
{
    const making m = {language, arena};
    size_t n = 0;
    ps_highlight_leaf *leaves =
        pc_arena_zalloc(arena, count_leaves(plan->root), sizeof *leaves);
    if (!leaves || add_leaves(&m, leaves, &n, plan->root))
        return PARASOL_NOMEM;
    *out = (ps_highlighter){leaves, n};
    return PARASOL_OK;
}
