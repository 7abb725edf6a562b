/*
 * The oracle: places of words and how near they are, by trying everything.
 */
#include <stdlib.h>

#include "tests/support/naive_internal.h"

typedef struct stretch {
    uint32_t start;
    uint32_t end; /* behind the last position */
} stretch;

typedef struct stretches {
    stretch *v;
    size_t n, cap;
} stretches;

static void add(stretches *s, uint32_t start, uint32_t end)
{
    if (s->n == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 64;
        s->v = realloc(s->v, s->cap * sizeof *s->v);
        if (!s->v)
            abort();
    }
    s->v[s->n++] = (stretch){start, end};
}

/* Of equal ones only one stays, and none that holds another. */
static void keep_innermost(stretches *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->n; i++) {
        bool inner = true;
        for (size_t k = 0; k < s->n && inner; k++) {
            const stretch *a = &s->v[i], *b = &s->v[k];
            bool same = a->start == b->start && a->end == b->end;
            inner = !(same ? k > i : b->start >= a->start && b->end <= a->end);
        }
        if (inner)
            s->v[kept++] = s->v[i];
    }
    s->n = kept;
}

static int by_end(const void *a, const void *b)
{
    const stretch *x = a, *y = b;
    return x->end < y->end ? -1 : x->end > y->end;
}

/* The largest number of stretches that do not overlap: always take the one
   that ends first. */
static double most_apart(stretches *s)
{
    double found = 0;
    uint32_t end = 0;
    if (s->n > 1)
        qsort(s->v, s->n, sizeof *s->v, by_end);
    for (size_t i = 0; i < s->n; i++) {
        if (s->v[i].start < end)
            continue;
        found++;
        end = s->v[i].end;
    }
    return found;
}

/* ---- leaves ------------------------------------------------------------- */

static void phrase_places(const document *d, const ps_node *leaf,
                          const wanted *w, size_t n, stretches *out)
{
    size_t tokens = naive_tokens(d, leaf->field);
    for (size_t i = 0; i < tokens; i++) {
        if (!naive_is_word(&d->tokens[i], w[0].word, leaf->exact))
            continue;
        size_t at = i, k = 1;
        for (; k < n; k++) {
            uint32_t pos = d->tokens[i].pos + w[k].offset;
            while (at < tokens && d->tokens[at].pos < pos)
                at++;
            if (at == tokens || d->tokens[at].pos != pos ||
                !naive_is_word(&d->tokens[at], w[k].word, leaf->exact))
                break;
        }
        if (k == n)
            add(out, d->tokens[i].pos, d->tokens[i].pos + w[n - 1].offset + 1);
    }
}

/* Whether tokens i to j hold each word as often as the phrase asks for it. */
static bool holds_all(const document *d, const ps_node *leaf, const wanted *w,
                      size_t n, size_t i, size_t j)
{
    for (size_t k = 0; k < n; k++) {
        size_t want = 0, have = 0;
        for (size_t x = 0; x < n; x++)
            want += w[x].word == w[k].word;
        for (size_t t = i; t <= j; t++)
            have += naive_is_word(&d->tokens[t], w[k].word, leaf->exact);
        if (have < want)
            return false;
    }
    return true;
}

static void apart_places(const document *d, const ps_node *leaf,
                         const wanted *w, size_t n, stretches *out)
{
    size_t tokens = naive_tokens(d, leaf->field);
    for (size_t i = 0; i < tokens; i++) {
        uint32_t start = d->tokens[i].pos;
        for (size_t j = i; j < tokens; j++) {
            uint32_t end = d->tokens[j].pos + 1;
            if (end - start > n + leaf->distance)
                break;
            if (!holds_all(d, leaf, w, n, i, j))
                continue;
            add(out, start, end);
            break; /* longer ones from here hold this one */
        }
    }
}

static void leaf_places(const document *d, const ps_node *leaf, const wanted *w,
                        size_t n, stretches *out)
{
    if (n > 1 && leaf->distance > 0 && leaf->kind == PS_NODE_PHRASE)
        apart_places(d, leaf, w, n, out);
    else if (n > 0)
        phrase_places(d, leaf, w, n, out);
}

double naive_leaf_tf(const document *d, const ps_node *leaf, const wanted *w,
                     size_t n)
{
    stretches s = {NULL, 0, 0};
    leaf_places(d, leaf, w, n, &s);
    double tf = (double)s.n;
    if (n > 1 && leaf->distance > 0) {
        keep_innermost(&s);
        tf = most_apart(&s);
    }
    free(s.v);
    return tf;
}

/* ---- near --------------------------------------------------------------- */

static bool places(naive *n, const document *d, const ps_node *node,
                   stretches *out);

/* Hulls of all pairs that are near. */
static bool near_places(naive *n, const document *d, const ps_node *node,
                        stretches *out)
{
    stretches a = {NULL, 0, 0}, b = {NULL, 0, 0};
    bool has_a = places(n, d, node->clauses[0].node, &a);
    bool has_b = places(n, d, node->clauses[1].node, &b);
    for (size_t i = 0; has_a && has_b && i < a.n; i++) {
        for (size_t k = 0; k < b.n; k++) {
            stretch x = a.v[i], y = b.v[k];
            if (x.end <= y.start && y.start - x.end <= node->distance)
                add(out, x.start, y.end);
            else if (!node->ordered && y.end <= x.start &&
                     x.start - y.end <= node->distance)
                add(out, y.start, x.end);
        }
    }
    /* Of which analysis left nothing is no condition. */
    if (has_a != has_b) {
        const stretches *left = has_a ? &a : &b;
        for (size_t i = 0; i < left->n; i++)
            add(out, left->v[i].start, left->v[i].end);
    }
    free(a.v);
    free(b.v);
    return has_a || has_b;
}

/* Where the node stands; false if analysis leaves nothing of it. */
static bool places(naive *n, const document *d, const ps_node *node,
                   stretches *out)
{
    bool any = false;
    if (node->kind == PS_NODE_NEAR) {
        any = near_places(n, d, node, out);
    } else if (node->kind == PS_NODE_BOOL) {
        for (size_t i = 0; i < node->n; i++)
            any |= places(n, d, node->clauses[i].node, out);
    } else if (naive_is_pattern(node)) {
        any = true;
        for (size_t i = 0; i < naive_tokens(d, node->field); i++)
            if (naive_pattern_has(n, node, d->tokens[i].form))
                add(out, d->tokens[i].pos, d->tokens[i].pos + 1);
    } else {
        wanted *w;
        size_t words = naive_leaf_words(n, node, &w);
        leaf_places(d, node, w, words, out);
        any = words > 0;
        free(w);
    }
    keep_innermost(out);
    return any;
}

double naive_near_tf(naive *n, const document *d, const ps_node *node)
{
    stretches s = {NULL, 0, 0};
    (void)places(n, d, node, &s);
    double tf = most_apart(&s);
    free(s.v);
    return tf;
}
