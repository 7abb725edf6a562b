/*
 * The oracle's patterns: every word of every document is compared with the
 * pattern; the words of a stem that match are one word of the query.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/naive_internal.h"
#include "tests/support/naive_pattern.h"

/* The engine's limit of stems. */
#define STEMS 1024u

/* A stem some of whose forms match. */
typedef struct family {
    uint32_t stem;
    int distance;
    double words_df; /* documents that hold a form, of each form added up */
    double stem_df;
    bool whole; /* no other form of the stem is anywhere */
    bool kept;
    double weight;
} family;

typedef struct families {
    const naive *n;
    int *distance;     /* by form; -1: no match, -2: not known yet */
    size_t *of_stem;   /* by stem: family + 1 */
    size_t *seen_form; /* by form: the last document that had it, + 1 */
    size_t *seen_stem;
    family *v;
    size_t count;
} families;

static ps_pattern pattern_of(const ps_node *node)
{
    ps_pattern p = {PS_PATTERN_REGEX, (uint8_t)node->distance, node->text};
    if (node->kind == PS_NODE_PREFIX)
        p.kind = PS_PATTERN_PREFIX;
    else if (node->kind == PS_NODE_WILDCARD)
        p.kind = PS_PATTERN_WILDCARD;
    else if (node->kind == PS_NODE_FUZZY)
        p.kind = PS_PATTERN_FUZZY;
    return p;
}

static family *family_of(families *f, uint32_t stem)
{
    if (!f->of_stem[stem]) {
        f->v[f->count] = (family){.stem = stem, .distance = -1, .whole = true};
        f->of_stem[stem] = ++f->count;
    }
    return &f->v[f->of_stem[stem] - 1];
}

static void look_at(families *f, const ps_pattern *p, size_t d, const token *t)
{
    if (f->distance[t->form] == -2) {
        const char *form = f->n->strings[t->form];
        f->distance[t->form] =
            naive_pattern_distance(p, (pc_str){form, strlen(form)});
    }
    int distance = f->distance[t->form];
    family *x = family_of(f, t->stem);
    if (f->seen_stem[t->stem] != d + 1)
        x->stem_df++;
    f->seen_stem[t->stem] = d + 1;
    if (distance < 0) {
        x->whole = false;
        return;
    }
    if (x->distance < 0 || distance < x->distance)
        x->distance = distance;
    if (f->seen_form[t->form] != d + 1)
        x->words_df++;
    f->seen_form[t->form] = d + 1;
}

static const naive *sorted_for; /* qsort has no place for it */

/* The nearest first, then the most frequent, then by their bytes. */
static int better(const void *a, const void *b)
{
    const family *x = a, *y = b;
    if (x->distance != y->distance)
        return (unsigned)x->distance < (unsigned)y->distance ? -1 : 1;
    if (x->words_df < y->words_df || x->words_df > y->words_df)
        return x->words_df > y->words_df ? -1 : 1;
    return strcmp(sorted_for->strings[x->stem], sorted_for->strings[y->stem]);
}

static void weigh(families *f, search *s, double boost)
{
    double docs = (double)f->n->n_docs, most = 1e9;
    for (size_t i = 0; i < f->count && i < STEMS && f->v[i].distance >= 0;
         i++) {
        family *x = &f->v[i];
        double df =
            x->whole || x->stem_df < x->words_df ? x->stem_df : x->words_df;
        double idf = naive_idf(docs, df);
        if (x->distance == 0 && idf < most)
            most = idf;
        if (x->distance > 0 && idf > most)
            idf = most;
        x->kept = true;
        x->weight = idf / (x->distance == 0 ? 1 : x->distance == 1 ? 2 : 4);
        s->leaves++;
        s->weights += boost * x->weight * (s->k1 + 1.0);
    }
}

/* Adds what the words of document d are worth. */
static void score(families *f, const search *s, double boost, size_t d,
                  uint8_t field, double *tfs, double *out)
{
    const document *doc = &f->n->docs[d];
    size_t tokens = naive_tokens(doc, field);
    for (size_t i = 0; i < tokens; i++) {
        size_t x = f->of_stem[doc->tokens[i].stem];
        if (f->distance[doc->tokens[i].form] >= 0 && f->v[x - 1].kept)
            tfs[x - 1]++;
    }
    for (size_t i = 0; i < tokens; i++) {
        size_t x = f->of_stem[doc->tokens[i].stem] - 1;
        if (tfs[x] <= 0)
            continue;
        *out = (*out < 0 ? 0 : *out) +
               boost * naive_bm25(f->v[x].weight, tfs[x], s->classes[field][d],
                                  s->averages[field], s->k1, s->b);
        tfs[x] = 0;
    }
}

/* Finds the families of a pattern, the best first, and their weights. */
static void find_families(families *f, search *s, const ps_node *node,
                          double boost)
{
    const naive *n = s->n;
    const ps_pattern p = pattern_of(node);
    *f = (families){.n = n};
    f->distance = naive_zeroed(n->n_strings, sizeof *f->distance);
    f->of_stem = naive_zeroed(n->n_strings, sizeof *f->of_stem);
    f->seen_form = naive_zeroed(n->n_strings, sizeof *f->seen_form);
    f->seen_stem = naive_zeroed(n->n_strings, sizeof *f->seen_stem);
    f->v = naive_zeroed(n->n_strings, sizeof *f->v);
    for (size_t i = 0; i < n->n_strings; i++)
        f->distance[i] = -2;
    for (size_t d = 0; d < n->n_docs; d++)
        for (size_t i = 0; i < naive_tokens(&n->docs[d], node->field); i++)
            look_at(f, &p, d, &n->docs[d].tokens[i]);
    sorted_for = n;
    qsort(f->v, f->count, sizeof *f->v, better);
    for (size_t i = 0; i < f->count; i++)
        f->of_stem[f->v[i].stem] = i + 1;
    weigh(f, s, boost);
}

static void free_families(families *f)
{
    free(f->distance);
    free(f->of_stem);
    free(f->seen_form);
    free(f->seen_stem);
    free(f->v);
}

naive_value naive_eval_pattern(search *s, const ps_node *node, double boost)
{
    const naive *n = s->n;
    families f;
    naive_value out = {naive_zeroed(n->n_docs, sizeof *out.scores), false};
    double *tfs = naive_zeroed(n->n_strings, sizeof *tfs);
    find_families(&f, s, node, boost);
    for (size_t d = 0; d < n->n_docs; d++) {
        out.scores[d] = -1.0;
        score(&f, s, boost, d, node->field, tfs, &out.scores[d]);
    }
    free_families(&f);
    free(tfs);
    return out;
}

double naive_pattern_idf(search *s, const ps_node *node)
{
    families f;
    double least = -1, weights = s->weights;
    unsigned leaves = s->leaves;
    find_families(&f, s, node, 0.0);
    for (size_t i = 0; i < f.count; i++)
        if (f.v[i].kept && (least < 0 || f.v[i].weight < least))
            least = f.v[i].weight;
    free_families(&f);
    s->weights = weights;
    s->leaves = leaves;
    return least;
}

bool naive_pattern_has(const naive *n, const ps_node *node, uint32_t form)
{
    const ps_pattern p = pattern_of(node);
    const char *word = n->strings[form];
    return naive_pattern_distance(&p, (pc_str){word, strlen(word)}) >= 0;
}
