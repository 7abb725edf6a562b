/*
 * Sealed files, byte by byte.
 */
#include "indexer/check/bytes.h"

#include <parasol/version.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "common/format/layout.h"

#define WHOLE "everything in the file"
#define STEP_PAGES 256u /* between two looks at the caller */

static void damaged(pi_bytes *b, pi_check *c, uint64_t off, uint64_t len,
                    const char *affects, const char *what)
{
    b->damages++;
    pi_damage(c, (pi_place){b->name, "", off, len}, affects, "%s", what);
}

/* ---- ends --------------------------------------------------------------- */

static bool check_header(pi_bytes *b, uint32_t kind, pi_check *c)
{
    const uint8_t *head = b->map.ptr;
    const char *what = NULL;
    if (memcmp(head, PC_MAGIC_SEALED, PC_MAGIC_LEN) != 0)
        what = "it does not begin as a file of an index";
    else if (pc_load32le(head + PC_ENDS_CRC) != pc_crc32c(0, head, PC_ENDS_CRC))
        what = "the header has a wrong checksum";
    else if (pc_load32le(head + PC_HEAD_VERSION) > PARASOL_FORMAT_VERSION ||
             pc_load32le(head + PC_HEAD_VERSION) < PARASOL_FORMAT_VERSION_MIN)
        what = "the header has another version than the manifest";
    else if (pc_load32le(head + PC_HEAD_KIND) != kind)
        what = "it is a file of another kind";
    else if (!pc_all_zero(head + PC_HEAD_ZEROS, PC_ENDS_CRC - PC_HEAD_ZEROS))
        what = "reserved bytes of the header are not zero";
    if (what)
        damaged(b, c, 0, PC_SEALED_HEADER, WHOLE, what);
    b->number = pc_load64le(head + PC_HEAD_NUMBER);
    return !what;
}

/* Fills the layout from the footer. */
static const char *read_footer(pi_bytes *b, const uint8_t *foot, uint64_t at)
{
    uint64_t sums = pc_load64le(foot + PC_FOOT_SUMS);
    uint32_t count = pc_load32le(foot + PC_FOOT_TOC_COUNT);
    if (memcmp(foot, PC_MAGIC_SEALED, PC_MAGIC_LEN) != 0)
        return "there is no footer; the file may be cut off";
    if (b->trailer_crc != pc_crc32c(0, foot, PC_ENDS_CRC))
        return "the footer has a wrong checksum";
    if (!pc_all_zero(foot + PC_FOOT_ZEROS, PC_ENDS_CRC - PC_FOOT_ZEROS))
        return "reserved bytes of the footer are not zero";
    if (pc_load64le(foot + PC_FOOT_LENGTH) != b->map.len || sums > b->map.len ||
        sums == 0 || sums % PC_PAGE_SIZE != 0 || count > PC_SECTIONS_MAX)
        return "the footer does not fit the file";
    uint64_t root = sums + sums / PC_PAGE_SIZE * 4;
    uint64_t toc =
        root + pc_align_up(root - sums, PC_PAGE_SIZE) / PC_PAGE_SIZE * 4;
    if (pc_load64le(foot + PC_FOOT_ROOT) != root ||
        pc_load64le(foot + PC_FOOT_TOC) != toc ||
        toc + (uint64_t)count * PC_SEALED_TOC_ENTRY != at)
        return "the footer does not fit the file";
    b->sums_off = sums;
    b->root_off = root;
    b->n_sections = count;
    return NULL;
}

static const char *read_toc(pi_bytes *b, uint64_t toc)
{
    uint64_t end = PC_SEALED_HEADER;
    for (uint32_t i = 0; i < b->n_sections; i++) {
        const uint8_t *p = b->map.ptr + toc + (size_t)i * PC_SEALED_TOC_ENTRY;
        pi_bytes_section s = {pc_load32le(p), pc_load64le(p + 8),
                              pc_load64le(p + 16)};
        if (s.id == 0 || pc_load32le(p + 4) != 0 ||
            s.off != pc_align_up(end, PC_SECTION_ALIGN) ||
            s.off > b->sums_off || s.len > b->sums_off - s.off)
            return "the table of contents is not valid";
        for (uint32_t j = 0; j < i; j++) {
            if (b->sections[j].id == s.id)
                return "a section is there twice";
        }
        b->sections[i] = s;
        end = s.off + s.len;
    }
    return pc_align_up(end, PC_PAGE_SIZE) == b->sums_off
               ? NULL
               : "the sections do not fill the file";
}

static bool check_footer(pi_bytes *b, pi_check *c)
{
    uint64_t at = b->map.len - PC_SEALED_FOOTER;
    const uint8_t *foot = b->map.ptr + at;
    b->trailer_crc = pc_load32le(foot + PC_ENDS_CRC);
    const char *what = read_footer(b, foot, at);
    if (what) {
        damaged(b, c, at, PC_SEALED_FOOTER, WHOLE, what);
        return false;
    }
    uint64_t len = at - b->root_off;
    if (pc_load32le(foot + PC_FOOT_TABLES_CRC) !=
        pc_crc32c(0, b->map.ptr + b->root_off, (size_t)len)) {
        damaged(b, c, b->root_off, len, WHOLE,
                "the root checksums and the table of contents have a wrong "
                "checksum");
        return false;
    }
    uint64_t toc = at - (uint64_t)b->n_sections * PC_SEALED_TOC_ENTRY;
    what = read_toc(b, toc);
    if (what)
        damaged(b, c, toc, at - toc, WHOLE, what);
    return !what;
}

/* ---- pages -------------------------------------------------------------- */

static void add_bad(pi_bytes *b, pi_check *c, uint64_t off)
{
    pi_extent *last = b->n_bad ? &b->bad[b->n_bad - 1] : NULL;
    if (last && last->off + last->len == off) {
        last->len += PC_PAGE_SIZE;
        return;
    }
    if (pc_grow(c->mem, (void **)&b->bad, &b->bad_cap, b->n_bad + 1,
                sizeof *b->bad)) {
        pi_check_nomem(c);
        return;
    }
    b->bad[b->n_bad++] = (pi_extent){off, PC_PAGE_SIZE};
    b->damages++;
}

/* The pages whose sums stand in one piece of sums. Where the piece itself is
   wrong, a page that does not fit its sum may be sound. */
static void check_piece(pi_bytes *b, uint64_t i, pi_check *c)
{
    uint64_t off = b->sums_off + i * PC_PAGE_SIZE;
    uint64_t left = b->root_off - off;
    uint64_t n = left < PC_PAGE_SIZE ? left : PC_PAGE_SIZE;
    bool sound = pc_load32le(b->map.ptr + b->root_off + 4 * i) ==
                 pc_crc32c(0, b->map.ptr + off, (size_t)n);
    if (!sound)
        damaged(b, c, off, n, "the checks of the pages that it is about",
                "page checksums have a wrong checksum");
    for (uint64_t k = 0; k < n / 4 && sound && !c->stopped; k++) {
        uint64_t page = i * (PC_PAGE_SIZE / 4) + k;
        const uint8_t *p = b->map.ptr + page * PC_PAGE_SIZE;
        if (pc_load32le(b->map.ptr + off + 4 * k) !=
            pc_crc32c(0, p, PC_PAGE_SIZE))
            add_bad(b, c, page * PC_PAGE_SIZE);
        if (page % STEP_PAGES == STEP_PAGES - 1)
            pi_check_progress(c, (uint64_t)STEP_PAGES * PC_PAGE_SIZE);
    }
}

static void check_padding(pi_bytes *b, pi_check *c)
{
    uint64_t end = PC_SEALED_HEADER;
    for (uint32_t i = 0; i <= b->n_sections; i++) {
        bool last = i == b->n_sections;
        uint64_t next = last ? b->sums_off : b->sections[i].off;
        if (!pi_bytes_is_bad(b, end, next - end) &&
            !pc_all_zero(b->map.ptr + end, next - end))
            damaged(b, c, end, next - end, "", "the padding is not zero");
        if (!last)
            end = next + b->sections[i].len;
    }
}

/* ---- all ---------------------------------------------------------------- */

void pi_bytes_check(pi_bytes *b, uint32_t kind, pi_check *c)
{
    uint64_t len = b->map.len;
    if (len < PC_PAGE_SIZE + 8 + PC_SEALED_FOOTER || len > PC_SEALED_MAX) {
        damaged(b, c, len, 0, WHOLE, "its length is impossible");
        return;
    }
    pc_map_read_ahead(&b->map);
    bool head = check_header(b, kind, c);
    b->has_layout = check_footer(b, c);
    b->has_ends = head && b->has_layout;
    if (!b->has_layout)
        return;
    for (uint64_t i = 0;
         b->sums_off + i * PC_PAGE_SIZE < b->root_off && !c->stopped; i++)
        check_piece(b, i, c);
    check_padding(b, c);
}

void pi_bytes_release(pi_bytes *b, const pc_mem *mem)
{
    pc_map_close(&b->map);
    pc_free(mem, b->bad);
    b->bad = NULL;
    b->n_bad = 0;
}

const pi_bytes_section *pi_bytes_find(const pi_bytes *b, uint32_t id)
{
    for (uint32_t i = 0; i < b->n_sections && b->has_layout; i++) {
        if (b->sections[i].id == id)
            return &b->sections[i];
    }
    return NULL;
}

bool pi_bytes_is_bad(const pi_bytes *b, uint64_t off, uint64_t len)
{
    for (size_t i = 0; i < b->n_bad; i++) {
        if (len > 0 && off < b->bad[i].off + b->bad[i].len &&
            b->bad[i].off < off + len)
            return true;
    }
    return false;
}
