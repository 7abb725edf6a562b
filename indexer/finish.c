/*
 * The end of the pipeline: the runs of all threads become one segment.
 */
#include "common/base/fail.h"
#include "indexer/indexer_internal.h"
#include "indexer/invert/join.h"

/* Bytes in the runs that one piece has. Its result is about as large. */
#define PIECE_BYTES ((uint64_t)2 << 20)

/* Of the memory, for windows on runs. */
#define WINDOWS_SHARE 16u
#define WINDOW_MIN ((size_t)4 << 10)
#define WINDOW_MAX ((size_t)64 << 10)

/* Documents whose notes are read together. */
#define DOCS_READ 512u

/* A piece on its way through a thread. */
typedef struct slot {
    pc_job job;
    const pi_join *join;
    size_t number;
    pi_piece piece;
} slot;

/* ---- runs --------------------------------------------------------------- */

static void finish_worker(pc_job *job, unsigned worker)
{
    pi_worker *k =
        (pi_worker *)(void *)((char *)job - offsetof(pi_worker, job));
    PC_UNUSED(worker);
    k->status = pi_worker_finish(k, &k->error);
}

static int finish_workers(parasol_indexer *w, parasol_error *err)
{
    int rc = PARASOL_OK;
    for (unsigned i = 0; i < w->n_workers; i++) {
        w->workers[i].job.run = finish_worker;
        pc_pool_put(w->pool, &w->workers[i].job, false);
    }
    for (unsigned i = 0; i < w->n_workers; i++) {
        pi_worker *k = &w->workers[i];
        pc_pool_wait(w->pool, &k->job);
        if (k->status && !rc) {
            rc = k->status;
            if (err)
                *err = k->error;
        }
    }
    return rc;
}

/* Which documents of the index those of the run are; `map` as of
   pi_replace. */
static int number_run(const parasol_indexer *w, pi_worker_run *r,
                      const uint32_t *map)
{
    uint32_t n = r->run.n_docs;
    r->global = pc_alloc(w->mem, n, sizeof *r->global);
    if (!r->global)
        return PARASOL_NOMEM;
    for (size_t i = 0; i < r->n_spans; i++) {
        const pi_span *s = &r->spans[i];
        uint32_t end = i + 1 < r->n_spans ? r->spans[i + 1].local : n;
        for (uint32_t d = s->local; d < end; d++) {
            uint32_t number = w->bases[s->batch] + s->skip + (d - s->local);
            r->global[d] = map ? map[number] : number;
        }
    }
    r->run.global = r->global;
    return PARASOL_OK;
}

/* What a cursor on one of n runs has of its file: each thread has a cursor on
   each run. */
static size_t window_of(const parasol_indexer *w, size_t n)
{
    uint64_t fair = w->budget.memory / WINDOWS_SHARE / ((uint64_t)n + 1) /
                    (w->n_workers + 1);
    return fair < WINDOW_MIN   ? WINDOW_MIN
           : fair > WINDOW_MAX ? WINDOW_MAX
                               : (size_t)fair;
}

/* The runs of all threads in one array, which borrows them. */
static int gather_runs(const parasol_indexer *w, const uint32_t *map,
                       pi_run **out, size_t *n_out, parasol_error *err)
{
    size_t n = 0;
    for (unsigned i = 0; i < w->n_workers; i++)
        n += w->workers[i].n_runs;
    size_t window = window_of(w, n);
    pi_run *runs = pc_alloc(w->mem, n, sizeof *runs);
    if (!runs)
        return pc_fail_nomem(err);
    n = 0;
    for (unsigned i = 0; i < w->n_workers; i++) {
        for (size_t k = 0; k < w->workers[i].n_runs; k++) {
            pi_worker_run *r = &w->workers[i].runs[k];
            if (number_run(w, r, map)) {
                pc_free(w->mem, runs);
                return pc_fail_nomem(err);
            }
            runs[n] = r->run;
            runs[n++].window = window;
        }
    }
    *out = runs;
    *n_out = n;
    return PARASOL_OK;
}

/* ---- pieces ------------------------------------------------------------- */

static void make_piece(pc_job *job, unsigned worker)
{
    slot *s = (slot *)job; /* its first member */
    PC_UNUSED(worker);
    pi_piece_make(&s->piece, s->join, s->number);
}

static void start_piece(parasol_indexer *w, slot *s, const pi_join *j,
                        size_t number)
{
    s->job.run = make_piece;
    s->join = j;
    s->number = number;
    pc_pool_put(w->pool, &s->job, false);
}

/* Makes the pieces with all threads, a few ahead of the one that is next. */
static int join_pieces(parasol_indexer *w, const pi_join *j, pi_joint *t,
                       parasol_error *err)
{
    size_t ahead = w->n_workers > 1 ? (size_t)w->n_workers + 1 : 1;
    size_t started = 0, taken = 0;
    slot *slots = pc_zalloc(w->mem, ahead, sizeof *slots);
    int rc = slots ? PARASOL_OK : pc_fail_nomem(err);
    while (slots && (taken < started || (!rc && taken < j->n_pieces))) {
        while (!rc && started < j->n_pieces && started < taken + ahead) {
            start_piece(w, &slots[started % ahead], j, started);
            started++;
        }
        slot *s = &slots[taken % ahead];
        pc_pool_wait(w->pool, &s->job);
        if (!rc)
            rc = pi_joint_add(t, &s->piece, err);
        pi_piece_release(&s->piece);
        taken++;
        if (!rc && w->merging && w->merging(taken, j->n_pieces, w->user))
            rc = pc_fail(err, PARASOL_ARG, "stopped by the caller");
    }
    pc_free(w->mem, slots);
    return rc;
}

/* What the joiner wants to know of the documents, as it was noted; `map` as of
   pi_replace. */
static int describe_docs(parasol_indexer *w, const uint32_t *map, pi_docs *docs,
                         parasol_error *err)
{
    pi_invdoc some[DOCS_READ];
    uint32_t all = (uint32_t)(pi_spool_at(&w->inverted) / sizeof *some);
    int rc = pi_join_docs_init(docs, w->n_docs, w->mem) ? pc_fail_nomem(err)
                                                        : PARASOL_OK;
    for (uint32_t i = 0; !rc && i < all;) {
        uint32_t n = all - i < DOCS_READ ? all - i : DOCS_READ;
        rc = pi_spool_read(&w->inverted, (uint64_t)i * sizeof *some, some,
                           n * sizeof *some, err);
        for (uint32_t k = 0; !rc && k < n; k++, i++) {
            uint32_t number = map ? map[i] : i;
            if (number != PI_NO_DOC)
                pi_join_docs_set(docs, number, &some[k]);
        }
    }
    pi_spool_release(&w->inverted);
    if (!rc)
        pi_join_docs_end(docs, w->workers[0].analyzer);
    return rc;
}

static size_t count_pieces(const parasol_indexer *w, const pi_run *runs,
                           size_t n)
{
    uint64_t pieces = pi_runs_weight(runs, n) / PIECE_BYTES + 1;
    uint64_t least = w->n_workers > 1 ? 4 * (uint64_t)w->n_workers : 1;
    return (size_t)(pieces < least ? least : pieces);
}

/* Of the memory that is left, for each stream of the join; a few of them are
   full at the same time. */
#define STREAM_SHARE 16u
#define PLENTY ((uint64_t)256 << 20)

/* What a stream of the join may keep in memory: more than its part where there
   is plenty, no run was spilled and the inverters have not taken theirs. */
static size_t spool_limit(const parasol_indexer *w)
{
    const pi_budget *b = &w->budget;
    uint64_t held = pi_pipe_held(w);
    if (b->memory < PLENTY)
        return b->spool;
    for (unsigned i = 0; i < w->n_workers; i++) {
        const pi_worker *k = &w->workers[i];
        if (k->n_runs > 1)
            return b->spool;
        held += pi_inverter_memory(&k->inverter);
        if (k->n_runs > 0)
            held += pi_run_memory(&k->runs[0].run);
    }
    uint64_t each = held < b->left ? (b->left - held) / STREAM_SHARE : 0;
    return each > b->spool ? (size_t)each : b->spool;
}

static int join_runs(parasol_indexer *w, const pi_run *runs, size_t n,
                     const uint32_t *map, pi_out *o, parasol_error *err)
{
    pi_join j = {0};
    pi_joint t = {0};
    pi_docs docs;
    int rc = describe_docs(w, map, &docs, err);
    if (rc) {
        pi_join_docs_release(&docs, w->mem);
        return rc;
    }
    rc = pi_join_init(&j, runs, n, &docs, count_pieces(w, runs, n), w->dir,
                      w->mem, err);
    j.spool_limit = spool_limit(w);
    j.pool = w->pool;
    j.gaps = map != NULL;
    pi_joint_init(&t, &j);
    if (!rc)
        rc = join_pieces(w, &j, &t, err);
    if (!rc)
        rc = pi_joint_finish(&t, o, err);
    pi_joint_release(&t);
    pi_join_release(&j);
    pi_join_docs_release(&docs, w->mem);
    return rc;
}

int pi_pipe_finish(parasol_indexer *w, pi_out *o, uint32_t *n_docs,
                   parasol_error *err)
{
    pi_run *runs = NULL;
    uint32_t *map = NULL;
    size_t n = 0;
    int rc = finish_workers(w, err);
    if (!rc)
        rc = pi_replace(w, &map, err);
    if (!rc)
        rc = gather_runs(w, map, &runs, &n, err);
    if (!rc)
        rc = join_runs(w, runs, n, map, o, err);
    pi_spool_release(&w->hashes);
    pc_free(w->mem, runs);
    pc_free(w->mem, map);
    for (unsigned i = 0; !rc && i < w->n_workers; i++)
        pi_worker_forget(&w->workers[i]);
    if (!rc)
        rc = pi_store_finish(&w->store, o, err);
    if (!rc)
        rc = pi_column_finish(&w->columns, o, err);
    if (!rc && w->with_ids)
        rc = pi_id_finish(&w->id_writer, o, err);
    *n_docs = w->n_docs;
    w->n_docs = 0;
    w->n_batches = 0;
    return rc;
}
