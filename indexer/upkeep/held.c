/*
 * Holding the files of a commit.
 */
#include "indexer/upkeep/held.h"

#include "common/base/fail.h"
#include "common/os/file.h"

/* A writer may replace the commit while its files are being opened. */
#define TRIES 100

static void drop_parts(pi_held *h)
{
    for (size_t i = 0; i < h->n; i++) {
        if (h->parts[i].fd >= 0)
            pc_home_release(&h->home, &h->parts[i]);
    }
    h->files = NULL;
    h->parts = NULL;
    h->n = 0;
    pc_arena_clear(&h->arena);
}

static int hold_file(pi_held *h, size_t i, parasol_error *err)
{
    const pc_commit_file *f = &h->files[i];
    int rc = pc_home_extent(&h->home, f->kind, f->number, &h->parts[i], err);
    if (rc) {
        h->parts[i].fd = -1;
        return rc;
    }
    if (h->parts[i].len != f->bytes)
        return pc_fail(
            err, PARASOL_CORRUPT, "%s has %llu bytes instead of %llu",
            (const char *)h->home.name.ptr, (unsigned long long)h->parts[i].len,
            (unsigned long long)f->bytes);
    return PARASOL_OK;
}

/* The bytes as they are: a manifest of an older version stays one. */
static int read_manifest(pi_held *h, parasol_error *err)
{
    pc_extent part;
    pc_manifest again;
    int rc = pc_home_extent(&h->home, PC_NAME_MANIFEST, h->manifest.commit,
                            &part, err);
    if (rc)
        return rc;
    const char *name = (const char *)h->home.name.ptr;
    pc_buf_clear(&h->manifest_bytes);
    uint8_t *at = part.len <= PC_MANIFEST_MAX
                      ? pc_buf_reserve(&h->manifest_bytes, (size_t)part.len)
                      : NULL;
    rc = at ? pc_file_pread(part.fd, at, (size_t)part.len, part.off, name, err)
            : pc_fail_nomem(err);
    if (!rc)
        h->manifest_bytes.len = (size_t)part.len;
    pc_home_release(&h->home, &part);
    if (rc)
        return rc;
    rc = pc_manifest_parse(&again, pc_buf_str(&h->manifest_bytes), name, h->mem,
                           err);
    pc_manifest_release(&again);
    return rc;
}

static int hold(pi_held *h, parasol_error *err)
{
    int rc = pc_home_manifest(&h->home, &h->manifest, err);
    size_t n = 0;
    if (!rc)
        rc = read_manifest(h, err);
    if (!rc)
        rc = pc_commit_files(&h->manifest, &h->files, &n, &h->arena, err);
    if (rc)
        return rc;
    h->parts = pc_arena_zalloc(&h->arena, n ? n : 1, sizeof *h->parts);
    if (!h->parts)
        return pc_fail_nomem(err);
    for (size_t i = 0; i < n; i++)
        h->parts[i].fd = -1;
    h->n = n;
    for (size_t i = 0; !rc && i < n; i++)
        rc = hold_file(h, i, err);
    return rc;
}

int pi_held_open(pi_held *h, const char *path, const pc_mem *mem,
                 parasol_error *err)
{
    uint64_t before = 0;
    *h = (pi_held){.mem = mem};
    pc_arena_init(&h->arena, mem, 0);
    pc_buf_init(&h->manifest_bytes, mem);
    pc_manifest_init(&h->manifest, mem);
    int rc = pc_home_open(&h->home, path, mem, err);
    if (rc)
        return rc;
    for (int i = 0; i < TRIES; i++) {
        rc = hold(h, err);
        uint64_t commit = h->manifest.commit;
        if (rc != PARASOL_NOTFOUND || commit == 0)
            return rc;
        /* A missing file of a commit that is still the newest is lost. */
        if (commit == before) {
            if (err)
                err->code = PARASOL_CORRUPT; /* the sentence names the file */
            return PARASOL_CORRUPT;
        }
        before = commit;
        drop_parts(h);
        pc_manifest_release(&h->manifest);
    }
    return rc;
}

int pi_held_sealed(pi_held *h, size_t i, pc_sealed **out, parasol_error *err)
{
    const pc_commit_file *file = &h->files[i];
    const char *name = pc_home_name(&h->home, file->kind, file->number, err);
    pc_sealed *f = NULL;
    if (!name)
        return PARASOL_NOMEM;
    int rc = pc_sealed_open_extent(
        &f, &h->parts[i], name, pc_commit_file_kind(file->kind), h->mem, err);
    if (rc)
        return rc;
    if (pc_sealed_trailer_crc(f) != file->crc ||
        pc_sealed_number(f) != file->number) {
        rc = pc_fail(err, PARASOL_CORRUPT,
                     "%s: not the file that the manifest names", name);
        pc_sealed_close(f);
        return rc;
    }
    *out = f;
    return PARASOL_OK;
}

void pi_held_close(pi_held *h)
{
    drop_parts(h);
    pc_arena_release(&h->arena);
    pc_manifest_release(&h->manifest);
    pc_buf_release(&h->manifest_bytes);
    pc_home_close(&h->home);
}
