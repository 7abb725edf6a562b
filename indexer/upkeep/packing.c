/*
 * Writing a commit to one file. Where the files go in it is common/format's.
 */
#include <errno.h>

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/os/file.h"
#include "indexer/upkeep/copying.h"

typedef struct packing {
    pi_copying c;
    const char *file;
    pc_buf tmp; /* FILE.tmp */
    pc_pack_entry *entries;
    uint32_t n;
    pc_buf head; /* header and table */
    uint64_t bytes;
    uint64_t at; /* bytes that were written */
} packing;

/* Whatever else has the name is not ours to replace. */
static int check_target(const packing *p, parasol_error *err)
{
    pc_pack *old = NULL;
    uint64_t size;
    parasol_error why = {0};
    int rc = pc_file_size_of(p->file, &size, &why);
    if (rc == PARASOL_NOTFOUND)
        return PARASOL_OK;
    if (!rc)
        rc = pc_pack_open(&old, p->file, &p->c.alloc, &why);
    pc_pack_close(old);
    /* Damage and other versions are told of packed indexes only. */
    if (!rc || rc == PARASOL_CORRUPT || rc == PARASOL_VERSION)
        return PARASOL_OK;
    return pc_fail(err, PARASOL_ARG,
                   "%s is there and is no packed index; it is not replaced",
                   p->file);
}

static int lay_out(packing *p, parasol_error *err)
{
    const pi_held *h = &p->c.held;
    const pc_buf *m = &h->manifest_bytes;
    p->entries = pc_zalloc(&p->c.alloc, h->n + 1, sizeof *p->entries);
    if (!p->entries)
        return pc_fail_nomem(err);
    p->entries[p->n++] = (pc_pack_entry){0, pc_load32le(m->ptr + m->len - 4),
                                         h->manifest.commit, 0, m->len};
    for (size_t i = 0; i < h->n; i++) {
        const pc_commit_file *f = &h->files[i];
        p->entries[p->n++] = (pc_pack_entry){pc_commit_file_kind(f->kind),
                                             f->crc, f->number, 0, f->bytes};
    }
    p->bytes = pc_pack_put(p->entries, p->n, &p->head);
    return p->head.status ? pc_fail_nomem(err) : PARASOL_OK;
}

static int put(packing *p, int fd, const char *to, const void *bytes, size_t n,
               parasol_error *err)
{
    p->at += n;
    return pc_file_write(fd, bytes, n, to, err);
}

/* Zeros up to where the next file starts. */
static int pad(packing *p, int fd, const char *to, uint64_t off,
               parasol_error *err)
{
    static const uint8_t zeros[PC_PAGE_SIZE];
    return put(p, fd, to, zeros, (size_t)(off - p->at), err);
}

static int write_all(packing *p, int fd, const char *to, parasol_error *err)
{
    const pc_buf *m = &p->c.held.manifest_bytes;
    int rc = put(p, fd, to, p->head.ptr, p->head.len, err);
    if (!rc)
        rc = put(p, fd, to, m->ptr, m->len, err);
    for (uint32_t i = 1; !rc && i < p->n; i++) {
        rc = pad(p, fd, to, p->entries[i].off, err);
        if (!rc)
            rc = pi_copying_file(&p->c, i - 1, fd, to, err);
        p->at += p->entries[i].bytes;
    }
    if (!rc)
        rc = pc_file_sync(fd, to, err);
    return rc;
}

static int verify(packing *p, const char *tmp, parasol_error *err)
{
    pc_home copy;
    pc_manifest m;
    pc_manifest_init(&m, &p->c.alloc);
    int rc = pc_home_open(&copy, tmp, &p->c.alloc, err);
    if (!rc)
        rc = pc_home_manifest(&copy, &m, err);
    if (!rc)
        rc = pi_copying_verify(&p->c, &copy, err);
    if (!rc)
        rc = pc_pack_verify(copy.pack, tmp, err);
    pc_manifest_release(&m);
    pc_home_close(&copy);
    return rc;
}

/* A file of that name may be of a run at work: it is not ours to take. */
static int create(int *fd, const char *tmp, parasol_error *err)
{
    parasol_error why = {0};
    int rc = pc_file_create(fd, tmp, &why);
    if (rc && why.os_errno == EEXIST)
        return pc_fail(err, rc,
                       "%s is there: of another run, or of one that was "
                       "killed; if none is at work, remove it",
                       tmp);
    if (rc && err)
        *err = why;
    return rc;
}

static int pack(packing *p, parasol_error *err)
{
    int fd = -1;
    const char *tmp = (const char *)p->tmp.ptr;
    int rc = check_target(p, err);
    if (!rc)
        rc = lay_out(p, err);
    if (!rc)
        rc = create(&fd, tmp, err);
    if (rc)
        return rc;
    rc = write_all(p, fd, tmp, err);
    pc_file_close(fd);
    if (!rc)
        rc = verify(p, tmp, err);
    if (!rc)
        rc = pc_file_rename(tmp, p->file, err);
    if (rc) {
        (void)pc_file_unlink(tmp, NULL);
        return rc;
    }
    return pi_copying_sync_folder(p->file, &p->c.alloc, err);
}

int parasol_index_pack(const char *path, const char *file,
                       const parasol_copy_options *options,
                       parasol_copy_info *info, parasol_error *err)
{
    packing p = {.file = file};
    if (!path || !*path || !file || !*file)
        return pc_fail(err, PARASOL_ARG, "no %s was named",
                       path && *path ? "file for the packed index" : "index");
    int rc = pi_copying_begin(&p.c, path, options, false, err);
    pc_buf_init(&p.tmp, &p.c.alloc);
    pc_buf_init(&p.head, &p.c.alloc);
    pc_buf_put_fmt(&p.tmp, "%s.tmp", file);
    pc_buf_put_u8(&p.tmp, 0);
    if (!rc)
        rc = p.tmp.status ? pc_fail_nomem(err) : pack(&p, err);
    if (!rc)
        pi_copying_tell(&p.c, p.bytes, info);
    pc_free(&p.c.alloc, p.entries);
    pc_buf_release(&p.tmp);
    pc_buf_release(&p.head);
    pi_copying_end(&p.c);
    return rc;
}
