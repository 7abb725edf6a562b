/*
 * Documents of one segment, made again; and what repair and upgrade have in
 * common.
 */
#include <stdarg.h>
#include <stdio.h>

#include "common/base/fail.h"
#include "common/os/file.h"
#include "common/segment/live.h"
#include "indexer/commit/commit.h"
#include "indexer/commit/log.h"
#include "indexer/repair_internal.h"

/* ---- beginning and end -------------------------------------------------- */

int pi_repair_init(pi_repair *x, const char *path,
                   const parasol_repair_options *options, parasol_error *err)
{
    *x = (pi_repair){.dir = path, .o = PARASOL_REPAIR_OPTIONS_INIT};
    if (options)
        memcpy(&x->o, options,
               options->struct_size < sizeof x->o ? options->struct_size
                                                  : sizeof x->o);
    if (x->o.alloc)
        x->alloc = *x->o.alloc;
    x->mem = &x->alloc;
    pc_manifest_init(&x->now, x->mem);
    pc_manifest_init(&x->next, x->mem);
    pc_arena_init(&x->arena, x->mem, 0);
    if (!path || !*path)
        return pc_fail(err, PARASOL_ARG, "no index directory was named");
    return PARASOL_OK;
}

void pi_repair_release(pi_repair *x)
{
    pi_rebuild_release(&x->rebuild);
    pc_manifest_release(&x->now);
    pc_manifest_release(&x->next);
    pc_arena_release(&x->arena);
    pc_lock_drop(&x->lock);
}

void pi_repair_tell(const pi_repair *x, parasol_repair_info *info)
{
    size_t size = info->struct_size;
    memcpy(info, &x->info, size < sizeof x->info ? size : sizeof x->info);
    info->struct_size = size;
}

int pi_repair_say(pi_repair *x, int kind, const char *file, pc_str id,
                  parasol_error *err, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    const char *z = pc_arena_copy(&x->arena, id.ptr, id.len);
    parasol_repair_event e = {sizeof e, kind, file, z, text};
    if (!z)
        return pc_fail_nomem(err);
    if (x->o.report && x->o.report(&e, x->o.user))
        return pc_fail(err, PARASOL_ARG, "stopped; the index is as it was");
    return PARASOL_OK;
}

const char *pi_repair_name(pi_repair *x, enum pc_name of, uint64_t number)
{
    pc_buf path;
    parasol_error err;
    pc_buf_init(&path, x->mem);
    const char *name = pc_name_path(&path, "", of, number, "", &err);
    const char *copy =
        name ? pc_arena_copy(&x->arena, name + 1, strlen(name + 1)) : NULL;
    pc_buf_release(&path);
    return copy ? copy : "";
}

int pi_repair_lock(pi_repair *x, parasol_error *err)
{
    pc_str *names;
    size_t n = 0;
    int rc = x->o.dry_run ? PARASOL_OK : pc_lock_take(&x->lock, x->dir, err);
    if (!rc)
        rc = pc_dir_list(&names, &n, x->dir, &x->arena, err);
    for (size_t i = 0; !rc && i < n; i++) {
        uint64_t number;
        enum pc_name of = pc_name_parse(names[i], &number);
        if (number == UINT64_MAX)
            rc = pc_fail(err, PARASOL_FULL, "%s: no numbers are left", x->dir);
        else if (of == PC_NAME_MANIFEST && number >= x->next.commit)
            x->next.commit = number + 1;
        else if (of != PC_NAME_MANIFEST && number >= x->next.next_segment)
            x->next.next_segment = number + 1;
    }
    if (!rc && x->next.commit == 0)
        x->next.commit = 1;
    return rc;
}

int pi_repair_publish(pi_repair *x, const char *what, int rc,
                      parasol_error *err)
{
    pc_manifest *next = &x->next;
    if (x->o.dry_run)
        return rc;
    if (!rc)
        rc = pi_commit_publish(x->dir, next, x->mem, err);
    if (rc) {
        if (x->now.commit) /* of a manifest that was read */
            pi_commit_collect(x->dir, &x->now, x->mem);
        return rc;
    }
    pi_commit_collect(x->dir, next, x->mem);
    pc_log_line line = {.commit = next->commit,
                        .removed = x->info.lost,
                        .documents =
                            pc_manifest_docs(next) - pc_manifest_dead(next),
                        .bytes = pc_manifest_bytes(next)};
    (void)snprintf(line.what, sizeof line.what, "%s", what);
    pi_log_append(x->dir, &line, x->mem);
    x->info.changed = 1;
    x->info.commit = next->commit;
    x->info.documents = line.documents;
    return PARASOL_OK;
}

/* ---- documents ---------------------------------------------------------- */

typedef struct segment_run {
    pi_repair *x;
    const char *name; /* of the file */
    uint64_t made;    /* documents */
    uint64_t lost;
    bool has_text;
    bool count_only; /* to see whether anything can be made at all */
} segment_run;

static int lose(segment_run *r, const pi_salvaged *d, parasol_error *err)
{
    pc_str id = d->fields ? d->fields[0].value : PC_STR_LIT("");
    const char *why =
        r->has_text ? "its stored text is damaged" : "its text is not stored";
    r->lost++;
    if (r->count_only)
        return PARASOL_OK;
    r->x->info.lost++;
    if (!d->fields)
        return pi_repair_say(r->x, PARASOL_REPAIR_LOST, r->name, id, err,
                             "document %u: what it was called is damaged, too",
                             d->number);
    return pi_repair_say(r->x, PARASOL_REPAIR_LOST, r->name, id, err,
                         "%s, and there is no file to read it from", why);
}

static int reread(segment_run *r, const pi_salvaged *d, bool *found,
                  parasol_error *err)
{
    pi_repair *x = r->x;
    pc_str id = d->fields[0].value;
    int rc = pi_rebuild_file(&x->rebuild, x->o.folder, id, found, err);
    if (rc || !*found || r->count_only)
        return rc;
    x->info.reread++;
    return pi_repair_say(x, PARASOL_REPAIR_REREAD, r->name, id, err,
                         "read from its file again, as that is now");
}

static int make_document(segment_run *r, const pi_salvaged *d,
                         parasol_error *err)
{
    pi_repair *x = r->x;
    bool found = d->fields && d->has_text;
    int rc = PARASOL_OK;
    if (found) {
        rc = pi_rebuild_document(&x->rebuild, d->fields, d->n_fields, d->text,
                                 err);
        x->info.stored += !rc && !r->count_only;
    } else if (d->fields && x->o.folder) {
        rc = reread(r, d, &found, err);
    }
    r->made += !rc && found;
    return rc || found ? rc : lose(r, d, err);
}

static bool is_alive(const uint64_t *alive, uint32_t doc)
{
    return !alive || (alive[doc / 64] >> (doc % 64) & 1);
}

/* Goes through the documents; with count_only, until one can be made. */
static int each_document(segment_run *r, pi_salvage *s, const uint64_t *alive,
                         parasol_error *err)
{
    int rc = PARASOL_OK;
    for (uint32_t i = 0; !rc && i < s->docs; i++) {
        pi_salvaged d;
        rc = pi_salvage_read(s, i, &d, err);
        if (!rc && is_alive(alive, d.number))
            rc = make_document(r, &d, err);
        if (r->count_only && r->made > 0)
            break;
    }
    return rc;
}

/* Can any of its documents be made again? */
static int can_make(segment_run r, pi_salvage *s, const uint64_t *alive,
                    bool *out, parasol_error *err)
{
    bool dry = r.x->rebuild.dry;
    r.count_only = true;
    r.x->rebuild.dry = true;
    int rc = each_document(&r, s, alive, err);
    r.x->rebuild.dry = dry;
    *out = r.made > 0 || r.lost == 0;
    return rc;
}

/* Nothing of the segment can be read. */
static int lose_all(segment_run *r, const pi_salvage *s, const uint64_t *alive,
                    pc_manifest_segment *entry, parasol_error *err)
{
    for (uint32_t i = 0; i < s->docs; i++)
        r->lost += is_alive(alive, i);
    r->x->info.lost += r->lost;
    *entry = (pc_manifest_segment){0};
    return pi_repair_say(r->x, PARASOL_REPAIR_LOST, r->name, PC_STR_LIT(""),
                         err, "none of its %llu documents can be read",
                         (unsigned long long)r->lost);
}

static int tell_order(segment_run *r, const pi_salvage *s, parasol_error *err)
{
    if (!s->lost_order)
        return PARASOL_OK;
    return pi_repair_say(
        r->x, PARASOL_REPAIR_DOUBTFUL, r->name, PC_STR_LIT(""), err,
        "in which order its documents were added cannot be read: hits of equal "
        "scores may come in another order");
}

static int make_all(segment_run *r, pi_salvage *s, const uint64_t *alive,
                    pc_manifest *made, pc_manifest_segment *entry,
                    parasol_error *err)
{
    pi_repair *x = r->x;
    int rc = tell_order(r, s, err);
    if (!rc)
        rc = pi_rebuild_begin(&x->rebuild, s->has_text, err);
    if (!rc)
        rc = each_document(r, s, alive, err);
    if (!rc)
        rc = pi_rebuild_end(&x->rebuild, &x->next, entry, made, err);
    x->info.rebuilt += !rc;
    return rc ? rc
              : pi_repair_say(x, PARASOL_REPAIR_DID, r->name, PC_STR_LIT(""),
                              err, "%llu of its documents were indexed again",
                              (unsigned long long)r->made);
}

int pi_repair_segment(pi_repair *x, const pc_manifest_segment *from,
                      const uint64_t *alive, bool keep, pc_manifest *made,
                      pc_manifest_segment *entry, parasol_error *err)
{
    pi_salvage s;
    segment_run r = {.x = x,
                     .name = pi_repair_name(x, PC_NAME_SEGMENT, from->number)};
    bool possible = true;
    int rc = pi_salvage_open(&s, x->dir, from, x->mem, err);
    r.has_text = s.has_text;
    if (!rc && keep)
        rc = can_make(r, &s, alive, &possible, err);
    x->info.kept += !rc && !possible;
    if (!rc && !possible)
        rc = pi_repair_say(x, PARASOL_REPAIR_DOUBTFUL, r.name, PC_STR_LIT(""),
                           err,
                           "stays as it is: none of its documents can be made "
                           "again");
    else if (!rc && !s.has_store)
        rc = lose_all(&r, &s, alive, entry, err);
    else if (!rc)
        rc = make_all(&r, &s, alive, made, entry, err);
    pi_salvage_close(&s);
    return rc;
}
