/*
 * Random documents and queries: the engine against itself and against the
 * oracle of tests/support/naive.h.
 *
 * - Pruned, counted and exhaustive evaluation give the same documents in the
 *   same order with the same scores, to the last bit.
 * - The oracle finds the same documents and, but for rounding, scores.
 * - One segment or many, documents in their own order or moved, one level of
 *   vector instructions or another: the same.
 * - In most corpora some documents are dead, from one to all.
 * - The same documents give the same bytes on disk.
 */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/arena.h"
#include "common/base/simd.h"
#include "searcher/query/parse.h"
#include "searcher/searcher_internal.h"
#include "tests/support/babble.h"
#include "tests/support/kill.h"
#include "tests/support/scratch.h"
#include "tests/support/split.h"

/* Relative difference that the engine's floats may make. */
#define ROUNDING 1e-6
#define QUERY_ROOM 4096u

typedef struct answer {
    naive_hit *hits;
    size_t n;
    uint64_t total;
    int exact;
} answer;

/* One corpus and its indexes. */
typedef struct world {
    uint64_t seed;
    babble talk;
    parasol_searcher *one, *many, *moved;
    uint64_t segments; /* of `many` */
    size_t dead;
    uint64_t queries, matches, searches;
} world;

/* One random query with its parameters. */
typedef struct trial {
    char text[QUERY_ROOM];
    size_t len;
    parasol_query *query;
    parasol_search_options o;
} trial;

static void differ(const world *w, const trial *t, const char *what,
                   const char *fmt, ...) PC_PRINTF(4, 5);

/* Says how to have the failure again, and fails. */
static void differ(const world *w, const trial *t, const char *what,
                   const char *fmt, ...)
{
    va_list args;
    printf("corpus seed %llu, %zu documents, %zu dead, %llu segments\n"
           "query: %s\nlimit %zu offset %zu k1 %g b %g exact_total %d\n%s: ",
           (unsigned long long)w->seed, w->talk.n, w->dead,
           (unsigned long long)w->segments, t->text, t->o.limit, t->o.offset,
           (double)t->o.k1, (double)t->o.b, t->o.exact_total, what);
    va_start(args, fmt);
    (void)vprintf(fmt, args);
    va_end(args);
    printf("\n");
    fail();
}

/* ---- asking ------------------------------------------------------------- */

static void check_paths(world *w, const trial *t, parasol_result *r, size_t i)
{
    parasol_hit hit = PARASOL_HIT_INIT;
    int rc = parasol_result_hit(r, i, &hit, NULL);
    if (rc || strcmp(hit.path.ptr, w->talk.docs[hit.doc].id) != 0 ||
        strcmp(hit.title.ptr, w->talk.docs[hit.doc].title) != 0)
        differ(w, t, "stored fields", "hit %zu", i);
}

static answer ask(world *w, const trial *t, parasol_searcher *s,
                  const parasol_search_options *o)
{
    parasol_result *r = NULL;
    parasol_error err = {0};
    answer a = {NULL, 0, 0, 0};
    int rc = parasol_search(&r, s, t->query, o, &err);
    if (rc)
        differ(w, t, "search", "status %d, %s", rc, err.message);
    w->searches++;
    a.n = parasol_result_count(r);
    a.total = parasol_result_total(r);
    a.exact = parasol_result_total_exact(r);
    a.hits = calloc(a.n + 1, sizeof *a.hits);
    assert_non_null(a.hits);
    /* Not by parasol_result_hit, which reads what is stored of each. */
    for (size_t i = 0; i < a.n; i++)
        a.hits[i] = (naive_hit){(uint32_t)r->hits[i].doc, r->hits[i].score};
    if (a.n > 0)
        check_paths(w, t, r, (size_t)scratch_below(&w->talk.rng, a.n));
    parasol_result_free(r);
    return a;
}

/* ---- comparing ---------------------------------------------------------- */

/* `part` must be the hits [offset, offset + limit) of `all`. */
static void same_slice(const world *w, const trial *t, const char *what,
                       const answer *all, const answer *part, size_t offset,
                       size_t limit)
{
    size_t skip = offset < all->n ? offset : all->n;
    size_t want = all->n - skip < limit ? all->n - skip : limit;
    if (part->n != want)
        differ(w, t, what, "%zu hits instead of %zu", part->n, want);
    for (size_t i = 0; i < want; i++) {
        const naive_hit *x = &all->hits[skip + i], *y = &part->hits[i];
        if (x->doc != y->doc ||
            memcmp(&x->score, &y->score, sizeof x->score) != 0)
            differ(w, t, what,
                   "hit %zu is doc %u with %.17g, not %u with %.17g", i, y->doc,
                   y->score, x->doc, x->score);
    }
    if (part->exact ? part->total != all->total
                    : part->total > all->total || part->total < part->n)
        differ(w, t, what, "total %llu (exact: %d) of %llu",
               (unsigned long long)part->total, part->exact,
               (unsigned long long)all->total);
}

/* The exhaustive answer, of every match, against the oracle. */
static void same_as_oracle(const world *w, const trial *t, const answer *all,
                           const naive_result *want)
{
    if (all->n != want->n || all->total != want->n || !all->exact)
        differ(w, t, "oracle", "%zu hits, total %llu, instead of %zu", all->n,
               (unsigned long long)all->total, want->n);
    for (size_t i = 0; i < all->n; i++) {
        const naive_hit *x = &all->hits[i];
        double score = want->scores[x->doc];
        if (score < 0)
            differ(w, t, "oracle", "doc %u does not match", x->doc);
        if (fabs(x->score - score) > want->slack + ROUNDING * score)
            differ(w, t, "oracle", "doc %u scores %.12g instead of %.12g",
                   x->doc, x->score, score);
        if (i > 0 && (x->score > x[-1].score ||
                      (!(x->score < x[-1].score) && x->doc <= x[-1].doc)))
            differ(w, t, "order", "hit %zu", i);
    }
}

/* ---- a query ------------------------------------------------------------ */

static void random_options(world *w, trial *t)
{
    static const float k1s[] = {1.2F, 1.2F, 1.2F, 0.0F, 0.5F, 3.0F, 1000.0F};
    static const float bs[] = {0.75F, 0.75F, 0.75F, 0.0F, 1.0F, 0.3F};
    uint64_t *rng = &w->talk.rng;
    t->o = (parasol_search_options)PARASOL_SEARCH_OPTIONS_INIT;
    t->o.k1 = k1s[scratch_below(rng, PC_COUNTOF(k1s))];
    t->o.b = bs[scratch_below(rng, PC_COUNTOF(bs))];
}

static void random_page(world *w, trial *t)
{
    /* Also at the edges of what lists know of their best postings. */
    size_t limits[] = {1,  10,  10,  100,  1000,          9,
                       11, 101, 999, 1001, w->talk.n + 1, 0};
    uint64_t *rng = &w->talk.rng;
    t->o.limit = limits[scratch_below(rng, PC_COUNTOF(limits))];
    if (t->o.limit == 0)
        t->o.limit = 1 + (size_t)scratch_below(rng, 50);
    t->o.offset =
        scratch_below(rng, 3) ? 0 : (size_t)scratch_below(rng, w->talk.n + 20);
    t->o.exact_total = scratch_below(rng, 3) == 0;
}

/* Asks for pages, counts and totals; all must be parts of *all. */
static void check_pages(world *w, trial *t, const answer *all)
{
    parasol_searcher *each[] = {w->one, w->many, w->moved};
    static const char *const names[] = {"page", "page of many segments",
                                        "page of moved documents"};
    for (unsigned i = 0; i < 9; i++) {
        parasol_searcher *s = each[i % 3];
        random_page(w, t);
        if (i == 6)
            t->o.limit = t->o.offset = 0; /* only count */
        answer part = ask(w, t, s, &t->o);
        if ((t->o.exact_total || t->o.limit == 0) && !part.exact)
            differ(w, t, "page", "the total is not exact");
        same_slice(w, t, names[i % 3], all, &part, t->o.offset, t->o.limit);
        free(part.hits);
    }
}

static void check_query(world *w, trial *t)
{
    pc_arena arena;
    ps_node *root = NULL;
    ps_warnings warnings;
    naive_result want;
    pc_arena_init(&arena, NULL, 0);
    assert_int_equal(
        ps_parse(&root, &warnings, (pc_str){t->text, t->len}, &arena, NULL),
        PARASOL_OK);
    assert_int_equal(
        parasol_query_parse(&t->query, t->text, t->len, NULL, NULL),
        PARASOL_OK);
    random_options(w, t);
    t->o.limit = w->talk.n + 1;
    t->o.exhaustive = 1;
    answer all = ask(w, t, w->one, &t->o);
    naive_search(w->talk.oracle, root, t->o.k1, t->o.b, &want);
    same_as_oracle(w, t, &all, &want);
    answer split = ask(w, t, w->many, &t->o);
    same_slice(w, t, "many segments", &all, &split, 0, t->o.limit);
    answer moved = ask(w, t, w->moved, &t->o);
    same_slice(w, t, "moved documents", &all, &moved, 0, t->o.limit);
    t->o.exhaustive = 0;
    check_pages(w, t, &all);
    w->queries++;
    w->matches += all.n > 0;
    free(all.hits);
    free(split.hits);
    free(moved.hits);
    naive_result_free(&want);
    parasol_query_free(t->query);
    pc_arena_release(&arena);
}

/* ---- all words first ---------------------------------------------------- */

static bool holds(const answer *a, uint32_t doc)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->hits[i].doc == doc)
            return true;
    return false;
}

/* What the short query must give with all_first: `all` by score, then the
   others of `any`. */
static answer all_before(const answer *all, const answer *any)
{
    answer a = {calloc(any->n + 1, sizeof *a.hits), 0, any->total, 1};
    assert_non_null(a.hits);
    for (size_t i = 0; i < all->n; i++)
        a.hits[a.n++] = all->hits[i];
    for (size_t i = 0; i < any->n; i++)
        if (!holds(all, any->hits[i].doc))
            a.hits[a.n++] = any->hits[i];
    return a;
}

static void check_all_first(world *w, trial *t)
{
    assert_int_equal(
        parasol_query_parse(&t->query, t->text, t->len, NULL, NULL), 0);
    random_options(w, t);
    t->o.limit = w->talk.n + 1;
    t->o.exhaustive = 1;
    answer any = ask(w, t, w->one, &t->o);
    t->o.match_all = 1;
    answer all = ask(w, t, w->one, &t->o);
    t->o.match_all = 0;
    answer want = all_before(&all, &any);
    if (want.n != any.n)
        differ(w, t, "all first", "--all finds what the query does not");
    t->o.all_first = 1;
    t->o.count_all = 1;
    answer got = ask(w, t, w->many, &t->o);
    same_slice(w, t, "all first, exhaustive", &want, &got, 0, t->o.limit);
    t->o.exhaustive = 0;
    check_pages(w, t, &want);
    parasol_result *r = NULL;
    assert_int_equal(parasol_search(&r, w->one, t->query, &t->o, NULL), 0);
    /* The same word twice is one. */
    uint64_t total = parasol_result_total_all(r);
    if (total == UINT64_MAX ? all.n != any.n : total != all.n)
        differ(w, t, "all", "%llu instead of %zu hold all",
               (unsigned long long)parasol_result_total_all(r), all.n);
    parasol_result_free(r);
    w->queries++;
    w->matches += all.n > 0 && all.n < any.n;
    free(any.hits);
    free(all.hits);
    free(want.hits);
    free(got.hits);
    parasol_query_free(t->query);
}

/* ---- a corpus ----------------------------------------------------------- */

static parasol_searcher *open_index(const char *path)
{
    parasol_searcher *s = NULL;
    parasol_error err = {0};
    if (parasol_searcher_open(&s, path, NULL, &err))
        fail_msg("%s", err.message);
    return s;
}

/* Documents in an order that is not theirs: it is random already; half of
   the times all become one segment, too. */
static void move_documents(const world *w, const char *path)
{
    parasol_error err = {0};
    if (w->seed % 2)
        return;
    parasol_optimize_options o = PARASOL_OPTIMIZE_OPTIONS_INIT;
    o.order = w->seed % 8 ? PARASOL_ORDER_BISECT : PARASOL_ORDER_PATH;
    o.jobs = 1 + (unsigned)(w->seed % 3);
    if (parasol_optimize(path, &o, NULL, &err))
        fail_msg("%s", err.message);
}

/* In most corpora, some documents die: one, every so many, or all but few. */
static void kill_some(world *w, scratch *dir)
{
    static const char *const indexes[] = {"one", "many", "moved"};
    size_t n = w->talk.n;
    uint8_t *dead = calloc(n + 1, 1);
    uint64_t rng = w->seed, how = scratch_below(&rng, 6);
    assert_non_null(dead);
    if (how == 1)
        dead[scratch_below(&rng, n)] = 1;
    uint64_t of = how == 2 ? 100 : how == 5 ? 20 : 3;
    for (size_t d = 0; d < n && how > 1; d++)
        dead[d] = (scratch_below(&rng, of) == 0) != (how == 5);
    for (size_t d = 0; d < n; d++) {
        w->dead += dead[d];
        if (dead[d])
            naive_kill(w->talk.oracle, d);
    }
    for (size_t i = 0; i < PC_COUNTOF(indexes); i++)
        kill_documents(scratch_path(dir, indexes[i]), dead);
    free(dead);
}

static void open_world(world *w, scratch *dir, uint64_t seed, size_t docs,
                       size_t longest)
{
    parasol_searcher_info info = {.struct_size = sizeof info};
    *w = (world){.seed = seed};
    scratch_make(dir);
    babble_make(&w->talk, seed, docs, longest);
    babble_index(&w->talk, scratch_path(dir, "one"), 0);
    babble_index(&w->talk, scratch_path(dir, "many"), 0);
    split_index(scratch_path(dir, "many"), 1 + (size_t)(seed >> 8) % 24, 0);
    babble_index(&w->talk, scratch_path(dir, "moved"), 0);
    split_index(scratch_path(dir, "moved"), 1 + (size_t)(seed >> 16) % 5,
                seed | 1);
    move_documents(w, scratch_path(dir, "moved"));
    kill_some(w, dir);
    w->moved = open_index(scratch_path(dir, "moved"));
    w->one = open_index(scratch_path(dir, "one"));
    w->many = open_index(scratch_path(dir, "many"));
    parasol_searcher_describe(w->one, &info);
    assert_int_equal(info.segments, 1);
    assert_int_equal(info.documents, docs - w->dead);
    parasol_searcher_describe(w->many, &info);
    assert_int_equal(info.documents, docs - w->dead);
    w->segments = info.segments;
}

static void close_world(world *w, scratch *dir)
{
    parasol_searcher_close(w->one);
    parasol_searcher_close(w->many);
    parasol_searcher_close(w->moved);
    babble_release(&w->talk);
    scratch_remove(dir);
}

static void run_world(uint64_t seed, size_t docs, size_t longest,
                      unsigned queries, uint64_t totals[3])
{
    scratch dir;
    world w;
    trial t;
    open_world(&w, &dir, seed, docs, longest);
    for (unsigned i = 0; i < queries; i++) {
        t.len = babble_query(&w.talk, t.text, sizeof t.text);
        check_query(&w, &t);
    }
    printf("%zu documents, %zu dead, %llu segments: %llu queries, %llu with "
           "matches, %llu searches\n",
           docs, w.dead, (unsigned long long)w.segments,
           (unsigned long long)w.queries, (unsigned long long)w.matches,
           (unsigned long long)w.searches);
    totals[0] += w.queries;
    totals[1] += w.matches;
    totals[2] += w.searches;
    close_world(&w, &dir);
}

/* ---- tests -------------------------------------------------------------- */

/* Corpora beyond the first ones, for long runs. */
static unsigned extra_rounds(void)
{
    const char *given = getenv("PARASOL_TEST_ROUNDS");
    return given ? (unsigned)strtoul(given, NULL, 10) : 0;
}

static void property_search__agrees_with_the_oracle(void **state)
{
    (void)state;
    static const struct {
        size_t docs, longest;
        unsigned queries;
    } shapes[] = {{1, 40, 100},    {2, 8, 100},     {5, 2000, 100},
                  {40, 60, 300},   {130, 400, 400}, {300, 60, 400},
                  {900, 400, 300}, {3000, 60, 250}, {5000, 8, 250}};
    uint64_t seed = scratch_seed(), totals[3] = {0, 0, 0};
    size_t rounds = PC_COUNTOF(shapes) + extra_rounds();
    for (size_t i = 0; i < rounds; i++) {
        size_t shape = i % PC_COUNTOF(shapes);
        size_t docs = shapes[shape].docs;
        if (i >= PC_COUNTOF(shapes))
            docs = 1 + (size_t)scratch_below(&seed, docs);
        run_world(scratch_random(&seed), docs, shapes[shape].longest,
                  shapes[shape].queries, totals);
    }
    printf("%llu queries, %llu with matches, %llu searches, simd level %d\n",
           (unsigned long long)totals[0], (unsigned long long)totals[1],
           (unsigned long long)totals[2], pc_simd_level());
    assert_true(totals[1] > totals[0] / 4);
}

static void property_search__all_words_come_first(void **state)
{
    (void)state;
    uint64_t seed = scratch_seed();
    uint64_t queries = 0, mixed = 0;
    for (unsigned i = 0; i < 4; i++) {
        scratch dir;
        world w;
        trial t;
        open_world(&w, &dir, scratch_random(&seed), 20u << (2 * i), 60);
        for (unsigned k = 0; k < 150; k++) {
            t.len = babble_short(&w.talk, t.text, sizeof t.text);
            check_all_first(&w, &t);
        }
        queries += w.queries;
        mixed += w.matches;
        close_world(&w, &dir);
    }
    printf("%llu queries, %llu with documents of both kinds\n",
           (unsigned long long)queries, (unsigned long long)mixed);
    assert_true(mixed > queries / 16);
}

static void compare_files(const char *a, const char *b, const char *name)
{
    char path[1200];
    size_t n, m;
    (void)snprintf(path, sizeof path, "%s/%s", a, name);
    uint8_t *x = scratch_read(path, &n);
    (void)snprintf(path, sizeof path, "%s/%s", b, name);
    uint8_t *y = scratch_read(path, &m);
    if (n != m || memcmp(x, y, n) != 0)
        fail_msg("%s differs", name);
    free(x);
    free(y);
}

static void property_index__same_documents_give_same_bytes(void **state)
{
    (void)state;
    uint64_t seed = scratch_seed();
    char a[600], b[600];
    scratch dir;
    unsigned files = 0;
    for (unsigned i = 0; i < 4; i++) {
        babble talk;
        scratch_make(&dir);
        (void)snprintf(a, sizeof a, "%s/a", dir.dir);
        (void)snprintf(b, sizeof b, "%s/b", dir.dir);
        babble_make(&talk, scratch_random(&seed), i < 2 ? 20 : 700, 400);
        babble_index(&talk, a, i % 2 ? 100 : 0);
        babble_index(&talk, b, i % 2 ? 100 : 0);
        DIR *d = opendir(a);
        assert_non_null(d);
        for (const struct dirent *e; (e = readdir(d));) {
            /* The lock and the log say who wrote, and when. */
            if (e->d_name[0] == '.' || strcmp(e->d_name, "lock") == 0 ||
                strcmp(e->d_name, "log") == 0)
                continue;
            compare_files(a, b, e->d_name);
            files++;
        }
        (void)closedir(d);
        babble_release(&talk);
        scratch_remove(&dir);
    }
    assert_true(files >= 8);
}

/* ---- vector instructions ------------------------------------------------ */

/* Prints a number that depends on every bit of many answers. */
static int print_digest(uint64_t seed)
{
    scratch dir;
    world w;
    trial t;
    uint64_t sum = 0;
    open_world(&w, &dir, seed, 1500, 100);
    for (unsigned i = 0; i < 300; i++) {
        t.len = babble_query(&w.talk, t.text, sizeof t.text);
        assert_int_equal(
            parasol_query_parse(&t.query, t.text, t.len, NULL, NULL), 0);
        random_options(&w, &t);
        t.o.limit = 100;
        answer a = ask(&w, &t, w.one, &t.o);
        for (size_t k = 0; k < a.n; k++) {
            uint64_t bits;
            memcpy(&bits, &a.hits[k].score, sizeof bits);
            sum = (sum ^ bits ^ a.hits[k].doc) * UINT64_C(0x9e3779b97f4a7c15);
            sum ^= sum >> 29;
        }
        free(a.hits);
        parasol_query_free(t.query);
    }
    close_world(&w, &dir);
    printf("digest %016llx\n", (unsigned long long)sum);
    return 0;
}

static const char *program;

static void digest_at(const char *level, uint64_t seed, char *out, size_t room)
{
    char command[1024];
    out[0] = 0;
    (void)snprintf(command, sizeof command,
                   "PARASOL_SIMD=%s '%s' --digest %llu", level, program,
                   (unsigned long long)seed);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    if (!fgets(out, (int)room, f) || strncmp(out, "digest ", 7) != 0)
        fail_msg("%s: %s", command, out);
    assert_int_equal(pclose(f), 0);
}

static void property_search__same_bits_at_every_simd_level(void **state)
{
    (void)state;
    char scalar[64], avx2[64], avx512[64];
    uint64_t seed = scratch_seed();
    digest_at("scalar", seed, scalar, sizeof scalar);
    digest_at("avx2", seed, avx2, sizeof avx2);
    digest_at("avx512", seed, avx512, sizeof avx512);
    assert_string_equal(scalar, avx2);
    assert_string_equal(scalar, avx512);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(property_search__agrees_with_the_oracle),
        cmocka_unit_test(property_search__all_words_come_first),
        cmocka_unit_test(property_index__same_documents_give_same_bytes),
        cmocka_unit_test(property_search__same_bits_at_every_simd_level),
    };
    program = argv[0];
    if (argc == 3 && strcmp(argv[1], "--digest") == 0)
        return print_digest(strtoull(argv[2], NULL, 10));
    return cmocka_run_group_tests_name("search_oracle", tests, NULL, NULL);
}
