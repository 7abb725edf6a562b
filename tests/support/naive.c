/*
 * The oracle.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/words.h"
#include "searcher/plan/gather.h"
#include "searcher/plan/pair.h"
#include "searcher/plan/split.h"
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

uint32_t naive_intern(naive *n, pc_str s)
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
        free(n->docs[i].parts);
        free(n->docs[i].source);
        free(n->docs[i].meta);
    }
    for (size_t i = 0; i < n->n_strings; i++)
        free(n->strings[i]);
    for (size_t i = 0; i < PC_COUNTOF(n->dfs); i++)
        free(n->dfs[i]);
    free(n->strings);
    free(n->next);
    free(n->docs);
    pc_analyzer_free(n->analyzer);
    free(n);
}

pc_term naive_analyse(naive *n, const char *text, const pc_token *tok)
{
    pc_term term;
    pc_str raw = {text + tok->start, tok->end - tok->start};
    if (pc_analyzer_term(n->analyzer, raw, tok->kind, &term))
        must(NULL);
    return term;
}

static void push(token **v, size_t *n, size_t *cap, token t)
{
    if (*n == *cap) {
        *cap = *cap ? 2 * *cap : 64;
        *v = must(realloc(*v, *cap * sizeof **v));
    }
    (*v)[(*n)++] = t;
}

/* Is another form of the stem at the same position? */
static bool stands_here(const document *d, const token *t)
{
    for (size_t i = d->n; i > 0 && d->tokens[i - 1].pos == t->pos; i--)
        if (d->tokens[i - 1].stem == t->stem)
            return true;
    return false;
}

/* Adds the tokens of one text, whose first position is `base`; returns the
   position behind its last token. */
static uint32_t add_text(naive *n, document *d, const char *text, uint32_t base,
                         uint32_t source_at)
{
    pc_words words;
    pc_token tok;
    uint32_t end = base;
    pc_words_init(&words, text, strlen(text));
    while (pc_words_next(&words, &tok)) {
        pc_term term = naive_analyse(n, text, &tok);
        end = base + tok.pos + 1;
        if (term.form.len == 0 || term.stem.len == 0)
            continue; /* a position without a word */
        token t = {base + tok.pos, naive_intern(n, term.form),
                   naive_intern(n, term.stem), source_at + tok.start,
                   tok.end - tok.start};
        if (tok.span == 1)
            push(&d->parts, &d->n_parts, &d->cap_parts, t);
        if (!stands_here(d, &t))
            push(&d->tokens, &d->n, &d->cap, t);
    }
    return end;
}

void naive_add(naive *n, const char *title, const char *text,
               const naive_meta *meta, size_t meta_n)
{
    if (n->n_docs == n->cap_docs) {
        n->cap_docs = n->cap_docs ? 2 * n->cap_docs : 64;
        n->docs = must(realloc(n->docs, n->cap_docs * sizeof *n->docs));
    }
    document *d = &n->docs[n->n_docs++];
    *d = (document){.meta_n = meta_n};
    d->meta = naive_zeroed(meta_n, sizeof *d->meta);
    if (meta_n > 0)
        memcpy(d->meta, meta, meta_n * sizeof *meta);
    size_t title_len = strlen(title), text_len = strlen(text);
    d->source = naive_zeroed(title_len + text_len + 2, 1);
    memcpy(d->source, title, title_len);
    d->source[title_len] = '\n';
    memcpy(d->source + title_len + 1, text, text_len);
    uint32_t end = add_text(n, d, title, 0, 0);
    uint32_t base = end > 0 ? end + NAIVE_FIELD_GAP : 0;
    d->title_n = d->n;
    (void)add_text(n, d, text, base, (uint32_t)title_len + 1);
    n->total += d->n;
    n->title_total += d->title_n;
}

void naive_kill(naive *n, size_t doc)
{
    n->docs[doc].dead = true;
}

size_t naive_docs(const naive *n)
{
    return n->n_docs;
}

size_t naive_length(const naive *n, size_t doc)
{
    return n->docs[doc].n_parts;
}

size_t naive_words(const naive *n, size_t doc, size_t from, size_t words,
                   char *out, size_t room)
{
    const document *d = &n->docs[doc];
    out[0] = 0;
    if (from >= d->n_parts || words == 0)
        return 0;
    size_t to =
        from + words - 1 < d->n_parts ? from + words - 1 : d->n_parts - 1;
    size_t start = d->parts[from].start;
    size_t len = d->parts[to].start + d->parts[to].len - start;
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

static double count_docs(const naive *n, uint32_t word, bool exact,
                         uint8_t field)
{
    double df = 0;
    for (size_t d = 0; d < n->n_docs; d++) {
        size_t tokens = naive_tokens(&n->docs[d], field);
        bool found = false;
        for (size_t i = 0; i < tokens && !found; i++)
            found = naive_is_word(&n->docs[d].tokens[i], word, exact);
        df += found;
    }
    return df;
}

double naive_df(naive *n, uint32_t word, bool exact, uint8_t field)
{
    double **known = &n->dfs[2 * exact + (field == PS_FIELD_TITLE)];
    if (n->dfs_docs != n->n_docs || n->dfs_n < n->n_strings) {
        for (size_t i = 0; i < PC_COUNTOF(n->dfs); i++) {
            free(n->dfs[i]);
            n->dfs[i] = naive_zeroed(n->cap_strings, sizeof(double));
            for (size_t k = 0; k < n->cap_strings; k++)
                n->dfs[i][k] = -1;
        }
        n->dfs_docs = n->n_docs;
        n->dfs_n = n->cap_strings;
    }
    if ((*known)[word] < 0)
        (*known)[word] = count_docs(n, word, exact, field);
    return (*known)[word];
}

static naive_value no_match(const search *s)
{
    naive_value v = {naive_zeroed(s->n->n_docs, sizeof *v.scores), false};
    for (size_t d = 0; d < s->n->n_docs; d++)
        v.scores[d] = -1.0;
    return v;
}

static void score(search *s, naive_value *v, size_t d, double weight, double tf,
                  uint8_t field)
{
    if (tf > 0)
        v->scores[d] = naive_bm25(weight, tf, s->classes[field][d],
                                  s->averages[field], s->k1, s->b);
}

static naive_value eval_leaf(search *s, const ps_node *node, double boost)
{
    const naive *n = s->n;
    naive_leaf l;
    naive_leaf_make(&l, s->n, node);
    naive_value v = no_match(s);
    v.ignored = l.ignored;
    bool known = !l.ignored && l.idf >= 0;
    if (known) {
        s->leaves++;
        s->weights += boost * l.idf * (s->k1 + 1.0);
    }
    for (size_t d = 0; d < n->n_docs && known; d++)
        score(s, &v, d, boost * l.idf, naive_leaf_tf(&n->docs[d], &l),
              node->field);
    naive_leaf_free(&l);
    return v;
}

/* ---- near --------------------------------------------------------------- */

/* The idf of what stands in a NEAR, boosts included: negative if it cannot
   match, and *ignored if analysis left nothing of it. */
static double near_idf(search *s, const ps_node *node, bool *ignored)
{
    double boost = (double)node->boost, idf = -1;
    if (node->kind == PS_NODE_BOOL) {
        *ignored = true;
        for (size_t i = 0; i < node->n; i++) {
            bool nothing = false;
            double one = near_idf(s, node->clauses[i].node, &nothing);
            *ignored &= nothing;
            if (!nothing && one >= 0 && (idf < 0 || boost * one < idf))
                idf = boost * one;
        }
        return idf;
    }
    if (node->kind == PS_NODE_NEAR) {
        bool no_a, no_b;
        double a = near_idf(s, node->clauses[0].node, &no_a);
        double b = near_idf(s, node->clauses[1].node, &no_b);
        *ignored = no_a && no_b;
        if (no_a || no_b)
            return no_a ? boost * b : boost * a;
        return a < 0 || b < 0 ? -1 : boost * (a + b);
    }
    if (naive_is_pattern(node)) {
        *ignored = false;
        idf = naive_pattern_idf(s, node);
        return idf < 0 ? -1 : boost * idf;
    }
    naive_leaf l;
    naive_leaf_make(&l, s->n, node);
    *ignored = l.ignored;
    idf = l.ignored || l.idf < 0 ? -1 : boost * l.idf;
    naive_leaf_free(&l);
    return idf;
}

static naive_value eval(search *s, const ps_node *node, double boost);

static uint8_t field_of(const ps_node *node)
{
    while (node->n > 0)
        node = node->clauses[0].node;
    return node->field;
}

/* `boost` has that of the node in it. */
static naive_value eval_near(search *s, const ps_node *node, double boost)
{
    bool no_a, no_b;
    double a = near_idf(s, node->clauses[0].node, &no_a);
    double b = near_idf(s, node->clauses[1].node, &no_b);
    naive_value v = no_match(s);
    v.ignored = no_a && no_b;
    if (no_a != no_b) {
        free(v.scores);
        return eval(s, node->clauses[no_a].node, boost);
    }
    if (v.ignored || a < 0 || b < 0)
        return v;
    s->leaves++;
    s->weights += boost * (a + b) * (s->k1 + 1.0);
    for (size_t d = 0; d < s->n->n_docs; d++)
        score(s, &v, d, boost * (a + b),
              naive_near_tf(s->n, &s->n->docs[d], node), field_of(node));
    return v;
}

/* A phrase or pattern that is patterns next to one another; false: it is
   not. */
static bool eval_split(search *s, const ps_node *node, double boost,
                       naive_value *out)
{
    pc_arena arena;
    ps_node *parts;
    pc_arena_init(&arena, NULL, 0);
    if (ps_split_leaf(&parts, node, &arena))
        must(NULL);
    if (parts)
        *out = parts->kind == PS_NODE_NEAR ? eval_near(s, parts, boost)
                                           : eval(s, parts, boost);
    pc_arena_release(&arena);
    return parts != NULL;
}

/* A pattern: of one word, or of several where the index has no such word. */
static naive_value eval_pattern(search *s, const ps_node *node, double boost)
{
    naive_value v;
    if (naive_pattern_idf(s, node) >= 0 || !eval_split(s, node, boost, &v))
        v = naive_eval_pattern(s, node, boost);
    return v;
}

static naive_value eval_phrase(search *s, const ps_node *node, double boost)
{
    naive_value v;
    return eval_split(s, node, boost, &v) ? v : eval_leaf(s, node, boost);
}

/* ---- lists -------------------------------------------------------------- */

/* Whether the document matches the list, by the words of docs/query.md:
   every required clause, no excluded one and, where nothing is required, at
   least one wanted clause if there is one. Clauses of which analysis left
   nothing do not count. */
static bool list_matches(const ps_node *node, const naive_value *v, size_t d)
{
    bool required = false;
    size_t wanted_any = 0, wanted_hit = 0;
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
            wanted_any++;
            wanted_hit += hit;
            break;
        }
    }
    if (node->least > 0)
        return wanted_hit >=
               (node->least < wanted_any ? node->least : wanted_any);
    return required || wanted_hit || !wanted_any;
}

/* Whether all that is required is there and nothing that is excluded. */
static bool list_allows(const ps_node *node, const naive_value *v, size_t d)
{
    for (size_t i = 0; i < node->n; i++) {
        uint8_t occur = node->clauses[i].occur;
        bool hit = v[i].scores[d] >= 0;
        if (!v[i].ignored && occur != PS_SHOULD && hit == (occur == PS_NOT))
            return false;
    }
    return true;
}

static double stem_tf(const document *d, uint32_t stem, uint8_t field)
{
    double tf = 0;
    for (size_t i = 0; i < naive_tokens(d, field); i++)
        tf += naive_is_word(&d->tokens[i], stem, false);
    return tf;
}

/* The word that two clauses of the root make together, which is wanted where
   the index has it in that form; no match if it has not. *both: it means the
   two, also where they are required. */
static naive_value eval_joined(search *s, const ps_node *node, size_t i,
                               bool *both)
{
    naive *n = s->n;
    char bytes[PS_PAIR_BYTES + 1];
    naive_value v = no_match(s);
    pc_term term;
    const ps_clause *a = &node->clauses[i];
    pc_str word = {bytes, ps_pair_word(node, i, bytes)};
    uint8_t field = a->node->field;
    *both = false;
    if (word.len == 0)
        return v;
    if (pc_analyzer_term(n->analyzer, word, PC_TOKEN_WORD, &term))
        must(NULL);
    uint32_t form = naive_intern(n, term.form);
    uint32_t stem = naive_intern(n, term.stem);
    bytes[word.len] = '-';
    double hyphened = naive_df(
        n, naive_intern(n, (pc_str){bytes, word.len + 1}), true, field);
    double df = naive_df(n, stem, false, field);
    *both = ps_pair_is_both(word, a->node->text.len, (uint64_t)hyphened,
                            (uint64_t)df);
    bool required = a[0].occur == PS_MUST || a[1].occur == PS_MUST;
    if (naive_df(n, form, true, field) <= 0 || (required && !*both))
        return v;
    double idf = naive_idf((double)n->n_docs, df);
    s->leaves++;
    s->weights += idf * (s->k1 + 1.0);
    for (size_t d = 0; d < n->n_docs; d++)
        score(s, &v, d, idf, stem_tf(&n->docs[d], stem, field), field);
    return v;
}

/* Where two words as one stand for them, the words count as found, and are
   worth nothing. */
static void cover(const search *s, const naive_value *joined, naive_value *v)
{
    for (size_t d = 0; d < s->n->n_docs; d++)
        for (size_t k = 0; k < 2; k++)
            if (joined->scores[d] >= 0 && v[k].scores[d] < 0)
                v[k].scores[d] = 0;
}

/* Adds to the value of a root what its clauses make together. */
static void add_joined(const search *s, const ps_node *node,
                       const naive_value *v, const naive_value *joined,
                       naive_value *out)
{
    for (size_t i = 0; i + 1 < node->n; i++) {
        for (size_t d = 0; d < s->n->n_docs; d++) {
            if (!joined[i].scores || joined[i].scores[d] < 0)
                continue;
            if (out->scores[d] >= 0)
                out->scores[d] += joined[i].scores[d];
            else if (list_allows(node, v, d))
                out->scores[d] = joined[i].scores[d];
        }
    }
}

static naive_value eval_list(search *s, const ps_node *node, double boost)
{
    naive_value *v = naive_zeroed(node->n, sizeof *v);
    naive_value *joined = naive_zeroed(node->n, sizeof *joined);
    naive_value out = no_match(s);
    out.ignored = true;
    for (size_t i = 0; i < node->n; i++) {
        v[i] = eval(s, node->clauses[i].node, boost);
        out.ignored &= v[i].ignored;
    }
    bool pairs = node == s->root && ps_pairs_wanted(node) && !out.ignored;
    for (size_t i = 0; pairs && i + 1 < node->n; i++) {
        bool both;
        joined[i] = eval_joined(s, node, i, &both);
        if (both)
            cover(s, &joined[i], v + i);
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
    add_joined(s, node, v, joined, &out);
    for (size_t i = 0; i < node->n; i++) {
        free(v[i].scores);
        free(joined[i].scores);
    }
    free(v);
    free(joined);
    return out;
}

/* The same score for every match. */
static naive_value eval_constant(search *s, const ps_node *node, double boost)
{
    ps_node inner = *node;
    inner.constant = 0;
    inner.boost = 1.0F;
    naive_value v = eval(s, &inner, 1.0);
    s->leaves++;
    s->weights += boost;
    for (size_t d = 0; d < s->n->n_docs; d++)
        if (v.scores[d] >= 0)
            v.scores[d] = boost;
    return v;
}

static naive_value eval_filter(search *s, const ps_node *node)
{
    naive_value v = no_match(s);
    for (size_t d = 0; d < s->n->n_docs; d++)
        if (naive_filter(&s->n->docs[d], node->filter))
            v.scores[d] = 0;
    return v;
}

static naive_value eval(search *s, const ps_node *node, double boost)
{
    boost *= (double)node->boost;
    if (node->constant)
        return eval_constant(s, node, boost);
    switch ((enum ps_node_kind)node->kind) {
    case PS_NODE_WORD: return eval_leaf(s, node, boost);
    case PS_NODE_PHRASE: return eval_phrase(s, node, boost);
    case PS_NODE_PREFIX:
    case PS_NODE_WILDCARD:
    case PS_NODE_FUZZY:
    case PS_NODE_REGEX: return eval_pattern(s, node, boost);
    case PS_NODE_BOOL: return eval_list(s, node, boost);
    case PS_NODE_ALL: {
        naive_value v = no_match(s);
        for (size_t d = 0; d < s->n->n_docs; d++)
            v.scores[d] = 0;
        return v;
    }
    case PS_NODE_NONE: break;
    case PS_NODE_NEAR: return eval_near(s, node, boost);
    case PS_NODE_FILTER: return eval_filter(s, node);
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
    search s = {.n = n, .k1 = (double)k1, .b = (double)b, .averages = {1, 1}};
    if (n->total > 0)
        s.averages[0] = (double)n->total / (double)n->n_docs;
    if (n->title_total > 0)
        s.averages[1] = (double)n->title_total / (double)n->n_docs;
    for (uint8_t f = 0; f < 2; f++) {
        s.classes[f] = naive_zeroed(n->n_docs, sizeof **s.classes);
        for (size_t d = 0; d < n->n_docs; d++)
            s.classes[f][d] =
                naive_class((uint32_t)naive_tokens(&n->docs[d], f));
    }
    pc_arena arena;
    pc_arena_init(&arena, NULL, 4096);
    if (ps_gather(&root, NULL, n->analyzer, &arena, NULL))
        must(NULL);
    s.root = root;
    naive_value v = eval(&s, root, 1.0);
    pc_arena_release(&arena);
    *out = (naive_result){naive_zeroed(n->n_docs, sizeof(naive_hit)), 0,
                          v.scores, 0};
    for (size_t d = 0; d < n->n_docs; d++) {
        if (v.ignored || n->docs[d].dead)
            v.scores[d] = -1.0;
        if (v.scores[d] >= 0)
            out->hits[out->n++] = (naive_hit){(uint32_t)d, v.scores[d]};
    }
    if (out->n > 1)
        qsort(out->hits, out->n, sizeof *out->hits, compare_hits);
    /* A unit is less than the sum of all weights divided by 2^29, and each
       leaf is off by one unit at most. */
    out->slack = (s.leaves + 1.0) * (s.weights / 536870912.0 + 2e-9);
    free(s.classes[0]);
    free(s.classes[1]);
}

void naive_result_free(naive_result *r)
{
    free(r->hits);
    free(r->scores);
    *r = (naive_result){NULL, 0, NULL, 0};
}
