/*
 * Documents of one segment, made again.
 */
#include "indexer/repair_internal.h"

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
    int rc = pi_repair_reread(x, id, found, err);
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
    } else if (d->fields) {
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

/* A document that only the catalog names. */
static int make_unnamed(pc_str id, void *user, parasol_error *err)
{
    segment_run *r = user;
    const pc_field path = {PC_STR_LIT("path"), id};
    const pi_salvaged d = {.fields = &path, .n_fields = 1};
    return r->count_only && r->made > 0 ? PARASOL_OK
                                        : make_document(r, &d, err);
}

/* Can any of its documents be made again? */
static int can_make(segment_run r, pi_salvage *s, const uint64_t *alive,
                    bool *out, parasol_error *err)
{
    bool dry = r.x->rebuild.dry;
    r.count_only = true;
    r.x->rebuild.dry = true;
    int rc = s->has_store ? each_document(&r, s, alive, err)
                          : pi_repair_unnamed(r.x, make_unnamed, &r, err);
    r.x->rebuild.dry = dry;
    *out = r.made > 0 || (s->has_store && r.lost == 0);
    return rc;
}

/* Nothing of the segment can be read, not even what its documents are
   called. */
static int make_all_unnamed(segment_run *r, const pi_salvage *s,
                            const uint64_t *alive, pc_manifest *made,
                            pc_manifest_segment *entry, parasol_error *err)
{
    pi_repair *x = r->x;
    uint64_t all = 0;
    for (uint32_t i = 0; i < s->docs; i++)
        all += is_alive(alive, i);
    int rc = pi_rebuild_begin(&x->rebuild, true, err);
    if (!rc)
        rc = pi_repair_unnamed(x, make_unnamed, r, err);
    if (!rc)
        rc = pi_rebuild_end(&x->rebuild, &x->next, entry, made, err);
    x->info.rebuilt += !rc && r->made > 0;
    uint64_t named = r->made + r->lost;
    if (rc || named >= all)
        return rc;
    x->info.lost += all - named;
    return pi_repair_say(x, PARASOL_REPAIR_LOST, r->name, PC_STR_LIT(""), err,
                         "%llu documents: nothing of them can be read, not "
                         "even what they were called",
                         (unsigned long long)(all - named));
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
        rc = make_all_unnamed(&r, &s, alive, made, entry, err);
    else if (!rc)
        rc = make_all(&r, &s, alive, made, entry, err);
    pi_salvage_close(&s);
    return rc;
}
