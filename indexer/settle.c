/*
 * What the segments of a commit become before it is made: merged, or written
 * without their dead, or given a list of the dead.
 */
#include "common/base/fail.h"
#include "common/format/name.h"
#include "common/os/file.h"
#include "indexer/merge/merge.h"
#include "indexer/merge/policy.h"
#include "indexer/parts_internal.h"
#include "indexer/write/live_writer.h"

/* A segment with more than one dead document in so many is written anew. */
#define DEAD_SHARE 3u

/* ---- leaving out -------------------------------------------------------- */

/* Removes the file of a segment that this run wrote and does not need any
   more. Those of the commit before are still somebody's. */
static void discard(pi_parts *p, pi_part *part)
{
    pc_buf path;
    pi_part_close(p, part);
    if (!part->own)
        return;
    pc_buf_init(&path, p->mem);
    const char *name = pc_name_path(&path, p->dir, PC_NAME_SEGMENT,
                                    part->entry.number, "", NULL);
    if (name)
        (void)pc_file_unlink(name, NULL);
    pc_buf_release(&path);
}

/* Takes the segments [from, from + n) out; `with`, if not NULL, takes their
   place. */
static void replace(pi_parts *p, pi_merge_set set, const pi_part *with)
{
    size_t behind = set.from + set.n;
    for (size_t i = set.from; i < behind; i++)
        discard(p, &p->v[i]);
    if (with)
        p->v[set.from++] = *with;
    memmove(p->v + set.from, p->v + behind, (p->n - behind) * sizeof *p->v);
    p->n -= behind - set.from;
}

static void drop_dead(pi_parts *p)
{
    for (size_t i = p->n; i-- > 0;) {
        if (p->v[i].entry.dead == p->v[i].entry.docs)
            replace(p, (pi_merge_set){i, 1}, NULL);
    }
}

/* ---- merging ------------------------------------------------------------ */

/* What the living documents of a segment take, about. */
static uint64_t live_bytes(const pi_part *part)
{
    const pc_manifest_segment *e = &part->entry;
    double share = 1.0 - (double)e->dead / (double)(e->docs ? e->docs : 1);
    return (uint64_t)((double)e->file_bytes * share);
}

/* What to write anew; n 0: nothing. */
static int choose(const pi_parts *p, pi_merge_set *set, parasol_error *err)
{
    pi_policy policy = PI_POLICY_INIT;
    *set = (pi_merge_set){0, 0};
    uint64_t *sizes = pc_alloc(p->mem, p->n, sizeof *sizes);
    if (!sizes)
        return pc_fail_nomem(err);
    for (size_t i = 0; i < p->n; i++)
        sizes[i] = live_bytes(&p->v[i]);
    *set = pi_policy_next(&policy, sizes, p->n);
    for (size_t i = 0; i < p->n && set->n == 0; i++) {
        if (p->v[i].entry.dead > p->v[i].entry.docs / DEAD_SHARE)
            *set = (pi_merge_set){i, 1};
    }
    pc_free(p->mem, sizes);
    return PARASOL_OK;
}

static int write_merged(const pi_parts *p, pi_merge_set set,
                        const pi_merge_source *sources,
                        const pi_settle_options *o, pc_manifest_segment *entry,
                        parasol_error *err)
{
    pc_buf path;
    pi_out *out = NULL;
    pi_merge_options m = {p->dir, NULL, o->memory, o->progress, o->user};
    pc_buf_init(&path, p->mem);
    const char *name =
        pc_name_path(&path, p->dir, PC_NAME_SEGMENT, entry->number, "", err);
    int rc = name ? pi_out_create(&out, name, PC_KIND_SEGMENT, entry->number,
                                  p->mem, err)
                  : PARASOL_NOMEM;
    pc_buf_release(&path);
    if (rc)
        return rc;
    if (!o->synced)
        pi_out_relax(out);
    rc = pi_merge(sources, set.n, &m, out, &entry->docs, p->mem, err);
    if (rc) {
        pi_out_abort(out);
        return rc;
    }
    return pi_out_finish(out, &entry->file_bytes, &entry->trailer_crc, err);
}

static int merge(pi_parts *p, pi_merge_set set, const pi_settle_options *o,
                 parasol_error *err)
{
    pi_part merged = {.own = true};
    int rc = PARASOL_OK;
    pi_merge_source *sources = pc_zalloc(p->mem, set.n, sizeof *sources);
    if (!sources)
        return pc_fail_nomem(err);
    for (size_t i = 0; !rc && i < set.n; i++) {
        rc = pi_parts_open(p, set.from + i, err);
        sources[i].seg = p->v[set.from + i].seg;
        sources[i].live = p->v[set.from + i].live.alive;
    }
    merged.entry.number = (*o->next_segment)++;
    if (!rc)
        rc = write_merged(p, set, sources, o, &merged.entry, err);
    pc_free(p->mem, sources);
    if (!rc)
        replace(p, set, &merged);
    return rc;
}

static int merge_all(pi_parts *p, const pi_settle_options *o,
                     parasol_error *err)
{
    int rc = PARASOL_OK;
    while (!rc) {
        pi_merge_set set;
        rc = choose(p, &set, err);
        if (rc || set.n == 0)
            break;
        rc = merge(p, set, o, err);
    }
    return rc;
}

/* ---- writing down ------------------------------------------------------- */

static int write_live(pi_parts *p, pi_part *part, const pi_settle_options *o,
                      parasol_error *err)
{
    if (!part->changed)
        return PARASOL_OK;
    uint64_t number = (*o->next_segment)++;
    return pi_live_write(p->dir, number, part->live.alive, &part->entry, p->mem,
                         err);
}

int pi_parts_settle(pi_parts *p, const pi_settle_options *o, pc_manifest *next,
                    parasol_error *err)
{
    int rc = PARASOL_OK;
    drop_dead(p);
    if (o->merge)
        rc = merge_all(p, o, err);
    for (size_t i = 0; !rc && i < p->n; i++) {
        rc = write_live(p, &p->v[i], o, err);
        if (!rc)
            rc = pc_manifest_add(next, &p->v[i].entry, err);
    }
    return rc;
}
