/*
 * Changes between two walks.
 */
#include "indexer/tree_changes.h"

#include "common/base/fail.h"
#include "common/base/hash.h"
#include "common/os/path.h"

/* Two independent hashes. */
#define SEED_A UINT64_C(0x9e3779b97f4a7c15)
#define SEED_B UINT64_C(0xc2b2ae3d27d4eb4f)

void pi_content_hash(pc_str bytes, uint64_t hash[2])
{
    hash[0] = pc_hash64(bytes.ptr, bytes.len, SEED_A);
    hash[1] = pc_hash64(bytes.ptr, bytes.len, SEED_B) | 1;
}

bool pi_is_known(const pi_input *in, const uint64_t hash[2])
{
    return in->known && in->known_bytes == in->doc.bytes &&
           in->known_hash[0] == hash[0] && in->known_hash[1] == hash[1] &&
           (hash[1] != 0 || (in->skip && in->skip == in->known_skip));
}

bool pi_is_as_before(const pi_catalog *c, const pi_entry *entry,
                     const pc_file_entry *old, bool trusted, uint64_t limit)
{
    if (entry->skip)
        return entry->skip == (int)old->skip &&
               entry->skip != PARASOL_SKIP_UNREADABLE &&
               entry->skip != PARASOL_SKIP_VANISHED;
    bool too_large = entry->bytes > limit;
    bool was_read = old->hash[1] != 0;
    if (too_large ? old->skip != PARASOL_SKIP_TOOLARGE : !was_read)
        return false;
    return trusted && entry->bytes == old->size && entry->mtime == old->mtime &&
           entry->ctime == old->ctime && pi_catalog_is_clean(c, old);
}

void pi_count_same(parasol_tree_summary *summary, int skip)
{
    summary->files++;
    if (skip)
        summary->skipped[skip]++;
    else
        summary->unchanged++;
}

static enum pi_change change_of(const pi_item *item)
{
    bool was = item->input->known && !item->input->known_skip;
    bool is = !item->skip;
    if (item->same)
        return PI_CHANGE_NONE;
    if (is)
        return was ? PI_CHANGE_CHANGED : PI_CHANGE_ADDED;
    return was ? PI_CHANGE_REMOVED : PI_CHANGE_OTHER;
}

int pi_note_file(parasol_indexer *w, const pi_item *item,
                 parasol_tree_summary *summary, parasol_error *err)
{
    const pi_input *in = item->input;
    enum pi_change change = change_of(item);
    pc_file_entry e = {.path = item->path,
                       .size = item->bytes,
                       .mtime = in->mtime,
                       .ctime = in->ctime,
                       .hash = {item->content[0], item->content[1]},
                       .skip = (unsigned)item->skip};
    int rc = pi_catalog_put(&w->catalog, &e, change, err);
    if (rc)
        return rc;
    if (item->same) {
        pi_catalog_keep(&w->catalog, in->known_number);
        pi_count_same(summary, item->skip);
        return PARASOL_OK;
    }
    bool found;
    if (change == PI_CHANGE_REMOVED)
        rc = pi_indexer_bury(w, item->path, &found, err);
    return rc ? rc : pi_summary_take(summary, w, item, err);
}

/* ---- folders ------------------------------------------------------------ */

int pi_folder_place(const char *dir, const char *index, pc_buf *out,
                    parasol_error *err)
{
    pc_buf real;
    pc_buf_init(&real, out->mem);
    pc_buf_clear(out);
    int rc = pc_path_real(out, dir, err);
    if (!rc && pc_path_real(&real, index, NULL) == PARASOL_OK) {
        pc_str root = pc_buf_str(out), at = pc_buf_str(&real);
        bool inside = at.len > root.len && pc_str_starts(at, root) &&
                      (at.ptr[root.len] == '/' || root.len == 1);
        size_t ups = 0;
        for (size_t i = root.len == 1 ? 0 : root.len; inside && i < at.len; i++)
            ups += at.ptr[i] == '/';
        if (inside)
            pc_buf_clear(out);
        for (size_t i = 0; i < ups; i++)
            pc_buf_put_z(out, i > 0 ? "/.." : "..");
    }
    if (!rc && (out->status || real.status))
        rc = pc_fail_nomem(err);
    pc_buf_release(&real);
    return rc;
}

/* Whether the catalog before has this folder, or one that it is in, in this
   place. */
static bool is_same_place(const pi_catalog *c, pc_str prefix, pc_str place)
{
    for (uint32_t i = 0; c->old && i < c->old->n_roots; i++) {
        const pc_files_root *r = &c->old->roots[i];
        if (pc_str_eq(r->prefix, prefix))
            return pc_str_eq(r->place, place);
    }
    return false;
}

int pi_note_folder(parasol_indexer *w, pc_str prefix, const char *dir,
                   bool *trusted, parasol_error *err)
{
    pc_buf place;
    pc_buf_init(&place, w->mem);
    int rc = pi_folder_place(dir, w->dir, &place, err);
    if (!rc) {
        *trusted = is_same_place(&w->catalog, prefix, pc_buf_str(&place));
        rc = pi_catalog_root(&w->catalog, prefix, pc_buf_str(&place), err);
    }
    pc_buf_release(&place);
    return rc;
}

/* ---- the end ------------------------------------------------------------ */

static int bury_gone(parasol_indexer *w, size_t first, parasol_error *err)
{
    int rc = PARASOL_OK;
    bool found;
    for (size_t i = first; !rc && i < w->catalog.n_known; i++) {
        const pi_known *k = &w->catalog.known[i];
        if (k->gone && !k->entry.skip)
            rc = pi_indexer_bury(w, k->entry.path, &found, err);
    }
    return rc;
}

static void count(parasol_tree_summary *s, enum pi_change change)
{
    switch (change) {
    case PI_CHANGE_ADDED: s->added++; break;
    case PI_CHANGE_CHANGED: s->changed++; break;
    case PI_CHANGE_REMOVED: s->removed++; break;
    case PI_CHANGE_RENAMED: s->renamed++; break;
    case PI_CHANGE_NONE:
    case PI_CHANGE_OTHER: break;
    }
}

static int kind_of(enum pi_change change)
{
    switch (change) {
    case PI_CHANGE_ADDED: return PARASOL_CHANGE_ADDED;
    case PI_CHANGE_CHANGED: return PARASOL_CHANGE_CHANGED;
    case PI_CHANGE_REMOVED: return PARASOL_CHANGE_REMOVED;
    case PI_CHANGE_RENAMED: return PARASOL_CHANGE_RENAMED;
    case PI_CHANGE_NONE:
    case PI_CHANGE_OTHER: break;
    }
    return 0;
}

static int tell(const parasol_indexer *w, size_t first,
                const parasol_tree_options *o, parasol_error *err)
{
    for (size_t i = first; o->changed && i < w->catalog.n_known; i++) {
        const pi_known *k = &w->catalog.known[i];
        parasol_change c = {kind_of(k->change), k->entry.path.ptr, k->from.ptr};
        if (c.kind && o->changed(&c, o->user))
            return pc_fail(err, PARASOL_ARG, "stopped by the caller at %s",
                           c.path);
    }
    return PARASOL_OK;
}

int pi_finish_changes(parasol_indexer *w, size_t first, pc_str prefix,
                      parasol_tree_summary *summary,
                      const parasol_tree_options *options, parasol_error *err)
{
    size_t swept = w->catalog.n_known;
    int rc = pi_catalog_sweep(&w->catalog, prefix, err);
    if (!rc)
        rc = bury_gone(w, swept, err);
    if (!rc)
        rc = pi_catalog_pair(&w->catalog, first, err);
    for (size_t i = first; !rc && i < w->catalog.n_known; i++)
        count(summary, w->catalog.known[i].change);
    return rc ? rc : tell(w, first, options, err);
}
