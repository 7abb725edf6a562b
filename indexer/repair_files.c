/*
 * Documents that are read from their files again: where the files are, and,
 * for a segment whose documents cannot even be named, which ones they were.
 */
#include "common/base/fail.h"
#include "common/base/hash.h"
#include "common/base/sort.h"
#include "common/segment/files.h"
#include "indexer/repair_internal.h"

/* ---- one document ------------------------------------------------------- */

const char *pi_repair_place(pi_repair *x, const pc_files_root *root)
{
    pc_buf path;
    pc_buf_init(&path, x->mem);
    if (root->place.len > 0 && root->place.ptr[0] != '/')
        pc_buf_put_fmt(&path, "%s/", x->dir);
    pc_buf_put_str(&path, root->place);
    const char *copy =
        path.status
            ? NULL
            : pc_arena_copy(&x->arena, (const char *)path.ptr, path.len);
    pc_buf_release(&path);
    return copy;
}

bool pi_repair_is_below(const pc_files_root *root, pc_str id, size_t *skip)
{
    *skip = root->prefix.len ? root->prefix.len + 1 : 0;
    return root->prefix.len == 0 ||
           (id.len > *skip && pc_str_starts(id, root->prefix) &&
            id.ptr[root->prefix.len] == '/');
}

/* Keeps what the file was, for the catalog. */
static int note(pi_repair *x, pc_str id, parasol_error *err)
{
    pi_reread *r = pc_arena_zalloc(&x->arena, 1, sizeof *r);
    const char *path = pc_arena_copy(&x->arena, id.ptr, id.len);
    if (!r || !path)
        return pc_fail_nomem(err);
    *r = (pi_reread){x->reread, x->rebuild.read};
    r->entry.path = (pc_str){path, id.len};
    x->reread = r;
    return PARASOL_OK;
}

int pi_repair_reread(pi_repair *x, pc_str id, bool *found, parasol_error *err)
{
    int rc = PARASOL_OK;
    size_t skip;
    *found = false;
    if (x->o.folder)
        rc = pi_rebuild_file(&x->rebuild, x->o.folder, id, 0, found, err);
    for (uint32_t i = 0; !rc && !*found && x->files && i < x->files->n_roots;
         i++) {
        const pc_files_root *root = &x->files->roots[i];
        if (!pi_repair_is_below(root, id, &skip))
            continue;
        const char *folder =
            x->o.folder ? x->o.folder : pi_repair_place(x, root);
        rc = folder ? pi_rebuild_file(&x->rebuild, folder, id, skip, found, err)
                    : pc_fail_nomem(err);
    }
    return rc || !*found ? rc : note(x, id, err);
}

/* ---- documents without a name ------------------------------------------- */

static uint64_t key_of(pc_str id)
{
    return pc_hash64(id.ptr, id.len, 0);
}

/* Adds the ids that can be read in a segment. */
static int add_known(pi_repair *x, const pc_manifest_segment *entry,
                     parasol_error *err)
{
    pi_salvage s;
    int rc = pi_salvage_open(&s, x->dir, entry, x->mem, err);
    s.has_text = false;
    if (!rc && s.has_store &&
        pc_grow(x->mem, (void **)&x->known, &x->known_cap, x->n_known + s.docs,
                sizeof *x->known))
        rc = pc_fail_nomem(err);
    for (uint32_t i = 0; !rc && s.has_store && i < s.docs; i++) {
        pi_salvaged d;
        rc = pi_salvage_read(&s, i, &d, err);
        if (!rc && d.fields)
            x->known[x->n_known++] =
                (pc_sort_item){key_of(d.fields[0].value), 0};
    }
    pi_salvage_close(&s);
    return rc;
}

static int find_known(pi_repair *x, parasol_error *err)
{
    int rc = PARASOL_OK;
    x->n_known = 0;
    for (size_t i = 0; !rc && i < x->now.n_segments; i++)
        rc = add_known(x, &x->now.segments[i], err);
    if (!rc && x->n_known > 0 && pc_sort_keys(x->known, x->n_known, x->mem))
        rc = pc_fail_nomem(err);
    return rc;
}

static bool is_known(const pi_repair *x, pc_str id)
{
    uint64_t key = key_of(id);
    size_t low = 0, n = x->n_known;
    while (n > 0) {
        size_t half = n / 2;
        if (x->known[low + half].key < key) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low < x->n_known && x->known[low].key == key;
}

int pi_repair_unnamed(pi_repair *x, pi_repair_each *each, void *user,
                      parasol_error *err)
{
    pc_files_cursor c;
    pc_file_entry e;
    uint64_t number;
    bool more = true;
    if (!x->files)
        return PARASOL_OK;
    int rc = find_known(x, err);
    pc_files_cursor_init(&c, x->files);
    while (!rc) {
        rc = pc_files_next(&c, &e, &number, &more, err);
        if (rc || !more)
            break;
        if (e.skip == 0 && !is_known(x, e.path))
            rc = each(e.path, user, err);
    }
    pc_files_cursor_release(&c);
    return rc;
}
