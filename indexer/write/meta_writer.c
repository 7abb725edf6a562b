/*
 * Writing META and LANGUAGES.
 */
#include "indexer/write/meta_writer.h"

#include "common/base/fail.h"
#include "common/format/magic.h"

static pc_str cut(pc_str code)
{
    return (pc_str){code.ptr,
                    code.len < PC_LANGUAGE_CODE ? code.len : PC_LANGUAGE_CODE};
}

uint32_t pi_languages_find(const pi_languages *l, pc_str code)
{
    uint32_t i = 0;
    code = cut(code);
    while (i < l->n && !pc_str_eq(pc_str_of(l->v[i].code), code))
        i++;
    return i;
}

void pi_languages_add(pi_languages *l, pc_str code, uint32_t docs)
{
    uint32_t i = pi_languages_find(l, code);
    code = cut(code);
    if (i == l->n) {
        PC_ASSERT(l->n < PC_LANGUAGES_MAX);
        for (; i > 0 && pc_str_cmp(pc_str_of(l->v[i - 1].code), code) > 0; i--)
            l->v[i] = l->v[i - 1];
        l->v[i] = (pc_seg_language){.docs = 0};
        memcpy(l->v[i].code, code.ptr, code.len);
        l->n++;
    }
    l->v[i].docs += docs;
}

void pi_meta_put(pi_out *o, uint32_t docs,
                 const uint64_t lengths[PC_FIELD_COUNT], const pi_languages *l)
{
    pi_out_begin(o, PC_SECTION_META);
    pi_out_put_u32(o, docs);
    pi_out_put_u32(o, PC_FIELD_COUNT);
    for (unsigned i = 0; i < PC_FIELD_COUNT; i++)
        pi_out_put_u64(o, lengths[i]);
    pi_out_put_u32(o, l->n);
    pi_out_put_u32(o, 0);
    for (uint32_t i = 0; i < l->n; i++) {
        pi_out_put(o, l->v[i].code, PC_LANGUAGE_CODE);
        pi_out_put_u32(o, l->v[i].docs);
    }
}

int pi_languages_put(pi_out *o, const pi_languages *l, const uint32_t *by_doc,
                     uint32_t docs, const pc_mem *mem, parasol_error *err)
{
    if (l->n < 2)
        return PARASOL_OK;
    unsigned width = pc_bits32(l->n - 1);
    size_t len = pc_bitpack_bytes(docs, width);
    uint8_t *packed = pc_alloc(mem, len + PC_PAD, 1);
    if (!packed)
        return pc_fail_nomem(err);
    pc_bitpack_put(packed, by_doc, docs, width);
    pi_out_begin(o, PC_SECTION_LANGUAGES);
    pi_out_put(o, packed, len);
    pc_free(mem, packed);
    return PARASOL_OK;
}
