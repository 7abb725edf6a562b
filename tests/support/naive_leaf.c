/*
 * The oracle: words and phrases, in all the ways in which they can be written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/words.h"
#include "searcher/plan/word.h"
#include "tests/support/naive_internal.h"

static void *must(void *p)
{
    if (!p) {
        (void)fprintf(stderr, "the oracle is out of memory\n");
        exit(99);
    }
    return p;
}

/* ---- what is wanted ----------------------------------------------------- */

typedef struct lexicon {
    naive *n;
    uint8_t field;
} lexicon;

static int lexicon_df(void *user, pc_str word, bool form, uint64_t *df)
{
    lexicon *x = user;
    *df = (uint64_t)naive_df(x->n, naive_intern(x->n, word), form, x->field);
    return 0;
}

/* A word in capitals is that form, if any document has it. */
static wanted make_wanted(naive *n, pc_term t, uint32_t offset,
                          const ps_node *node)
{
    bool exact = node->exact;
    bool capital = t.form.ptr[0] >= 'A' && t.form.ptr[0] <= 'Z';
    uint32_t form = naive_intern(n, t.form), stem = naive_intern(n, t.stem);
    exact |= capital && naive_df(n, form, true, node->field) > 0;
    wanted w = {exact ? form : stem, offset, exact, 0};
    w.df = naive_df(n, w.word, exact, node->field);
    return w;
}

static void make_slots(naive_leaf *l, naive *n, const ps_node *node,
                       bool unknown)
{
    ps_words words;
    lexicon known = {n, node->field};
    ps_lexicon ask = {.df = lexicon_df, .user = &known, .unknown = unknown};
    if (ps_words_make(&words, node->text, node->exact, n->analyzer, &ask, NULL,
                      &l->arena, NULL))
        must(NULL);
    l->n = words.n;
    l->slots = must(pc_arena_zalloc(&l->arena, words.n + 1, sizeof(slot)));
    for (size_t i = 0; i < words.n; i++) {
        const ps_word_slot *from = &words.slots[i];
        slot *to = &l->slots[i];
        to->ways = must(pc_arena_zalloc(&l->arena, from->n, sizeof(way)));
        for (size_t k = 0; k < from->n; k++) {
            const ps_word_alt *alt = &from->alts[k];
            way *w = &to->ways[to->n++];
            bool there = true;
            *w = (way){NULL, 0, alt->len};
            w->words =
                must(pc_arena_zalloc(&l->arena, alt->n + 1, sizeof(wanted)));
            for (size_t j = 0; j < alt->n; j++) {
                const ps_word_term *t = &alt->terms[j];
                ps_node as = *node;
                as.exact |= t->exact;
                w->words[w->n] =
                    make_wanted(n, (pc_term){t->form, t->stem}, t->offset, &as);
                there &= w->words[w->n++].df > 0;
            }
            to->n -= !there;
        }
    }
}

/* Is way i, of one word, there before, at another distance? */
static bool is_repeated(const slot *l, size_t i)
{
    const wanted *w = &l->ways[i].words[0];
    for (size_t k = 0; k < i; k++) {
        const wanted *other = &l->ways[k].words[0];
        if (l->ways[k].n == 1 && other->exact == w->exact &&
            other->word == w->word)
            return true;
    }
    return false;
}

/* The inverse document frequency of a slot: docs/ranking.md. */
static double slot_idf(const naive *n, const slot *l)
{
    double docs = (double)n->n_docs, least = -1, single = 0;
    for (size_t i = 0; i < l->n; i++) {
        double sum = 0;
        if (l->ways[i].n == 1) {
            single += is_repeated(l, i) ? 0 : l->ways[i].words[0].df;
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

static bool all_filled(const naive_leaf *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->slots[i].n == 0)
            return false;
    return true;
}

/* The parts of a phrase whose words may be apart. */
static void make_apart(naive_leaf *l, naive *n, const ps_node *node)
{
    pc_words words;
    pc_token tok;
    wanted *w =
        must(pc_arena_zalloc(&l->arena, node->text.len + 1, sizeof *l->apart));
    pc_words_init(&words, node->text.ptr, node->text.len);
    while (pc_words_next(&words, &tok)) {
        pc_term term = naive_analyse(n, node->text.ptr, &tok);
        if (tok.span == 1 && term.form.len > 0 && term.stem.len > 0)
            w[l->n_apart++] = make_wanted(n, term, 0, node);
    }
    if (l->n_apart < 2)
        return;
    l->apart = w;
    l->distance = node->distance;
    for (size_t i = 0; i < l->n_apart; i++) {
        double one = naive_idf((double)n->n_docs, w[i].df);
        l->idf = l->idf < 0 || w[i].df <= 0 ? -1 : l->idf + one;
    }
}

void naive_leaf_make(naive_leaf *l, naive *n, const ps_node *node)
{
    *l = (naive_leaf){.field = node->field};
    pc_arena_init(&l->arena, NULL, 4096);
    if (node->kind == PS_NODE_PHRASE && node->distance > 0)
        make_apart(l, n, node);
    if (l->apart)
        return;
    make_slots(l, n, node, false);
    if (!all_filled(l) && !node->exact)
        make_slots(l, n, node, true);
    l->ignored = l->n == 0;
    for (size_t i = 0; i < l->n; i++)
        l->idf += slot_idf(n, &l->slots[i]);
    if (!all_filled(l))
        l->idf = -1;
}

void naive_leaf_free(naive_leaf *l)
{
    pc_arena_release(&l->arena);
}

/* ---- where it stands ---------------------------------------------------- */

static bool stands_at(const document *d, size_t tokens, uint32_t pos,
                      const wanted *w)
{
    size_t low = 0, high = tokens;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (d->tokens[mid].pos < pos)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < tokens && d->tokens[low].pos == pos; low++)
        if (naive_is_word(&d->tokens[low], w->word, w->exact))
            return true;
    return false;
}

static bool way_fits(const document *d, size_t tokens, uint32_t pos,
                     const way *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (!stands_at(d, tokens, pos + w->words[i].offset, &w->words[i]))
            return false;
    return true;
}

/* Adds the stretches from `start` that slots from `from` on can end, when
   those before reach to `pos`. */
static void fill(const document *d, const naive_leaf *l, size_t from,
                 uint32_t start, uint32_t pos, stretches *out)
{
    size_t tokens = naive_tokens(d, l->field);
    if (from == l->n) {
        naive_stretch(out, start, pos);
        return;
    }
    for (size_t i = 0; i < l->slots[from].n; i++) {
        const way *w = &l->slots[from].ways[i];
        if (way_fits(d, tokens, pos, w))
            fill(d, l, from + 1, start, pos + w->len, out);
    }
}

/* The positions behind the last token. */
static uint32_t end_of(const document *d, const naive_leaf *l)
{
    size_t tokens = naive_tokens(d, l->field);
    return tokens ? d->tokens[tokens - 1].pos + 1 : 0;
}

/* Of words that can be written in one way only, a place is from the first to
   the last of them. */
static void cut(const naive_leaf *l, stretches *s)
{
    uint32_t at = 0, first = UINT32_MAX, last = 0;
    for (size_t i = 0; i < l->n; i++) {
        const way *w = l->slots[i].ways;
        if (l->slots[i].n != 1)
            return;
        for (size_t k = 0; k < w->n; k++) {
            uint32_t offset = at + w->words[k].offset;
            first = offset < first ? offset : first;
            last = offset > last ? offset : last;
        }
        at += w->len;
    }
    for (size_t i = 0; i < s->n; i++) {
        s->v[i].end = s->v[i].start + last + 1;
        s->v[i].start += first;
    }
}

/* Whether tokens i to j hold each word as often as the phrase asks for it. */
static bool holds_all(const document *d, const naive_leaf *l, size_t i,
                      size_t j)
{
    for (size_t k = 0; k < l->n_apart; k++) {
        const wanted *w = &l->apart[k];
        size_t want = 0, have = 0;
        for (size_t x = 0; x < l->n_apart; x++)
            want +=
                l->apart[x].word == w->word && l->apart[x].exact == w->exact;
        for (size_t t = i; t <= j; t++)
            have += naive_is_word(&d->tokens[t], w->word, w->exact);
        if (have < want)
            return false;
    }
    return true;
}

static void apart_places(const document *d, const naive_leaf *l, stretches *out)
{
    size_t tokens = naive_tokens(d, l->field);
    for (size_t i = 0; i < tokens; i++) {
        uint32_t start = d->tokens[i].pos;
        for (size_t j = i; j < tokens; j++) {
            uint32_t end = d->tokens[j].pos + 1;
            if (end - start > l->n_apart + l->distance)
                break;
            if (!holds_all(d, l, i, j))
                continue;
            naive_stretch(out, start, end);
            break; /* longer ones from here hold this one */
        }
    }
}

void naive_leaf_places(const document *d, const naive_leaf *l, stretches *out)
{
    if (l->apart) {
        apart_places(d, l, out);
        return;
    }
    size_t before = out->n;
    for (uint32_t pos = 0; pos < end_of(d, l); pos++)
        fill(d, l, 0, pos, pos, out);
    stretches added = {out->v + before, out->n - before, 0};
    if (added.n > 0)
        cut(l, &added);
}

/* How often the slot is filled, each way counted. */
static double count_alone(const document *d, const naive_leaf *l, size_t i)
{
    double found = 0;
    size_t tokens = naive_tokens(d, l->field);
    for (size_t k = 0; k < l->slots[i].n; k++)
        for (uint32_t pos = 0; pos < end_of(d, l); pos++)
            found += way_fits(d, tokens, pos, &l->slots[i].ways[k]);
    return found;
}

double naive_leaf_tf(const document *d, const naive_leaf *l)
{
    stretches s = {NULL, 0, 0};
    double tf = 0;
    naive_leaf_places(d, l, &s);
    if (l->apart) {
        naive_innermost(&s);
        tf = naive_apart(&s);
    }
    /* Occurrences that begin at the same place count once, and there are no
       more than of any slot alone. */
    for (size_t i = 0; i < s.n && !l->apart; i++)
        tf += i == 0 || s.v[i].start != s.v[i - 1].start;
    for (size_t i = 0; i < l->n && tf > 0; i++) {
        double alone = count_alone(d, l, i);
        tf = alone < tf ? alone : tf;
    }
    free(s.v);
    return tf;
}
