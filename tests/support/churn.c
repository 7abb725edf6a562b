/*
 * Commits by the indexer, and by hand: segments made in another folder, files
 * of dead documents, merges of any segments.
 */
#include "tests/support/churn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <parasol/indexer.h>

#include "common/format/name.h"
#include "common/segment/ids.h"
#include "common/segment/live.h"
#include "indexer/commit/commit.h"
#include "indexer/merge/merge.h"
#include "indexer/write/live_writer.h"
#include "tests/support/scratch.h"

#define SEGMENTS_MAX 9u /* then all are merged */

static void check(int rc, const parasol_error *err)
{
    if (rc) {
        (void)fprintf(stderr, "writer: %d, %s\n", rc, err->message);
        exit(98);
    }
}

static void *must(void *p)
{
    if (!p)
        exit(98);
    return p;
}

/* ---- documents ---------------------------------------------------------- */

/* What the stamp says of the others. */
static uint64_t sum_of(uint64_t key, uint64_t version)
{
    uint64_t x = key * 1000003 + version;
    return scratch_random(&x);
}

static void add(parasol_indexer *w, const char *id, const char *text,
                const char *one, const char *two)
{
    parasol_error err = {0};
    parasol_document doc = PARASOL_DOCUMENT_INIT;
    parasol_meta meta[2] = {{"one", one}, {"two", two}};
    doc.id = id;
    doc.title = "all";
    doc.text = text;
    doc.text_len = strlen(text);
    doc.meta = meta;
    doc.meta_count = 2;
    check(parasol_indexer_add(w, &doc, &err), &err);
}

static void add_key(parasol_indexer *w, uint64_t *rng, unsigned key,
                    uint64_t version)
{
    static const char *const words[] = {"alpha", "beta", "gamma", "delta"};
    char id[32], text[600], one[32], two[32];
    size_t len = 0;
    for (uint64_t n = scratch_below(rng, 50); n > 0; n--)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s ",
                                words[scratch_below(rng, 4)]);
    (void)snprintf(text + len, sizeof text - len, "other");
    (void)snprintf(id, sizeof id, "key%u", key);
    (void)snprintf(one, sizeof one, "%u", key);
    (void)snprintf(two, sizeof two, "%llu", (unsigned long long)version);
    add(w, id, text, one, two);
}

static void add_stamp(parasol_indexer *w, const churn *c)
{
    char one[32], two[32];
    uint64_t n = 0, sum = 0;
    for (unsigned k = 0; k < CHURN_KEYS; k++) {
        if (!c->version[k])
            continue;
        n++;
        sum += sum_of(k, c->version[k]);
    }
    (void)snprintf(one, sizeof one, "%llu", (unsigned long long)n);
    (void)snprintf(two, sizeof two, "%llu", (unsigned long long)sum);
    add(w, "stamp", "stamp", one, two);
}

/* ---- the next commit ---------------------------------------------------- */

/* What a commit changes: keys that are in touched[]. */
static void choose(churn *c, uint8_t touched[CHURN_KEYS])
{
    memset(touched, 0, CHURN_KEYS);
    uint64_t n = 1 + scratch_below(&c->rng, 40);
    /* Now and then nearly everything goes. */
    if (scratch_below(&c->rng, 20) == 0)
        n = CHURN_KEYS * 2;
    for (; n > 0; n--) {
        size_t k = (size_t)scratch_below(&c->rng, CHURN_KEYS);
        int goes = scratch_below(&c->rng, 3) == 0;
        touched[k] = 1;
        c->deleted += goes && c->version[k];
        c->replaced += !goes && c->version[k];
        c->version[k] = goes ? 0 : c->commits + 1;
    }
}

/* The segment with all that is new, in the side index. */
static pc_seg *make_side(churn *c, const uint8_t touched[CHURN_KEYS])
{
    pc_manifest m;
    pc_buf name;
    pc_seg *seg = NULL;
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.jobs = 1;
    o.memory = (uint64_t)32 << 20;
    check(parasol_indexer_open(&w, c->side, &o, &err), &err);
    for (unsigned k = 0; k < CHURN_KEYS; k++) {
        if (touched[k] && c->version[k])
            add_key(w, &c->rng, k, c->version[k]);
    }
    add_stamp(w, c);
    check(parasol_indexer_commit(w, NULL, &err), &err);
    parasol_indexer_close(w);
    pc_buf_init(&name, NULL);
    check(pc_manifest_newest(c->side, &m, NULL, &err), &err);
    const char *z = must((void *)(uintptr_t)pc_name_path(
        &name, c->side, PC_NAME_SEGMENT, m.segments[0].number, "", &err));
    check(pc_seg_open(&seg, z, NULL, &err), &err);
    pc_buf_release(&name);
    pc_manifest_release(&m);
    return seg;
}

/* A segment of the commit before. */
typedef struct part {
    pc_manifest_segment entry;
    pc_seg *seg;
    uint64_t *alive;
} part;

static void kill_id(part *p, pc_ids *ids, const char *id)
{
    bool found = false;
    uint32_t doc = 0;
    parasol_error err = {0};
    check(pc_ids_find(ids, pc_str_of(id), &found, &doc, &err), &err);
    if (found)
        p->alive[doc / 64] &= ~(UINT64_C(1) << doc % 64);
}

static void open_part(part *p, const churn *c, const pc_manifest_segment *e,
                      const uint8_t touched[CHURN_KEYS])
{
    pc_buf name;
    pc_ids ids;
    pc_live live;
    parasol_error err = {0};
    pc_buf_init(&name, NULL);
    p->entry = *e;
    const char *z = must((void *)(uintptr_t)pc_name_path(
        &name, c->path, PC_NAME_SEGMENT, e->number, "", &err));
    check(pc_seg_open(&p->seg, z, NULL, &err), &err);
    check(pc_live_read(&live, c->path, e, NULL, &err), &err);
    p->alive = must(calloc((size_t)e->docs / 64 + 1, sizeof *p->alive));
    for (uint32_t d = 0; d < e->docs; d++)
        p->alive[d / 64] |= (uint64_t)pc_live_has(&live, d) << d % 64;
    pc_live_release(&live);
    check(pc_ids_open(&ids, p->seg, NULL, &err), &err);
    for (unsigned k = 0; k < CHURN_KEYS; k++) {
        char id[32];
        (void)snprintf(id, sizeof id, "key%u", k);
        if (touched[k])
            kill_id(p, &ids, id);
    }
    kill_id(p, &ids, "stamp");
    pc_ids_close(&ids);
    pc_buf_release(&name);
}

/* Writes what is alive of n segments as one, if there is anything. */
static void merge(const churn *c, const pi_merge_source *from, size_t n,
                  pc_manifest *m)
{
    pc_buf name;
    pi_out *out = NULL;
    parasol_error err = {0};
    pi_merge_options o = {.dir = c->path};
    pc_manifest_segment e = {.number = m->next_segment++};
    pc_buf_init(&name, NULL);
    const char *z = must((void *)(uintptr_t)pc_name_path(
        &name, c->path, PC_NAME_SEGMENT, e.number, "", &err));
    check(pi_out_create(&out, z, PC_KIND_SEGMENT, e.number, NULL, &err), &err);
    check(pi_merge(from, n, &o, out, &e.docs, NULL, &err), &err);
    if (e.docs == 0) {
        pi_out_abort(out);
    } else {
        check(pi_out_finish(out, &e.file_bytes, &e.trailer_crc, &err), &err);
        check(pc_manifest_add(m, &e, &err), &err);
    }
    pc_buf_release(&name);
}

/* Parts [from, to) become one; the others stay, with what is dead in them. */
static void write_parts(churn *c, part *parts, size_t n, size_t from, size_t to,
                        pc_manifest *m)
{
    parasol_error err = {0};
    pi_merge_source sources[SEGMENTS_MAX + 1] = {{NULL, NULL}};
    for (size_t i = 0; i < n; i++) {
        part *p = &parts[i];
        if (i >= from && i < to) {
            sources[i - from] = (pi_merge_source){p->seg, p->alive};
            if (i + 1 == to)
                merge(c, sources, to - from, m);
            continue;
        }
        check(pi_live_write(c->path, m->next_segment++, p->alive, &p->entry,
                            NULL, &err),
              &err);
        check(pc_manifest_add(m, &p->entry, &err), &err);
    }
    c->merges += to > from;
}

static void write_commit(churn *c, const pc_seg *fresh,
                         const uint8_t touched[CHURN_KEYS])
{
    pc_lock lock = {0};
    pc_manifest now, next;
    parasol_error err = {0};
    part parts[SEGMENTS_MAX + 1] = {{.seg = NULL}};
    pi_merge_source source = {fresh, NULL};
    check(pi_commit_prepare(c->path, &lock, &now, NULL, &err), &err);
    size_t n = now.n_segments, from = 0, to = 0;
    for (size_t i = 0; i < n; i++)
        open_part(&parts[i], c, &now.segments[i], touched);
    if (n >= SEGMENTS_MAX) {
        to = n;
    } else if (n > 1 && scratch_below(&c->rng, 4) == 0) {
        from = (size_t)scratch_below(&c->rng, n);
        to = from + 1 + (size_t)scratch_below(&c->rng, n - from);
    }
    pc_manifest_init(&next, NULL);
    next.commit = now.commit + 1;
    next.next_segment = now.next_segment;
    next.fingerprint = now.fingerprint;
    check(pc_manifest_set_spec(&next, now.analyzer_spec, &err), &err);
    write_parts(c, parts, n, from, to, &next);
    merge(c, &source, 1, &next);
    check(pi_commit_publish(c->path, &next, NULL, &err), &err);
    pi_commit_collect(c->path, &next, NULL);
    pc_lock_drop(&lock);
    for (size_t i = 0; i < n; i++) {
        pc_seg_close(parts[i].seg);
        free(parts[i].alive);
    }
    pc_manifest_release(&now);
    pc_manifest_release(&next);
}

/* The same by the indexer, which merges by its own policy. */
static void update(churn *c, const uint8_t touched[CHURN_KEYS])
{
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    parasol_commit_info info = PARASOL_COMMIT_INFO_INIT;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.update = PARASOL_UPDATE;
    o.memory = (uint64_t)32 << 20;
    o.jobs = 2;
    check(parasol_indexer_open(&w, c->path, &o, &err), &err);
    for (unsigned k = 0; k < CHURN_KEYS; k++) {
        char id[32];
        (void)snprintf(id, sizeof id, "key%u", k);
        if (touched[k] && c->version[k])
            add_key(w, &c->rng, k, c->version[k]);
        else if (touched[k])
            check(parasol_indexer_remove(w, id, NULL, &err), &err);
    }
    add_stamp(w, c);
    check(parasol_indexer_commit(w, &info, &err), &err);
    parasol_indexer_close(w);
    c->commits = info.commit;
}

void churn_commit(churn *c)
{
    uint8_t touched[CHURN_KEYS];
    choose(c, touched);
    if (scratch_below(&c->rng, 2)) {
        update(c, touched);
        return;
    }
    pc_seg *fresh = make_side(c, touched);
    write_commit(c, fresh, touched);
    pc_seg_close(fresh);
    c->commits++;
}

void churn_begin(churn *c, const char *folder, uint64_t seed)
{
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    *c = (churn){.rng = seed};
    (void)snprintf(c->path, sizeof c->path, "%s/index", folder);
    (void)snprintf(c->side, sizeof c->side, "%s/side", folder);
    check(parasol_indexer_open(&w, c->path, NULL, &err), &err);
    add_stamp(w, c);
    check(parasol_indexer_commit(w, NULL, &err), &err);
    parasol_indexer_close(w);
    c->commits = 1;
}

/* ---- reading ------------------------------------------------------------ */

static parasol_result *ask(parasol_searcher *s, const char *text, size_t limit)
{
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_error err = {0};
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    o.limit = limit;
    o.exact_total = 1;
    if (parasol_query_parse(&q, text, strlen(text), NULL, &err) ||
        parasol_search(&r, s, q, &o, &err))
        printf("reader: %s: %s\n", text, err.message);
    parasol_query_free(q);
    return r;
}

parasol_result *churn_all(parasol_searcher *s)
{
    return ask(s, "all", CHURN_KEYS + 100);
}

/* The two numbers that each document has. */
static int read_hit(parasol_result *r, size_t i, int *stamp, uint64_t v[2])
{
    parasol_hit hit = PARASOL_HIT_INIT;
    parasol_error err = {0};
    if (parasol_result_hit(r, i, &hit, &err)) {
        printf("reader: %s\n", err.message);
        return 0;
    }
    *stamp = strcmp(hit.path.ptr, "stamp") == 0;
    for (size_t k = 0; k < 2; k++) {
        parasol_str name, value;
        if (parasol_result_meta(r, i, k, &name, &value, &err)) {
            printf("reader: %s\n", err.message);
            return 0;
        }
        v[k] = strtoull(value.ptr, NULL, 10);
    }
    return 1;
}

int churn_is_sound(parasol_result *r)
{
    uint64_t want[2] = {0, 0}, sum = 0;
    size_t n = parasol_result_count(r), stamps = 0;
    for (size_t i = 0; i < n; i++) {
        int stamp = 0;
        uint64_t v[2];
        if (!read_hit(r, i, &stamp, v))
            return 0;
        if (stamp)
            memcpy(want, v, sizeof want);
        else
            sum += sum_of(v[0], v[1]);
        stamps += stamp != 0;
    }
    if (stamps == 1 && n == want[0] + 1 && sum == want[1] &&
        parasol_result_total(r) == n)
        return 1;
    printf("reader: %zu documents (%llu in all), %zu stamps; wanted %llu and "
           "one\n",
           n, (unsigned long long)parasol_result_total(r), stamps,
           (unsigned long long)want[0]);
    return 0;
}

/* Totals of other ways to evaluate: they must fit n documents. */
static int counts_fit(parasol_searcher *s, uint64_t n)
{
    static const struct {
        const char *text;
        size_t limit;
        int less;
    } ways[] = {{"all", 0, 0},        {"*", 0, 0},
                {"all -stamp", 0, 1}, {"all -stamp", 3, 1},
                {"+all other", 2, 0}, {"other", 0, 1},
                {"+all +other", 5, 1}};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        parasol_result *r = ask(s, ways[i].text, ways[i].limit);
        if (!r)
            return 0;
        uint64_t got = parasol_result_total(r);
        parasol_result_free(r);
        if (got + (uint64_t)ways[i].less == n)
            continue;
        printf("reader: %s: %llu of %llu\n", ways[i].text,
               (unsigned long long)got, (unsigned long long)n);
        return 0;
    }
    return 1;
}

int churn_is_whole(parasol_searcher *s, int alone)
{
    parasol_searcher_info info = {.struct_size = sizeof info};
    parasol_result *r = churn_all(s);
    if (!r)
        return 0;
    uint64_t n = parasol_result_count(r);
    int ok = churn_is_sound(r);
    parasol_result_free(r);
    parasol_searcher_describe(s, &info);
    if (ok && alone && info.documents != n) {
        printf("reader: %llu of %llu documents\n", (unsigned long long)n,
               (unsigned long long)info.documents);
        return 0;
    }
    return ok && (!alone || counts_fit(s, n));
}
