/*
 * Manifests: bytes to struct and back, and finding the newest.
 */
#include "common/format/manifest.h"

#include <errno.h>

#include <parasol/version.h>

#include "common/base/crc.h"
#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/format/layout.h"
#include "common/format/name.h"
#include "common/os/file.h"

/* Listings that may miss a commit before we believe that there is none. */
#define LIST_TRIES 16

void pc_manifest_init(pc_manifest *m, const pc_mem *mem)
{
    *m = (pc_manifest){.mem = mem, .next_segment = 1, .analyzer_spec = {"", 0}};
}

void pc_manifest_release(pc_manifest *m)
{
    const pc_mem *mem = m->mem;
    if (m->analyzer_spec.len > 0)
        pc_free(mem, (void *)(uintptr_t)m->analyzer_spec.ptr);
    pc_free(mem, m->segments);
    pc_manifest_init(m, mem);
}

int pc_manifest_set_spec(pc_manifest *m, pc_str spec, parasol_error *err)
{
    char *copy = NULL;
    if (spec.len > PC_SPEC_MAX)
        return pc_fail(err, PARASOL_FULL,
                       "the description of the analyzer is longer than %u "
                       "bytes",
                       PC_SPEC_MAX);
    if (spec.len > 0) {
        copy = pc_alloc(m->mem, spec.len + 1, 1);
        if (!copy)
            return pc_fail_nomem(err);
        memcpy(copy, spec.ptr, spec.len);
        copy[spec.len] = 0;
    }
    if (m->analyzer_spec.len > 0)
        pc_free(m->mem, (void *)(uintptr_t)m->analyzer_spec.ptr);
    m->analyzer_spec = (pc_str){copy ? copy : "", spec.len};
    return PARASOL_OK;
}

int pc_manifest_add(pc_manifest *m, const pc_manifest_segment *segment,
                    parasol_error *err)
{
    void *grown = m->segments;
    if (m->n_segments >= PC_SEGMENTS_MAX)
        return pc_fail(err, PARASOL_FULL, "an index has at most %u segments",
                       PC_SEGMENTS_MAX);
    if (pc_grow(m->mem, &grown, &m->cap_segments, m->n_segments + 1,
                sizeof *m->segments))
        return pc_fail_nomem(err);
    m->segments = grown;
    m->segments[m->n_segments++] = *segment;
    return PARASOL_OK;
}

uint64_t pc_manifest_docs(const pc_manifest *m)
{
    uint64_t docs = 0;
    for (size_t i = 0; i < m->n_segments; i++)
        docs += m->segments[i].docs;
    return docs;
}

uint64_t pc_manifest_dead(const pc_manifest *m)
{
    uint64_t dead = 0;
    for (size_t i = 0; i < m->n_segments; i++)
        dead += m->segments[i].dead;
    return dead;
}

uint64_t pc_manifest_bytes(const pc_manifest *m)
{
    uint64_t bytes = m->skips_bytes + m->files_bytes;
    for (size_t i = 0; i < m->n_segments; i++)
        bytes += m->segments[i].file_bytes + m->segments[i].live_bytes;
    return bytes;
}

static void put_segment(const pc_manifest_segment *s, pc_buf *out)
{
    pc_buf_put_u64(out, s->number);
    pc_buf_put_u64(out, s->file_bytes);
    pc_buf_put_u32(out, s->trailer_crc);
    pc_buf_put_u32(out, s->docs);
    pc_buf_put_u64(out, s->live_number);
    pc_buf_put_u64(out, s->live_bytes);
    pc_buf_put_u32(out, s->live_crc);
    pc_buf_put_u32(out, s->dead);
}

void pc_manifest_put(const pc_manifest *m, pc_buf *out)
{
    size_t start = out->len;
    uint64_t length = PC_MANIFEST_HEAD + m->analyzer_spec.len + 4 +
                      (uint64_t)m->n_segments * PC_MANIFEST_ENTRY;
    pc_buf_put(out, PC_MAGIC_MANIFEST, PC_MAGIC_LEN);
    pc_buf_put_u32(out, PARASOL_FORMAT_VERSION);
    pc_buf_put_u32(out, m->flags);
    pc_buf_put_u64(out, length);
    pc_buf_put_u64(out, m->commit);
    pc_buf_put_u64(out, m->next_segment);
    pc_buf_put_u64(out, m->fingerprint);
    pc_buf_put_u64(out, m->files_seen);
    for (size_t i = 0; i < PC_MANIFEST_SKIPS; i++)
        pc_buf_put_u64(out, m->skipped[i]);
    pc_buf_put_u64(out, m->skips_number);
    pc_buf_put_u64(out, m->skips_bytes);
    pc_buf_put_u64(out, m->files_number);
    pc_buf_put_u64(out, m->files_bytes);
    pc_buf_put_u32(out, m->skips_crc);
    pc_buf_put_u32(out, m->files_crc);
    pc_buf_put_u32(out, (uint32_t)m->analyzer_spec.len);
    pc_buf_put_u32(out, (uint32_t)m->n_segments);
    for (size_t i = 0; i < m->n_segments; i++)
        put_segment(&m->segments[i], out);
    pc_buf_put_str(out, m->analyzer_spec);
    if (!out->status)
        pc_buf_put_u32(out, pc_crc32c(0, out->ptr + start, out->len - start));
}

/* ---- reading ----------------------------------------------------------- */

static int corrupt(const char *path, const char *what, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "%s is damaged: %s; make the index again", path, what);
}

/* What holds for every format version: magic, version, checksum at the end. */
static int check_frame(pc_manifest *m, pc_str b, const char *path,
                       parasol_error *err)
{
    const uint8_t *p = (const uint8_t *)b.ptr;
    if (b.len < PC_MANIFEST_AT_FLAGS + 4 ||
        memcmp(p, PC_MAGIC_MANIFEST, PC_MAGIC_LEN) != 0)
        return corrupt(path, "it does not begin as a manifest", err);
    if (pc_load32le(p + b.len - 4) != pc_crc32c(0, p, b.len - 4))
        return corrupt(path, "it has a wrong checksum", err);
    uint32_t version = pc_load32le(p + PC_MANIFEST_AT_VERSION);
    m->format_version = version;
    if (version > PARASOL_FORMAT_VERSION)
        return pc_fail(err, PARASOL_VERSION,
                       "%s has format version %u, newer than %d, the newest "
                       "that this program reads; use a newer parasol, or "
                       "index again with this one into another directory",
                       path, version, PARASOL_FORMAT_VERSION);
    if (version < PARASOL_FORMAT_VERSION_MIN)
        return pc_fail(err, PARASOL_VERSION,
                       "%s has format version %u, older than %d, the oldest "
                       "that this program reads; index again",
                       path, version, PARASOL_FORMAT_VERSION_MIN);
    return PARASOL_OK;
}

/* A file that a commit need not have: nothing is said of none. */
static bool is_sound(uint64_t number, uint64_t bytes, uint32_t crc,
                     const pc_manifest *m)
{
    return number == 0 ? bytes == 0 && crc == 0
                       : number < m->next_segment && bytes <= PC_SEALED_MAX;
}

/* Files of every kind share one sequence of numbers. */
static bool is_taken(const pc_manifest *m, uint64_t number)
{
    if (number == 0)
        return false;
    if (number == m->skips_number || number == m->files_number)
        return true;
    for (size_t i = 0; i < m->n_segments; i++) {
        if (m->segments[i].number == number ||
            m->segments[i].live_number == number)
            return true;
    }
    return false;
}

static bool segment_is_sound(const pc_manifest *m, const pc_manifest_segment *s)
{
    if (s->number == 0 || s->number >= m->next_segment ||
        s->file_bytes > PC_SEALED_MAX || s->docs > PC_DOCS_MAX)
        return false;
    if (!is_sound(s->live_number, s->live_bytes, s->live_crc, m) ||
        s->dead > s->docs || (s->dead > 0) != (s->live_number > 0))
        return false;
    return s->number != s->live_number && !is_taken(m, s->number) &&
           !is_taken(m, s->live_number);
}

static int parse_segments(pc_manifest *m, const uint8_t *p, uint32_t n,
                          const char *path, parasol_error *err)
{
    for (uint32_t i = 0; i < n; i++, p += PC_MANIFEST_ENTRY) {
        pc_manifest_segment s = {pc_load64le(p),      pc_load64le(p + 8),
                                 pc_load32le(p + 16), pc_load32le(p + 20),
                                 pc_load64le(p + 24), pc_load64le(p + 32),
                                 pc_load32le(p + 40), pc_load32le(p + 44)};
        if (!segment_is_sound(m, &s))
            return corrupt(path, "its list of segments is not valid", err);
        int rc = pc_manifest_add(m, &s, err);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

static void parse_numbers(pc_manifest *m, const uint8_t *p)
{
    m->flags = pc_load32le(p + PC_MANIFEST_AT_FLAGS);
    m->commit = pc_load64le(p + PC_MANIFEST_AT_COMMIT);
    m->next_segment = pc_load64le(p + PC_MANIFEST_AT_NEXT_SEGMENT);
    m->fingerprint = pc_load64le(p + PC_MANIFEST_AT_FINGERPRINT);
    m->files_seen = pc_load64le(p + PC_MANIFEST_AT_FILES_SEEN);
    for (size_t i = 0; i < PC_MANIFEST_SKIPS; i++)
        m->skipped[i] = pc_load64le(p + PC_MANIFEST_AT_SKIPPED + 8 * i);
    m->skips_number = pc_load64le(p + PC_MANIFEST_AT_SKIPS_NUMBER);
    m->skips_bytes = pc_load64le(p + PC_MANIFEST_AT_SKIPS_BYTES);
    m->skips_crc = pc_load32le(p + PC_MANIFEST_AT_SKIPS_CRC);
    m->files_number = pc_load64le(p + PC_MANIFEST_AT_FILES_NUMBER);
    m->files_bytes = pc_load64le(p + PC_MANIFEST_AT_FILES_BYTES);
    m->files_crc = pc_load32le(p + PC_MANIFEST_AT_FILES_CRC);
}

static bool numbers_are_sound(const pc_manifest *m)
{
    if (m->commit == 0 || m->next_segment == 0 ||
        !is_sound(m->skips_number, m->skips_bytes, m->skips_crc, m) ||
        !is_sound(m->files_number, m->files_bytes, m->files_crc, m))
        return false;
    return m->files_number == 0 || m->files_number != m->skips_number;
}

int pc_manifest_parse(pc_manifest *m, pc_str bytes, const char *path,
                      const pc_mem *mem, parasol_error *err)
{
    const uint8_t *p = (const uint8_t *)bytes.ptr;
    pc_manifest_init(m, mem);
    int rc = check_frame(m, bytes, path, err);
    if (rc)
        return rc;
    if (bytes.len < PC_MANIFEST_HEAD + 4)
        return corrupt(path, "it is too short", err);
    uint32_t spec_len = pc_load32le(p + PC_MANIFEST_AT_SPEC_LEN);
    uint32_t n = pc_load32le(p + PC_MANIFEST_AT_SEGMENTS);
    if (spec_len > PC_SPEC_MAX || n > PC_SEGMENTS_MAX ||
        pc_load64le(p + PC_MANIFEST_AT_LENGTH) != bytes.len ||
        PC_MANIFEST_HEAD + (uint64_t)n * PC_MANIFEST_ENTRY + spec_len + 4 !=
            bytes.len ||
        (pc_load32le(p + PC_MANIFEST_AT_FLAGS) & ~PC_MANIFEST_RELAXED) != 0)
        return corrupt(path, "its lengths do not add up", err);
    parse_numbers(m, p);
    if (!numbers_are_sound(m))
        return corrupt(path, "its numbers contradict each other", err);
    rc = parse_segments(m, p + PC_MANIFEST_HEAD, n, path, err);
    if (rc)
        return rc;
    pc_str spec = {bytes.ptr + PC_MANIFEST_HEAD + (size_t)n * PC_MANIFEST_ENTRY,
                   spec_len};
    return pc_manifest_set_spec(m, spec, err);
}

/* ---- the newest -------------------------------------------------------- */

/* The highest commit number in the directory, 0 for none; *ours is true when
   there is any file of an index. */
static int find_newest(const char *dir, uint64_t *commit, bool *ours,
                       const pc_mem *mem, parasol_error *err)
{
    pc_arena arena;
    pc_str *names = NULL;
    size_t n = 0;
    *commit = 0;
    *ours = false;
    pc_arena_init(&arena, mem, 0);
    int rc = pc_dir_list(&names, &n, dir, &arena, err);
    for (size_t i = 0; !rc && i < n; i++) {
        uint64_t number = 0;
        enum pc_name kind = pc_name_parse(names[i], &number);
        *ours = *ours || kind != PC_NAME_FOREIGN;
        if (kind == PC_NAME_MANIFEST && number > *commit)
            *commit = number;
    }
    pc_arena_release(&arena);
    return rc;
}

static int read_manifest(const char *dir, uint64_t commit, pc_manifest *m,
                         const pc_mem *mem, parasol_error *err)
{
    pc_buf path;
    pc_buf bytes;
    int rc = PARASOL_NOMEM;
    pc_buf_init(&path, mem);
    pc_buf_init(&bytes, mem);
    const char *name =
        pc_name_path(&path, dir, PC_NAME_MANIFEST, commit, "", err);
    if (!name)
        goto out;
    rc = pc_file_read(&bytes, name, PC_MANIFEST_MAX, err);
    if (rc == PARASOL_FULL)
        rc = corrupt(name, "it is too large", err);
    if (rc)
        goto out;
    rc = pc_manifest_parse(m, pc_buf_str(&bytes), name, mem, err);
    if (!rc && m->commit != commit)
        rc = corrupt(name, "it belongs to another commit", err);
out:
    pc_buf_release(&path);
    pc_buf_release(&bytes);
    return rc;
}

int pc_manifest_newest(const char *dir, pc_manifest *m, const pc_mem *mem,
                       parasol_error *err)
{
    parasol_error why = {0};
    uint64_t commit = 0;
    bool ours = true;
    int rc = PARASOL_NOTFOUND;
    pc_manifest_init(m, mem);
    /* A writer may publish a commit and remove the one before while we look:
       the listing can then miss both, and a name from it can be gone. */
    for (int i = 0; i < LIST_TRIES && rc == PARASOL_NOTFOUND && ours; i++) {
        why.os_errno = 0;
        rc = find_newest(dir, &commit, &ours, mem, &why);
        if (!rc)
            rc = commit ? read_manifest(dir, commit, m, mem, &why)
                        : PARASOL_NOTFOUND;
        else if (why.os_errno != ESTALE)
            break;
        else
            ours = true;
    }
    if (rc == PARASOL_NOTFOUND && why.os_errno != ESTALE)
        return pc_fail(err, rc, "there is no index in %s", dir);
    if (rc && err)
        *err = why;
    if (rc == PARASOL_NOTFOUND && err) /* a file system that stays stale */
        err->code = PARASOL_IO;
    return rc == PARASOL_NOTFOUND ? PARASOL_IO : rc;
}
