/*
 * Sealed file: the envelope of every large file of an index, reading side
 * (docs/format.md, "Sealed files"). Knows sections by number and checksums,
 * and nothing about what the sections hold.
 *
 * Opening verifies the header, the footer, the table of contents and the root
 * checksums, but not the body: whoever reads bytes of a section first calls
 * pc_sealed_need for them. Its cost on pages that were checked before is one
 * load per page.
 *
 * Invariant: PC_PAD readable bytes follow every section.
 * Threads: any number may use a sealed file at once, except for close.
 */
#ifndef PARASOL_COMMON_FORMAT_SEALED_H
#define PARASOL_COMMON_FORMAT_SEALED_H

#include <stdatomic.h>

#include "common/base/mem.h"
#include "common/format/magic.h"
#include "common/os/map.h"

typedef struct pc_section {
    const uint8_t *ptr; /* borrowed until pc_sealed_close */
    uint64_t len;
} pc_section;

typedef struct pc_sealed_entry pc_sealed_entry;

/* Private to sealed.h and sealed.c; here so that the check can be inline. */
typedef struct pc_sealed {
    pc_map map;
    uint64_t sums_off; /* the body, which pages and sums cover, ends here */
    uint64_t root_off;
    atomic_uchar *page_seen; /* not 0: the page has the sum that it should */
    atomic_uchar *sums_seen; /* the same for pages of sums */
    pc_sealed_entry *entries;
    uint32_t entry_count;
    uint32_t trailer_crc;
    uint64_t number;
    char *path;
    const pc_mem *mem;
} pc_sealed;

/*
 * Opens a file of that kind. *out is owned by the caller (pc_sealed_close);
 * `path` is copied; `mem` is borrowed until close.
 * Errors: CORRUPT, VERSION (the sentence says what to do), NOTFOUND, IO,
 * NOMEM.
 * Cost: reads 128 bytes and the 4 bytes of root checksums for every 4 MiB.
 */
int pc_sealed_open(pc_sealed **out, const char *path, uint32_t kind,
                   const pc_mem *mem, parasol_error *err) PC_MUST_USE;

/*
 * The same for a sealed file that is a part of another, open one, which may be
 * closed afterwards. `path` names it in sentences.
 */
int pc_sealed_open_extent(pc_sealed **out, const pc_extent *part,
                          const char *path, uint32_t kind, const pc_mem *mem,
                          parasol_error *err) PC_MUST_USE;

/* Accepts NULL. Everything borrowed from the file is gone. */
void pc_sealed_close(pc_sealed *f);

uint64_t pc_sealed_number(const pc_sealed *f);  /* the writer's number */
uint64_t pc_sealed_bytes(const pc_sealed *f);   /* length of the file */
const char *pc_sealed_path(const pc_sealed *f); /* borrowed until close */

/* Last four bytes of the file. With the length they identify the content:
   they depend on the checksum of every page. */
uint32_t pc_sealed_trailer_crc(const pc_sealed *f);

/* Finds a section; CORRUPT when the file has none of that id. The bytes are
   not verified: see pc_sealed_need. */
int pc_sealed_section(const pc_sealed *f, uint32_t id, pc_section *out,
                      parasol_error *err) PC_MUST_USE;

/* True and *out filled when the file has the section. */
int pc_sealed_has(const pc_sealed *f, uint32_t id, pc_section *out);

/* The slow half of pc_sealed_need. */
int pc_sealed_need_slow(pc_sealed *f, const uint8_t *ptr, size_t len,
                        parasol_error *err) PC_MUST_USE;

/*
 * Verifies the pages that hold [ptr, ptr + len), each once per open. `ptr`
 * may be any address: a range that is not inside the body is CORRUPT, a range
 * of length 0 is fine.
 * Errors: CORRUPT, with the path and the offset of the page.
 */
PC_MUST_USE static inline int pc_sealed_need(pc_sealed *f, const uint8_t *ptr,
                                             size_t len, parasol_error *err)
{
    uint64_t off = (uint64_t)((uintptr_t)ptr - (uintptr_t)f->map.ptr);
    if (len == 0)
        return PARASOL_OK;
    if (PC_UNLIKELY(off >= f->sums_off || len > f->sums_off - off))
        return pc_sealed_need_slow(f, ptr, len, err);
    uint64_t last = (off + len - 1) >> PC_PAGE_BITS;
    for (uint64_t page = off >> PC_PAGE_BITS; page <= last; page++) {
        /* Relaxed is enough: the flag guards bytes that never change. */
        if (PC_UNLIKELY(!atomic_load_explicit(&f->page_seen[page],
                                              memory_order_relaxed)))
            return pc_sealed_need_slow(f, ptr, len, err);
    }
    return PARASOL_OK;
}

/* Verifies every byte of the file, padding too. Errors: CORRUPT. Cost: reads
   the whole file once more, whatever was verified before. */
int pc_sealed_verify(pc_sealed *f, parasol_error *err) PC_MUST_USE;

#endif
