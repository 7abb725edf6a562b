/*
 * The public face of the searcher: opening, searching, hits.
 *
 * A searcher keeps a pool of contexts (an arena and an analyzer). A search
 * takes one, its result keeps it, freeing the result gives it back; so a warm
 * search allocates nothing.
 */
#include <pthread.h>
#include <time.h>

#include <parasol/searcher.h>

#include "common/base/fail.h"
#include "common/os/clock.h"
#include "common/os/file.h"
#include "searcher/collect/all_first.h"
#include "searcher/iter/timed.h"
#include "searcher/plan/show.h"
#include "searcher/plan/synonyms.h"
#include "searcher/query/query.h"
#include "searcher/searcher_internal.h"

#define CONTEXT_ARENA ((size_t)1 << 18)
#define LIMIT_MAX ((size_t)1 << 24) /* hits of one search */
#define TIME_MAX UINT64_C(86400000) /* ms of one search: a day */

struct parasol_searcher {
    pc_mem alloc; /* copy of the caller's; resize NULL: the C library's */
    char *path;
    ps_synonyms *synonyms;      /* NULL: none were given */
    pthread_mutex_t refreshing; /* one at a time */
    pthread_mutex_t lock;       /* of what follows */
    ps_snapshot *snap;
    ps_context *pool;
};

/* ---- contexts ----------------------------------------------------------- */

static void free_context(ps_context *c)
{
    const pc_mem *mem = c->arena.mem;
    pc_analyzer_free(c->analyzer);
    pc_arena_release(&c->arena);
    pc_free(mem, c);
}

static int new_context(parasol_searcher *s, const pc_manifest *m,
                       ps_context **out, parasol_error *err)
{
    ps_context *c = pc_zalloc(&s->alloc, 1, sizeof *c);
    if (!c)
        return pc_fail_nomem(err);
    pc_arena_init(&c->arena, &s->alloc, CONTEXT_ARENA);
    int rc =
        pc_analyzer_open_spec(&c->analyzer, m->analyzer_spec, &s->alloc, err);
    if (!rc && pc_analyzer_fingerprint(c->analyzer) != m->fingerprint)
        rc = pc_fail(err, PARASOL_VERSION,
                     "the index was analysed by another version of the "
                     "stemmer; index the folder again");
    if (rc)
        free_context(c);
    else
        *out = c;
    return rc;
}

int ps_take_context(parasol_searcher *s, ps_context **out, parasol_error *err)
{
    int rc = PARASOL_OK;
    pthread_mutex_lock(&s->lock);
    ps_snapshot *snap = ps_snapshot_keep(s->snap);
    ps_context *c = s->pool;
    if (c)
        s->pool = c->next;
    pthread_mutex_unlock(&s->lock);
    if (!c)
        rc = new_context(s, &snap->manifest, &c, err);
    if (!c) {
        ps_snapshot_drop(snap);
        return rc;
    }
    c->snap = snap;
    *out = c;
    return PARASOL_OK;
}

void ps_give_context(parasol_searcher *s, ps_context *c)
{
    ps_snapshot_drop(c->snap);
    c->snap = NULL;
    pc_arena_clear(&c->arena);
    pthread_mutex_lock(&s->lock);
    c->next = s->pool;
    s->pool = c;
    pthread_mutex_unlock(&s->lock);
}

/* ---- opening ------------------------------------------------------------ */

int parasol_searcher_open(parasol_searcher **out, const char *path,
                          const parasol_searcher_options *options,
                          parasol_error *err)
{
    parasol_searcher_options o = PARASOL_SEARCHER_OPTIONS_INIT;
    ps_context *c = NULL;
    if (options)
        memcpy(&o, options,
               options->struct_size < sizeof o ? options->struct_size
                                               : sizeof o);
    if (!path || !*path)
        return pc_fail(err, PARASOL_ARG, "no index directory was named");
    parasol_searcher *s = pc_zalloc(o.alloc, 1, sizeof *s);
    if (!s)
        return pc_fail_nomem(err);
    if (o.alloc)
        s->alloc = *o.alloc;
    (void)pthread_mutex_init(&s->lock, NULL);
    (void)pthread_mutex_init(&s->refreshing, NULL);
    size_t len = strlen(path);
    s->path = pc_alloc(&s->alloc, len + 1, 1);
    int rc = s->path ? PARASOL_OK : pc_fail_nomem(err);
    if (!rc) {
        memcpy(s->path, path, len + 1);
        rc = ps_snapshot_new(&s->snap, NULL, path, &s->alloc, err);
    }
    /* The first context tells whether this build can analyse queries. */
    if (!rc)
        rc = ps_take_context(s, &c, err);
    if (!rc)
        ps_give_context(s, c);
    if (rc)
        parasol_searcher_close(s);
    else
        *out = s;
    return rc;
}

void parasol_searcher_close(parasol_searcher *s)
{
    if (!s)
        return;
    while (s->pool) {
        ps_context *next = s->pool->next;
        free_context(s->pool);
        s->pool = next;
    }
    ps_snapshot_drop(s->snap);
    ps_synonyms_free(s->synonyms);
    (void)pthread_mutex_destroy(&s->lock);
    (void)pthread_mutex_destroy(&s->refreshing);
    pc_mem alloc = s->alloc;
    pc_free(&alloc, s->path);
    pc_free(&alloc, s);
}

/* Replaces what is open by the newest commit. One call at a time. */
static int refresh(parasol_searcher *s, bool *changed, parasol_error *err)
{
    ps_snapshot *next;
    ps_snapshot *old = s->snap; /* only we replace it */
    int rc = ps_snapshot_new(&next, old, s->path, &s->alloc, err);
    if (rc)
        return rc;
    /* Analysers, and the words of the thesaurus, are those of the first. */
    if (next->manifest.fingerprint != old->manifest.fingerprint ||
        !pc_str_eq(next->manifest.analyzer_spec, old->manifest.analyzer_spec)) {
        ps_snapshot_drop(next);
        return pc_fail(err, PARASOL_VERSION,
                       "%s was indexed again with another analysis of words; "
                       "open it again",
                       s->path);
    }
    *changed = next != old;
    pthread_mutex_lock(&s->lock);
    s->snap = next;
    pthread_mutex_unlock(&s->lock);
    ps_snapshot_drop(old);
    return PARASOL_OK;
}

int parasol_searcher_refresh(parasol_searcher *s, int *changed,
                             parasol_error *err)
{
    bool other = false;
    pthread_mutex_lock(&s->refreshing);
    int rc = refresh(s, &other, err);
    pthread_mutex_unlock(&s->refreshing);
    if (!rc && changed)
        *changed = other;
    return rc;
}

void parasol_searcher_describe(const parasol_searcher *s,
                               parasol_searcher_info *info)
{
    parasol_searcher *own = (parasol_searcher *)(uintptr_t)s; /* its lock */
    pthread_mutex_lock(&own->lock);
    ps_snapshot *snap = ps_snapshot_keep(s->snap);
    pthread_mutex_unlock(&own->lock);
    const pc_manifest *m = &snap->manifest;
    parasol_searcher_info all = {.struct_size = info->struct_size,
                                 .commit = m->commit,
                                 .documents = snap->docs - snap->dead,
                                 .segments = snap->n_segs};
    for (size_t i = 0; i < PC_MANIFEST_SKIPS; i++)
        all.not_searchable += m->skipped[i];
    ps_snapshot_drop(snap);
    memcpy(info, &all,
           all.struct_size < sizeof all ? all.struct_size : sizeof all);
}

static int add_synonyms(parasol_searcher *s, const char *path,
                        const ps_synonym_filter *only, parasol_error *err)
{
    ps_context *c = NULL;
    pc_buf text;
    pc_buf_init(&text, &s->alloc);
    int rc = pc_file_read(&text, path, PS_SYNONYM_BYTES, err);
    if (!rc && !s->synonyms)
        rc = ps_synonyms_new(&s->synonyms, &s->alloc, err);
    if (!rc)
        rc = ps_take_context(s, &c, err);
    if (!rc) {
        rc = ps_synonyms_add(s->synonyms, pc_buf_str(&text), path, only,
                             c->analyzer, err);
        ps_give_context(s, c);
    }
    pc_buf_release(&text);
    return rc;
}

int parasol_searcher_add_synonyms(parasol_searcher *s, const char *path,
                                  parasol_error *err)
{
    return add_synonyms(s, path, NULL, err);
}

int parasol_searcher_add_synonyms_for(parasol_searcher *s, const char *path,
                                      const char *query, size_t len,
                                      parasol_error *err)
{
    ps_synonym_filter only;
    ps_synonym_filter_init(&only, (pc_str){query, len});
    return add_synonyms(s, path, &only, err);
}

/* ---- searching ---------------------------------------------------------- */

static int read_options(parasol_search_options *all,
                        const parasol_search_options *o, parasol_error *err)
{
    *all = (parasol_search_options)PARASOL_SEARCH_OPTIONS_INIT;
    if (o)
        memcpy(all, o,
               o->struct_size < sizeof *all ? o->struct_size : sizeof *all);
    if (!(all->k1 >= 0.0F && all->k1 <= 1000.0F))
        return pc_fail(err, PARASOL_ARG, "k1 must be from 0 to 1000");
    if (!(all->b >= 0.0F && all->b <= 1.0F))
        return pc_fail(err, PARASOL_ARG, "b must be from 0 to 1");
    if (all->time_ms > TIME_MAX)
        return pc_fail(err, PARASOL_ARG, "time_ms must be at most %llu",
                       (unsigned long long)TIME_MAX);
    if (all->limit > LIMIT_MAX || all->offset > LIMIT_MAX)
        return pc_fail(err, PARASOL_ARG, "limit and offset must be at most %zu",
                       LIMIT_MAX);
    return PARASOL_OK;
}

/* The day that "today" is. */
static ps_day today(const parasol_search_options *o)
{
    int64_t days = o->today;
    if (days == 0)
        days = (int64_t)time(NULL) / 86400;
    return ps_day_of(days);
}

static uint64_t deadline(const parasol_search_options *o)
{
    return o->time_ms ? pc_clock_now() + o->time_ms * UINT64_C(1000000) : 0;
}

/* Says that the search was ended. */
static int note_late(parasol_result *r, const parasol_search_options *o,
                     const ps_run_result *run, parasol_error *err)
{
    if (ps_warn_format(&r->plan.notes, 0, 0,
                       "the search was ended after %llu ms, when it had looked "
                       "at %llu of %llu documents",
                       (unsigned long long)o->time_ms,
                       (unsigned long long)run->looked,
                       (unsigned long long)(r->snap->docs - r->snap->dead)))
        return pc_fail_nomem(err);
    return PARASOL_OK;
}

/* What is searched: all, or the documents in the language of the query. */
static int choose_language(parasol_result *r, const parasol_search_options *o,
                           const ps_snapshot **snap, parasol_error *err)
{
    const ps_languages *all = &r->snap->languages;
    pc_analyzer *analyzer = r->context->analyzer;
    uint8_t language = all->n == 1 ? all->v[0] : pc_analyzer_language(analyzer);
    ps_snapshot *narrow;
    *snap = r->snap;
    if (o->language) {
        language = pc_language_named(pc_str_of(o->language));
        if (language == PC_LANGUAGE_NONE)
            return pc_fail(err, PARASOL_ARG, "unknown language \"%s\"",
                           o->language);
        if (!all->is_auto && language != pc_analyzer_language(analyzer))
            return pc_fail(err, PARASOL_ARG,
                           "the index has one language, \"%.*s\"",
                           PC_STR_ARG(pc_analyzer_code(analyzer)));
    }
    if (pc_analyzer_use(analyzer, language))
        return pc_fail_nomem(err);
    if (!o->language || (all->n == 1 && all->v[0] == language))
        return PARASOL_OK;
    narrow = pc_arena_zalloc(&r->context->arena, 1, sizeof *narrow);
    if (!narrow ||
        ps_snapshot_narrow(narrow, r->snap, language, &r->context->arena))
        return pc_fail_nomem(err);
    *snap = narrow;
    return PARASOL_OK;
}

/* Everything of a result but its hits' stored fields, which come on demand. */
static int run(parasol_result *r, const parasol_query *q,
               const parasol_search_options *o, parasol_error *err)
{
    const ps_snapshot *snap;
    pc_arena *arena = &r->context->arena;
    ps_run_result run;
    int rc = choose_language(r, o, &snap, err);
    if (rc)
        return rc;
    uint64_t k = (uint64_t)o->limit + (o->limit ? o->offset : 0);
    ps_run_params params = {.k =
                                k < snap->docs ? (size_t)k : (size_t)snap->docs,
                            .exact_total = o->exact_total != 0,
                            .exhaustive = o->exhaustive != 0,
                            .deadline = deadline(o)};
    ps_plan_params how = {.k1 = o->k1,
                          .b = o->b,
                          .all = o->match_all != 0,
                          .counted = params.k == 0 && !o->count_all,
                          .today = today(o),
                          .synonyms = r->searcher->synonyms,
                          .deadline = params.deadline};
    rc = ps_plan_build(&r->plan, q->root, snap, r->context->analyzer, how,
                       arena, err);
    bool all_first = o->all_first && params.k > 0 && !rc;
    if (!rc && all_first && ps_plan_is_short(&r->plan))
        rc = ps_run_all_first(&run, &r->plan, snap, params, arena, err);
    else if (!rc)
        rc = ps_run(&run, &r->plan, snap, params, arena, err);
    if (!rc && o->count_all)
        rc = ps_run_all(&r->total_all, &r->plan, snap, params.deadline, arena,
                        err);
    if (!rc && run.late)
        rc = note_late(r, o, &run, err);
    if (rc)
        return rc;
    r->total = run.total;
    r->total_exact = run.total_exact;
    size_t skip = o->offset < run.top.n ? o->offset : run.top.n;
    r->n = run.top.n - skip;
    r->hits = pc_arena_zalloc(arena, r->n, sizeof *r->hits);
    if (!r->hits)
        return pc_fail_nomem(err);
    for (size_t i = 0; i < r->n; i++) {
        const ps_scored *x = &run.top.v[skip + i];
        uint64_t first = snap->first_doc[x->seg];
        uint32_t rank = UINT32_MAX - (uint32_t)x->key - (uint32_t)first;
        if (rank >= snap->segs[x->seg]->docs)
            return pc_fail(err, PARASOL_CORRUPT,
                           "%s: the order of documents is impossible",
                           pc_sealed_path(snap->segs[x->seg]->file));
        r->hits[i].doc = first + rank;
        r->hits[i].place = first + x->doc;
        r->hits[i].score = (double)ps_scored_score(x) / r->plan.scale;
    }
    return PARASOL_OK;
}

int parasol_search(parasol_result **out, parasol_searcher *s,
                   const parasol_query *q,
                   const parasol_search_options *options, parasol_error *err)
{
    parasol_search_options o;
    ps_context *c;
    int rc = read_options(&o, options, err);
    if (!rc)
        rc = ps_take_context(s, &c, err);
    if (rc)
        return rc;
    parasol_result *r = pc_arena_zalloc(&c->arena, 1, sizeof *r);
    if (!r) {
        ps_give_context(s, c);
        return pc_fail_nomem(err);
    }
    r->searcher = s;
    r->context = c;
    r->snap = c->snap;
    r->total_all = UINT64_MAX;
    rc = run(r, q, &o, err);
    if (rc)
        ps_give_context(s, c);
    else
        *out = r;
    return rc;
}

void parasol_result_free(parasol_result *r)
{
    if (r)
        ps_give_context(r->searcher, r->context);
}

size_t parasol_result_count(const parasol_result *r)
{
    return r->n;
}

uint64_t parasol_result_total(const parasol_result *r)
{
    return r->total;
}

int parasol_result_total_exact(const parasol_result *r)
{
    return r->total_exact;
}

uint64_t parasol_result_total_all(const parasol_result *r)
{
    return r->total_all;
}

size_t parasol_result_note_count(const parasol_result *r)
{
    return r->plan.notes.n;
}

parasol_warning parasol_result_note(const parasol_result *r, size_t i)
{
    if (i >= r->plan.notes.n)
        return (parasol_warning){0, 0, ""};
    return r->plan.notes.items[i];
}

int parasol_result_understood(parasol_result *r, parasol_str *out,
                              parasol_error *err)
{
    pc_buf b;
    pc_buf_init(&b, r->context->arena.mem);
    ps_plan_show(&b, &r->plan);
    const char *copy = pc_arena_copy(&r->context->arena, b.ptr, b.len);
    *out = (parasol_str){copy, b.len};
    int rc = b.status || !copy ? pc_fail_nomem(err) : PARASOL_OK;
    pc_buf_release(&b);
    return rc;
}
