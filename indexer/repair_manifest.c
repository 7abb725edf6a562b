/*
 * A manifest made of what is in the directory, when the newest one is damaged
 * or gone. What can still be read of it is believed where a file with exactly
 * that number, length and checksum is there; else every whole segment belongs
 * to the index, in the order of the numbers.
 */
#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/format/layout.h"
#include "common/format/name.h"
#include "common/os/file.h"
#include "common/segment/seg.h"
#include "common/text/analyzer.h"
#include "indexer/check/deep.h"
#include "indexer/repair_internal.h"

typedef struct search {
    pi_repair *x;
    pc_buf raw; /* what is left of the manifest */
    pc_str *names;
    size_t n_names;
    int failed; /* not OK: what is there could not be looked at, and why */
    parasol_error why;
} search;

/* What cannot be looked at now is neither there nor gone. */
static void note(search *f, int rc, const parasol_error *why)
{
    if (f->failed || !pi_salvage_stops(rc, why))
        return;
    f->failed = rc;
    f->why = *why;
}

/* ---- files -------------------------------------------------------------- */

/* Is there a whole file of that kind, with this length and checksum? */
static bool is_there(search *f, enum pc_name of, uint32_t kind, uint64_t number,
                     uint64_t bytes, uint32_t crc)
{
    pc_buf path;
    pc_sealed *file = NULL;
    parasol_error why = {0};
    pc_buf_init(&path, f->x->mem);
    const char *name =
        number ? pc_name_path(&path, f->x->dir, of, number, "", NULL) : NULL;
    int rc = name && !pi_repair_is_bad(f->x, of, number)
                 ? pc_sealed_open(&file, name, kind, f->x->mem, &why)
                 : PARASOL_CORRUPT;
    note(f, path.status ? PARASOL_NOMEM : rc, &why);
    bool same = rc == PARASOL_OK && pc_sealed_bytes(file) == bytes &&
                pc_sealed_trailer_crc(file) == crc &&
                pc_sealed_number(file) == number;
    pc_sealed_close(file);
    pc_buf_release(&path);
    return same;
}

/* The entry of a segment as its file says. */
static bool describe(search *f, uint64_t number, pc_manifest_segment *entry)
{
    pc_buf path;
    pc_seg *seg = NULL;
    parasol_error why = {0};
    pc_buf_init(&path, f->x->mem);
    const char *name =
        pc_name_path(&path, f->x->dir, PC_NAME_SEGMENT, number, "", NULL);
    int rc = name && !pi_repair_is_bad(f->x, PC_NAME_SEGMENT, number)
                 ? pc_seg_open(&seg, name, f->x->mem, &why)
                 : PARASOL_CORRUPT;
    note(f, path.status ? PARASOL_NOMEM : rc, &why);
    if (!rc)
        *entry = (pc_manifest_segment){.number = number,
                                       .file_bytes = pc_sealed_bytes(seg->file),
                                       .trailer_crc =
                                           pc_sealed_trailer_crc(seg->file),
                                       .docs = seg->docs};
    pc_seg_close(seg);
    pc_buf_release(&path);
    return !rc && entry->docs > 0;
}

/* ---- what is left of the manifest --------------------------------------- */

static const uint8_t *at(const search *f, size_t off)
{
    return f->raw.ptr + off;
}

static uint32_t raw_segments(const search *f)
{
    uint32_t n = f->raw.len >= PC_MANIFEST_HEAD
                     ? pc_load32le(at(f, PC_MANIFEST_AT_SEGMENTS))
                     : 0;
    return n <= PC_SEGMENTS_MAX &&
                   PC_MANIFEST_HEAD + (uint64_t)n * PC_MANIFEST_ENTRY <=
                       f->raw.len
               ? n
               : 0;
}

/* Takes the segments of the list in the manifest; false unless each of them is
   there. */
static bool take_list(search *f, parasol_error *err, int *rc)
{
    uint32_t n = raw_segments(f);
    bool all = n > 0;
    for (uint32_t i = 0; all && !*rc && i < n; i++) {
        const uint8_t *p = at(f, PC_MANIFEST_HEAD + i * PC_MANIFEST_ENTRY);
        pc_manifest_segment s = {pc_load64le(p),      pc_load64le(p + 8),
                                 pc_load32le(p + 16), pc_load32le(p + 20),
                                 pc_load64le(p + 24), pc_load64le(p + 32),
                                 pc_load32le(p + 40), pc_load32le(p + 44)};
        pc_manifest_segment own = {0};
        all = is_there(f, PC_NAME_SEGMENT, PC_KIND_SEGMENT, s.number,
                       s.file_bytes, s.trailer_crc) &&
              describe(f, s.number, &own) && own.docs == s.docs &&
              (s.dead == 0 ? s.live_number == 0
                           : is_there(f, PC_NAME_LIVE, PC_KIND_LIVE,
                                      s.live_number, s.live_bytes, s.live_crc));
        if (all)
            *rc = pc_manifest_add(&f->x->now, &s, err);
    }
    return all;
}

/* Takes every segment that is whole, in order of the numbers. */
static int take_all(search *f, parasol_error *err)
{
    int rc = PARASOL_OK;
    uint64_t last = 0;
    for (bool more = true; more && !rc;) {
        uint64_t next = 0;
        for (size_t i = 0; i < f->n_names; i++) {
            uint64_t number;
            if (pc_name_parse(f->names[i], &number) == PC_NAME_SEGMENT &&
                number > last && (next == 0 || number < next))
                next = number;
        }
        more = next != 0;
        last = next;
        pc_manifest_segment s;
        if (more && describe(f, next, &s))
            rc = pc_manifest_add(&f->x->now, &s, err);
    }
    return rc;
}

/* Skips and catalog, if the manifest names them and they are there. */
static void take_others(search *f)
{
    pc_manifest *m = &f->x->now;
    if (f->raw.len < PC_MANIFEST_HEAD)
        return;
    uint64_t number = pc_load64le(at(f, PC_MANIFEST_AT_SKIPS_NUMBER));
    uint64_t bytes = pc_load64le(at(f, PC_MANIFEST_AT_SKIPS_BYTES));
    uint32_t crc = pc_load32le(at(f, PC_MANIFEST_AT_SKIPS_CRC));
    if (is_there(f, PC_NAME_SKIPS, PC_KIND_SKIPS, number, bytes, crc)) {
        m->skips_number = number;
        m->skips_bytes = bytes;
        m->skips_crc = crc;
        m->files_seen = pc_load64le(at(f, PC_MANIFEST_AT_FILES_SEEN));
        for (size_t i = 0; i < PC_MANIFEST_SKIPS; i++)
            m->skipped[i] = pc_load64le(at(f, PC_MANIFEST_AT_SKIPPED + 8 * i));
    }
    number = pc_load64le(at(f, PC_MANIFEST_AT_FILES_NUMBER));
    bytes = pc_load64le(at(f, PC_MANIFEST_AT_FILES_BYTES));
    crc = pc_load32le(at(f, PC_MANIFEST_AT_FILES_CRC));
    if (is_there(f, PC_NAME_FILES, PC_KIND_FILES, number, bytes, crc)) {
        m->files_number = number;
        m->files_bytes = bytes;
        m->files_crc = crc;
    }
}

/* ---- the analysis ------------------------------------------------------- */

/* Were the words of the segment made by this analyzer? */
static bool fits(search *f, const pc_seg *seg, const pc_analyzer *a)
{
    pi_check c = {.mem = f->x->mem, .dir = f->x->dir};
    pi_deep_words words = {pc_analyzer_spec(a), pc_analyzer_fingerprint(a)};
    pi_deep_segment(&c, seg, "", words, NULL);
    pc_free(c.mem, c.ids);
    if (c.stopped)
        note(f, PARASOL_NOMEM, &(parasol_error){0});
    return !c.stopped && c.info.damages == 0;
}

static bool try_language(search *f, const pc_seg *seg, pc_analyzer *a,
                         parasol_error *err, int *rc)
{
    pc_manifest *m = &f->x->now;
    bool good = fits(f, seg, a);
    if (good) {
        m->fingerprint = pc_analyzer_fingerprint(a);
        *rc = pc_manifest_set_spec(m, pc_analyzer_spec(a), err);
    }
    return good;
}

/* By what the manifest says, or else by trying what fits the stored texts. */
static int find_analysis(search *f, const pc_seg *seg, parasol_error *err)
{
    static const char *const others[] = {"english", "auto", "none"};
    pc_analyzer *a = NULL;
    parasol_error why = {0};
    int rc = PARASOL_OK;
    bool found = false;
    uint32_t n = raw_segments(f);
    size_t off = PC_MANIFEST_HEAD + (size_t)n * PC_MANIFEST_ENTRY;
    size_t len = n ? pc_load32le(at(f, PC_MANIFEST_AT_SPEC_LEN)) : 0;
    if (len > 0 && len <= f->raw.len - off &&
        pc_analyzer_open_spec(&a, (pc_str){(const char *)at(f, off), len},
                              f->x->mem, &why) == PARASOL_OK)
        found = try_language(f, seg, a, err, &rc);
    if (!a && len > 0)
        note(f, why.code == PARASOL_NOMEM ? PARASOL_NOMEM : PARASOL_OK, &why);
    pc_analyzer_free(a);
    for (size_t i = 0; !found && !rc && !f->failed; i++) {
        size_t known = PC_COUNTOF(others);
        if (i >= known + pc_language_count())
            return pc_fail(err, PARASOL_CORRUPT,
                           "%s: in which language the words of the index were "
                           "analysed is not known; index again",
                           f->x->dir);
        const char *name =
            i < known ? others[i] : pc_language_at((unsigned)(i - known))->code;
        a = NULL;
        rc = pc_analyzer_open(&a, name, f->x->mem, err);
        if (!rc)
            found = try_language(f, seg, a, err, &rc);
        pc_analyzer_free(a);
    }
    return !rc && f->failed ? pi_salvage_pass_on(f->failed, &f->why, err) : rc;
}

static int analyse(search *f, parasol_error *err)
{
    pc_buf path;
    pc_seg *seg = NULL;
    if (f->x->now.n_segments == 0)
        return pc_fail(err, PARASOL_CORRUPT,
                       "%s: the manifest is damaged, and no segment is whole; "
                       "index again",
                       f->x->dir);
    pc_buf_init(&path, f->x->mem);
    const char *name = pc_name_path(&path, f->x->dir, PC_NAME_SEGMENT,
                                    f->x->now.segments[0].number, "", err);
    int rc = name ? pc_seg_open(&seg, name, f->x->mem, err) : PARASOL_NOMEM;
    if (!rc)
        rc = find_analysis(f, seg, err);
    pc_seg_close(seg);
    pc_buf_release(&path);
    return rc;
}

/* ---- all ---------------------------------------------------------------- */

/* The bytes of the newest manifest, as they are. */
static int read_raw(search *f, parasol_error *err)
{
    pc_buf path;
    uint64_t newest = 0, number;
    parasol_error why = {0};
    for (size_t i = 0; i < f->n_names; i++) {
        if (pc_name_parse(f->names[i], &number) == PC_NAME_MANIFEST &&
            number > newest)
            newest = number;
    }
    if (!newest)
        return PARASOL_OK;
    pc_buf_init(&path, f->x->mem);
    const char *name =
        pc_name_path(&path, f->x->dir, PC_NAME_MANIFEST, newest, "", err);
    int rc = name ? pc_file_read(&f->raw, name, PC_MANIFEST_MAX, &why)
                  : PARASOL_NOMEM;
    pc_buf_release(&path);
    if (!pi_salvage_stops(rc, &why))
        return PARASOL_OK;
    return pi_salvage_pass_on(rc, &why, err);
}

static int tell(search *f, bool list, parasol_error *err)
{
    pi_repair *x = f->x;
    int rc = pi_repair_say(
        x, PARASOL_REPAIR_DID, "manifest", PC_STR_LIT(""), err,
        "made again of the %llu segment%s that %s there, with %llu documents",
        (unsigned long long)x->now.n_segments,
        x->now.n_segments == 1 ? "" : "s",
        x->now.n_segments == 1 ? "is" : "are",
        (unsigned long long)pc_manifest_docs(&x->now));
    if (!rc && !list)
        rc = pi_repair_say(x, PARASOL_REPAIR_DOUBTFUL, "manifest",
                           PC_STR_LIT(""), err,
                           "which segments belong to the index, and which "
                           "documents were deleted, is not known: deleted ones "
                           "may be found again");
    return rc;
}

int pi_repair_manifest(pi_repair *x, parasol_error *err)
{
    search f = {.x = x};
    pc_buf_init(&f.raw, x->mem);
    x->lost_manifest = true;
    pc_manifest_release(&x->now);
    int rc = pc_dir_list(&f.names, &f.n_names, x->dir, &x->arena, err);
    if (!rc)
        rc = read_raw(&f, err);
    bool list = !rc && take_list(&f, err, &rc);
    if (!rc && !list) {
        pc_manifest_release(&x->now);
        x->lost_deletes = true;
        rc = take_all(&f, err);
    }
    if (!rc)
        take_others(&f);
    if (!rc && f.failed)
        rc = pi_salvage_pass_on(f.failed, &f.why, err);
    if (!rc)
        rc = analyse(&f, err);
    if (!rc)
        rc = tell(&f, list, err);
    pc_buf_release(&f.raw);
    return rc;
}
