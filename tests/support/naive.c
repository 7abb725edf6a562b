/*
 * The oracle.
 */
#include "tests/support/naive.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/text/analyzer.h"
#include "common/text/words.h"
#include "searcher/plan/gather.h"
#include "searcher/plan/word.h"

typedef struct token {
    uint32_t pos;
    uint32_t form, stem; /* numbers of strings */
    uint32_t start, len; /* of the raw word in the document's source */
} token;

typedef struct document {
    token *tokens; /* the parts: one for each position that has a word */
    size_t n, cap;
    token *all; /* and what stands beside them, by position */
    size_t n_all, cap_all;
    char *source; /* title, a line feed, text */
} document;

struct naive {
    pc_analyzer *analyzer;
    document *docs;
    size_t n_docs, cap_docs;
    uint64_t total; /* tokens of all documents */
    char **strings; /* by number; a chained hash table over them */
    uint32_t *next; /* in the chain, + 1 */
    size_t n_strings, cap_strings;
    uint32_t heads[65536]; /* + 1 */
};

static void *must(void *p)
{
    if (!p) {
        (void)fprintf(stderr, "the oracle is out of memory\n");
        exit(99);
    }
    return p;
}

static void *zeroed(size_t n, size_t size)
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
    char *copy = zeroed(s.len + 1, 1);
    memcpy(copy, s.ptr, s.len);
    n->strings[n->n_strings] = copy;
    n->next[n->n_strings] = *head;
    *head = (uint32_t)++n->n_strings;
    return *head - 1;
}

/* ---- documents ---------------------------------------------------------- */

naive *naive_new(void)
{
    naive *n = zeroed(1, sizeof *n);
    if (pc_analyzer_open(&n->analyzer, "english", NULL, NULL))
        must(NULL);
    return n;
}

void naive_free(naive *n)
{
    for (size_t i = 0; i < n->n_docs; i++) {
        free(n->docs[i].tokens);
        free(n->docs[i].all);
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
    for (size_t i = d->n_all; i > 0 && d->all[i - 1].pos == t->pos; i--)
        if (d->all[i - 1].stem == t->stem)
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
        pc_term term = analyse(n, text, &tok);
        end = base + tok.pos + 1;
        if (term.form.len == 0 || term.stem.len == 0)
            continue; /* a position without a word */
        token t = {base + tok.pos, intern(n, term.form), intern(n, term.stem),
                   source_at + tok.start, tok.end - tok.start};
        if (tok.span == 1)
            push(&d->tokens, &d->n, &d->cap, t);
        if (!stands_here(d, &t))
            push(&d->all, &d->n_all, &d->cap_all, t);
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
    *d = (document){0};
    size_t title_len = strlen(title), text_len = strlen(text);
    d->source = zeroed(title_len + text_len + 2, 1);
    memcpy(d->source, title, title_len);
    d->source[title_len] = '\n';
    memcpy(d->source + title_len + 1, text, text_len);
    uint32_t end = add_text(n, d, title, 0, 0);
    uint32_t base = end > 0 ? end + NAIVE_FIELD_GAP : 0;
    (void)add_text(n, d, text, base, (uint32_t)title_len + 1);
    n->total += d->n_all;
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

/* What a node is worth: by document, negative where it does not match. */
typedef struct value {
    double *scores;
    bool ignored; /* analysis left nothing of it */
} value;

typedef struct search {
    naive *n;
    double k1, b, average;
    double *classes; /* by document */
    double weights;  /* sum over the leaves that can score */
    unsigned leaves;
} search;

static bool is_word(const token *t, uint32_t word, bool exact)
{
    return (exact ? t->form : t->stem) == word;
}

static double count_docs(const naive *n, uint32_t word, bool exact)
{
    double df = 0;
    for (size_t d = 0; d < n->n_docs; d++) {
        bool found = false;
        for (size_t i = 0; i < n->docs[d].n_all && !found; i++)
            found = is_word(&n->docs[d].all[i], word, exact);
        df += found;
    }
    return df;
}

/* ---- words and phrases -------------------------------------------------- */

/* A term of an alternative of a slot (searcher/plan/word.h). */
typedef struct wanted {
    uint32_t word;   /* a stem or, if exact, a form */
    uint32_t offset; /* from the beginning of the slot */
    bool exact;
    double df;
} wanted;

typedef struct way {
    wanted *words;
    size_t n;
    uint32_t len;
} way;

typedef struct slot {
    way *ways;
    size_t n;
} slot;

typedef struct leaf {
    slot *slots;
    size_t n;
} leaf;

static bool stands_at(const document *d, uint32_t pos, const wanted *w)
{
    size_t low = 0, high = d->n_all;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (d->all[mid].pos < pos)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < d->n_all && d->all[low].pos == pos; low++)
        if (is_word(&d->all[low], w->word, w->exact))
            return true;
    return false;
}

static bool way_fits(const document *d, uint32_t pos, const way *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (!stands_at(d, pos + w->words[i].offset, &w->words[i]))
            return false;
    return true;
}

static bool fits(const document *d, uint32_t pos, const leaf *l, size_t from)
{
    if (from == l->n)
        return true;
    for (size_t i = 0; i < l->slots[from].n; i++) {
        const way *w = &l->slots[from].ways[i];
        if (way_fits(d, pos, w) && fits(d, pos + w->len, l, from + 1))
            return true;
    }
    return false;
}

/* How often the slots are filled, but no more often than any alone. */
static double count_occurrences(const document *d, const leaf *l)
{
    double found = 0;
    uint32_t end = d->n_all ? d->all[d->n_all - 1].pos + 1 : 0;
    for (uint32_t pos = 0; pos < end; pos++)
        found += fits(d, pos, l, 0);
    for (size_t i = 0; i < l->n && found > 0; i++) {
        double alone = 0;
        for (size_t k = 0; k < l->slots[i].n; k++)
            for (uint32_t pos = 0; pos < end; pos++)
                alone += way_fits(d, pos, &l->slots[i].ways[k]);
        found = alone < found ? alone : found;
    }
    return found;
}

static int lexicon_df(void *user, pc_str word, bool form, uint64_t *df)
{
    naive *n = user;
    *df = (uint64_t)count_docs(n, intern(n, word), form);
    return 0;
}

static wanted make_wanted(naive *n, const ps_word_term *t, bool exact)
{
    bool capital = t->form.ptr[0] >= 'A' && t->form.ptr[0] <= 'Z';
    uint32_t form = intern(n, t->form), stem = intern(n, t->stem);
    exact |= capital && count_docs(n, form, true) > 0;
    wanted w = {exact ? form : stem, t->offset, exact, 0};
    w.df = count_docs(n, w.word, exact);
    return w;
}

/* The slots without the alternatives that nothing can match. */
static void make_leaf(search *s, const ps_node *node, bool unknown, leaf *out,
                      pc_arena *arena)
{
    ps_words words;
    ps_lexicon lexicon = {lexicon_df, s->n, unknown};
    if (ps_words_make(&words, node->text, node->exact, s->n->analyzer, &lexicon,
                      NULL, arena, NULL))
        must(NULL);
    out->n = words.n;
    out->slots = must(pc_arena_zalloc(arena, words.n + 1, sizeof(slot)));
    for (size_t i = 0; i < words.n; i++) {
        const ps_word_slot *from = &words.slots[i];
        slot *to = &out->slots[i];
        to->ways = must(pc_arena_zalloc(arena, from->n, sizeof(way)));
        for (size_t k = 0; k < from->n; k++) {
            const ps_word_alt *alt = &from->alts[k];
            way *w = &to->ways[to->n++];
            bool there = true;
            *w = (way){NULL, 0, alt->len};
            w->words = must(pc_arena_zalloc(arena, alt->n + 1, sizeof(wanted)));
            for (size_t j = 0; j < alt->n; j++) {
                w->words[w->n] = make_wanted(s->n, &alt->terms[j], node->exact);
                there &= w->words[w->n++].df > 0;
            }
            to->n -= !there;
        }
    }
}

/* The inverse document frequency of a slot: docs/ranking.md. */
static double slot_idf(const naive *n, const slot *l)
{
    double docs = (double)n->n_docs, least = -1, single = 0;
    for (size_t i = 0; i < l->n; i++) {
        double sum = 0;
        if (l->ways[i].n == 1) {
            single += l->ways[i].words[0].df;
            continue;
        }
        for (size_t k = 0; k < l->ways[i].n; k++) {
            double idf = naive_idf(docs, l->ways[i].words[k].df);
            sum = l->n == 1 ? sum + idf : idf > sum ? idf : sum;
        }
        least = least < 0 || sum < least ? sum : least;
    }
    if (single > 0) {
        double idf = naive_idf(docs, single < docs ? single : docs);
        least = least < 0 || idf < least ? idf : least;
    }
    return least < 0 ? 0 : least;
}

static value no_match(const search *s)
{
    value v = {zeroed(s->n->n_docs, sizeof *v.scores), false};
    for (size_t d = 0; d < s->n->n_docs; d++)
        v.scores[d] = -1.0;
    return v;
}

static value eval_leaf(search *s, const ps_node *node, double boost)
{
    const naive *n = s->n;
    pc_arena arena;
    leaf l;
    pc_arena_init(&arena, NULL, 4096);
    bool known = true;
    make_leaf(s, node, false, &l, &arena);
    for (size_t i = 0; i < l.n; i++)
        known &= l.slots[i].n > 0;
    if (!known && !node->exact)
        make_leaf(s, node, true, &l, &arena);
    value v = no_match(s);
    v.ignored = l.n == 0;
    double weight = 0;
    known = l.n > 0;
    for (size_t i = 0; i < l.n && known; i++) {
        known = l.slots[i].n > 0;
        weight += slot_idf(n, &l.slots[i]);
    }
    if (known) {
        s->leaves++;
        s->weights += boost * weight * (s->k1 + 1.0);
    }
    for (size_t d = 0; d < n->n_docs && known; d++) {
        double tf = count_occurrences(&n->docs[d], &l);
        if (tf > 0)
            v.scores[d] = boost * naive_bm25(weight, tf, s->classes[d],
                                             s->average, s->k1, s->b);
    }
    pc_arena_release(&arena);
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
    value *v = zeroed(node->n, sizeof *v);
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
    s.classes = zeroed(n->n_docs, sizeof *s.classes);
    for (size_t d = 0; d < n->n_docs; d++)
        s.classes[d] = naive_class((uint32_t)n->docs[d].n_all);
    pc_arena arena;
    pc_arena_init(&arena, NULL, 4096);
    if (ps_gather(&root, NULL, n->analyzer, &arena, NULL))
        must(NULL);
    value v = eval(&s, root, 1.0);
    pc_arena_release(&arena);
    *out = (naive_result){zeroed(n->n_docs, sizeof(naive_hit)), 0, v.scores, 0};
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
