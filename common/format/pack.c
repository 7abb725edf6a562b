/*
 * Packed indexes, reading side, and where their writer puts things. As in a
 * sealed file, every number is held against the one value it can have.
 */
#include "common/format/pack.h"

#include <parasol/version.h>

#include "common/base/crc.h"
#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/format/layout.h"
#include "common/os/file.h"

#define ZEROS_STEP 4096u
#define FILE_MIN 4u /* bytes: its checksum */

/* Offsets of fields; docs/format.md, "Packed index". */
enum {
    HEAD_FILES = 8,
    HEAD_VERSION = 12,
    HEAD_LENGTH = 16,
    HEAD_COMMIT = 24,
    HEAD_TABLE_CRC = 32,
    HEAD_ZEROS = 36,
    HEAD_CRC = 60
};

static int corrupt(const char *path, uint64_t off, const char *what,
                   parasol_error *err)
{
    return pc_fail_at(err, PARASOL_CORRUPT, off,
                      "%s is damaged at byte %llu: %s; pack the index again",
                      path, (unsigned long long)off, what);
}

static uint64_t first_file(uint32_t n)
{
    return pc_align_up(PC_PACK_HEADER + (uint64_t)n * PC_PACK_ENTRY,
                       PC_PAGE_SIZE);
}

static int check_version(const char *path, uint32_t version, parasol_error *err)
{
    if (version > PARASOL_FORMAT_VERSION)
        return pc_fail(err, PARASOL_VERSION,
                       "%s has format version %u, newer than %d, the newest "
                       "that this program reads; use a newer parasol",
                       path, version, PARASOL_FORMAT_VERSION);
    if (version < PARASOL_FORMAT_VERSION_MIN)
        return pc_fail(err, PARASOL_VERSION,
                       "%s has format version %u, older than %d, the oldest "
                       "that this program reads; pack the index again",
                       path, version, PARASOL_FORMAT_VERSION_MIN);
    return PARASOL_OK;
}

static int check_header(pc_pack *p, const uint8_t *head, const char *path,
                        parasol_error *err)
{
    if (pc_load32le(head + HEAD_CRC) != pc_crc32c(0, head, HEAD_CRC))
        return corrupt(path, 0, "the header has a wrong checksum", err);
    int rc = check_version(path, pc_load32le(head + HEAD_VERSION), err);
    if (rc)
        return rc;
    if (!pc_all_zero(head + HEAD_ZEROS, HEAD_CRC - HEAD_ZEROS))
        return corrupt(path, HEAD_ZEROS, "reserved bytes are not zero", err);
    p->n = pc_load32le(head + HEAD_FILES);
    p->commit = pc_load64le(head + HEAD_COMMIT);
    if (p->n == 0 || p->n > PC_PACK_FILES_MAX)
        return corrupt(path, HEAD_FILES, "its number of files is impossible",
                       err);
    if (pc_load64le(head + HEAD_LENGTH) != p->bytes)
        return corrupt(path, p->bytes,
                       "it has another length than its header says; it may be "
                       "cut off",
                       err);
    return PARASOL_OK;
}

/* Files lie one behind the other, each at the next page, from the end of the
   table to the end of the pack; the first is the manifest. */
static int check_entries(const pc_pack *p, const char *path, parasol_error *err)
{
    uint64_t end = PC_PACK_HEADER + (uint64_t)p->n * PC_PACK_ENTRY;
    for (uint32_t i = 0; i < p->n; i++) {
        const pc_pack_entry *e = &p->entries[i];
        uint64_t at = PC_PACK_HEADER + (uint64_t)i * PC_PACK_ENTRY;
        uint64_t most = e->kind ? PC_SEALED_MAX : PC_MANIFEST_MAX;
        if (e->kind > PC_KIND_FILES || (e->kind == 0) != (i == 0) ||
            e->number == 0 || (i == 0 && e->number != p->commit))
            return corrupt(path, at, "it holds a file that it cannot hold",
                           err);
        if (i > 0 && (e->kind < e[-1].kind ||
                      (e->kind == e[-1].kind && e->number <= e[-1].number)))
            return corrupt(path, at, "its files are not in order", err);
        if (e->off != pc_align_up(end, PC_PAGE_SIZE) || e->bytes < FILE_MIN ||
            e->bytes > most || e->off > p->bytes ||
            e->bytes > p->bytes - e->off)
            return corrupt(path, at, "its files do not lie side by side", err);
        end = e->off + e->bytes;
    }
    if (end != p->bytes)
        return corrupt(path, end, "its files do not fill it", err);
    return PARASOL_OK;
}

static int read_table(pc_pack *p, uint32_t crc, const char *path,
                      parasol_error *err)
{
    pc_buf raw;
    pc_buf_init(&raw, p->mem);
    size_t len = (size_t)p->n * PC_PACK_ENTRY;
    p->entries = pc_alloc(p->mem, p->n, sizeof *p->entries);
    uint8_t *at = pc_buf_reserve(&raw, len);
    int rc = PARASOL_OK;
    if (!p->entries || !at)
        rc = pc_fail_nomem(err);
    else if (len > p->bytes - PC_PACK_HEADER)
        rc = corrupt(path, p->bytes, "it ends inside its table", err);
    else
        rc = pc_file_pread(p->fd, at, len, PC_PACK_HEADER, path, err);
    if (!rc && pc_crc32c(0, at, len) != crc)
        rc = corrupt(path, PC_PACK_HEADER, "its table has a wrong checksum",
                     err);
    for (uint32_t i = 0; !rc && i < p->n; i++, at += PC_PACK_ENTRY)
        p->entries[i] = (pc_pack_entry){
            pc_load32le(at), pc_load32le(at + 4), pc_load64le(at + 8),
            pc_load64le(at + 16), pc_load64le(at + 24)};
    pc_buf_release(&raw);
    return rc ? rc : check_entries(p, path, err);
}

static int read_pack(pc_pack *p, const char *path, parasol_error *err)
{
    uint8_t head[PC_PACK_HEADER] = {0};
    int rc = pc_file_open(&p->fd, path, err);
    if (!rc)
        rc = pc_file_size(p->fd, &p->bytes, path, err);
    if (rc)
        return rc;
    size_t n = p->bytes < sizeof head ? (size_t)p->bytes : sizeof head;
    rc = pc_file_pread(p->fd, head, n, 0, path, err);
    if (rc)
        return rc;
    if (n < PC_MAGIC_LEN || memcmp(head, PC_MAGIC_PACK, PC_MAGIC_LEN) != 0)
        return pc_fail(err, PARASOL_NOTFOUND,
                       "%s is no index: neither the directory of one nor a "
                       "packed index",
                       path);
    if (n < sizeof head)
        return corrupt(path, n, "it ends inside its header", err);
    rc = check_header(p, head, path, err);
    return rc ? rc
              : read_table(p, pc_load32le(head + HEAD_TABLE_CRC), path, err);
}

int pc_pack_open(pc_pack **out, const char *path, const pc_mem *mem,
                 parasol_error *err)
{
    pc_pack *p = pc_zalloc(mem, 1, sizeof *p);
    if (!p)
        return pc_fail_nomem(err);
    p->mem = mem;
    p->fd = -1;
    int rc = read_pack(p, path, err);
    if (rc)
        pc_pack_close(p);
    else
        *out = p;
    return rc;
}

void pc_pack_close(pc_pack *p)
{
    if (!p)
        return;
    pc_file_close(p->fd);
    pc_free(p->mem, p->entries);
    pc_free(p->mem, p);
}

const pc_pack_entry *pc_pack_find(const pc_pack *p, enum pc_name kind,
                                  uint64_t number)
{
    uint32_t wanted = pc_commit_file_kind(kind);
    uint32_t lo = 0, hi = p->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const pc_pack_entry *e = &p->entries[mid];
        if (e->kind < wanted || (e->kind == wanted && e->number < number))
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == p->n || p->entries[lo].kind != wanted ||
        p->entries[lo].number != number)
        return NULL;
    return &p->entries[lo];
}

static int check_zeros(const pc_pack *p, uint64_t at, uint64_t end,
                       const char *path, parasol_error *err)
{
    uint8_t page[ZEROS_STEP];
    /* Less than a page, see check_entries. */
    size_t n = (size_t)(end - at);
    int rc = pc_file_pread(p->fd, page, n, at, path, err);
    for (size_t i = 0; !rc && i < n; i++) {
        if (page[i])
            rc = corrupt(path, at + i,
                         "the bytes between its files are not "
                         "zero",
                         err);
    }
    return rc;
}

int pc_pack_verify(const pc_pack *p, const char *path, parasol_error *err)
{
    uint64_t end = PC_PACK_HEADER + (uint64_t)p->n * PC_PACK_ENTRY;
    int rc = PARASOL_OK;
    for (uint32_t i = 0; !rc && i < p->n; i++) {
        rc = check_zeros(p, end, p->entries[i].off, path, err);
        end = p->entries[i].off + p->entries[i].bytes;
    }
    return rc;
}

/* ---- writing ------------------------------------------------------------ */

static void put_table(const pc_pack_entry *entries, uint32_t n, pc_buf *out)
{
    for (uint32_t i = 0; i < n; i++) {
        pc_buf_put_u32(out, entries[i].kind);
        pc_buf_put_u32(out, entries[i].crc);
        pc_buf_put_u64(out, entries[i].number);
        pc_buf_put_u64(out, entries[i].off);
        pc_buf_put_u64(out, entries[i].bytes);
    }
}

uint64_t pc_pack_put(pc_pack_entry *entries, uint32_t n, pc_buf *out)
{
    uint8_t head[PC_PACK_HEADER] = {0};
    uint64_t end = first_file(n);
    size_t start = out->len;
    for (uint32_t i = 0; i < n; i++) {
        entries[i].off = pc_align_up(end, PC_PAGE_SIZE);
        end = entries[i].off + entries[i].bytes;
    }
    memcpy(head, PC_MAGIC_PACK, PC_MAGIC_LEN);
    pc_store32le(head + HEAD_FILES, n);
    pc_store32le(head + HEAD_VERSION, PARASOL_FORMAT_VERSION);
    pc_store64le(head + HEAD_LENGTH, end);
    pc_store64le(head + HEAD_COMMIT, n > 0 ? entries[0].number : 0);
    pc_buf_put(out, head, sizeof head);
    put_table(entries, n, out);
    while (!out->status && out->len - start < first_file(n))
        pc_buf_put_u8(out, 0);
    if (out->status)
        return end;
    uint8_t *at = out->ptr + start;
    pc_store32le(at + HEAD_TABLE_CRC,
                 pc_crc32c(0, at + PC_PACK_HEADER, (size_t)n * PC_PACK_ENTRY));
    pc_store32le(at + HEAD_CRC, pc_crc32c(0, at, HEAD_CRC));
    return end;
}
