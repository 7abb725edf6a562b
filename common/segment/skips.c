/*
 * Reading files of skips.
 */
#include "common/segment/skips.h"

#include <parasol/indexer.h>

#include "common/base/fail.h"
#include "common/codec/varint.h"
#include "common/format/name.h"

#define HEAD 8u

static int corrupt(const pc_skips *s, const char *what, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT, "%s is damaged: %s",
                   pc_sealed_path(s->file), what);
}

static int open_records(pc_skips *s, parasol_error *err)
{
    pc_section section;
    int rc = pc_sealed_section(s->file, PC_SECTION_SKIPS, &section, err);
    if (!rc)
        rc = pc_sealed_need(s->file, section.ptr, (size_t)section.len, err);
    if (rc)
        return rc;
    if (section.len < HEAD)
        return corrupt(s, "it is too short", err);
    s->left = pc_load64le(section.ptr);
    s->at = section.ptr + HEAD;
    s->end = section.ptr + section.len;
    return PARASOL_OK;
}

static int open_file(pc_skips *s, const char *path, const pc_manifest *m,
                     const pc_mem *mem, parasol_error *err)
{
    int rc = pc_sealed_open(&s->file, path, PC_KIND_SKIPS, mem, err);
    if (rc)
        return rc;
    if (pc_sealed_bytes(s->file) != m->skips_bytes ||
        pc_sealed_trailer_crc(s->file) != m->skips_crc ||
        pc_sealed_number(s->file) != m->skips_number)
        return corrupt(s, "it is not the file that the manifest means", err);
    return open_records(s, err);
}

int pc_skips_take(pc_skips *out, pc_sealed *file, parasol_error *err)
{
    *out = (pc_skips){.file = file};
    return open_records(out, err);
}

int pc_skips_open(pc_skips *out, const char *dir, const pc_manifest *m,
                  const pc_mem *mem, parasol_error *err)
{
    pc_buf path;
    *out = (pc_skips){0};
    if (m->skips_number == 0)
        return PARASOL_OK;
    pc_buf_init(&path, mem);
    const char *name =
        pc_name_path(&path, dir, PC_NAME_SKIPS, m->skips_number, "", err);
    int rc = name ? open_file(out, name, m, mem, err) : PARASOL_NOMEM;
    pc_buf_release(&path);
    return rc;
}

void pc_skips_close(pc_skips *s)
{
    pc_sealed_close(s->file);
    *s = (pc_skips){0};
}

static const uint8_t *take_str(const uint8_t *p, const uint8_t *end,
                               pc_str *out)
{
    uint32_t len;
    p = pc_varint_get32(p, end, &len);
    if (!p || len > (size_t)(end - p))
        return NULL;
    *out = (pc_str){(const char *)p, len};
    return p + len;
}

int pc_skips_next(pc_skips *s, pc_skip *skip, bool *more, parasol_error *err)
{
    *more = s->left > 0;
    if (!*more)
        return s->at == s->end ? PARASOL_OK
                               : corrupt(s, "bytes follow its records", err);
    const uint8_t *p = s->at < s->end ? s->at + 1 : NULL;
    if (p) {
        skip->reason = *s->at;
        p = pc_varint_get64(p, s->end, &skip->bytes);
    }
    if (p)
        p = take_str(p, s->end, &skip->path);
    if (p)
        p = take_str(p, s->end, &skip->detail);
    if (!p || skip->reason == 0 || skip->reason >= PARASOL_SKIP_COUNT)
        return corrupt(s, "a record is not valid", err);
    s->at = p;
    s->left--;
    return PARASOL_OK;
}
