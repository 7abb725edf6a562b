/*
 * Sealed files, reading side. Every number that comes from the file is held
 * against the one value it can have before it is used.
 */
#include "common/format/sealed.h"

#include <parasol/version.h>

#include "common/base/crc.h"
#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/format/layout.h"

struct pc_sealed_entry {
    uint32_t id;
    uint64_t off;
    uint64_t len;
};

static int corrupt(const pc_sealed *f, uint64_t off, const char *what,
                   parasol_error *err)
{
    return pc_fail_at(err, PARASOL_CORRUPT, off,
                      "%s is damaged at byte %llu: %s; make the index again",
                      f->path, (unsigned long long)off, what);
}

static int check_version(const pc_sealed *f, uint32_t version,
                         parasol_error *err)
{
    if (version > PARASOL_FORMAT_VERSION)
        return pc_fail(err, PARASOL_VERSION,
                       "%s has format version %u, newer than %d, the newest "
                       "that this program reads; use a newer parasol, or "
                       "index again with this one into another directory",
                       f->path, version, PARASOL_FORMAT_VERSION);
    if (version < PARASOL_FORMAT_VERSION_MIN)
        return pc_fail(err, PARASOL_VERSION,
                       "%s has format version %u, older than %d, the oldest "
                       "that this program reads; index again",
                       f->path, version, PARASOL_FORMAT_VERSION_MIN);
    return PARASOL_OK;
}

/* The magic and both fixed checksums, before anything in them is believed. */
static int check_header(pc_sealed *f, uint32_t kind, parasol_error *err)
{
    const uint8_t *head = f->map.ptr;
    if (f->map.len < PC_SEALED_HEADER)
        return corrupt(f, f->map.len, "it ends inside the header", err);
    if (memcmp(head, PC_MAGIC_SEALED, PC_MAGIC_LEN) != 0)
        return corrupt(f, 0, "it does not begin as a file of an index", err);
    if (pc_load32le(head + PC_ENDS_CRC) != pc_crc32c(0, head, PC_ENDS_CRC))
        return corrupt(f, 0, "the header has a wrong checksum", err);
    int rc = check_version(f, pc_load32le(head + PC_HEAD_VERSION), err);
    if (rc)
        return rc;
    if (pc_load32le(head + PC_HEAD_KIND) != kind)
        return corrupt(f, PC_HEAD_KIND, "it is a file of another kind", err);
    if (!pc_all_zero(head + PC_HEAD_ZEROS, PC_ENDS_CRC - PC_HEAD_ZEROS))
        return corrupt(f, PC_HEAD_ZEROS, "reserved bytes are not zero", err);
    f->number = pc_load64le(head + PC_HEAD_NUMBER);
    return PARASOL_OK;
}

/* The parts of the file follow from sums_off and the number of sections;
   the footer must say exactly the same. */
static int check_footer(pc_sealed *f, parasol_error *err)
{
    uint64_t len = f->map.len;
    if (len < PC_PAGE_SIZE + 4 + 4 + PC_SEALED_FOOTER || len > PC_SEALED_MAX)
        return corrupt(f, len, "its length is impossible", err);
    uint64_t at = len - PC_SEALED_FOOTER;
    const uint8_t *foot = f->map.ptr + at;
    if (memcmp(foot, PC_MAGIC_SEALED, PC_MAGIC_LEN) != 0)
        return corrupt(f, at, "it has no footer; it may be cut off", err);
    f->trailer_crc = pc_load32le(foot + PC_ENDS_CRC);
    if (f->trailer_crc != pc_crc32c(0, foot, PC_ENDS_CRC))
        return corrupt(f, at, "the footer has a wrong checksum", err);
    if (!pc_all_zero(foot + PC_FOOT_ZEROS, PC_ENDS_CRC - PC_FOOT_ZEROS))
        return corrupt(f, at + PC_FOOT_ZEROS, "reserved bytes are not zero",
                       err);
    uint64_t sums = pc_load64le(foot + PC_FOOT_SUMS);
    uint32_t count = pc_load32le(foot + PC_FOOT_TOC_COUNT);
    if (pc_load64le(foot + PC_FOOT_LENGTH) != len || sums > len || sums == 0 ||
        sums % PC_PAGE_SIZE != 0 || count > PC_SECTIONS_MAX)
        return corrupt(f, at, "the footer does not fit the file", err);
    uint64_t root = sums + sums / PC_PAGE_SIZE * 4;
    uint64_t toc =
        root + pc_align_up(root - sums, PC_PAGE_SIZE) / PC_PAGE_SIZE * 4;
    if (pc_load64le(foot + PC_FOOT_ROOT) != root ||
        pc_load64le(foot + PC_FOOT_TOC) != toc ||
        toc + (uint64_t)count * PC_SEALED_TOC_ENTRY != at)
        return corrupt(f, at, "the footer does not fit the file", err);
    if (pc_load32le(foot + PC_FOOT_TABLES_CRC) !=
        pc_crc32c(0, f->map.ptr + root, (size_t)(at - root)))
        return corrupt(f, root, "the root tables have a wrong checksum", err);
    f->sums_off = sums;
    f->root_off = root;
    f->entry_count = count;
    return PARASOL_OK;
}

/* Sections lie without gaps other than alignment, so that every byte of the
   body belongs to a section or is known padding. */
static int check_toc(pc_sealed *f, parasol_error *err)
{
    uint64_t toc = f->map.len - PC_SEALED_FOOTER -
                   (uint64_t)f->entry_count * PC_SEALED_TOC_ENTRY;
    uint64_t end = PC_SEALED_HEADER;
    f->entries = pc_zalloc(f->mem, f->entry_count, sizeof *f->entries);
    if (!f->entries)
        return pc_fail_nomem(err);
    for (uint32_t i = 0; i < f->entry_count; i++) {
        uint64_t at = toc + (uint64_t)i * PC_SEALED_TOC_ENTRY;
        const uint8_t *p = f->map.ptr + at;
        pc_sealed_entry e = {pc_load32le(p), pc_load64le(p + 8),
                             pc_load64le(p + 16)};
        if (e.id == 0 || pc_load32le(p + 4) != 0 ||
            e.off != pc_align_up(end, PC_SECTION_ALIGN) ||
            e.off > f->sums_off || e.len > f->sums_off - e.off)
            return corrupt(f, at, "the table of contents is not valid", err);
        for (uint32_t j = 0; j < i; j++) {
            if (f->entries[j].id == e.id)
                return corrupt(f, at, "a section is there twice", err);
        }
        f->entries[i] = e;
        end = e.off + e.len;
    }
    if (pc_align_up(end, PC_PAGE_SIZE) != f->sums_off)
        return corrupt(f, toc, "the sections do not fill the body", err);
    return PARASOL_OK;
}

static int alloc_flags(pc_sealed *f, parasol_error *err)
{
    uint64_t pages = f->sums_off / PC_PAGE_SIZE;
    uint64_t sums =
        (f->root_off - f->sums_off + PC_PAGE_SIZE - 1) / PC_PAGE_SIZE;
    /* Zeroed by the system only where touched: opening stays cheap. */
    f->page_seen = pc_zalloc(f->mem, (size_t)pages, sizeof *f->page_seen);
    f->sums_seen = pc_zalloc(f->mem, (size_t)sums, sizeof *f->sums_seen);
    return f->page_seen && f->sums_seen ? PARASOL_OK : pc_fail_nomem(err);
}

/* Everything but the map. */
static int verify_ends(pc_sealed *f, uint32_t kind, parasol_error *err)
{
    int rc = check_header(f, kind, err);
    if (!rc)
        rc = check_footer(f, err);
    if (!rc)
        rc = check_toc(f, err);
    if (!rc)
        rc = alloc_flags(f, err);
    return rc;
}

/* `part` NULL: the whole file of that path. */
static int open_sealed(pc_sealed **out, const pc_extent *part, const char *path,
                       uint32_t kind, const pc_mem *mem, parasol_error *err)
{
    size_t path_len = strlen(path);
    int rc = PARASOL_NOMEM;
    pc_sealed *f = pc_zalloc(mem, 1, sizeof *f);
    if (!f)
        return pc_fail_nomem(err);
    f->mem = mem;
    f->path = pc_alloc(mem, path_len + 1, 1);
    if (!f->path) {
        rc = pc_fail_nomem(err);
        goto out;
    }
    memcpy(f->path, path, path_len + 1);
    rc = part ? pc_map_extent(&f->map, part, path, err)
              : pc_map_open(&f->map, path, err);
    if (!rc)
        rc = verify_ends(f, kind, err);
    if (rc)
        goto out;
    *out = f;
    f = NULL;
out:
    pc_sealed_close(f);
    return rc;
}

int pc_sealed_open(pc_sealed **out, const char *path, uint32_t kind,
                   const pc_mem *mem, parasol_error *err)
{
    return open_sealed(out, NULL, path, kind, mem, err);
}

int pc_sealed_open_extent(pc_sealed **out, const pc_extent *part,
                          const char *path, uint32_t kind, const pc_mem *mem,
                          parasol_error *err)
{
    return open_sealed(out, part, path, kind, mem, err);
}

void pc_sealed_close(pc_sealed *f)
{
    if (!f)
        return;
    const pc_mem *mem = f->mem;
    pc_map_close(&f->map);
    pc_free(mem, f->page_seen);
    pc_free(mem, f->sums_seen);
    pc_free(mem, f->entries);
    pc_free(mem, f->path);
    pc_free(mem, f);
}

uint64_t pc_sealed_number(const pc_sealed *f)
{
    return f->number;
}

uint64_t pc_sealed_bytes(const pc_sealed *f)
{
    return f->map.len;
}

const char *pc_sealed_path(const pc_sealed *f)
{
    return f->path;
}

uint32_t pc_sealed_trailer_crc(const pc_sealed *f)
{
    return f->trailer_crc;
}

int pc_sealed_has(const pc_sealed *f, uint32_t id, pc_section *out)
{
    for (uint32_t i = 0; i < f->entry_count; i++) {
        if (f->entries[i].id != id)
            continue;
        *out = (pc_section){f->map.ptr + f->entries[i].off, f->entries[i].len};
        return true;
    }
    return false;
}

int pc_sealed_section(const pc_sealed *f, uint32_t id, pc_section *out,
                      parasol_error *err)
{
    if (pc_sealed_has(f, id, out))
        return PARASOL_OK;
    return pc_fail(err, PARASOL_CORRUPT,
                   "%s is damaged: it has no section %u; make the index again",
                   f->path, id);
}

/* ---- pages ------------------------------------------------------------- */

/* Page `i` of the sums, against the root. */
static int check_sums_page(pc_sealed *f, uint64_t i, parasol_error *err)
{
    uint64_t off = f->sums_off + i * PC_PAGE_SIZE;
    uint64_t left = f->root_off - off;
    size_t n = left < PC_PAGE_SIZE ? (size_t)left : PC_PAGE_SIZE;
    if (pc_load32le(f->map.ptr + f->root_off + 4 * i) !=
        pc_crc32c(0, f->map.ptr + off, n))
        return corrupt(f, off, "a page of checksums has a wrong checksum", err);
    atomic_store_explicit(&f->sums_seen[i], 1, memory_order_relaxed);
    return PARASOL_OK;
}

static int check_page(pc_sealed *f, uint64_t page, parasol_error *err)
{
    uint64_t sums_page = page * 4 / PC_PAGE_SIZE;
    uint64_t off = page * PC_PAGE_SIZE;
    if (!atomic_load_explicit(&f->sums_seen[sums_page], memory_order_relaxed)) {
        int rc = check_sums_page(f, sums_page, err);
        if (rc)
            return rc;
    }
    if (pc_load32le(f->map.ptr + f->sums_off + 4 * page) !=
        pc_crc32c(0, f->map.ptr + off, PC_PAGE_SIZE))
        return corrupt(f, off, "a page has a wrong checksum", err);
    atomic_store_explicit(&f->page_seen[page], 1, memory_order_relaxed);
    return PARASOL_OK;
}

int pc_sealed_need_slow(pc_sealed *f, const uint8_t *ptr, size_t len,
                        parasol_error *err)
{
    uint64_t off = (uint64_t)((uintptr_t)ptr - (uintptr_t)f->map.ptr);
    if (len == 0)
        return PARASOL_OK;
    if (off >= f->sums_off || len > f->sums_off - off)
        return pc_fail(err, PARASOL_CORRUPT,
                       "%s is damaged: it refers to bytes outside of its "
                       "sections; make the index again",
                       f->path);
    uint64_t last = (off + len - 1) / PC_PAGE_SIZE;
    for (uint64_t page = off / PC_PAGE_SIZE; page <= last; page++) {
        if (atomic_load_explicit(&f->page_seen[page], memory_order_relaxed))
            continue;
        int rc = check_page(f, page, err);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

int pc_sealed_verify(pc_sealed *f, parasol_error *err)
{
    uint64_t end = PC_SEALED_HEADER;
    pc_map_read_ahead(&f->map);
    for (uint64_t i = 0; f->sums_off + i * PC_PAGE_SIZE < f->root_off; i++) {
        int rc = check_sums_page(f, i, err);
        if (rc)
            return rc;
    }
    for (uint64_t page = 0; page < f->sums_off / PC_PAGE_SIZE; page++) {
        int rc = check_page(f, page, err);
        if (rc)
            return rc;
    }
    for (uint32_t i = 0; i <= f->entry_count; i++) {
        uint64_t next = i < f->entry_count ? f->entries[i].off : f->sums_off;
        if (!pc_all_zero(f->map.ptr + end, next - end))
            return corrupt(f, end, "the padding is not zero", err);
        if (i < f->entry_count)
            end = next + f->entries[i].len;
    }
    return PARASOL_OK;
}
