/*
 * Synonyms against an oracle that walks every document: words, phrases and
 * exact ones over random texts, with a thesaurus that has each kind of line.
 * The documents have to be the oracle's; their order and scores, to the last
 * bit, the same with one segment and many, pruned and not, and for both sides
 * of a line `a, b`. Some documents are dead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/indexer.h>
#include <parasol/searcher.h>

#include "common/base/base.h"
#include "tests/support/kill.h"
#include "tests/support/scratch.h"
#include "tests/support/split.h"

enum { DOCS = 300, LONGEST = 24, WORDS = 10, QUERIES = 200, ROUNDS = 3 };

static const char *const words[WORDS] = {"bako", "dimu", "fepo", "gilu",
                                         "heno", "jaku", "lomi", "nuve",
                                         "pida", "ruso"};

static const char thesaurus[] = "bako, dimu\n"
                                "fepo => gilu\n"
                                "heno => jaku lomi\n"
                                "nuve pida, ruso\n";

/* The same: what is written finds what is meant. */
static const struct rule {
    unsigned from[2], from_n, to[2], to_n;
} rules[] = {
    {{0}, 1, {1}, 1},    {{1}, 1, {0}, 1},    {{2}, 1, {3}, 1},
    {{4}, 1, {5, 6}, 2}, {{7, 8}, 2, {9}, 1}, {{9}, 1, {7, 8}, 2},
};

typedef struct text {
    unsigned word[LONGEST], n;
} text;

typedef struct world {
    uint64_t seed, rng;
    text docs[DOCS];
    uint8_t dead[DOCS];
    parasol_searcher *one, *many;
    size_t matches;
} world;

typedef struct answer {
    uint64_t doc[DOCS];
    double score[DOCS];
    size_t n;
} answer;

/* ---- the oracle --------------------------------------------------------- */

static int has_at(const text *d, unsigned at, const unsigned *v, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (at + i >= d->n || d->word[at + i] != v[i])
            return 0;
    return 1;
}

/* Whether the words of q from `i` on stand at `at`, each as it is or, unless
   exact, as a rule has it. */
static int stands(const text *d, unsigned at, const text *q, unsigned i,
                  int exact)
{
    if (i == q->n)
        return 1;
    if (has_at(d, at, &q->word[i], 1) && stands(d, at + 1, q, i + 1, exact))
        return 1;
    for (size_t k = 0; k < PC_COUNTOF(rules) && !exact; k++) {
        const struct rule *r = &rules[k];
        if (has_at(q, i, r->from, r->from_n) && has_at(d, at, r->to, r->to_n) &&
            stands(d, at + r->to_n, q, i + r->from_n, exact))
            return 1;
    }
    return 0;
}

static int matches(const text *d, const text *q, int exact)
{
    for (unsigned at = 0; at < d->n; at++)
        if (stands(d, at, q, 0, exact))
            return 1;
    return 0;
}

/* ---- the engine --------------------------------------------------------- */

static void write_words(const text *t, char *out, size_t room)
{
    size_t len = 0;
    out[0] = 0;
    for (unsigned i = 0; i < t->n; i++)
        len += (size_t)snprintf(out + len, room - len, "%s%s", i ? " " : "",
                                words[t->word[i]]);
}

static void make_index(const world *w, const char *path)
{
    parasol_indexer *x = NULL;
    parasol_error err = {0};
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.language = "none";
    int rc = parasol_indexer_open(&x, path, &o, &err);
    for (unsigned i = 0; i < DOCS && !rc; i++) {
        char id[16], body[LONGEST * 8];
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        (void)snprintf(id, sizeof id, "d%03u", i);
        write_words(&w->docs[i], body, sizeof body);
        doc.id = id;
        doc.title = "";
        doc.text = body;
        doc.text_len = strlen(body);
        rc = parasol_indexer_add(x, &doc, &err);
    }
    if (!rc)
        rc = parasol_indexer_commit(x, NULL, &err);
    parasol_indexer_close(x);
    if (rc)
        fail_msg("%s", err.message);
}

static parasol_searcher *open_index(const char *path, const char *synonyms)
{
    parasol_searcher *s = NULL;
    parasol_error err = {0};
    if (parasol_searcher_open(&s, path, NULL, &err) ||
        parasol_searcher_add_synonyms(s, synonyms, &err))
        fail_msg("%s", err.message);
    return s;
}

static void ask(answer *a, parasol_searcher *s, const char *q, int exhaustive,
                size_t limit)
{
    parasol_query *query = NULL;
    parasol_result *r = NULL;
    parasol_error err = {0};
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    o.limit = limit;
    o.exhaustive = exhaustive;
    if (parasol_query_parse(&query, q, strlen(q), NULL, &err) ||
        parasol_search(&r, s, query, &o, &err))
        fail_msg("%s: %s", q, err.message);
    a->n = parasol_result_count(r);
    for (size_t i = 0; i < a->n; i++) {
        parasol_hit h = PARASOL_HIT_INIT;
        assert_int_equal(parasol_result_hit(r, i, &h, &err), 0);
        a->doc[i] = strtoull(h.path.ptr + 1, NULL, 10);
        a->score[i] = h.score;
    }
    parasol_result_free(r);
    parasol_query_free(query);
}

/* ---- comparing ---------------------------------------------------------- */

/* The first hits of *all, and no others. */
static void same(const world *w, const char *q, const char *what,
                 const answer *all, const answer *part, size_t limit)
{
    size_t want = all->n < limit ? all->n : limit;
    if (part->n != want ||
        memcmp(part->doc, all->doc, want * sizeof *all->doc) != 0 ||
        memcmp(part->score, all->score, want * sizeof *all->score) != 0)
        fail_msg("seed %llu, %s: %s differs", (unsigned long long)w->seed, q,
                 what);
}

static void check(world *w, const text *q, int exact)
{
    static answer all, other;
    uint8_t found[DOCS] = {0};
    char plain[LONGEST * 8], query[LONGEST * 8 + 8];
    write_words(q, plain, sizeof plain);
    (void)snprintf(query, sizeof query, "%s\"%s\"", exact ? "=" : "", plain);
    ask(&all, w->one, query, 1, DOCS);
    for (size_t i = 0; i < all.n; i++)
        found[all.doc[i]] = 1;
    for (unsigned d = 0; d < DOCS; d++) {
        int want = !w->dead[d] && matches(&w->docs[d], q, exact);
        if (want != found[d])
            fail_msg("seed %llu, %s: d%03u is %sfound",
                     (unsigned long long)w->seed, query, d,
                     found[d] ? "" : "not ");
    }
    ask(&other, w->many, query, 1, DOCS);
    same(w, query, "many segments", &all, &other, DOCS);
    ask(&other, w->one, query, 0, 10);
    same(w, query, "the first page", &all, &other, 10);
    ask(&other, w->many, query, 0, 10);
    same(w, query, "the first page of many segments", &all, &other, 10);
    w->matches += all.n > 0;
}

static void check_sides(const world *w)
{
    static answer a, b;
    ask(&a, w->many, "bako", 0, DOCS);
    ask(&b, w->many, "dimu", 0, DOCS);
    same(w, "dimu", "the other side of the line", &a, &b, DOCS);
}

static void run(uint64_t seed)
{
    static world w;
    scratch dir;
    w = (world){.seed = seed, .rng = seed};
    scratch_make(&dir);
    for (unsigned d = 0; d < DOCS; d++) {
        w.docs[d].n = (unsigned)scratch_below(&w.rng, LONGEST + 1);
        w.dead[d] = scratch_below(&w.rng, 7) == 0;
        for (unsigned i = 0; i < w.docs[d].n; i++)
            w.docs[d].word[i] = (unsigned)scratch_below(&w.rng, WORDS);
    }
    const char *file = scratch_path(&dir, "thesaurus");
    scratch_write(file, thesaurus, sizeof thesaurus - 1);
    make_index(&w, scratch_path(&dir, "one"));
    make_index(&w, scratch_path(&dir, "many"));
    split_index(scratch_path(&dir, "many"), 2 + (size_t)(seed % 9), 0);
    kill_documents(scratch_path(&dir, "one"), w.dead);
    kill_documents(scratch_path(&dir, "many"), w.dead);
    char synonyms[700];
    (void)snprintf(synonyms, sizeof synonyms, "%s/thesaurus", dir.dir);
    w.one = open_index(scratch_path(&dir, "one"), synonyms);
    w.many = open_index(scratch_path(&dir, "many"), synonyms);
    for (unsigned i = 0; i < QUERIES; i++) {
        text q = {.n = 1 + (unsigned)scratch_below(&w.rng, 4)};
        for (unsigned k = 0; k < q.n; k++)
            q.word[k] = (unsigned)scratch_below(&w.rng, WORDS);
        check(&w, &q, scratch_below(&w.rng, 5) == 0);
    }
    check_sides(&w);
    assert_true(w.matches > QUERIES / 4);
    parasol_searcher_close(w.one);
    parasol_searcher_close(w.many);
    scratch_remove(&dir);
}

static void property_synonyms__agree_with_the_oracle(void **state)
{
    (void)state;
    uint64_t seed = scratch_seed();
    for (unsigned i = 0; i < ROUNDS; i++)
        run(scratch_random(&seed));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(property_synonyms__agree_with_the_oracle),
    };
    return cmocka_run_group_tests_name("synonyms", tests, NULL, NULL);
}
