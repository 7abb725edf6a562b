/*
 * The end of an indexer: what was added becomes segments, and the segments a
 * commit.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/base/fail.h"
#include "common/format/name.h"
#include "common/os/file.h"
#include "indexer/commit/log.h"
#include "indexer/indexer_internal.h"

/* Files that were read in vain, or their bytes, so many that writing their
   times down is worth a commit. */
#define STALE_FILES 1024u
#define STALE_BYTES ((uint64_t)64 << 20)

/* ---- one segment -------------------------------------------------------- */

static int by_bytes(const void *a, const void *b)
{
    const pc_str *x = a, *y = b;
    return pc_str_cmp(*x, *y);
}

/* The ids of the last segment, sorted, in the arena. */
static int list_ids(parasol_indexer *w, pc_arena *arena, pc_str **out,
                    parasol_error *err)
{
    pi_part *part = &w->parts.v[w->parts.n - 1];
    uint32_t n = part->entry.docs;
    pc_ids ids;
    pc_str *list = pc_arena_zalloc(arena, n, sizeof *list);
    if (!list)
        return pc_fail_nomem(err);
    int rc = pi_parts_open(&w->parts, w->parts.n - 1, err);
    if (rc)
        return rc;
    rc = pc_ids_open(&ids, part->seg, w->mem, err);
    for (uint32_t d = 0; !rc && d < n; d++) {
        pc_str id;
        rc = pc_ids_get(&ids, d, &id, err);
        if (rc)
            break;
        list[d].ptr = pc_arena_copy(arena, id.ptr, id.len);
        list[d].len = id.len;
        if (!list[d].ptr)
            rc = pc_fail_nomem(err);
    }
    pc_ids_close(&ids);
    if (!rc && n > 1)
        qsort(list, n, sizeof *list, by_bytes);
    *out = list;
    return rc;
}

/* Documents of the segments before die where the last one has their ids. */
static int kill_replaced(parasol_indexer *w, parasol_error *err)
{
    pc_arena arena;
    pc_str *ids = NULL;
    size_t before = w->parts.n - 1;
    if (before == 0)
        return PARASOL_OK;
    pc_arena_init(&arena, w->mem, 0);
    int rc = list_ids(w, &arena, &ids, err);
    uint32_t n = w->parts.v[before].entry.docs;
    for (uint32_t i = 0; !rc && i < n; i++) {
        bool found = false;
        rc = pi_parts_kill(&w->parts, before, ids[i], &found, err);
        w->replaced += found;
        w->changed += found;
    }
    pc_arena_release(&arena);
    return rc;
}

static int write_segment(parasol_indexer *w, const char *path,
                         parasol_error *err)
{
    pi_out *o;
    pc_manifest_segment entry = {.number = w->next.next_segment};
    int rc =
        pi_out_create(&o, path, PC_KIND_SEGMENT, entry.number, w->mem, err);
    if (rc)
        return rc;
    if (!w->synced)
        pi_out_relax(o);
    w->next.next_segment++;
    rc = pi_pipe_finish(w, o, &entry.docs, err);
    if (rc || entry.docs == 0) { /* all of them were removed again */
        pi_out_abort(o);
        return rc;
    }
    rc = pi_out_finish(o, &entry.file_bytes, &entry.trailer_crc, err);
    if (!rc)
        rc = pi_parts_add(&w->parts, &entry, err);
    return rc ? rc : kill_replaced(w, err);
}

int pi_indexer_put_segment(parasol_indexer *w, parasol_error *err)
{
    pc_buf path;
    int rc = pi_indexer_put_open(w, err);
    if (!rc)
        rc = pi_pipe_drain(w, err);
    if (rc || w->n_docs == 0)
        return rc;
    pc_buf_init(&path, w->mem);
    const char *name = pc_name_path(&path, w->dir, PC_NAME_SEGMENT,
                                    w->next.next_segment, "", err);
    rc = name ? write_segment(w, name, err) : PARASOL_NOMEM;
    pc_buf_release(&path);
    pi_indexer_clear_buried(w);
    w->added = 0;
    return rc;
}

/* ---- files that are not searchable -------------------------------------- */

int pi_indexer_note_skip(parasol_indexer *w, pc_str path, uint64_t bytes,
                         int skip, pc_str detail, parasol_error *err)
{
    pc_skip s = {(unsigned)skip, bytes, path, detail};
    return pi_skip_list_put(&w->skips, &s, err);
}

/* ---- what has changed --------------------------------------------------- */

/* Documents that this run has written, dead or alive. */
static uint64_t written(const parasol_indexer *w)
{
    uint64_t docs = 0;
    for (size_t i = 0; i < w->parts.n; i++)
        docs += w->parts.v[i].own ? w->parts.v[i].entry.docs : 0;
    return docs;
}

static bool has_changed(const parasol_indexer *w, bool same_skips)
{
    const pi_catalog *c = &w->catalog;
    if (!w->updating || !same_skips || c->changed || w->removed > 0 ||
        w->changed > 0 || written(w) > 0)
        return true;
    /* Files whose times alone have changed are read again by every run until
       their times are written down. */
    return (c->n_stale > STALE_FILES || c->stale > STALE_BYTES) &&
           c->taken > c->old->taken;
}

/* ---- the files of the commit -------------------------------------------- */

static int on_merge(double done, void *user)
{
    parasol_indexer *w = user;
    return w->merging((uint64_t)(done * 1000), 1000, w->user);
}

static int put_parts(parasol_indexer *w, parasol_error *err)
{
    pi_settle_options o = {
        &w->next.next_segment,        w->merge && w->updating,      w->synced,
        (size_t)w->budget.memory / 2, w->merging ? on_merge : NULL, w};
    return pi_parts_settle(&w->parts, &o, &w->next, err);
}

static int put_skips(parasol_indexer *w, bool same, parasol_error *err)
{
    if (same) {
        memcpy(w->next.skipped, w->now.skipped, sizeof w->next.skipped);
        w->next.skips_number = w->now.skips_number;
        w->next.skips_bytes = w->now.skips_bytes;
        w->next.skips_crc = w->now.skips_crc;
        return PARASOL_OK;
    }
    int rc = pi_skip_list_write(&w->skips, w->dir, w->next.next_segment,
                                w->synced, &w->next, err);
    w->next.next_segment += w->next.skips_number > 0;
    return rc;
}

static int put_catalog(parasol_indexer *w, parasol_error *err)
{
    const pi_catalog *c = &w->catalog;
    if (w->updating && !c->changed && c->n_known == 0) {
        w->next.files_number = w->now.files_number;
        w->next.files_bytes = w->now.files_bytes;
        w->next.files_crc = w->now.files_crc;
        return PARASOL_OK;
    }
    int rc = pi_catalog_write(&w->catalog, w->next.next_segment, w->synced,
                              &w->next, err);
    w->next.next_segment += w->next.files_number > 0;
    return rc;
}

/* ---- commit ------------------------------------------------------------- */

static void log_commit(const parasol_indexer *w)
{
    pc_log_line line = {.commit = w->next.commit,
                        .added = w->new_docs,
                        .changed = w->changed,
                        .removed = w->removed,
                        .documents = pc_manifest_docs(&w->next) -
                                     pc_manifest_dead(&w->next),
                        .bytes = pc_manifest_bytes(&w->next)};
    (void)snprintf(line.what, sizeof line.what, "%s",
                   w->updating ? "update" : "index");
    pi_log_append(w->dir, &line, w->mem);
}

static int publish(parasol_indexer *w, bool same_skips, parasol_error *err)
{
    int rc = put_parts(w, err);
    if (!rc)
        rc = put_skips(w, same_skips, err);
    if (!rc)
        rc = put_catalog(w, err);
    w->next.files_seen =
        pc_manifest_docs(&w->next) - pc_manifest_dead(&w->next) + w->skips.n;
    if (!w->updating)
        w->next.files_seen += w->replaced;
    bool relaxed_before = (w->now.flags & PC_MANIFEST_RELAXED) != 0;
    if (!rc && w->updating && w->synced && relaxed_before)
        rc = pi_commit_sync(w->dir, &w->next, w->mem, err);
    if (!rc)
        rc = pi_commit_publish(w->dir, &w->next, w->mem, err);
    if (rc)
        return rc;
    w->done = true;
    pi_commit_collect(w->dir, &w->next, w->mem);
    log_commit(w);
    return PARASOL_OK;
}

static void tell(const parasol_indexer *w, bool made, parasol_commit_info *info)
{
    const pc_manifest *m = made ? &w->next : &w->now;
    parasol_commit_info all = {.commit = m->commit,
                               .documents =
                                   pc_manifest_docs(m) - pc_manifest_dead(m),
                               .index_bytes = pc_manifest_bytes(m),
                               .replaced = w->replaced,
                               .added = w->new_docs,
                               .changed = w->changed,
                               .removed = w->removed,
                               .unchanged = !made};
    size_t n = info->struct_size;
    all.struct_size = n;
    memcpy(info, &all, n < sizeof all ? n : sizeof all);
}

static int commit(parasol_indexer *w, parasol_commit_info *info,
                  parasol_error *err)
{
    bool same_skips = false;
    int rc = PARASOL_OK;
    if (!w->dry)
        rc = pi_indexer_put_segment(w, err);
    if (!rc && w->updating)
        rc = pi_skip_list_carry(&w->skips, &w->now, &w->catalog, w->inputs,
                                w->n_inputs, &same_skips, err);
    if (rc)
        return rc;
    w->new_docs = written(w) - w->changed;
    bool made = has_changed(w, same_skips) && !w->dry;
    if (made)
        rc = publish(w, same_skips, err);
    w->done = rc == PARASOL_OK;
    if (!rc && info)
        tell(w, made, info);
    return rc;
}

int parasol_indexer_commit(parasol_indexer *w, parasol_commit_info *info,
                           parasol_error *err)
{
    int rc = pi_indexer_usable(w, err);
    if (rc)
        return rc;
    w->status = commit(w, info, err);
    return w->status;
}
