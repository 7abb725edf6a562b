/*
 * Opening a commit.
 */
#include "searcher/view/snapshot.h"

#include "common/base/fail.h"
#include "common/codec/damp.h"
#include "common/format/home.h"

/* A writer may remove the files of the commit just read before they are
   opened; the newest commit is then another. */
#define TRIES 100

static int open_segment(ps_snapshot *s, pc_home *home,
                        const pc_manifest_segment *m, parasol_error *err)
{
    const pc_commit_file named = {PC_NAME_SEGMENT, m->number, m->file_bytes,
                                  m->trailer_crc};
    pc_sealed *file = NULL;
    pc_seg *seg;
    int rc = pc_home_commit_file(home, &file, &named, err);
    if (!rc)
        rc = pc_seg_take(&seg, file, s->mem, err);
    if (rc)
        return rc;
    const char *name = pc_sealed_path(seg->file);
    s->first_doc[s->n_segs] = s->docs;
    s->segs[s->n_segs++] = seg;
    s->docs += seg->docs;
    if (s->docs > INT32_MAX)
        return pc_fail(err, PARASOL_FULL,
                       "%s: more than 2^31 - 1 documents in one index", name);
    for (unsigned i = 0; i < PC_FIELD_COUNT; i++)
        s->lengths[i] += seg->lengths[i];
    if (seg->docs != m->docs)
        return pc_fail(err, PARASOL_CORRUPT,
                       "%s: not the segment that the manifest names", name);
    return PARASOL_OK;
}

/* What every query with the usual parameters needs. */
static int prepare_damping(ps_snapshot *s, parasol_error *err)
{
    pc_damp_table(s->damp, PC_DAMP_K1, PC_DAMP_B, s->docs,
                  s->lengths[PC_FIELD_TEXT]);
    s->ratios = pc_alloc(s->mem, s->n_segs, sizeof *s->ratios);
    if (!s->ratios)
        return pc_fail_nomem(err);
    for (uint32_t i = 0; i < s->n_segs; i++)
        s->ratios[i] = pc_peak_compare(s->segs[i]->damp, s->damp);
    return PARASOL_OK;
}

static int open_commit(ps_snapshot *s, pc_home *home, parasol_error *err)
{
    int rc = pc_home_manifest(home, &s->manifest, err);
    if (!rc) {
        size_t n = s->manifest.n_segments;
        s->segs = pc_zalloc(s->mem, n, sizeof(pc_seg *));
        s->first_doc = pc_zalloc(s->mem, n, sizeof *s->first_doc);
        if (!s->segs || !s->first_doc)
            rc = pc_fail_nomem(err);
    }
    for (size_t i = 0; !rc && i < s->manifest.n_segments; i++)
        rc = open_segment(s, home, &s->manifest.segments[i], err);
    return rc ? rc : prepare_damping(s, err);
}

static int open_newest(ps_snapshot *s, const char *path, parasol_error *err)
{
    pc_home home;
    int rc = pc_home_open(&home, path, s->mem, err);
    if (!rc)
        rc = open_commit(s, &home, err);
    pc_home_close(&home);
    return rc;
}

int ps_snapshot_open(ps_snapshot *s, const char *path, const pc_mem *mem,
                     parasol_error *err)
{
    int rc = PARASOL_NOTFOUND;
    uint64_t commit = 0;
    for (int i = 0; i < TRIES && rc == PARASOL_NOTFOUND; i++) {
        *s = (ps_snapshot){.mem = mem};
        pc_manifest_init(&s->manifest, mem);
        rc = open_newest(s, path, err);
        /* Missing files of a commit that is still the newest are lost. */
        bool same = i > 0 && s->manifest.commit == commit;
        commit = s->manifest.commit;
        if (rc == PARASOL_NOTFOUND && commit > 0 && same) {
            rc = PARASOL_CORRUPT;
            if (err)
                err->code = rc; /* the sentence names the file */
        }
        if (rc)
            ps_snapshot_release(s);
        if (rc == PARASOL_NOTFOUND && commit == 0)
            break;
    }
    return rc;
}

void ps_snapshot_release(ps_snapshot *s)
{
    for (uint32_t i = 0; i < s->n_segs; i++)
        pc_seg_close(s->segs[i]);
    pc_free(s->mem, s->segs);
    pc_free(s->mem, s->first_doc);
    pc_free(s->mem, s->ratios);
    pc_manifest_release(&s->manifest);
    *s = (ps_snapshot){.mem = s->mem};
}

const pc_seg *ps_snapshot_seg(const ps_snapshot *s, uint64_t doc,
                              uint32_t *local)
{
    for (uint32_t i = s->n_segs; i-- > 0;) {
        if (doc >= s->first_doc[i]) {
            *local = (uint32_t)(doc - s->first_doc[i]);
            return *local < s->segs[i]->docs ? s->segs[i] : NULL;
        }
    }
    return NULL;
}
