/*
 * Feeds. Several members of gzip, or frames of Zstandard, may follow each
 * other.
 */
#include "indexer/source/feed.h"

#include <stdbool.h>
#include <string.h>

#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/os/file.h"

#define BUFFER ((size_t)128 << 10)
#define ZSTD_MAGIC 0xFD2FB528u

struct pi_feed {
    const pc_mem *mem;
    const char *path; /* borrowed */
    int fd;
    enum { PLAIN, GZIP, ZSTD } format;
    uint64_t at, size;
    uint8_t *buffer;
    size_t from, to; /* bytes of the buffer that were not taken yet */
    bool end;        /* of the file */
    bool inside;     /* a member or frame has begun and not ended */
    bool inflating;  /* z is in use */
    z_stream z;
    ZSTD_DStream *zstd;
};

static int fill(pi_feed *f, parasol_error *err)
{
    size_t got = 0;
    if (f->from < f->to || f->end)
        return PARASOL_OK;
    int rc = pc_file_next(f->fd, f->buffer, BUFFER, &got, f->path, err);
    f->from = 0;
    f->to = got;
    f->at += got;
    f->end = got < BUFFER;
    return rc;
}

/* The allocator of zlib with ours behind it. */
static voidpf lend(voidpf opaque, uInt items, uInt size)
{
    const pi_feed *f = opaque;
    return pc_alloc(f->mem, items, size);
}

static void take_back(voidpf opaque, voidpf block)
{
    const pi_feed *f = opaque;
    pc_free(f->mem, block);
}

static int start_format(pi_feed *f, parasol_error *err)
{
    const uint8_t *p = f->buffer;
    if (f->to >= 3 && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8) {
        f->format = GZIP;
        f->z.zalloc = lend;
        f->z.zfree = take_back;
        f->z.opaque = f;
        f->inflating = inflateInit2(&f->z, 15 + 16) == Z_OK;
        return f->inflating ? PARASOL_OK : pc_fail_nomem(err);
    }
    if (f->to >= 4 && pc_load32le(p) == ZSTD_MAGIC) {
        f->format = ZSTD;
        f->zstd = ZSTD_createDStream();
        return f->zstd ? PARASOL_OK : pc_fail_nomem(err);
    }
    return PARASOL_OK;
}

int pi_feed_open(pi_feed **out, const char *path, const pc_mem *mem,
                 parasol_error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    pi_feed *f = pc_zalloc(mem, 1, sizeof *f);
    if (!f)
        return pc_fail_nomem(err);
    f->mem = mem;
    f->path = is_stdin ? "standard input" : path;
    f->fd = -1;
    f->buffer = pc_alloc(mem, BUFFER, 1);
    int rc = f->buffer ? PARASOL_OK : pc_fail_nomem(err);
    if (!rc && is_stdin)
        f->fd = 0;
    else if (!rc)
        rc = pc_file_open_stream(&f->fd, path, err);
    if (!rc && (is_stdin || pc_file_size(f->fd, &f->size, path, NULL)))
        f->size = 0; /* a pipe */
    if (!rc)
        rc = fill(f, err);
    if (!rc)
        rc = start_format(f, err);
    if (rc)
        pi_feed_close(f);
    else
        *out = f;
    return rc;
}

void pi_feed_close(pi_feed *f)
{
    if (!f)
        return;
    if (f->inflating)
        (void)inflateEnd(&f->z);
    (void)ZSTD_freeDStream(f->zstd);
    if (f->fd > 0)
        pc_file_close(f->fd);
    pc_free(f->mem, f->buffer);
    pc_free(f->mem, f);
}

static int damaged(const pi_feed *f, const char *why, parasol_error *err)
{
    return pc_fail(err, PARASOL_DECODE, "%s cannot be inflated: %s", f->path,
                   why);
}

static int inflate_some(pi_feed *f, uint8_t *to, size_t n, size_t *did,
                        parasol_error *err)
{
    f->z.next_in = f->buffer + f->from;
    f->z.avail_in = (uInt)(f->to - f->from);
    f->z.next_out = to;
    f->z.avail_out = (uInt)(n < BUFFER ? n : BUFFER);
    uInt room = f->z.avail_out;
    if (!f->inside && inflateReset(&f->z) != Z_OK)
        return pc_fail_nomem(err);
    int rc = inflate(&f->z, Z_NO_FLUSH);
    f->from = f->to - f->z.avail_in;
    *did = room - f->z.avail_out;
    f->inside = rc != Z_STREAM_END;
    if (rc == Z_MEM_ERROR)
        return pc_fail_nomem(err);
    if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
        return damaged(f, f->z.msg ? f->z.msg : "it is damaged", err);
    return PARASOL_OK;
}

static int zstd_some(pi_feed *f, uint8_t *to, size_t n, size_t *did,
                     parasol_error *err)
{
    ZSTD_inBuffer in = {f->buffer, f->to, f->from};
    ZSTD_outBuffer out = {.size = n};
    out.dst = to;
    size_t rc = ZSTD_decompressStream(f->zstd, &out, &in);
    f->from = in.pos;
    *did = out.pos;
    if (ZSTD_isError(rc))
        return damaged(f, ZSTD_getErrorName(rc), err);
    f->inside = rc != 0;
    return PARASOL_OK;
}

static int copy_some(pi_feed *f, uint8_t *to, size_t n, size_t *did)
{
    size_t have = f->to - f->from;
    *did = n < have ? n : have;
    memcpy(to, f->buffer + f->from, *did);
    f->from += *did;
    return PARASOL_OK;
}

static int some(pi_feed *f, uint8_t *to, size_t n, size_t *did,
                parasol_error *err)
{
    switch (f->format) {
    case GZIP: return inflate_some(f, to, n, did, err);
    case ZSTD: return zstd_some(f, to, n, did, err);
    case PLAIN: break;
    }
    return copy_some(f, to, n, did);
}

int pi_feed_read(pi_feed *f, void *bytes, size_t n, size_t *got,
                 parasol_error *err)
{
    uint8_t *to = bytes;
    *got = 0;
    while (*got < n) {
        size_t did = 0;
        int rc = fill(f, err);
        if (rc)
            return rc;
        bool dry = f->from == f->to;
        /* A decoder may have more to give without more input. */
        if (dry && (f->format == PLAIN || !f->inside))
            break;
        rc = some(f, to + *got, n - *got, &did, err);
        if (rc)
            return rc;
        if (dry && did == 0)
            return damaged(f, "it is cut short", err);
        *got += did;
    }
    return PARASOL_OK;
}

uint64_t pi_feed_at(const pi_feed *f)
{
    return f->at - (f->to - f->from);
}

uint64_t pi_feed_size(const pi_feed *f)
{
    return f->size;
}
