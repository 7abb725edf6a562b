/*
 * Opening a commit.
 */
#include "searcher/view/snapshot.h"

#include <errno.h>

#include "common/base/fail.h"
#include "common/codec/damp.h"
#include "common/format/home.h"

/* A writer may remove the files of the commit just read before they are
   opened; the newest commit is then another. */
#define TRIES 100

/* ---- segments ----------------------------------------------------------- */

static bool same_segment(const pc_manifest_segment *a,
                         const pc_manifest_segment *b)
{
    return a->number == b->number && a->file_bytes == b->file_bytes &&
           a->trailer_crc == b->trailer_crc && a->docs == b->docs;
}

static bool same_live(const pc_manifest_segment *a,
                      const pc_manifest_segment *b)
{
    return a->live_number == b->live_number && a->live_bytes == b->live_bytes &&
           a->live_crc == b->live_crc && a->dead == b->dead;
}

/* The place of the segment in `known`; known->n_segs if it has none. */
static uint32_t find_known(const ps_snapshot *known,
                           const pc_manifest_segment *m)
{
    uint32_t i = 0;
    while (i < known->n_segs && !same_segment(&known->manifest.segments[i], m))
        i++;
    return i;
}

static int open_seg(pc_seg **out, pc_home *home, const pc_manifest_segment *m,
                    const pc_mem *mem, parasol_error *err)
{
    const pc_commit_file named = {PC_NAME_SEGMENT, m->number, m->file_bytes,
                                  m->trailer_crc};
    pc_sealed *file = NULL;
    pc_seg *seg = NULL;
    int rc = pc_home_commit_file(home, &file, &named, err);
    if (!rc)
        rc = pc_seg_take(&seg, file, mem, err);
    if (!rc && seg->docs != m->docs) {
        rc = pc_fail(err, PARASOL_CORRUPT,
                     "%s: not the segment that the manifest names",
                     pc_sealed_path(seg->file));
        pc_seg_close(seg);
    }
    if (!rc)
        *out = seg;
    return rc;
}

/* Opens the segment and its dead documents as the next of the snapshot, or
   takes what of them `known` has. */
static int open_segment(ps_snapshot *s, const ps_snapshot *known, pc_home *home,
                        const pc_manifest_segment *m, parasol_error *err)
{
    uint32_t i = s->n_segs, at = known ? find_known(known, m) : 0;
    bool have = known && at < known->n_segs;
    int rc = PARASOL_OK;
    if (have)
        s->segs[i] = pc_seg_keep(known->segs[at]);
    else
        rc = open_seg(&s->segs[i], home, m, s->mem, err);
    if (rc)
        return rc;
    s->n_segs++;
    if (have && same_live(&known->manifest.segments[at], m))
        rc = pc_live_copy(&s->live[i], &known->live[at], s->mem, err);
    else
        rc = pc_live_read_home(&s->live[i], home, m, s->mem, err);
    if (rc)
        return rc;
    s->first_doc[i] = s->docs;
    s->docs += m->docs;
    s->dead += m->dead;
    if (s->docs > INT32_MAX)
        return pc_fail(err, PARASOL_FULL,
                       "%s: more than 2^31 - 1 documents in one index",
                       home->path);
    for (unsigned k = 0; k < PC_FIELD_COUNT; k++)
        s->lengths[k] += s->segs[i]->lengths[k];
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

/* Opens what s->manifest names. */
static int open_commit(ps_snapshot *s, const ps_snapshot *known, pc_home *home,
                       parasol_error *err)
{
    size_t n = s->manifest.n_segments;
    int rc = PARASOL_OK;
    s->segs = pc_zalloc(s->mem, n, sizeof(pc_seg *));
    s->live = pc_zalloc(s->mem, n, sizeof *s->live);
    s->first_doc = pc_zalloc(s->mem, n, sizeof *s->first_doc);
    if (!s->segs || !s->live || !s->first_doc)
        rc = pc_fail_nomem(err);
    for (size_t i = 0; !rc && i < n; i++)
        rc = open_segment(s, known, home, &s->manifest.segments[i], err);
    if (!rc)
        rc = ps_views_make(&s->views, &s->n_views, &s->languages, s->segs,
                           s->live, s->n_segs, s->manifest.analyzer_spec,
                           s->mem, err);
    return rc ? rc : prepare_damping(s, err);
}

/* ---- the newest commit -------------------------------------------------- */

/* Numbers alone do not tell: an index may have been made anew. */
static bool same_commit(const pc_manifest *a, const pc_manifest *b)
{
    if (a->commit != b->commit || a->fingerprint != b->fingerprint ||
        a->n_segments != b->n_segments || a->skips_number != b->skips_number ||
        a->skips_crc != b->skips_crc)
        return false;
    for (size_t i = 0; i < a->n_segments; i++) {
        if (!same_segment(&a->segments[i], &b->segments[i]) ||
            !same_live(&a->segments[i], &b->segments[i]))
            return false;
    }
    return true;
}

/* Opens the newest commit, unless it is that of `known`, which sets *same. */
static int open_newest(ps_snapshot *s, const ps_snapshot *known,
                       const char *path, bool *same, const pc_mem *mem,
                       parasol_error *err)
{
    pc_home home;
    *s = (ps_snapshot){.mem = mem};
    *same = false;
    pc_manifest_init(&s->manifest, mem);
    int rc = pc_home_open(&home, path, mem, err);
    if (!rc)
        rc = pc_home_manifest(&home, &s->manifest, err);
    if (!rc && known)
        *same = same_commit(&s->manifest, &known->manifest);
    if (!rc && !*same)
        rc = open_commit(s, known, &home, err);
    pc_home_close(&home);
    return rc;
}

/* The same, again and again as long as a writer is faster. */
static int open_any(ps_snapshot *s, const ps_snapshot *known, const char *path,
                    bool *same, const pc_mem *mem, parasol_error *err)
{
    parasol_error why = {0};
    int rc = PARASOL_NOTFOUND;
    uint64_t commit = 0;
    for (int i = 0; i < TRIES && rc == PARASOL_NOTFOUND; i++) {
        rc = open_newest(s, known, path, same, mem, &why);
        uint64_t now = s->manifest.commit;
        /* Missing files of a commit that is still the newest are lost. */
        if (rc == PARASOL_NOTFOUND && now > 0 && i > 0 && now == commit)
            rc = why.os_errno == ESTALE ? PARASOL_IO : PARASOL_CORRUPT;
        commit = now;
        if (rc)
            ps_snapshot_release(s);
        if (rc == PARASOL_NOTFOUND && commit == 0)
            break;
    }
    if (rc && err) {
        *err = why;
        err->code = rc; /* the sentence names the file */
    }
    return rc;
}

int ps_snapshot_open(ps_snapshot *s, const char *path, const pc_mem *mem,
                     parasol_error *err)
{
    bool same;
    return open_any(s, NULL, path, &same, mem, err);
}

void ps_snapshot_release(ps_snapshot *s)
{
    ps_views_free(s->views, s->n_views, s->mem);
    for (uint32_t i = 0; i < s->n_segs; i++) {
        pc_seg_close(s->segs[i]);
        pc_live_release(&s->live[i]);
    }
    pc_free(s->mem, s->segs);
    pc_free(s->mem, s->live);
    pc_free(s->mem, s->first_doc);
    pc_free(s->mem, s->ratios);
    pc_manifest_release(&s->manifest);
    *s = (ps_snapshot){.mem = s->mem};
}

/* ---- owners ------------------------------------------------------------- */

int ps_snapshot_new(ps_snapshot **out, ps_snapshot *known, const char *path,
                    const pc_mem *mem, parasol_error *err)
{
    bool same = false;
    ps_snapshot *s = pc_zalloc(mem, 1, sizeof *s);
    if (!s)
        return pc_fail_nomem(err);
    int rc = open_any(s, known, path, &same, mem, err);
    if (rc || same) {
        if (!rc)
            ps_snapshot_release(s);
        pc_free(mem, s);
        if (!rc)
            *out = ps_snapshot_keep(known);
        return rc;
    }
    atomic_init(&s->refs, 1);
    *out = s;
    return PARASOL_OK;
}

ps_snapshot *ps_snapshot_keep(ps_snapshot *s)
{
    (void)atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
    return s;
}

void ps_snapshot_drop(ps_snapshot *s)
{
    if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) > 1)
        return;
    const pc_mem *mem = s->mem;
    ps_snapshot_release(s);
    pc_free(mem, s);
}

/* ---- documents ---------------------------------------------------------- */

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

int ps_snapshot_narrow(ps_snapshot *out, const ps_snapshot *s, uint8_t language,
                       pc_arena *arena)
{
    *out = (ps_snapshot){.mem = s->mem,
                         .manifest = s->manifest,
                         .segs = s->segs,
                         .live = s->live,
                         .n_segs = s->n_segs,
                         .first_doc = s->first_doc,
                         .ratios = s->ratios};
    memcpy(out->damp, s->damp, sizeof out->damp);
    out->views = pc_arena_zalloc(arena, s->n_views, sizeof *out->views);
    if (!out->views)
        return PARASOL_NOMEM;
    out->languages = (ps_languages){1, s->languages.is_auto, {language}};
    for (uint32_t i = 0; i < s->n_views; i++) {
        const ps_view *v = &s->views[i];
        if (s->languages.v[v->language] != language)
            continue;
        out->views[out->n_views] = *v;
        out->views[out->n_views++].language = 0;
        out->docs += v->seg->languages.v[v->number].docs;
        out->dead +=
            v->live.dead - (v->seg->docs - v->seg->languages.v[v->number].docs);
    }
    /* The average length stays that of all: norms are compared with it. */
    for (unsigned f = 0; f < PC_FIELD_COUNT && s->docs > 0; f++)
        out->lengths[f] = (uint64_t)((double)s->lengths[f] / (double)s->docs *
                                     (double)out->docs);
    return PARASOL_OK;
}

uint32_t ps_snapshot_language(const ps_snapshot *s, uint64_t doc)
{
    uint32_t i = s->n_views;
    while (i-- > 0) {
        const ps_view *v = &s->views[i];
        uint64_t first = s->first_doc[v->segment];
        if (doc < first)
            continue;
        const pc_seg_languages *l = &v->seg->languages;
        if (pc_seg_language_of(l, (uint32_t)(doc - first)) == v->number)
            return v->language;
    }
    return 0;
}
