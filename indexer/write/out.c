/*
 * Writing sealed files. The buffer holds whole pages, so that every flush but
 * the trailer's is a whole number of pages, whose checksums are taken there.
 */
#include "indexer/write/out.h"

#include <parasol/version.h>

#include "common/base/crc.h"
#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/format/layout.h"
#include "common/os/file.h"

#define BUFFER_PAGES 64u
#define BUFFER_SIZE ((size_t)BUFFER_PAGES * PC_PAGE_SIZE)

typedef struct entry {
    uint32_t id;
    uint64_t off;
    uint64_t len;
} entry;

struct pi_out {
    int fd;
    char *path;
    const pc_mem *mem;
    uint8_t *buffer;
    size_t fill;      /* bytes in the buffer */
    uint64_t flushed; /* bytes in the file */
    pc_buf sums;      /* of the pages in the file */
    entry entries[PC_SECTIONS_MAX];
    uint32_t entry_count;
    bool relaxed;        /* not durable */
    parasol_error error; /* code PARASOL_OK, or what went wrong first */
};

static void free_out(pi_out *o)
{
    const pc_mem *mem = o->mem;
    pc_file_close(o->fd);
    pc_buf_release(&o->sums);
    pc_free(mem, o->buffer);
    pc_free(mem, o->path);
    pc_free(mem, o);
}

static void put_raw(pi_out *o, const void *bytes, size_t n);

static void put_header(pi_out *o, uint32_t kind, uint64_t number)
{
    uint8_t head[PC_SEALED_HEADER] = {0};
    memcpy(head, PC_MAGIC_SEALED, PC_MAGIC_LEN);
    pc_store32le(head + PC_HEAD_KIND, kind);
    pc_store32le(head + PC_HEAD_VERSION, PARASOL_FORMAT_VERSION);
    pc_store64le(head + PC_HEAD_NUMBER, number);
    pc_store32le(head + PC_ENDS_CRC, pc_crc32c(0, head, PC_ENDS_CRC));
    put_raw(o, head, sizeof head);
}

int pi_out_create(pi_out **out, const char *path, uint32_t kind,
                  uint64_t number, const pc_mem *mem, parasol_error *err)
{
    size_t path_len = strlen(path);
    int rc = PARASOL_OK;
    pi_out *o = pc_zalloc(mem, 1, sizeof *o);
    if (!o)
        return pc_fail_nomem(err);
    o->fd = -1;
    o->mem = mem;
    pc_buf_init(&o->sums, mem);
    o->path = pc_alloc(mem, path_len + 1, 1);
    o->buffer = pc_alloc(mem, BUFFER_SIZE, 1);
    if (!o->path || !o->buffer) {
        rc = pc_fail_nomem(err);
        goto out;
    }
    memcpy(o->path, path, path_len + 1);
    rc = pc_file_create(&o->fd, path, err);
    if (rc)
        goto out;
    put_header(o, kind, number);
    *out = o;
    o = NULL;
out:
    if (o)
        free_out(o);
    return rc;
}

int pi_out_status(const pi_out *o, parasol_error *err)
{
    if (o->error.code && err)
        *err = o->error;
    return o->error.code;
}

void pi_out_fail(pi_out *o, const parasol_error *why)
{
    if (!o->error.code)
        o->error = *why;
}

/* `flushed` counts what was handed over, also in vain: positions that the
   caller asks for stay sane after a failure. */
static void write_all(pi_out *o, const void *bytes, size_t n)
{
    int rc = o->error.code;
    if (!rc)
        rc = pc_file_write(o->fd, bytes, n, o->path, &o->error);
    PC_UNUSED(rc); /* sticky in o->error */
    o->flushed += n;
}

/* Writes a buffer of whole pages of the body and notes their checksums. */
static void flush_pages(pi_out *o)
{
    for (size_t at = 0; at + PC_PAGE_SIZE <= o->fill; at += PC_PAGE_SIZE)
        pc_buf_put_u32(&o->sums, pc_crc32c(0, o->buffer + at, PC_PAGE_SIZE));
    if (o->sums.status && !o->error.code)
        (void)pc_fail_nomem(&o->error);
    write_all(o, o->buffer, o->fill);
    o->fill = 0;
}

static void put_raw(pi_out *o, const void *bytes, size_t n)
{
    const uint8_t *from = bytes;
    while (n > 0 && !o->error.code) {
        size_t room = BUFFER_SIZE - o->fill;
        size_t some = n < room ? n : room;
        memcpy(o->buffer + o->fill, from, some);
        o->fill += some;
        from += some;
        n -= some;
        if (o->fill == BUFFER_SIZE)
            flush_pages(o);
    }
}

uint64_t pi_out_bytes(const pi_out *o)
{
    return o->flushed + o->fill;
}

static void pad_to(pi_out *o, uint64_t align)
{
    static const uint8_t zeros[PC_PAGE_SIZE];
    uint64_t over = pi_out_bytes(o) % align;
    if (over)
        put_raw(o, zeros, (size_t)(align - over));
}

uint64_t pi_out_at(const pi_out *o)
{
    return o->entry_count == 0
               ? 0
               : pi_out_bytes(o) - o->entries[o->entry_count - 1].off;
}

static void end_section(pi_out *o)
{
    if (o->entry_count > 0)
        o->entries[o->entry_count - 1].len = pi_out_at(o);
}

void pi_out_begin(pi_out *o, uint32_t section_id)
{
    bool good = section_id != 0 && o->entry_count < PC_SECTIONS_MAX;
    if (o->error.code)
        return;
    for (uint32_t i = 0; i < o->entry_count; i++)
        good = good && o->entries[i].id != section_id;
    if (!good) {
        (void)pc_fail(&o->error, PARASOL_INTERNAL,
                      "%s: section %u cannot be begun", o->path, section_id);
        return;
    }
    end_section(o);
    pad_to(o, PC_SECTION_ALIGN);
    o->entries[o->entry_count++] = (entry){section_id, pi_out_bytes(o), 0};
}

void pi_out_put(pi_out *o, const void *bytes, size_t n)
{
    if (o->entry_count == 0 && n > 0 && !o->error.code)
        (void)pc_fail(&o->error, PARASOL_INTERNAL,
                      "%s: bytes before the first section", o->path);
    /* The common case, a few bytes that fit, stays a copy. */
    if (!o->error.code && n > 0 && n < BUFFER_SIZE - o->fill) {
        memcpy(o->buffer + o->fill, bytes, n);
        o->fill += n;
        return;
    }
    put_raw(o, bytes, n);
}

void pi_out_put_u32(pi_out *o, uint32_t v)
{
    uint8_t raw[4];
    pc_store32le(raw, v);
    pi_out_put(o, raw, sizeof raw);
}

void pi_out_put_u64(pi_out *o, uint64_t v)
{
    uint8_t raw[8];
    pc_store64le(raw, v);
    pi_out_put(o, raw, sizeof raw);
}

/* Root checksums and table of contents, in one buffer because the footer has
   a checksum over both. */
static void make_tables(pi_out *o, pc_buf *tables)
{
    for (size_t at = 0; at < o->sums.len; at += PC_PAGE_SIZE) {
        size_t left = o->sums.len - at;
        pc_buf_put_u32(tables,
                       pc_crc32c(0, o->sums.ptr + at,
                                 left < PC_PAGE_SIZE ? left : PC_PAGE_SIZE));
    }
    for (uint32_t i = 0; i < o->entry_count; i++) {
        pc_buf_put_u32(tables, o->entries[i].id);
        pc_buf_put_u32(tables, 0);
        pc_buf_put_u64(tables, o->entries[i].off);
        pc_buf_put_u64(tables, o->entries[i].len);
    }
    if (tables->status && !o->error.code)
        (void)pc_fail_nomem(&o->error);
}

/* Everything after the body; returns the last four bytes of the file. */
static uint32_t put_trailer(pi_out *o)
{
    uint8_t foot[PC_SEALED_FOOTER] = {0};
    pc_buf tables;
    pc_buf_init(&tables, o->mem);
    uint64_t sums_off = o->flushed;
    uint64_t root_off = sums_off + o->sums.len;
    make_tables(o, &tables);
    uint64_t length = root_off + tables.len + sizeof foot;
    uint64_t toc_len = (uint64_t)o->entry_count * PC_SEALED_TOC_ENTRY;
    memcpy(foot, PC_MAGIC_SEALED, PC_MAGIC_LEN);
    pc_store64le(foot + PC_FOOT_LENGTH, length);
    pc_store64le(foot + PC_FOOT_SUMS, sums_off);
    pc_store64le(foot + PC_FOOT_ROOT, root_off);
    pc_store64le(foot + PC_FOOT_TOC, root_off + tables.len - toc_len);
    pc_store32le(foot + PC_FOOT_TOC_COUNT, o->entry_count);
    pc_store32le(foot + PC_FOOT_TABLES_CRC,
                 pc_crc32c(0, tables.ptr, tables.len));
    pc_store32le(foot + PC_ENDS_CRC, pc_crc32c(0, foot, PC_ENDS_CRC));
    if (length > PC_SEALED_MAX && !o->error.code)
        (void)pc_fail(&o->error, PARASOL_FULL, "%s would have more than 64 TiB",
                      o->path);
    write_all(o, o->sums.ptr, o->sums.len);
    write_all(o, tables.ptr, tables.len);
    write_all(o, foot, sizeof foot);
    pc_buf_release(&tables);
    return pc_load32le(foot + PC_ENDS_CRC);
}

void pi_out_relax(pi_out *o)
{
    o->relaxed = true;
}

int pi_out_finish(pi_out *o, uint64_t *file_bytes, uint32_t *trailer_crc,
                  parasol_error *err)
{
    end_section(o);
    pad_to(o, PC_PAGE_SIZE);
    flush_pages(o);
    uint32_t crc = o->error.code ? 0 : put_trailer(o);
    int rc = o->error.code;
    if (!rc && !o->relaxed)
        rc = pc_file_sync(o->fd, o->path, &o->error);
    if (rc) {
        if (err)
            *err = o->error;
        pi_out_abort(o);
        return rc;
    }
    if (file_bytes)
        *file_bytes = o->flushed;
    if (trailer_crc)
        *trailer_crc = crc;
    free_out(o);
    return PARASOL_OK;
}

void pi_out_abort(pi_out *o)
{
    if (!o)
        return;
    /* It has no use and no reader; if it stays, the next commit removes it. */
    (void)pc_file_unlink(o->path, NULL);
    free_out(o);
}
