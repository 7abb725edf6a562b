/*
 * The id of an index: a hash of what a commit holds, without the numbers of
 * its files and of the commit.
 */
#include <parasol/indexer.h>

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/base/sha256.h"
#include "common/format/home.h"

/* Bytes that are verified and hashed together. */
#define STEP ((uint64_t)1 << 20)

static void put_u64(pc_sha256 *h, uint64_t v)
{
    uint8_t raw[8];
    pc_store64le(raw, v);
    pc_sha256_put(h, raw, sizeof raw);
}

static int put_section(pc_sha256 *h, pc_sealed *f, uint32_t id,
                       parasol_error *err)
{
    pc_section s;
    if (!pc_sealed_has(f, id, &s))
        return PARASOL_OK;
    put_u64(h, id);
    put_u64(h, s.len);
    for (uint64_t at = 0; at < s.len; at += STEP) {
        size_t n = (size_t)(s.len - at < STEP ? s.len - at : STEP);
        int rc = pc_sealed_need(f, s.ptr + at, n, err);
        if (rc)
            return rc;
        pc_sha256_put(h, s.ptr + at, n);
    }
    return PARASOL_OK;
}

static int put_file(pc_sha256 *h, pc_home *home, const pc_commit_file *file,
                    parasol_error *err)
{
    pc_sealed *f = NULL;
    int rc = pc_home_commit_file(home, &f, file, err);
    put_u64(h, pc_commit_file_kind(file->kind));
    for (uint32_t id = 1; !rc && id <= UINT8_MAX; id++)
        rc = put_section(h, f, id, err);
    put_u64(h, 0);
    pc_sealed_close(f);
    return rc;
}

/* In the order of the segments, which is that of the documents. */
static int put_files(pc_sha256 *h, pc_home *home, const pc_manifest *m,
                     parasol_error *err)
{
    int rc = PARASOL_OK;
    for (size_t i = 0; !rc && i < m->n_segments; i++) {
        const pc_manifest_segment *s = &m->segments[i];
        pc_commit_file file = {PC_NAME_SEGMENT, s->number, s->file_bytes,
                               s->trailer_crc};
        pc_commit_file live = {PC_NAME_LIVE, s->live_number, s->live_bytes,
                               s->live_crc};
        rc = put_file(h, home, &file, err);
        if (!rc && s->live_number)
            rc = put_file(h, home, &live, err);
    }
    pc_commit_file skips = {PC_NAME_SKIPS, m->skips_number, m->skips_bytes,
                            m->skips_crc};
    if (!rc && m->skips_number)
        rc = put_file(h, home, &skips, err);
    return rc;
}

static void put_hex(char out[PARASOL_ID_ROOM], const uint8_t *bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < PC_SHA256_BYTES; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * (size_t)PC_SHA256_BYTES] = 0;
}

/* Hashes what is the newest commit now; *commit is its number, 0 if that could
   not be read. */
static int hash_newest(const char *path, uint8_t sum[PC_SHA256_BYTES],
                       uint64_t *commit, parasol_error *err)
{
    pc_manifest m;
    pc_sha256 h;
    pc_home home;
    pc_manifest_init(&m, NULL);
    int rc = pc_home_open(&home, path, NULL, err);
    if (!rc)
        rc = pc_home_manifest(&home, &m, err);
    *commit = rc ? 0 : m.commit;
    pc_sha256_init(&h);
    put_u64(&h, rc ? 0 : m.format_version);
    put_u64(&h, m.analyzer_spec.len);
    pc_sha256_put(&h, m.analyzer_spec.ptr, m.analyzer_spec.len);
    put_u64(&h, m.fingerprint);
    if (!rc)
        rc = put_files(&h, &home, &m, err);
    pc_sha256_end(&h, sum);
    pc_manifest_release(&m);
    pc_home_close(&home);
    return rc;
}

int parasol_index_id(const char *path, char out[PARASOL_ID_ROOM],
                     parasol_error *err)
{
    uint8_t sum[PC_SHA256_BYTES];
    uint64_t commit = 0;
    uint64_t before;
    int rc;
    if (!path || !*path)
        return pc_fail(err, PARASOL_ARG, "no index was named");
    /* A writer may remove files of a commit that it has replaced. */
    do {
        before = commit;
        rc = hash_newest(path, sum, &commit, err);
    } while (rc == PARASOL_NOTFOUND && commit > before);
    put_hex(out, sum);
    if (rc == PARASOL_NOTFOUND && commit > 0) {
        rc = PARASOL_CORRUPT; /* a file of the newest commit is lost */
        if (err)
            err->code = rc; /* the sentence names the file */
    }
    return rc;
}
