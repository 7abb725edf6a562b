/*
 * Places of stored documents, from packed lengths.
 */
#include "common/segment/doc_table.h"

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/base/simd.h"
#include "common/codec/bitpack.h"
#include "common/format/magic.h"

/* Bytes of an offset into the data, beside the two widths. */
#define DATA_OFF_BITS 48u

static int damaged(const pc_doc_table *t, const char *what, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "%s is damaged: %s; make the index again",
                   pc_sealed_path(t->file), what);
}

static uint64_t heads_len(const pc_doc_table *t)
{
    uint64_t groups = ((uint64_t)t->docs + PC_DOC_GROUP - 1) / PC_DOC_GROUP;
    return groups * PC_DOC_GROUP_HEAD;
}

int pc_doc_table_open(pc_doc_table *t, pc_sealed *file, uint32_t docs,
                      parasol_error *err)
{
    *t = (pc_doc_table){.file = file, .docs = docs};
    int rc = pc_sealed_section(file, PC_SECTION_DOC_TABLE, &t->section, err);
    if (rc)
        return rc;
    if (t->section.len < heads_len(t) || (docs == 0 && t->section.len != 0))
        return damaged(t, "the table of documents has a wrong length", err);
    return PARASOL_OK;
}

/* Value `at` of n packed ones, and the sum of those before it. */
static uint64_t sum_before(const uint8_t *in, uint32_t n, unsigned width,
                           uint32_t at, uint32_t *value)
{
    uint32_t v[PC_DOC_GROUP + PC_BITPACK_GROUP];
    uint64_t sum = 0;
    pc_bitpack_ops_at(pc_simd_level())->get(v, in, n, width);
    for (uint32_t i = 0; i < at; i++)
        sum += v[i];
    *value = v[at];
    return sum;
}

int pc_doc_table_get(const pc_doc_table *t, uint32_t doc, pc_doc_place *out,
                     parasol_error *err)
{
    uint32_t group = doc / PC_DOC_GROUP, at = doc % PC_DOC_GROUP;
    uint32_t n = t->docs - group * PC_DOC_GROUP;
    n = n < PC_DOC_GROUP ? n : PC_DOC_GROUP;
    const uint8_t *head = t->section.ptr + (uint64_t)group * PC_DOC_GROUP_HEAD;
    int rc = pc_sealed_need(t->file, head, PC_DOC_GROUP_HEAD, err);
    if (rc)
        return rc;
    uint64_t place = pc_load64le(head + 16);
    uint64_t off = place & ((UINT64_C(1) << DATA_OFF_BITS) - 1);
    unsigned fields_bits = head[22], text_bits = head[23];
    uint64_t room = t->section.len - heads_len(t);
    if (fields_bits > PC_BITPACK_MAX_WIDTH || text_bits > PC_BITPACK_MAX_WIDTH)
        return damaged(t, "a width in the table of documents", err);
    size_t fields_bytes = pc_bitpack_bytes(n, fields_bits);
    size_t bytes = fields_bytes + pc_bitpack_bytes(n, text_bits);
    if (off > room || bytes > room - off)
        return damaged(t, "lengths lie outside of the table of documents", err);
    const uint8_t *data = t->section.ptr + heads_len(t) + off;
    rc = pc_sealed_need(t->file, data, bytes, err);
    if (rc)
        return rc;
    out->fields_off = pc_load64le(head);
    out->text_off = pc_load64le(head + 8);
    /* So that sums of lengths cannot wrap around. */
    if (out->fields_off >> 62 || out->text_off >> 62)
        return damaged(t, "a document lies outside of its stream", err);
    out->fields_off += sum_before(data, n, fields_bits, at, &out->fields_len);
    out->text_off +=
        sum_before(data + fields_bytes, n, text_bits, at, &out->text_len);
    return PARASOL_OK;
}
