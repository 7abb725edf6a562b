/*
 * parasol_repair: what a check finds damaged is made again, and nothing else.
 */
#include <parasol/check.h>

#include "common/base/fail.h"
#include "common/segment/live.h"
#include "common/segment/seg.h"
#include "indexer/repair_internal.h"
#include "indexer/write/live_writer.h"

/* ---- what is damaged ---------------------------------------------------- */

bool pi_repair_is_bad(const pi_repair *x, enum pc_name of, uint64_t number)
{
    for (const pi_bad_file *b = x->bad; b; b = b->next) {
        uint64_t n;
        if (pc_name_parse(pc_str_of(b->name), &n) == of && n == number)
            return true;
    }
    return false;
}

void pi_repair_forget(pi_repair *x, enum pc_name of, uint64_t number)
{
    pi_bad_file **at = &x->bad;
    while (*at) {
        uint64_t n;
        if (pc_name_parse(pc_str_of((*at)->name), &n) == of && n == number)
            *at = (*at)->next;
        else
            at = &(*at)->next;
    }
}

static int on_finding(const parasol_finding *f, void *user)
{
    pi_repair *x = user;
    if (f->severity != PARASOL_DAMAGE)
        return 0;
    pi_bad_file *b = pc_arena_zalloc(&x->arena, 1, sizeof *b);
    char *name = pc_arena_copy(&x->arena, f->file, strlen(f->file));
    if (!b || !name)
        return 1;
    *b = (pi_bad_file){x->bad, name};
    x->bad = b;
    return 0;
}

int pi_repair_check(pi_repair *x, parasol_error *err)
{
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    parasol_check_info info = PARASOL_CHECK_INFO_INIT;
    o.alloc = x->o.alloc;
    o.deep = 1;
    o.report = on_finding;
    o.user = x;
    x->bad = NULL;
    int rc = parasol_check(x->dir, &o, &info, err);
    if (rc == PARASOL_ARG)
        return pc_fail_nomem(err);
    x->info.commit = info.commit;
    x->info.documents = info.documents;
    x->lost_manifest = rc == PARASOL_CORRUPT && info.commit == 0;
    return rc;
}

/* ---- segments ----------------------------------------------------------- */

/* Writes which documents of a sound segment are dead. */
static int put_live(pi_repair *x, const uint64_t *alive,
                    pc_manifest_segment *entry, parasol_error *err)
{
    entry->live_number = entry->live_bytes = 0;
    entry->live_crc = entry->dead = 0;
    if (x->o.dry_run)
        return PARASOL_OK;
    int rc =
        pi_live_write(x->dir, x->next.next_segment, alive, entry, x->mem, err);
    x->next.next_segment += !rc && entry->live_number;
    return rc;
}

/* alive[] of segment i, and whether it had to be found out. */
static int find_alive(pi_repair *x, size_t i, uint64_t **alive, bool *found_out,
                      parasol_error *err)
{
    const pc_manifest_segment *entry = &x->now.segments[i];
    pc_live live;
    size_t words = pc_live_words(entry->docs);
    bool bad = entry->live_number &&
               pi_repair_is_bad(x, PC_NAME_LIVE, entry->live_number);
    *found_out = bad || x->lost_deletes;
    *alive = pc_zalloc(x->mem, words, sizeof **alive);
    if (!*alive)
        return pc_fail_nomem(err);
    if (*found_out)
        return pi_repair_live(x, i, *alive, err);
    int rc = pc_live_read(&live, x->dir, entry, x->mem, err);
    if (!rc && live.alive)
        memcpy(*alive, live.alive, words * sizeof **alive);
    else
        memset(*alive, 0xff, words * sizeof **alive);
    pc_live_release(&live);
    return rc;
}

/* A segment that cannot even be opened keeps the index from being searched, so
   it goes, if there are others. */
static int may_stay(pi_repair *x, const pc_manifest_segment *entry, bool *out,
                    parasol_error *err)
{
    pc_buf path;
    pc_seg *seg = NULL;
    parasol_error why = {0};
    pc_buf_init(&path, x->mem);
    const char *name =
        pc_name_path(&path, x->dir, PC_NAME_SEGMENT, entry->number, "", NULL);
    int rc = name ? pc_seg_open(&seg, name, x->mem, &why) : PARASOL_NOMEM;
    pc_seg_close(seg);
    pc_buf_release(&path);
    *out = rc == PARASOL_OK || x->now.n_segments == 1;
    return pi_salvage_stops(rc, &why) ? pi_salvage_pass_on(rc, &why, err)
                                      : PARASOL_OK;
}

static int do_segment(pi_repair *x, size_t i, parasol_error *err)
{
    pc_manifest_segment entry = x->now.segments[i];
    uint64_t *alive = NULL;
    bool found_out = false, keep = false;
    bool bad = pi_repair_is_bad(x, PC_NAME_SEGMENT, entry.number);
    int rc = PARASOL_OK;
    if (bad || x->lost_deletes ||
        (entry.live_number &&
         pi_repair_is_bad(x, PC_NAME_LIVE, entry.live_number)))
        rc = find_alive(x, i, &alive, &found_out, err);
    if (!rc && bad)
        rc = may_stay(x, &entry, &keep, err);
    if (!rc && bad)
        rc = pi_repair_segment(x, &x->now.segments[i], alive, keep, NULL,
                               &entry, err);
    if (!rc && found_out && entry.number == x->now.segments[i].number)
        rc = put_live(x, alive, &entry, err);
    pc_free(x->mem, alive);
    if (!rc && entry.docs > 0)
        rc = pc_manifest_add(&x->next, &entry, err);
    return rc;
}

/* ---- the rest of the manifest ------------------------------------------- */

static int do_skips(pi_repair *x, parasol_error *err)
{
    const pc_manifest *now = &x->now;
    x->next.files_seen = now->files_seen;
    memcpy(x->next.skipped, now->skipped, sizeof now->skipped);
    if (now->skips_number &&
        pi_repair_is_bad(x, PC_NAME_SKIPS, now->skips_number))
        return pi_repair_say(
            x, PARASOL_REPAIR_DID,
            pi_repair_name(x, PC_NAME_SKIPS, now->skips_number), PC_STR_LIT(""),
            err,
            "left out: which files are not searchable is known again after the "
            "next run of indexing");
    x->next.skips_number = now->skips_number;
    x->next.skips_bytes = now->skips_bytes;
    x->next.skips_crc = now->skips_crc;
    return PARASOL_OK;
}

static int do_files(pi_repair *x, parasol_error *err)
{
    const pc_manifest *now = &x->now;
    bool bad = pi_repair_is_bad(x, PC_NAME_FILES, now->files_number);
    if (now->files_number &&
        (bad || x->info.lost > 0 || x->reread || x->lost_deletes))
        return pi_repair_catalog(x, err);
    x->next.files_number = now->files_number;
    x->next.files_bytes = now->files_bytes;
    x->next.files_crc = now->files_crc;
    return PARASOL_OK;
}

/* ---- all ---------------------------------------------------------------- */

static int read_now(pi_repair *x, parasol_error *err)
{
    if (x->lost_manifest)
        return pi_repair_manifest(x, err);
    return pc_manifest_newest(x->dir, &x->now, x->mem, err);
}

/* Would the new commit be the old one? */
static bool is_unchanged(const pi_repair *x)
{
    const pc_manifest *a = &x->now, *b = &x->next;
    bool same = !x->lost_manifest && a->n_segments == b->n_segments &&
                a->skips_number == b->skips_number &&
                a->files_number == b->files_number;
    for (size_t i = 0; same && i < a->n_segments; i++)
        same = a->segments[i].number == b->segments[i].number &&
               a->segments[i].live_number == b->segments[i].live_number;
    return same && x->info.kept > 0;
}

static int mend(pi_repair *x, parasol_error *err)
{
    int rc = read_now(x, err);
    if (!rc)
        rc = pi_rebuild_init(&x->rebuild, x->dir, x->now.analyzer_spec, &x->o,
                             x->mem, err);
    if (!rc && !pi_repair_is_bad(x, PC_NAME_FILES, x->now.files_number))
        rc = pc_files_open(&x->files, x->dir, &x->now, x->mem, err);
    /* Also above the numbers of files that are gone. */
    if (x->next.next_segment < x->now.next_segment)
        x->next.next_segment = x->now.next_segment;
    x->next.fingerprint = x->now.fingerprint;
    if (!rc)
        rc = pc_manifest_set_spec(&x->next, x->now.analyzer_spec, err);
    for (size_t i = 0; !rc && i < x->now.n_segments; i++)
        rc = do_segment(x, i, err);
    if (!rc)
        rc = do_skips(x, err);
    if (!rc)
        rc = do_files(x, err);
    if (!rc && is_unchanged(x))
        return pc_fail(err, PARASOL_CORRUPT,
                       "%s cannot be mended from what is in it; name the "
                       "folder with its files, or index again",
                       x->dir);
    return pi_repair_publish(x, "repair", rc, err);
}

/* Files of which only the frame is damaged are then as they were. */
static int mend_frames(pi_repair *x, bool *mended, parasol_error *err)
{
    pc_manifest m;
    int rc = pc_manifest_newest(x->dir, &m, x->mem, err);
    for (size_t i = 0; !rc && i < m.n_segments; i++) {
        const pc_manifest_segment *s = &m.segments[i];
        rc = pi_repair_frame(x, PC_NAME_SEGMENT, s->number, s->file_bytes,
                             s->trailer_crc, mended, err);
        if (!rc)
            rc = pi_repair_frame(x, PC_NAME_LIVE, s->live_number, s->live_bytes,
                                 s->live_crc, mended, err);
    }
    if (!rc)
        rc = pi_repair_frame(x, PC_NAME_SKIPS, m.skips_number, m.skips_bytes,
                             m.skips_crc, mended, err);
    if (!rc)
        rc = pi_repair_frame(x, PC_NAME_FILES, m.files_number, m.files_bytes,
                             m.files_crc, mended, err);
    pc_manifest_release(&m);
    return rc;
}

/* With the lock, and x->bad. */
static int repair_locked(pi_repair *x, parasol_error *err)
{
    parasol_error why = {0};
    bool mended = false;
    int rc = x->lost_manifest ? PARASOL_OK : mend_frames(x, &mended, err);
    if (!rc && mended && x->o.dry_run && !x->bad)
        return PARASOL_OK;
    if (rc || !mended || x->o.dry_run)
        return rc ? rc : mend(x, err);
    rc = pi_repair_check(x, &why);
    if (rc == PARASOL_CORRUPT)
        return mend(x, err);
    x->info.changed = 1;
    return rc ? pc_fail(err, rc, "%s", why.message) : PARASOL_OK;
}

static int repair(pi_repair *x, parasol_error *err)
{
    parasol_error why = {0};
    int rc = pi_repair_check(x, &why);
    if (rc == PARASOL_CORRUPT) {
        rc = pi_repair_lock(x, err);
        /* Again, as another writer may have been at work. */
        if (!rc)
            rc = pi_repair_check(x, &why);
        if (rc == PARASOL_CORRUPT)
            return repair_locked(x, err);
    }
    if (rc && why.code == rc && err)
        *err = why;
    return rc;
}

int parasol_repair(const char *path, const parasol_repair_options *options,
                   parasol_repair_info *info, parasol_error *err)
{
    pi_repair x;
    int rc = pi_repair_init(&x, path, options, err);
    if (!rc)
        rc = repair(&x, err);
    if (!rc && info)
        pi_repair_tell(&x, info);
    pi_repair_release(&x);
    return rc;
}
