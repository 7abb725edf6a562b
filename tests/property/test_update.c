/*
 * The life of an index against a model: sessions that add, replace and remove
 * documents, commit, give up, merge and optimize, in a random order.
 *
 * After each commit the documents that are alive are those of the model, in the
 * order in which they were added; and searches find what the oracle finds, with
 * the statistics of all documents that are still in the files, dead ones too.
 * At the end, optimized, the index gives the same hits with the same scores, to
 * the last bit, and the same ties as one made at once of what is alive.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/indexer.h>
#include <parasol/optimize.h>

#include "common/base/arena.h"
#include "common/format/name.h"
#include "common/segment/live.h"
#include "searcher/query/parse.h"
#include "searcher/searcher_internal.h"
#include "tests/support/babble.h"
#include "tests/support/scratch.h"

enum {
    IDS = 60,
    BASE = IDS,
    POOL = 250,
    SESSIONS = 24,
    QUERIES = 8,
    QUERY_ROOM = 4096
};

#define ROUNDING 1e-6

/* A document as it was added once. */
typedef struct instance {
    unsigned id;   /* 0 .. IDS - 1 */
    size_t source; /* of the pool */
} instance;

typedef struct world {
    uint64_t seed, rng;
    scratch dir;
    char path[600];
    babble talk;
    instance *all; /* by version */
    size_t n_all;
    bool with_ids;      /* without, filters do not know paths */
    long now[IDS + 1];  /* version of the living document of an id, or -1 */
    long next[IDS + 1]; /* the same in the open session */
    /* What this test has seen: */
    size_t commits, idle, given_up, removed, replaced, merged, optimized;
    size_t dead_kept, matches;
} world;

/* ---- sessions ----------------------------------------------------------- */

static void id_text(unsigned id, char out[16])
{
    (void)snprintf(out, 16, "d%02u.txt", id);
}

static void add(world *w, parasol_indexer *x, unsigned id, size_t source)
{
    parasol_document doc = PARASOL_DOCUMENT_INIT;
    parasol_error err = {0};
    parasol_meta meta[BABBLE_META + 1];
    char name[16], version[24];
    const babble_doc *d = &w->talk.docs[source];
    id_text(id, name);
    (void)snprintf(version, sizeof version, "%zu", w->n_all);
    memcpy(meta, d->meta, d->meta_n * sizeof *meta);
    meta[d->meta_n] = (parasol_meta){"version", version};
    doc.id = name;
    doc.title = d->title;
    doc.text = d->text;
    doc.text_len = strlen(d->text);
    doc.date = d->date;
    doc.meta = meta;
    doc.meta_count = d->meta_n + 1;
    if (parasol_indexer_add(x, &doc, &err))
        fail_msg("add: %s", err.message);
    w->all = realloc(w->all, (w->n_all + 1) * sizeof *w->all);
    assert_non_null(w->all);
    w->all[w->n_all] = (instance){id, source};
    w->next[id] = (long)w->n_all++;
}

static void remove_one(world *w, parasol_indexer *x, unsigned id)
{
    parasol_error err = {0};
    char name[16];
    int found = -1;
    id_text(id, name);
    if (parasol_indexer_remove(x, name, &found, &err))
        fail_msg("remove: %s", err.message);
    assert_int_equal(found, w->next[id] >= 0);
    w->removed += found != 0;
    w->next[id] = -1;
}

static parasol_indexer *open_session(world *w)
{
    parasol_indexer *x = NULL;
    parasol_error err = {0};
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.update = PARASOL_UPDATE;
    o.jobs = 1 + (unsigned)scratch_below(&w->rng, 3);
    o.segment_docs = scratch_below(&w->rng, 3) ? 0 : 1 + w->rng % 5;
    o.no_merge = scratch_below(&w->rng, 2) != 0;
    o.ids = w->with_ids;
    o.durability = scratch_below(&w->rng, 4) ? PARASOL_DURABILITY_FULL
                                             : PARASOL_DURABILITY_FAST;
    if (parasol_indexer_open(&x, w->path, &o, &err))
        fail_msg("open: %s", err.message);
    memcpy(w->next, w->now, sizeof w->now);
    return x;
}

static uint64_t living(const world *w)
{
    uint64_t n = 0;
    for (unsigned i = 0; i <= IDS; i++)
        n += w->now[i] >= 0;
    return n;
}

static void session(world *w)
{
    parasol_error err = {0};
    parasol_commit_info info = PARASOL_COMMIT_INFO_INIT;
    parasol_indexer *x = open_session(w);
    uint64_t ops = scratch_below(&w->rng, 5) ? scratch_below(&w->rng, 25) : 0;
    size_t before = w->n_all, removed = w->removed;
    if (w->now[BASE] < 0)
        add(w, x, BASE, POOL - 1);
    for (uint64_t i = 0; i < ops; i++) {
        unsigned id = (unsigned)scratch_below(&w->rng, IDS);
        if (scratch_below(&w->rng, 3))
            add(w, x, id, (size_t)scratch_below(&w->rng, POOL - 1));
        else
            remove_one(w, x, id);
    }
    if (scratch_below(&w->rng, 8) == 0) {
        parasol_indexer_close(x);
        w->given_up++;
        return;
    }
    if (parasol_indexer_commit(x, &info, &err))
        fail_msg("commit: %s", err.message);
    parasol_indexer_close(x);
    memcpy(w->now, w->next, sizeof w->now);
    assert_int_equal(info.documents, living(w));
    bool idle = w->n_all == before && w->removed == removed && w->commits > 0;
    assert_int_equal(info.unchanged, idle);
    w->idle += idle;
    w->commits += !idle;
    w->replaced += info.replaced;
}

static void optimize(world *w)
{
    parasol_error err = {0};
    parasol_optimize_options o = PARASOL_OPTIMIZE_OPTIONS_INIT;
    parasol_optimize_info info = PARASOL_OPTIMIZE_INFO_INIT;
    o.order = (int)scratch_below(&w->rng, 3);
    if (parasol_optimize(w->path, &o, &info, &err))
        fail_msg("optimize: %s", err.message);
    assert_int_equal(info.documents, living(w));
    w->optimized += info.changed != 0;
}

/* ---- what is in the files ----------------------------------------------- */

static size_t version_of(const pc_field *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (pc_str_eq(f[i].name, PC_STR_LIT("version")))
            return (size_t)strtoul(f[i].value.ptr, NULL, 10);
    }
    fail_msg("a document without a version");
    return 0;
}

/* The metadata is borrowed by the oracle, so that each document has its own
   copy until the end. */
typedef struct oracle {
    naive *n;
    pc_arena arena;
} oracle;

static const char *keep(oracle *o, const char *z)
{
    return pc_arena_copy(&o->arena, z, strlen(z));
}

static void add_known(const world *w, oracle *o, size_t version)
{
    const babble_doc *d = &w->talk.docs[w->all[version].source];
    naive_meta *meta =
        pc_arena_zalloc(&o->arena, BABBLE_META + 3, sizeof *meta);
    char name[16], text[24];
    assert_non_null(meta);
    id_text(w->all[version].id, name);
    (void)snprintf(text, sizeof text, "%zu", version);
    meta[0] = (naive_meta){"path", keep(o, name)};
    meta[1] = (naive_meta){"date", d->date};
    for (size_t k = 0; k < d->meta_n; k++)
        meta[k + 2] = (naive_meta){d->meta[k].name, d->meta[k].value};
    meta[d->meta_n + 2] = (naive_meta){"version", keep(o, text)};
    naive_add(o->n, d->title, d->text, meta, d->meta_n + 3);
}

/* Adds the documents of a segment to the oracle, and checks those that are
   alive: *last is the version of the one before. */
static void read_segment(world *w, oracle *o, const pc_manifest_segment *e,
                         long *last, uint64_t *alive)
{
    pc_buf name;
    pc_seg *seg = NULL;
    pc_live live;
    parasol_error err = {0};
    pc_buf_init(&name, NULL);
    const char *z =
        pc_name_path(&name, w->path, PC_NAME_SEGMENT, e->number, "", &err);
    assert_int_equal(pc_seg_open(&seg, z, NULL, &err), 0);
    assert_int_equal(pc_live_read(&live, w->path, e, NULL, &err), 0);
    uint32_t *by_rank = calloc(e->docs + 1, sizeof *by_rank);
    assert_non_null(by_rank);
    assert_int_equal(pc_seg_by_rank(seg, by_rank, &err), 0);
    for (uint32_t i = 0; i < e->docs; i++) {
        pc_arena arena;
        pc_field *f = NULL;
        size_t n = 0;
        pc_arena_init(&arena, NULL, 0);
        assert_int_equal(
            pc_store_fields(&seg->store, by_rank[i], &arena, &f, &n, &err), 0);
        size_t version = version_of(f, n);
        add_known(w, o, version);
        if (pc_live_has(&live, by_rank[i])) {
            assert_true((long)version > *last);
            assert_int_equal(w->now[w->all[version].id], version);
            *last = (long)version;
            ++*alive;
        } else {
            naive_kill(o->n, naive_docs(o->n) - 1);
            w->dead_kept++;
        }
        pc_arena_release(&arena);
    }
    free(by_rank);
    pc_live_release(&live);
    pc_seg_close(seg);
    pc_buf_release(&name);
}

static void read_index(world *w, oracle *o)
{
    pc_manifest m;
    parasol_error err = {0};
    long last = -1;
    uint64_t alive = 0;
    o->n = naive_new();
    pc_arena_init(&o->arena, NULL, 0);
    assert_int_equal(pc_manifest_newest(w->path, &m, NULL, &err), 0);
    for (size_t i = 0; i < m.n_segments; i++)
        read_segment(w, o, &m.segments[i], &last, &alive);
    assert_int_equal(alive, living(w));
    pc_manifest_release(&m);
}

/* ---- searches ----------------------------------------------------------- */

static parasol_result *ask(world *w, parasol_searcher *s, const char *text,
                           size_t len, size_t limit, int exhaustive)
{
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_error err = {0};
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    o.limit = limit;
    o.exhaustive = exhaustive;
    o.exact_total = 1;
    assert_int_equal(parasol_query_parse(&q, text, len, NULL, &err), 0);
    if (parasol_search(&r, s, q, &o, &err))
        fail_msg("seed %llu, %s: %s", (unsigned long long)w->seed, text,
                 err.message);
    parasol_query_free(q);
    return r;
}

static void same_as_oracle(world *w, const char *text, const parasol_result *r,
                           const naive_result *want, size_t limit)
{
    size_t n = want->n < limit ? want->n : limit;
    if (r->n != n || r->total != want->n)
        fail_msg("seed %llu, %s: %zu hits of %llu, not %zu of %zu",
                 (unsigned long long)w->seed, text, r->n,
                 (unsigned long long)r->total, n, want->n);
    /* Words that are also written as one may score more for standing side by
       side, of which the oracle knows nothing. */
    bool one_word = !strchr(text, ' ') || text[strcspn(text, " ") + 1] == 0;
    for (size_t i = 0; i < r->n; i++) {
        double score = want->scores[r->hits[i].doc], got = r->hits[i].score;
        double room = want->slack + ROUNDING * score;
        if (score < 0 || got < score - room || (one_word && got > score + room))
            fail_msg("seed %llu, %s: document %llu scores %.12g, not %.12g",
                     (unsigned long long)w->seed, text,
                     (unsigned long long)r->hits[i].doc, got, score);
    }
    w->matches += n > 0;
}

static void compare_query(world *w, oracle *o, parasol_searcher *s)
{
    char text[QUERY_ROOM];
    pc_arena arena;
    ps_node *root = NULL;
    ps_warnings warnings;
    naive_result want;
    size_t len = babble_query(&w->talk, text, sizeof text);
    if (!w->with_ids && strstr(text, "path:"))
        return;
    pc_arena_init(&arena, NULL, 0);
    assert_int_equal(
        ps_parse(&root, &warnings, (pc_str){text, len}, &arena, NULL), 0);
    naive_search(o->n, root, 1.2F, 0.75F, &want);
    parasol_result *all = ask(w, s, text, len, POOL * 100, 1);
    /* A small index may lack a field that is asked for, which is then text. */
    bool noted = parasol_result_note_count(all) > 0;
    if (!noted)
        same_as_oracle(w, text, all, &want, SIZE_MAX);
    size_t limit = 1 + (size_t)scratch_below(&w->rng, 12);
    parasol_result *some = ask(w, s, text, len, limit, 0);
    if (!noted)
        same_as_oracle(w, text, some, &want, limit);
    for (size_t i = 0; i < some->n; i++) {
        assert_int_equal(some->hits[i].doc, all->hits[i].doc);
        assert_memory_equal(&some->hits[i].score, &all->hits[i].score,
                            sizeof(double));
    }
    parasol_result_free(some);
    parasol_result_free(all);
    naive_result_free(&want);
    pc_arena_release(&arena);
}

static void compare(world *w)
{
    oracle o;
    parasol_searcher *s = NULL;
    parasol_searcher_info info = {.struct_size = sizeof info};
    parasol_error err = {0};
    read_index(w, &o);
    if (parasol_searcher_open(&s, w->path, NULL, &err))
        fail_msg("seed %llu: %s", (unsigned long long)w->seed, err.message);
    parasol_searcher_describe(s, &info);
    assert_int_equal(info.documents, living(w));
    for (int i = 0; i < QUERIES && naive_docs(o.n) > 0; i++)
        compare_query(w, &o, s);
    parasol_searcher_close(s);
    naive_free(o.n);
    pc_arena_release(&o.arena);
}

/* ---- as if it had been made at once ------------------------------------- */

static int by_version(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;
    return x < y ? -1 : x > y;
}

/* Makes an index of what is alive, in the order of versions. */
static void make_at_once(world *w, char path[700])
{
    parasol_indexer *x = NULL;
    parasol_error err = {0};
    long versions[IDS + 1];
    size_t n = 0;
    (void)snprintf(path, 700, "%s/once", w->dir.dir);
    for (unsigned i = 0; i <= IDS; i++) {
        if (w->now[i] >= 0)
            versions[n++] = w->now[i];
    }
    qsort(versions, n, sizeof *versions, by_version);
    assert_int_equal(parasol_indexer_open(&x, path, NULL, &err), 0);
    for (size_t i = 0; i < n; i++) {
        const instance *in = &w->all[versions[i]];
        const babble_doc *d = &w->talk.docs[in->source];
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        char name[16];
        id_text(in->id, name);
        doc.id = name;
        doc.title = d->title;
        doc.text = d->text;
        doc.text_len = strlen(d->text);
        doc.date = d->date;
        doc.meta = d->meta;
        doc.meta_count = d->meta_n;
        assert_int_equal(parasol_indexer_add(x, &doc, &err), 0);
    }
    assert_int_equal(parasol_indexer_commit(x, NULL, &err), 0);
    parasol_indexer_close(x);
}

static void same_as_at_once(world *w)
{
    char once[700];
    parasol_searcher *a = NULL, *b = NULL;
    parasol_error err = {0};
    optimize(w);
    make_at_once(w, once);
    assert_int_equal(parasol_searcher_open(&a, w->path, NULL, &err), 0);
    assert_int_equal(parasol_searcher_open(&b, once, NULL, &err), 0);
    for (int i = 0; i < 4 * QUERIES; i++) {
        char text[QUERY_ROOM];
        size_t len = babble_query(&w->talk, text, sizeof text);
        if (!w->with_ids && strstr(text, "path:"))
            continue;
        parasol_result *x = ask(w, a, text, len, 1000, 0);
        parasol_result *y = ask(w, b, text, len, 1000, 0);
        assert_int_equal(x->n, y->n);
        assert_int_equal(x->total, y->total);
        for (size_t k = 0; k < x->n; k++) {
            assert_int_equal(x->hits[k].doc, y->hits[k].doc);
            assert_memory_equal(&x->hits[k].score, &y->hits[k].score,
                                sizeof(double));
        }
        parasol_result_free(x);
        parasol_result_free(y);
    }
    parasol_searcher_close(a);
    parasol_searcher_close(b);
}

/* ---- worlds ------------------------------------------------------------- */

static size_t segments(const world *w)
{
    pc_manifest m;
    parasol_error err = {0};
    assert_int_equal(pc_manifest_newest(w->path, &m, NULL, &err), 0);
    size_t n = m.n_segments;
    pc_manifest_release(&m);
    return n;
}

/* One document has every word and every field: what an index lacks, a query
   takes otherwise, and the oracle would have to know. */
static void make_base(babble *talk)
{
    babble_doc *d = &talk->docs[POOL - 1];
    size_t room = talk->n_words * 33 + 1, at = 0;
    free(d->text);
    d->text = malloc(room);
    assert_non_null(d->text);
    d->text[0] = 0;
    for (size_t i = 0; i < talk->n_words; i++)
        at += (size_t)snprintf(d->text + at, room - at, "%s ", talk->words[i]);
    static const char *const fields[][2] = {
        {"kind", "red"}, {"pages", "7"}, {"tag", "t1"}};
    d->meta_n = 3;
    for (size_t i = 0; i < d->meta_n; i++)
        d->meta[i] = (parasol_meta){fields[i][0], fields[i][1]};
}

static void live(world *w, uint64_t seed)
{
    babble talk = {0};
    w->seed = w->rng = seed;
    free(w->all);
    w->all = NULL;
    w->n_all = 0;
    w->commits = 0;
    w->with_ids = scratch_below(&w->rng, 4) != 0;
    for (unsigned i = 0; i <= IDS; i++)
        w->now[i] = -1;
    babble_make(&talk, seed, POOL, 40);
    make_base(&talk);
    w->talk = talk;
    scratch_make(&w->dir);
    (void)snprintf(w->path, sizeof w->path, "%s/index", w->dir.dir);
    for (int i = 0; i < SESSIONS; i++) {
        size_t before = w->commits > 0 ? segments(w) : 0;
        session(w);
        if (w->commits == 0)
            continue;
        w->merged += segments(w) < before;
        compare(w);
        if (scratch_below(&w->rng, 8) == 0) {
            optimize(w);
            compare(w);
        }
    }
    if (w->commits > 0)
        same_as_at_once(w);
    babble_release(&w->talk);
    scratch_remove(&w->dir);
}

static void property_update__follows_the_model(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    world w = {0};
    for (int i = 0; i < 8; i++)
        live(&w, scratch_random(&rng));
    printf("%zu idle, %zu given up, %zu removed, %zu replaced, %zu merged, "
           "%zu optimized, %zu dead, %zu searches with hits\n",
           w.idle, w.given_up, w.removed, w.replaced, w.merged, w.optimized,
           w.dead_kept, w.matches);
    assert_true(w.idle > 0 && w.given_up > 0 && w.removed > 0 &&
                w.replaced > 0 && w.merged > 0 && w.dead_kept > 0 &&
                w.matches > 100);
    free(w.all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(property_update__follows_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
