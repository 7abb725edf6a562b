/*
 * The id of an index: a hash of what a commit holds, without the numbers of
 * its files and of the commit.
 */
#include <parasol/indexer.h>

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/base/sha256.h"
#include "common/format/manifest.h"
#include "common/format/name.h"
#include "common/format/sealed.h"

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

static int put_file(pc_sha256 *h, const char *dir, enum pc_name name,
                    uint64_t number, uint32_t kind, parasol_error *err)
{
    pc_buf path;
    pc_sealed *f = NULL;
    pc_buf_init(&path, NULL);
    const char *z = pc_name_path(&path, dir, name, number, "", err);
    int rc = z ? pc_sealed_open(&f, z, kind, NULL, err) : PARASOL_NOMEM;
    put_u64(h, kind);
    for (uint32_t id = 1; !rc && id <= UINT8_MAX; id++)
        rc = put_section(h, f, id, err);
    put_u64(h, 0);
    pc_sealed_close(f);
    pc_buf_release(&path);
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

int parasol_index_id(const char *path, char out[PARASOL_ID_ROOM],
                     parasol_error *err)
{
    pc_manifest m;
    pc_sha256 h;
    uint8_t sum[PC_SHA256_BYTES];
    if (!path || !*path)
        return pc_fail(err, PARASOL_ARG, "no index directory was named");
    int rc = pc_manifest_newest(path, &m, NULL, err);
    pc_sha256_init(&h);
    put_u64(&h, rc ? 0 : m.format_version);
    put_u64(&h, m.analyzer_spec.len);
    pc_sha256_put(&h, m.analyzer_spec.ptr, m.analyzer_spec.len);
    put_u64(&h, m.fingerprint);
    for (size_t i = 0; !rc && i < m.n_segments; i++) {
        const pc_manifest_segment *s = &m.segments[i];
        rc = put_file(&h, path, PC_NAME_SEGMENT, s->number, PC_KIND_SEGMENT,
                      err);
        if (!rc && s->live_number)
            rc = put_file(&h, path, PC_NAME_LIVE, s->live_number, PC_KIND_LIVE,
                          err);
    }
    if (!rc && m.skips_number)
        rc = put_file(&h, path, PC_NAME_SKIPS, m.skips_number, PC_KIND_SKIPS,
                      err);
    pc_sha256_end(&h, sum);
    put_hex(out, sum);
    pc_manifest_release(&m);
    return rc;
}
