/*
 * Documents of segments that are made again, read from their files: as the
 * walk of a folder would make them.
 */
#include <errno.h>

#include "common/base/fail.h"
#include "common/os/dir.h"
#include "indexer/extract/extract.h"
#include "indexer/extract/type.h"
#include "indexer/rebuild.h"
#include "indexer/tree_changes.h"

#define FILE_MAX ((uint64_t)64 << 20) /* larger ones are skipped by a walk */

bool pi_rebuild_may_pass(int rc, const parasol_error *err)
{
    if (rc != PARASOL_NOTFOUND && rc != PARASOL_IO)
        return true;
    return err->os_errno == EIO || err->os_errno == EMFILE ||
           err->os_errno == ENFILE || err->os_errno == ESTALE;
}

/* Opens `path` below the folder open as `root`, part by part; *fd is -1 when
   there is no such file. */
static int open_below(int *fd, pc_node *node, int root, char *path,
                      parasol_error *err)
{
    int dir = root;
    *fd = -1;
    for (char *part = path;;) {
        char *slash = strchr(part, '/');
        int next = -1;
        if (slash)
            *slash = 0;
        bool odd = !*part || strcmp(part, ".") == 0 || strcmp(part, "..") == 0;
        int rc = odd ? PARASOL_NOTFOUND
                     : pc_node_open_at(&next, node, dir, part, path, err);
        if (dir != root)
            pc_node_close(dir);
        if (rc && !pi_rebuild_may_pass(rc, err))
            return PARASOL_OK;
        if (rc)
            return rc;
        if (!slash) {
            *fd = next;
            return PARASOL_OK;
        }
        if (next < 0 || node->kind != PC_KIND_DIR) {
            pc_node_close(next);
            return PARASOL_OK;
        }
        dir = next;
        part = slash + 1;
    }
}

/* With `bytes` NULL, only looks. */
static int read_file(pc_buf *bytes, pc_node *node, const char *folder,
                     char *path, bool *found, parasol_error *err)
{
    int root = -1, fd = -1;
    parasol_error why = {0};
    *found = false;
    int rc = pc_dir_open_root(&root, folder, &why);
    if (!rc)
        rc = open_below(&fd, node, root, path, &why);
    if (!rc && fd >= 0 && node->kind == PC_KIND_FILE) {
        *found = true;
        if (bytes)
            rc = pc_node_read(bytes, fd, node->size, FILE_MAX, path, &why);
        *found = !rc && (!bytes || bytes->len <= FILE_MAX);
        if (rc == PARASOL_IO && !pi_rebuild_may_pass(rc, &why))
            rc = PARASOL_OK; /* not readable: as if it were not there */
    }
    pc_node_close(fd);
    pc_node_close(root);
    if (rc && err)
        *err = why;
    return rc;
}

static void put(pc_field *f, size_t *n, const char *name, pc_str value)
{
    if (*n < PC_STORE_FIELDS_MIN || value.len > 0)
        f[(*n)++] = (pc_field){pc_str_of(name), value};
}

static int add(pi_rebuild *r, pc_str id, const pi_extract *x, pc_arena *arena,
               parasol_error *err)
{
    size_t n = 0;
    pc_field *f = pc_arena_zalloc(
        arena, x->meta_count + PC_STORE_FIELDS_MIN + 2, sizeof *f);
    if (!f)
        return pc_fail_nomem(err);
    put(f, &n, "path", id);
    put(f, &n, "title", x->title);
    put(f, &n, "date", x->date);
    put(f, &n, "lang", x->lang);
    for (size_t i = 0; i < x->meta_count; i++)
        put(f, &n, x->meta[i].name.ptr, x->meta[i].value);
    pc_str ext = pi_extension(id);
    const char *copy = pc_arena_copy(arena, ext.ptr, ext.len);
    if (!copy)
        return pc_fail_nomem(err);
    put(f, &n, "ext", (pc_str){copy, ext.len});
    return pi_rebuild_document(r, f, n, x->text, err);
}

int pi_rebuild_file(pi_rebuild *r, const char *folder, pc_str id, size_t skip,
                    bool *found, parasol_error *err)
{
    pc_arena arena;
    pc_buf bytes;
    pi_extract x = {.skip = PARASOL_SKIP_NONE};
    pc_node node = {.kind = PC_KIND_OTHER};
    pc_arena_init(&arena, r->mem, 0);
    pc_buf_init(&bytes, r->mem);
    char *path = pc_arena_copy(&arena, id.ptr + skip, id.len - skip);
    int rc = path ? read_file(&bytes, &node, folder, path, found, err)
                  : pc_fail_nomem(err);
    if (!rc && *found)
        rc = pi_extract_bytes(&x, id, pc_buf_str(&bytes), &arena, err);
    *found = !rc && *found && x.skip == PARASOL_SKIP_NONE;
    if (*found) {
        r->read = (pc_file_entry){
            .size = bytes.len, .mtime = node.mtime, .ctime = node.ctime};
        pi_content_hash(pc_buf_str(&bytes), r->read.hash);
        rc = add(r, id, &x, &arena, err);
    }
    pc_buf_release(&bytes);
    pc_arena_release(&arena);
    return rc;
}

int pi_rebuild_has_file(const pi_rebuild *r, const char *folder, pc_str id,
                        size_t skip, bool *found, parasol_error *err)
{
    pc_buf path;
    pc_node node;
    pc_buf_init(&path, r->mem);
    pc_buf_put(&path, id.ptr + skip, id.len - skip);
    pc_buf_put_u8(&path, 0);
    int rc = path.status
                 ? pc_fail_nomem(err)
                 : read_file(NULL, &node, folder, (char *)path.ptr, found, err);
    pc_buf_release(&path);
    return rc;
}
