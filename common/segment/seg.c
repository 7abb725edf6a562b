/*
 * Opening a segment.
 */
#include "common/segment/seg.h"

#include "common/base/fail.h"
#include "common/codec/damp.h"

#define META_HEAD (8u + 8 * PC_FIELD_COUNT) /* before the languages */

static int damaged(const pc_seg *s, const char *what, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT, "%s: %s", pc_sealed_path(s->file),
                   what);
}

static int read_meta(pc_seg *s, parasol_error *err)
{
    pc_section meta;
    int rc = pc_sealed_section(s->file, PC_SECTION_META, &meta, err);
    if (rc)
        return rc;
    if (meta.len < META_HEAD)
        return damaged(s, "the segment's counts have the wrong size", err);
    rc = pc_sealed_need(s->file, meta.ptr, (size_t)meta.len, err);
    if (rc)
        return rc;
    s->docs = pc_load32le(meta.ptr);
    if (pc_load32le(meta.ptr + 4) != PC_FIELD_COUNT || s->docs > INT32_MAX)
        return damaged(s, "the segment's counts are impossible", err);
    for (unsigned i = 0; i < PC_FIELD_COUNT; i++)
        s->lengths[i] = pc_load64le(meta.ptr + 8 + 8 * (size_t)i);
    if (!pc_seg_languages_read(&s->languages, meta.ptr + META_HEAD,
                               meta.len - META_HEAD, s->file, s->docs))
        return damaged(s, "the segment's languages are impossible", err);
    pc_damp_table(s->damp, PC_DAMP_K1, PC_DAMP_B, s->docs,
                  s->lengths[PC_FIELD_TEXT]);
    return PARASOL_OK;
}

static int open_ranks(pc_seg *s, parasol_error *err)
{
    pc_section order;
    if (!pc_sealed_has(s->file, PC_SECTION_ORDER, &order))
        return PARASOL_OK;
    unsigned width = pc_bits32(s->docs > 0 ? s->docs - 1 : 0);
    if (width == 0 || order.len != pc_bitpack_bytes(s->docs, width))
        return damaged(s, "the order of documents has the wrong size", err);
    s->ranks = (pc_ranks){order.ptr, width};
    return PARASOL_OK;
}

/* A field that no document has a token in has no norms, but for the first. */
static bool has_title_norms(const pc_seg *s)
{
    return s->lengths[PC_FIELD_TITLE] > 0;
}

static int open_parts(pc_seg *s, parasol_error *err)
{
    int rc = read_meta(s, err);
    if (!rc)
        rc = pc_dict_open(&s->dict, s->file, err);
    if (!rc)
        rc = pc_lists_open(&s->lists, s->file, s->docs, err);
    if (!rc)
        rc = pc_sealed_section(s->file, PC_SECTION_NORMS, &s->norms, err);
    uint64_t fields = 1u + has_title_norms(s);
    if (!rc && s->norms.len != s->docs * fields)
        rc = damaged(s, "the norms have the wrong size", err);
    if (!rc)
        rc = pc_columns_open(&s->columns, s->file, s->docs, err);
    if (!rc) {
        s->lists.norms[PC_FIELD_TEXT] = s->norms.ptr;
        if (has_title_norms(s))
            s->lists.norms[PC_FIELD_TITLE] = s->norms.ptr + s->docs;
    }
    if (!rc)
        rc = open_ranks(s, err);
    return rc;
}

int pc_seg_take(pc_seg **out, pc_sealed *file, const pc_mem *mem,
                parasol_error *err)
{
    pc_seg *s = pc_zalloc(mem, 1, sizeof *s);
    if (!s) {
        pc_sealed_close(file);
        return pc_fail_nomem(err);
    }
    s->mem = mem;
    atomic_init(&s->refs, 1);
    s->file = file;
    int rc = open_parts(s, err);
    if (!rc)
        rc = pc_store_open(&s->store, s->file, s->docs, mem, err);
    if (rc)
        pc_seg_close(s);
    else
        *out = s;
    return rc;
}

pc_seg *pc_seg_keep(pc_seg *s)
{
    (void)atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
    return s;
}

int pc_seg_open(pc_seg **out, const char *path, const pc_mem *mem,
                parasol_error *err)
{
    pc_sealed *file = NULL;
    int rc = pc_sealed_open(&file, path, PC_KIND_SEGMENT, mem, err);
    return rc ? rc : pc_seg_take(out, file, mem, err);
}

void pc_seg_close(pc_seg *s)
{
    if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) > 1)
        return;
    pc_sealed_close(s->file);
    pc_free(s->mem, s);
}

int pc_seg_norms(const pc_seg *s, uint8_t field, const uint8_t **out,
                 parasol_error *err)
{
    *out = NULL;
    if (field == PC_FIELD_TITLE && !has_title_norms(s))
        return PARASOL_OK;
    *out = s->norms.ptr + (uint64_t)field * s->docs;
    return pc_sealed_need(s->file, *out, s->docs, err);
}

int pc_seg_ranks(const pc_seg *s, parasol_error *err)
{
    return pc_sealed_need(s->file, s->ranks.packed,
                          pc_bitpack_bytes(s->docs, s->ranks.width), err);
}

int pc_seg_by_rank(const pc_seg *s, uint32_t *out, parasol_error *err)
{
    int rc = pc_seg_ranks(s, err);
    if (rc)
        return rc;
    memset(out, 0xff, s->docs * sizeof *out);
    for (uint32_t doc = 0; doc < s->docs; doc++) {
        uint32_t rank = pc_seg_rank(s, doc);
        if (rank >= s->docs)
            return damaged(s, "the order of documents is impossible", err);
        uint32_t *to = &out[rank];
        if (*to != UINT32_MAX)
            return damaged(s, "two documents have one place in the order", err);
        *to = doc;
    }
    return PARASOL_OK;
}
