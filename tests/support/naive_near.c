/*
 * The oracle: places of words and how near they are, by trying everything.
 */
#include <stdlib.h>

#include "tests/support/naive_internal.h"

void naive_stretch(stretches *s, uint32_t start, uint32_t end)
{
    if (s->n == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 64;
        s->v = realloc(s->v, s->cap * sizeof *s->v);
        if (!s->v)
            abort();
    }
    s->v[s->n++] = (stretch){start, end};
}

void naive_innermost(stretches *s)
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

/* Always takes the one that ends first. */
double naive_apart(stretches *s)
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

/* ---- near --------------------------------------------------------------- */

static bool places(naive *n, const document *d, const ps_node *node,
                   stretches *out);

/* Hulls of all pairs that are near. *pairs is not set where one side is no
   condition. */
static bool near_places(naive *n, const document *d, const ps_node *node,
                        stretches *out, bool *pairs)
{
    stretches a = {NULL, 0, 0}, b = {NULL, 0, 0};
    bool has_a = places(n, d, node->clauses[0].node, &a);
    bool has_b = places(n, d, node->clauses[1].node, &b);
    for (size_t i = 0; has_a && has_b && i < a.n; i++) {
        for (size_t k = 0; k < b.n; k++) {
            stretch x = a.v[i], y = b.v[k];
            if (x.end <= y.start && y.start - x.end <= node->distance)
                naive_stretch(out, x.start, y.end);
            else if (!node->ordered && y.end <= x.start &&
                     x.start - y.end <= node->distance)
                naive_stretch(out, y.start, x.end);
        }
    }
    *pairs = has_a == has_b;
    /* Of which analysis left nothing is no condition. */
    if (has_a != has_b) {
        const stretches *left = has_a ? &a : &b;
        for (size_t i = 0; i < left->n; i++)
            naive_stretch(out, left->v[i].start, left->v[i].end);
    }
    free(a.v);
    free(b.v);
    return has_a || has_b;
}

/* Where the node stands; false if analysis leaves nothing of it. */
static bool places(naive *n, const document *d, const ps_node *node,
                   stretches *out)
{
    bool any = false, inner = true;
    if (node->kind == PS_NODE_NEAR) {
        any = near_places(n, d, node, out, &inner);
    } else if (node->kind == PS_NODE_BOOL) {
        inner = false;
        for (size_t i = 0; i < node->n; i++)
            any |= places(n, d, node->clauses[i].node, out);
    } else if (naive_is_pattern(node)) {
        any = true;
        for (size_t i = 0; i < naive_tokens(d, node->field); i++)
            if (naive_pattern_has(n, node, d->tokens[i].form))
                naive_stretch(out, d->tokens[i].pos, d->tokens[i].pos + 1);
    } else {
        naive_leaf l;
        naive_leaf_make(&l, n, node);
        any = !l.ignored;
        if (any && l.idf >= 0)
            naive_leaf_places(d, &l, out);
        inner = l.apart;
        naive_leaf_free(&l);
    }
    if (inner)
        naive_innermost(out);
    return any;
}

double naive_near_tf(naive *n, const document *d, const ps_node *node)
{
    stretches s = {NULL, 0, 0};
    (void)places(n, d, node, &s);
    double tf = naive_apart(&s);
    free(s.v);
    return tf;
}
