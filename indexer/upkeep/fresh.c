/*
 * Whether an index is what its folders are now: an update that writes nothing.
 */
#include "indexer/upkeep/fresh.h"

#include <stdio.h>

#include "common/base/fail.h"
#include "common/os/file.h"
#include "common/segment/files.h"

/* Files of a folder that are looked for before it is walked. */
#define LOOKS 64u

/* Where a folder is now: its place is absolute, or relative to the index. */
static int folder_path(const pc_files_root *root, const char *dir, pc_buf *out,
                       parasol_error *err)
{
    pc_buf_clear(out);
    if (root->place.len == 0 || root->place.ptr[0] != '/')
        pc_buf_put_fmt(out, "%s/", dir);
    pc_buf_put_str(out, root->place);
    pc_buf_put_u8(out, 0);
    return out->status ? pc_fail_nomem(err) : PARASOL_OK;
}

/* Whether the folder holds one of the first files that the index has of it. An
   index that was copied elsewhere would be compared with what happens to be
   around it. */
static int is_there(const pc_files *files, const pc_files_root *root,
                    const char *folder, bool *found, parasol_error *err)
{
    pc_files_cursor c;
    pc_file_entry e;
    uint64_t number, size;
    bool more = true;
    pc_buf path;
    pc_buf_init(&path, NULL);
    pc_files_cursor_init(&c, files);
    size_t skip = root->prefix.len ? root->prefix.len + 1 : 0;
    int rc = PARASOL_OK;
    *found = files->count == 0;
    for (unsigned looked = 0; !rc && more && !*found && looked < LOOKS;) {
        rc = pc_files_next(&c, &e, &number, &more, err);
        if (rc || !more || !pc_str_starts(e.path, root->prefix) ||
            e.path.len <= skip || (skip && e.path.ptr[skip - 1] != '/'))
            continue;
        looked++;
        pc_buf_clear(&path);
        pc_buf_put_fmt(&path, "%s/%s", folder, e.path.ptr + skip);
        pc_buf_put_u8(&path, 0);
        *found = !path.status && pc_file_size_of((const char *)path.ptr, &size,
                                                 NULL) == PARASOL_OK;
    }
    pc_files_cursor_release(&c);
    pc_buf_release(&path);
    return rc;
}

/* One folder, as an update would see it. */
static int compare_folder(parasol_indexer *w, const pc_files *files,
                          const pc_files_root *root, const char *dir,
                          const parasol_status_options *o,
                          parasol_tree_summary *sum, parasol_error *err)
{
    parasol_tree_options t = PARASOL_TREE_OPTIONS_INIT;
    pc_buf path, prefix;
    pc_buf_init(&path, NULL);
    pc_buf_init(&prefix, NULL);
    pc_buf_put_str(&prefix, root->prefix);
    pc_buf_put_u8(&prefix, 0);
    int rc = folder_path(root, dir, &path, err);
    if (!rc && prefix.status)
        rc = pc_fail_nomem(err);
    t.max_file_bytes = o->max_file_bytes;
    t.gitignore = o->gitignore;
    t.changed = o->changed;
    t.user = o->user;
    t.prefix = root->prefix.len ? (const char *)prefix.ptr : NULL;
    const char *folder = (const char *)path.ptr;
    bool found = true;
    if (!rc)
        rc = is_there(files, root, folder, &found, err);
    if (!rc && !found)
        rc = pc_fail(err, PARASOL_NOTFOUND,
                     "%s has none of the files that were indexed", folder);
    if (!rc)
        rc = parasol_indexer_add_tree(w, folder, &t, sum, err);
    pc_buf_release(&path);
    pc_buf_release(&prefix);
    return rc;
}

static int compare_all(const pc_files *files, const char *dir,
                       const parasol_status_options *o, parasol_status_info *in,
                       parasol_error *err)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options how = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    how.update = PARASOL_UPDATE_FOLDERS;
    how.store_text = -1;
    how.dry_run = 1;
    int rc = parasol_indexer_open(&w, dir, &how, err);
    if (!rc && !parasol_indexer_is_update(w)) {
        (void)snprintf(in->why, sizeof in->why, "%s", parasol_indexer_why(w));
        parasol_indexer_close(w);
        return PARASOL_OK;
    }
    for (uint32_t i = 0; !rc && i < files->n_roots; i++)
        rc = compare_folder(w, files, &files->roots[i], dir, o, &sum, err);
    parasol_indexer_close(w);
    if (rc)
        return rc;
    in->added = sum.added;
    in->changed = sum.changed;
    in->removed = sum.removed;
    in->renamed = sum.renamed;
    in->fresh = sum.added || sum.changed || sum.removed || sum.renamed
                    ? PARASOL_FRESH_STALE
                    : PARASOL_FRESH;
    return PARASOL_OK;
}

/* What stands in the way of comparing is no error of the index. */
int pi_status_fresh(const pc_manifest *m, const char *dir,
                    const parasol_status_options *o, parasol_status_info *in,
                    parasol_error *err)
{
    pc_files *files = NULL;
    parasol_error why = {0};
    int rc = pc_files_open(&files, dir, m, NULL, &why);
    if (!rc && files)
        in->folders = files->n_roots;
    if (!rc && (!files || files->n_roots == 0))
        (void)snprintf(in->why, sizeof in->why, "it was not made of folders");
    else if (!rc && o->compare)
        rc = compare_all(files, dir, o, in, &why);
    pc_files_close(files);
    if (rc == PARASOL_NOMEM || (rc == PARASOL_ARG && o->changed)) {
        if (err)
            *err = why;
        return rc;
    }
    if (rc)
        (void)snprintf(in->why, sizeof in->why, "%.500s", why.message);
    return PARASOL_OK;
}
