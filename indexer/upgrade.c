/*
 * parasol_upgrade: an index as this version would have made it.
 */
#include <parasol/version.h>

#include "common/base/fail.h"
#include "common/segment/live.h"
#include "common/text/analyzer.h"
#include "indexer/repair_internal.h"

/* Does this program analyse as the index was analysed, and write its
   format? */
static int is_current(pi_repair *x, bool *out, parasol_error *err)
{
    pc_analyzer *a = NULL;
    parasol_error why;
    int rc = pc_analyzer_open_spec(&a, x->now.analyzer_spec, x->mem, &why);
    if (rc == PARASOL_NOMEM)
        return pc_fail_nomem(err);
    *out = !rc && pc_analyzer_fingerprint(a) == x->now.fingerprint &&
           x->now.format_version == PARASOL_FORMAT_VERSION;
    pc_analyzer_free(a);
    return PARASOL_OK;
}

static int do_segment(pi_repair *x, size_t i, pc_manifest *made,
                      parasol_error *err)
{
    const pc_manifest_segment *from = &x->now.segments[i];
    pc_manifest_segment entry = {0};
    pc_live live;
    int rc = pc_live_read(&live, x->dir, from, x->mem, err);
    if (!rc)
        rc = pi_repair_segment(x, from, live.alive, false, made, &entry, err);
    pc_live_release(&live);
    if (!rc && entry.docs > 0)
        rc = pc_manifest_add(&x->next, &entry, err);
    return rc;
}

static void keep_others(pi_repair *x)
{
    pc_manifest *to = &x->next;
    const pc_manifest *from = &x->now;
    to->files_seen = from->files_seen;
    memcpy(to->skipped, from->skipped, sizeof to->skipped);
    to->skips_number = from->skips_number;
    to->skips_bytes = from->skips_bytes;
    to->skips_crc = from->skips_crc;
    to->files_number = from->files_number;
    to->files_bytes = from->files_bytes;
    to->files_crc = from->files_crc;
}

/* An index without documents says how it would be analysed, too. */
static int make_spec(pi_repair *x, pc_manifest *made, parasol_error *err)
{
    pc_manifest_segment none;
    if (made->analyzer_spec.len > 0 || x->o.dry_run)
        return PARASOL_OK;
    int rc = pi_rebuild_begin(&x->rebuild, true, err);
    return rc ? rc : pi_rebuild_end(&x->rebuild, &x->next, &none, made, err);
}

static int write_all(pi_repair *x, parasol_error *err)
{
    pc_manifest made;
    pc_manifest_init(&made, x->mem);
    int rc = pi_rebuild_init(&x->rebuild, x->dir, x->now.analyzer_spec, &x->o,
                             x->mem, err);
    if (!rc)
        rc = pc_files_open(&x->files, x->dir, &x->now, x->mem, err);
    for (size_t i = 0; !rc && i < x->now.n_segments; i++)
        rc = do_segment(x, i, &made, err);
    if (!rc && x->info.lost > 0)
        rc = pc_fail(err, PARASOL_NOTFOUND,
                     "%llu documents cannot be made again; name the folder "
                     "with their files. The index is as it was",
                     (unsigned long long)x->info.lost);
    if (!rc)
        rc = make_spec(x, &made, err);
    x->next.fingerprint = made.fingerprint;
    if (!rc)
        rc = pc_manifest_set_spec(&x->next, made.analyzer_spec, err);
    pc_manifest_release(&made);
    keep_others(x);
    return pi_repair_publish(x, "upgrade", rc, err);
}

static int upgrade(pi_repair *x, parasol_error *err)
{
    bool current = false;
    int rc = pc_manifest_newest(x->dir, &x->now, x->mem, err);
    if (!rc)
        rc = is_current(x, &current, err);
    x->info.commit = x->now.commit;
    x->info.documents = pc_manifest_docs(&x->now) - pc_manifest_dead(&x->now);
    if (rc || current)
        return rc;
    rc = pi_repair_lock(x, err);
    if (rc)
        return rc;
    /* Again, as another writer may have been at work. */
    pc_manifest_release(&x->now);
    rc = pc_manifest_newest(x->dir, &x->now, x->mem, err);
    if (!rc)
        rc = pi_repair_say(x, PARASOL_REPAIR_DID, "", PC_STR_LIT(""), err,
                           "format %u and \"%.*s\" become format %d and the "
                           "analysis of this version",
                           x->now.format_version,
                           PC_STR_ARG(x->now.analyzer_spec),
                           PARASOL_FORMAT_VERSION);
    return rc ? rc : write_all(x, err);
}

int parasol_upgrade(const char *path, const parasol_repair_options *options,
                    parasol_repair_info *info, parasol_error *err)
{
    pi_repair x;
    int rc = pi_repair_init(&x, path, options, err);
    if (!rc)
        rc = upgrade(&x, err);
    if (!rc && info)
        pi_repair_tell(&x, info);
    pi_repair_release(&x);
    return rc;
}
