/*
 * Where the files of an index are.
 */
#include "common/format/home.h"

#include "common/base/fail.h"
#include "common/os/dir.h"
#include "common/os/file.h"

int pc_home_open(pc_home *h, const char *path, const pc_mem *mem,
                 parasol_error *err)
{
    pc_node node;
    *h = (pc_home){.mem = mem, .path = path};
    pc_buf_init(&h->name, mem);
    if (pc_node_stat_path(path, &node, NULL) || node.kind != PC_KIND_FILE)
        return PARASOL_OK;
    return pc_pack_open(&h->pack, path, mem, err);
}

void pc_home_close(pc_home *h)
{
    pc_pack_close(h->pack);
    h->pack = NULL;
    pc_buf_release(&h->name);
}

const char *pc_home_name(pc_home *h, enum pc_name kind, uint64_t number,
                         parasol_error *err)
{
    const char *name = pc_name_path(&h->name, h->path, kind, number, "", err);
    if (name && h->pack)
        h->name.ptr[strlen(h->path)] = ':';
    return name;
}

int pc_home_extent(pc_home *h, enum pc_name kind, uint64_t number,
                   pc_extent *out, parasol_error *err)
{
    const char *name = pc_home_name(h, kind, number, err);
    if (!name)
        return PARASOL_NOMEM;
    if (h->pack) {
        const pc_pack_entry *e = pc_pack_find(h->pack, kind, number);
        if (!e)
            return pc_fail(err, PARASOL_CORRUPT,
                           "%s is not in the packed index, although its "
                           "manifest names it",
                           name);
        *out = (pc_extent){h->pack->fd, e->off, e->bytes};
        return PARASOL_OK;
    }
    pc_extent part = {-1, 0, 0};
    int rc = pc_file_open(&part.fd, name, err);
    if (!rc)
        rc = pc_file_size(part.fd, &part.len, name, err);
    if (rc)
        pc_file_close(part.fd);
    else
        *out = part;
    return rc;
}

void pc_home_release(const pc_home *h, pc_extent *part)
{
    if (!h->pack)
        pc_file_close(part->fd);
    *part = (pc_extent){-1, 0, 0};
}

/* The manifest of a pack. */
static int read_packed(pc_home *h, pc_manifest *m, parasol_error *err)
{
    const pc_pack_entry *e = &h->pack->entries[0];
    const char *name = pc_home_name(h, PC_NAME_MANIFEST, e->number, err);
    pc_buf bytes;
    pc_buf_init(&bytes, h->mem);
    uint8_t *at = pc_buf_reserve(&bytes, (size_t)e->bytes);
    int rc = PARASOL_NOMEM;
    if (name && at)
        rc =
            pc_file_pread(h->pack->fd, at, (size_t)e->bytes, e->off, name, err);
    else if (name)
        rc = pc_fail_nomem(err);
    if (!rc)
        rc = pc_manifest_parse(m, (pc_str){(const char *)at, (size_t)e->bytes},
                               name, h->mem, err);
    if (!rc && m->commit != h->pack->commit)
        rc = pc_fail(err, PARASOL_CORRUPT,
                     "%s is damaged: it belongs to another commit", name);
    pc_buf_release(&bytes);
    return rc;
}

int pc_home_manifest(pc_home *h, pc_manifest *m, parasol_error *err)
{
    pc_manifest_init(m, h->mem);
    return h->pack ? read_packed(h, m, err)
                   : pc_manifest_newest(h->path, m, h->mem, err);
}

int pc_home_sealed(pc_home *h, pc_sealed **out, enum pc_name kind,
                   uint64_t number, parasol_error *err)
{
    pc_extent part;
    int rc = pc_home_extent(h, kind, number, &part, err);
    if (rc)
        return rc;
    rc = pc_sealed_open_extent(out, &part, (const char *)h->name.ptr,
                               pc_commit_file_kind(kind), h->mem, err);
    pc_home_release(h, &part);
    return rc;
}

int pc_home_commit_file(pc_home *h, pc_sealed **out, const pc_commit_file *file,
                        parasol_error *err)
{
    pc_sealed *f = NULL;
    int rc = pc_home_sealed(h, &f, file->kind, file->number, err);
    if (rc)
        return rc;
    if (pc_sealed_bytes(f) != file->bytes ||
        pc_sealed_trailer_crc(f) != file->crc ||
        pc_sealed_number(f) != file->number) {
        rc = pc_fail(err, PARASOL_CORRUPT,
                     "%s: not the file that the manifest names",
                     pc_sealed_path(f));
        pc_sealed_close(f);
        return rc;
    }
    *out = f;
    return PARASOL_OK;
}
