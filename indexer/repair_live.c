/*
 * Which documents are dead, when the file that says so cannot be read: an id
 * that a later segment has was replaced there.
 */
#include "common/base/fail.h"
#include "common/format/name.h"
#include "common/segment/ids.h"
#include "common/segment/live.h"
#include "indexer/repair_internal.h"

/* The ids of a later segment. */
typedef struct later {
    pc_seg *seg; /* NULL: it cannot be read */
    pc_ids ids;
    pc_live live;
} later;

static int open_later(pi_repair *x, const pc_manifest_segment *entry, later *l,
                      parasol_error *err)
{
    pc_buf path;
    pc_buf_init(&path, x->mem);
    *l = (later){.seg = NULL};
    if (pi_repair_is_bad(x, PC_NAME_SEGMENT, entry->number))
        return PARASOL_OK;
    const char *name =
        pc_name_path(&path, x->dir, PC_NAME_SEGMENT, entry->number, "", err);
    int rc = name ? pc_seg_open(&l->seg, name, x->mem, err) : PARASOL_NOMEM;
    pc_buf_release(&path);
    if (!rc)
        rc = pc_ids_open(&l->ids, l->seg, x->mem, err);
    if (!rc && !pi_repair_is_bad(x, PC_NAME_LIVE, entry->live_number))
        rc = pc_live_read(&l->live, x->dir, entry, x->mem, err);
    return rc;
}

static void close_later(later *l)
{
    if (!l->seg)
        return;
    pc_ids_close(&l->ids);
    pc_live_release(&l->live);
    pc_seg_close(l->seg);
}

/* Takes the documents out of alive[] that the later segment replaces. */
static int bury(pi_repair *x, pi_salvage *s, later *l, uint64_t *alive,
                parasol_error *err)
{
    int rc = PARASOL_OK;
    PC_UNUSED(x);
    for (uint32_t i = 0; !rc && l->seg && i < s->docs; i++) {
        pi_salvaged d;
        bool found = false;
        uint32_t there = 0;
        rc = pi_salvage_read(s, i, &d, err);
        if (rc || !d.fields)
            continue;
        rc = pc_ids_find(&l->ids, d.fields[0].value, &found, &there, err);
        if (!rc && found)
            alive[d.number / 64] &= ~(UINT64_C(1) << d.number % 64);
    }
    return rc;
}

static uint64_t count_dead(const uint64_t *alive, uint32_t docs)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < docs; i++)
        n += !(alive[i / 64] >> (i % 64) & 1);
    return n;
}

/* Where the catalog does not have as many documents as are missing among the
   dead, these are the ones that were deleted. */
static int bury_unlisted(pi_repair *x, const pc_manifest_segment *entry,
                         pi_salvage *s, uint64_t *alive, parasol_error *err)
{
    size_t words = pc_live_words(entry->docs);
    uint64_t *without = pc_alloc(x->mem, words, sizeof *without);
    pc_files_cursor c;
    int rc = without ? PARASOL_OK : pc_fail_nomem(err);
    if (without)
        memcpy(without, alive, words * sizeof *without);
    pc_files_cursor_init(&c, x->files);
    for (uint32_t i = 0; !rc && i < s->docs; i++) {
        pi_salvaged d;
        pc_file_entry e;
        uint64_t number;
        bool found = true;
        rc = pi_salvage_read(s, i, &d, err);
        if (!rc && d.fields)
            rc = pc_files_find(&c, d.fields[0].value, &e, &number, &found, err);
        if (!rc && (!found || (d.fields && e.skip)))
            without[d.number / 64] &= ~(UINT64_C(1) << d.number % 64);
    }
    if (!rc && count_dead(without, entry->docs) == entry->dead)
        memcpy(alive, without, words * sizeof *without);
    pc_files_cursor_release(&c);
    pc_free(x->mem, without);
    return rc;
}

static int tell(pi_repair *x, const pc_manifest_segment *entry,
                const uint64_t *alive, parasol_error *err)
{
    uint64_t dead = count_dead(alive, entry->docs);
    const char *name = pi_repair_name(x, PC_NAME_LIVE, entry->live_number);
    if (x->lost_deletes)
        return PARASOL_OK; /* told once for all */
    if (dead >= entry->dead)
        return pi_repair_say(x, PARASOL_REPAIR_DID, name, PC_STR_LIT(""), err,
                             "which documents are deleted was found out from "
                             "what else is in the index");
    return pi_repair_say(x, PARASOL_REPAIR_DOUBTFUL, name, PC_STR_LIT(""), err,
                         "which documents of %s were deleted is not known: "
                         "%llu of them are in the index again",
                         pi_repair_name(x, PC_NAME_SEGMENT, entry->number),
                         (unsigned long long)(entry->dead - dead));
}

int pi_repair_live(pi_repair *x, size_t segment, uint64_t *alive,
                   parasol_error *err)
{
    const pc_manifest_segment *entry = &x->now.segments[segment];
    pi_salvage s;
    memset(alive, 0xff, pc_live_words(entry->docs) * sizeof *alive);
    int rc = pi_salvage_open(&s, x->dir, entry, x->mem, err);
    s.has_text = false; /* ids are enough */
    for (size_t i = segment + 1; !rc && i < x->now.n_segments; i++) {
        later l;
        rc = open_later(x, &x->now.segments[i], &l, err);
        if (!rc)
            rc = bury(x, &s, &l, alive, err);
        close_later(&l);
    }
    if (!rc && x->files && count_dead(alive, entry->docs) < entry->dead)
        rc = bury_unlisted(x, entry, &s, alive, err);
    pi_salvage_close(&s);
    return rc ? rc : tell(x, entry, alive, err);
}
