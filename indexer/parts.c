/*
 * Segments of a commit in the making, and documents that die in them.
 */
#include "indexer/parts.h"

#include "common/base/fail.h"
#include "common/format/name.h"
#include "indexer/parts_internal.h"

void pi_parts_init(pi_parts *p, const char *dir, const pc_mem *mem)
{
    *p = (pi_parts){.mem = mem, .dir = dir};
}

void pi_part_close(pi_parts *p, pi_part *part)
{
    if (part->ids)
        pc_ids_close(part->ids);
    pc_free(p->mem, part->ids);
    pc_seg_close(part->seg);
    if (part->live_read)
        pc_live_release(&part->live);
    part->ids = NULL;
    part->seg = NULL;
    part->live_read = false;
}

void pi_parts_release(pi_parts *p)
{
    for (size_t i = 0; i < p->n; i++)
        pi_part_close(p, &p->v[i]);
    pc_free(p->mem, p->v);
    pi_parts_init(p, p->dir, p->mem);
}

static int add(pi_parts *p, const pc_manifest_segment *entry, bool own,
               parasol_error *err)
{
    void *v = p->v;
    if (pc_grow(p->mem, &v, &p->cap, p->n + 1, sizeof *p->v))
        return pc_fail_nomem(err);
    p->v = v;
    p->v[p->n++] = (pi_part){.entry = *entry, .own = own};
    return PARASOL_OK;
}

int pi_parts_take(pi_parts *p, const pc_manifest *now, parasol_error *err)
{
    int rc = PARASOL_OK;
    for (size_t i = 0; !rc && i < now->n_segments; i++)
        rc = add(p, &now->segments[i], false, err);
    return rc;
}

int pi_parts_add(pi_parts *p, const pc_manifest_segment *entry,
                 parasol_error *err)
{
    return add(p, entry, true, err);
}

uint64_t pi_parts_docs(const pi_parts *p)
{
    uint64_t docs = 0;
    for (size_t i = 0; i < p->n; i++)
        docs += p->v[i].entry.docs - p->v[i].entry.dead;
    return docs;
}

/* ---- opening ------------------------------------------------------------ */

static int open_seg(pi_part *part, const char *path, const pc_mem *mem,
                    parasol_error *err)
{
    const pc_manifest_segment *e = &part->entry;
    pc_seg *seg = NULL;
    int rc = pc_seg_open(&seg, path, mem, err);
    if (rc)
        return rc;
    part->seg = seg;
    if (pc_sealed_bytes(seg->file) != e->file_bytes ||
        pc_sealed_trailer_crc(seg->file) != e->trailer_crc ||
        pc_sealed_number(seg->file) != e->number || seg->docs != e->docs)
        return pc_fail(err, PARASOL_CORRUPT,
                       "%s: not the segment that the manifest names", path);
    return PARASOL_OK;
}

int pi_parts_open(pi_parts *p, size_t i, parasol_error *err)
{
    pi_part *part = &p->v[i];
    pc_buf path;
    int rc = PARASOL_OK;
    if (!part->live_read) {
        part->live_read = true; /* initialised even on error */
        rc = pc_fail_lost(
            pc_live_read(&part->live, p->dir, &part->entry, p->mem, err), err);
    }
    if (rc || part->seg)
        return rc;
    pc_buf_init(&path, p->mem);
    const char *name = pc_name_path(&path, p->dir, PC_NAME_SEGMENT,
                                    part->entry.number, "", err);
    rc = name ? pc_fail_lost(open_seg(part, name, p->mem, err), err)
              : PARASOL_NOMEM;
    pc_buf_release(&path);
    return rc;
}

static int open_ids(pi_parts *p, size_t i, parasol_error *err)
{
    pi_part *part = &p->v[i];
    int rc = pi_parts_open(p, i, err);
    if (rc || part->ids)
        return rc;
    part->ids = pc_zalloc(p->mem, 1, sizeof *part->ids);
    if (!part->ids)
        return pc_fail_nomem(err);
    return pc_ids_open(part->ids, part->seg, p->mem, err);
}

/* ---- documents by id ---------------------------------------------------- */

/* The living document of segment i with that id. */
static int find(pi_parts *p, size_t i, pc_str id, bool *found, uint32_t *doc,
                parasol_error *err)
{
    pi_part *part = &p->v[i];
    *found = false;
    if (part->entry.dead == part->entry.docs)
        return PARASOL_OK;
    int rc = open_ids(p, i, err);
    if (!rc)
        rc = pc_ids_find(part->ids, id, found, doc, err);
    if (!rc && *found)
        *found = pc_live_has(&part->live, *doc) != 0;
    return rc;
}

/* All documents of a segment are alive: a bitmap of ones. */
static int make_bitmap(pi_parts *p, pi_part *part, parasol_error *err)
{
    uint32_t docs = part->entry.docs;
    uint64_t *alive = pc_zalloc(p->mem, pc_live_words(docs), sizeof *alive);
    if (!alive)
        return pc_fail_nomem(err);
    for (uint32_t i = 0; i < docs / 64; i++)
        alive[i] = UINT64_MAX;
    if (docs % 64 > 0)
        alive[docs / 64] = (UINT64_C(1) << (docs % 64)) - 1;
    part->live.alive = alive;
    return PARASOL_OK;
}

static int kill(pi_parts *p, pi_part *part, uint32_t doc, parasol_error *err)
{
    int rc = part->live.alive ? PARASOL_OK : make_bitmap(p, part, err);
    if (rc)
        return rc;
    part->live.alive[doc / 64] &= ~(UINT64_C(1) << (doc % 64));
    part->live.dead++;
    part->entry.dead++;
    part->changed = true;
    return PARASOL_OK;
}

int pi_parts_kill(pi_parts *p, size_t n, pc_str id, bool *found,
                  parasol_error *err)
{
    int rc = PARASOL_OK;
    *found = false;
    for (size_t i = 0; !rc && i < n; i++) {
        bool here = false;
        uint32_t doc = 0;
        rc = find(p, i, id, &here, &doc, err);
        if (!rc && here)
            rc = kill(p, &p->v[i], doc, err);
        *found = *found || here;
    }
    return rc;
}

int pi_parts_has(pi_parts *p, pc_str id, bool *found, parasol_error *err)
{
    int rc = PARASOL_OK;
    *found = false;
    for (size_t i = 0; !rc && !*found && i < p->n; i++) {
        uint32_t doc = 0;
        rc = find(p, i, id, found, &doc, err);
    }
    return rc;
}

int pi_parts_text(pi_parts *p, bool *stored, bool *some, parasol_error *err)
{
    int rc = PARASOL_OK;
    *stored = *some = false;
    for (size_t i = 0; !rc && !*stored && i < p->n; i++) {
        rc = pi_parts_open(p, i, err);
        if (rc)
            break;
        const pc_seg *seg = p->v[i].seg;
        *stored = seg->store.text.total > 0;
        *some =
            *some || seg->lengths[PC_FIELD_TEXT] > seg->lengths[PC_FIELD_TITLE];
    }
    return rc;
}
