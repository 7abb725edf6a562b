/*
 * Spools.
 */
#include "indexer/write/spool.h"

#include <errno.h>

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/os/file.h"
#include "common/os/huge.h"

#define COPY_SIZE ((size_t)256 << 10)
#define NAME_TRIES 1000u

void pi_spool_init(pi_spool *s, const char *dir, size_t limit,
                   const pc_mem *mem)
{
    *s = (pi_spool){.dir = dir, .limit = limit ? limit : PI_SPOOL_MEMORY};
    pc_buf_init(&s->buf, mem);
}

void pi_spool_release(pi_spool *s)
{
    pc_file_close(s->fd_plus_1 - 1);
    pc_buf_release(&s->buf);
    pi_spool_init(s, s->dir, s->limit, s->buf.mem);
}

void pi_spool_expect(pi_spool *s, uint64_t bytes)
{
    size_t some = bytes < s->limit ? (size_t)bytes : s->limit;
    if (s->buf.cap > 0 || s->in_file > 0)
        return;
    if (pc_buf_reserve(&s->buf, some))
        pc_huge_advise(s->buf.mem, s->buf.ptr, s->buf.cap);
}

/* A file without a name: made and removed at once. A process that is killed
   in between leaves a temporary file, which the next commit removes. */
static int open_temporary(pi_spool *s)
{
    pc_buf path;
    int rc = PARASOL_IO;
    int fd = -1;
    pc_buf_init(&path, s->buf.mem);
    for (unsigned i = 0; i < NAME_TRIES && rc == PARASOL_IO; i++) {
        pc_buf_clear(&path);
        pc_buf_put_fmt(&path, "%s/t%u.tmp", s->dir, i);
        pc_buf_put_u8(&path, 0);
        if (path.status) {
            rc = pc_fail_nomem(&s->error);
            goto out;
        }
        rc = pc_file_create(&fd, (const char *)path.ptr, &s->error);
        if (rc == PARASOL_IO && s->error.os_errno != EEXIST)
            goto out;
    }
    if (rc)
        goto out;
    s->error = (parasol_error){0}; /* of names that were taken */
    s->fd_plus_1 = fd + 1;
    rc = pc_file_unlink((const char *)path.ptr, &s->error);
out:
    pc_buf_release(&path);
    return rc;
}

/* Moves the buffer to the end of the file. */
static void spill(pi_spool *s)
{
    if (!s->fd_plus_1 && open_temporary(s))
        return;
    if (pc_file_write(s->fd_plus_1 - 1, s->buf.ptr, s->buf.len, s->dir,
                      &s->error))
        return;
    s->in_file += s->buf.len;
    pc_buf_clear(&s->buf);
}

void pi_spool_put(pi_spool *s, const void *bytes, size_t n)
{
    if (s->error.code || n == 0)
        return;
    pc_buf_put(&s->buf, bytes, n);
    if (s->buf.status)
        (void)pc_fail_nomem(&s->error);
    else if (s->buf.len >= s->limit)
        spill(s);
}

void pi_spool_put_u32(pi_spool *s, uint32_t v)
{
    uint8_t raw[4];
    pc_store32le(raw, v);
    pi_spool_put(s, raw, sizeof raw);
}

void pi_spool_put_u64(pi_spool *s, uint64_t v)
{
    uint8_t raw[8];
    pc_store64le(raw, v);
    pi_spool_put(s, raw, sizeof raw);
}

uint64_t pi_spool_at(const pi_spool *s)
{
    return s->in_file + s->buf.len;
}

int pi_spool_status(const pi_spool *s, parasol_error *err)
{
    if (s->error.code && err)
        *err = s->error;
    return s->error.code;
}

int pi_spool_settle(pi_spool *s, parasol_error *err)
{
    if (!s->error.code && s->buf.len > 0)
        spill(s);
    if (!s->error.code) {
        pc_buf_release(&s->buf);
        pc_buf_init(&s->buf, s->buf.mem);
    }
    return pi_spool_status(s, err);
}

int pi_spool_read(const pi_spool *s, uint64_t off, void *bytes, size_t n,
                  parasol_error *err)
{
    uint8_t *to = bytes;
    size_t first = 0;
    if (off < s->in_file) {
        uint64_t left = s->in_file - off;
        first = n < left ? n : (size_t)left;
        int rc = pc_file_pread(s->fd_plus_1 - 1, to, first, off, s->dir, err);
        if (rc)
            return rc;
    }
    if (n > first)
        memcpy(to + first, s->buf.ptr + (off + first - s->in_file), n - first);
    return PARASOL_OK;
}

/* Where the bytes of a spool go. */
typedef void take_bytes(void *to, const void *bytes, size_t n);

static void to_out(void *to, const void *bytes, size_t n)
{
    pi_out_put(to, bytes, n);
}

static void to_spool(void *to, const void *bytes, size_t n)
{
    pi_spool_put(to, bytes, n);
}

static void copy_file(pi_spool *s, take_bytes *take, void *to)
{
    uint8_t *piece = pc_alloc(s->buf.mem, COPY_SIZE, 1);
    if (!piece)
        (void)pc_fail_nomem(&s->error);
    for (uint64_t at = 0; at < s->in_file && !s->error.code;) {
        uint64_t left = s->in_file - at;
        size_t n = left < COPY_SIZE ? (size_t)left : COPY_SIZE;
        if (pc_file_pread(s->fd_plus_1 - 1, piece, n, at, s->dir, &s->error))
            break;
        take(to, piece, n);
        at += n;
    }
    pc_free(s->buf.mem, piece);
}

void pi_spool_move(pi_spool *to, pi_spool *from)
{
    if (!from->error.code && from->in_file > 0)
        copy_file(from, to_spool, to);
    if (from->error.code && !to->error.code)
        to->error = from->error;
    pi_spool_put(to, from->buf.ptr, from->buf.len);
    pi_spool_release(from);
}

int pi_spool_drain(pi_spool *s, pi_out *o)
{
    if (!s->error.code && s->in_file > 0 && !pi_out_status(o, NULL))
        copy_file(s, to_out, o);
    if (s->error.code)
        pi_out_fail(o, &s->error);
    else
        pi_out_put(o, s->buf.ptr, s->buf.len);
    pi_spool_release(s);
    return pi_out_status(o, NULL);
}
