/*
 * Positions of one posting block <-> bytes.
 */
#include "common/codec/posblock.h"

#include <string.h>

#include "common/base/ints.h"
#include "common/codec/bitpack.h"
#include "common/codec/docblock.h"

static uint32_t group_count(uint32_t n)
{
    return n / PC_BLOCK + (n % PC_BLOCK != 0);
}

static uint32_t group_len(uint32_t n, uint32_t group)
{
    uint32_t left = n - group * PC_BLOCK;
    return left < PC_BLOCK ? left : PC_BLOCK;
}

static void put_packed(pc_buf *out, const uint32_t *v, uint32_t n,
                       unsigned width)
{
    size_t bytes = pc_bitpack_bytes(n, width);
    uint8_t *p = pc_buf_reserve(out, bytes);
    if (!p)
        return;
    pc_bitpack_put(p, v, n, width);
    out->len += bytes;
}

static void put_variants(pc_buf *out, const uint16_t *variants, uint32_t n,
                         unsigned width)
{
    uint32_t wide[PC_BLOCK];
    /* 128 values of any width fill whole bytes, so groups join seamlessly. */
    for (uint32_t at = 0; at < n; at += PC_BLOCK) {
        uint32_t len = n - at < PC_BLOCK ? n - at : PC_BLOCK;
        for (uint32_t i = 0; i < len; i++)
            wide[i] = variants[at + i];
        put_packed(out, wide, len, width);
    }
}

void pc_posblock_put(pc_buf *out, const uint32_t *gaps,
                     const uint16_t *variants, uint32_t n)
{
    uint32_t groups = group_count(n);
    for (uint32_t g = 0; g < groups; g++) {
        uint32_t all = 0;
        for (uint32_t i = 0; i < group_len(n, g); i++)
            all |= gaps[g * PC_BLOCK + i];
        pc_buf_put_u8(out, (uint8_t)pc_bits32(all));
    }
    uint32_t any = 0;
    for (uint32_t i = 0; variants && i < n; i++)
        any |= variants[i];
    uint8_t variant_bits = (uint8_t)pc_bits32(any);
    pc_buf_put_u8(out, variant_bits);
    size_t widths_at = out->len - 1 - groups;
    for (uint32_t g = 0; g < groups && !out->status; g++)
        put_packed(out, gaps + g * PC_BLOCK, group_len(n, g),
                   out->ptr[widths_at + g]);
    if (variant_bits)
        put_variants(out, variants, n, variant_bits);
}

int pc_posblock_open(pc_posblock *p, const uint8_t *in, size_t len, uint32_t n,
                     size_t *used)
{
    uint32_t groups = group_count(n);
    if (len < (size_t)groups + 1)
        return PARASOL_CORRUPT;
    size_t need = (size_t)groups + 1;
    for (uint32_t g = 0; g < groups; g++) {
        if (in[g] > 32)
            return PARASOL_CORRUPT;
        need += pc_bitpack_bytes(group_len(n, g), in[g]);
    }
    uint8_t variant_bits = in[groups];
    if (variant_bits > 16)
        return PARASOL_CORRUPT;
    p->widths = in;
    p->gaps = in + groups + 1;
    p->variants = in + need;
    p->n = n;
    p->variant_bits = variant_bits;
    p->group = 0;
    p->group_at = p->gaps;
    need += pc_bitpack_bytes(n, variant_bits);
    if (need > len)
        return PARASOL_CORRUPT;
    *used = need;
    return PARASOL_OK;
}

static void seek_group(pc_posblock *p, uint32_t group)
{
    if (group < p->group) {
        p->group = 0;
        p->group_at = p->gaps;
    }
    for (; p->group < group; p->group++)
        p->group_at += pc_bitpack_bytes(PC_BLOCK, p->widths[p->group]);
}

void pc_posblock_gaps(pc_posblock *p, uint32_t from, uint32_t n, uint32_t *out)
{
    PC_ASSERT(from <= p->n && n <= p->n - from);
    uint32_t done = 0;
    while (done < n) {
        uint32_t at = from + done;
        seek_group(p, at / PC_BLOCK);
        uint32_t in_group = at % PC_BLOCK;
        uint32_t end = group_len(p->n, p->group);
        unsigned width = p->widths[p->group];
        for (; in_group < end && done < n; in_group++, done++)
            out[done] = pc_bitpack_at(p->group_at, in_group, width);
    }
}

uint32_t pc_posblock_variant(const pc_posblock *p, uint32_t i)
{
    return p->variant_bits == 0
               ? 0
               : pc_bitpack_at(p->variants, i, p->variant_bits);
}
