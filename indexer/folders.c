/*
 * parasol_index_folders: what an index was made of.
 */
#include <parasol/indexer.h>

#include "common/base/fail.h"
#include "common/segment/files.h"

/* Where a folder is, zero-terminated in *path. */
static int put_place(pc_buf *path, const char *index, pc_str place,
                     parasol_error *err)
{
    pc_buf_clear(path);
    if (place.len == 0 || place.ptr[0] != '/') {
        pc_buf_put_z(path, index);
        pc_buf_put_u8(path, '/');
    }
    pc_buf_put_str(path, place);
    pc_buf_put_u8(path, 0);
    return path->status ? pc_fail_nomem(err) : PARASOL_OK;
}

int parasol_index_folders(const char *index,
                          int (*each)(const char *prefix, const char *dir,
                                      void *user),
                          void *user, parasol_error *err)
{
    pc_manifest m;
    pc_files *files = NULL;
    pc_buf path;
    if (!index || !*index || !each)
        return pc_fail(err, PARASOL_ARG, "no index directory was named");
    pc_buf_init(&path, NULL);
    int rc = pc_manifest_newest(index, &m, NULL, err);
    if (!rc)
        rc = pc_files_open(&files, index, &m, NULL, err);
    uint32_t n = files ? files->n_roots : 0;
    for (uint32_t i = 0; !rc && i < n; i++) {
        const pc_files_root *r = &files->roots[i];
        rc = put_place(&path, index, r->place, err);
        if (!rc && each(r->prefix.ptr, (const char *)path.ptr, user))
            break;
    }
    pc_files_close(files);
    pc_manifest_release(&m);
    pc_buf_release(&path);
    return rc;
}
