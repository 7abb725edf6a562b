/*
 * Checksums from the inside out: pages, sums, footers, manifest or table.
 */
#include "tests/fuzz/repair.h"

#include <stdio.h>
#include <string.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "common/format/magic.h"

/* Offsets of docs/format.md. */
enum {
    FOOT_SUMS = 16,
    FOOT_ROOT = 24,
    FOOT_TOC = 32,
    FOOT_TABLES = 44,
    MANIFEST_SKIPS = 184,
    MANIFEST_FILES = 200,
    MANIFEST_SKIPS_CRC = 216,
    MANIFEST_FILES_CRC = 220,
    PACK_TABLE = 64,
    PACK_ENTRY = 32
};

static void put_crc(uint8_t *p, size_t at, size_t from, size_t to)
{
    pc_store32le(p + at, pc_crc32c(0, p + from, to - from));
}

/* One crc at `to` for each page of the bytes from `from` to `end`. */
static void put_sums(uint8_t *p, size_t from, size_t end, size_t to,
                     size_t limit)
{
    for (; from < end && to + 4 <= limit; to += 4) {
        size_t page = end - from < PC_PAGE_SIZE ? end - from : PC_PAGE_SIZE;
        put_crc(p, to, from, from + page);
        from += page;
    }
}

static void repair_sealed(uint8_t *p, size_t n)
{
    if (n < PC_SEALED_HEADER + PC_SEALED_FOOTER)
        return;
    uint8_t *foot = p + n - PC_SEALED_FOOTER;
    uint64_t sums = pc_load64le(foot + FOOT_SUMS);
    uint64_t root = pc_load64le(foot + FOOT_ROOT);
    uint64_t end = n - PC_SEALED_FOOTER;
    put_crc(p, 60, 0, 60);
    if (sums <= root && root <= end) {
        put_sums(p, 0, (size_t)sums, (size_t)sums, (size_t)root);
        put_sums(p, (size_t)sums, (size_t)root, (size_t)root, (size_t)end);
        put_crc(foot, FOOT_TABLES, 0, 0);
        pc_store32le(foot + FOOT_TABLES,
                     pc_crc32c(0, p + root, (size_t)(end - root)));
    }
    put_crc(foot, 60, 0, 60);
}

/* What the manifest says of the sealed file of that letter and number. */
static void repair_entry(const repair_file *files, size_t n, char letter,
                         uint8_t *number, uint8_t *bytes, uint8_t *crc)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%c%llu.seg", letter,
                   (unsigned long long)pc_load64le(number));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(files[i].name, name) != 0 || files[i].len < 4)
            continue;
        pc_store64le(bytes, files[i].len);
        pc_store32le(crc, pc_load32le(files[i].bytes + files[i].len - 4));
    }
}

static void repair_manifest(uint8_t *p, size_t len, const repair_file *files,
                            size_t n)
{
    if (len < PC_MANIFEST_HEAD + 4)
        return;
    repair_entry(files, n, 'k', p + MANIFEST_SKIPS, p + MANIFEST_SKIPS + 8,
                 p + MANIFEST_SKIPS_CRC);
    repair_entry(files, n, 'f', p + MANIFEST_FILES, p + MANIFEST_FILES + 8,
                 p + MANIFEST_FILES_CRC);
    for (size_t at = PC_MANIFEST_HEAD; at + PC_MANIFEST_ENTRY + 4 <= len;
         at += PC_MANIFEST_ENTRY) {
        repair_entry(files, n, 's', p + at, p + at + 8, p + at + 16);
        repair_entry(files, n, 'l', p + at + 24, p + at + 32, p + at + 40);
    }
    put_crc(p, len - 4, 0, len - 4);
}

/* The files in a packed index, as if they lay in a directory. */
static void repair_pack(uint8_t *p, size_t len)
{
    static const char letters[] = "?sklf";
    repair_file inner[64];
    size_t n = 0;
    uint64_t count = len >= PACK_TABLE ? pc_load32le(p + 8) : 0;
    for (size_t i = 0; i < count && i < 64; i++) {
        size_t at = PACK_TABLE + i * PACK_ENTRY;
        if (at + PACK_ENTRY > len)
            break;
        uint32_t kind = pc_load32le(p + at);
        uint64_t off = pc_load64le(p + at + 16);
        uint64_t bytes = pc_load64le(p + at + 24);
        if (off > len || bytes > len - off || kind >= sizeof letters - 1)
            continue;
        repair_file *f = &inner[n++];
        *f = (repair_file){"", p + off, (size_t)bytes};
        (void)snprintf(f->name, sizeof f->name, "%c%llu.seg", letters[kind],
                       (unsigned long long)pc_load64le(p + at + 8));
        if (kind)
            repair_sealed(f->bytes, f->len);
    }
    for (size_t i = 0; i < n; i++) {
        if (inner[i].name[0] == '?')
            repair_manifest(inner[i].bytes, inner[i].len, inner, n);
    }
    for (size_t i = 0; i < count && i < 64; i++) {
        size_t at = PACK_TABLE + i * PACK_ENTRY;
        if (at + PACK_ENTRY > len)
            break;
        uint64_t end = pc_load64le(p + at + 16) + pc_load64le(p + at + 24);
        if (end <= len && end >= 4)
            pc_store32le(p + at + 4, pc_load32le(p + end - 4));
    }
    size_t table = PACK_TABLE + (size_t)count * PACK_ENTRY;
    if (len >= PACK_TABLE && table <= len) {
        put_crc(p, 32, PACK_TABLE, table);
        put_crc(p, 60, 0, 60);
    }
}

void repair_index(repair_file *files, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strstr(files[i].name, ".seg"))
            repair_sealed(files[i].bytes, files[i].len);
        else if (strcmp(files[i].name, "packed") == 0)
            repair_pack(files[i].bytes, files[i].len);
    }
    for (size_t i = 0; i < n; i++) {
        if (strncmp(files[i].name, "manifest.", 9) == 0)
            repair_manifest(files[i].bytes, files[i].len, files, n);
    }
}
