/*
 * Reading the list of languages.
 */
#include "common/segment/seg_languages.h"

#include "common/format/magic.h"

static bool read_one(pc_seg_language *l, const uint8_t *p)
{
    memcpy(l->code, p, PC_LANGUAGE_CODE);
    l->code[PC_LANGUAGE_CODE] = '\0';
    l->docs = pc_load32le(p + PC_LANGUAGE_CODE);
    for (size_t i = strlen(l->code); i < PC_LANGUAGE_CODE; i++)
        if (p[i] != 0)
            return false;
    return l->code[0] != '\0';
}

bool pc_seg_languages_read(pc_seg_languages *l, const uint8_t *p, uint64_t len,
                           pc_sealed *file, uint32_t docs)
{
    uint64_t sum = 0;
    pc_section by_doc;
    if (len < 8 || pc_load32le(p + 4) != 0)
        return false;
    l->n = pc_load32le(p);
    if (l->n < 1 || l->n > PC_LANGUAGES_MAX ||
        len != 8 + (uint64_t)l->n * PC_META_LANGUAGE)
        return false;
    for (uint32_t i = 0; i < l->n; i++) {
        if (!read_one(&l->v[i], p + 8 + (size_t)i * PC_META_LANGUAGE))
            return false;
        if (i > 0 && strcmp(l->v[i - 1].code, l->v[i].code) >= 0)
            return false;
        sum += l->v[i].docs;
    }
    l->width = pc_bits32(l->n - 1);
    l->packed = NULL;
    if (sum != docs || l->n == 1)
        return sum == docs;
    if (!pc_sealed_has(file, PC_SECTION_LANGUAGES, &by_doc) ||
        by_doc.len != pc_bitpack_bytes(docs, l->width))
        return false;
    l->packed = by_doc.ptr;
    return true;
}

uint32_t pc_seg_languages_find(const pc_seg_languages *l, pc_str code)
{
    uint32_t i = 0;
    while (i < l->n && !pc_str_eq(pc_str_of(l->v[i].code), code))
        i++;
    return i;
}

int pc_seg_languages_need(const pc_seg_languages *l, pc_sealed *file,
                          uint32_t docs, parasol_error *err)
{
    return l->width ? pc_sealed_need(file, l->packed,
                                     pc_bitpack_bytes(docs, l->width), err)
                    : PARASOL_OK;
}
