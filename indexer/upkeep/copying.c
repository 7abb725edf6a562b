/*
 * What all copies of an index have in common.
 */
#include "indexer/upkeep/copying.h"

#include <errno.h>

#include "common/base/fail.h"
#include "common/os/file.h"
#include "indexer/upkeep/copy_out.h"

#define STEP ((uint64_t)1 << 20) /* bytes that are moved at once */

int pi_copying_begin(pi_copying *c, const char *path,
                     const parasol_copy_options *options, bool may_link,
                     parasol_error *err)
{
    *c = (pi_copying){.o = PARASOL_COPY_OPTIONS_INIT};
    if (options)
        memcpy(&c->o, options,
               options->struct_size < sizeof c->o ? options->struct_size
                                                  : sizeof c->o);
    if (c->o.alloc)
        c->alloc = *c->o.alloc;
    if (!may_link)
        c->o.link = 0;
    pc_buf_init(&c->buffer, &c->alloc);
    int rc = pi_held_open(&c->held, path, &c->alloc, err);
    if (!rc && !pc_buf_reserve(&c->buffer, (size_t)STEP))
        rc = pc_fail_nomem(err);
    for (size_t i = 0; i < c->held.n; i++)
        c->total += (c->o.link ? 1 : 2) * c->held.files[i].bytes;
    return rc;
}

void pi_copying_end(pi_copying *c)
{
    pi_held_close(&c->held);
    pc_buf_release(&c->buffer);
}

static int advance(pi_copying *c, uint64_t bytes, parasol_error *err)
{
    c->done += bytes;
    double share = c->total ? (double)c->done / (double)c->total : 1;
    if (c->o.progress && c->o.progress(share < 1 ? share : 1, c->o.user))
        return pc_fail(err, PARASOL_ARG, "stopped by the caller");
    return PARASOL_OK;
}

int pi_copying_file(pi_copying *c, size_t i, int fd, const char *to,
                    parasol_error *err)
{
    const pc_extent *part = &c->held.parts[i];
    const pc_commit_file *file = &c->held.files[i];
    const char *from =
        pc_home_name(&c->held.home, file->kind, file->number, err);
    int rc = from ? PARASOL_OK : PARASOL_NOMEM;
    for (uint64_t at = 0; !rc && at < part->len; at += STEP) {
        size_t n = (size_t)(part->len - at < STEP ? part->len - at : STEP);
        rc = pc_file_pread(part->fd, c->buffer.ptr, n, part->off + at, from,
                           err);
        if (!rc)
            rc = pc_file_write(fd, c->buffer.ptr, n, to, err);
        if (!rc)
            rc = advance(c, n, err);
    }
    return rc;
}

/* Whether what was held is as its checksums say. */
static int verify_source(pi_copying *c, size_t i, parasol_error *err)
{
    pc_sealed *f = NULL;
    int rc = pi_held_sealed(&c->held, i, &f, err);
    if (!rc)
        rc = pc_sealed_verify(f, err);
    pc_sealed_close(f);
    return rc;
}

int pi_copying_verify(pi_copying *c, pc_home *home, parasol_error *err)
{
    int rc = PARASOL_OK;
    for (size_t i = 0; !rc && i < c->held.n; i++) {
        const pc_commit_file *file = &c->held.files[i];
        pc_sealed *f = NULL;
        parasol_error why = {0};
        rc = pc_home_commit_file(home, &f, file, &why);
        if (!rc)
            rc = pc_sealed_verify(f, &why);
        pc_sealed_close(f);
        if (!rc) {
            rc = advance(c, file->bytes, err);
            continue;
        }
        /* Of two damaged files the first is to be named. */
        if (rc == PARASOL_CORRUPT && verify_source(c, i, err))
            return rc;
        if (err)
            *err = why;
    }
    return rc;
}

int pi_copying_sync_folder(const char *path, const pc_mem *mem,
                           parasol_error *err)
{
    pc_buf folder;
    parasol_error why = {0};
    pc_buf_init(&folder, mem);
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    while (len > 0 && path[len - 1] != '/')
        len--;
    if (len == 0)
        pc_buf_put_u8(&folder, '.');
    else
        pc_buf_put(&folder, path, len);
    pc_buf_put_u8(&folder, 0);
    int rc = folder.status ? pc_fail_nomem(&why)
                           : pc_dir_sync((const char *)folder.ptr, &why);
    if (rc && why.os_errno == EACCES)
        rc = PARASOL_OK; /* a folder that we may enter but not read */
    else if (rc && err)
        *err = why;
    pc_buf_release(&folder);
    return rc;
}

void pi_copying_tell(const pi_copying *c, uint64_t bytes,
                     parasol_copy_info *info)
{
    const pc_manifest *m = &c->held.manifest;
    if (!info)
        return;
    parasol_copy_info all = {info->struct_size, m->commit,
                             pc_manifest_docs(m) - pc_manifest_dead(m),
                             c->held.n + 1, bytes};
    pi_copy_out(info, info->struct_size, &all, sizeof all);
}
