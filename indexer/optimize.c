/*
 * parasol_optimize: a commit in, its living documents in one segment out.
 */
#include <unistd.h>

#include <parasol/optimize.h>

#include "common/base/fail.h"
#include "common/format/name.h"
#include "indexer/commit/commit.h"
#include "indexer/commit/log.h"
#include "indexer/merge/bisect.h"
#include "indexer/merge/merge.h"
#include "indexer/merge/merge_store.h"
#include "indexer/parts.h"

#define MEMORY_MIN ((uint64_t)1 << 16)
/* Terms that say which documents are alike: not those of a few documents,
   and not those of many. Both limits cost hardly a byte of the index and save
   half of the time; docs/architecture.md has the figures. */
#define LEAST_DF 8u
#define MOST_SHARE 8u
#define MOST_LEAST 64u

typedef struct optimizer {
    pc_mem alloc; /* copy of the caller's; resize NULL: the C library's */
    const pc_mem *mem;
    const char *dir;
    parasol_optimize_options o;
    pc_lock lock;
    pc_manifest now, next;
    pi_parts parts;
    pi_merge_source *sources; /* the same */
    size_t n_sources;
    uint32_t *order; /* NULL: as added */
    uint32_t docs;
    bool changed;
} optimizer;

/* ---- the commit before -------------------------------------------------- */

static int open_sources(optimizer *z, parasol_error *err)
{
    int rc = pi_parts_take(&z->parts, &z->now, err);
    z->sources = pc_zalloc(z->mem, z->parts.n, sizeof *z->sources);
    if (!rc && !z->sources)
        rc = pc_fail_nomem(err);
    for (size_t i = 0; !rc && i < z->parts.n; i++) {
        rc = pi_parts_open(&z->parts, i, err);
        z->sources[i].seg = z->parts.v[i].seg;
        z->sources[i].live = z->parts.v[i].live.alive;
    }
    z->n_sources = z->parts.n;
    uint64_t docs = pi_parts_docs(&z->parts);
    if (!rc && docs > PC_DOCS_MAX)
        rc = pc_fail(err, PARASOL_FULL, "a segment holds at most %u documents",
                     PC_DOCS_MAX);
    z->docs = (uint32_t)docs;
    return rc;
}

/* Takes the lock and reads the commit. Never makes an index. */
static int open_index(optimizer *z, parasol_error *err)
{
    pc_manifest look;
    int rc = pi_commit_refuse_file(z->dir, err);
    if (rc)
        return rc;
    rc = pc_manifest_newest(z->dir, &look, z->mem, err);
    pc_manifest_release(&look);
    if (!rc)
        rc = pi_commit_prepare(z->dir, &z->lock, &z->now, z->mem, err);
    /* Damaged since we looked: the sentence is read anew. */
    if (!rc && z->now.analyzer_spec.len == 0) {
        rc = pc_manifest_newest(z->dir, &look, z->mem, err);
        pc_manifest_release(&look);
        rc = rc ? rc : pc_fail(err, PARASOL_CORRUPT, "%s: no commit", z->dir);
    }
    return rc ? rc : open_sources(z, err);
}

/* ---- order -------------------------------------------------------------- */

static int on_comparing(double done, void *user)
{
    const optimizer *z = user;
    return z->o.progress(PARASOL_PHASE_COMPARING, done, z->o.user);
}

static int on_merging(double done, void *user)
{
    const optimizer *z = user;
    return z->o.progress(PARASOL_PHASE_MERGING, done, z->o.user);
}

static unsigned processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 64 ? 64 : (unsigned)n;
}

static int bisect(optimizer *z, const pi_docs *docs, parasol_error *err)
{
    pi_forward graph;
    uint32_t most = z->docs / MOST_SHARE;
    pi_forward_limits limits = {LEAST_DF, most < MOST_LEAST ? MOST_LEAST : most,
                                z->o.memory};
    pi_bisect_options o = {z->o.jobs ? z->o.jobs : processors(),
                           z->o.progress ? on_comparing : NULL, z};
    int rc = pi_forward_init(&graph, docs, limits, err);
    if (!rc)
        rc = pi_bisect(&graph, z->order, o, err);
    pi_forward_release(&graph);
    return rc;
}

static int find_order(optimizer *z, parasol_error *err)
{
    pi_docs docs;
    if (z->o.order == PARASOL_ORDER_NONE)
        return PARASOL_OK;
    z->order = pc_alloc(z->mem, z->docs, sizeof *z->order);
    if (!z->order)
        return pc_fail_nomem(err);
    int rc = pi_docs_init(&docs, z->sources, z->n_sources, NULL, z->mem, err);
    if (!rc && z->o.order == PARASOL_ORDER_PATH)
        rc = pi_path_order(&docs, z->order, err);
    else if (!rc)
        rc = bisect(z, &docs, err);
    pi_docs_release(&docs);
    return rc;
}

/* One segment without dead documents, and they are in that order already. */
static bool is_done(const optimizer *z)
{
    if (z->n_sources > 1 || pc_manifest_dead(&z->now) > 0)
        return false;
    for (uint32_t i = 0; i < z->docs; i++) {
        if (pc_seg_rank(z->sources[0].seg, i) != (z->order ? z->order[i] : i))
            return false;
    }
    return true;
}

/* ---- the commit after --------------------------------------------------- */

static int start_manifest(optimizer *z, parasol_error *err)
{
    pc_manifest *next = &z->next;
    const pc_manifest *now = &z->now;
    next->commit = now->commit + 1;
    next->next_segment = now->next_segment;
    next->fingerprint = now->fingerprint;
    next->files_seen = now->files_seen;
    memcpy(next->skipped, now->skipped, sizeof next->skipped);
    next->skips_number = now->skips_number;
    next->skips_bytes = now->skips_bytes;
    next->skips_crc = now->skips_crc;
    next->files_number = now->files_number;
    next->files_bytes = now->files_bytes;
    next->files_crc = now->files_crc;
    return pc_manifest_set_spec(next, now->analyzer_spec, err);
}

static int write_segment(optimizer *z, const char *path, parasol_error *err)
{
    pi_out *out;
    pc_manifest_segment entry = {.number = z->next.next_segment};
    pi_merge_options o = {z->dir, z->order, (size_t)z->o.memory / 2,
                          z->o.progress ? on_merging : NULL, z};
    int rc =
        pi_out_create(&out, path, PC_KIND_SEGMENT, entry.number, z->mem, err);
    if (rc)
        return rc;
    rc = pi_merge(z->sources, z->n_sources, &o, out, &entry.docs, z->mem, err);
    if (rc) {
        pi_out_abort(out);
        return rc;
    }
    z->next.next_segment++;
    rc = pi_out_finish(out, &entry.file_bytes, &entry.trailer_crc, err);
    return rc ? rc : pc_manifest_add(&z->next, &entry, err);
}

static void log_commit(const optimizer *z)
{
    pc_log_line line = {.commit = z->next.commit,
                        .what = "optimize",
                        .documents = z->docs,
                        .bytes = pc_manifest_bytes(&z->next)};
    pi_log_append(z->dir, &line, z->mem);
}

static int write_commit(optimizer *z, parasol_error *err)
{
    pc_buf path;
    pc_buf_init(&path, z->mem);
    int rc = start_manifest(z, err);
    if (!rc && z->docs > 0) {
        const char *name = pc_name_path(&path, z->dir, PC_NAME_SEGMENT,
                                        z->next.next_segment, "", err);
        rc = name ? write_segment(z, name, err) : PARASOL_NOMEM;
    }
    pc_buf_release(&path);
    if (!rc && (z->now.flags & PC_MANIFEST_RELAXED))
        rc = pi_commit_sync(z->dir, &z->next, z->mem, err);
    if (!rc)
        rc = pi_commit_publish(z->dir, &z->next, z->mem, err);
    z->changed = rc == PARASOL_OK;
    pi_commit_collect(z->dir, rc ? &z->now : &z->next, z->mem);
    if (!rc)
        log_commit(z);
    return rc;
}

/* ---- all ---------------------------------------------------------------- */

static int optimize(optimizer *z, parasol_error *err)
{
    int rc = open_index(z, err);
    /* Ranks are looked at before the merge reads them. */
    for (size_t i = 0; !rc && i < z->n_sources; i++)
        rc = pc_seg_ranks(z->sources[i].seg, err);
    if (!rc && z->docs > 0)
        rc = find_order(z, err);
    if (rc || z->n_sources == 0 || is_done(z))
        return rc;
    return write_commit(z, err);
}

static void tell(const optimizer *z, parasol_optimize_info *info)
{
    const pc_manifest *m = z->changed ? &z->next : &z->now;
    parasol_optimize_info all = {info->struct_size,
                                 m->commit,
                                 z->docs,
                                 z->now.n_segments,
                                 pc_manifest_bytes(&z->now),
                                 pc_manifest_bytes(m),
                                 z->changed};
    memcpy(info, &all,
           all.struct_size < sizeof all ? all.struct_size : sizeof all);
}

static uint64_t half_of_ram(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (pages < 1 || size < 1)
        return (uint64_t)1 << 30;
    return (uint64_t)pages * (uint64_t)size / 2;
}

static void release(optimizer *z)
{
    pi_parts_release(&z->parts);
    pc_free(z->mem, z->sources);
    pc_free(z->mem, z->order);
    pc_manifest_release(&z->now);
    pc_manifest_release(&z->next);
    pc_lock_drop(&z->lock);
}

int parasol_optimize(const char *path, const parasol_optimize_options *options,
                     parasol_optimize_info *info, parasol_error *err)
{
    optimizer z = {.dir = path, .o = PARASOL_OPTIMIZE_OPTIONS_INIT};
    if (options)
        memcpy(&z.o, options,
               options->struct_size < sizeof z.o ? options->struct_size
                                                 : sizeof z.o);
    if (!path || !*path)
        return pc_fail(err, PARASOL_ARG, "no index directory was named");
    if (z.o.order < PARASOL_ORDER_BISECT || z.o.order > PARASOL_ORDER_NONE)
        return pc_fail(err, PARASOL_ARG, "there is no order %d", z.o.order);
    if (z.o.alloc)
        z.alloc = *z.o.alloc;
    z.mem = &z.alloc;
    if (!z.o.memory)
        z.o.memory = half_of_ram();
    if (z.o.memory < MEMORY_MIN)
        z.o.memory = MEMORY_MIN;
    pi_parts_init(&z.parts, path, z.mem);
    pc_manifest_init(&z.now, z.mem);
    pc_manifest_init(&z.next, z.mem);
    int rc = optimize(&z, err);
    if (!rc && info)
        tell(&z, info);
    release(&z);
    return rc;
}
