/*
 * Dead documents, reading side.
 */
#include "common/segment/live.h"

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/codec/varint.h"

static int corrupt(const pc_sealed *f, const char *what, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "%s is damaged: %s; make the index again", pc_sealed_path(f),
                   what);
}

static void set_all(pc_live *live)
{
    uint32_t n = live->docs;
    memset(live->alive, 0xff, n / 64 * sizeof(uint64_t));
    if (n % 64)
        live->alive[n / 64] = (UINT64_C(1) << n % 64) - 1;
}

/* Takes the dead documents out of the bitmap. False: the gaps are wrong. */
static bool read_gaps(pc_live *live, const uint8_t *p, const uint8_t *end)
{
    uint64_t next = 0;
    for (uint32_t i = 0; i < live->dead; i++) {
        uint32_t gap = 0;
        p = pc_varint_get32(p, end, &gap);
        if (!p || next + gap >= live->docs)
            return false;
        next += gap;
        live->alive[next / 64] &= ~(UINT64_C(1) << next % 64);
        next++;
    }
    return p == end;
}

static int read_section(pc_live *live, pc_sealed *f, parasol_error *err)
{
    pc_section s;
    int rc = pc_sealed_section(f, PC_SECTION_LIVE, &s, err);
    if (!rc)
        rc = pc_sealed_need(f, s.ptr, (size_t)s.len, err);
    if (rc)
        return rc;
    if (s.len < PC_LIVE_HEAD || pc_load32le(s.ptr) != live->docs ||
        pc_load32le(s.ptr + 4) != live->dead)
        return corrupt(f, "its counts are not those of the manifest", err);
    live->alive =
        pc_zalloc(live->mem, pc_live_words(live->docs), sizeof *live->alive);
    if (!live->alive)
        return pc_fail_nomem(err);
    set_all(live);
    if (!read_gaps(live, s.ptr + PC_LIVE_HEAD, s.ptr + s.len))
        return corrupt(f, "its list of dead documents is not valid", err);
    return PARASOL_OK;
}

int pc_live_from(pc_live *out, pc_sealed *file,
                 const pc_manifest_segment *entry, const pc_mem *mem,
                 parasol_error *err)
{
    *out = (pc_live){.mem = mem, .docs = entry->docs, .dead = entry->dead};
    int rc = read_section(out, file, err);
    if (rc)
        pc_live_release(out);
    return rc;
}

int pc_live_read_home(pc_live *out, pc_home *home,
                      const pc_manifest_segment *entry, const pc_mem *mem,
                      parasol_error *err)
{
    const pc_commit_file named = {PC_NAME_LIVE, entry->live_number,
                                  entry->live_bytes, entry->live_crc};
    pc_sealed *f = NULL;
    *out = (pc_live){.mem = mem, .docs = entry->docs, .dead = entry->dead};
    if (entry->live_number == 0)
        return PARASOL_OK;
    int rc = pc_home_commit_file(home, &f, &named, err);
    if (!rc)
        rc = pc_live_from(out, f, entry, mem, err);
    pc_sealed_close(f);
    return rc;
}

int pc_live_copy(pc_live *out, const pc_live *from, const pc_mem *mem,
                 parasol_error *err)
{
    size_t words = pc_live_words(from->docs);
    *out = *from;
    out->mem = mem;
    out->alive = NULL;
    if (!from->alive)
        return PARASOL_OK;
    out->alive = pc_alloc(mem, words, sizeof *out->alive);
    if (!out->alive)
        return pc_fail_nomem(err);
    memcpy(out->alive, from->alive, words * sizeof *out->alive);
    return PARASOL_OK;
}

uint32_t pc_live_count(const pc_live *live, uint32_t end)
{
    uint32_t n = 0;
    if (!live->alive)
        return end;
    for (uint32_t i = 0; i < end / 64; i++)
        n += pc_popcount64(live->alive[i]);
    if (end % 64)
        n += pc_popcount64(live->alive[end / 64] &
                           ((UINT64_C(1) << end % 64) - 1));
    return n;
}

int pc_live_read(pc_live *out, const char *dir,
                 const pc_manifest_segment *entry, const pc_mem *mem,
                 parasol_error *err)
{
    pc_home home;
    *out = (pc_live){.mem = mem};
    int rc = pc_home_open(&home, dir, mem, err);
    if (!rc)
        rc = pc_live_read_home(out, &home, entry, mem, err);
    pc_home_close(&home);
    return rc;
}

void pc_live_release(pc_live *live)
{
    pc_free(live->mem, live->alive);
    live->alive = NULL;
}
