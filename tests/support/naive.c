/*
 * The oracle.
 */
#include "tests/support/naive.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/token.h"
#include "tests/support/naive_internal.h"

static void *must(void *p)
{
    if (!p) {
        (void)fprintf(stderr, "the oracle is out of memory\n");
        exit(99);
    }
    return p;
}

void *naive_zeroed(size_t n, size_t size)
{
    return must(calloc(n ? n : 1, size));
}

/* ---- strings to numbers ------------------------------------------------- */

static uint32_t intern(naive *n, pc_str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (uint8_t)s.ptr[i]) * 16777619u;
    uint32_t *head = &n->heads[(h ^ (h >> 16)) & 65535u];
    for (uint32_t at = *head; at; at = n->next[at - 1]) {
        const char *other = n->strings[at - 1];
        if (strlen(other) == s.len && memcmp(other, s.ptr, s.len) == 0)
            return at - 1;
    }
    if (n->n_strings == n->cap_strings) {
        n->cap_strings = n->cap_strings ? 2 * n->cap_strings : 1024;
        n->strings =
            must(realloc(n->strings, n->cap_strings * sizeof *n->strings));
        n->next = must(realloc(n->next, n->cap_strings * sizeof *n->next));
    }
    char *copy = naive_zeroed(s.len + 1, 1);
    memcpy(copy, s.ptr, s.len);
    n->strings[n->n_strings] = copy;
    n->next[n->n_strings] = *head;
    *head = (uint32_t)++n->n_strings;
    return *head - 1;
}

/* ---- documents ---------------------------------------------------------- */

naive *naive_new(void)
{
    naive *n = naive_zeroed(1, sizeof *n);
    if (pc_analyzer_open(&n->analyzer, "english", NULL, NULL))
        must(NULL);
    return n;
}

void naive_free(naive *n)
{
    for (size_t i = 0; i < n->n_docs; i++) {
        free(n->docs[i].tokens);
        free(n->docs[i].source);
    }
    for (size_t i = 0; i < n->n_strings; i++)
        free(n->strings[i]);
    free(n->strings);
    free(n->next);
    free(n->docs);
    pc_analyzer_free(n->analyzer);
    free(n);
}

static pc_term analyse(naive *n, const char *text, const pc_token *tok)
{
    pc_term term;
    pc_str raw = {text + tok->start, tok->end - tok->start};
    if (pc_analyzer_term(n->analyzer, raw, tok->kind, &term))
        must(NULL);
    return term;
}

static void push(document *d, token t)
{
    if (d->n == d->cap) {
        d->cap = d->cap ? 2 * d->cap : 64;
        d->tokens = must(realloc(d->tokens, d->cap * sizeof *d->tokens));
    }
    d->tokens[d->n++] = t;
}

/* Adds the tokens of one text, whose first position is `base`; returns the
   position behind its last token. */
static uint32_t add_text(naive *n, document *d, const char *text, uint32_t base,
                         uint32_t source_at)
{
    pc_tokenizer tz;
    pc_token tok;
    uint32_t end = base;
    pc_tokenizer_init(&tz, text, strlen(text));
    while (pc_tokenizer_next(&tz, &tok)) {
        pc_term term = analyse(n, text, &tok);
        end = base + tok.pos + 1;
        if (term.form.len == 0 || term.stem.len == 0)
            continue; /* a position without a word */
        push(d,
             (token){base + tok.pos, intern(n, term.form), intern(n, term.stem),
                     source_at + tok.start, tok.end - tok.start});
    }
    return end;
}

void naive_add(naive *n, const char *title, const char *text)
{
    if (n->n_docs == n->cap_docs) {
        n->cap_docs = n->cap_docs ? 2 * n->cap_docs : 64;
        n->docs = must(realloc(n->docs, n->cap_docs * sizeof *n->docs));
    }
    document *d = &n->docs[n->n_docs++];
    *d = (document){NULL, 0, 0, NULL};
    size_t title_len = strlen(title), text_len = strlen(text);
    d->source = naive_zeroed(title_len + text_len + 2, 1);
    memcpy(d->source, title, title_len);
    d->source[title_len] = '\n';
    memcpy(d->source + title_len + 1, text, text_len);
    uint32_t end = add_text(n, d, title, 0, 0);
    uint32_t base = end > 0 ? end + NAIVE_FIELD_GAP : 0;
    (void)add_text(n, d, text, base, (uint32_t)title_len + 1);
    n->total += d->n;
}

size_t naive_docs(const naive *n)
{
    return n->n_docs;
}

size_t naive_length(const naive *n, size_t doc)
{
    return n->docs[doc].n;
}

size_t naive_words(const naive *n, size_t doc, size_t from, size_t words,
                   char *out, size_t room)
{
    const document *d = &n->docs[doc];
    out[0] = 0;
    if (from >= d->n || words == 0)
        return 0;
    size_t to = from + words - 1 < d->n ? from + words - 1 : d->n - 1;
    size_t start = d->tokens[from].start;
    size_t len = d->tokens[to].start + d->tokens[to].len - start;
    if (len >= room)
        return 0;
    memcpy(out, d->source + start, len);
    out[len] = 0;
    return len;
}

/* ---- formulae ----------------------------------------------------------- */

double naive_class(uint32_t length)
{
    uint32_t step = 1;
    while (length / step >= 32)
        step *= 2;
    double class = (double)(length / step) * step;
    return class < 507904.0 ? class : 507904.0;
}

double naive_bm25(double idf, double tf, double length, double average,
                  double k1, double b)
{
    double k = k1 * (1.0 - b + b * length / average);
    return idf * (k1 + 1.0) * tf / (tf + k);
}

double naive_idf(double docs, double df)
{
    return log(1.0 + (docs - df + 0.5) / (df + 0.5));
}

/* ---- evaluation --------------------------------------------------------- */

/* One word of a leaf. */
typedef struct wanted {
    uint32_t word;   /* a stem or, if exact, a form */
    uint32_t offset; /* from the first word's position */
} wanted;

static bool is_word(const token *t, uint32_t word, bool exact)
{
    return (exact ? t->form : t->stem) == word;
}

static double count_docs(const naive *n, uint32_t word, bool exact)
{
    double df = 0;
    for (size_t d = 0; d < n->n_docs; d++) {
        bool found = false;
        for (size_t i = 0; i < n->docs[d].n && !found; i++)
            found = is_word(&n->docs[d].tokens[i], word, exact);
        df += found;
    }
    return df;
}

/* How often the words stand at their distances. */
static double count_occurrences(const document *d, const wanted *w, size_t n,
                                bool exact)
{
    double found = 0;
    for (size_t i = 0; i < d->n; i++) {
        if (!is_word(&d->tokens[i], w[0].word, exact))
            continue;
        size_t at = i, k = 1;
        for (; k < n; k++) {
            uint32_t pos = d->tokens[i].pos + w[k].offset;
            while (at < d->n && d->tokens[at].pos < pos)
                at++;
            if (at == d->n || d->tokens[at].pos != pos ||
                !is_word(&d->tokens[at], w[k].word, exact))
                break;
        }
        found += k == n;
    }
    return found;
}

static size_t leaf_words(search *s, const ps_node *node, wanted **out)
{
    pc_tokenizer tz;
    pc_token tok;
    size_t n = 0;
    uint32_t first = 0;
    wanted *w = naive_zeroed(node->text.len + 1, sizeof *w);
    pc_tokenizer_init(&tz, node->text.ptr, node->text.len);
    while (pc_tokenizer_next(&tz, &tok)) {
        pc_term term = analyse(s->n, node->text.ptr, &tok);
        if (term.form.len == 0 || term.stem.len == 0)
            continue;
        if (n == 0)
            first = tok.pos;
        w[n++] = (wanted){intern(s->n, node->exact ? term.form : term.stem),
                          tok.pos - first};
    }
    *out = w;
    return n;
}

static value no_match(const search *s)
{
    value v = {naive_zeroed(s->n->n_docs, sizeof *v.scores), false};
    for (size_t d = 0; d < s->n->n_docs; d++)
        v.scores[d] = -1.0;
    return v;
}

static value eval_leaf(search *s, const ps_node *node, double boost)
{
    const naive *n = s->n;
    wanted *w;
    size_t words = leaf_words(s, node, &w);
    value v = no_match(s);
    v.ignored = words == 0;
    double weight = 0;
    bool known = words > 0;
    for (size_t i = 0; i < words && known; i++) {
        double df = count_docs(n, w[i].word, node->exact);
        known = df > 0;
        weight += naive_idf((double)n->n_docs, df);
    }
    if (known) {
        s->leaves++;
        s->weights += boost * weight * (s->k1 + 1.0);
    }
    for (size_t d = 0; d < n->n_docs && known; d++) {
        double tf = count_occurrences(&n->docs[d], w, words, node->exact);
        if (tf > 0)
            v.scores[d] = boost * naive_bm25(weight, tf, s->classes[d],
                                             s->average, s->k1, s->b);
    }
    free(w);
    return v;
}

static value eval(search *s, const ps_node *node, double boost);

/* Whether the document matches the list, by the words of docs/query.md:
   every required clause, no excluded one and, where nothing is required, at
   least one wanted clause if there is one. Clauses of which analysis left
   nothing do not count. */
static bool list_matches(const ps_node *node, const value *v, size_t d)
{
    bool required = false, wanted_any = false, wanted_hit = false;
    for (size_t i = 0; i < node->n; i++) {
        bool hit = v[i].scores[d] >= 0;
        if (v[i].ignored)
            continue;
        switch ((enum ps_occur)node->clauses[i].occur) {
        case PS_MUST:
            required = true;
            if (!hit)
                return false;
            break;
        case PS_FILTER:
            if (!hit)
                return false;
            break;
        case PS_NOT:
            if (hit)
                return false;
            break;
        case PS_SHOULD:
            wanted_any = true;
            wanted_hit |= hit;
            break;
        }
    }
    return required || wanted_hit || !wanted_any;
}

static value eval_list(search *s, const ps_node *node, double boost)
{
    value *v = naive_zeroed(node->n, sizeof *v);
    value out = no_match(s);
    out.ignored = true;
    for (size_t i = 0; i < node->n; i++) {
        v[i] = eval(s, node->clauses[i].node, boost);
        out.ignored &= v[i].ignored;
    }
    for (size_t d = 0; d < s->n->n_docs; d++) {
        if (!list_matches(node, v, d))
            continue;
        out.scores[d] = 0;
        for (size_t i = 0; i < node->n; i++) {
            if (node->clauses[i].occur != PS_NOT && !v[i].ignored &&
                v[i].scores[d] > 0)
                out.scores[d] += v[i].scores[d];
        }
    }
    for (size_t i = 0; i < node->n; i++)
        free(v[i].scores);
    free(v);
    return out;
}

static value eval(search *s, const ps_node *node, double boost)
{
    boost *= (double)node->boost;
    switch ((enum ps_node_kind)node->kind) {
    case PS_NODE_WORD:
    case PS_NODE_PHRASE: return eval_leaf(s, node, boost);
    case PS_NODE_BOOL: return eval_list(s, node, boost);
    case PS_NODE_ALL: {
        value v = no_match(s);
        for (size_t d = 0; d < s->n->n_docs; d++)
            v.scores[d] = 0;
        return v;
    }
    case PS_NODE_PREFIX:
    case PS_NODE_WILDCARD:
    case PS_NODE_FUZZY:
    case PS_NODE_REGEX: return naive_eval_pattern(s, node, boost);
    case PS_NODE_NEAR:
    case PS_NODE_FILTER:
    case PS_NODE_NONE: break;
    }
    return no_match(s);
}

static int compare_hits(const void *a, const void *b)
{
    const naive_hit *x = a, *y = b;
    if (x->score > y->score || x->score < y->score)
        return x->score > y->score ? -1 : 1;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

void naive_search(naive *n, const ps_node *root, float k1, float b,
                  naive_result *out)
{
    search s = {n, (double)k1, (double)b, 1.0, NULL, 0, 0};
    if (n->total > 0)
        s.average = (double)n->total / (double)n->n_docs;
    s.classes = naive_zeroed(n->n_docs, sizeof *s.classes);
    for (size_t d = 0; d < n->n_docs; d++)
        s.classes[d] = naive_class((uint32_t)n->docs[d].n);
    value v = eval(&s, root, 1.0);
    *out = (naive_result){naive_zeroed(n->n_docs, sizeof(naive_hit)), 0,
                          v.scores, 0};
    for (size_t d = 0; d < n->n_docs; d++) {
        if (v.ignored)
            v.scores[d] = -1.0;
        if (v.scores[d] >= 0)
            out->hits[out->n++] = (naive_hit){(uint32_t)d, v.scores[d]};
    }
    if (out->n > 1)
        qsort(out->hits, out->n, sizeof *out->hits, compare_hits);
    /* A unit is less than the sum of all weights divided by 2^29, and each
       leaf is off by one unit at most. */
    out->slack = (s.leaves + 1.0) * (s.weights / 536870912.0 + 2e-9);
    free(s.classes);
}

void naive_result_free(naive_result *r)
{
    free(r->hits);
    free(r->scores);
    *r = (naive_result){NULL, 0, NULL, 0};
}
