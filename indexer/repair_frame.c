/*
 * The frame of a sealed file, made again: header, checksums, table of contents
 * and footer. Where they stand follows from the length of the file, and all
 * but the table of contents from the pages. The manifest has the checksum of
 * the footer, which depends on every byte: so the result is known to be the
 * file as it was written, or it is not taken.
 *
 * A damaged page does not keep the frame from being made again: the checksums
 * that the file has are then taken as they are. Of the table of contents, one
 * entry can be found again by what the others leave room for.
 */
#include <parasol/version.h>

#include "common/base/crc.h"
#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/format/layout.h"
#include "common/os/file.h"
#include "common/os/map.h"
#include "indexer/repair_internal.h"

/* Sections have had ids up to this. */
#define ID_MAX 32u

typedef struct frame {
    pi_repair *x;
    enum pc_name of;
    uint32_t kind;
    uint64_t number, bytes; /* as the manifest says */
    uint32_t crc;
    pc_map map;
    uint64_t sums, root, toc; /* where they are */
    uint32_t sections;
    uint8_t head[PC_SEALED_HEADER];
    pc_buf tail; /* from `sums` to the end */
    bool whole;  /* every page is right */
} frame;

/* ---- layout -------------------------------------------------------------- */

/* Where everything is when the body has so many pages; false if that does not
   fit the length. */
static bool fits(frame *f, uint64_t pages)
{
    uint64_t pieces = (pages * 4 + PC_PAGE_SIZE - 1) / PC_PAGE_SIZE;
    f->sums = pages * PC_PAGE_SIZE;
    f->root = f->sums + pages * 4;
    f->toc = f->root + pieces * 4;
    uint64_t end = f->toc + PC_SEALED_FOOTER;
    f->sections = (uint32_t)((f->bytes - end) / PC_SEALED_TOC_ENTRY);
    return pages > 0 && end <= f->bytes &&
           (f->bytes - end) / PC_SEALED_TOC_ENTRY <= PC_SECTIONS_MAX &&
           (f->bytes - end) % PC_SEALED_TOC_ENTRY == 0;
}

static bool find_layout(frame *f)
{
    uint64_t most = f->bytes / PC_PAGE_SIZE;
    uint64_t least = most - most / 1000; /* the sums are less */
    if (f->bytes > PC_SEALED_MAX || f->bytes < PC_PAGE_SIZE)
        return false;
    for (uint64_t pages = most; pages + 2 >= least && pages > 0; pages--) {
        if (fits(f, pages))
            return f->map.len >= f->sums;
    }
    return false;
}

/* ---- the parts ----------------------------------------------------------- */

static uint8_t *at(frame *f, uint64_t off)
{
    return f->tail.ptr + (off - f->sums);
}

static void make_header(frame *f, uint32_t version)
{
    memset(f->head, 0, sizeof f->head);
    memcpy(f->head, PC_MAGIC_SEALED, PC_MAGIC_LEN);
    pc_store32le(f->head + PC_HEAD_KIND, f->kind);
    pc_store32le(f->head + PC_HEAD_VERSION, version);
    pc_store64le(f->head + PC_HEAD_NUMBER, f->number);
    pc_store32le(f->head + PC_ENDS_CRC, pc_crc32c(0, f->head, PC_ENDS_CRC));
}

/* The checksums of the pages, with the header that was made. */
static void make_sums(frame *f)
{
    for (uint64_t off = 0; off < f->sums; off += PC_PAGE_SIZE) {
        uint64_t from = off == 0 ? sizeof f->head : off;
        uint32_t crc = off == 0 ? pc_crc32c(0, f->head, sizeof f->head) : 0;
        crc = pc_crc32c(crc, f->map.ptr + from,
                        (size_t)(off + PC_PAGE_SIZE - from));
        pc_store32le(at(f, f->sums + off / PC_PAGE_SIZE * 4), crc);
    }
    for (uint64_t off = f->sums; off < f->root; off += PC_PAGE_SIZE) {
        uint64_t left = f->root - off;
        size_t n = left < PC_PAGE_SIZE ? (size_t)left : PC_PAGE_SIZE;
        pc_store32le(at(f, f->root + (off - f->sums) / PC_PAGE_SIZE * 4),
                     pc_crc32c(0, at(f, off), n));
    }
}

/* Makes the footer; true if it is the one that the manifest means. */
static bool make_footer(frame *f)
{
    uint64_t end = f->bytes - PC_SEALED_FOOTER;
    uint8_t *p = at(f, end);
    memset(p, 0, PC_SEALED_FOOTER);
    memcpy(p, PC_MAGIC_SEALED, PC_MAGIC_LEN);
    pc_store64le(p + PC_FOOT_LENGTH, f->bytes);
    pc_store64le(p + PC_FOOT_SUMS, f->sums);
    pc_store64le(p + PC_FOOT_ROOT, f->root);
    pc_store64le(p + PC_FOOT_TOC, f->toc);
    pc_store32le(p + PC_FOOT_TOC_COUNT, f->sections);
    pc_store32le(p + PC_FOOT_TABLES_CRC,
                 pc_crc32c(0, at(f, f->root), (size_t)(end - f->root)));
    pc_store32le(p + PC_ENDS_CRC, pc_crc32c(0, p, PC_ENDS_CRC));
    return pc_load32le(p + PC_ENDS_CRC) == f->crc;
}

/* What the file has behind its pages; zeros where it is cut off. */
static void take_tail(frame *f)
{
    uint64_t there = f->map.len - f->sums;
    size_t n = there < f->tail.len ? (size_t)there : f->tail.len;
    memset(f->tail.ptr, 0, f->tail.len);
    memcpy(f->tail.ptr, f->map.ptr + f->sums, n);
}

/* ---- the table of contents ----------------------------------------------- */

static bool has_id(frame *f, uint32_t id, uint32_t but)
{
    for (uint32_t i = 0; i < f->sections; i++) {
        if (i != but &&
            pc_load32le(at(f, f->toc + i * PC_SEALED_TOC_ENTRY)) == id)
            return true;
    }
    return false;
}

/* Tries entry i with every id, and every length that there is room for. */
static bool try_entry(frame *f, uint32_t i)
{
    uint8_t *p = at(f, f->toc + i * PC_SEALED_TOC_ENTRY);
    bool last = i + 1 == f->sections;
    uint64_t start = PC_SEALED_HEADER;
    if (i > 0)
        start = pc_align_up(pc_load64le(p - 16) + pc_load64le(p - 8),
                            PC_SECTION_ALIGN);
    uint64_t end = last ? f->sums : pc_load64le(p + PC_SEALED_TOC_ENTRY + 8);
    uint64_t room = last ? PC_PAGE_SIZE : PC_SECTION_ALIGN;
    if (end > f->sums || start > end)
        return false;
    pc_store32le(p + 4, 0);
    pc_store64le(p + 8, start);
    for (uint32_t id = 1; id <= ID_MAX; id++) {
        if (has_id(f, id, i))
            continue;
        pc_store32le(p, id);
        for (uint64_t k = 0; k < room && k <= end - start; k++) {
            pc_store64le(p + 16, end - start - k);
            if (make_footer(f))
                return true;
        }
    }
    return false;
}

static bool find_entry(frame *f)
{
    uint8_t before[PC_SEALED_TOC_ENTRY];
    for (uint32_t i = 0; i < f->sections; i++) {
        uint8_t *p = at(f, f->toc + i * PC_SEALED_TOC_ENTRY);
        memcpy(before, p, sizeof before);
        if (try_entry(f, i))
            return true;
        memcpy(p, before, sizeof before);
    }
    return false;
}

/* ---- all ----------------------------------------------------------------- */

/* `keep`: with the checksums of pages that the file has; `search`: with another
   entry in the table of contents. */
static bool try_all(frame *f, uint32_t version, bool keep, bool search)
{
    make_header(f, version);
    take_tail(f);
    if (!keep)
        make_sums(f);
    f->whole = !keep;
    return make_footer(f) || (search && find_entry(f));
}

/* The least that has to be changed comes first, so that a search, which may be
   wrong once in some ten thousand times, is only made where nothing else is
   left; a deep check follows. */
static bool make(frame *f)
{
    for (int i = 0; i < 4; i++) {
        for (uint32_t v = PARASOL_FORMAT_VERSION;
             v >= PARASOL_FORMAT_VERSION_MIN; v--) {
            if (try_all(f, v, i % 2 == 1, i >= 2))
                return true;
        }
    }
    return false;
}

static bool is_as_it_was(frame *f)
{
    return f->map.len == f->bytes &&
           memcmp(f->head, f->map.ptr, sizeof f->head) == 0 &&
           memcmp(f->tail.ptr, f->map.ptr + f->sums, f->tail.len) == 0;
}

static int write_to(frame *f, int fd, const char *path, parasol_error *err)
{
    int rc = pc_file_write(fd, f->head, sizeof f->head, path, err);
    if (!rc)
        rc = pc_file_write(fd, f->map.ptr + sizeof f->head,
                           (size_t)f->sums - sizeof f->head, path, err);
    if (!rc)
        rc = pc_file_write(fd, f->tail.ptr, f->tail.len, path, err);
    return rc ? rc : pc_file_sync(fd, path, err);
}

/* Puts the mended file in the place of the damaged one. */
static int replace(frame *f, const char *path, parasol_error *err)
{
    const pi_repair *x = f->x;
    pc_buf tmp;
    int fd = -1;
    pc_buf_init(&tmp, x->mem);
    const char *name =
        pc_name_path(&tmp, x->dir, f->of, f->number, ".tmp", err);
    int rc = name ? PARASOL_OK : PARASOL_NOMEM;
    if (!rc)
        (void)pc_file_unlink(name, NULL); /* of one that crashed */
    if (!rc)
        rc = pc_file_create(&fd, name, err);
    if (!rc)
        rc = write_to(f, fd, name, err);
    pc_file_close(fd);
    if (!rc)
        rc = pc_file_rename(name, path, err);
    if (rc && name)
        (void)pc_file_unlink(name, NULL);
    if (!rc)
        rc = pc_dir_sync(x->dir, err);
    pc_buf_release(&tmp);
    return rc;
}

static int mend(frame *f, const char *path, bool *mended, parasol_error *err)
{
    pi_repair *x = f->x;
    if (!find_layout(f))
        return PARASOL_OK;
    if (!pc_buf_reserve(&f->tail, (size_t)(f->bytes - f->sums)))
        return pc_fail_nomem(err);
    f->tail.len = (size_t)(f->bytes - f->sums);
    if (!make(f) || is_as_it_was(f))
        return PARASOL_OK;
    int rc = x->o.dry_run ? PARASOL_OK : replace(f, path, err);
    if (rc)
        return rc;
    *mended = true;
    if (f->whole && x->o.dry_run)
        pi_repair_forget(x, f->of, f->number);
    return pi_repair_say(
        x, PARASOL_REPAIR_DID, pi_repair_name(x, f->of, f->number),
        PC_STR_LIT(""), err, "%s",
        f->whole ? "its header, checksums and table of contents are as they "
                   "were again, and so is the file"
                 : "its header and table of contents are as they were again; "
                   "pages are damaged, too");
}

int pi_repair_frame(pi_repair *x, enum pc_name of, uint64_t number,
                    uint64_t bytes, uint32_t crc, bool *mended,
                    parasol_error *err)
{
    static const uint32_t kinds[] = {[PC_NAME_SEGMENT] = PC_KIND_SEGMENT,
                                     [PC_NAME_SKIPS] = PC_KIND_SKIPS,
                                     [PC_NAME_LIVE] = PC_KIND_LIVE,
                                     [PC_NAME_FILES] = PC_KIND_FILES};
    frame f = {.x = x,
               .of = of,
               .kind = kinds[of],
               .number = number,
               .bytes = bytes,
               .crc = crc};
    pc_buf path;
    parasol_error why = {0};
    if (number == 0 || !pi_repair_is_bad(x, of, number))
        return PARASOL_OK;
    pc_buf_init(&path, x->mem);
    pc_buf_init(&f.tail, x->mem);
    const char *name = pc_name_path(&path, x->dir, of, number, "", err);
    int rc = name ? pc_map_open(&f.map, name, &why) : PARASOL_NOMEM;
    if (!rc)
        rc = mend(&f, name, mended, err);
    else if (rc != PARASOL_NOMEM)
        rc = PARASOL_OK; /* it is gone */
    else
        rc = pc_fail_nomem(err);
    pc_map_close(&f.map);
    pc_buf_release(&f.tail);
    pc_buf_release(&path);
    return rc;
}
