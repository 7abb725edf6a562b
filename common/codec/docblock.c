/*
 * One block of postings <-> bytes.
 */
#include "common/codec/docblock.h"

#include "common/base/ints.h"

static uint8_t widest(const uint32_t *v, uint32_t n)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < n; i++)
        all |= v[i];
    return (uint8_t)pc_bits32(all);
}

size_t pc_docblock_put(uint8_t *out, const uint32_t *ids, const uint32_t *tfs,
                       uint32_t n, uint32_t base, pc_docblock_widths *widths)
{
    uint32_t gaps[PC_BLOCK], freqs[PC_BLOCK];
    PC_ASSERT(n > 0 && n <= PC_BLOCK);
    for (uint32_t i = 0; i < n; i++) {
        gaps[i] = ids[i] - base - 1;
        base = ids[i];
        freqs[i] = tfs[i] - 1;
    }
    widths->doc_bits = widest(gaps, n);
    widths->tf_bits = widest(freqs, n);
    pc_bitpack_put(out, gaps, n, widths->doc_bits);
    size_t used = pc_bitpack_bytes(n, widths->doc_bits);
    pc_bitpack_put(out + used, freqs, n, widths->tf_bits);
    return used + pc_bitpack_bytes(n, widths->tf_bits);
}

void pc_docblock_freqs(uint32_t *out, const uint8_t *in, uint32_t n,
                       pc_docblock_widths w)
{
    const pc_bitpack_ops *ops = pc_bitpack_ops_get();
    ops->get(out, in + pc_bitpack_bytes(n, w.doc_bits), n, w.tf_bits);
    for (uint32_t i = 0; i < n; i++)
        out[i]++;
}
